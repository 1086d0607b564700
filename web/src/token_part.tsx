/** What a token says of itself. */
import type { TokenView } from "./protocol";
import { Code, Fold } from "./words";

export function TokenPart({ token, open }: { token: TokenView; open: boolean }) {
  if (token.form === "absent" && !token.scopes) return null;
  const facts: [string, string | null][] = [
    ["form", [token.form, token.what].filter(Boolean).join(" · ")],
    ["kind", token.kind],
    ["fingerprint", token.fingerprint],
    ["scopes", token.scopes ? `${token.scopes.join(" ") || "none"}${token.scopes_from ? ` (${token.scopes_from})` : ""}` : null],
    ["expires", token.expires],
    ["checked", token.checked],
  ];
  return (
    <Fold title="Token" open={open}>
      <dl class="facts">
        {facts.map(([name, value]) => (value ? <div key={name}><dt>{name}</dt><dd><Code text={value} /></dd></div> : null))}
        {(token.times ?? []).map((time) => (
          <div key={time.claim}><dt>{time.claim}</dt><dd class={time.past && time.claim === "exp" ? "past" : ""}>{time.at} ({time.relative})</dd></div>
        ))}
      </dl>
      <Members title="Header" members={token.header} />
      <Members title="Claims" members={token.claims} />
    </Fold>
  );
}

function Members({ title, members }: { title: string; members: Record<string, unknown> | null }) {
  if (!members || Object.keys(members).length === 0) return null;
  return (
    <>
      <h5>{title}</h5>
      <dl class="facts">
        {Object.entries(members).map(([name, value]) => (
          <div key={name}><dt><Code text={name} /></dt><dd><Code text={typeof value === "string" ? value : JSON.stringify(value)} /></dd></div>
        ))}
      </dl>
    </>
  );
}
