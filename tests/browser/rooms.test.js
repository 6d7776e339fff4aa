// Every kind of page that each person of the demonstration can reach, in a real browser: rules of
// accessibility, narrow screens, both themes, the focus, and what the browser refuses.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axe, base, each, go, launch, open, overflow } from "./browser.js";
import { kinds, people, signedIn } from "./people.js";

const nowhere = "/nothing-of-this-kind";
/** Pages that know nothing of who reads them: looked at once, as the public. */
const forEverybody = /^\/(report|status)(\/|\?|$)/;
const readers = [
  ["the public", null, 5],
  ["the compliance lead", people.lead, 25],
  ["the control owner", people.owner, 18],
  ["the partner", people.partner, 20],
  ["the senior", people.senior, 20],
];

let browser;
/** For each reader: who they are to the server, what they reach, and which pages are looked at as theirs. */
const found = new Map();
before(async () => {
  browser = await launch();
  const shared = new Map();
  await Promise.all(
    readers.map(async ([who, name]) => {
      const state = name ? await signedIn(browser, name) : undefined;
      const reached = await kinds(browser, state);
      if (!name) reached.push("/report/verify", "/sign-in", nowhere);
      found.set(who, { state, reached, paths: reached.filter((path) => !forEverybody.test(path)) });
      for (const path of reached.filter((path) => forEverybody.test(path))) shared.set(path, path);
    }),
  );
  found.get("the public").paths.push(...[...shared.keys()].sort());
});
after(() => browser?.close());

/** What is wrong with a page as it stands when everything that opens in place is opened. */
async function faultsOf(page, path) {
  await go(page, path);
  const wrong = [];
  const wide = await overflow(page);
  if (wide > 0) wrong.push(`${wide} px too wide`);
  await page.evaluate(() => document.querySelectorAll("main details").forEach((d) => (d.open = true)));
  wrong.push(...(await axe(page)));
  // A page that is not there says so; Chromium says it too.
  const told = path === nowhere ? /404/ : null;
  wrong.push(...page.faults.filter((fault) => !told?.test(fault)));
  return wrong.map((fault) => `${path}: ${fault}`);
}

/** Where the focus goes without being seen. */
async function focusHidden(page, path) {
  await go(page, path);
  await page.evaluate(() => {
    document.activeElement?.blur();
    window.scrollTo(0, 0);
  });
  const wrong = [];
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const box = e.getBoundingClientRect();
      const style = getComputedStyle(e);
      const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
      return { what: `${e.tagName} ${(e.textContent ?? "").trim().slice(0, 30)}`, ok: drawn && inView };
    });
    if (!seen) break;
    if (!seen.ok) wrong.push(`${path}: ${seen.what}`);
  }
  return wrong;
}

for (const [who, name, least] of readers) {
  describe(`the pages of ${who}`, () => {
    it("are as many as there should be", () => {
      const { reached } = found.get(who);
      assert.ok(reached.length >= least, reached.join("\n"));
    });

    if (name) {
      it("are those of everybody where they are looked at once", async () => {
        const { state, reached } = found.get(who);
        const mine = await browser.newContext({ storageState: state });
        const theirs = await browser.newContext();
        // Each form that is asked for has a key of its own.
        const text = async (context, path) =>
          (await (await context.request.get(base + path)).text()).replaceAll(/(name="key" value=")[^"]*/g, "$1");
        for (const path of reached.filter((path) => forEverybody.test(path))) {
          // A page that says what time it is may change while it is asked for.
          const [before, own, later] = [await text(theirs, path), await text(mine, path), await text(theirs, path)];
          assert.equal(own, own === before ? before : later, path);
        }
        await Promise.all([mine.close(), theirs.close()]);
      });
    }

    for (const [mode, options] of [
      ["wide and light", {}],
      ["narrow and dark", { width: 360, height: 740, dark: true }],
    ]) {
      it(`break no rule and do not scroll sideways, ${mode}`, async () => {
        const { state, paths } = found.get(who);
        assert.deepEqual(await each(browser, paths, { ...options, state }, faultsOf), []);
      });
    }

    it("show the focus wherever it goes", async () => {
      const { state, paths } = found.get(who);
      assert.deepEqual(await each(browser, paths.slice(0, 12), { state }, focusHidden), []);
    });
  });
}

describe("the palette", () => {
  it("finds records while one types, and Enter without a choice searches", async () => {
    const page = await open(browser, "/controls", { state: await signedIn(browser, people.lead) });
    await page.keyboard.press("Control+k");
    await page.locator("#palette-q").fill("IAM-05");
    const hit = page.locator("#palette-found a").first();
    await hit.waitFor();
    assert.match(await hit.textContent(), /IAM-05/);
    assert.deepEqual(await axe(page), []);
    await hit.click();
    await page.waitForURL(/\/controls\/ctl_/);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
});
