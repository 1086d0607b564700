/** What the page knows of the evidence at hand. The engine judges; this keeps the list, the counts and the choice. */
import { Engine, Stopped } from "./engine";
import { Counts, type Filter, groups, type Group } from "./groups";
import type { Question, Report, Row, Verdict } from "./protocol";
import { document_of, visible } from "./visible";

/** Evidence as it was dropped or pasted. */
export interface Piece {
  name: string;
  blob: Blob;
  /** Whether it is a file that a command can name. */
  file: boolean;
  /** What it was read as, what was not read, why not all. */
  form?: string;
  skipped: { place: string; why: string }[];
  /** How many more parts were not read. */
  moreSkipped?: number;
  error?: string;
}

export interface Settings {
  provider: string;
  status: string;
}

/** So many rows are kept for the list; further ones are counted. */
const LISTED = 100_000;

const REFUSED: Verdict[] = ["denied", "unknown"];

export class Desk {
  engine: Engine | undefined;
  fault = "";
  pieces: Piece[] = [];
  rows: Row[] = [];
  counts = new Counts();
  filter: Filter = { verdicts: new Set(REFUSED), words: "" };
  settings: Settings = { provider: "", status: "" };
  busy: { name: string; read: number; size: number } | undefined;
  chosen: Row | undefined;
  report: Report | undefined;
  /** What was just done, for those who hear the page. */
  said = "";
  /** Bytes of memory that the engine has taken. */
  memory = 0;
  private grouped: Group[] | undefined;
  private hearers = new Set<() => void>();
  private planned = 0;

  hear(hearer: () => void): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  /** Tells the views, at most once a frame. */
  tell() {
    this.grouped = undefined;
    if (this.planned) return;
    this.planned = requestAnimationFrame(() => {
      this.planned = 0;
      for (const hearer of this.hearers) hearer();
    });
  }

  async start() {
    try {
      this.engine = await Engine.start();
      await this.ask({ op: "open", now: now() });
    } catch {
      this.fault = "The engine cannot start: this browser lacks WebAssembly, DecompressionStream or Web Workers.";
    }
    this.tell();
  }

  /** Asks the engine; its answer as a document. */
  async ask<T>(question: Question): Promise<T> {
    if (!this.engine) throw new Stopped("the engine is not ready");
    const said = await this.engine.ask(question);
    this.memory = said.memory;
    return document_of<T>(said.text);
  }

  /** The groups of what the filter lets through. */
  groups(): Group[] {
    this.grouped ??= groups(this.rows, this.filter);
    return this.grouped;
  }

  async add(pieces: { name: string; blob: Blob; file: boolean }[]) {
    const fresh = pieces.map((piece) => ({ ...piece, name: visible(piece.name), skipped: [] }));
    this.pieces = [...this.pieces, ...fresh];
    for (const piece of fresh) {
      if (!(await this.read(piece))) return;
    }
    this.finished();
  }

  /** Judges everything anew. */
  async again() {
    const pieces = this.pieces;
    this.forget();
    const status = Number.parseInt(this.settings.status, 10);
    await this.ask({
      op: "open",
      now: now(),
      provider: this.settings.provider || null,
      status: status >= 100 && status < 600 ? status : null,
    });
    await this.add(pieces);
  }

  async remove(piece: Piece) {
    this.pieces = this.pieces.filter((own) => own !== piece);
    if (this.pieces.length > 0) return this.again();
    await this.clear();
  }

  async clear() {
    this.engine?.cancel();
    this.forget();
    this.said = "Everything is forgotten.";
    this.tell();
    await this.ask({ op: "open", now: now() });
  }

  cancel() {
    const name = this.busy?.name ?? "the evidence";
    this.engine?.cancel();
    this.forget();
    this.said = `Cancelled while reading ${name}. Nothing of it is kept.`;
    this.tell();
    void this.ask({ op: "open", now: now() });
  }

  async choose(row: Row) {
    this.chosen = row;
    this.report = undefined;
    this.tell();
    if (row.n === null) return;
    const report = await this.ask<Report>({ op: "detail", row: row.n }).catch(() => undefined);
    if (this.chosen === row) this.report = report;
    this.tell();
  }

  /** Asks for a text that the engine made ready for its readers, the member `text` of its answer. */
  async text(question: Question): Promise<string> {
    const said = await this.engine?.ask(question);
    const answer = JSON.parse(said?.text ?? "{}") as { text?: string };
    return answer.text ?? "";
  }

  private forget() {
    this.pieces = [];
    this.rows = [];
    this.counts = new Counts();
    this.filter = { verdicts: new Set(REFUSED), words: "" };
    this.busy = undefined;
    this.chosen = undefined;
    this.report = undefined;
  }

  /** Reads one piece; false where that was ended. */
  private async read(piece: Piece): Promise<boolean> {
    if (!this.engine) return false;
    this.busy = { name: piece.name, read: 0, size: piece.blob.size };
    this.said = `Reading ${piece.name}.`;
    this.tell();
    try {
      const question = { op: "explain", name: piece.name, file: piece.file };
      const said = await this.engine.ask(question, piece.blob, {
        rows: (rows) => this.take(rows),
        progress: (read, size) => {
          this.busy = { name: piece.name, read, size };
          this.tell();
        },
      });
      this.memory = said.memory;
      const end = document_of<{ form: string; skipped: Piece["skipped"]; more_skipped: number; error: string | null }>(said.text);
      piece.form = end.form;
      piece.skipped = end.skipped;
      piece.moreSkipped = end.more_skipped;
      if (end.error) piece.error = end.error;
    } catch (why) {
      if (why instanceof Stopped && why.message === "cancelled") return false;
      piece.error = why instanceof Error ? why.message : "it cannot be read";
    }
    this.busy = undefined;
    this.tell();
    return true;
  }

  private take(texts: string[]) {
    for (const text of texts) {
      const [n, shown] = document_of<[number | null, Omit<Row, "n">]>(text);
      const row = { ...shown, n };
      this.counts.add(row);
      if (this.rows.length < LISTED) this.rows.push(row);
    }
    this.tell();
  }

  private finished() {
    this.said = this.counts.sentence();
    const first = this.groups()[0]?.rows[0];
    const only = this.rows.length === 1 ? this.rows[0] : undefined;
    if (!this.chosen && (first ?? only)) void this.choose((first ?? only) as Row);
    this.tell();
  }
}

/** The moment, in seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}
