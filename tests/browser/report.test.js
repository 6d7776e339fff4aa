// The public reporting pages in a real browser: all languages, with and without script, on a telephone;
// drafts that survive a reload; a receipt that the browser verifies, and forgeries that it refuses.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, it } from "node:test";
import { axe, base, each, go, launch, open, overflow } from "./browser.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const languages = ["en", "de", "fr", "es", "pt", "ja", "ar"];
const write = async (page, title) => {
  await page.locator("input[name=kind]").first().check();
  await page.locator("input[name=title]").fill(title);
  await page.locator("textarea[name=description]").fill("The hours of March were changed.");
  await page.locator("input[name=privacy][value=anonymous]").check();
};

const paths = languages.flatMap((language) =>
  ["/report", "/report/follow-up", "/report/verify"].map((path) => `${path}?lang=${language}`));
for (const [mode, options] of [["wide and light", {}], ["narrow and dark", { width: 360, height: 740, dark: true }]]) {
  it(`break no rule and do not scroll sideways in any language, ${mode}`, async () => {
    const wrong = await each(browser, paths, options, async (page, path) => {
      await go(page, path);
      const faults = await axe(page);
      const wide = await overflow(page);
      if (wide !== 0) faults.push(`${wide} px too wide`);
      faults.push(...page.faults);
      const direction = await page.locator("html").getAttribute("dir");
      if (direction !== (path.endsWith("=ar") ? "rtl" : "ltr")) faults.push(`reads ${direction}`);
      return faults.map((fault) => `${path}: ${fault}`);
    });
    assert.deepEqual(wrong, []);
  });
}

it("file a report without script, with the keyboard's own order", async () => {
  const page = await open(browser, "/report", { width: 360, height: 740, script: false });
  await write(page, "Without script");
  await page.locator("main form button[type=submit]").click();
  await page.locator("code").nth(1).waitFor();
  assert.equal(await overflow(page), 0);
  await page.context().close();
});

it("keep a draft through a reload in this tab alone, and on the device only when asked", async () => {
  const page = await open(browser, "/report");
  await write(page, "A draft");
  await page.waitForFunction(() => Object.values(sessionStorage).some((kept) => kept.includes("The hours of March")));
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await page.reload();
  assert.equal(await page.locator("input[name=title]").inputValue(), "A draft");
  const key = await page.locator("input[name=key]").inputValue();
  await page.locator("[data-draft] input").check();
  await page.waitForFunction(() => localStorage.length > 0);
  assert.equal(await page.evaluate(() => localStorage.length), 1);
  // A second tab of the same device finds it, with the key that makes sending it twice harmless.
  const other = await page.context().newPage();
  await other.goto(`${base}/report`);
  assert.equal(await other.locator("input[name=title]").inputValue(), "A draft");
  assert.equal(await other.locator("input[name=key]").inputValue(), key);
  await other.locator("main form button[type=submit]").click();
  await other.locator("[data-report-sent]").waitFor({ state: "attached" });
  assert.equal(await other.evaluate(() => localStorage.length), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

it("verify a receipt in the browser, on the page and from the saved file", async () => {
  const page = await open(browser, "/report");
  await write(page, "With a receipt");
  await page.locator("main form button[type=submit]").click();
  const receipt = await page.locator("details pre").textContent();
  assert.match(receipt, /^tickmark-receipt@v1\n/);
  const saved = await page.request.get(`${base}/report/verifier.html`);
  const file = await page.context().newPage();
  await file.route("https://saved.example/**", async (route) =>
    route.fulfill({ contentType: "text/html", body: await saved.text() }));
  await page.goto(`${base}/report/verify`);
  await file.goto("https://saved.example/verifier.html");
  const key = /^log: (.+)$/m.exec(receipt)[1];
  const line = /^index /m.exec(receipt);
  const hash = receipt.slice(line.index).split("\n")[1];
  const flipped = (text, from, to) => text.replace(from, to);
  for (const where of [page, file]) {
    const outcome = async (text, pinned = "") => {
      await where.locator("#v-text").fill(text);
      await where.locator("#v-key").fill(pinned);
      const said = where.locator("[data-outcome]");
      await said.evaluate((place) => delete place.dataset.verified);
      await where.locator("[data-verify] button").click();
      await where.locator("[data-outcome][data-verified]").waitFor();
      return said.getAttribute("data-verified");
    };
    assert.equal(await outcome(receipt), "yes");
    assert.equal(await outcome(receipt, key), "yes");
    assert.equal(await outcome(receipt.replaceAll("\n", "\r\n")), "yes");
    assert.equal(await outcome(receipt, key.replace("+A", "+B")), "no");
    assert.equal(await outcome(flipped(receipt, "channel: portal", "channel: hotline")), "no");
    assert.equal(await outcome(flipped(receipt, /^index (\d+)$/m, (_, n) => `index ${Number(n) + 1}`)), "no");
    if (hash) {
      const other = (hash[0] === "A" ? "B" : "A") + hash.slice(1);
      assert.equal(await outcome(flipped(receipt, hash, other)), "no");
    }
    assert.equal(await outcome("Hello"), "no");
    assert.equal(await outcome(receipt), "yes");
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

it("says plainly when the browser cannot verify", async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException("no", "NotSupportedError"));
  });
  const page = await context.newPage();
  await page.goto(`${base}/report/verify`);
  await page.locator("[data-outcome]").getByText("cannot check Ed25519").waitFor();
  await page.context().close();
});

it("carries the same check in the page and in the saved file", async () => {
  const script = await readFile(new URL("../../crates/platform/static/verify.js", import.meta.url), "utf8");
  const page = await open(browser, "/report/verify");
  const saved = await (await page.request.get(`${base}/report/verifier.html`)).text();
  assert.ok(saved.includes(script));
  await page.context().close();
});
