//! From what was asked or observed to a diagnosis: the only place that builds a case.

use super::credential::{kind_of, scopes_of, token_of};
use super::echo::without_echo;
use super::link::{Linked, Linker};
use super::providers::{Attribution, Product, ProviderError, Providers};
use super::template::Moments;
use crate::diagnose::{Case, Clock, Credential, Expected, Probed, Recorded, Siblings, diagnose};
use crate::finding::Diagnosis;
use crate::http::{Exchange, Target};
use crate::input;
use crate::table::{Table, Trust};
use crate::token::{self, Form, Token};
use std::borrow::Cow;
use std::sync::Arc;

/// What a person says beside the evidence.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The credential; one that is absent and was not named leaves the evidence its own.
    pub credential: Credential,
    /// What the API is known to take.
    pub expected: Expected,
    /// The lowest trust of rows to use.
    pub trust: Trust,
    /// The moment of judging.
    pub clock: Clock,
    /// Whether that moment holds for every exchange, whatever the evidence says of its own.
    pub clock_given: bool,
    /// The status of an answer that does not show it.
    pub status: Option<u16>,
}

impl Declared {
    /// Nothing but the moment.
    pub fn at(clock: Clock) -> Self {
        Self {
            credential: Credential::of(Token::absent()),
            expected: Expected::default(),
            trust: Trust::C,
            clock,
            clock_given: false,
            status: None,
        }
    }
}

/// Answers one question after the other, for one set of providers and one set of declarations.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    providers: &'a Providers,
    declared: &'a Declared,
}

impl<'a> Judge<'a> {
    /// A judge.
    pub fn new(providers: &'a Providers, declared: &'a Declared) -> Self {
        Self {
            providers,
            declared,
        }
    }

    /// The call that is asked about, or the token alone; nothing was observed.
    ///
    /// # Errors
    /// Where no table can be chosen, or where it does not know the kind that was given.
    pub fn question(
        &self,
        target: Option<Target>,
        against: Option<&Token>,
    ) -> Result<Diagnosis, ProviderError> {
        let product = self.providers.judge_of(target.as_ref())?;
        let table = self.checked(product.as_ref())?;
        let credential = self.credential(table);
        Ok(diagnose(&Case {
            target,
            against,
            ..self.case(table, &credential)
        }))
    }

    /// An exchange that was observed.
    ///
    /// # Errors
    /// As for [`Self::question`].
    pub fn exchange(&self, linked: &Linked) -> Result<Diagnosis, ProviderError> {
        let filled = self.with_status(&linked.exchange);
        let exchange = filled.as_ref().unwrap_or(&linked.exchange);
        let hidden = without_echo(exchange, &self.sent_with(exchange));
        let exchange = hidden.as_ref().unwrap_or(exchange);
        let known = self.providers.attribute(exchange)?;
        let table = self.checked(known.judge.as_ref())?;
        let credential = self.credential_of(exchange, table);
        let mut case = self.case(table, &credential);
        case.target = exchange.request.target();
        case.clock.now = self.moment(exchange);
        case.evidence = Some(Recorded {
            before: linked.before.as_deref(),
            followed: linked.followed,
            siblings: linked.siblings,
            worked: &linked.worked,
            ..evidence(&known, exchange)
        });
        Ok(diagnose(&case))
    }

