// The status page, training and surveys of the demonstration: accessible, narrow, without faults, in
// both themes, and the public ones in every language and without script.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { axe, each, go, launch, open, overflow } from "./browser.js";
import { link, people, signedIn } from "./people.js";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

async function sound(paths, options = {}) {
  for (const [width, dark] of [[1280, false], [360, true]]) {
    const wrong = await each(browser, paths, { ...options, width, dark }, async (page, path) => {
      await go(page, path);
      const faults = await axe(page);
      const wide = await overflow(page);
      if (wide !== 0) faults.push(`${wide} px wider than the window`);
      return [...faults, ...page.faults].map((fault) => `${path} at ${width}: ${fault}`);
    });
    assert.deepEqual(wrong, []);
  }
}

/** The first link on a page that fits. */
async function leadsTo(list, pattern, options) {
  const page = await open(browser, list, options);
  const one = await link(page, pattern);
  assert.ok(one, `${list} leads to a record`);
  await page.context().close();
  return one;
}

it("shows the status page to everybody, in every language", async () => {
  const one = await leadsTo("/status/history", /^\/status\/[0-9a-z]{10}$/, { script: false });
  const languages = ["en", "de", "fr", "es", "pt", "ja", "ar"].map((tag) => `/status?lang=${tag}`);
  await sound(["/status/history", ...languages, one]);
});

it("asks for mail about the status without script", async () => {
  const page = await open(browser, "/status", { script: false });
  await page.getByRole("textbox").first().fill("reader@customer.example");
  await page.locator("form[action^='/status/follow'] button[type=submit], form[action^='/status/follow'] button").first().click();
  await page.waitForLoadState();
  assert.match(await page.textContent("h1"), /mailbox/i);
  await page.context().close();
});

it("keeps the desks sound", async () => {
  const state = await signedIn(browser, people.lead);
  const paths = ["/cases/status", "/cases/status/components/new", "/cases/status/notices/new?kind=incident",
    "/cases/status/notices/new?kind=maintenance", "/training", "/training/practice", "/training/manage",
    "/training/manage/courses/new", "/surveys", "/surveys/bank", "/surveys/new", "/interviews", "/interviews/new"];
  for (const [list, pattern] of [["/cases/status", /notices\/stn_[^/]*$/], ["/training/manage", /courses\/crs_/],
    ["/surveys", /^\/surveys\/srv_/], ["/interviews", /^\/interviews\/itv_/], ["/training", /assignments\/asg_/]]) {
    paths.push(await leadsTo(list, pattern, { state }));
  }
  await sound(paths, { state });
});
