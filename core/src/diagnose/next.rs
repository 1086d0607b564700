//! What to do next, as typed steps, and what it is not, so that nobody chases it.

use super::facts::{Facts, KindBy};
use super::said::Ending;
use crate::finding::{
    Attribute, Certainty, ENDPOINT_UNKNOWN, Finding, Meant, NOTE_NOT_IN_TABLE,
    NOTE_UNPUBLISHED_SCOPE, REGION_MISMATCH, SCOPE_MISSING, ScopesFrom, Severity, Step, Verdict,
};
use crate::http::{Headers, Target, Unanswered};
use crate::scope::Coverage;
use crate::table::{Control, Gate, GateAnswer, Held};
use crate::token::Form;
use crate::token::redact::has_numbered;

pub(super) fn steps(facts: &Facts<'_>, findings: &[Finding], verdict: Verdict) -> Vec<Step> {
    let mut out: Vec<Step> = respelled(facts, findings, verdict)
        .map(Step::Respell)
        .into_iter()
        .collect();
    if facts.answered() {
        out.extend(after_an_answer(facts, findings, verdict));
    }
    let Some(target) = &facts.case.target else {
        return out;
    };
    if verdict != Verdict::Clear {
        out.extend(real_call(facts));
        out.extend(super::probed::lacks_control(facts).then_some(Step::NameControl));
    }
    if facts.answered() {
        let of_scopes = !names_another(findings) && !super::probed::is_refused_at_all(facts);
        if verdict != Verdict::Clear && of_scopes {
            out.extend(see_scopes(facts, target));
        }
        return out;
    }
    let unpublished = findings.iter().any(|f| f.cause == &ENDPOINT_UNKNOWN);
    let mut meant = findings.iter().filter(|f| f.cause == &NOTE_NOT_IN_TABLE);
    let meant = meant.find_map(|f| f.meant.as_ref());
    match meant {
        Some(host) => out.push(Step::CallHost {
            url: target.shown_url().replacen(&host.typed, &host.meant, 1),
        }),
        None if facts.case.table.is_none() => out.push(Step::NameTable),
        None => {}
    }
    if facts.nothing_given() && !facts.no_token_needed() {
        out.push(match scrubbed(facts) {
            true => Step::AskOwner,
            false => Step::GiveToken,
        });
    }
    let asked = !facts.case.probed.is_empty();
    if verdict == Verdict::Unknown && !asked && can_be_asked(facts, target) {
        out.push(Step::Probe);
    }
    // A missing scope, or a path that does not exist.
    let missing = findings.iter().any(|f| f.cause == &SCOPE_MISSING);
    if unpublished && !asked && missing && target.host.is_some() {
        out.push(Step::CallSibling);
    }
    if verdict == Verdict::Clear {
        return out;
    }
    out.extend(see_scopes(facts, target));
    out.extend(see_permissions(facts));
    out.extend(open_in_any_case(facts));
    if facts.kind.1 == KindBy::Assumed {
        let mut kinds: Vec<String> = facts.answers.iter().map(|a| a.kind.clone()).collect();
        // The usual kind first: it is the one that was assumed.
        kinds.sort_by_key(|kind| Some(kind.as_str()) != facts.kind_id());
        out.push(Step::SayKind { kinds });
    }
    let left_out = facts.row.is_none() && findings.iter().any(|f| f.cause == &NOTE_NOT_IN_TABLE);
    if unpublished || left_out {
        out.push(search(facts));
    }
    out
}

/// A name that a person gave and probably mistyped: what is compared with a slip proves little.
fn respelled(facts: &Facts<'_>, findings: &[Finding], verdict: Verdict) -> Option<Meant> {
    let scopes = facts.scopes_from == Some(ScopesFrom::Person);
    let scopes = facts.scopes.as_ref().filter(|_| scopes);
    let permissions = facts.case.credential.permissions.as_ref();
    let lists = [scopes, permissions];
    let typed = |own: &Meant| lists.iter().flatten().any(|list| list.contains(&own.typed));
    let names = findings
        .iter()
        .filter(|f| f.cause == &NOTE_UNPUBLISHED_SCOPE && verdict != Verdict::Clear);
    names.filter_map(|f| f.meant.clone()).find(typed)
}

/// Whether there is a token that can be sent, and a host to send it to. A probe sends methods that change nothing.
fn can_be_asked(facts: &Facts<'_>, target: &Target) -> bool {
    let sendable = !matches!(
        facts.case.credential.token.form,
        Form::Absent | Form::Claims(_) | Form::Hidden(_)
    );
    sendable && target.host.is_some() && facts.case.table.is_some()
}

fn search(facts: &Facts<'_>) -> Step {
    let provider = facts.case.table.map_or("", |t| &t.provider.info.id);
    let word = facts
        .path()
        .rsplit('/')
        .find(|part| part.len() > 3)
        .unwrap_or_default();
    Step::Search {
        word: word.to_owned(),
        provider: provider.to_owned(),
    }
}

