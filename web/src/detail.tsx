/** The whole reasoning of one diagnosis. */
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "./desk";
import type { Argument, Diagnosis, Finding, Gate } from "./protocol";
import { CauseText } from "./page_of_cause";
import { TokenPart } from "./token_part";
import { CertaintyMark, Code, Command, Fold, Sentence, trust_word, VerdictMark } from "./words";

export function Detail({ desk, diagnosis, heading }: { desk: Desk; diagnosis: Diagnosis; heading: string }) {
  const errors = diagnosis.findings.filter((finding) => finding.severity === "error");
  const notes = diagnosis.findings.filter((finding) => finding.severity !== "error");
  const cause = errors[0];
  return (
    <article class="detail" aria-label={heading}>
      <Head diagnosis={diagnosis} />
      {cause ? <Cause finding={cause} /> : <p class="lead">{no_cause(diagnosis)}</p>}
      <Gates gates={diagnosis.gates} />
      <Next diagnosis={diagnosis} />
      <Arguments diagnosis={diagnosis} />
      {errors.length > 1 ? <Others findings={errors.slice(1)} /> : null}
      <Sources findings={diagnosis.findings} />
      {notes.length > 0 ? (
        <Fold title="Notes" count={notes.length}>
          <ul class="plain">
            {notes.map((note) => (
              <li key={note.code + note.message}>
                <Code text={note.code} /> <Sentence text={note.message} />
              </li>
            ))}
          </ul>
        </Fold>
      ) : null}
      {diagnosis.ruled_out.length > 0 ? (
        <Fold title="What it is not" count={diagnosis.ruled_out.length}>
          <ul>{diagnosis.ruled_out.map((text) => <li key={text}><Sentence text={text} /></li>)}</ul>
        </Fold>
      ) : null}
      <TokenPart token={diagnosis.token} open={diagnosis.subject.url === null && diagnosis.exchanges.length === 0} />
      <Read diagnosis={diagnosis} />
      {cause ? <CausePage desk={desk} code={cause.code} /> : null}
    </article>
  );
}

function no_cause(diagnosis: Diagnosis): string {
  if (diagnosis.verdict === "clear") return "Nothing was found in the way.";
  const unseen = diagnosis.gates.filter((gate) => gate.answer !== "pass").map((gate) => gate.gate);
  if (unseen.length > 0) return `The ${unseen.join(" and the ")} cannot be seen from here.`;
  return "The evidence does not decide.";
}

function Head({ diagnosis }: { diagnosis: Diagnosis }) {
  const { method, url, status, place, at, provider, operation } = diagnosis.subject;
  return (
    <header>
      <div class="line">
        <VerdictMark verdict={diagnosis.verdict} />
        {status === null ? null : <span class="status">{status}</span>}
        {provider ? <span class="quiet">{provider}</span> : null}
      </div>
      {url || method ? (
        <h3 class="request">
          <bdi>{method} {url}</bdi>
        </h3>
      ) : (
        <h3 class="request">{place ? <bdi>{place}</bdi> : "This token"}</h3>
      )}
      <p class="quiet">
        {[place && url ? place : null, at, operation ? `operation ${operation}` : null, diagnosis.id ? `id ${diagnosis.id}` : null]
          .filter(Boolean)
          .map((text) => <bdi key={text} class="fact">{text}</bdi>)}
      </p>
    </header>
  );
}

function Cause({ finding }: { finding: Finding }) {
  return (
    <section>
      <p class="line">
        <strong class="cause"><Code text={finding.code} /></strong> <CertaintyMark certainty={finding.certainty} />
      </p>
      <p class="lead"><Sentence text={finding.message} /></p>
      {finding.fix ? (
        <div class="fix">
          <h4>What to do</h4>
          <p><Sentence text={finding.fix.text} /></p>
          {finding.fix.command ? <Command text={finding.fix.command} /> : null}
        </div>
      ) : null}
    </section>
  );
}

const ANSWERS: Record<Gate["answer"], string> = {
  pass: "held",
  fail: "missing",
  depends: "depends",
  "cannot-see": "not visible",
};

function Names({ names }: { names: string[] }) {
  return <>{names.map((name, at) => <span key={name}>{at > 0 ? " " : ""}<Code text={name} /></span>)}</>;
}

