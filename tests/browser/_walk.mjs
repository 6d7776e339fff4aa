import { launch, open } from "./browser.js";
import { people, signedIn } from "./people.js";
const browser = await launch();
const state = await signedIn(browser, people.lead);
const p = await open(browser, "/cases", { width: 1280, state });
const rows = await p.$$eval("table a", (as) => as.map((a) => [a.textContent.trim(), a.getAttribute("href")]));
console.log(JSON.stringify(rows.filter((r) => r[0].startsWith("TM-"))));
await browser.close();
