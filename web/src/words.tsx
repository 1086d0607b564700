/** Small pieces that every view uses. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Certainty, Verdict } from "./protocol";

const VERDICTS: Record<Verdict, string> = { denied: "denied", unknown: "undecided", clear: "clear" };

const CERTAINTIES: Record<Certainty, string> = {
  stated: "stated by the server",
  derived: "derived from what is given",
  possible: "possible, not certain",
};

const TRUST: Record<string, string> = {
  A: "the vendor's own",
  B: "several sources agree",
  C: "one report",
};

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return <span class={`mark ${verdict}`}>{VERDICTS[verdict]}</span>;
}

export function verdict_word(verdict: Verdict): string {
  return VERDICTS[verdict];
}

export function CertaintyMark({ certainty }: { certainty: Certainty }) {
  return <span class={`certainty ${certainty}`}>{CERTAINTIES[certainty]}</span>;
}

export function trust_word(letter: string): string {
  return `trust ${letter}${TRUST[letter] ? `, ${TRUST[letter]}` : ""}`;
}

/** A sentence of ours with what it quotes between backticks; each quotation keeps to itself. */
export function Sentence({ text }: { text: string }) {
  const parts = text.split("`");
  return <>{parts.map((part, number) => (number % 2 === 1 && number < parts.length - 1 ? <Code key={number} text={part} /> : <bdi key={number}>{part}</bdi>))}</>;
}

/** A name or value that others chose. */
export function Code({ text }: { text: string }) {
  return <code dir="auto">{text}</code>;
}

/** A button that copies a text and says so. */
export function Copy({ text, name, quiet }: { text: string; name: string; quiet?: boolean }) {
  const [done, setDone] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone("Copied");
    } catch {
      setDone(copied_by_hand(text) ? "Copied" : "Select it and copy by hand");
    }
    setTimeout(() => setDone(""), 2500);
  };
  return (
    <button type="button" class={quiet ? "small" : "button"} onClick={copy}>
      <span aria-live="polite">{done || name}</span>
    </button>
  );
}

/** For pages that are no secure context, such as a file in some browsers. */
function copied_by_hand(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** A command to paste into a shell. */
export function Command({ text }: { text: string }) {
  return (
    <div class="command">
      <pre tabIndex={0} aria-label="command"><code>{text}</code></pre>
      <Copy text={text} name="Copy" quiet />
    </div>
  );
}

export function Fold({ title, count, open, children }: { title: string; count?: number; open?: boolean; children: ComponentChildren }) {
  return (
    <details class="fold" open={open ?? false}>
      <summary>
        {title}
        {count === undefined ? null : <span class="count"> {count}</span>}
      </summary>
      <div class="folded">{children}</div>
    </details>
  );
}

/** Saves a file on this machine. */
export function save(name: string, blob: Blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [factor, unit] = bytes < 1e6 ? [1e3, "kB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${(bytes / factor).toFixed(bytes / factor < 10 ? 1 : 0)} ${unit}`;
}
