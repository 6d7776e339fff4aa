// The half-done demonstration is brought to its issued report and its locked file, each person on pages of
// their own. It has a server to itself, because what is concluded here is open elsewhere.
// `TICKMARK_BIN` names the program; without it this file says so and does nothing.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
/** The day of the work and of the report, in the organisation's zone: nothing may be dated after it. */
const today = new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" }).format(new Date());
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
/** Opens what a form is folded into. */
async function unfold(page, selector, nth = 0) {
  const form = page.locator(selector).nth(nth);
  const folded = form.locator("xpath=ancestor::details[not(@open)]");
  if ((await folded.count()) > 0) await folded.first().locator("summary").first().click();
  return form;
}
const control = async (page, file, code) => {
  await to(page, file);
  await to(page, await page.locator("main a", { hasText: new RegExp(`^${code}$`) }).first().getAttribute("href"));
};

/** What is missing before the report can be dated. */
async function missing(page, file) {
  await to(page, `${file}/completion`);
  return page.$$eval("#missing tbody tr", (rows) => rows.map((r) => r.textContent.replaceAll(/\s+/g, " ").trim()));
}

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

async function opine(page, file) {
  await to(page, `${file}/opinion`);
  const form = page.locator('form:has(input[name="opinion"])');
  await form.locator('input[name="opinion"][value="qualified"]').check();
  await form.locator('textarea[name="reason"]').fill("Two criteria are not met; the effects are not pervasive.");
  await send(page, form);
}

