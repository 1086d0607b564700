/** What is handed on: a reply, the evidence without its secrets, the report, and what the calls need. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Desk, Piece } from "./desk";
import { Stopped } from "./engine";
import type { AllNeeds, Needs } from "./protocol";
import { document_of, visible } from "./visible";
import { Code, Copy, save, size } from "./words";

type Sheet = "reply" | "scrub" | "needs";

export function Handover({ desk }: { desk: Desk }) {
  const [sheet, setSheet] = useState<Sheet>();
  const report = async () => {
    const text = await desk.text({ op: "report", format: "json" });
    save("why401-report.json", new Blob([text], { type: "application/json" }));
  };
  const waits = !!desk.busy;
  return (
    <section class="handover" aria-label="Hand over">
      <p class="summary">{desk.counts.sentence()}</p>
      <div class="line">
        <button type="button" class="button main" disabled={waits} onClick={() => setSheet("reply")}>Reply for the ticket</button>
        <button type="button" class="button main" disabled={waits} onClick={() => setSheet("scrub")}>Evidence without secrets</button>
        <button type="button" class="button" disabled={waits} onClick={() => setSheet("needs")}>Scopes these calls need</button>
        <button type="button" class="button" disabled={waits} onClick={() => void report()}>Report as JSON</button>
      </div>
      {sheet === "reply" ? <Reply desk={desk} close={() => setSheet(undefined)} /> : null}
      {sheet === "scrub" ? <Scrub desk={desk} close={() => setSheet(undefined)} /> : null}
      {sheet === "needs" ? <NeedsSheet desk={desk} close={() => setSheet(undefined)} /> : null}
    </section>
  );
}

function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="sheet" onClose={close}>
      <div class="line">
        <h2 id="sheet" class="grow">{title}</h2>
        <button type="button" class="small" onClick={() => dialog.current?.close()}>Close</button>
      </div>
      {children}
    </dialog>
  );
}

function Reply({ desk, close }: { desk: Desk; close: () => void }) {
  const one = desk.chosen?.n ?? null;
  const [whole, setWhole] = useState(desk.counts.all > 1 || one === null);
  const [text, setText] = useState("");
  useEffect(() => {
    let wanted = true;
    const rows = whole || one === null ? null : [one];
    void desk.text({ op: "report", format: "markdown", rows }).then((answer) => {
      if (wanted) setText(answer);
    });
    return () => {
      wanted = false;
    };
  }, [whole, one]);
  return (
    <Dialog title="Reply for the ticket" close={close}>
      {one !== null && desk.counts.all > 1 ? (
        <fieldset class="line">
          <legend class="hidden">About</legend>
          <label><input type="radio" name="about" checked={whole} onChange={() => setWhole(true)} /> all requests</label>
          <label><input type="radio" name="about" checked={!whole} onChange={() => setWhole(false)} /> the chosen request</label>
        </fieldset>
      ) : null}
      <label>
        <span class="quiet">Markdown: the answer first, evidence and sources folded away. No credential is in it.</span>
        <textarea readOnly rows={16} value={text} spellcheck={false} />
      </label>
      <div class="line">
        <Copy text={text} name="Copy the reply" />
        <button type="button" class="button" onClick={() => save("why401-reply.md", new Blob([text], { type: "text/markdown" }))}>Download .md</button>
      </div>
    </Dialog>
  );
}

interface Clean {
  piece: Piece;
  blob?: Blob;
  removed: Record<string, number>;
  left_out: number;
  form: string;
  error?: string;
  shown: string;
}

/** So much of a clean text is shown, in characters. */
const SHOWN = 20_000;

async function clean(desk: Desk, piece: Piece): Promise<Clean> {
  const none = { piece, removed: {}, left_out: 0, form: "", shown: "" };
  try {
    const said = await desk.engine?.ask({ op: "scrub" }, piece.blob);
    if (!said) return { ...none, error: "the engine is not ready" };
    const told = document_of<Omit<Clean, "piece" | "shown" | "blob">>(said.text);
    if (told.error || !said.pieces) return { ...none, error: told.error ?? "nothing was written" };
    return { piece, ...told, blob: said.pieces, shown: readable(await said.pieces.slice(0, SHOWN).text()) };
  } catch (why) {
    return { ...none, error: why instanceof Stopped ? why.message : "it cannot be cleaned" };
  }
}

/** A text with its own line breaks; everything else that is not seen is made visible. */
function readable(text: string): string {
  return text.split(/\r?\n/).map(visible).join("\n");
}

