// The page of all components: what holds here holds for every page made of them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { axe, launch, open, overflow, tabs } from "./browser.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const widths = [1280, 640, 360, 320]; // 640 is 1280 at 200 % zoom
const sides = ["org", "firm", "public"];

describe("the page of all components", { concurrency: tabs }, () => {
  for (const dark of [false, true]) {
    for (const side of sides) {
      it(`breaks no rule of accessibility, ${side}, ${dark ? "dark" : "light"}`, async () => {
        const page = await open(browser, `/design?side=${side}`, { dark });
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(page.faults, []);
        await page.context().close();
      });
    }
  }

  for (const width of widths) {
    it(`fits a window of ${width} px and breaks no rule there`, async () => {
      const page = await open(browser, "/design", { width, height: 700 });
      assert.equal(await overflow(page), 0);
      // Everything that opens in place is opened: menus, definitions, tables of charts.
      await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      assert.equal(await overflow(page), 0, "with everything open");
      for (const menu of await page.$$("details.menu")) await menu.evaluate((d) => (d.open = false));
      assert.deepEqual(await axe(page), []);
      await page.context().close();
    });
  }

  it("reads from right to left in Arabic", async () => {
    const page = await open(browser, "/design?lang=ar");
    assert.equal(await page.getAttribute("html", "dir"), "rtl");
    const rail = await page.locator(".rail").boundingBox();
    const main = await page.locator("main").boundingBox();
    assert.ok(rail.x > main.x, "the rail stands on the right");
    assert.equal(await overflow(page), 0);
    assert.deepEqual(await axe(page), []);
    await page.context().close();
  });

  it("prints without rail, search and buttons", async () => {
    const page = await open(browser, "/design");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".rail").isVisible(), false);
    assert.equal(await page.locator(".search").isVisible(), false);
    assert.equal(await page.locator("#cases table").isVisible(), true);
    await page.context().close();
  });

  it("loads its own type, style and script, and nothing else", async () => {
    const page = await open(browser, "/design");
    const fonts = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((f) => f.status === "loaded").map((f) => f.family.replaceAll('"', ""));
    });
    assert.ok(fonts.includes("Source Sans 3"), fonts.join());
    const foreign = await page.evaluate(() =>
      performance.getEntriesByType("resource").map((r) => r.name).filter((name) => new URL(name).origin !== location.origin),
    );
    assert.deepEqual(foreign, []);
    // The signs come from one file by reference: each must have been drawn.
    const empty = await page.$$eval(".status .icon, .tick .icon", (icons) => icons.filter((i) => i.getBBox().width === 0).length);
    assert.equal(empty, 0);
    await page.context().close();
  });
});

describe("without script", () => {
  it("the rail opens on a narrow screen, and fields, menus and definitions work", async () => {
    const page = await open(browser, "/design", { width: 360, script: false });
    const room = page.locator(".rail nav a").first();
    assert.equal(await room.isVisible(), false);
    await page.locator(".rail-toggle summary").click();
    assert.equal(await room.isVisible(), true);
    await page.locator(".menu.person summary").click();
    assert.equal(await page.locator(".themes button").first().isVisible(), true);
    await page.locator(".def summary").first().click();
    assert.equal(await page.locator(".def-text").first().isVisible(), true);
    assert.equal(await page.locator("[data-palette-open]").getAttribute("href"), "/search");
    assert.ok(await page.locator("[data-dialog]").first().getAttribute("href"));
    await page.context().close();
  });
});

