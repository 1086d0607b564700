//! The case, and what follows from it before any question is asked: row, kind, holdings.

use super::case::Case;
use super::chosen::Chosen;
pub(super) use super::chosen::{Contradiction, KindBy};
use super::enforcement::{self, Off};
use super::foreign::{self, Foreign};
use super::header;
pub(super) use super::header::Sent;
use super::held::{self, Scopes};
use super::names::meets;
use super::said::{Awaited, Ending, Said};
use crate::finding::{Counter, ScopesFrom};
use crate::http::{Exchange, Role, WIRE};
use crate::scope::{ScopeFlaw, ScopeSet};
use crate::table::{
    Found, Gate, Holdings, Kind, KindAnswer, KindOutcome, Match, Part, Place, Principal as KindOf,
    Trust, WireNames,
};
use crate::token::{self, Form, Principal, Rights, Sort};
use serde_json::Map;

/// What follows from a case.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) place: Option<Place>,
    /// The answer of published rows.
    pub(super) published: Match,
    /// The row in force: published, else reported.
    pub(super) row: Option<Found>,
    pub(super) rights: Rights,
    pub(super) scopes: Option<ScopeSet>,
    pub(super) scopes_from: Option<ScopesFrom>,
    pub(super) scope_flaws: Vec<ScopeFlaw>,
    pub(super) held: Holdings,
    pub(super) sort: Option<(Sort, String)>,
    pub(super) kind: (Option<String>, KindBy),
    /// Where the kind that was given is not the one that the token shows.
    pub(super) contradiction: Option<Contradiction>,
    /// Why scopes are not checked for this token, where that is known.
    pub(super) unchecked: Option<String>,
    /// Why a list of scopes that a person typed is not the token's, or is not checked.
    pub(super) doubted: Option<String>,
    pub(super) chosen: Option<KindAnswer>,
    /// Where the token shows that it is another vendor's: then no row was judged by what it holds.
    pub(super) foreign: Option<Foreign>,
    /// The answers of every kind the operation admits.
    pub(super) answers: Vec<KindAnswer>,
    /// What the server said.
    pub(super) said: Option<Said<'a>>,
    /// What is known of the credential as it was sent.
    pub(super) sent: Sent,
}

impl<'a> Facts<'a> {
    pub(super) fn of(case: &'a Case<'a>) -> Self {
        let claims = case.credential.token.claims();
        let rights = claims.map(token::rights).unwrap_or_default();
        let sort =
            claims.map(|c| token::sort(case.credential.token.header().unwrap_or(&Map::new()), c));
        let place = case
            .table
            .zip(case.target.as_ref())
            .and_then(|(t, target)| t.place(target.host.as_deref()?));
        let (published, row) = rows(case, place.as_ref());
        let scopes = Scopes::of(case, &rights);
        let held = held::holdings(case, scopes.set.as_ref(), row.as_ref());
        let foreign = Foreign::of(case, row.as_ref().map(|found| &found.rule));
        let judged = row.as_ref().filter(|_| foreign.is_none());
        let mut chosen = Chosen::of(case, judged, &held);
        let (unchecked, doubted) = match enforcement::off(case, chosen.kind_judged(), &held) {
            Some(Off::Known(why)) => (Some(why), None),
            Some(Off::Listed(why)) => (None, Some(why)),
            None => (None, None),
        };
        if unchecked.is_some() {
            chosen.leave_out(enforcement::GATE);
        }
        let awaited = awaited(case, row.as_ref());
        let seen = case.evidence.as_ref().map(|e| e.exchange);
        Self {
            case,
            place,
            published,
            row,
            scopes: scopes.set,
            scopes_from: scopes.from,
            scope_flaws: scopes.flaws,
            rights,
            held,
            sort,
            kind: chosen.kind,
            contradiction: chosen.contradiction,
            unchecked,
            doubted,
            chosen: chosen.answer,
            foreign,
            answers: chosen.answers,
            said: seen.map(|exchange| Said::of(exchange, awaited, own_wire(case))),
            sent: header::sent(seen, own_wire(case)),
        }
    }

    /// The query parameters by which a URL carries its own credential.
    pub(super) fn is_signed_by(&self, name: &str) -> bool {
        let own = own_wire(self.case).map(|wire| &wire.signed);
        let own = own.into_iter().flatten().map(String::as_str);
        let mut names = WIRE.signed.iter().copied().chain(own);
        names.any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether a live server was asked and what decides is no answer of the API: then what is known without it stands.
    pub(super) fn unheard(&self) -> bool {
        let nothing = matches!(self.ending(), Some(Ending::NoAnswer | Ending::Elsewhere(_)));
        nothing && !self.case.probed.is_empty()
    }

    /// The kind of that id, as the provider declares it.
    pub(super) fn kind_named(&self, id: &str) -> Option<&'a Kind> {
        self.case.table?.provider.kind(id)
    }

    /// The kind that was told or assumed.
    pub(super) fn kind_id(&self) -> Option<&str> {
        self.kind.0.as_deref()
    }

