/** What the tables know: operations with what they ask for. */
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "./desk";
import type { Asked } from "./token";
import type { Operation } from "./protocol";
import { Code, trust_word } from "./words";

/** Milliseconds after the last key. */
const PAUSE = 250;

interface Found {
  rows: Operation[];
  found: number;
}

export function TablesView({ desk, compare }: { desk: Desk; compare: (asked: Asked) => void }) {
  const [words, setWords] = useState("");
  const [provider, setProvider] = useState("");
  const [providers, setProviders] = useState<{ id: string; name: string; rows: number }[]>([]);
  const [found, setFound] = useState<Found>();
  const names = () => {
    if (providers.length === 0) void desk.ask<typeof providers>({ op: "providers" }).then(setProviders);
  };
  useEffect(() => {
    if (!words.trim()) {
      setFound(undefined);
      return;
    }
    let wanted = true;
    const timer = setTimeout(async () => {
      const answer = await desk.ask<Found>({ op: "search", words, provider: provider || null }).catch(() => undefined);
      if (wanted) setFound(answer);
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [words, provider, desk.engine]);
  const with_rows = providers.filter((own) => own.rows > 0);
  return (
    <>
      <h2>What do the operations need?</h2>
      <form class="ask" role="search" onSubmit={(event) => event.preventDefault()}>
        <label class="grow">
          Words
          <span class="quiet">of method, path, scope or permission; all of them must fit</span>
          <input type="search" spellcheck={false} placeholder="queues get" value={words} onFocus={names} onInput={(event) => setWords(event.currentTarget.value)} />
        </label>
        <label>
          API
          <select value={provider} onFocus={names} onChange={(event) => setProvider(event.currentTarget.value)}>
            <option value="">all</option>
            {with_rows.map((own) => <option key={own.id} value={own.id}>{own.name} ({own.rows})</option>)}
          </select>
        </label>
      </form>
      <p role="status" class="quiet">{found === undefined ? "" : found.found === 0 ? "No operation has all these words." : found.found > found.rows.length ? `The first ${found.rows.length} of ${found.found} operations.` : `${found.found} operations.`}</p>
      <ul class="operations">
        {(found?.rows ?? []).map((own) => <OperationItem key={`${own.provider} ${own.rule.method} ${own.rule.path}`} own={own} compare={compare} />)}
      </ul>
    </>
  );
}

function OperationItem({ own, compare }: { own: Operation; compare: (asked: Asked) => void }) {
  const { rule, source } = own;
  const kinds = Object.entries(rule.need);
  const method = rule.method === "*" ? "GET" : rule.method;
  return (
    <li>
      <h3><bdi>{rule.method} {rule.path}</bdi></h3>
      <p class="quiet"><bdi>{own.name}</bdi>{rule.deprecated ? " · deprecated" : ""}{rule.unknown ? " · what it needs is not known" : ""}</p>
      <dl class="facts">
        {kinds.map(([kind, gates]) => (
          <div key={kind}>
            <dt><bdi>{kind}</bdi></dt>
            <dd>
              {Object.keys(gates).length === 0 ? "nothing more" : Object.entries(gates).map(([gate, sets]) => (
                <span key={gate} class="gate">{gate}: {sets.map((set, at) => <span key={set.join(" ")}>{at > 0 ? <em> or </em> : null}{set.map((name) => <span key={name}><Code text={name} /> </span>)}</span>)}</span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div class="line">
        {source ? <span class="quiet source">Source: <bdi>{source.name}</bdi>, {source.date ?? "no date"}{source.trust ? `, ${trust_word(source.trust)}` : ""}</span> : null}
        <button type="button" class="small" onClick={() => compare({ method, url: rule.path, provider: own.provider })}>Compare a token with it</button>
      </div>
    </li>
  );
}