/// Whether the answer names another right than a scope.
fn names_another(findings: &[Finding]) -> bool {
    let first = findings.iter().find(|f| f.severity == Severity::Error);
    let named = first.filter(|f| f.by_answer && !f.vague && !f.alike);
    named.is_some_and(|f| f.cause.is(Attribute::Right) && f.cause != &SCOPE_MISSING)
}

/// Whether stand-ins of `scrub` are in the evidence: whoever reads it was not given the token.
fn scrubbed(facts: &Facts<'_>) -> bool {
    let Some(exchange) = facts.exchange() else {
        return false;
    };
    let (request, response) = (&exchange.request, exchange.response.as_ref());
    let sent = request.headers.iter().flat_map(Headers::iter);
    let heard = response.into_iter().flat_map(|r| r.headers.iter());
    let values = sent.chain(heard).map(|(_, value)| value);
    let texts = [request.url.as_deref(), request.body.as_deref()];
    let body = response.and_then(|r| r.body.as_deref());
    let mut all = values.chain(texts.into_iter().flatten()).chain(body);
    all.any(has_numbered)
}

/// What tells the explanations of a refusal apart.
fn after_an_answer(facts: &Facts<'_>, findings: &[Finding], verdict: Verdict) -> Vec<Step> {
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
    let mut out = Vec::new();
    // What the token worked for has answered the question already.
    if open && living(facts, findings).is_none() {
        let question = super::answer::question(facts).filter(|asked| is_open(facts, asked));
        out.extend(question.map(Step::TellApart));
    }
    let no_answer_of_its_own = matches!(
        facts.ending(),
        Some(Ending::NoAnswer | Ending::Elsewhere(_))
    );
    let hidden = matches!(facts.case.credential.token.form, Form::Hidden(_));
    let others = super::region::others(facts);
    // A login host takes no token: to ask it in other regions would send one there.
    let login = facts.place.as_ref().is_some_and(|place| place.login);
    let leads = causes.first().is_some_and(|f| f.cause == &REGION_MISMATCH);
    let told = causes.first().is_some_and(|first| says(facts, first));
    let regions = !login
        && (leads || !told)
        && !others.is_empty()
        && causes
            .iter()
            .any(|f| f.cause == &REGION_MISMATCH && f.certainty == Certainty::Possible);
    let ask = Step::AskRegions { regions: others };
    if regions && leads {
        out.push(ask.clone());
    }
    if open && hidden && !no_answer_of_its_own {
        out.push(match scrubbed(facts) {
            true => Step::AskOwner,
            false => Step::GiveHiddenToken,
        });
    }
    if regions && !leads {
        out.push(ask);
    }
    if no_answer_of_its_own && (causes.is_empty() || facts.unheard()) {
        out.push(Step::Reach(unanswered(facts)));
    } else if causes.is_empty() || out.is_empty() && is_told_in_part(facts, causes[0]) {
        out.push(Step::RecordWhole);
    }
    out
}

/// Whether only a status is known of a refusal whose request was not recorded.
fn is_told_in_part(facts: &Facts<'_>, cause: &Finding) -> bool {
    let whole = facts
        .exchange()
        .is_some_and(|own| own.request.headers.is_some());
    cause.bare && !whole
}

/// Whether a question is open: an opaque token has nothing to decode, and a probe has made the calls that tell.
fn is_open(facts: &Facts<'_>, question: &str) -> bool {
    let opaque = matches!(facts.case.credential.token.form, Form::Opaque(_));
    let called = !facts.case.probed.is_empty() && question.starts_with("Call ");
    !(called || opaque && question.starts_with("Decode the token"))
}

/// Whether a sentence of the answer says the cause, whatever a code beside it may mean.
fn says(facts: &Facts<'_>, cause: &Finding) -> bool {
    let mut senses = facts.said.iter().flat_map(|said| &said.reading.senses);
    let first = senses.find(|sense| sense.prose && !sense.likeness);
    first.is_some_and(|sense| sense.cause == cause.cause.code)
}

/// Why no answer came, as far as the client says.
fn unanswered(facts: &Facts<'_>) -> Unanswered {
    let why = facts.exchange().and_then(|e| e.failure.as_deref());
    why.and_then(Unanswered::of).unwrap_or(Unanswered::Other)
}

/// The one call that would decide, where a safe method took its place.
fn real_call(facts: &Facts<'_>) -> Option<Step> {
    if facts.unheard() {
        return None;
    }
    let mut stood = facts.case.probed.iter();
    let method = stood.find_map(|probed| probed.stands_for)?;
    Some(Step::RealCall {
        method: method.to_owned(),
    })
}

