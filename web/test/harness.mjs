// A real Chromium with the built page, and the program to compare it with.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const html = join(root, "web/dist/why401.html");
const program = process.env.WHY401 ?? join(root, "target/debug/why401");
const browser_path = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Nothing of the browser's own talks, so that what is heard is the page's. */
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-domain-reliability", "--disable-default-apps",
];

const browsers = [];
// A test that fails on its way must not keep its browser, and with it the whole run.
after(() => Promise.all(browsers.map((browser) => browser.close())));

/** The page, opened from its file. `log` is where the browser writes what it did on the network. */
export async function open({ log, ...options } = {}) {
  const args = log ? [...QUIET, `--log-net-log=${log}`] : QUIET;
  const browser = await chromium.launch({ executablePath: browser_path, args });
  browsers.push(browser);
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults = [];
  page.on("pageerror", (fault) => faults.push(fault.message));
  page.on("console", (line) => line.type() === "error" && faults.push(line.text()));
  await page.goto(pathToFileURL(html).href);
  await ready(page);
  return { browser, page, faults };
}

export const ready = (page) => page.waitForSelector(".drop .button:not([disabled])", { timeout: 60_000 });

/** Files as a person chooses them. */
export async function choose(page, files) {
  await page.setInputFiles("input[type=file]", files.map(({ name, text }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })));
}

/** Waits until everything at hand is read. */
export async function settled(page, timeout = 120_000) {
  await page.waitForFunction(() => document.querySelector(".pieces") && !document.querySelector(".progress"), undefined, { timeout });
}

/** What a button saves. */
export async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

export const forget = async (page) => {
  await page.getByRole("button", { name: "Forget everything" }).click();
  await page.waitForFunction(() => !document.querySelector(".pieces"));
};

/** The program's answer, its arguments seen from a folder with these files. */
export async function run(args, { files = [], input = "" } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "why401-"));
  try {
    for (const { name, text } of files) await writeFile(join(folder, name), text);
    return await new Promise((resolve, reject) => {
      const child = execFile(program, args, { cwd: folder, maxBuffer: 1 << 28, env: { PATH: process.env.PATH, HOME: folder } }, (fault, out, err) => {
        if (fault && typeof fault.code !== "number") reject(fault);
        else resolve({ out, err, code: fault?.code ?? 0 });
      });
      // A program that reads files may end before it is written to.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Everything a person could read on the page, with what stands in fields. */
export const seen = (page) => page.evaluate(() => {
  const fields = [...document.querySelectorAll("input, textarea")].filter((own) => !own.classList.contains("masked"));
  return document.documentElement.outerHTML + fields.map((own) => own.value).join("\n");
});

/** Where two documents differ first; empty where they are the same. */
export function difference(own, theirs, at = "") {
  if (own && theirs && typeof own === "object" && typeof theirs === "object") {
    for (const name of new Set([...Object.keys(own), ...Object.keys(theirs)])) {
      const found = difference(own[name], theirs[name], `${at}/${name}`);
      if (found) return found;
    }
    return "";
  }
  return own === theirs ? "" : `${at}: the page has ${JSON.stringify(own)}, the program ${JSON.stringify(theirs)}`;
}

/** Waits until the page has drawn what was asked for: its size has stayed the same for a while. */
export async function still(page) {
  const size = () => page.evaluate(() => document.querySelectorAll("*").length);
  for (let last = -1, same = 0; same < 3; ) {
    const now = await size();
    same = now === last ? same + 1 : 0;
    last = now;
    await page.waitForTimeout(100);
  }
}
