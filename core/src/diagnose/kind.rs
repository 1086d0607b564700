//! Is it the right kind of token for this operation: access token or not, user or application, guest or member?

use super::facts::{Facts, KindBy};
use super::foreign;
use super::words;
use crate::finding::{
    Certainty, Finding, NOTE_DIFFERENCE, NOTE_DOUBT, NOTE_KIND_ASSUMED, NOTE_TOKEN_FORM, TOKEN_TYPE,
};
use crate::table::{KindOutcome, Principal, Rule};
use crate::token::{Form, Sort};

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    if let Some(finding) = not_for_apis(facts) {
        return vec![finding];
    }
    let mut out = Vec::new();
    out.extend(another_vendors(facts));
    out.extend(foreign::finding(facts));
    if out.is_empty() {
        out.extend(wrong_kind(facts));
    }
    out.extend(form_of_the_provider(facts));
    out.extend(declared_refusal(facts));
    out.extend(likely_refused(facts));
    out.extend(assumed(facts));
    out.extend(contradicted(facts));
    out
}

fn not_for_apis(facts: &Facts<'_>) -> Option<Finding> {
    let (sort, sign) = facts
        .sort
        .as_ref()
        .filter(|(sort, _)| !sort.is_for_apis())?;
    let fix = match sort {
        Sort::Id => "Send the access token of the same login (`access_token`, not `id_token`).",
        Sort::Refresh => {
            "Exchange it at the token endpoint, and send the access token that comes back."
        }
        Sort::DpopProof => {
            "Send the access token in `Authorization: DPoP …` and this proof in the `DPoP` header."
        }
        _ => "Send an access token.",
    };
    Some(
        Finding::error(
            &TOKEN_TYPE,
            Certainty::Derived,
            format!("This is {}.", sort.text()),
        )
        .seen("sign", sign.clone())
        .fix(fix),
    )
}

/// A prefix that another vendor documents.
fn another_vendors(facts: &Facts<'_>) -> Option<Finding> {
    let Form::Opaque(opaque) = &facts.case.credential.token.form else {
        return None;
    };
    let issuer = opaque.issuer.as_deref()?;
    let info = &facts.case.table?.provider.info;
    let own = info.id.starts_with(issuer) || info.takes.iter().any(|taken| taken == issuer);
    if own || opaque.unfit.is_some() {
        return None;
    }
    let what = opaque.what.as_deref().unwrap_or_default();
    Some(
        Finding::error(
            &TOKEN_TYPE,
            Certainty::Derived,
            format!(
                "This token belongs to another vendor: {what}. {} does not know it.",
                facts.provider_name()
            ),
        )
        .seen("token prefix", what)
        .fix(format!(
            "Send a token that {} issued.",
            facts.provider_name()
        )),
    )
}

fn wrong_kind(facts: &Facts<'_>) -> Option<Finding> {
    let row = facts.row.as_ref()?;
    let name = facts.operation()?;
    let admitted: Vec<String> = row
        .rule
        .kinds()
        .map(|kind| facts.kind_words(kind))
        .collect();
    let admitted = if admitted.is_empty() {
        "no kind of token that the table knows".to_owned()
    } else {
        admitted.join(", or ")
    };
    let Some(chosen) = &facts.chosen else {
        // A row that says nothing of any kind proves nothing about this one.
        let opaque = facts.form_name() == "opaque" && row.rule.kinds().next().is_some();
        return opaque.then(|| {
            Finding::error(
                &TOKEN_TYPE,
                Certainty::Derived,
                format!("{name} accepts {admitted}, which is a JWT; this token is opaque."),
            )
            .from_source(facts.row_source())
            .fix(how_to_get(facts))
        });
    };
    if chosen.outcome != KindOutcome::WrongKind {
        return None;
    }
    let kind = facts.kind_words(&chosen.kind);
    let why = denied_because(facts, &chosen.kind)
        .map(|why| format!(" ({why})"))
        .unwrap_or_default();
    let mut finding = Finding::error(
        &TOKEN_TYPE,
        Certainty::Derived,
        format!("{name} accepts {admitted}; this is {kind}{why}."),
    )
    .from_source(facts.row_source())
    .fix(how_to_get(facts));
    if let KindBy::Sign(sign) = &facts.kind.1 {
        finding = finding.seen("kind of token", sign.clone());
    }
    Some(finding)
}

/// A kind that is likely refused here, where no document says so of this operation.
fn likely_refused(facts: &Facts<'_>) -> Option<Finding> {
    let rule = &facts.row.as_ref()?.rule;
    let chosen = facts.chosen.as_ref()?;
    if chosen.outcome == KindOutcome::WrongKind {
        return None;
    }
    let warns = facts.case.table?.provider.deny_path.iter().find(|deny| {
        deny.warns && deny.fits(&rule.method, &rule.path) && deny.kinds.contains(&chosen.kind)
    })?;
    let kind = facts.kind_words(&chosen.kind);
    let text = format!("{} may refuse {kind}: {}.", rule.name(), warns.why);
    Some(Finding::warning(&NOTE_DOUBT, text).from_source(facts.source(warns.src.as_deref())))
}

