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
  quality: "Helen Marsh",
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

/** The kind of page at an address: addresses that differ only in their ids are the same kind. */
export const kind = (path) => path.split("?")[0].replaceAll(/[a-z]{3}_[0-9A-Z]{26}/g, (id) => id.slice(0, 3));

/** How many pages are asked for at once. */
const ASKED_AT_ONCE = 6;

/** The addresses of the links in a page's source, in their order. */
const hrefs = (source) =>
  [...source.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, href]) => href.replaceAll("&amp;", "&"));

/**
 * The pages that this person can reach by links, one for each kind of page. They are asked for without the
 * browser, level by level, so that each kind has the same address whoever answers first.
 * @param {import("playwright-core").Browser} browser
 * @param {object} state
 * @returns {Promise<string[]>}
 */
export async function kinds(browser, state) {
  const context = await browser.newContext({ storageState: state });
  /** The links of a page; none where the address is a file. */
  const links = async (path) => {
    const answer = await context.request.get(base + path);
    const { "content-type": type, "content-disposition": kept } = answer.headers();
    const isPage = type?.startsWith("text/html") && !kept?.startsWith("attachment");
    const found = isPage ? hrefs(await answer.text()) : null;
    await answer.dispose();
    return found;
  };
  const seen = new Map([["/", "/"]]);
  let level = ["/"];
  while (level.length > 0) {
    const below = [];
    for (let from = 0; from < level.length; from += ASKED_AT_ONCE) {
      const some = level.slice(from, from + ASKED_AT_ONCE);
      const found = await Promise.all(some.map(links));
      for (const [place, all] of found.entries()) {
        if (!all) seen.delete(kind(some[place]));
        for (const href of all ?? []) {
          const bare = href.split("#")[0];
          // Proofs and exports are files.
          if (!bare.startsWith("/") || bare.includes("format=") || bare.includes("/proofs/")) continue;
          if (seen.has(kind(bare))) continue;
          seen.set(kind(bare), bare);
          below.push(bare);
        }
      }
    }
    level = below;
  }
  await context.close();
  return [...seen.values()];
}