describe("with the keyboard", { concurrency: tabs }, () => {
  it("Ctrl-K opens the palette, letters narrow it, Escape closes it and gives the focus back", async () => {
    const page = await open(browser, "/design");
    await page.locator("#f-title").focus();
    await page.keyboard.press("Control+k");
    assert.equal(await page.locator("#palette").isVisible(), true);
    assert.deepEqual(await axe(page), []);
    const links = page.locator(".palette-go > li:not([hidden])");
    const all = await links.count();
    await page.keyboard.type("contr");
    assert.ok((await links.count()) < all);
    await page.keyboard.press("ArrowDown");
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Controls/);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#palette").isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement.id), "f-title");
    await page.context().close();
  });

  it("goes through a list by j and k, ticks by x, and leaves letters alone elsewhere", async () => {
    const page = await open(browser, "/design");
    const rows = page.locator("#cases tbody tr");
    await rows.nth(0).locator("th a").focus();
    await page.keyboard.press("j");
    const second = await rows.nth(1).locator("th a").textContent();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), second);
    await page.keyboard.press("x");
    assert.equal(await rows.nth(1).locator("input[type=checkbox]").isChecked(), true);
    await page.keyboard.press("k");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), await rows.nth(0).locator("th a").textContent());
    await page.locator("#f-title").focus();
    await page.keyboard.type("jxka");
    assert.equal(await page.inputValue("#f-title"), "jxka");
    await page.context().close();
  });

  it("reaches everything in order, and the focus is always seen", async () => {
    const page = await open(browser, "/design");
    await page.evaluate(() => document.activeElement.blur());
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.keyboard.press("Tab");
    const seen = [];
    for (let i = 0; i < 60; i++) {
      const state = await page.evaluate(() => {
        const e = document.activeElement;
        const box = e.getBoundingClientRect();
        const style = getComputedStyle(e);
        return {
          what: `${e.tagName} ${e.textContent.trim().slice(0, 30)}`,
          drawn: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
        };
      });
      if (state.what.startsWith("BODY")) break;
      seen.push(state);
      await page.keyboard.press("Tab");
    }
    assert.ok(seen.length >= 30, "focus moved through the page");
    assert.deepEqual(seen.filter((s) => !s.drawn || !s.inView).map((s) => s.what), []);
    await page.context().close();
  });

  it("a menu closes by Escape and the focus returns to it", async () => {
    const page = await open(browser, "/design");
    await page.locator(".menu.person summary").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".menu.person .sheet").isVisible(), true);
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".menu.person .sheet").isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "SUMMARY");
    await page.context().close();
  });
});

describe("script improves", { concurrency: tabs }, () => {
  it("the theme changes at once and is remembered", async () => {
    const page = await open(browser, "/design");
    await page.locator(".menu.person summary").click();
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await ground();
    await page.locator('.themes button[value="dark"]').click();
    assert.notEqual(await ground(), before);
    assert.equal(await page.locator('.themes button[value="dark"]').getAttribute("aria-pressed"), "true");
    const cookies = await page.context().cookies();
    assert.equal(cookies.find((c) => c.name === "theme")?.value, "dark");
    await page.context().close();
  });

  it("a grave question opens in place", async () => {
    const page = await open(browser, "/design");
    await page.locator("[data-dialog]").first().click();
    const dialog = page.locator("dialog[open]");
    assert.equal(await dialog.isVisible(), true);
    assert.deepEqual(await axe(page), []);
    await dialog.locator("button").click();
    assert.equal(await page.locator("dialog[open]").count(), 0);
    await page.context().close();
  });

  it("a form that came back starts at its faults, and each leads to its field", async () => {
    const page = await open(browser, "/design");
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("error-summary")));
    await page.locator('.error-summary a[href="#f-mail"]').click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "f-mail");
    assert.equal(await page.inputValue("#f-mail"), "maria at example");
    await page.context().close();
  });

  it("scripts that a page might carry are not run", async () => {
    const page = await open(browser, "/design");
    const ran = await page.evaluate(() => {
      window.ran = 0;
      const div = document.createElement("div");
      document.body.append(div);
      div.innerHTML = '<img src="/missing.png" onerror="window.ran++"><a href="javascript:window.ran++" id="js">x</a>';
      const script = document.createElement("script");
      script.textContent = "window.ran++";
      document.body.append(script);
      div.querySelector("#js").click();
      return new Promise((done) => setTimeout(() => done(window.ran), 300));
    });
    assert.equal(ran, 0);
    assert.ok(page.faults.some((f) => /Content Security Policy/.test(f)));
    await page.context().close();
  });
});