fn denied_because(facts: &Facts<'_>, kind: &str) -> Option<String> {
    let rule = &facts.row.as_ref()?.rule;
    let deny =
        facts.case.table?.provider.deny_path.iter().find(|deny| {
            deny.fits(&rule.method, &rule.path) && deny.kinds.iter().any(|k| k == kind)
        })?;
    Some(deny.why.clone())
}

/// The kind to send instead, and that nothing else helps.
fn how_to_get(facts: &Facts<'_>) -> String {
    let rules = facts.row.iter().map(|row| &row.rule);
    let kinds = rules.flat_map(Rule::kinds);
    let ways = kinds.filter_map(|kind| {
        let get = facts.kind_named(kind)?.get.as_deref()?;
        Some(format!("{}: {get}", facts.kind_words(kind)))
    });
    let ways: Vec<String> = ways.collect();
    if ways.is_empty() {
        return "Send the kind of token that the operation accepts.".to_owned();
    }
    let this = facts
        .chosen
        .as_ref()
        .map(|chosen| facts.kind_words(&chosen.kind));
    let this = this.unwrap_or_else(|| "this kind of token".to_owned());
    format!(
        "Use {}. No scope, role or permission opens it for {this}.",
        ways.join("; or ")
    )
}

/// A readable JWT where the provider's own access tokens are opaque.
fn form_of_the_provider(facts: &Facts<'_>) -> Option<Finding> {
    let provider = &facts.case.table?.provider.info;
    let readable = facts.case.credential.token.is_readable()
        && provider.token_form.as_deref() == Some("opaque");
    let guest = facts
        .kind_id()
        .and_then(|id| facts.kind_named(id))
        .is_some_and(|kind| kind.principal == Some(Principal::Guest));
    if !readable || guest {
        return None;
    }
    let why = provider.token_form_why.clone().unwrap_or_default();
    Some(
        Finding::warning(
            &NOTE_TOKEN_FORM,
            format!(
                "A readable JWT is not a {} platform token. {why}",
                facts.vendor_name()
            ),
        )
        .from_source(facts.published_source())
        .fix("Check where this token comes from: it may come from another system, or from a test."),
    )
}

/// The operation declares an error code that refuses this kind.
fn declared_refusal(facts: &Facts<'_>) -> Option<Finding> {
    let row = facts.row.as_ref()?;
    let chosen = facts
        .chosen
        .as_ref()
        .filter(|c| c.outcome != KindOutcome::WrongKind)?;
    let candidates = if facts.kind.1 == KindBy::Agreed {
        facts.answers.iter().map(|a| a.kind.as_str()).collect()
    } else {
        vec![chosen.kind.as_str()]
    };
    let kind = candidates
        .into_iter()
        .filter_map(|id| facts.kind_named(id))
        .find(|k| k.refused_by.iter().any(|c| row.rule.errors.contains(c)))?;
    let codes = words::names(
        kind.refused_by
            .iter()
            .filter(|code| row.rule.errors.contains(code)),
    );
    Some(
        Finding::warning(
            &NOTE_DOUBT,
            format!(
                "The operation declares {codes}: it may refuse {}.",
                facts.kind_words(&kind.id)
            ),
        )
        .from_source(facts.row_source()),
    )
}

fn assumed(facts: &Facts<'_>) -> Option<Finding> {
    if facts.kind.1 != KindBy::Assumed {
        return None;
    }
    let kind = facts.kind_id()?;
    let others: Vec<String> = facts
        .answers
        .iter()
        .filter(|a| a.kind != kind)
        .map(|a| {
            format!(
                "If it is {}, {}.",
                facts.kind_words(&a.kind),
                outcome_words(a.outcome)
            )
        })
        .collect();
    Some(
        Finding::info(
            &NOTE_KIND_ASSUMED,
            format!(
                "The kind of token is not known; {} was assumed. {}",
                facts.kind_words(kind),
                others.join(" ")
            ),
        )
        .fix("Say which kind of token it is."),
    )
}

/// The kind that was given is not the one that the token shows.
fn contradicted(facts: &Facts<'_>) -> Option<Finding> {
    let own = facts.contradiction.as_ref()?;
    let counts = match own.documented {
        true => &own.shown,
        false => &own.given,
    };
    let text = format!(
        "`{}` was given as the kind of token, and {} shows `{}`: it is judged as `{counts}`.",
        own.given, own.sign, own.shown
    );
    Some(Finding::warning(&NOTE_DIFFERENCE, text))
}

fn outcome_words(outcome: KindOutcome) -> &'static str {
    match outcome {
        KindOutcome::NoTokenNeeded => "no token is needed",
        KindOutcome::WrongKind => "it is refused",
        KindOutcome::Open => "no check fails",
        KindOutcome::Shut => "it is refused too",
        KindOutcome::Undecided => "scopes do not decide",
    }
}
