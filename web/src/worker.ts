/** Runs the engine beside the page. Evidence is read in slices, when the engine asks for more. */
import type { Notice, Order } from "./protocol";

/** Bytes read of a file at a time. */
const SLICE = 1 << 20;
/** Rows handed over at a time, and milliseconds between two notices of progress. */
const BATCH = 500;
const PAUSE = 100;

interface Exports {
  memory: WebAssembly.Memory;
  place(length: number): number;
  call(at: number, length: number): void;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;
const tell = (notice: Notice) => scope.postMessage(notice);

let engine: Exports;
let evidence: Blob | undefined;
let slice = new Uint8Array();
let start = 0;
let taken = 0;
let told = 0;
let rows: string[] = [];
let pieces: Blob[] = [];
let answer = "";

function flush() {
  if (rows.length > 0) {
    tell({ kind: "rows", rows });
    rows = [];
  }
}

function progress() {
  const now = performance.now();
  if (evidence && now - told > PAUSE) {
    told = now;
    flush();
    tell({ kind: "progress", read: start + taken, size: evidence.size });
  }
}

/** The engine's `read`: up to so many bytes of the evidence into its memory. */
function read(to: number, length: number): number {
  if (!evidence) return 0;
  if (taken === slice.length) {
    start += slice.length;
    taken = 0;
    if (start >= evidence.size) {
      slice = new Uint8Array();
      return 0;
    }
    slice = new Uint8Array(new FileReaderSync().readAsArrayBuffer(evidence.slice(start, start + SLICE)));
    progress();
  }
  const got = slice.subarray(taken, taken + length);
  new Uint8Array(engine.memory.buffer, to, got.length).set(got);
  taken += got.length;
  return got.length;
}

/** The engine's `give`: a row (0), a piece of a result (1), the answer (2). */
function give(kind: number, at: number, length: number) {
  const bytes = new Uint8Array(engine.memory.buffer, at, length);
  if (kind === 1) {
    pieces.push(new Blob([bytes.slice()]));
    return;
  }
  const text = new TextDecoder().decode(bytes);
  if (kind === 2) {
    answer = text;
    return;
  }
  rows.push(text);
  if (rows.length >= BATCH) flush();
}

function ask(question: string, about: Blob | undefined) {
  [evidence, slice, start, taken, told] = [about, new Uint8Array(), 0, 0, performance.now()];
  [rows, pieces, answer] = [[], [], ""];
  const bytes = new TextEncoder().encode(question);
  const at = engine.place(bytes.length);
  new Uint8Array(engine.memory.buffer, at, bytes.length).set(bytes);
  engine.call(at, bytes.length);
  flush();
  const result = pieces.length > 0 ? new Blob(pieces, { type: "text/plain" }) : null;
  tell({ kind: "answer", text: answer, pieces: result, memory: engine.memory.buffer.byteLength });
}

scope.onmessage = (event: MessageEvent<Order>) => {
  const order = event.data;
  try {
    if ("module" in order) {
      const instance = new WebAssembly.Instance(order.module, { page: { read, give } });
      engine = instance.exports as unknown as Exports;
      return;
    }
    ask(JSON.stringify(order.question), order.evidence);
  } catch (fault) {
    // Words of the evidence can stand in no fault of the engine: it stops without a message.
    const why = fault instanceof RangeError ? "there is not enough memory" : "the engine stopped";
    tell({ kind: "failed", why });
  }
};
