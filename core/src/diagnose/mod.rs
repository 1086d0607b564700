//! From a case to its diagnosis: pure, one question a file, in the order of explanation.

mod against;
mod alike;
mod answer;
mod audience;
mod binding;
mod case;
mod chosen;
mod endpoint;
mod enforcement;
mod facts;
mod fit;
mod foreign;
mod form;
mod header;
mod held;
mod host;
mod inner;
mod introspected;
mod issuer;
mod kind;
mod known;
mod names;
mod next;
mod object;
mod permission;
mod probed;
mod rank;
mod region;
mod request;
mod row;
mod said;
mod scope;
mod sent;
mod siblings;
mod signature;
mod spoken;
mod time;
mod voice;
mod voices;
mod worded;
mod wording;
mod words;

pub(crate) use case::{Case, Recorded};
pub use case::{Clock, Credential, Expected, Probed, Siblings, ToldScopes, Worked};
pub(crate) use inner::may_fail;
pub(crate) use words::{Distance, distance, rfc3339, span};

use crate::finding::{
    Diagnosis, Finding, GateView, Moment, ReadAs, SeenExchange, Severity, Subject, TokenView,
    Verdict,
};
use crate::scope::Coverage;
use crate::table::{GateAnswer, KindOutcome};
use crate::token::redact;
use facts::Facts;

/// A question asked of the facts.
type Check = fn(&Facts<'_>) -> Vec<Finding>;

/// The questions, in the order of explanation: what kind of token it is comes before whose issuer it names.
const CHECKS: [Check; 18] = [
    sent::check,
    request::check,
    answer::check,
    form::check,
    kind::check,
    |facts| host::check(facts).into_iter().collect(),
    binding::check,
    time::check,
    issuer::check,
    |facts| signature::check(facts).into_iter().collect(),
    audience::check,
    scope::check,
    permission::check,
    probed::check,
    against::check,
    introspected::check,
    siblings::check,
    |facts| object::check(facts).into_iter().collect(),
];

/// Answers one case.
pub(crate) fn diagnose(case: &Case<'_>) -> Diagnosis {
    let facts = Facts::of(case);
    let mut findings: Vec<Finding> = CHECKS
        .iter()
        .chain([&(endpoint::check as Check)])
        .flat_map(|check| check(&facts))
        .collect();
    probed::drop_what_probes_rule_out(&facts, &mut findings);
    let (arguments, counterarguments) = rank::settle(&facts, &mut findings);
    let verdict = verdict(&facts, &findings);
    Diagnosis {
        id: facts.exchange().and_then(|e| e.id.clone()),
        subject: subject(&facts),
        read_as: read_as(&facts),
        token: token_view(&facts),
        verdict,
        next: next::steps(&facts, &findings, verdict),
        living: next::living(&facts, &findings),
        ruled_out: next::ruled_out(&facts, &findings),
        alike: 0,
        gates: gates(&facts),
        said: answer::words_of(&facts),
        exchanges: exchanges(&facts),
        findings,
        arguments,
        counterarguments,
    }
}

fn verdict(facts: &Facts<'_>, findings: &[Finding]) -> Verdict {
    if facts.unheard() {
        // The network decides nothing: what shuts the call out without it still does.
        let mut own = findings.iter().filter(|finding| !finding.by_answer);
        return match own.any(|finding| finding.denies) {
            true => Verdict::Denied,
            false => Verdict::Unknown,
        };
    }
    if let Some(ending) = facts.ending().filter(|_| facts.answered()) {
        return rank::verdict(facts, ending, findings);
    }
    if findings.iter().any(|finding| finding.denies) {
        return Verdict::Denied;
    }
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Verdict::Unknown;
    }
    if facts.case.target.is_none() && facts.exchange().is_none() {
        return Verdict::Clear;
    }
    match facts.chosen.as_ref().map(|chosen| chosen.outcome) {
        Some(KindOutcome::NoTokenNeeded) => Verdict::Clear,
        Some(KindOutcome::Open) if !facts.nothing_given() => Verdict::Clear,
        _ => Verdict::Unknown,
    }
}

fn read_as(facts: &Facts<'_>) -> Option<ReadAs> {
    let exchange = facts.exchange()?;
    Some(ReadAs {
        form: exchange.read_as.clone()?,
        used: exchange
            .used()
            .iter()
            .map(|used| redact::excerpt(used))
            .collect(),
    })
}

fn subject(facts: &Facts<'_>) -> Subject {
    let target = facts.case.target.as_ref();
    let evidence = facts.case.evidence.as_ref();
    let exchange = facts.exchange();
    let by_table = facts.case.table.map(|t| t.provider.info.id.clone());
    let by_answer = || evidence?.refusals.first().map(|r| r.id.clone());
    Subject {
        // Of a request whose method nobody recorded, none is told.
        method: match exchange {
            Some(exchange) if exchange.request.method.is_none() => None,
            _ => target
                .map(|t| t.method.clone())
                .or_else(|| exchange?.request.method.clone()),
        },
        url: target.map(|target| {
            let url = target.shown_url();
            // What a person typed is repeated; of what was recorded, words and codes.
            if exchange.is_some() {
                redact::url(&url)
            } else {
                url
            }
        }),
        status: facts.said.as_ref().and_then(|said| said.status),
        provider: by_table.or_else(by_answer),
        operation: facts.operation(),
        place: exchange.map(|e| e.place.clone()).filter(|p| !p.is_empty()),
        at: exchange.and_then(|e| e.at).and_then(rfc3339),
    }
}

