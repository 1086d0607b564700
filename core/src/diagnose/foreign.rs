//! Whether the token itself shows that another vendor issued it, or that it is for another vendor's API.

use super::audience;
use super::case::Case;
use super::facts::Facts;
use crate::finding::{Cause, Certainty, Finding, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPE};
use crate::table::{self, Kind, Principal, Rule, Table};
use serde_json::Value;

/// What a token of another vendor is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Foreign {
    cause: &'static Cause,
    claim: &'static str,
    value: String,
}

impl Foreign {
    /// `None` where nothing shows it, or where a person said what the API takes.
    pub(super) fn of(case: &Case<'_>, row: Option<&Rule>) -> Option<Self> {
        let table = case.table?;
        let claims = case.credential.token.claims()?;
        let expected = case.expected;
        if expected.issuer.is_some() {
            return None;
        }
        let issuer = claims.get("iss").and_then(Value::as_str);
        let opaque = takes_no_jwt(table, row);
        let foreign = |cause: &'static Cause, claim, value: String| Self {
            cause: if opaque { &TOKEN_TYPE } else { cause },
            claim,
            value,
        };
        // Of a vendor without JWTs any other issuer's is foreign; others may take tokens of an issuer that nobody knows.
        if let Some(issuer) = issuer.filter(|_| opaque)
            && web_host(issuer).is_some_and(|host| !is_own(table, &host))
        {
            return Some(foreign(&TOKEN_ISSUER, "iss", issuer.to_owned()));
        }
        let told = expected.audience.is_some() || expected.issuers.is_some();
        if told || !is_at_home(case, table) {
            return None;
        }
        let (audiences, odd) = audience::members(claims.get("aud"));
        let of_another = |text: &&str| host(text).is_some_and(|host| is_others(table, &host));
        let meant = audiences
            .iter()
            .any(|text| host(text).is_some_and(|host| is_own(table, &host)));
        if meant {
            return None;
        }
        if let Some(issuer) = issuer.filter(of_another) {
            return Some(foreign(&TOKEN_ISSUER, "iss", issuer.to_owned()));
        }
        // A member that is no text may be anything.
        let elsewhere = !odd && !audiences.is_empty() && audiences.iter().all(of_another);
        elsewhere.then(|| foreign(&TOKEN_AUDIENCE, "aud", audiences.join(", ")))
    }
}

/// The finding: a denial only where it is published that the vendor's own tokens are never JWTs.
pub(super) fn finding(facts: &Facts<'_>) -> Option<Finding> {
    let foreign = facts.foreign.as_ref()?;
    let name = facts.provider_name();
    let finding = if foreign.cause == &TOKEN_TYPE {
        let what = match foreign.claim {
            "iss" => "names another issuer",
            _ => "is meant for another vendor's API",
        };
        let text =
            format!("The token {what}; {name} accepts only its own tokens, which are opaque.");
        let has_login = facts.case.table?.places().iter().any(|(_, own)| own.login);
        let fix = match has_login {
            true => format!("Get a token from the login host of {name}."),
            false => format!("Send a token that {name} issued."),
        };
        Finding::error(&TOKEN_TYPE, Certainty::Derived, text).fix(fix)
    } else {
        let (text, open) = match foreign.claim {
            "iss" => (
                "By its `iss`, another vendor issued this token",
                "takes its tokens",
            ),
            _ => (
                "By its `aud`, the token is meant for another vendor's API",
                "takes it all the same",
            ),
        };
        Finding::candidate(
            foreign.cause,
            format!("{text}, and nothing published says that {name} accepts it."),
        )
        .open(format!("whether {name} {open}"))
        .fix(format!("Send a token that was issued for {name}."))
    };
    Some(
        finding
            .seen(format!("claim `{}`", foreign.claim), &foreign.value)
            .from_source(facts.published_source()),
    )
}

/// Whether all tokens that the vendor takes here are opaque: a kind that is a JWT counts where the row names it, or none.
fn takes_no_jwt(table: &Table, row: Option<&Rule>) -> bool {
    let names_others = |kind: &Kind| {
        row.is_some_and(|row| !row.need.is_empty() && !row.need.contains_key(&kind.id))
    };
    let elsewhere = |kind: &Kind| kind.form.as_deref() == Some("jwt") && names_others(kind);
    let kinds = table.provider.kind.iter();
    let mut kinds = kinds
        .filter(|kind| kind.principal != Some(Principal::Nobody))
        .filter(|kind| !elsewhere(kind));
    let is_opaque = |form: &Option<String>| form.as_deref() == Some("opaque");
    is_opaque(&table.provider.info.token_form)
        || kinds.clone().next().is_some() && kinds.all(|kind| is_opaque(&kind.form))
}

/// Whether the call goes to a host of the shipped table itself: whose tokens a host takes that somebody runs, he decides.
fn is_at_home(case: &Case<'_>, table: &Table) -> bool {
    let called = case.target.as_ref().and_then(|own| own.host.as_deref());
    called.and_then(table::rows_of_host) == Some(table.provider.info.id.as_str())
}

fn is_own(table: &Table, host: &str) -> bool {
    table.place(host).is_some() || table.region_of(host).is_some()
}

/// Whether a host is another shipped vendor's, and not one of those whose tokens this one takes.
fn is_others(table: &Table, host: &str) -> bool {
    let info = &table.provider.info;
    !is_own(table, host)
        && table::by_host(host)
            .is_some_and(|id| id != info.id && !info.takes.iter().any(|t| t == id))
}

/// The host of a web address.
pub(super) fn web_host(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    Some(url.host_str()?.to_ascii_lowercase())
}

/// The host of a web address, or the text itself where it may be a host: Google's `iss` is one.
fn host(text: &str) -> Option<String> {
    let bare = || (!text.contains(['/', ':', ' '])).then(|| text.to_ascii_lowercase());
    web_host(text).or_else(bare)
}