/** `ticket.har` becomes `ticket.scrubbed.har`. */
function clean_name(piece: Piece): string {
  const name = piece.file ? piece.name : "pasted.txt";
  const at = name.lastIndexOf(".");
  return at > 0 ? `${name.slice(0, at)}.scrubbed${name.slice(at)}` : `${name}.scrubbed`;
}

function Scrub({ desk, close }: { desk: Desk; close: () => void }) {
  const [done, setDone] = useState<Clean[]>([]);
  useEffect(() => {
    let wanted = true;
    void (async () => {
      for (const piece of desk.pieces) {
        const one = await clean(desk, piece);
        if (!wanted) return;
        setDone((before) => [...before, one]);
      }
    })();
    return () => {
      wanted = false;
    };
  }, []);
  return (
    <Dialog title="Evidence without secrets" close={close}>
      <p class="quiet">What is known to be harmless stays, everything else is a typed stand-in. The answer is the same before and after. Look at it before you pass it on.</p>
      {done.map((one) => <CleanItem key={one.piece.name} one={one} />)}
      {done.length < desk.pieces.length ? <p role="status">Cleaning {done.length + 1} of {desk.pieces.length}.</p> : null}
    </Dialog>
  );
}

function CleanItem({ one }: { one: Clean }) {
  const removed = Object.entries(one.removed);
  const { blob } = one;
  return (
    <section class="clean">
      <h3><bdi>{one.piece.name}</bdi></h3>
      {one.error || !blob ? <p class="fault" role="alert">{one.error}</p> : (
        <>
          <div class="line">
            <button type="button" class="button main" onClick={() => save(clean_name(one.piece), blob)}>Download {clean_name(one.piece)}</button>
            <span class="quiet">{size(blob.size)}</span>
          </div>
          <p>{removed.length === 0 ? "Nothing had to be taken out." : `Taken out: ${removed.map(([place, count]) => `${count} × ${place}`).join(", ")}.`}{one.left_out > 0 ? ` ${one.left_out} unreadable parts are left out.` : ""}</p>
          <details class="fold">
            <summary>Look at it</summary>
            <pre tabIndex={0} class="look"><code>{one.shown}</code></pre>
            {blob.size > SHOWN ? <p class="quiet">The beginning of {size(blob.size)}.</p> : null}
          </details>
        </>
      )}
    </section>
  );
}

function NeedsSheet({ desk, close }: { desk: Desk; close: () => void }) {
  const [needs, setNeeds] = useState<AllNeeds>();
  useEffect(() => {
    void desk.ask<AllNeeds>({ op: "needs" }).then(setNeeds);
  }, []);
  return (
    <Dialog title="Scopes these calls need" close={close}>
      {needs === undefined ? <p role="status">Looking them up.</p> : needs.error ? <p>{needs.error}</p> : (
        <>
          {needs.documents.map((own) => <NeedsOf key={own.provider} needs={own} />)}
          {needs.elsewhere > 0 ? <p class="quiet">{needs.elsewhere} requests to hosts that no table names are left out.</p> : null}
        </>
      )}
    </Dialog>
  );
}

function NeedsOf({ needs }: { needs: Needs }) {
  return (
    <>
      <p class="quiet">The smallest set for each kind of token, by the table of {needs.provider} of {needs.table_date ?? "unknown date"}: {needs.operations.length} operations{needs.unknown.length > 0 ? `, ${needs.unknown.length} paths are not published` : ""}.</p>
      {needs.kinds.map((kind) => (
        <section key={kind.kind} class="clean">
          <h3><bdi>{kind.kind}</bdi></h3>
          <p>scopes: {!kind.has_scopes ? "do not apply to this kind" : kind.scopes.length === 0 ? (kind.not_known.length > 0 ? "not known" : "none needed") : kind.scopes.map((name) => <span key={name}><Code text={name} /> </span>)}</p>
          {kind.permissions.length > 0 ? <p>permissions: {kind.permissions.map((name) => <span key={name}><Code text={name} /> </span>)}</p> : null}
          {kind.refused.length > 0 ? <p>cannot call: {kind.refused.map((name) => <span key={name}><Code text={name} /> </span>)}</p> : null}
          {kind.has_scopes && kind.scopes.length > 0 ? <Copy text={kind.scopes.join(" ")} name="Copy the scopes" quiet /> : null}
        </section>
      ))}
    </>
  );
}
