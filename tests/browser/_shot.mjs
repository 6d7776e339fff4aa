import { launch, open, axe } from "./browser.js";
import { people, signedIn } from "./people.js";
const out = process.argv[2]; const who = process.argv[3]; const paths = process.argv.slice(4);
const browser = await launch();
const state = who === "-" ? undefined : await signedIn(browser, people[who]);
for (const spec of paths) {
  for (const [width, dark] of [[1280, false], [360, true]]) {
    const page = await open(browser, spec, { width, dark, state });
    const name = spec.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home";
    await page.screenshot({ path: `${out}/${name}-${width}.png`, fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const bad = width === 1280 ? await axe(page) : [];
    console.log(spec, width, await page.title(), "faults", page.faults.length, "overflow", wide, "axe", bad.join(" | ").slice(0, 600));
    await page.context().close();
  }
}
await browser.close();
