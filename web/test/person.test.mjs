// A person at the page: a ticket from drop to reply, the keyboard alone, everybody's eyes and ears, and files that are large.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { har, marked } from "./evidence.mjs";
import { choose, forget, open, run, saved, settled, still } from "./harness.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

let page, browser, faults;
before(async () => ({ page, browser, faults } = await open()));
after(() => browser.close());
beforeEach(async () => {
  await page.getByRole("button", { name: "Evidence", exact: true }).click();
  if (await page.locator(".pieces").count()) await forget(page);
});

/** Drops a file on the page as a file manager does. */
async function drop(name, text) {
  const data = await page.evaluateHandle(([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name));
    return transfer;
  }, [name, text]);
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

test("a ticket of 60 entries: drop, cause, scrubbed file, reply", async (t) => {
  const secret = marked("ticket");
  const text = har(60, { secret });
  const started = performance.now();
  await drop("ticket.har", text);
  await page.locator(".results .detail .cause").waitFor();
  const cause = performance.now() - started;
  assert.match(await page.locator(".summary").innerText(), /^60 requests: .* 30 clear; \d causes\.$/);
  await page.locator(".group", { hasText: "permission.missing" }).getByText("routing:queue:view").waitFor();
  await page.getByRole("button", { name: "Evidence without secrets" }).click();
  const clean = await saved(page, page.getByRole("button", { name: "Download ticket.scrubbed.har" }));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Reply for the ticket" }).click();
  await page.waitForFunction(() => document.querySelector("dialog textarea").value);
  const reply = await saved(page, page.getByRole("button", { name: "Download .md" }));
  await page.keyboard.press("Escape");
  t.diagnostic(`cause after ${cause.toFixed(0)} ms, everything after ${(performance.now() - started).toFixed(0)} ms`);
  assert.ok(reply.text.includes("routing:queue:view") && reply.text.includes("<details>"));
  assert.ok(!clean.text.includes(secret) && JSON.parse(clean.text).log.entries.length === 60);
  const files = [{ name: "ticket.har", text }, { name: "clean.har", text: clean.text }];
  const counted = async (name) => JSON.parse((await run(["explain", name, "--summary", "--format", "json"], { files })).out).rows;
  assert.deepEqual(await counted("clean.har"), await counted("ticket.har"));
});

test("a scope that one person reported is not shown as the vendor's", async () => {
  const url = "https://api.mypurecloud.com/api/v2/conversations/messaging";
  await drop("thread.ndjson", `${JSON.stringify({ request: { method: "POST", url }, token: { kind: "opaque", claims: { scope: "view:conversation" } }, response: { status: 401 } })}\n`);
  await page.locator(".gates", { hasText: "no such scope is published: write:conversation:messaging" }).waitFor();
});

test("the keyboard alone", async () => {
  await page.evaluate(() => document.body.focus());
  const tab_to = async (name) => {
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement?.textContent ?? "")).startsWith(name)) return;
    }
    assert.fail(`${name} is not reached`);
  };
  await tab_to("Choose files");
  // The dialog is the browser's own, and one that is busy may open none: that it is asked for is what the page does.
  await page.evaluate(() => {
    const input = document.querySelector("input[type=file]");
    window.asked = new Promise((done) => input.addEventListener("click", () => done(true), { once: true }));
  });
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => window.asked));
  await choose(page, [{ name: "ticket.har", text: har(12) }]);
  await settled(page);
  await tab_to("Reply for the ticket");
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  assert.match(await page.evaluate(() => document.activeElement?.textContent), /^Reply for the ticket/);
  await page.locator("button.request").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.classList.contains("pane"));
  await page.keyboard.press("Escape");
  const at = await page.evaluate(() => [...document.querySelectorAll("button.request")].indexOf(document.activeElement));
  assert.equal(at, 1);
});

