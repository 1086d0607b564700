/** Where evidence comes in: dropped, chosen or pasted. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "./desk";
import { EXAMPLE } from "./example";

let pasted = 0;

function take(desk: Desk, files: Iterable<File>) {
  const pieces = [...files].map((file) => ({ name: file.name, blob: file, file: true }));
  if (pieces.length > 0) void desk.add(pieces);
}

function paste(desk: Desk, text: string, name = `pasted text ${(pasted += 1)}`) {
  void desk.add([{ name, blob: new Blob([text]), file: false }]);
}

/** Whether typing goes into a field. */
function in_field(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

export function Drop({ desk, small }: { desk: Desk; small: boolean }) {
  const [over, setOver] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  useEffect(() => listen(desk, setOver), [desk]);
  const explain = () => {
    const text = area.current?.value ?? "";
    if (!text.trim() || !area.current) return;
    // What was pasted may hold a credential: it stays in no field.
    area.current.value = "";
    paste(desk, text);
  };
  return (
    <section class={`drop${over ? " over" : ""}${small ? " compact" : ""}`} aria-label="Add evidence">
      <div class="chooser">
        <p class="call">{small ? "Drop more evidence" : "Drop a HAR, a log, a transcript or a mail here"}</p>
        <button type="button" class={small ? "button" : "button main"} disabled={!desk.engine} onClick={() => files.current?.click()}>Choose files</button>
        <input ref={files} type="file" multiple class="hidden" tabIndex={-1} aria-label="Evidence files" onChange={(event) => {
          take(desk, event.currentTarget.files ?? []);
          event.currentTarget.value = "";
        }} />
        {small ? null : <button type="button" class="button" disabled={!desk.engine} onClick={() => paste(desk, EXAMPLE, "example.har")}>Try an example</button>}
      </div>
      <details class="fold" open={!small}>
        <summary>Paste text</summary>
        <label>
          <span class="quiet">A curl command or its output, log lines, an exception, an error body, a whole mail</span>
          <textarea ref={area} rows={small ? 3 : 6} spellcheck={false} autocomplete="off" autocapitalize="off" onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) explain();
          }} />
        </label>
        <button type="button" class="button" disabled={!desk.engine} onClick={explain}>Explain the text</button>
      </details>
    </section>
  );
}

/** The whole window takes files, and text pasted outside a field. */
function listen(desk: Desk, setOver: (over: boolean) => void): () => void {
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!event.relatedTarget) setOver(false);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const { files } = event.dataTransfer ?? { files: [] };
    if (files.length > 0) return take(desk, files);
    const text = event.dataTransfer?.getData("text/plain");
    if (text) paste(desk, text);
  };
  const clip = (event: ClipboardEvent) => {
    if (in_field(event.target) || document.querySelector("dialog[open]")) return;
    const { files } = event.clipboardData ?? { files: [] };
    if (files.length > 0) return take(desk, files);
    const text = event.clipboardData?.getData("text/plain");
    if (text?.trim()) paste(desk, text);
  };
  addEventListener("dragover", over);
  addEventListener("dragleave", leave);
  addEventListener("drop", drop);
  addEventListener("paste", clip);
  return () => {
    removeEventListener("dragover", over);
    removeEventListener("dragleave", leave);
    removeEventListener("drop", drop);
    removeEventListener("paste", clip);
  };
}
