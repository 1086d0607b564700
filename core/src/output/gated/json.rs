//! The JSON contract `why401.gate/1`: additive within its version.

use crate::finding::{Entry, Fault, Gated, GatedApp, Judged, Verdict};
use crate::output::json::{line, text, tool};
use crate::output::{Given, step};
use serde_json::{Value, json};

const GATE: &str = "why401.gate/1";

pub(super) fn gate(gated: &Gated, given: &Given) -> String {
    let mut out = json!({
        "schema": GATE,
        "tool": tool(),
        "manifest": gated.manifest,
        "verdict": verdict(gated),
        "apps": gated.apps.iter().map(|own| app(own, given)).collect::<Vec<_>>(),
    });
    let first = gated.unjudged().find_map(|(_, faults)| error(faults));
    if let (Some(error), Value::Object(members)) = (first, &mut out) {
        members.insert("error".to_owned(), error);
    }
    text(&out)
}

/// One app a line; what is wrong with the manifest as a whole is one line more.
pub(super) fn lines(gated: &Gated, given: &Given) -> String {
    let apps = gated.apps.iter().map(|own| line(&app(own, given)));
    let error = error(&gated.faults).into_iter();
    let error = error.map(|error| line(&json!({ "schema": GATE, "error": error })));
    apps.chain(error).collect()
}

/// All faults as one error; `None` where there are none.
fn error(faults: &[Fault]) -> Option<Value> {
    let first = &faults.first()?.error;
    let messages: Vec<&str> = faults
        .iter()
        .map(|own| own.error.message.as_str())
        .collect();
    Some(json!({ "code": first.code, "message": messages.join("; "), "hint": first.hint }))
}

fn fault(fault: &Fault) -> Value {
    let (message, hint) = (&fault.error.message, &fault.error.hint);
    json!({ "line": fault.line, "key": fault.key, "message": message, "hint": hint })
}

fn verdict(gated: &Gated) -> Option<Verdict> {
    gated.entries().next().map(|_| gated.verdict())
}

fn app(app: &GatedApp, given: &Given) -> Value {
    let entry = |own| entry(own, given);
    let declared: serde_json::Map<String, Value> = app
        .declared
        .iter()
        .map(|(gate, names)| (gate.clone(), json!(names)))
        .collect();
    let notes = app.notes.iter().map(|note| {
        json!({ "line": note.line, "code": note.finding.cause.code, "message": note.finding.message })
    });
    json!({
        "name": app.name,
        "line": app.line,
        "provider": app.provider,
        "online": app.online,
        "token": app.token,
        "declared": declared,
        "checks": app.checks.iter().map(entry).collect::<Vec<_>>(),
        "endpoints": app.endpoints.iter().map(entry).collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "error": error(&app.faults),
        "faults": app.faults.iter().map(fault).collect::<Vec<_>>(),
    })
}

fn entry(entry: &Entry, given: &Given) -> Value {
    json!({
        "name": entry.name,
        "line": entry.line,
        "note": entry.note,
        "optional": entry.optional,
        "result": entry.word(),
        "offline": judged(&entry.offline, given),
        "online": entry.online.as_ref().map(|online| judged(online, given)),
    })
}

fn judged(judged: &Judged, given: &Given) -> Value {
    let cause = judged.cause;
    let cause =
        cause.map(|(cause, certainty)| json!({ "code": cause.code, "certainty": certainty }));
    let others = judged.others.iter();
    let others = others.map(|(cause, message)| json!({ "code": cause.code, "message": message }));
    json!({
        "result": judged.outcome.word(),
        "cause": cause,
        "others": others.collect::<Vec<_>>(),
        "message": judged.message,
        "evidence": judged.evidence,
        "missing": judged.missing,
        "next": step::all(&judged.next, &judged.subject, given),
        "exchanges": judged.exchanges,
    })
}
