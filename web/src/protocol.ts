/** What goes between page, worker and engine. The documents are those of `why401 schema`. */

export type Verdict = "denied" | "unknown" | "clear";
export type Certainty = "stated" | "derived" | "possible";

/** An exchange as a list shows it; `n` is its number in the engine, `null` where only its count was kept. */
export interface Row {
  n: number | null;
  id: string | null;
  verdict: Verdict;
  method: string | null;
  url: string | null;
  status: number | null;
  provider: string | null;
  operation: string | null;
  place: string | null;
  at?: string | null;
  cause: string | null;
  certainty: Certainty | null;
  missing: string[];
  fix: string | null;
}

export interface Source {
  name: string;
  date: string | null;
  trust: string | null;
}

export interface Finding {
  code: string;
  severity: "error" | "warning" | "info";
  certainty: Certainty;
  message: string;
  evidence: { place: string; value: string }[];
  source: Source | null;
  fix: { text: string; command: string | null } | null;
}

export interface Gate {
  gate: string;
  answer: "pass" | "fail" | "depends" | "cannot-see";
  have: string[];
  need: string[][];
  missing: string[];
  /** Names of `need` that somebody reported and nobody publishes. */
  unpublished?: string[];
  holder: string;
  on?: string[];
}

export interface Argument {
  cause: string;
  says: string;
  place: string | null;
}

export interface TokenView {
  form: string;
  kind: string | null;
  fingerprint: string | null;
  header: Record<string, unknown> | null;
  claims: Record<string, unknown> | null;
  scopes: string[] | null;
  scopes_from: string | null;
  expires: string | null;
  times?: { claim: string; at: string; relative: string; past: boolean }[];
  what: string | null;
  checked: string | null;
}

export interface Diagnosis {
  id: string | null;
  subject: {
    method: string | null;
    url: string | null;
    status: number | null;
    provider: string | null;
    operation: string | null;
    place: string | null;
    at?: string;
  };
  read_as: { form: string; used: string[] } | null;
  token: TokenView;
  verdict: Verdict;
  cause: { code: string; certainty: Certainty } | null;
  findings: Finding[];
  gates: Gate[];
  for: Argument[];
  against: Argument[];
  exchanges: { role: string; method: string; url: string; status: number | null; failure?: string }[];
  next: { text: string; command: string | null }[];
  ruled_out: string[];
}

export interface Report {
  diagnoses: Diagnosis[];
  error?: string;
}

export interface Rule {
  method: string;
  path: string;
  need: Record<string, Record<string, string[][]>>;
  deny?: string[];
  unknown?: boolean;
  deprecated?: boolean;
  op?: string;
  doubt?: string[];
  note?: string;
}

export interface Operation {
  provider: string;
  name: string;
  rule: Rule;
  source: Source | null;
}

export interface Needs {
  provider: string;
  table_date: string | null;
  operations: Rule[];
  unknown: string[];
  elsewhere: number;
  kinds: { kind: string; scopes: string[]; permissions: string[]; has_scopes: boolean; exact: boolean; refused: string[]; not_known: string[] }[];
}

/** What the calls need, by each table that knows some of them. */
export interface AllNeeds {
  documents: Needs[];
  /** Calls whose host no table names. */
  elsewhere: number;
  error?: string;
}

/** What the page asks of the engine; `op` and its members are those of the engine's `Request`. */
export type Question = { op: string } & Record<string, unknown>;

/** To the worker. */
export type Order = { module: WebAssembly.Module } | { question: Question; evidence?: Blob };

/** From the worker. */
export type Notice =
  | { kind: "rows"; rows: string[] }
  | { kind: "progress"; read: number; size: number }
  | { kind: "answer"; text: string; pieces: Blob | null; memory: number }
  | { kind: "failed"; why: string };