    /// The kind that somebody gave or the token shows.
    pub(super) fn kind_told(&self) -> Option<&str> {
        let told = matches!(self.kind.1, KindBy::Given | KindBy::Sign(_));
        self.kind_id().filter(|_| told)
    }

    /// A kind in words.
    pub(super) fn kind_words(&self, id: &str) -> String {
        self.kind_named(id)
            .and_then(|kind| kind.name.clone())
            .unwrap_or_else(|| format!("a `{id}` token"))
    }

    /// The vendor's product without the name of its document.
    pub(super) fn vendor_name(&self) -> &str {
        let name = self.provider_name();
        name.split(" Platform").next().unwrap_or(name)
    }

    /// The gate of that id, as the provider declares it.
    pub(super) fn gate(&self, id: &str) -> Option<&'a Gate> {
        self.case.table?.provider.gate(id)
    }

    /// Whether neither a token nor anything that stands in for one was given.
    pub(super) fn nothing_given(&self) -> bool {
        self.case.credential.nothing_given()
    }

    /// The form for the report; a scope list by hand stands for an opaque token.
    pub(super) fn form_name(&self) -> &'static str {
        self.case.credential.form_name()
    }

    /// How the rights of a gate are bound to parts of the tenant, where they are.
    pub(super) fn part(&self, gate: &str) -> Option<&'a Part> {
        self.case.table?.provider.part(gate)
    }

    /// The provider's name.
    pub(super) fn provider_name(&self) -> &str {
        self.case
            .table
            .map_or("the provider", |t| &t.provider.info.name)
    }

    /// Whether the operation takes no token.
    pub(super) fn no_token_needed(&self) -> bool {
        self.chosen
            .as_ref()
            .is_some_and(|chosen| chosen.outcome == KindOutcome::NoTokenNeeded)
    }

    /// The operation of the row in force; of a row for any method, by the one that was asked for.
    pub(super) fn operation(&self) -> Option<String> {
        let rule = &self.row.as_ref()?.rule;
        let asked = self.case.target.as_ref().filter(|_| rule.method == "*");
        Some(match asked {
            Some(target) => format!("{} {}", target.method, rule.path),
            None => rule.name(),
        })
    }

    /// Where the row in force comes from.
    pub(super) fn row_source(&self) -> Option<crate::finding::SourceView> {
        let row = self.row.as_ref()?;
        let source = self.case.table?.source_of(&row.rule)?;
        Some(crate::finding::SourceView {
            name: source.address(),
            date: source.date.clone(),
            trust: Some(row.trust.letter().to_owned()),
        })
    }

    /// A source of the table by its id.
    pub(super) fn source(&self, id: Option<&str>) -> Option<crate::finding::SourceView> {
        let source = self.case.table?.source(id?)?;
        Some(crate::finding::SourceView {
            name: source.address(),
            date: source.date.clone(),
            trust: source.trust.map(|trust| trust.letter().to_owned()),
        })
    }

    /// The source of the published table itself.
    pub(super) fn published_source(&self) -> Option<crate::finding::SourceView> {
        let first = self
            .case
            .table?
            .provider
            .source
            .iter()
            .find(|source| !source.is_report())?;
        self.source(Some(&first.id))
    }

    /// The exchange that was observed.
    pub(super) fn exchange(&self) -> Option<&'a Exchange> {
        Some(self.case.evidence.as_ref()?.exchange)
    }

    /// Whether the redirect was followed, so that a later exchange carries the verdict.
    pub(super) fn followed(&self) -> bool {
        self.case.evidence.as_ref().is_some_and(|e| e.followed)
    }

    /// How the observed exchange ended; `None` where nothing was observed.
    pub(super) fn ending(&self) -> Option<Ending> {
        self.said.as_ref().map(|said| said.ending)
    }

    /// Whether an answer was observed: then it decides, not the table.
    pub(super) fn answered(&self) -> bool {
        self.ending()
            .is_some_and(|ending| ending != Ending::NotRecorded)
    }

    /// The region whose login host issued the token.
    pub(super) fn home_region(&self) -> Option<&str> {
        let issuer = self.case.credential.token.claims()?.get("iss")?.as_str()?;
        self.case.table?.region_of(&foreign::web_host(issuer)?)
    }

    /// The principal, as far as grant, kind or token tell it.
    pub(super) fn principal(&self) -> Option<KindOf> {
        let by_kind = self
            .kind_id()
            .and_then(|id| self.kind_named(id))
            .and_then(|k| k.principal);
        let grant = self.exchange().and_then(|e| e.given.grant.as_deref());
        let by_grant = grant.and_then(|grant| match grant {
            "client_credentials" | "managed identity" | "jwt_bearer" => Some(KindOf::Application),
            "authorization_code" | "password" | "implicit" | "device_code" => Some(KindOf::User),
            _ => None,
        });
        let by_claims =
            self.case
                .credential
                .token
                .claims()
                .and_then(|claims| match token::principal(claims) {
                    Principal::Application(_) => Some(KindOf::Application),
                    Principal::User(_) => Some(KindOf::User),
                    Principal::Unknown => None,
                });
        by_grant.or(by_claims).or(by_kind)
    }

    /// Whether the server's own headers show that the scopes held meet what it accepts.
    pub(super) fn scopes_meet_headers(&self, said: &Said<'_>) -> bool {
        let Some(evidence) = &self.case.evidence else {
            return false;
        };
        evidence.refusals.iter().any(|refusals| {
            said.stated_scopes(refusals)
                .is_some_and(|(accepted, granted, any)| {
                    !accepted.is_empty() && meets(&accepted, &granted, any, refusals)
                })
        })
    }

    /// Whether the token ends after the moment of judging; `None` where it does not say.
    pub(super) fn exp_after_now(&self) -> Option<bool> {
        let exp = token::date(self.case.credential.token.claims()?, "exp").seconds()?;
        Some(exp > self.case.clock.now)
    }

    /// Whether that speaks against a cause here.
    pub(super) fn counter(&self, counter: Counter) -> bool {
        let readable = self.case.credential.token.claims().is_some();
        let alive = self.exp_after_now();
        match counter {
            Counter::Alive => alive == Some(true),
            Counter::Over => alive == Some(false),
            Counter::Begun => readable && !self.starts_later() || alive == Some(false),
            Counter::Readable => readable,
            Counter::Known => {
                self.sent == Sent::NotRecorded
                    && !matches!(self.case.credential.token.form, Form::Absent)
            }
            Counter::IllFormed => self.sent == Sent::Malformed,
            Counter::WellFormed => self.sent == Sent::Sound && !self.lower_case_scheme(),
            Counter::Unsent => matches!(self.sent, Sent::Nothing | Sent::Malformed),
            Counter::Unchecked => self.unchecked.is_some(),
            Counter::Refused => matches!(self.status(), Some(401 | 403)),
            Counter::Called => self.sent == Sent::Sound && header::is_bearer(self.exchange()),
            Counter::Nowhere => self.status() == Some(404),
        }
    }

    fn status(&self) -> Option<u16> {
        self.said.as_ref().and_then(|said| said.status)
    }

    /// Whether a time claim lies after the moment of judging.
    pub(super) fn starts_later(&self) -> bool {
        self.case.credential.token.claims().is_some_and(|claims| {
            ["nbf", "iat"].iter().any(|name| {
                token::date(claims, name)
                    .seconds()
                    .is_some_and(|at| at > self.case.clock.now)
            })
        })
    }

    /// Whether the scheme was sent in lower case.
    pub(super) fn lower_case_scheme(&self) -> bool {
        header::lower_case_scheme(self.exchange())
    }

    /// Whether the scopes are a person's word for a token that cannot be read.
    pub(super) fn scopes_are_declared(&self) -> bool {
        let person = matches!(
            self.scopes_from,
            Some(ScopesFrom::Person | ScopesFrom::Manifest)
        );
        person && matches!(self.case.credential.token.form, Form::Opaque(_))
    }

    /// Whether the names, or one of them, are known to be held as scopes.
    pub(super) fn holds(&self, names: &[String], any: bool) -> bool {
        self.scopes.as_ref().is_some_and(|held| {
            if any {
                names.iter().any(|name| held.contains(name))
            } else {
                names.iter().all(|name| held.contains(name))
            }
        })
    }

    /// That path for a reader: of what was recorded, words and codes; what a person typed is repeated.
    pub(super) fn shown_path(&self) -> String {
        match self.exchange() {
            Some(_) => token::redact::excerpt(self.path()),
            None => self.path().to_owned(),
        }
    }

    /// The path inside the API: without the host's base.
    pub(super) fn path(&self) -> &str {
        let Some(target) = &self.case.target else {
            return "";
        };
        match self.case.table {
            Some(table) => table.inner_path(target.host.as_deref(), &target.path),
            None => &target.path,
        }
    }
}

