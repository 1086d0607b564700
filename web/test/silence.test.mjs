// Nothing leaves: no request, no secret, and no word of the evidence that does something.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { har, marked } from "./evidence.mjs";
import { choose, html, open, saved, seen, settled, still } from "./harness.mjs";

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "why401-net-"))));
after(() => rm(folder, { recursive: true }));

/** Opens every request, fold and sheet; gives what was read and what was saved. */
async function everything(page) {
  const read = [];
  const texts = [];
  for (const box of await page.locator(".filters input[type=checkbox]").all()) await box.check();
  await still(page);
  const unfold = (place) => page.evaluate((place) => document.querySelectorAll(`${place} details`).forEach((own) => (own.open = true)), place);
  await unfold(".list");
  await still(page);
  for (const request of await page.locator("button.request").all()) {
    await request.click();
    await page.locator(".detail").waitFor();
    await unfold(".detail");
    read.push(await seen(page));
  }
  texts.push((await saved(page, page.getByRole("button", { name: "Report as JSON" }))).text);
  await page.getByRole("button", { name: "Reply for the ticket" }).click();
  await page.waitForFunction(() => document.querySelector("dialog textarea").value.length > 0);
  texts.push((await saved(page, page.getByRole("button", { name: "Download .md" }))).text);
  read.push(await seen(page));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Evidence without secrets" }).click();
  await page.locator("dialog summary").first().waitFor();
  await unfold("dialog");
  await page.waitForFunction(() => !document.querySelector("dialog [role=status]"));
  for (const button of await page.locator("dialog").getByRole("button", { name: /^Download / }).all()) texts.push((await saved(page, button)).text);
  read.push(await seen(page));
  await page.keyboard.press("Escape");
  return { read, texts };
}

/** What pages asked the network for, as the browser itself wrote it down; its own errands have no initiator. */
async function asked(log) {
  const { constants, events } = JSON.parse(await readFile(log, "utf8"));
  const start = constants.logEventTypes.URL_REQUEST_START_JOB;
  const requests = events.filter((own) => own.type === start && own.params?.initiator && own.params.initiator !== "not an origin");
  return requests.map((own) => own.params.url).filter((url) => !/^(file|blob|data):/.test(url));
}

test("the browser's own log has no request of the page", async () => {
  const log = join(folder, "net.json");
  const { browser, page, faults } = await open({ log });
  await choose(page, [{ name: "ticket.har", text: har(60) }]);
  await settled(page);
  await everything(page);
  // A page without a policy, so that an empty list is known to mean something.
  const control = "http://127.0.0.1:9/control";
  const other = await page.context().newPage();
  await other.goto("about:blank");
  await other.evaluate((url) => fetch(url).catch(() => undefined), control);
  await browser.close();
  assert.deepEqual(await asked(log), [control]);
  assert.deepEqual(faults, []);
});