/** What axe finds on the page as it stands. */
async function complaints(where) {
  const { violations } = await page.evaluate(async (source) => {
    if (!window.axe) (0, Function)(source)();
    return window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  }, axe).catch(() => ({ violations: null }));
  assert.ok(violations, "axe did not run");
  return violations.map((own) => `${where}: ${own.id}: ${own.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

test("axe has nothing to complain of, in any view, light and dark, wide and narrow", async () => {
  await page.context().newCDPSession(page).then((own) => own.send("Page.setBypassCSP", { enabled: true }));
  await page.reload();
  await page.waitForSelector(".drop .button:not([disabled])");
  const found = [];
  for (const theme of ["light", "dark"]) {
    await page.getByLabel("Theme").selectOption(theme);
    for (const width of [1300, 400]) {
      const state = `${theme} ${width}`;
      await page.setViewportSize({ width, height: 900 });
      await page.getByRole("button", { name: "Evidence", exact: true }).click();
      if (await page.locator(".pieces").count()) await forget(page);
      found.push(...(await complaints(`${state} empty`)));
      await choose(page, [{ name: "ticket.har", text: har(60) }]);
      await settled(page);
      await page.locator(".results .detail .cause").waitFor();
      await page.evaluate(() => document.querySelectorAll("details").forEach((own) => (own.open = true)));
      found.push(...(await complaints(`${state} results`)));
      for (const sheet of ["Reply for the ticket", "Evidence without secrets", "Scopes these calls need"]) {
        await page.getByRole("button", { name: sheet }).click();
        await page.waitForTimeout(500);
        found.push(...(await complaints(`${state} ${sheet}`)));
        await page.keyboard.press("Escape");
      }
      await page.getByRole("button", { name: "Tables" }).click();
      await page.getByRole("searchbox", { name: /^Words/ }).fill("queues get");
      await page.locator(".operations li").first().waitFor();
      found.push(...(await complaints(`${state} tables`)));
      await page.getByRole("button", { name: "Compare a token with it" }).first().click();
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      await page.locator("section[aria-label='The answer'] .detail").waitFor();
      found.push(...(await complaints(`${state} token`)));
    }
  }
  await page.setViewportSize({ width: 1300, height: 900 });
  assert.deepEqual([...new Set(found)], []);
});

test("long words stay inside, whatever the width", async () => {
  const long = "Berechtigungsprüfungsverfahrensverordnungsdurchführungsbestimmung".repeat(8);
  const entry = { startedDateTime: "2026-09-01T10:00:00Z", request: { method: "GET", url: `https://api.example.com/${long}?q=${long}`, headers: [] }, response: { status: 403, headers: [{ name: "WWW-Authenticate", value: `Bearer error="insufficient_scope", scope="${"x".repeat(400)}"` }], content: { mimeType: "application/json", text: JSON.stringify({ message: long }) } } };
  await choose(page, [{ name: `${long.slice(0, 200)}.har`, text: JSON.stringify({ log: { version: "1.2", entries: Array(30).fill(entry) } }) }]);
  await settled(page);
  await page.locator(".results .detail .cause").waitFor();
  await page.evaluate(() => document.querySelectorAll("details").forEach((own) => (own.open = true)));
  for (const width of [320, 700, 1300]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${over} pixels too wide at ${width}`);
  }
  await page.setViewportSize({ width: 1300, height: 900 });
});

test("the map and the time line narrow the list", async () => {
  await choose(page, [{ name: "ticket.har", text: har(60) }]);
  await settled(page);
  const cells = page.locator(".heat td button");
  assert.equal(await cells.count(), 3);
  await cells.first().click();
  await still(page);
  assert.equal(await page.locator(".group").count(), 1);
  await page.getByRole("button", { name: "Show all" }).click();
  await still(page);
  assert.equal(await page.locator(".group").count(), 3);
  await page.locator(".plot canvas").waitFor();
  await page.getByText("Refused requests by time, as a list").click();
  await page.locator(".times button").first().click();
  await still(page);
  assert.equal(await page.locator("button.request").count(), 1);
});

test("a large file is read beside the page, which stays awake; it can be cancelled", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "why401-large-"));
  try {
    const path = join(folder, "large.har");
    await writeFile(path, har(6000, { padding: 9000 }));
    await page.evaluate(() => {
      window.longest = 0;
      let last = performance.now();
      window.pulse = setInterval(() => {
        const now = performance.now();
        window.longest = Math.max(window.longest, now - last);
        last = now;
      }, 10);
    });
    const started = performance.now();
    await page.setInputFiles("input[type=file]", path);
    await page.locator(".progress progress").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.waitForFunction(() => !document.querySelector(".progress"));
    assert.equal(await page.locator(".pieces").count(), 0);
    t.diagnostic(`cancelled after ${(performance.now() - started).toFixed(0)} ms`);
    const again = performance.now();
    await page.setInputFiles("input[type=file]", path);
    await settled(page, 180_000);
    const longest = await page.evaluate(() => (clearInterval(window.pulse), window.longest));
    t.diagnostic(`58 MB in ${(performance.now() - again).toFixed(0)} ms; the page was deaf for ${longest.toFixed(0)} ms at most`);
    assert.match(await page.locator(".summary").innerText(), /^6000 requests: .* 3000 clear/);
    assert.ok(longest < 1000, `deaf for ${longest} ms`);
  } finally {
    await rm(folder, { recursive: true });
  }
  assert.deepEqual(faults, []);
});
