// pack.mjs VERSION OUT PLATFORM=PROGRAM...: the packages of npm, as archives in OUT: one a platform, and the one that
// finds them. The platforms are those of Node: linux-x64, darwin-arm64, win32-x64.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const [version, out, ...programs] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version ?? "") || !out || programs.length === 0) {
  console.error("usage: pack.mjs VERSION OUT PLATFORM=PROGRAM...");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "why401-npm-"));
const own = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

function pack(folder, about) {
  for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(root, licence), join(folder, licence));
  writeFileSync(join(folder, "package.json"), JSON.stringify(about, null, 2) + "\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["pack", "--silent", "--pack-destination", resolve(out)], { cwd: folder, shell: process.platform === "win32" });
}

for (const pair of programs) {
  const [platform, program] = pair.split("=");
  const name = `@why401/${platform}`;
  if (!(name in own.optionalDependencies)) throw new Error(`the wrapper does not know ${platform}`);
  const [os, cpu] = platform.split("-");
  const folder = join(work, platform);
  mkdirSync(folder);
  const file = os === "win32" ? "why401.exe" : "why401";
  copyFileSync(program, join(folder, file));
  chmodSync(join(folder, file), 0o755);
  const { license, repository } = own;
  pack(folder, { name, version, description: `why401 for ${platform}`, license, repository, os: [os], cpu: [cpu], files: [file] });
}

const wrapper = join(work, "why401");
mkdirSync(wrapper);
cpSync(join(here, "bin"), join(wrapper, "bin"), { recursive: true });
copyFileSync(join(here, "README.md"), join(wrapper, "README.md"));
const platforms = Object.keys(own.optionalDependencies);
pack(wrapper, { ...own, version, optionalDependencies: Object.fromEntries(platforms.map((name) => [name, version])) });
rmSync(work, { recursive: true });
