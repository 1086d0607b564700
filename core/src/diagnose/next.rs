//! What to do next, as commands that can be pasted, and what it is not, so that nobody chases it.

use super::facts::{Facts, KindBy};
use super::said::Ending;
use super::words::{names, shell};
use crate::finding::{
    Certainty, ENDPOINT_UNKNOWN, Finding, Next, SCOPE_MISSING, Severity, Verdict,
};
use crate::http::Target;
use crate::scope::Answer;
use crate::table::{Control, Gate, GateAnswer};
use crate::token::Form;

pub(super) fn steps(facts: &Facts<'_>, findings: &[Finding], verdict: Verdict) -> Vec<Next> {
    let mut out = Vec::new();
    if facts.answered() {
        out.extend(after_an_answer(facts, findings, verdict));
    }
    let Some(target) = &facts.case.target else {
        return out;
    };
    if facts.answered() {
        if verdict != Verdict::Clear {
            out.extend(see_scopes(facts, target));
        }
        return out;
    }
    if facts.case.table.is_none() {
        out.push(step("No requirement table speaks of this host. Name one with `--provider` or bring your own with `--table`.", Some("why401 tables list".to_owned())));
    }
    if facts.nothing_given() && !facts.no_token_needed() {
        out.push(step("Give the token (a file, a variable or standard input, never an argument) to have it compared.", Some(command(facts, target, "--token-env WHY401_TOKEN"))));
    }
    if findings.iter().any(|f| f.cause == &ENDPOINT_UNKNOWN)
        && findings.iter().any(|f| f.cause == &SCOPE_MISSING)
    {
        out.extend(separate(target));
    }
    if verdict == Verdict::Clear {
        return out;
    }
    out.extend(see_scopes(facts, target));
    out.extend(see_permissions(facts, target));
    if facts.kind.1 == KindBy::Assumed {
        let kinds = names(facts.answers.iter().map(|a| a.kind.as_str()));
        out.push(step(
            &format!("Say which kind of token it is ({kinds})."),
            Some(command(facts, target, "--token-kind KIND")),
        ));
    }
    if findings.iter().any(|f| f.cause == &ENDPOINT_UNKNOWN) {
        let provider = facts.case.table.map_or("", |t| &t.provider.provider.id);
        let word = facts
            .path()
            .rsplit('/')
            .find(|part| part.len() > 3)
            .unwrap_or_default();
        out.push(step(
            "Look for the operation in the published table.",
            Some(format!(
                "why401 tables search {} --provider {}",
                shell(word),
                shell(provider)
            )),
        ));
    }
    out
}

/// What tells the explanations of a refusal apart.
fn after_an_answer(facts: &Facts<'_>, findings: &[Finding], verdict: Verdict) -> Vec<Next> {
    if verdict == Verdict::Clear {
        return Vec::new();
    }
    let causes: Vec<&Finding> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .collect();
    let open = causes
        .first()
        .is_none_or(|f| f.certainty == Certainty::Possible);
    let mut out: Vec<Next> = Vec::new();
    if open {
        out.extend(
            super::answer::question(facts)
                .map(|text| step(&format!("To tell them apart: {text}"), None)),
        );
    }
    let hidden = matches!(facts.case.credential.token.form, Form::Hidden(_));
    if open && hidden {
        out.push(step("The token itself is not in the evidence: give it with --token-file or --claims, and its kind, audience, issuer and expiry are compared.", None));
    }
    if causes.is_empty()
        && matches!(
            facts.ending(),
            Some(Ending::NoAnswer | Ending::Elsewhere(_))
        )
    {
        out.push(step("Repeat the call with `curl -v` from the same machine: name, proxy, certificate or firewall stand between.", None));
    } else if causes.is_empty() {
        out.push(step("Record the whole exchange (`curl -v`, or a HAR with sensitive data): body and headers of the answer say more than its status.", None));
    }
    out
}

fn step(text: &str, command: Option<String>) -> Next {
    Next {
        text: text.to_owned(),
        command,
    }
}

/// The same question with one more option; what was given by hand is repeated.
fn command(facts: &Facts<'_>, target: &Target, option: &str) -> String {
    let url = shell(&format!("{}{}", target.origin(), target.path));
    let mut words = vec![format!("why401 check {} {url}", target.method)];
    if target.host.is_none() {
        words.extend(
            facts
                .case
                .table
                .map(|t| format!("--provider {}", shell(&t.provider.provider.id))),
        );
    }
    if let Some(told) = &facts.case.credential.scopes {
        words.push(format!("--scope {}", shell(&told.set.to_vec().join(" "))));
    }
    words.extend(
        facts
            .case
            .credential
            .kind
            .as_ref()
            .map(|kind| format!("--token-kind {}", shell(kind))),
    );
    words.push(option.to_owned());
    words.join(" ")
}

