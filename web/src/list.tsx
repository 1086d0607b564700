/** Refused requests, grouped by cause and endpoint. */
import { useState } from "preact/hooks";
import type { Desk } from "./desk";
import type { Filter, Group } from "./groups";
import type { Row, Verdict } from "./protocol";
import { CertaintyMark, Code, Sentence, verdict_word, VerdictMark } from "./words";

/** So many requests of an endpoint and groups are shown at first. */
const FIRST = 10;
const GROUPS = 50;

const VERDICTS: Verdict[] = ["denied", "unknown", "clear"];

export function List({ desk, open }: { desk: Desk; open: () => void }) {
  const [groups, setGroups] = useState(GROUPS);
  const all = desk.groups();
  return (
    <section class="list" aria-label="Requests" onKeyDown={walk}>
      <Filters desk={desk} />
      {all.length === 0 ? <Nothing desk={desk} /> : null}
      {all.slice(0, groups).map((group, at) => <GroupItem key={group.key} desk={desk} group={group} first={at === 0} open={open} />)}
      {all.length > groups ? <button type="button" class="button" onClick={() => setGroups(groups + GROUPS)}>Show {Math.min(GROUPS, all.length - groups)} more of {all.length} groups</button> : null}
    </section>
  );
}

/** Up and down lead from request to request. */
function walk(event: KeyboardEvent) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const from = (event.target as HTMLElement).closest("button.request");
  if (step === 0 || !from) return;
  const list = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("button.request")];
  const next = list[list.indexOf(from as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Nothing({ desk }: { desk: Desk }) {
  const narrowed = desk.filter.words || desk.filter.endpoint !== undefined || desk.filter.from !== undefined;
  return (
    <p class="quiet">
      {narrowed ? "No request fits the filter." : desk.counts.refused === 0 ? "No request was refused. Tick “clear” to see them." : "Nothing is ticked."}
    </p>
  );
}

function Filters({ desk }: { desk: Desk }) {
  const set = (filter: Partial<Filter>) => {
    desk.filter = { ...desk.filter, ...filter };
    desk.tell();
  };
  const toggle = (verdict: Verdict) => {
    const verdicts = new Set(desk.filter.verdicts);
    if (!verdicts.delete(verdict)) verdicts.add(verdict);
    set({ verdicts });
  };
  const { endpoint, cause, from, to } = desk.filter;
  const off = () => {
    const { endpoint: _, cause: __, from: ___, to: ____, ...rest } = desk.filter;
    desk.filter = { ...rest, words: "" };
    desk.tell();
  };
  return (
    <div class="filters">
      <fieldset>
        <legend class="hidden">Verdicts</legend>
        {VERDICTS.map((verdict) => (
          <label key={verdict}>
            <input type="checkbox" checked={desk.filter.verdicts.has(verdict)} onChange={() => toggle(verdict)} /> {verdict_word(verdict)} <span class="count">{desk.counts.verdicts[verdict]}</span>
          </label>
        ))}
      </fieldset>
      <label class="grow">
        <span class="hidden">Filter by words</span>
        <input type="search" placeholder="Filter: path, status, cause, scope" value={desk.filter.words} onInput={(event) => set({ words: event.currentTarget.value })} />
      </label>
      {endpoint !== undefined || cause !== undefined || from !== undefined ? (
        <p class="chosen-cell">
          Only {endpoint !== undefined ? <Code text={endpoint} /> : null} {cause !== undefined ? <Code text={cause} /> : null}
          {from !== undefined ? ` ${iso(from)} to ${iso(to ?? from)}` : ""}
          <button type="button" class="small" onClick={off}>Show all</button>
        </p>
      ) : null}
    </div>
  );
}

export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function GroupItem({ desk, group, first, open }: { desk: Desk; group: Group; first: boolean; open: () => void }) {
  return (
    <section class={`group ${group.verdict}`}>
      <h3>
        <VerdictMark verdict={group.verdict} />
        <span class="count" aria-label={`${group.rows.length} requests`}>{group.rows.length} ×</span>
        <Code text={group.cause ?? (group.verdict === "clear" ? "nothing in the way" : "no cause named")} />
      </h3>
      <p class="quiet">
        {group.certainty ? <CertaintyMark certainty={group.certainty} /> : null} {group.provider ? <bdi>{group.provider}</bdi> : null}
      </p>
      {group.missing.length > 0 ? <p>missing {group.missing.slice(0, 8).map((name) => <span key={name}><Code text={name} /> </span>)}{group.missing.length > 8 ? `and ${group.missing.length - 8} more` : null}</p> : null}
      {group.missing.length === 0 && group.fix ? <p><Sentence text={group.fix} /></p> : null}
      {group.endpoints.slice(0, 30).map((own, at) => <EndpointItem key={own.name} desk={desk} name={own.name} rows={own.rows} unfolded={(first && at === 0) || own.rows.length <= 3} open={open} />)}
      {group.endpoints.length > 30 ? <p class="quiet">and {group.endpoints.length - 30} more endpoints; the filter finds them</p> : null}
    </section>
  );
}

function EndpointItem({ desk, name, rows, unfolded, open }: { desk: Desk; name: string; rows: Row[]; unfolded: boolean; open: () => void }) {
  const [open_first] = useState(unfolded);
  const [shown, setShown] = useState(FIRST);
  const first = rows[0];
  if (!first) return null;
  if (rows.length === 1) return <ul class="requests"><RequestItem desk={desk} row={first} name={name} open={open} /></ul>;
  return (
    <details class="fold endpoint" open={open_first}>
      <summary><bdi>{name}</bdi> <span class="count">{rows.length}</span></summary>
      <ul class="requests">
        {rows.slice(0, shown).map((row, at) => <RequestItem key={row.n ?? `-${at}`} desk={desk} row={row} open={open} />)}
      </ul>
      {rows.length > shown ? <button type="button" class="small" onClick={() => setShown(shown + 100)}>Show more of {rows.length}</button> : null}
    </details>
  );
}

function RequestItem({ desk, row, name, open }: { desk: Desk; row: Row; name?: string; open: () => void }) {
  const chosen = desk.chosen === row;
  const target = name ?? (row.url ? row.url.replace(/^https?:\/\//, "") : (row.place ?? ""));
  const where = [row.place, row.at?.replace("T", " ")].filter(Boolean).join(" · ");
  return (
    <li>
      <button
        type="button" class="request" aria-current={chosen ? "true" : undefined} data-chosen={chosen ? "" : undefined}
        onClick={() => {
          void desk.choose(row);
          open();
        }}
      >
        <span class="status">{row.status ?? "–"}</span>
        <span class="what">
          <bdi>{name ? target : `${row.method ?? ""} ${target}`}</bdi>
          {where ? <span class="quiet"><bdi>{where}</bdi></span> : null}
        </span>
      </button>
    </li>
  );
}
