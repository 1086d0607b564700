//! The case, and what follows from it before any question is asked: row, kind, holdings.

use super::answer;
use super::case::Case;
use super::header;
pub(super) use super::header::Sent;
use super::said::{Awaited, Ending, Said};
use crate::finding::ScopesFrom;
use crate::http::{Exchange, Role, WIRE};
use crate::scope::{ScopeFlaw, ScopeSet};
use crate::table::{
    Found, Gate, Holdings, Kind, KindAnswer, Match, Outcome, Place, Principal as KindOf, Trust,
    WireNames, judge, judge_all,
};
use crate::token::{self, Form, Principal, Rights, Sort};
use serde_json::{Map, Value};

/// How the kind was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KindBy {
    /// Given by hand.
    Given,
    /// A sign in the token.
    Sign(String),
    /// Every kind that the operation admits gives the same answer.
    Agreed,
    /// The provider's default, since kinds disagree.
    Assumed,
    /// Nothing to tell.
    Nothing,
}

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
    pub(super) chosen: Option<KindAnswer>,
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
        let mut facts = Self {
            case,
            place,
            published,
            row,
            scopes: rights.scopes.clone(),
            scopes_from: rights.from.clone().map(ScopesFrom::Claim),
            scope_flaws: rights.flaws.clone(),
            rights,
            held: Holdings::new(),
            sort,
            kind: (None, KindBy::Nothing),
            chosen: None,
            answers: Vec::new(),
            said: None,
            sent: header::sent(case.evidence.as_ref().map(|e| e.exchange), own_wire(case)),
        };
        let awaited = facts.awaited();
        facts.said = case
            .evidence
            .as_ref()
            .map(|e| Said::of(e.exchange, awaited, own_wire(case)));
        facts.take_given_scopes();
        facts.hold();
        facts.choose_kind();
        facts
    }

    /// The query parameters by which a URL carries its own credential.
    pub(super) fn is_signed_by(&self, name: &str) -> bool {
        let own = own_wire(self.case).map(|wire| &wire.signed);
        let own = own.into_iter().flatten().map(String::as_str);
        let mut names = WIRE.signed.iter().copied().chain(own);
        names.any(|own| own.eq_ignore_ascii_case(name))
    }

    /// What the observed answer ought to be: data where the table publishes the operation, or a live API was asked.
    fn awaited(&self) -> Awaited {
        let mut roles = self.case.probed.iter().map(|probed| probed.role);
        if roles.any(|role| *role == Role::Grant) {
            return Awaited::Token;
        }
        match self.row.is_some() || !self.case.probed.is_empty() {
            true => Awaited::Data,
            false => Awaited::Anything,
        }
    }

    /// Whether a live server was asked and what decides is no answer of the API: then what is known without it stands.
    pub(super) fn unheard(&self) -> bool {
        let nothing = matches!(self.ending(), Some(Ending::NoAnswer | Ending::Elsewhere(_)));
        nothing && !self.case.probed.is_empty()
    }

    fn take_given_scopes(&mut self) {
        if let Some(told) = &self.case.credential.scopes {
            self.scopes = Some(told.set.clone());
            self.scopes_from = Some(told.from.clone());
            self.scope_flaws.clone_from(&told.flaws);
        } else if let (None, Some(text)) =
            (&self.scopes, &self.case.credential.token.answered_scope)
        {
            let (set, flaws) = ScopeSet::read(text);
            self.scopes = Some(set);
            self.scopes_from = Some(ScopesFrom::TokenAnswerMember);
            self.scope_flaws = flaws;
        }
    }

    fn hold(&mut self) {
        if let Some(scopes) = &self.scopes {
            self.held.insert("scope".to_owned(), scopes.clone());
        }
        let gates = self
            .case
            .table
            .map_or(&[][..], |table| &table.provider.gate);
        for gate in gates.iter().filter(|gate| gate.id != "scope") {
            if let Some(names) = self.claimed(&gate.seen) {
                self.held.insert(gate.id.clone(), names);
            } else if let Some(permissions) = &self.case.credential.permissions {
                self.held.insert(gate.id.clone(), permissions.clone());
            }
        }
        self.hold_given_scopes_of_another_name();
        if let (Some(permissions), None) = (&self.case.credential.permissions, self.case.table) {
            self.held
                .insert("permission".to_owned(), permissions.clone());
        }
    }

    /// A kind without scopes whose token carries one other sort of right (app roles, permissions): a list given by
    /// hand is of that sort.
    fn hold_given_scopes_of_another_name(&mut self) {
        let given = &self.case.credential;
        let kind = given.kind.as_deref().and_then(|id| self.kind_named(id));
        let (Some(kind), Some(scopes)) = (kind, given.scopes.as_ref().map(|told| &told.set)) else {
            return;
        };
        let carried = |id: &&String| {
            self.gate(id)
                .is_some_and(|gate| ["token", "client"].contains(&gate.holder.as_str()))
        };
        let mut carried = kind.gates.iter().filter(carried);
        if let (Some(gate), None) = (carried.next(), carried.next())
            && gate != "scope"
        {
            let held = self.held.entry(gate.clone()).or_default();
            *held = held.iter().chain(scopes.iter()).collect();
        }
    }

    /// The names in the claim that a gate is seen in (`claim:roles`); a readable token without it holds none.
    fn claimed(&self, seen: &str) -> Option<ScopeSet> {
        let claim = seen.strip_prefix("claim:")?;
        Some(match self.case.credential.token.claims()?.get(claim) {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => text.split(' ').filter(|name| !name.is_empty()).collect(),
            _ => ScopeSet::default(),
        })
    }

    fn choose_kind(&mut self) {
        let signed = self.kind_by_sign();
        let (Some(table), Some(row)) = (self.case.table, &self.row) else {
            self.kind = match (&self.case.credential.kind, signed) {
                (Some(kind), _) => (Some(kind.clone()), KindBy::Given),
                (None, Some((kind, sign))) => (Some(kind), KindBy::Sign(sign)),
                (None, None) => (None, KindBy::Nothing),
            };
            return;
        };
        let opaque = self.form_name() == "opaque" && self.case.credential.kind.is_none();
        let fits = |answer: &KindAnswer| {
            !opaque
                || self
                    .kind_named(&answer.kind)
                    .and_then(|k| k.form.as_deref())
                    != Some("jwt")
        };
        let answers: Vec<KindAnswer> = judge_all(table, &row.rule, &self.held)
            .into_iter()
            .filter(fits)
            .collect();
        let default = table.provider.provider.default_kind.as_deref();
        let preferred = answers
            .iter()
            .find(|a| Some(a.kind.as_str()) == default)
            .or(answers.first())
            .cloned();
        let agreed = answers
            .windows(2)
            .all(|pair| pair[0].outcome == pair[1].outcome);
        (self.kind, self.chosen) = match (&self.case.credential.kind, signed) {
            (Some(kind), _) => (
                (Some(kind.clone()), KindBy::Given),
                Some(judge(table, &row.rule, kind, &self.held)),
            ),
            (None, Some((kind, sign))) => {
                let answer = judge(table, &row.rule, &kind, &self.held);
                ((Some(kind), KindBy::Sign(sign)), Some(answer))
            }
            (None, None) => match preferred {
                Some(answer) if agreed => ((None, KindBy::Agreed), Some(answer)),
                Some(answer) => ((Some(answer.kind.clone()), KindBy::Assumed), Some(answer)),
                None => ((None, KindBy::Nothing), None),
            },
        };
        self.answers = answers;
    }

    fn kind_by_sign(&self) -> Option<(String, String)> {
        let table = self.case.table?;
        let secret = self.case.credential.token.secret.expose();
        let starts = |kind: &&Kind| {
            let mut prefixes = kind.detect.prefix.iter();
            prefixes.any(|prefix| secret.starts_with(prefix.as_str()))
        };
        if let Some(kind) = table.provider.kind.iter().find(starts) {
            return Some((kind.id.clone(), "the form of the token".to_owned()));
        }
        let claims = self.case.credential.token.claims()?;
        let pointer = Value::Object(claims.clone());
        for kind in &table.provider.kind {
            let mark =
                kind.marks
                    .iter()
                    .find(|mark| match (pointer.pointer(&mark.claim), &mark.prefix) {
                        (Some(Value::String(text)), Some(prefix)) => {
                            text.starts_with(prefix.as_str())
                        }
                        (Some(_), None) => true,
                        _ => false,
                    });
            if let Some(mark) = mark {
                return Some((
                    kind.id.clone(),
                    format!(
                        "claim `{}`",
                        mark.claim.trim_start_matches('/').replace('/', ".")
                    ),
                ));
            }
        }
        let (wanted, sign) = match token::principal(claims) {
            Principal::Application(sign) => (KindOf::Application, sign),
            Principal::User(sign) => (KindOf::User, sign),
            Principal::Unknown => return None,
        };
        let kind = table
            .provider
            .kind
            .iter()
            .find(|kind| kind.principal == Some(wanted))?;
        Some((kind.id.clone(), sign))
    }

    /// The kind of that id, as the provider declares it.
    pub(super) fn kind_named(&self, id: &str) -> Option<&'a Kind> {
        self.case.table?.provider.kind(id)
    }

    /// The kind that was told or assumed.
    pub(super) fn kind_id(&self) -> Option<&str> {
        self.kind.0.as_deref()
    }

    /// A kind in words.
    pub(super) fn kind_words(&self, id: &str) -> String {
        self.kind_named(id)
            .and_then(|kind| kind.name.clone())
            .unwrap_or_else(|| format!("a `{id}` token"))
    }

    /// The gate of that id, as the provider declares it.
    pub(super) fn gate(&self, id: &str) -> Option<&'a Gate> {
        self.case.table?.provider.gate(id)
    }

    /// Whether neither a token nor anything that stands in for one was given.
    pub(super) fn nothing_given(&self) -> bool {
        matches!(self.case.credential.token.form, Form::Absent)
            && self.case.credential.scopes.is_none()
            && self.case.credential.kind.is_none()
    }

    /// The form for the report; a scope list by hand stands for an opaque token.
    pub(super) fn form_name(&self) -> &'static str {
        match self.case.credential.token.form_name() {
            "absent" if !self.nothing_given() => "opaque",
            "claims" => "jwt",
            name => name,
        }
    }

    /// The provider's name.
    pub(super) fn provider_name(&self) -> &str {
        self.case
            .table
            .map_or("the provider", |t| &t.provider.provider.name)
    }

    /// Whether the requirement in force is only reported.
    pub(super) fn is_reported(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.trust == Trust::C)
    }

    /// The smallest sufficient set that the vendor names for the kind.
    pub(super) fn least(&self) -> Option<&Vec<String>> {
        let kind = &self.chosen.as_ref()?.kind;
        self.row.as_ref()?.rule.least.get(kind)
    }

    /// Whether nothing says how the row's lists are meant.
    pub(super) fn is_unclear(&self) -> bool {
        let row = self.row.as_ref();
        row.is_some_and(|row| row.rule.sem == crate::scope::Reading::Unclear)
    }

    /// Why the row in force, its doubts aside, does not decide about a missing name.
    pub(super) fn is_certain(&self) -> bool {
        !self.is_reported()
            && self.kind.1 != KindBy::Assumed
            && self
                .row
                .as_ref()
                .is_none_or(|row| row.rival.is_none() && row.rule.doubt.is_empty())
    }

    /// Whether the operation takes no token.
    pub(super) fn no_token_needed(&self) -> bool {
        self.chosen
            .as_ref()
            .is_some_and(|chosen| chosen.outcome == Outcome::NoTokenNeeded)
    }

    /// Where the row in force comes from.
    pub(super) fn row_source(&self) -> Option<crate::finding::Source> {
        let row = self.row.as_ref()?;
        let source = self.case.table?.source_of(&row.rule)?;
        Some(crate::finding::Source {
            name: source.address(),
            date: source.date.clone(),
            trust: Some(row.trust.letter().to_owned()),
        })
    }

    /// A source of the table by its id.
    pub(super) fn source(&self, id: Option<&str>) -> Option<crate::finding::Source> {
        let source = self.case.table?.source(id?)?;
        Some(crate::finding::Source {
            name: source.address(),
            date: source.date.clone(),
            trust: source.trust.map(|trust| trust.letter().to_owned()),
        })
    }

    /// The source of the published table itself.
    pub(super) fn published_source(&self) -> Option<crate::finding::Source> {
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
                    !accepted.is_empty() && answer::meets(&accepted, &granted, any, refusals)
                })
        })
    }

    /// Whether the token ends after the moment of judging; `None` where it does not say.
    pub(super) fn exp_after_now(&self) -> Option<bool> {
        let exp = token::date(self.case.credential.token.claims()?, "exp").seconds()?;
        Some(exp > self.case.clock.now)
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