/// What tells a missing scope from a path that does not exist.
fn separate(target: &Target) -> Option<Next> {
    let (parent, _) = target.path.trim_end_matches('/').rsplit_once('/')?;
    let invented = format!("{}{parent}/why401-no-such-path", target.origin());
    let text = format!(
        "To tell the two explanations apart: call an invented path beside it with the same token. If {} answers the same, the path does not exist and no scope will help; if only the real path speaks of a scope, it is the scope.",
        if target.origin().is_empty() {
            "it"
        } else {
            "the server"
        }
    );
    let curl = format!(
        "curl -sS -i -X {} -H \"Authorization: Bearer $WHY401_TOKEN\" {}",
        target.method,
        shell(&invented)
    );
    Some(step(&text, Some(curl)))
}

fn see_scopes(facts: &Facts<'_>, target: &Target) -> Option<Next> {
    let chosen = facts.chosen.as_ref()?;
    let hidden = chosen
        .gates
        .iter()
        .any(|g| g.gate == "scope" && g.answer == Answer::CannotSee);
    if !hidden || matches!(facts.case.credential.token.form, Form::Absent) && facts.nothing_given()
    {
        return None;
    }
    let control = control(facts, &chosen.kind)?;
    let origin = target.origin();
    let query = control
        .query
        .as_deref()
        .map(|q| format!("?{q}"))
        .unwrap_or_default();
    let url = shell(&format!("{origin}{}{query}", control.path));
    let curl = (!origin.is_empty())
        .then(|| format!("curl -sS -H \"Authorization: Bearer $WHY401_TOKEN\" {url}"));
    let place = control
        .scopes
        .as_deref()
        .map(|p| format!(" (member {})", p.trim_start_matches('/')))
        .unwrap_or_default();
    Some(step(
        &format!(
            "Ask the server which scopes the token has: {} {}{place}, then give them with `--scope`.",
            control.method, control.path
        ),
        curl,
    ))
}

fn control<'f>(facts: &'f Facts<'_>, kind: &str) -> Option<&'f Control> {
    let controls = &facts.case.table?.provider.control;
    controls.iter().find(|c| {
        !c.never_for.iter().any(|k| k == kind)
            && (c.kinds.is_empty() || c.kinds.iter().any(|k| k == kind))
    })
}

fn see_permissions(facts: &Facts<'_>, target: &Target) -> Option<Next> {
    let chosen = facts.chosen.as_ref()?;
    let gate = chosen
        .gates
        .iter()
        .find(|g| g.gate != "scope" && g.answer == Answer::CannotSee)?;
    let look = facts
        .gate(&gate.gate)
        .and_then(|g| g.look.clone())
        .unwrap_or_default();
    let text = format!(
        "No token shows the {}s of its principal. Look there: {look}. Then say what is held.",
        gate.gate
    );
    Some(step(
        &text,
        Some(command(
            facts,
            target,
            &format!("--permissions {}", shell(&example(facts, gate))),
        )),
    ))
}

/// One alternative of a gate that looks sound, as a list for an option.
fn example(facts: &Facts<'_>, gate: &GateAnswer) -> String {
    let grammar = facts.gate(&gate.gate).and_then(Gate::pattern);
    let sound = |set: &&Vec<String>| {
        grammar
            .as_ref()
            .is_none_or(|grammar| set.iter().all(|name| grammar.is_match(name)))
    };
    let chosen = gate.need.iter().find(sound).or(gate.need.first());
    chosen.map(|set| set.join(",")).unwrap_or_default()
}

/// What it is not.
pub(super) fn ruled_out(facts: &Facts<'_>, findings: &[Finding]) -> Vec<String> {
    let mut out = Vec::new();
    let Some(table) = facts.case.table.filter(|_| facts.case.target.is_some()) else {
        return out;
    };
    let cause = findings.iter().find(|f| f.severity == Severity::Error);
    if let Some(claims) = facts.case.credential.token.claims()
        && let crate::token::Date::At(exp) = crate::token::date(claims, "exp")
        && exp.saturating_add(facts.case.clock.leeway) > facts.case.clock.now
    {
        out.push(format!(
            "Expiry: the token ends {}.",
            super::words::moment(exp, facts.case.clock.now)
        ));
    }
    if let Some(chosen) = &facts.chosen {
        for gate in chosen
            .gates
            .iter()
            .filter(|g| matches!(g.answer, Answer::Pass { .. }))
        {
            out.push(format!("The {}: what is needed is held.", gate.gate));
        }
    }
    if cause.is_some() || facts.row.is_some() {
        out.extend(table.provider.ruled_out.iter().map(|r| r.text.clone()));
    }
    out
}
