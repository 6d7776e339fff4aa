// Signing in as the people of the demonstration, and the ways through the site that tests walk.
import { base, open } from "./browser.js";

export const people = {
  lead: "Nadia Lindqvist",
  owner: "Mei Tanaka",
  handler: "Tomás Okafor",
  sponsor: "Ruth Abernathy",
  partner: "Samuel Osei",
  manager: "Inês Carvalho",
  senior: "Dev Raman",
};

const states = new Map();

/**
 * Signs in by the one click of the demonstration, without script, and keeps the cookie.
 * @param {import("playwright-core").Browser} browser
 * @param {string} name a value of `people`
 * @returns {Promise<object>} a storage state for `open`
 */
export async function signedIn(browser, name) {
  if (!states.has(name)) {
    const page = await open(browser, "/", { script: false });
    await page.getByRole("button", { name, exact: false }).first().click();
    await page.waitForLoadState();
    states.set(name, await page.context().storageState());
    await page.context().close();
  }
  return states.get(name);
}

/**
 * The first address on a page that fits, taken from its links.
 * @param {import("playwright-core").Page} page
 * @param {RegExp} pattern
 */
export async function link(page, pattern) {
  const all = await page.$$eval("main a[href]", (links) => links.map((l) => l.getAttribute("href")));
  return all.find((href) => pattern.test(href.split("?")[0])) ?? null;
}

/**
 * The pages that this person can reach by links, one for each kind of page: addresses that differ only
 * in their ids are the same kind.
 * @param {import("playwright-core").Browser} browser
 * @param {object} state
 * @returns {Promise<string[]>}
 */
export async function kinds(browser, state) {
  const page = await open(browser, "/", { state, script: false });
  const kind = (path) => path.split("?")[0].replaceAll(/[a-z]{3}_[0-9A-Z]{26}/g, (id) => id.slice(0, 3));
  const seen = new Map([["/", "/"]]);
  const queue = ["/"];
  while (queue.length > 0) {
    const path = queue.shift();
    const answer = await page.goto(base + path, { waitUntil: "domcontentloaded" }).catch(() => null);
    if (!answer?.headers()["content-type"]?.startsWith("text/html")) {
      seen.delete(kind(path)); // a file
      continue;
    }
    for (const href of await page.$$eval("a[href]", (links) => links.map((l) => l.getAttribute("href")))) {
      const bare = href.split("#")[0];
      if (!bare.startsWith("/") || bare.includes("format=") || seen.has(kind(bare))) continue;
      seen.set(kind(bare), bare);
      queue.push(bare);
    }
  }
  await page.context().close();
  return [...seen.values()];
}