    /// A call about which the live server was asked; the evidence is the answer that decides, where one does.
    ///
    /// # Errors
    /// As for [`Self::question`].
    pub fn probes(
        &self,
        target: Option<Target>,
        probed: &[Probed<'_>],
        decisive: Option<&Exchange>,
        remarks: &[String],
    ) -> Result<Diagnosis, ProviderError> {
        let product = self.providers.judge_of(target.as_ref())?;
        let table = self.checked(product.as_ref())?;
        let hidden =
            decisive.and_then(|exchange| without_echo(exchange, &self.sent_with(exchange)));
        let decisive = hidden.as_ref().or(decisive);
        let known = decisive
            .map(|exchange| self.providers.attribute(exchange))
            .transpose()?;
        let evidence = decisive
            .zip(known.as_ref())
            .map(|(exchange, known)| evidence(known, exchange));
        let credential = self.credential(table);
        Ok(diagnose(&Case {
            target,
            evidence,
            probed,
            remarks,
            ..self.case(table, &credential)
        }))
    }

    /// A case without target and evidence.
    fn case<'c>(&'c self, table: Option<&'c Table>, credential: &'c Credential) -> Case<'c> {
        Case {
            target: None,
            table,
            trust: self.declared.trust,
            credential,
            expected: &self.declared.expected,
            clock: self.declared.clock,
            against: None,
            evidence: None,
            probed: &[],
            remarks: &[],
        }
    }

    /// The declared credential, its kind by the id that the table has for it.
    fn credential(&self, table: Option<&Table>) -> Cow<'_, Credential> {
        let own = &self.declared.credential;
        let called = own.kind.as_deref().zip(table);
        let known = called.and_then(|(kind, table)| table.provider.kind_called(kind));
        match known {
            Some(kind) if own.kind.as_ref() != Some(&kind.id) => Cow::Owned(Credential {
                kind: Some(kind.id.clone()),
                ..own.clone()
            }),
            _ => Cow::Borrowed(own),
        }
    }

    /// The table of a provider, which has to know the kind that was given.
    fn checked<'p>(
        &self,
        product: Option<&'p Arc<Product>>,
    ) -> Result<Option<&'p Table>, ProviderError> {
        let Some(product) = product else {
            return Ok(None);
        };
        product.check_kind(self.declared.credential.kind.as_deref())?;
        Ok(Some(&product.table))
    }

    /// What links exchanges that are judged here.
    pub fn linker(&self) -> Linker {
        Linker::with_token_given(self.is_given())
    }

    /// Whether a person gave the token.
    fn is_given(&self) -> bool {
        let declared = &self.declared.credential;
        declared.named || !matches!(declared.token.form, Form::Absent)
    }

    /// The token by which an exchange is judged: declared, else in the evidence.
    pub fn token_of(&self, exchange: &Exchange) -> Token {
        if self.is_given() {
            return self.declared.credential.token.clone();
        }
        token_of(exchange)
    }

    /// The credential that was declared, with what the evidence holds beside it.
    fn credential_of(&self, exchange: &Exchange, table: Option<&Table>) -> Credential {
        let mut own = Credential {
            token: self.token_of(exchange),
            ..self.credential(table).into_owned()
        };
        own.scopes = own.scopes.or_else(|| scopes_of(exchange));
        own.kind = own.kind.or_else(|| kind_of(exchange, table));
        own
    }

    /// The moment of judging in this run, in seconds since 1970, and the leeway.
    pub(super) fn clock(&self) -> (i64, i64) {
        (self.declared.clock.now, self.declared.clock.leeway)
    }

    /// The moments that judging an exchange goes by, beside that of the run.
    pub(super) fn moments(&self, exchange: &Exchange) -> Vec<i64> {
        let own = Some(self.moment(exchange)).filter(|at| *at != self.declared.clock.now);
        self.named(exchange).into_iter().chain(own).collect()
    }

    /// The moments that the credential names.
    pub(super) fn named(&self, exchange: &Exchange) -> Vec<i64> {
        let token = self.token_of(exchange);
        let named = ["exp", "nbf", "iat", "auth_time"].into_iter();
        named
            .filter_map(|name| token::date(token.claims()?, name).seconds())
            .collect()
    }

    /// Which of these times judging an exchange goes by; `None` where it goes by one that is not among them.
    pub(super) fn moments_in(&self, exchange: &Exchange, times: &[i64]) -> Option<Moments> {
        let place = |moment: i64| times.iter().position(|time| *time == moment);
        let own = self.moment(exchange);
        let named = self.named(exchange).into_iter();
        Some(Moments {
            own: match own == self.declared.clock.now {
                true => None,
                false => Some(place(own)?),
            },
            named: named.map(place).collect::<Option<_>>()?,
        })
    }

    /// The credential by which an exchange is judged, and the one that was sent.
    pub fn sent_with(&self, exchange: &Exchange) -> Vec<String> {
        let header = exchange.request.header("authorization");
        let sent = header.and_then(|value| value.rsplit(' ').next());
        let token68 = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        // A scheme and a token is all that there is: reading it again finds the same.
        let is_all = self.declared.credential.token.form == Form::Absent
            && exchange.given.value.is_none()
            && header.is_some_and(|value| value.split(' ').count() == 2)
            && sent.is_some_and(|sent| sent.bytes().all(token68));
        let given = (!is_all).then(|| self.token_of(exchange));
        let given = given.as_ref().map(|token| token.secret.expose());
        let both = given.into_iter().chain(sent);
        let both = both.filter(|secret| !secret.is_empty());
        both.map(str::to_owned).collect()
    }

    fn with_status(&self, exchange: &Exchange) -> Option<Exchange> {
        let status = self.declared.status?;
        let mut filled = exchange.clone();
        let response = filled.response.as_mut()?;
        response.status = response.status.or(Some(status));
        Some(filled)
    }

    /// When the call was made: as asked, else by the server's own clock, else by the record's, else now.
    fn moment(&self, exchange: &Exchange) -> i64 {
        if self.declared.clock_given {
            return self.declared.clock.now;
        }
        let response = exchange.response.as_ref();
        let date = response.and_then(|r| r.headers.get("date"));
        date.and_then(input::http_date)
            .or(exchange.at)
            .unwrap_or(self.declared.clock.now)
    }
}

/// An exchange that stands alone, with the wordings by which it is judged.
fn evidence<'a>(known: &'a Attribution, exchange: &'a Exchange) -> Recorded<'a> {
    Recorded {
        exchange,
        before: None,
        followed: false,
        siblings: Siblings::default(),
        worked: &[],
        refusals: known.answerers.iter().map(|p| p.refusals()).collect(),
        by_mark: &known.by_mark,
    }
}
