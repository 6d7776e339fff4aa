// The work of each side with script off: only links, forms and answers.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { launch, open } from "./browser.js";
import { link, people, signedIn } from "./people.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const plain = async (path, name) => {
  const state = name ? await signedIn(browser, name) : undefined;
  return open(browser, path, { state, script: false });
};
const send = async (page, form) => {
  await form.locator('button[type="submit"]').last().click();
  await page.waitForLoadState();
};

it("signs in, finds its rooms, and signs out", async () => {
  const page = await plain("/", people.handler);
  assert.match(await page.locator(".menu.person").textContent(), /Tomás Okafor/);
  await page.locator(".menu.person summary").click();
  await page.locator('form[action="/sign-out"] button').click();
  await page.waitForLoadState();
  assert.match(await page.locator("h1").textContent(), /Who are you/);
  await page.context().close();
});

it("files a case, comes back with number and code, and writes again", async () => {
  const page = await plain("/report");
  const form = page.locator('form[action="/report"]');
  await form.locator('input[name="title"]').fill("The export is empty");
  await send(page, form);
  assert.match(await page.locator(".error-summary").textContent(), /./);
  assert.equal(await form.locator('input[name="title"]').inputValue(), "The export is empty");
  await form.locator('input[name="kind"]').first().check();
  await form.locator('input[name="privacy"][value="confidential"]').check();
  await form.locator('textarea[name="description"]').fill("Since noon, for everybody here.");
  await send(page, form);
  const codes = await page.locator("main dd code").allTextContents();
  assert.equal(codes.length, 2, await page.locator("main").textContent());
  await page.goto(new URL("/report/follow-up", page.url()).href);
  const follow = page.locator('form[action^="/report/follow-up"]').first();
  for (const input of await follow.locator('input[type="text"], input[type="password"]').all()) {
    const name = await input.getAttribute("name");
    await input.fill(/code/.test(name) ? codes[1] : codes[0]);
  }
  await send(page, follow);
  assert.match(await page.locator("main").textContent(), /The export is empty|Since noon/);
  const write = page.locator("form:has(textarea)").first();
  await write.locator("textarea").fill("It works again now.");
  await send(page, write);
  assert.match(await page.locator("main").textContent(), /It works again now/);
  await page.context().close();
});

it("uploads evidence and finds it in the vault", async () => {
  const page = await plain("/evidence/new", people.owner);
  const form = page.locator('form[action="/evidence/new"]');
  const file = { name: "backups.csv", mimeType: "text/csv", buffer: Buffer.from("day,ok\n2026-03-01,yes\n") };
  await form.locator('input[type="file"]').setInputFiles(file);
  await form.locator('input[name="name"]').fill("Backups of March");
  await form.locator('input[name="speaks_from"]').fill("2026-03-01");
  await form.locator('input[name="speaks_to"]').fill("2026-03-31");
  await form.locator('textarea[name="source"]').fill("Backup tool, report of jobs, no filter");
  await send(page, form);
  assert.equal(await page.locator("h1").textContent(), "Backups of March");
  await page.goto(new URL("/evidence", page.url()).href);
  assert.match(await page.locator("table").first().textContent(), /Backups of March/);
  await page.context().close();
});

it("plans a test, names an item and records its result", async () => {
  const page = await plain("/examination", people.senior);
  const go = async (pattern) => {
    const href = await link(page, pattern);
    assert.ok(href, `${page.url()} has no link like ${pattern}`);
    await page.goto(new URL(href, page.url()).href);
  };
  await go(/^\/examination\/eng_\w+$/);
  await go(/\/controls\/ctl_\w+$/);
  await go(/\/plan$/);
  let form = page.locator('form[action$="/plan"]');
  const code = `T-BROWSER-${Date.now() % 100000}`;
  await form.locator('input[name="code"]').fill(code);
  await form.locator('input[name="basis"][value="judgemental"]').check();
  await form.locator('input[name="evidence"]').fill("job records");
  await form.locator('input[name="items"]').fill("daily jobs");
  await form.locator('textarea[name="attributes"]').fill("the job ended without error");
  await send(page, form);
  if ((await page.locator(".error-summary").count()) > 0) {
    assert.fail(await page.locator(".error-summary").textContent());
  }
  const tests = await page.$$eval('main a[href$="/sample"]', (all) => all.map((a) => a.getAttribute("href")));
  await page.goto(new URL(tests.at(-1), page.url()).href);
  form = page.locator('form[action$="/sample"]');
  await form.locator('input[name="method"]').first().check();
  await form.locator('textarea[name="named"]').fill("JOB-0301");
  await form.locator('textarea[name="reason"]').fill("The first day of the month.");
  await send(page, form);
  form = page.locator("form.sheet-form");
  await form.locator("[data-mark]").first().fill("P");
  await form.locator("[data-note]").first().fill("Seen in the job's record.");
  await send(page, form);
  assert.match(await page.locator(".flash").textContent(), /./);
  assert.match(await page.locator("tr[data-row]").first().textContent(), /JOB-0301.*Pass/s);
  await page.context().close();
});