/// What the observed answer ought to be: data where the table publishes the operation, or a live API was asked.
fn awaited(case: &Case<'_>, row: Option<&Found>) -> Awaited {
    let mut roles = case.probed.iter().map(|probed| probed.role);
    if roles.any(|role| *role == Role::Grant) {
        return Awaited::Token;
    }
    match row.is_some() || !case.probed.is_empty() {
        true => Awaited::Data,
        false => Awaited::Anything,
    }
}

fn rows(case: &Case<'_>, place: Option<&Place>) -> (Match, Option<Found>) {
    let (Some(table), Some(target)) = (case.table, &case.target) else {
        return (Match::Unknown, None);
    };
    if place.is_some_and(|place| place.login || place.refusals_only) {
        return (Match::Unknown, None);
    }
    let find = |worst| {
        table.find(
            &target.method,
            target.host.as_deref(),
            &target.path_and_query(),
            worst,
        )
    };
    let published = find(case.trust.min(Trust::B));
    let row = match &published {
        Match::Found(found) => Some(found.as_ref().clone()),
        _ if case.trust == Trust::C => match find(Trust::C) {
            Match::Found(found) => Some(*found),
            _ => None,
        },
        _ => None,
    };
    (published, row)
}

/// The names of the table in force, which the user may have brought: those of the shipped ones are known without it.
fn own_wire<'t>(case: &Case<'t>) -> Option<&'t WireNames> {
    case.table.map(|table| &table.provider.wire)
}
