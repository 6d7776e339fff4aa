// The status page, training and surveys of the demonstration: accessible, narrow, without faults, in
// both themes, and the public ones in every language and without script.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { axe, launch, open, overflow } from "./browser.js";
import { link, people, signedIn } from "./people.js";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

async function sound(path, options = {}) {
  for (const [width, dark] of [[1280, false], [360, true]]) {
    const page = await open(browser, path, { ...options, width, dark });
    assert.deepEqual(await axe(page), [], `${path} at ${width}`);
    assert.equal(await overflow(page), 0, `${path} at ${width} is wider than the window`);
    assert.deepEqual(page.faults, [], path);
    await page.context().close();
  }
}

it("shows the status page to everybody, in every language", async () => {
  await sound("/status/history");
  for (const tag of ["en", "de", "fr", "es", "pt", "ja", "ar"]) await sound(`/status?lang=${tag}`);
  const page = await open(browser, "/status/history", { script: false });
  const one = await link(page, /^\/status\/[0-9a-z]{10}$/);
  assert.ok(one, "the history leads to a notice");
  await page.context().close();
  await sound(one);
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
  for (const path of paths) await sound(path, { state });
  for (const [list, pattern] of [["/cases/status", /notices\/stn_[^/]*$/], ["/training/manage", /courses\/crs_/],
    ["/surveys", /^\/surveys\/srv_/], ["/interviews", /^\/interviews\/itv_/], ["/training", /assignments\/asg_/]]) {
    const page = await open(browser, list, { state });
    const one = await link(page, pattern);
    assert.ok(one, `${list} leads to a record`);
    await page.context().close();
    await sound(one, { state });
  }
});