function Gates({ gates }: { gates: Gate[] }) {
  if (gates.length === 0) return null;
  return (
    <section>
      <h4>Have, need, missing</h4>
      <div class="scroll" tabIndex={0} role="region" aria-label="Have, need, missing">
        <table class="gates">
          <thead>
            <tr><th scope="col">Check</th><th scope="col">Have</th><th scope="col">Need</th><th scope="col">Missing</th></tr>
          </thead>
          <tbody>
            {gates.map((gate) => (
              <tr key={gate.gate}>
                <th scope="row"><bdi>{gate.gate}</bdi><span class={`answer ${gate.answer}`}>{ANSWERS[gate.answer]}</span></th>
                <td>{gate.answer === "cannot-see" ? <span class="quiet">not visible: {gate.holder}</span> : gate.have.length > 0 ? <Names names={gate.have} /> : "nothing"}</td>
                <td>
                  {gate.need.length === 0 ? "nothing" : gate.need.map((set, at) => (
                    <span key={set.join(" ")}>{at > 0 ? <em> or </em> : null}<Names names={set} /></span>
                  ))}
                  {gate.unpublished?.length ? <span class="quiet"> reported; no such {gate.gate} is published: <Names names={gate.unpublished} /></span> : null}
                </td>
                <td>{gate.missing.length > 0 && gate.answer !== "cannot-see" ? <Names names={gate.missing} /> : "–"}{gate.on?.length ? <span class="quiet"> {gate.answer === "depends" ? "depends on " : ""}{gate.on.join(", ")}</span> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Next({ diagnosis }: { diagnosis: Diagnosis }) {
  if (diagnosis.next.length === 0) return null;
  return (
    <section>
      <h4>Next</h4>
      <ol class="steps">
        {diagnosis.next.map((step) => (
          <li key={step.text}>
            <Sentence text={step.text} />
            {step.command ? <Command text={step.command} /> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Arguments({ diagnosis }: { diagnosis: Diagnosis }) {
  const { for: pro, against } = diagnosis;
  if (pro.length + against.length === 0) return null;
  const list = (title: string, sign: string, arguments_: Argument[]) =>
    arguments_.length === 0 ? null : (
      <div>
        <h5><span aria-hidden="true">{sign} </span>{title}</h5>
        <ul>
          {arguments_.map((own) => (
            <li key={own.cause + own.says}>
              <Code text={own.cause} />: <Sentence text={own.says} />
              {own.place ? <span class="quiet"> ({own.place})</span> : null}
            </li>
          ))}
        </ul>
      </div>
    );
  return (
    <section>
      <h4>For and against</h4>
      <div class="sides">
        {list("speaks for", "+", pro)}
        {list("speaks against", "−", against)}
      </div>
    </section>
  );
}

function Others({ findings }: { findings: Finding[] }) {
  return (
    <Fold title="Other explanations" count={findings.length}>
      {findings.map((finding) => <Cause key={finding.code + finding.message} finding={finding} />)}
    </Fold>
  );
}

/** The facts behind each finding, and where the rule comes from. */
function Sources({ findings }: { findings: Finding[] }) {
  const told = findings.filter((finding) => finding.evidence.length > 0 || finding.source);
  if (told.length === 0) return null;
  return (
    <Fold title="Evidence and sources" count={told.length} open>
      {told.map((finding) => (
        <div class="told" key={finding.code + finding.message}>
          <h5><Code text={finding.code} /></h5>
          {finding.evidence.length > 0 ? (
            <dl>
              {finding.evidence.map((fact) => (
                <div key={fact.place + fact.value}>
                  <dt><Sentence text={fact.place} /></dt>
                  <dd><Code text={fact.value} /></dd>
                </div>
              ))}
            </dl>
          ) : null}
          {finding.source ? (
            <p class="source">
              Source: <bdi>{finding.source.name}</bdi>, {finding.source.date ?? "no date"}
              {finding.source.trust ? <>, {trust_word(finding.source.trust)}</> : null}
            </p>
          ) : null}
        </div>
      ))}
    </Fold>
  );
}

function Read({ diagnosis }: { diagnosis: Diagnosis }) {
  const { read_as, exchanges } = diagnosis;
  if (!read_as && exchanges.length === 0) return null;
  return (
    <Fold title="What was read">
      {read_as ? <p>Read as {read_as.form}: <bdi>{read_as.used.join(" · ")}</bdi></p> : null}
      {exchanges.length > 0 ? (
        <ul>
          {exchanges.map((seen) => (
            <li key={seen.role + seen.url}>
              {seen.role}: <Code text={`${seen.method} ${seen.url}`} /> {seen.status ?? seen.failure ?? "no answer"}
            </li>
          ))}
        </ul>
      ) : null}
    </Fold>
  );
}

function CausePage({ desk, code }: { desk: Desk; code: string }) {
  const [page, setPage] = useState("");
  const [open, setOpen] = useState(false);
  useEffect(() => {
    setPage("");
    if (!open) return;
    let wanted = true;
    void desk.text({ op: "cause", code }).then((text) => wanted && setPage(text));
    return () => {
      wanted = false;
    };
  }, [code, open]);
  return (
    <details class="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The page of <Code text={code} /></summary>
      <div class="folded prose"><CauseText page={page} /></div>
    </details>
  );
}