/// The exchange itself, after the one it follows from.
fn exchanges(facts: &Facts<'_>) -> Vec<SeenExchange> {
    let seen = |role: &str, exchange: &crate::http::Exchange| {
        let target = exchange.request.target();
        SeenExchange {
            role: role.to_owned(),
            method: exchange.request.method.clone().unwrap_or_default(),
            url: target
                .map(|t| redact::url(&t.shown_url()))
                .unwrap_or_default(),
            status: exchange.response.as_ref().and_then(|r| r.status),
            failure: exchange.failure.clone(),
        }
    };
    if !facts.case.probed.is_empty() {
        let probed = facts.case.probed.iter();
        return probed
            .map(|probed| seen(&probed.role.name(), probed.exchange))
            .collect();
    }
    let Some(evidence) = &facts.case.evidence else {
        return Vec::new();
    };
    let before = evidence.before.map(|before| seen("before", before));
    before
        .into_iter()
        .chain([seen("target", evidence.exchange)])
        .collect()
}

fn token_view(facts: &Facts<'_>) -> TokenView {
    let token = &facts.case.credential.token;
    TokenView {
        form: facts.form_name().to_owned(),
        kind: facts.kind_id().map(str::to_owned),
        assumed: facts.kind.1 == facts::KindBy::Assumed,
        fingerprint: token.fingerprint(),
        header: token.header().cloned(),
        claims: token.claims().cloned(),
        scopes: facts.scopes.as_ref().map(crate::scope::ScopeSet::to_vec),
        scopes_from: facts.scopes_from.clone(),
        expires: token
            .claims()
            .and_then(|claims| crate::token::date(claims, "exp").seconds())
            .and_then(rfc3339),
        times: times(facts),
        what: form::what(token),
        checked: form::checked(facts),
        seen: !matches!(token.form, crate::token::Form::Absent),
    }
}

/// The times of the claims, the end first.
fn times(facts: &Facts<'_>) -> Vec<Moment> {
    let now = facts.case.clock.now;
    let Some(claims) = facts.case.credential.token.claims() else {
        return Vec::new();
    };
    let named = ["exp", "nbf", "iat", "auth_time"].into_iter();
    let read = named.filter_map(|claim| {
        let at = crate::token::date(claims, claim).seconds()?;
        Some(Moment {
            claim: claim.to_owned(),
            at: rfc3339(at)?,
            relative: distance(at, now).to_string(),
            past: at <= now,
        })
    });
    read.collect()
}

fn gates(facts: &Facts<'_>) -> Vec<GateView> {
    let Some(chosen) = &facts.chosen else {
        return Vec::new();
    };
    chosen
        .gates
        .iter()
        .map(|gate| gate_view(facts, gate))
        .collect()
}

fn gate_view(facts: &Facts<'_>, gate: &GateAnswer) -> GateView {
    let (answer, missing, on) = match &gate.answer {
        Coverage::Pass { less, .. } => {
            let less = less.iter().cloned();
            let limits = permission::limits(facts, gate);
            ("pass", Vec::new(), less.chain(limits).collect())
        }
        Coverage::Fail { missing } => (
            "fail",
            words::smallest(&facts.in_order(missing)),
            Vec::new(),
        ),
        Coverage::Depends { on } if facts.is_unclear() => {
            let lacking = words::names(on);
            let text = format!(
                "the list means any one of them: no source says so, and the token lacks {lacking}"
            );
            ("depends", Vec::new(), vec![text])
        }
        Coverage::Depends { on } => ("depends", Vec::new(), on.clone()),
        Coverage::Unproven { missing, why } => (
            "depends",
            words::smallest(&facts.in_order(missing)),
            why.clone(),
        ),
        Coverage::CannotSee => ("cannot-see", Vec::new(), Vec::new()),
    };
    let declared = facts.gate(&gate.gate);
    GateView {
        gate: gate.gate.clone(),
        answer,
        have: facts
            .held
            .get(&gate.gate)
            .map(|held| held.told.to_vec())
            .unwrap_or_default(),
        need: facts.in_order(&gate.need),
        missing,
        unpublished: unpublished(facts, gate),
        holder: declared
            .map(|g| g.holder_text.clone().unwrap_or_else(|| g.holder.clone()))
            .unwrap_or_default(),
        on,
    }
}

/// What a report says is needed and no published operation asks for; a table without names of the gate publishes none.
fn unpublished(facts: &Facts<'_>, gate: &GateAnswer) -> Vec<String> {
    let table = facts.case.table.filter(|_| facts.is_reported());
    let Some(table) = table.filter(|table| table.has_names(&gate.gate)) else {
        return Vec::new();
    };
    let names: std::collections::BTreeSet<&String> = gate.need.iter().flatten().collect();
    let unknown = names
        .into_iter()
        .filter(|name| table.gate_of(name).is_none());
    unknown.cloned().collect()
}
