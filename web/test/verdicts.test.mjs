// The page says what the program says: every fixture, the whole document.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { choose, difference, forget, open, root, run, saved, settled } from "./harness.mjs";

let page, browser, faults;
before(async () => ({ page, browser, faults } = await open()));
after(() => browser.close());

/** Fixtures of causes: the command and what it is given. */
async function causes() {
  const folder = join(root, "fixtures/causes");
  const out = [];
  for (const code of await readdir(folder)) {
    for (const twin of ["fires", "quiet"]) {
      out.push({ name: `${code}.${twin}`, ...JSON.parse(await readFile(join(folder, code, `${twin}.json`), "utf8")) });
    }
  }
  return out;
}

/** Evidence of every form. */
async function evidence() {
  const out = (await causes()).filter((own) => own.args[0] === "explain").map((own) => ({ name: `${own.name}.txt`, text: own.input }));
  for (const file of await readdir(join(root, "fixtures/inputs"))) {
    out.push({ name: file, text: await readFile(join(root, "fixtures/inputs", file), "utf8") });
  }
  const pasted = await readFile(join(root, "fixtures/pasted/sdks.txt"), "utf8");
  for (const part of pasted.split(/^=== /m).filter((own) => own.includes(" | "))) {
    const end = part.indexOf("\n");
    out.push({ name: `${basename(part.split(" | ")[0]).replaceAll(" ", "-")}.log`, text: part.slice(end + 1) });
  }
  return out;
}

/** What the program says of one file; `null` where it finds nothing to read. */
async function said(file) {
  const { out } = await run(["explain", file.name, "--format", "json"], { files: [file] });
  const report = JSON.parse(out);
  return report.error && report.diagnoses.length === 0 ? null : report;
}

async function shown(file) {
  await choose(page, [file]);
  await settled(page);
  const button = page.getByRole("button", { name: "Report as JSON" });
  const report = (await button.count()) === 0 ? null : JSON.parse((await saved(page, button)).text);
  await forget(page);
  return report;
}

test("every fixture of evidence, alone", async (t) => {
  const files = await evidence();
  assert.ok(files.length > 100, `only ${files.length}`);
  let same = 0;
  for (const file of files) {
    const own = await shown(file);
    // Where no time stands in the evidence both take their own now, which may be a second apart.
    const differs = async () => difference(own, await said(file));
    assert.equal((await differs()) && (await differs()), "", file.name);
    same += 1;
  }
  t.diagnostic(`${same} documents are the same`);
  assert.deepEqual(faults, []);
});

test("all of them in one go", async () => {
  const files = (await evidence()).filter((file) => file.text.trim());
  await choose(page, files);
  await settled(page);
  const own = JSON.parse((await saved(page, page.getByRole("button", { name: "Report as JSON" }))).text);
  await forget(page);
  const { out } = await run(["explain", ...files.map((file) => file.name), "--format", "json"], { files });
  const theirs = JSON.parse(out);
  const verdict = ({ subject, verdict: word, cause, gates, findings }) => ({ subject, word, cause, gates, findings });
  assert.equal(difference(own.diagnoses.map(verdict), theirs.diagnoses.map(verdict)), "");
  assert.equal(difference(own.skipped, theirs.skipped), "");
});

/** The value of an option, as typed. */
const option = (args, name) => (args.includes(name) ? args[args.indexOf(name) + 1] : "");

test("every fixture about a token or an endpoint", async () => {
  const files = (await causes()).filter((own) => own.args[0] !== "explain");
  assert.ok(files.length >= 26, `only ${files.length}`);
  await page.getByRole("button", { name: "Token and endpoint" }).click();
  for (const { name, args, token } of files) {
    await page.clock.setFixedTime(new Date(option(args, "--at")));
    await page.getByRole("button", { name: "Forget it" }).click();
    const fold = page.locator("form.ask details");
    if ((await fold.getAttribute("open")) === null) await fold.locator("summary").click();
    await page.locator("form.ask textarea.masked").fill(token ?? "");
    if (args[0] === "check") {
      await page.locator("form.ask").getByRole("combobox", { name: "Method" }).selectOption(args[1]);
      await page.getByRole("textbox", { name: /^Endpoint/ }).fill(args[2]);
    }
    const fields = { "--scope": /^Scopes, where/, "--permissions": /^Permissions/, "--token-kind": /^Kind/, "--audience": /^Audience/, "--issuer": /^Issuer/ };
    for (const [flag, label] of Object.entries(fields)) await page.getByRole("textbox", { name: label }).fill(option(args, flag));
    const none = args.includes("--scope") && option(args, "--scope") === "";
    await page.getByRole("checkbox", { name: /no scopes at all/ }).setChecked(none);
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByRole("button", { name: "Answer as JSON" }).waitFor();
    const own = JSON.parse((await saved(page, page.getByRole("button", { name: "Answer as JSON" }))).text);
    const { out } = await run([...args, "--format", "json"], { input: token ?? "" });
    const theirs = JSON.parse(out);
    // A command names its moment, and where the token is: the page's moment is now, its token in a field, theirs in a pipe.
    const placeless = (report) =>
      JSON.parse(
        JSON.stringify(report)
          .replace(/ --at [0-9TZ:-]+/g, "")
          .replace(/\$(?:WHY401_TOKEN|\(cat token\.txt\))/g, "TOKEN")
          .replace(/ --token-(?:env WHY401_TOKEN|file token\.txt)/g, "")
          .replace(/ (?:This command reads the token from the variable WHY401_TOKEN|Run it with the piped input saved as token\.txt)\./g, ""),
      );
    assert.equal(difference(placeless(own), placeless(theirs)), "", name);
  }
  assert.deepEqual(faults, []);
});
