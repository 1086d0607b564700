// Builds the page: one HTML file that holds its style, its code, its worker and its engine, and a policy that lets it
// reach nothing. Usage: node build.mjs [ENGINE.wasm]
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const engine = process.argv[2] ?? here("../target/engine/engine.wasm");
const out = here("dist/why401.html");

/** One bundle of an entry, in memory. */
async function bundle(entry, format) {
  const result = await build({
    root: here("."),
    configFile: false,
    logLevel: "warn",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      target: "es2022",
      cssMinify: true,
      modulePreload: false,
      lib: { entry: here(entry), formats: [format], name: "page", fileName: "page", cssFileName: "page" },
    },
  });
  const files = (Array.isArray(result) ? result : [result]).flatMap((one) => one.output);
  const text = (file) => (file.type === "chunk" ? file.code : file.source.toString());
  const find = (ending) => files.filter((file) => file.fileName.endsWith(ending)).map(text).join("\n");
  return { code: find("js"), style: find(".css") };
}

/** A text between tags cannot end them. */
const within = (text) => text.replaceAll("</", "<\\/").replaceAll("<!--", "<\\!--");

/** How a policy names an inline text. */
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const main = await bundle("src/main.tsx", "es");
const worker = await bundle("src/worker.ts", "iife");
const wasm = await readFile(engine);
const packed = gzipSync(wasm, { level: 9 }).toString("base64");
const code = `\n${within(main.code)}\n`;
const style = `\n${main.style}\n`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(code)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  "worker-src blob:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types why401-worker",
].join("; ");
const parts = { policy, style, code, worker: `\n${within(worker.code)}\n`, engine: packed };
const template = await readFile(here("src/page.html"), "utf8");
const html = template.replace(/\[\[(\w+)\]\]/g, (_, name) => parts[name]);
await mkdir(here("dist"), { recursive: true });
await writeFile(out, html);
const kb = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
console.log(
  `${out}: ${kb(html.length)}; engine ${kb(wasm.length)}, gzip ${kb(gzipSync(wasm, { level: 9 }).length)}; ` +
    `code ${kb(main.code.length + worker.code.length)}, style ${kb(style.length)}`,
);
