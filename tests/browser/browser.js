// A real Chromium for tests of pages. `TICKMARK_URL` says where the server is; `CHROMIUM` may name
// another browser than the one found.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where the server under test answers, without a slash at the end. */
export const base = (process.env.TICKMARK_URL ?? "http://127.0.0.1:8420").replace(/\/$/, "");

/** Starts Chromium. Close what it returns. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? places.find(existsSync);
  if (!executablePath) {
    throw new Error("no Chromium found: install the package chromium or set CHROMIUM to its path");
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * A context: cookies, cache and window of one reader.
 * @param {import("playwright-core").Browser} browser
 * @param {{width?: number, height?: number, dark?: boolean, script?: boolean, state?: object}} options
 */
async function contextOf(browser, options) {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.dark ? "dark" : "light",
    javaScriptEnabled: options.script ?? true,
    reducedMotion: "reduce",
    storageState: options.state,
  });
  // Through the developer protocol, which the page's own security policy does not concern.
  await context.addInitScript(axeSource);
  return context;
}

/**
 * A tab on no page yet. What the browser refuses or cannot load (content security policy, scripts with
 * errors, missing files) is collected in `page.faults`.
 */
async function tab(context) {
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy/.test(message.text())) {
      // The browser's own words about what did not load do not say what it was.
      const from = /^Failed to load resource/.test(message.text()) ? ` ${message.location().url}` : "";
      page.faults.push(message.text() + from);
    }
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("response", (answer) => {
    if (answer.status() >= 500) page.faults.push(`${answer.status()} ${answer.url()}`);
  });
  return page;
}

/**
 * Opens a page in a tab of its own.
 * @param {import("playwright-core").Browser} browser
 * @param {string} path the address below `TICKMARK_URL`
 * @param {object} options as of `contextOf`
 */
export async function open(browser, path, options = {}) {
  const page = await tab(await contextOf(browser, options));
  await go(page, path);
  return page;
}

/** Goes to an address below `TICKMARK_URL` and waits until it is loaded; forgets earlier faults. */
export async function go(page, path) {
  page.faults.length = 0;
  return page.goto(new URL(path, base + "/").href, { waitUntil: "load" });
}

/** How many tabs work at once: as many as there are processors, and at least two. */
export const tabs = Math.max(2, availableParallelism());

/**
 * Does the same work for every item, on several tabs at once.
 * @template T
 * @param {import("playwright-core").Browser} browser
 * @param {T[]} items
 * @param {object} options as of `contextOf`
 * @param {(page: import("playwright-core").Page, item: T) => Promise<string[]>} work what is wrong with one item
 * @returns {Promise<string[]>} what is wrong with any, in the order of the items
 */
export async function each(browser, items, options, work) {
  const wrong = items.map(() => []);
  const context = await contextOf(browser, options);
  let next = 0;
  const worker = async () => {
    const page = await tab(context);
    while (next < items.length) {
      const place = next++;
      wrong[place] = await work(page, items[place]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(tabs, items.length) }, worker));
  await context.close();
  return wrong.flat();
}

/**
 * Runs every axe rule of WCAG 2.0 to 2.2 A and AA and the best practices on the page.
 * @returns {Promise<string[]>} one line per violation: rule, what is wrong, where
 */
export async function axe(page) {
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    }),
  );
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help}: ${n.target.join(" ")}: ${n.failureSummary?.replaceAll("\n", " ") ?? ""}`));
}

/** How many pixels the page is wider than its window: 0 in a page that reflows. */
export async function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });
}
