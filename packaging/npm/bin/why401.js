#!/usr/bin/env node
// Runs the program of the platform's own package, and ends as it ends.
"use strict";

const { spawnSync } = require("node:child_process");
const { constants } = require("node:os");

const name = `@why401/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "why401.exe" : "why401";

let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  console.error(
    `why401: the package ${name} is not installed. Either no program is released for this platform (cargo install why401 builds one), or optional dependencies were left out (npm install --include=optional).`,
  );
  process.exit(2);
}

const run = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (run.error) {
  console.error(`why401: the program cannot be started: ${run.error.code}`);
  process.exit(2);
}
process.exit(run.signal ? 128 + constants.signals[run.signal] : run.status);