fn see_scopes(facts: &Facts<'_>, target: &Target) -> Option<Step> {
    let chosen = facts.chosen.as_ref()?;
    let hidden = chosen
        .gates
        .iter()
        .any(|g| g.gate == "scope" && g.answer == Coverage::CannotSee);
    if !hidden || matches!(facts.case.credential.token.form, Form::Absent) && facts.nothing_given()
    {
        return None;
    }
    let control = control(facts, &chosen.kind)?;
    let origin = target.origin();
    let query = control.query.as_deref();
    let query = query.map(|q| format!("?{q}")).unwrap_or_default();
    let member = control.scopes.as_deref();
    let table = facts.case.table?;
    let path = table.path_beside(target.host.as_deref(), &target.path, &control.path);
    Some(Step::AskScopes {
        method: control.method.clone(),
        path: control.path.clone(),
        member: member.map(|pointer| pointer.trim_start_matches('/').to_owned()),
        url: (!origin.is_empty()).then(|| format!("{origin}{path}{query}")),
    })
}

fn control<'f>(facts: &'f Facts<'_>, kind: &str) -> Option<&'f Control> {
    let controls = &facts.case.table?.provider.control;
    controls.iter().find(|c| {
        !c.witness
            && !c.never_for.iter().any(|k| k == kind)
            && (c.kinds.is_empty() || c.kinds.iter().any(|k| k == kind))
    })
}

fn see_permissions(facts: &Facts<'_>) -> Option<Step> {
    let chosen = facts.chosen.as_ref()?;
    let gate = chosen
        .gates
        .iter()
        .find(|g| g.gate != "scope" && g.answer == Coverage::CannotSee && !g.need.is_empty())?;
    Some(Step::SayHeld {
        gate: gate.gate.clone(),
        look: facts.gate(&gate.gate).and_then(|g| g.look.clone()),
        example: example(facts, gate),
    })
}

/// What opens it whatever the case is, where the names that are there are enough in one case only.
fn open_in_any_case(facts: &Facts<'_>) -> Option<Step> {
    let mut gates = facts.chosen.as_ref()?.gates.iter();
    let depends = |gate: &&GateAnswer| matches!(gate.answer, Coverage::Depends { .. });
    let gate = gates.find(depends).filter(|_| !facts.is_unclear())?;
    let in_part = |held: &Held| !held.within.is_empty();
    if let Some(fix) = facts.gate(&gate.gate).and_then(|own| own.fix.as_deref())
        && facts.held.get(&gate.gate).is_some_and(in_part)
    {
        let fix = super::words::filled(fix, &gate.need);
        return Some(Step::Remedy(format!("In any other case: {fix}")));
    }
    Some(Step::Remedy(format!(
        "In any other case, get a token with {}.",
        super::words::alternatives(&gate.need)
    )))
}

/// One alternative of a gate that looks sound.
fn example(facts: &Facts<'_>, gate: &GateAnswer) -> Vec<String> {
    let grammar = facts.gate(&gate.gate).and_then(Gate::pattern);
    let sound = |set: &&Vec<String>| {
        grammar
            .as_ref()
            .is_none_or(|grammar| set.iter().all(|name| grammar.is_match(name)))
    };
    let chosen = gate.need.iter().find(sound).or(gate.need.first());
    chosen.cloned().unwrap_or_default()
}

/// What shows that the token is accepted on this host, whatever the answer to this call.
pub(super) fn living(facts: &Facts<'_>, findings: &[Finding]) -> Option<String> {
    let cause = findings.iter().find(|f| f.severity == Severity::Error)?;
    let shown = super::probed::living(facts).or_else(|| super::siblings::living(facts))?;
    let elsewhere = cause.cause == &REGION_MISMATCH || cause.cause.is(Attribute::Fatal);
    (!elsewhere).then_some(shown)
}

/// What it is not.
pub(super) fn ruled_out(facts: &Facts<'_>, findings: &[Finding]) -> Vec<String> {
    let living = living(facts, findings);
    let living =
        living.map(|shown| format!("Expired, revoked, unknown or of another region: {shown}."));
    let mut out: Vec<String> = living.into_iter().collect();
    out.extend(
        facts
            .unchecked
            .iter()
            .map(|why| format!("A missing scope: {why}")),
    );
    let Some(table) = facts.case.table.filter(|_| facts.case.target.is_some()) else {
        return out;
    };
    let cause = findings.iter().find(|f| f.severity == Severity::Error);
    if let Some(claims) = facts.case.credential.token.claims()
        && let crate::token::Date::At(exp) = crate::token::date(claims, "exp")
        && exp.saturating_add(facts.case.clock.leeway) > facts.case.clock.now
    {
        out.push(format!(
            "Expiry: the token expires {}.",
            super::words::moment(exp, facts.case.clock.now)
        ));
    }
    if let Some(chosen) = &facts.chosen {
        for gate in chosen
            .gates
            .iter()
            .filter(|g| matches!(g.answer, Coverage::Pass { .. }))
        {
            out.push(format!("A missing {}: what is needed is there.", gate.gate));
        }
    }
    if cause.is_some() || facts.row.is_some() {
        out.extend(table.provider.ruled_out.iter().map(|r| r.text.clone()));
    }
    out
}
