// Every kind of page that each person of the demonstration can reach, in a real browser: rules of
// accessibility, narrow screens, both themes, the focus, and what the browser refuses.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axe, base, launch, open, overflow } from "./browser.js";
import { kinds, people, signedIn } from "./people.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const nowhere = "/nothing-of-this-kind";
const readers = [
  ["the public", null, 3],
  ["the compliance lead", people.lead, 25],
  ["the control owner", people.owner, 18],
  ["the partner", people.partner, 20],
  ["the senior", people.senior, 20],
];

for (const [who, name, least] of readers) {
  describe(`the pages of ${who}`, () => {
    let state;
    let paths;
    before(async () => {
      state = name ? await signedIn(browser, name) : undefined;
      paths = await kinds(browser, state);
      if (!name) paths.push("/report", "/report/follow-up", "/sign-in", nowhere);
    });

    it("are as many as there should be", () => assert.ok(paths.length >= least, paths.join("\n")));

    for (const [mode, options] of [
      ["wide and light", {}],
      ["narrow and dark", { width: 360, height: 740, dark: true }],
    ]) {
      it(`break no rule and do not scroll sideways, ${mode}`, async () => {
        const wrong = [];
        const page = await open(browser, paths[0], { ...options, state });
        for (const path of paths) {
          page.faults.length = 0;
          await page.goto(new URL(path, base + "/").href, { waitUntil: "load" });
          const wide = await overflow(page);
          if (wide > 0) wrong.push(`${path}: ${wide} px too wide`);
          // Everything that opens in place is opened.
          await page.evaluate(() => document.querySelectorAll("main details").forEach((d) => (d.open = true)));
          wrong.push(...(await axe(page)).map((fault) => `${path}: ${fault}`));
          // A page that is not there says so; Chromium says it too.
          const told = path === nowhere ? /404/ : null;
          wrong.push(...page.faults.filter((fault) => !told?.test(fault)).map((fault) => `${path}: ${fault}`));
        }
        await page.context().close();
        assert.deepEqual(wrong, []);
      });
    }

    it("show the focus wherever it goes", async () => {
      const wrong = [];
      const page = await open(browser, paths[0], { state });
      for (const path of paths.slice(0, 12)) {
        await page.goto(new URL(path, base + "/").href, { waitUntil: "load" });
        await page.evaluate(() => {
          document.activeElement?.blur();
          window.scrollTo(0, 0);
        });
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
      }
      await page.context().close();
      assert.deepEqual(wrong, []);
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