it("goes from the last open tests to a complete and signed file, and to the report that both sides verify", { skip: !program && "TICKMARK_BIN is not set" }, async () => {
  const senior = await as(people.senior);
  await to(senior, "/examination");
  // The file of the period before is locked already.
  await senior.getByRole("link", { name: "SOC 2 Type 2, first half of 2026" }).first().click();
  await senior.waitForLoadState();
  const file = new URL(senior.url()).pathname;

  // One test is half done, and another has not been begun.
  assert.match((await missing(senior, file)).join("\n"), /cannot stand: [0-9]+ selected items of test .* have no result yet/);
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
  // It operates by the event: items are drawn from the frozen list of alerts, by a seed that nobody chooses.
  await control(senior, file, "LOG-02");
  await follow(senior, /\/draw$/);
  form = senior.locator('form[action$="/draw"]');
  assert.equal(await form.locator('input[name="seed"]').count(), 0);
  await form.locator('select[name="population"]').selectOption({ label: "Alerts that paged somebody" });
  await send(senior, form);
  for (const sheet of await sheets(senior, file, "LOG-02")) await record(senior, sheet);

  const manager = await as(people.manager);
  for (const code of ["COM-08", "LOG-02"]) {
    await review(manager, file, code);
    await conclude(manager, file, code);
  }

  const partner = await as(people.partner);
  await opine(partner, file);

  // A qualified opinion beside an assertion without exception is not issued: management amends its words.
  const engagement = file.split("/").at(-1);
  await to(partner, `/reporting/${engagement}/report`);
  assert.match(await partner.locator("main").innerText(), /management asserts without exception/);
  const signs = await as(people.sponsor);
  await to(signs, `/reporting/${engagement}/assertion`);
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
  await form.locator('input[name="date"]').fill(today);
  await send(signs, form);

  // The report waits for the partner's signature on a file that is complete: it says what is missing.
  const report = `/reporting/${engagement}/report`;
  await to(partner, report);
  assert.match(await partner.locator("main").innerText(), /The partner has not signed the file/);
  assert.equal(await partner.locator('form:has(input[name="do"][value="issue"])').count(), 0);
  const waits = await missing(partner, file);
  assert.ok(waits.length > 0);
  assert.doesNotMatch(waits.join("\n"), /There is no conclusion on (control|the opinion)/);
  assert.match(waits.join("\n"), /dated [0-9-]+, after the report's date/);
  assert.equal(await partner.locator('form:has(input[name="step"])').count(), 0, "nobody signs before");

  // The report is dated after the work that it rests on, and so are the assertion and the representations.
  await to(partner, report);
  form = partner.locator('form:has(input[name="do"][value="terms"])');
  await form.locator('input[name="report_date"]').fill(today);
  await send(partner, form);
  form = partner.locator('form:has(input[name="do"][value="letter"])');
  await form.locator('input[name="date"]').fill(today);
  // The letter was held against the list, and one representation was missing from it.
  assert.equal(await form.locator('input[name="given"]:not(:checked)').count(), 1);
  await form.locator('textarea[name="text"]').fill("As before. What was found and not corrected is not material.");
  await form.locator('input[name="given"]:not(:checked)').check();
  await send(partner, form);

  // The last risks are assessed together, and somebody concludes on both commitments.
  assert.match((await missing(manager, file)).join("\n"), /3 of 73 risks of material misstatement have not been assessed/);
  await to(manager, `${file}/plan/risks`);
  form = await unfold(manager, 'form:has(input[name="which"])');
  for (const box of await form.locator('input[name="which"]').all()) await box.check();
  for (const name of ["inherent", "control-risk"]) await form.locator(`input[name="${name}"][value="normal"]`).check();
  await form.locator('textarea[name="basis"]').fill("Recovery is tested each year; the walkthrough covers its design.");
  await send(manager, form);
  assert.match((await missing(manager, file)).join("\n"), /reasonable assurance that commitment SC-02 was achieved/);
  await to(manager, `${file}/promises`);
  const promises = await manager.$$eval("main a[href*='/promises/com_']", (links) => [...new Set(links.map((l) => l.getAttribute("href")))]);
  assert.equal(promises.length, 2);
  for (const href of promises) {
    await to(manager, href);
    form = await unfold(manager, 'form[action$="/understood"]');
    if ((await form.locator('textarea[name="read"]').inputValue()) === "") {
      await form.locator('input[name="agrees"][value="yes"]').check();
      await form.locator('textarea[name="read"]').fill("Section 3 of the security schedule.");
      await form.locator('textarea[name="evidence"]').fill("Security schedule, section 3");
      await send(manager, form);
    }
    for (;;) {
      await to(manager, href);
      const open = await manager.$$eval('form[action$="/findings"]', (all) => all.findIndex((f) => !f.querySelector("textarea").value.trim()));
      if (open < 0) break;
      form = await unfold(manager, 'form[action$="/findings"]', open);
      await form.locator('input[name="judged"][value="stands"]').check();
      await form.locator('textarea[name="reason"]').fill("Of no weight beside the tests of its controls.");
      await send(manager, form);
    }
    form = await unfold(manager, 'form[action$="/conclusion"]');
    await form.locator('input[name="assurance"][value="yes"]').check();
    await form.locator('textarea[name="reason"]').fill("As the tests of the controls behind it show.");
    await form.locator('textarea[name="evidence"]').fill("Results of the tests of its controls");
    await send(manager, form);
  }

  // Two criteria are not met; the effect of each deviation is concluded on by itself.
  for (const criterion of ["CC7.4", "CC8.1"]) {
    await to(manager, `${file}/criteria/${criterion}`);
    form = manager.locator('form:has(input[name="operation"])');
    await form.locator('input[name="design"][value="met"]').check();
    await form.locator('input[name="operation"][value="not_met"]').check();
    await form.locator('textarea[name="reason"]').fill("The control that addresses it did not operate effectively.");
    await send(manager, form);
  }

  // Criteria whose controls are all effective are met by one signature, the others are concluded on by one.
  await to(manager, `${file}/completion`);
  form = manager.locator('form:has(input[name="do"][value="together"])');
  await form.locator('textarea[name="reason"]').fill("Every control that addresses them was effective, without a deviation.");
  await send(manager, form);
  const open = (await missing(manager, file)).join("\n").match(/no conclusion on (?:criterion|\d+ criteria:) ([A-Z0-9., ]+)\./);
  assert.ok(open, "some criteria are concluded on one by one");
  for (const criterion of open[1].split(", ")) {
    await to(manager, `${file}/criteria/${criterion}`);
    form = manager.locator('form:has(input[name="operation"])');
    await form.locator('input[name="design"][value="met"]').check();
    await form.locator('input[name="operation"][value="met"]').check();
    await form.locator('textarea[name="reason"]').fill("The deviations of its controls are isolated and do not stand against it.");
    await send(manager, form);
  }
  assert.doesNotMatch((await missing(manager, file)).join("\n"), /conclusion on (criterion|\d+ criteria)/);

  // What the organisation still owes is answered by it and accepted by the firm.
  const lead = await as(people.lead);
  const request = async (page, code) => {
    await to(page, "/requests");
    await page.locator("main a", { hasText: new RegExp(`^${code}$`) }).click();
    await page.waitForLoadState();
  };
  await request(lead, "R-071");
  form = lead.locator('form:has(input[name="do"][value="answer"])');
  await form.locator('input[name="items"]').first().check();
  await send(lead, form);
  for (const code of ["R-071", "R-091"]) {
    await request(senior, code);
    await send(senior, senior.locator('form:has(input[name="do"][value="accept"])'));
  }

  // Whether the last critical incident is disclosed was prepared and not approved: DC 4 waits for that.
  assert.match((await missing(partner, file)).join("\n"), /The description is not complete: DC4/);
  const sponsor = await as(people.sponsor);
  await to(sponsor, "/cases/disclosures");
  await sponsor.locator("tr", { hasText: "Transfers delayed by a day" }).locator("a").first().click();
  await sponsor.waitForLoadState();
  form = sponsor.locator('form[action$="/judge"]');
  await form.locator('input[name="approve"][value="yes"]').check();
  await send(sponsor, form);

  // One population was never judged, because its roll-forward is one short: that is explained first.
  await to(senior, `${file}/populations`);
  await senior.locator("main a", { hasText: /^Workers on 30 June$/ }).first().click();
  await senior.waitForLoadState();
  const population = new URL(senior.url()).pathname;
  await follow(senior, /\/completeness$/);
  form = senior.locator('form:has(select[name="finding"])');
  await form.locator('select[name="finding"]').selectOption({ index: 1 });
  await form.locator('textarea[name="reason"]').fill("W-134 left and came back on one day: payroll counts the return, the list the person.");
  await send(senior, form);
  await to(senior, population);
  form = senior.locator('form:has(input[name="accepted"])');
  await form.locator('input[name="accepted"][value="yes"]').check();
  await form.locator('textarea[name="reason"]').fill("Watched while it was exported; the number of rows agrees with the payroll.");
  await send(senior, form);

  // Procedures reach the report's date, each reviewed by somebody else.
  for (const kind of ["inquiry", "minutes", "incidents", "changes", "reports", "other_information"]) {
    await to(senior, `${file}/completion`);
    form = senior.locator('form:has(input[name="do"][value="perform"])');
    await form.locator('select[name="kind"]').selectOption(kind);
    for (const name of ["performed_on", "covers_to"]) await form.locator(`input[name="${name}"]`).fill(today);
    await form.locator('textarea[name="source"]').fill("Ruth Abernathy, chief executive officer, and what she named");
    await form.locator('textarea[name="result"]').fill("Nothing that bears on the report.");
    await send(senior, form);
  }
  await to(manager, `${file}/completion`);
  const unreviewed = manager.locator('form:has(input[name="do"][value="review"])');
  while ((await unreviewed.count()) > 0) {
    await unreviewed.first().locator("button").click();
    await manager.waitForLoadState();
  }

  // What was planned to be asked and was not is called off, each with a reason.
  await to(manager, `${file}/completion`);
  const asked = await manager.$$eval("#missing tbody tr a[href*='/inquiries/']", (links) => links.map((l) => l.getAttribute("href")));
  assert.equal(asked.length, 3);
  for (const href of asked) {
    await to(manager, href);
    form = await unfold(manager, 'form[action$="/cancel"]');
    await form.locator('[name="reason"]').fill("What it was to find out is known from the tests of the controls.");
    await send(manager, form);
  }

  // The opinion came before the last criteria and the last population: it is void, and concluded again.
  const left = await missing(partner, file);
  assert.equal(left.length, 1, left.join("\n"));
  assert.match(left[0], /The conclusion on the opinion is void/);
  await opine(partner, file);

  // Nothing is missing: three people sign, each for what is theirs, in this order.
  assert.deepEqual(await missing(manager, file), []);
  const quality = await as(people.quality);
  const steps = [["prepared", manager], ["quality", quality], ["partner", partner]];
  for (const [step, page] of steps) {
    await to(page, `${file}/completion`);
    await send(page, page.locator(`form:has(input[name="step"][value="${step}"])`));
  }

  // Before the issue the organisation finds no report.
  const early = await sponsor.goto(new URL(`${report}.pdf`, base).href);
  assert.equal(early.status(), 404);

  await to(partner, report);
  form = partner.locator('form:has(input[name="do"][value="issue"])');
  assert.equal(await form.count(), 1, await partner.locator("main").innerText());
  await send(partner, form);

  // Both sides hold the same bytes, and anybody can verify them.
  const bytes = async (page) => (await page.context().request.get(new URL(`${report}.pdf`, base).href)).body();
  const ours = await bytes(sponsor);
  assert.ok(ours.equals(await bytes(partner)));
  const pdf = join(folder, "report.pdf");
  writeFileSync(pdf, ours);
  assert.match(execFileSync(program, ["verify", pdf], { encoding: "utf8" }), /^Verified: every byte/);

  // The file is locked, and takes only additions that say why.
  await to(partner, `${file}/file`);
  await send(partner, partner.locator('form:has(input[name="do"][value="lock"])'));
  form = partner.locator('form:has(input[name="do"][value="add"])');
  await form.locator('input[name="about"]').fill("R-071");
  await form.locator('textarea[name="text"]').fill("The client's covering mail was filed.");
  await form.locator('textarea[name="reason"]').fill("It came after the report.");
  await send(partner, form);
  assert.match(await partner.locator("main").innerText(), /The client's covering mail was filed/);
});