test("the page cannot talk even if it is told to", async () => {
  let heard = 0;
  const server = createServer((_, answer) => {
    heard += 1;
    answer.end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { browser, page } = await open();
  const origin = `http://127.0.0.1:${server.address().port}`;
  const refused = await page.evaluate(async (origin) => {
    const tries = {
      fetch: () => fetch(`${origin}/fetch`),
      image: () => new Promise((done, fail) => Object.assign(new Image(), { onload: done, onerror: fail, src: `${origin}/image` })),
      socket: () => new Promise((done, fail) => Object.assign(new WebSocket(origin.replace("http", "ws")), { onopen: done, onerror: fail })),
      style: () => new Promise((done, fail) => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${origin}/style`, onload: done, onerror: fail }))),
      code: () => {
        eval("1");
      },
      markup: () => {
        document.body.innerHTML = "<b>x</b>";
      },
    };
    const out = [];
    for (const [name, attempt] of Object.entries(tries)) {
      try {
        await attempt();
      } catch {
        out.push(name);
      }
    }
    navigator.sendBeacon(`${origin}/beacon`, "x");
    const form = document.createElement("form");
    form.action = `${origin}/form`;
    document.body.append(form);
    form.submit();
    return out;
  }, origin);
  await page.waitForTimeout(500);
  await browser.close();
  server.close();
  assert.deepEqual(refused, ["fetch", "image", "socket", "style", "code", "markup"]);
  assert.equal(heard, 0);
});

test("a marked secret stands nowhere on the page and in no download", async () => {
  const secret = marked("the customer's token");
  const other = marked("the password");
  const reversed = [...secret].reverse().join("");
  const paste = `curl -v 'https://api.example.com/things?access_token=${secret}' -H 'Authorization: Bearer ${secret}' -d '{"password":"${other}"}'\n< HTTP/1.1 401 Unauthorized\n< WWW-Authenticate: Bearer error="invalid_token"\n\n{"error":"invalid_token","token":"${secret}"}`;
  const { browser, page } = await open();
  await choose(page, [{ name: "ticket.har", text: har(12, { secret }) }]);
  await settled(page);
  await page.getByText("Paste text").click();
  await page.locator(".drop textarea").fill(paste);
  await page.getByRole("button", { name: "Explain the text" }).click();
  await page.getByText("pasted text 1").first().waitFor();
  await settled(page);
  const { read, texts } = await everything(page);
  await page.getByRole("button", { name: "Token and endpoint" }).click();
  await page.locator("textarea.masked").fill(secret);
  await page.getByRole("button", { name: "Compare" }).click();
  texts.push((await saved(page, page.getByRole("button", { name: "Answer as JSON" }))).text);
  read.push(await seen(page));
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.title]));
  await browser.close();
  assert.ok(read.length > 12, `${read.length} pages`);
  assert.equal(texts.length, 5);
  for (const text of [...read, ...texts, kept]) {
    for (const own of [secret, other, reversed]) assert.ok(!text.includes(own), text.slice(Math.max(0, text.indexOf(own) - 200)).slice(0, 300));
  }
});

test("hostile words of the evidence are words", async () => {
  const bad = `<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>\u202egnp.exe\u2066 [x](javascript:alert(1))`;
  const entry = (url) => ({ startedDateTime: "2026-09-01T10:00:00Z", request: { method: "GET", url, headers: [{ name: bad, value: bad }] }, response: { status: 403, headers: [{ name: "WWW-Authenticate", value: `Bearer realm="${bad.replaceAll('"', "'")}", error="insufficient_scope", scope="<b>a</b> b"` }], content: { mimeType: "application/json", text: JSON.stringify({ error: bad, error_description: bad, message: bad }) } } });
  const text = JSON.stringify({ log: { version: "1.2", creator: { name: bad, version: "1" }, entries: [entry(`https://api.example.com/${encodeURI("<svg onload=hacked=3>")}/\u202ex`), entry("javascript:window.hacked=4")] } });
  const { browser, page, faults } = await open();
  await choose(page, [{ name: `${bad.replaceAll("/", "")}.har`, text }, { name: "bad.txt", text: bad }]);
  await settled(page);
  const { texts } = await everything(page);
  const state = await page.evaluate(() => ({
    hacked: window.hacked,
    foreign: document.querySelectorAll("img, iframe, object, embed, svg, link, a[href^='javascript:'], #app script").length,
    unseen: /[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/.test(document.body.innerText),
  }));
  await browser.close();
  assert.deepEqual(state, { hacked: undefined, foreign: 0, unseen: false });
  assert.deepEqual(faults, []);
  const [report, reply] = texts;
  for (const own of [report, reply]) assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(own));
  assert.ok(!/<(img|script|b|svg)\b/i.test(reply.replace(/`[^`]*`/g, "")));
});

test("the file is whole: nothing is loaded, and its policy says so", async () => {
  const text = await readFile(html, "utf8");
  const outside = text.replace(/<script type="text\/plain"[^]*?<\/script>/g, "").match(/\b(?:src|href)=["'][^"']*/g) ?? [];
  assert.deepEqual(outside, []);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? "";
  for (const part of ["default-src 'none'", "connect-src 'none'", "form-action 'none'", "require-trusted-types-for 'script'"]) assert.ok(policy.includes(part), part);
  const packed = /id="engine">([^<]*)</.exec(text)?.[1] ?? "";
  const engine = await WebAssembly.compile(gunzipSync(Buffer.from(packed, "base64")));
  assert.deepEqual(WebAssembly.Module.imports(engine).map((own) => own.name).sort(), ["give", "read"]);
  assert.ok(!policy.includes("unsafe-inline") && !policy.includes("'unsafe-eval'"), policy);
});
