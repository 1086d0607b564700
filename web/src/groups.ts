/** Rows put together as the program does: by verdict, provider, cause, certainty, what is missing and what to do. */
import type { Certainty, Row, Verdict } from "./protocol";

/** Which rows are shown. */
export interface Filter {
  verdicts: Set<Verdict>;
  words: string;
  /** A cell of the map: endpoint and cause. */
  endpoint?: string;
  cause?: string;
  /** Seconds since 1970. */
  from?: number;
  to?: number;
}

export interface Group {
  key: string;
  verdict: Verdict;
  cause: string | null;
  certainty: Certainty | null;
  provider: string | null;
  missing: string[];
  fix: string | null;
  rows: Row[];
  /** Its endpoints, the most frequent first. */
  endpoints: { name: string; rows: Row[] }[];
}

const RANK: Record<Verdict, number> = { denied: 0, unknown: 1, clear: 2 };

/** The operation of the table, else method and path, else the place. */
export function endpoint(row: Row): string {
  if (row.operation) return row.operation;
  if (!row.url) return row.place ?? "somewhere";
  const rest = row.url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return `${row.method ?? ""} ${rest.split(/[?#]/)[0] || "/"}`.trim();
}

export function moment(row: Row): number | undefined {
  const at = row.at ? Date.parse(row.at) : Number.NaN;
  return Number.isNaN(at) ? undefined : at / 1000;
}

export function passes(row: Row, filter: Filter): boolean {
  if (!filter.verdicts.has(row.verdict)) return false;
  if (filter.endpoint !== undefined && endpoint(row) !== filter.endpoint) return false;
  if (filter.cause !== undefined && (row.cause ?? row.verdict) !== filter.cause) return false;
  if (filter.from !== undefined || filter.to !== undefined) {
    const at = moment(row);
    if (at === undefined || at < (filter.from ?? 0) || at >= (filter.to ?? Number.POSITIVE_INFINITY)) return false;
  }
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [row.method, row.url, row.status, row.provider, row.operation, row.place, row.cause, row.id, ...row.missing]
    .join(" ")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

export function groups(rows: Row[], filter: Filter): Group[] {
  const known = new Map<string, Group>();
  for (const row of rows) {
    if (!passes(row, filter)) continue;
    const { verdict, cause, certainty, provider, missing, fix } = row;
    const key = JSON.stringify([verdict, provider, cause, certainty, missing, fix]);
    let group = known.get(key);
    if (!group) known.set(key, (group = { key, verdict, cause, certainty, provider, missing, fix, rows: [], endpoints: [] }));
    group.rows.push(row);
  }
  for (const group of known.values()) group.endpoints = by_endpoint(group.rows);
  return [...known.values()].sort((a, b) => RANK[a.verdict] - RANK[b.verdict] || b.rows.length - a.rows.length);
}

function by_endpoint(rows: Row[]): { name: string; rows: Row[] }[] {
  const known = new Map<string, Row[]>();
  for (const row of rows) {
    const name = endpoint(row);
    const list = known.get(name);
    if (list) list.push(row);
    else known.set(name, [row]);
  }
  return [...known].map(([name, own]) => ({ name, rows: own })).sort((a, b) => b.rows.length - a.rows.length);
}

/** Every request counted, listed or not. */
export class Counts {
  verdicts: Record<Verdict, number> = { denied: 0, unknown: 0, clear: 0 };
  /** Of refused requests: endpoint, cause, how many. */
  cells = new Map<string, Map<string, number>>();
  /** Moments with their verdicts, for the time line. */
  moments: { at: number; verdict: Verdict }[] = [];

  get all(): number {
    return this.verdicts.denied + this.verdicts.unknown + this.verdicts.clear;
  }

  get refused(): number {
    return this.verdicts.denied + this.verdicts.unknown;
  }

  add(row: Row) {
    this.verdicts[row.verdict] += 1;
    const at = moment(row);
    if (at !== undefined && this.moments.length < 1_000_000) this.moments.push({ at, verdict: row.verdict });
    if (row.verdict === "clear") return;
    const name = endpoint(row);
    const cause = row.cause ?? row.verdict;
    let causes = this.cells.get(name);
    if (!causes && this.cells.size < 10_000) this.cells.set(name, (causes = new Map()));
    causes?.set(cause, (causes.get(cause) ?? 0) + 1);
  }

  sentence(): string {
    if (this.all === 0) return "No request was found in the evidence.";
    const parts = [
      [this.verdicts.denied, "denied"],
      [this.verdicts.unknown, "undecided"],
      [this.verdicts.clear, "clear"],
    ].filter(([count]) => count);
    const causes = new Set([...this.cells.values()].flatMap((own) => [...own.keys()]));
    const many = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
    const tail = causes.size > 0 ? `; ${many(causes.size, "cause")}` : "";
    return `${many(this.all, "request")}: ${parts.map((part) => part.join(" ")).join(", ")}${tail}.`;
  }
}
