/** A token by itself, or compared with what an endpoint needs. */
import { useEffect, useRef, useState } from "preact/hooks";
import { now, type Desk } from "./desk";
import { Detail } from "./detail";
import type { Report } from "./protocol";
import { document_of } from "./visible";
import { save } from "./words";

/** A question that one view hands to the other. */
export interface Asked {
  method: string;
  url: string;
  provider: string;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

const EMPTY = { method: "GET", url: "", provider: "", kind: "", scopes: "", permissions: "", audience: "", issuer: "", none: false };

/** What may be said beside token and endpoint. */
const FURTHER = [
  ["scopes", "Scopes, where the token does not show them", "users routing:readonly"],
  ["permissions", "Permissions that the principal holds", "routing:queue:view"],
  ["kind", "Kind of token, by the table's name", "client_credentials"],
  ["audience", "Audience that the API expects", "https://api.example.com"],
  ["issuer", "Issuer that the API expects", "https://login.example.com"],
] as const;

/** No scopes at all are an empty list; an empty field says nothing of them. */
function asked_of({ none, ...question }: typeof EMPTY) {
  return { ...question, scopes: none ? "" : question.scopes.trim() || null };
}

export function TokenView({ desk, asked }: { desk: Desk; asked: Asked | undefined }) {
  const form = useRef<HTMLFormElement>(null);
  const [question, setQuestion] = useState(EMPTY);
  const [report, setReport] = useState<Report>();
  const [text, setText] = useState("");
  const [fault, setFault] = useState("");
  const [providers, setProviders] = useState<{ id: string; name: string }[]>([]);
  useEffect(() => {
    if (!asked) return;
    setQuestion((before) => ({ ...before, ...asked }));
    setReport(undefined);
    form.current?.querySelector<HTMLElement>("textarea")?.focus();
  }, [asked]);
  const change = (part: Partial<typeof question>) => setQuestion({ ...question, ...part });
  const names = () => {
    if (providers.length === 0) void desk.ask<{ id: string; name: string }[]>({ op: "providers" }).then(setProviders);
  };
  const answer = async (event: Event) => {
    event.preventDefault();
    const area = form.current?.querySelector("textarea");
    const token = area?.value ?? "";
    if (!token.trim() && !question.url.trim()) {
      setFault("Paste a token, or name an endpoint.");
      return;
    }
    setFault("");
    const said = await desk.engine?.ask({ op: "check", now: now(), token, ...asked_of(question) }).catch((why: Error) => ({ text: JSON.stringify({ error: why.message }) }));
    const read = document_of<Report>(said?.text ?? "{}");
    if (read.error) setFault(read.error);
    setReport(read.error ? undefined : read);
    setText(said?.text ?? "");
    desk.said = read.error ?? "The answer is below the form.";
    desk.tell();
  };
  const forget = () => {
    form.current?.reset();
    setReport(undefined);
    setFault("");
    setQuestion(EMPTY);
  };
  const diagnosis = report?.diagnoses[0];
  return (
    <>
      <h2>Would this token be accepted?</h2>
      <form ref={form} class="ask" onSubmit={answer} autocomplete="off">
        <label class="wide">
          Token
          <span class="quiet">a JWT, an opaque token, a header or a whole curl command; it is hidden, and never shown in the answer</span>
          <textarea class="masked" rows={3} spellcheck={false} autocomplete="off" autocapitalize="off" />
        </label>
        <label>
          Method
          <select value={question.method} onChange={(event) => change({ method: event.currentTarget.value })}>
            {METHODS.map((name) => <option key={name}>{name}</option>)}
          </select>
        </label>
        <label class="grow">
          Endpoint
          <span class="quiet">a URL, or a path with the API named; empty: the token alone</span>
          <input type="text" inputMode="url" spellcheck={false} placeholder="https://api.example.com/things/7" value={question.url} onInput={(event) => change({ url: event.currentTarget.value })} />
        </label>
        <details class="fold wide" onToggle={names} open={!!question.provider}>
          <summary>Say more: API, scopes, permissions, what is expected</summary>
          <div class="folded fields">
            <label>
              Whose API it is
              <select value={question.provider} onChange={(event) => change({ provider: event.currentTarget.value })}>
                <option value="">as the URL says</option>
                {question.provider && !providers.some((own) => own.id === question.provider) ? <option value={question.provider}>{question.provider}</option> : null}
                {providers.map((own) => <option key={own.id} value={own.id}>{own.name}</option>)}
              </select>
            </label>
            <label><input type="checkbox" checked={question.none} onChange={(event) => change({ none: event.currentTarget.checked })} /> The token has no scopes at all</label>
            {FURTHER.map(([name, label, example]) => (
              <label key={name}>
                {label}
                <input type="text" spellcheck={false} placeholder={example} value={question[name]} onInput={(event) => change({ [name]: event.currentTarget.value })} />
              </label>
            ))}
          </div>
        </details>
        <div class="line wide">
          <button type="submit" class="button main" disabled={!desk.engine}>Compare</button>
          <button type="button" class="button" onClick={forget}>Forget it</button>
        </div>
      </form>
      {fault ? <p class="fault" role="alert">{fault}</p> : null}
      {diagnosis ? <section class="pane" aria-label="The answer">
        <Detail desk={desk} diagnosis={diagnosis} heading="Answer" />
        <button type="button" class="small" onClick={() => save("why401-answer.json", new Blob([text], { type: "application/json" }))}>Answer as JSON</button>
      </section> : null}
      <p class="quiet">Token and table are compared; no server is asked. “Clear” means that nothing was found in the way, not that the token is valid.</p>
    </>
  );
}
