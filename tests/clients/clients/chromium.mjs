// A page of another origin fetches, so the browser says both what it was refused and what it blocked; its HAR beside it.
import { writeFileSync } from "node:fs";
import { harFromMessages } from "chrome-har";
import puppeteer from "puppeteer-core";
const [, , base, token, har] = process.argv;
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
const session = await page.createCDPSession();
const events = [];
for (const method of ["Page.loadEventFired", "Page.domContentEventFired", "Page.frameStartedLoading", "Page.frameAttached", "Page.frameScheduledNavigation", "Network.requestWillBeSent", "Network.requestWillBeSentExtraInfo", "Network.requestServedFromCache", "Network.dataReceived", "Network.responseReceived", "Network.responseReceivedExtraInfo", "Network.resourceChangedPriority", "Network.loadingFinished", "Network.loadingFailed"]) {
  session.on(method, (params) => events.push({ method, params }));
}
await session.send("Page.enable");
await session.send("Network.enable");
page.on("console", (message) => console.log(`${message.location().url}: ${message.text()}`));
await page.goto(`${base}/page`, { waitUntil: "networkidle0" });
await page.evaluate(async (url, header) => {
  const answer = await fetch(url, { headers: { Authorization: header } });
  console.error(`${answer.status} ${answer.statusText} ${await answer.text()}`);
}, `${base}/v1/me`, `Bearer ${token}`);
await new Promise((done) => setTimeout(done, 500));
if (har) writeFileSync(har, JSON.stringify(harFromMessages(events, { includeTextFromResponseBody: true }), null, 1));
await browser.close();
