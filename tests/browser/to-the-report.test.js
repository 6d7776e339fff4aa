// The half-done demonstration is brought to its opinion and to what still stands before the report, each
// person on pages of their own. It has a server to itself, because what is concluded here is open elsewhere.
// `TICKMARK_BIN` names the program; without it this file says so and does nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { launch } from "./browser.js";
import { people } from "./people.js";

const program = process.env.TICKMARK_BIN;
const folder = mkdtempSync(join(tmpdir(), "tickmark-report-"));
let browser, server, base;

const freePort = () =>
  new Promise((resolve) => {
    const s = createServer().listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });

before(async () => {
  if (!program) return;
  const address = `127.0.0.1:${await freePort()}`;
  base = `http://${address}`;
  server = spawn(program, ["demo", "--data", join(folder, "demo"), "--listen", address], { stdio: "ignore" });
  for (let n = 0; ; n += 1) {
    const up = await fetch(`${base}/healthz`).then((a) => a.ok, () => false);
    if (up) break;
    assert.ok(n < 240, "the demonstration did not come up");
    await new Promise((wait) => setTimeout(wait, 500));
  }
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A page on which a person has signed in. */
async function as(name) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(base);
  await page.getByRole("button", { name }).first().click();
  await page.waitForLoadState();
  return page;
}
const to = async (page, href) => page.goto(new URL(href, base).href);
/** Follows the first link whose address ends like this. */
async function follow(page, pattern) {
  const all = await page.$$eval("main a[href]", (links) => links.map((l) => l.getAttribute("href")));
  const href = all.findLast((h) => pattern.test(h));
  assert.ok(href, `${page.url()} has no link like ${pattern}`);
  await to(page, href);
}
async function send(page, form) {
  await form.locator('button[type="submit"]').last().click();
  await page.waitForLoadState();
  const refused = page.locator(".error-summary");
  if ((await refused.count()) > 0) assert.fail(await refused.first().innerText());
}
const control = async (page, file, code) => {
  await to(page, file);
  await to(page, await page.locator("main a", { hasText: new RegExp(`^${code}$`) }).first().getAttribute("href"));
};

/** The addresses of a control's sheets. */
async function sheets(page, file, code) {
  await control(page, file, code);
  const all = await page.$$eval("main a[href*='/samples/smp_']", (links) => links.map((l) => l.getAttribute("href")));
  return [...new Set(all)];
}

/** Gives every open item of the sheet its result, names evidence where there is none, and signs it. */
async function record(page, sheet) {
  await to(page, sheet);
  for (const cell of await page.locator("[data-mark]").all()) if (!(await cell.inputValue())) await cell.fill("p");
  await send(page, page.locator("form.sheet-form"));
  const bare = await page.$$eval("tr[data-row]", (rows) =>
    rows.filter((r) => [...r.cells].some((c) => c.textContent.trim() === "none")).map((r) => r.querySelector("th a").getAttribute("href")));
  for (const item of bare) {
    await to(page, item);
    const form = page.locator('form[action*="/items/"]').first();
    await form.locator('input[name="evidence"]').first().check();
    await form.locator('button[type="submit"]').last().click();
    await page.waitForLoadState();
  }
  await to(page, sheet);
  await page.locator('form[action$="/prepared"] button').click();
  await page.waitForLoadState();
}

async function review(page, file, code) {
  for (const sheet of await sheets(page, file, code)) {
    await to(page, sheet);
    while ((await page.locator('form[action$="/clear"]').count()) > 0) {
      await send(page, page.locator('form[action$="/clear"]').first());
    }
    await page.locator('form[action$="/reviewed"] button').click();
    await page.waitForLoadState();
  }
}

async function conclude(page, file, code) {
  await control(page, file, code);
  const form = page.locator('form[action$="/conclude"]');
  await form.locator('input[name="design"][value="suitable"]').check();
  await form.locator('input[name="operation"][value="effective"]').check();
  await form.locator('textarea[name="reason"]').fill("As the tests show.");
  await send(page, form);
}

it("goes from the last open tests to an opinion, and the report waits for a complete and signed file", { skip: !program && "TICKMARK_BIN is not set" }, async () => {
  const senior = await as(people.senior);
  await to(senior, "/examination");
  await follow(senior, /^\/examination\/eng_\w+$/);
  const file = new URL(senior.url()).pathname;

  // One test is half done, and another has not been begun.
  for (const sheet of await sheets(senior, file, "COM-08")) await record(senior, sheet);

  // One control has no test at all.
  await control(senior, file, "LOG-02");
  await follow(senior, /\/plan$/);
  let form = senior.locator('form[action$="/plan"]');
  await form.locator('input[name="code"]').fill("T-LOG-02");
  await form.locator('input[name="basis"][value="judgemental"]').check();
  await form.locator('input[name="evidence"]').fill("pages sent and triage records");
  await form.locator('input[name="items"]').fill("alerts");
  await form.locator('textarea[name="attributes"]').fill("a responder was paged and triage was recorded within the target");
  await send(senior, form);
  await control(senior, file, "LOG-02");
  await follow(senior, /\/sample$/);
  form = senior.locator('form[action$="/sample"]');
  await form.locator('input[name="method"]').first().check();
  await form.locator('textarea[name="named"]').fill("A-311\nA-402");
  await form.locator('textarea[name="reason"]').fill("One of each quarter.");
  await send(senior, form);
  for (const sheet of await sheets(senior, file, "LOG-02")) await record(senior, sheet);

  const manager = await as(people.manager);
  for (const code of ["COM-08", "LOG-02"]) {
    await review(manager, file, code);
    await conclude(manager, file, code);
  }

  const partner = await as(people.partner);
  await to(partner, `${file}/opinion`);
  form = partner.locator('form[action$="/opinion"]');
  await form.locator('input[name="opinion"][value="qualified"]').check();
  await form.locator('textarea[name="reason"]').fill("Two criteria are not met; the effects are not pervasive.");
  await send(partner, form);

  // A qualified opinion beside an assertion without exception is not issued: management amends its words.
  await to(partner, `/reporting/${file.split("/").at(-1)}/report`);
  assert.match(await partner.locator("main").innerText(), /management asserts without exception/);
  const signs = await as(people.sponsor);
  await to(signs, `/reporting/${file.split("/").at(-1)}/assertion`);
  form = signs.locator('form:has(textarea[name="text"])');
  const asserted = await form.locator('textarea[name="text"]').inputValue();
  const amended = asserted.replace(
    "the controls stated in the description operated effectively",
    "except for the matters that concern CC7.4 and CC8.1, the controls stated in the description operated effectively",
  );
  assert.notEqual(amended, asserted, asserted);
  await form.locator('textarea[name="text"]').fill(amended);
  await form.locator('input[name="signer"]').fill("Ruth Abernathy");
  await form.locator('input[name="position"]').fill("Chief executive officer");
  await form.locator('input[name="date"]').fill("2026-08-14");
  await send(signs, form);

  // The report waits for the partner's signature on a file that is complete: it says what is missing.
  const report = `/reporting/${file.split("/").at(-1)}/report`;
  await to(partner, report);
  assert.match(await partner.locator("main").innerText(), /The partner has not signed the file/);
  assert.equal(await partner.locator('form:has(input[name="do"][value="issue"])').count(), 0);
  await to(partner, `${file}/completion`);
  const missing = await partner.locator("main").innerText();
  assert.match(missing, /things are missing/);
  assert.doesNotMatch(missing, /There is no conclusion on (control|the opinion)/);
  assert.match(missing, /dated [0-9-]+, after the report's date/);

  // Before the issue the organisation finds no report.
  const sponsor = await as(people.sponsor);
  const early = await sponsor.goto(new URL(`${report}.pdf`, base).href);
  assert.equal(early.status(), 404);
});
