/** Evidence in, refused requests out. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Desk, Piece } from "./desk";
import { Detail } from "./detail";
import { Drop } from "./drop";
import { Handover } from "./handover";
import { List } from "./list";
import { Overview } from "./overview";
import { size } from "./words";

/** From so many requests on, map and time line say more than a list. */
const MANY = 20;

export function EvidenceView({ desk }: { desk: Desk }) {
  const empty = desk.pieces.length === 0;
  return (
    <>
      <h2 class="hidden">Evidence</h2>
      <Drop desk={desk} small={!empty} />
      {desk.busy ? <Progress desk={desk} /> : null}
      {empty ? null : (
        <>
          <Pieces desk={desk} />
          {desk.counts.all > 0 ? <Handover desk={desk} /> : null}
          {desk.counts.all > MANY ? <Overview desk={desk} /> : null}
          {desk.counts.all > 0 ? <Results desk={desk} /> : null}
        </>
      )}
    </>
  );
}

function Progress({ desk }: { desk: Desk }) {
  const { name, read, size: all } = desk.busy ?? { name: "", read: 0, size: 0 };
  return (
    <div class="progress">
      <label>
        Reading <bdi>{name}</bdi>: {size(read)} of {size(all)}, {desk.counts.all} requests so far
        <progress max={Math.max(all, 1)} value={read} />
      </label>
      <button type="button" class="button" onClick={() => desk.cancel()}>Cancel</button>
    </div>
  );
}

function Pieces({ desk }: { desk: Desk }) {
  return (
    <section aria-label="Evidence at hand">
      <ul class="pieces">
        {desk.pieces.map((piece) => <PieceItem key={piece.name} desk={desk} piece={piece} />)}
      </ul>
      <div class="line">
        <Judged desk={desk} />
        <button type="button" class="small" onClick={() => void desk.clear()}>Forget everything</button>
      </div>
    </section>
  );
}

function PieceItem({ desk, piece }: { desk: Desk; piece: Piece }) {
  const more = piece.moreSkipped ?? 0;
  const parts = piece.skipped.length + more;
  return (
    <li>
      <strong><bdi>{piece.name}</bdi></strong> <span class="quiet">{size(piece.blob.size)}{piece.form ? `, read as ${piece.form}` : ""}</span>
      <button type="button" class="small" aria-label={`Remove ${piece.name}`} disabled={!!desk.busy} onClick={() => void desk.remove(piece)}>Remove</button>
      {piece.error ? <p class="fault" role="alert">{piece.error}</p> : null}
      {piece.skipped.length > 0 ? (
        <details class="fold">
          <summary>{parts} part{parts === 1 ? " was" : "s were"} not looked at</summary>
          <ul class="folded">{piece.skipped.map((own) => <li key={own.place}><bdi>{own.place}</bdi>: {own.why}</li>)}{more > 0 ? <li>and {more} more</li> : null}</ul>
        </details>
      ) : null}
    </li>
  );
}

/** How the evidence is judged, where it does not say it itself. */
function Judged({ desk }: { desk: Desk }) {
  const [providers, setProviders] = useState<{ id: string; name: string }[]>([]);
  const ask = () => {
    if (providers.length === 0) void desk.ask<{ id: string; name: string }[]>({ op: "providers" }).then(setProviders);
  };
  const change = (settings: Partial<Desk["settings"]>) => {
    desk.settings = { ...desk.settings, ...settings };
    void desk.again();
  };
  return (
    <details class="fold grow" onToggle={ask}>
      <summary>Judge it otherwise</summary>
      <div class="folded fields">
        <label>
          Whose API it is
          <select value={desk.settings.provider} disabled={!!desk.busy} onChange={(event) => change({ provider: event.currentTarget.value })}>
            <option value="">as the evidence says</option>
            {providers.map((own) => <option key={own.id} value={own.id}>{own.name}</option>)}
          </select>
        </label>
        <label>
          Status of an answer that shows none
          <input type="number" min={100} max={599} placeholder="403" value={desk.settings.status} disabled={!!desk.busy} onChange={(event) => change({ status: event.currentTarget.value })} />
        </label>
      </div>
    </details>
  );
}

function Results({ desk }: { desk: Desk }) {
  const detail = useRef<HTMLElement>(null);
  const { chosen, report } = desk;
  const diagnosis = report?.diagnoses[0];
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked > 0) {
      detail.current?.focus({ preventScroll: true });
      detail.current?.scrollIntoView({ block: "start" });
    }
  }, [asked]);
  const back = () => document.querySelector<HTMLElement>("[data-chosen]")?.focus();
  return (
    <div class="results">
      <List desk={desk} open={() => setAsked(asked + 1)} />
      <section
        class="pane" ref={detail} tabIndex={-1} aria-label="The chosen request"
        onKeyDown={(event) => event.key === "Escape" && back()}
      >
        <button type="button" class="small back" onClick={back}>Back to the list</button>
        {chosen && chosen.n === null ? <p>Only the counts of this request were kept.</p> : null}
        {diagnosis ? <Detail desk={desk} diagnosis={diagnosis} heading="Reasoning" /> : null}
        {!chosen ? <p class="quiet">Choose a request to see why it was refused.</p> : null}
        {chosen && chosen.n !== null && !diagnosis ? <p class="quiet">{desk.busy ? "The reasons come when everything is read." : "Reading the reasons."}</p> : null}
      </section>
    </div>
  );
}
