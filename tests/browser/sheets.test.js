// A test sheet by keyboard alone: twenty-five items, timed; nothing typed is lost without a connection.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { axe, go, launch, open, overflow } from "./browser.js";
import { link, people, signedIn } from "./people.js";

let browser;
let state;
let sheet;
before(async () => {
  browser = await launch();
  state = await signedIn(browser, people.senior);
  const page = await open(browser, "/examination", { state });
  const engagement = await link(page, /^\/examination\/eng_[^/]*$/);
  await go(page, engagement);
  // The control of which a test is open, by its code.
  await page.getByRole("link", { name: /COM-08/ }).first().click();
  await page.waitForLoadState();
  const samples = await page.$$eval("main a[href*='/samples/']", (all) => all.map((a) => a.getAttribute("href")));
  for (const path of samples) {
    await go(page, path);
    if ((await page.locator("tr[data-row]").count()) === 25) sheet = path;
  }
  assert.ok(sheet, "there is a sheet of 25 items");
  await page.context().close();
});
after(() => browser?.close());

const marks = (page) => page.locator("[data-mark]");
const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("tickmark-sheet")).length);
const saved = (page) => page.waitForFunction(() => !Object.keys(localStorage).some((k) => k.startsWith("tickmark-sheet")));

it("enters 25 items by keyboard alone, timed, and every one of them is recorded", async () => {
  const page = await open(browser, sheet, { state });
  const cells = await marks(page).count();
  const columns = cells / 25;
  const begun = Date.now();
  await marks(page).first().focus();
  for (let row = 0; row < 25; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      // The last report was answered late, and its note says by how much.
      await page.keyboard.press(row === 24 && column === 1 ? "l" : column === 2 ? "t" : "p");
    }
  }
  await marks(page).last().focus();
  await page.keyboard.press("Tab");
  await page.keyboard.type("Acknowledged on the third business day.");
  await page.keyboard.press("Enter");
  await saved(page);
  const seconds = (Date.now() - begun) / 1000;
  console.log(`25 items of ${columns} attributes entered by keyboard alone in ${seconds.toFixed(1)} s`);
  assert.match(await page.textContent(".answer"), /None of 25/);
  await page.reload();
  assert.equal(await page.locator("[data-outcome]").filter({ hasText: "Pass" }).count(), 24);
  assert.equal(await page.locator("[data-outcome]").filter({ hasText: "Deviation" }).count(), 1);
  assert.equal(await page.locator("[data-note]").last().inputValue(), "Acknowledged on the third business day.");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

it("moves with the arrow keys and takes no key that is no mark", async () => {
  const page = await open(browser, sheet, { state });
  const name = () => page.evaluate(() => document.activeElement.name);
  await marks(page).first().focus();
  for (const [key, place] of [["ArrowRight", "m.1.B"], ["ArrowDown", "m.2.B"], ["ArrowLeft", "m.2.A"], ["ArrowUp", "m.1.A"],
    ["Enter", "m.1.B"]]) {
    await page.keyboard.press(key);
    assert.equal(await name(), place);
  }
  const before = await page.locator('[name="m.1.B"]').inputValue();
  await page.keyboard.press("q");
  assert.equal(await page.locator('[name="m.1.B"]').inputValue(), before);
  assert.match(await page.textContent("[data-state]"), /no mark of the legend/);
  await page.context().close();
});

it("loses nothing without a connection and after a reload", async () => {
  const page = await open(browser, sheet, { state });
  await page.context().setOffline(true);
  await page.locator('[name="m.3.A"]').focus();
  await page.keyboard.press("t");
  await page.waitForFunction(() => document.querySelector('tr[data-row="3"]').dataset.state === "kept");
  assert.equal(await kept(page), 1);
  assert.match(await page.textContent("[data-state]"), /No connection/);
  await page.context().setOffline(false);
  await page.reload();
  await saved(page);
  await page.reload();
  assert.equal(await page.locator('[name="m.3.A"]').inputValue(), "T");
  await page.context().close();
});

it("shows what somebody else recorded and lets the person choose", async () => {
  const [mine, theirs] = [await open(browser, sheet, { state }), await open(browser, sheet, { state })];
  await theirs.locator('[name="m.4.A"]').focus();
  await theirs.keyboard.press("d");
  await saved(theirs);
  await mine.locator('[name="m.4.B"]').focus();
  await mine.keyboard.press("n");
  const box = mine.locator('tr[data-row="4"] .conflict');
  await box.waitFor();
  assert.equal(await mine.locator('[name="m.4.B"]').inputValue(), "N", "what was typed is kept");
  await box.getByRole("button", { name: /mine/i }).click();
  await saved(mine);
  await mine.reload();
  assert.equal(await mine.locator('[name="m.4.A"]').inputValue(), "P");
  assert.equal(await mine.locator('[name="m.4.B"]').inputValue(), "N");
  await mine.context().close();
  await theirs.context().close();
});

it("works without script as one form", async () => {
  const page = await open(browser, sheet, { state, script: false });
  await page.locator('[name="m.5.A"]').fill("n");
  await page.locator("form.sheet-form button[type=submit]").click();
  await page.waitForLoadState();
  assert.equal(await page.locator('[name="m.5.A"]').inputValue(), "N");
  await page.context().close();
});

it("shows the evidence beside the item, and a dragged rectangle becomes an annotation", async () => {
  const page = await open(browser, `${sheet}/items/1`, { state });
  const picture = page.locator("[data-picture] img");
  await picture.waitFor();
  assert.ok(await picture.evaluate((img) => img.complete && img.naturalWidth > 0), "the picture is shown");
  assert.ok((await page.locator("[data-picture] rect:not([data-drawing])").count()) >= 1);
  const box = await picture.boundingBox();
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.4);
  await page.mouse.up();
  const near = async (name, wanted) => {
    const value = Number(await page.locator(`[name="${name}"]`).inputValue());
    assert.ok(Math.abs(value - wanted) < 60, `${name} is ${value}`);
  };
  await near("x", 1000);
  await near("y", 2000);
  await near("width", 4000);
  await near("height", 2000);
  await page.keyboard.type("The line of the tracking number.");
  await page.locator("form[action$='/annotations'] button[type=submit]").click();
  await page.waitForLoadState();
  assert.match(await page.textContent(".annotations"), /The line of the tracking number/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

it("is accessible and narrow enough", async () => {
  for (const path of [sheet, `${sheet}/items/1`, `${sheet}/items/2`, `${sheet}/items/3`, `${sheet}/paste`, `${sheet}/matches`, "/examination/legend"]) {
    for (const [width, dark] of [[1280, false], [360, true]]) {
      const page = await open(browser, path, { state, width, dark });
      assert.deepEqual(await axe(page), [], path);
      assert.equal(await overflow(page), 0, path);
      assert.deepEqual(page.faults, [], path);
      await page.context().close();
    }
  }
});
