//! What a token says of itself, in a few lines: what it is, its times, its scopes, and what is wrong with it.

use super::page::Page;
use crate::finding::{Diagnosis, Severity, TokenView, Verdict};
use crate::output::group;
use crate::output::wrap::cut;
use serde_json::Value;

/// Notes shown beside, at most.
const NOTES: usize = 2;

/// Claims that are said in words above.
const SAID: [&str; 4] = ["exp", "nbf", "iat", "scope"];

pub(super) fn brief(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    let token = &diagnosis.token;
    headline(page, diagnosis);
    let rank = |f: &&crate::finding::Finding| f.severity;
    let mut notes: Vec<_> = diagnosis.findings.iter().collect();
    notes.sort_by_key(rank);
    let causes = notes.iter().filter(|f| f.severity == Severity::Error);
    if let Some(finding) = causes.clone().next() {
        page.hung("because    ", &finding.message);
        if let Some(fix) = &finding.fix {
            page.hung("fix        ", &fix.text);
        }
    }
    for finding in group::besides(diagnosis) {
        let text = format!("{}: {}", finding.cause.code, finding.message);
        page.hung("also       ", &text);
    }
    for moment in &token.times {
        let label = match moment.claim.as_str() {
            "exp" if moment.past => "expired",
            "exp" => "expires",
            "nbf" => "starts",
            "iat" => "issued",
            other => other,
        };
        page.hung(
            &format!("{label:11}"),
            &format!("{} ({})", moment.at, moment.relative),
        );
    }
    if let Some(scopes) = &token.scopes {
        let list = match scopes.is_empty() {
            true => "none (an empty list)".to_owned(),
            false => cut(&scopes.join(" "), 200),
        };
        let from = token.scopes_from.as_ref().map(|from| format!(" [{from}]"));
        page.hung(
            "scopes     ",
            &format!("{list}{}", from.unwrap_or_default()),
        );
    }
    claims(page, token);
    if let Some(checked) = &token.checked {
        page.hung("state      ", checked);
    }
    let telling = notes.iter().filter(|f| f.severity != Severity::Error);
    for finding in telling.take(NOTES) {
        page.hung("note       ", &finding.message);
    }
    let code = diagnosis.verdict.exit_code();
    let name = diagnosis.verdict.name();
    page.hung(
        "",
        &format!(
            "{} With -v: header, claims, all notes.",
            page.view.exit_code(code, name)
        ),
    );
}

fn headline(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    let token = &diagnosis.token;
    let style = page.style();
    let mut words = vec![token.what.clone().unwrap_or_else(|| token.form.clone())];
    words.extend(token.kind.iter().map(|kind| format!("kind {kind}")));
    words.extend(token.fingerprint.clone());
    let what = words.join(" · ");
    let cause = diagnosis.cause();
    let cause = cause.map(|f| format!(": {} ({})", f.cause.code, diagnosis.sure(f)));
    let text = format!("{what}{}", cause.unwrap_or_default());
    match diagnosis.verdict {
        Verdict::Denied => page.painted("UNUSABLE   ", &text, |head| style.bad(head)),
        Verdict::Unknown => page.painted("UNDECIDED  ", &text, |head| style.unsure(head)),
        Verdict::Clear => page.painted("TOKEN      ", &text, |head| style.good(head)),
    }
}

/// Issuer, audience and subject, and how it is signed, on one line.
fn claims(page: &mut Page<'_>, token: &TokenView) {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let of = |members: &Option<serde_json::Map<String, Value>>, name: &str| {
        members.as_ref().and_then(|m| m.get(name)).map(text)
    };
    let words: Vec<String> = [("iss", "issuer"), ("aud", "audience"), ("sub", "subject")]
        .iter()
        .filter_map(|(name, word)| Some(format!("{word} {}", cut(&of(&token.claims, name)?, 60))))
        .chain(of(&token.header, "alg").map(|alg| format!("alg {}", cut(&alg, 20))))
        .collect();
    if !words.is_empty() {
        page.hung("says       ", &words.join(" · "));
    }
    let more = token.claims.as_ref().map_or(0, |claims| {
        let further = claims.keys().filter(|name| !SAID.contains(&name.as_str()));
        further
            .filter(|name| !["iss", "aud", "sub"].contains(&name.as_str()))
            .count()
    });
    if more > 0 {
        let word = if more == 1 { "claim" } else { "claims" };
        page.hung("           ", &format!("and {more} further {word}"));
    }
}
