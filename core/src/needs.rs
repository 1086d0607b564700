//! Which smallest set of scopes opens some endpoints, for each kind of token, and what a credential lacks of it.

use crate::diagnose::Credential;
use crate::finding::Verdict;
use crate::http::Target;
use crate::scope::ScopeSet;
use crate::table::{self, Compared, KindNeeds, Match, Rule, Trust};
use crate::token::{self, Form};
use crate::triage::{Product, ProviderError, Providers};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The schema's id.
pub const NEEDS: &str = "why401.needs/1";

/// The gate whose names a token shows.
const SCOPE: &str = "scope";

/// What is said of a token that does not show its scopes.
const UNSEEN: &str = "The token does not show its scopes, so it is not known what it lacks.";

/// The operations of one question, split into known and unknown ones.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Endpoints {
    /// The rows of the table.
    pub known: Vec<Rule>,
    /// What the table does not publish, as `METHOD path`.
    pub unknown: Vec<String>,
    /// How many belong to hosts that the table does not know.
    pub elsewhere: usize,
    /// Those of them that another table answers: its provider, and the first of its endpoints as `METHOD URL`.
    pub others: BTreeMap<String, String>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The endpoints; each is counted once.
    pub targets: &'q [Target],
    /// The kind of token, by any name that the table has for it; every kind where none is given.
    pub kind: Option<&'q str>,
    /// Whose scopes are compared with what is needed.
    pub credential: &'q Credential,
    /// The lowest trust of rows to use.
    pub trust: Trust,
    /// Whether hosts that the table does not know count as its own: a person named the provider of a proxy.
    pub any_host: bool,
}

/// The answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Needs {
    /// The provider whose table answers: that of the first endpoint that has one.
    pub product: Arc<Product>,
    /// Its operations.
    pub endpoints: Endpoints,
    /// What each kind of token needs.
    pub kinds: Vec<KindNeeds>,
    /// What the credential lacks and does not need, where its scopes are known.
    pub compared: Option<Compared>,
    /// Whether there is a token that does not show its scopes, where some are needed.
    pub unseen: bool,
    /// Whether that token was named for this question: what it lacks is then asked for.
    pub named: bool,
}

impl Needs {
    /// The answer to a question; `None` where no table names any of the hosts.
    ///
    /// # Errors
    /// Where no table can be chosen, or where it does not know the kind that was given.
    pub fn of(
        providers: &Providers,
        question: &Question<'_>,
    ) -> Result<Option<Self>, ProviderError> {
        let mut products = question
            .targets
            .iter()
            .map(|target| providers.judge_of(Some(target)));
        let product = products.find_map(Result::transpose).transpose()?;
        let Some(product) = product else {
            return Ok(None);
        };
        product.check_kind(question.kind)?;
        let table = &product.table;
        let endpoints = look_up(providers, &product, question);
        let kind = question.kind.map(|called| {
            let known = table.provider.kind_called(called);
            known.map_or(called, |own| own.id.as_str())
        });
        let kinds = table::kinds(table, &endpoints.known, kind);
        let held = held(question.credential);
        let there = !matches!(question.credential.token.form, Form::Absent);
        let needed = kinds.iter().any(|kind| !kind.names(SCOPE).is_empty());
        let unseen = there && needed && held.is_none();
        let compared = held.and_then(|held| table::compare(table, &kinds, &endpoints.known, &held));
        Ok(Some(Self {
            product,
            endpoints,
            kinds,
            compared,
            unseen,
            named: question.credential.named,
        }))
    }

    /// The answer of every table that names some of the endpoints, in their order, and how many endpoints none names.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn each(
        providers: &Providers,
        question: &Question<'_>,
    ) -> Result<(Vec<Self>, usize), ProviderError> {
        let mut groups: Vec<(String, Vec<Target>)> = Vec::new();
        let mut elsewhere = 0;
        for target in question.targets {
            let Some(product) = providers.judge_of(Some(target))? else {
                elsewhere += 1;
                continue;
            };
            match groups.iter_mut().find(|(id, _)| id == product.id()) {
                Some((_, targets)) => targets.push(target.clone()),
                None => groups.push((product.id().to_owned(), vec![target.clone()])),
            }
        }
        let mut all = Vec::new();
        for (_, targets) in &groups {
            let own = Question {
                targets,
                ..*question
            };
            all.extend(Self::of(providers, &own)?);
        }
        Ok((all, elsewhere))
    }

    /// What keeps the comparison from being the whole answer, in sentences.
    pub fn caveats(&self) -> Vec<String> {
        let unseen = self.unseen.then(|| UNSEEN.to_owned());
        let compared = self.compared.as_ref();
        let lacks = compared.is_some_and(|own| !own.lacking.is_empty());
        let gate = self.product.table.provider.gate(SCOPE);
        let switch = gate.and_then(|own| own.enforced.clone());
        unseen.into_iter().chain(switch.filter(|_| lacks)).collect()
    }

    /// Denied where the credential lacks something, unknown where one that was named does not show what it has, a
    /// requirement is not known, one person reported it, or an endpoint is another provider's.
    pub fn verdict(&self) -> Verdict {
        let lacks = self
            .compared
            .as_ref()
            .is_some_and(|c| !c.lacking.is_empty());
        let known = &self.endpoints.known;
        let table = &self.product.table;
        let unproven = |rule: &Rule| rule.unknown || table.is_reported(rule);
        // Endpoints of two providers are two questions, and one of them is answered.
        let open = self.unseen && self.named
            || !self.endpoints.unknown.is_empty()
            || !self.endpoints.others.is_empty()
            || known.iter().any(unproven);
        match (lacks, open) {
            (true, _) => Verdict::Denied,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::Clear,
        }
    }

    /// The members of `why401.needs/1`, without the head that every document has.
    pub fn value(&self) -> Value {
        let kinds: Vec<Value> = self.kinds.iter().map(kind_value).collect();
        let table = &self.product.table;
        let compared = self.compared.as_ref();
        json!({
            "provider": self.product.id(), "table_date": table.date(),
            "operations": self.endpoints.known, "unknown": self.endpoints.unknown,
            "elsewhere": self.endpoints.elsewhere,
            "others": self.endpoints.others.keys().collect::<Vec<_>>(), "kinds": kinds,
            "lacking": compared.map(|c| &c.lacking), "unused": compared.map(|c| &c.unused),
            "caveats": self.caveats(),
        })
    }
}

/// The scopes that a credential is known to have: as stated, else in the token itself.
pub fn held(credential: &Credential) -> Option<ScopeSet> {
    let told = credential.scopes.as_ref().map(|told| told.set.clone());
    told.or_else(|| token::rights(credential.token.claims()?).scopes)
}

fn look_up(providers: &Providers, product: &Product, question: &Question<'_>) -> Endpoints {
    let table = &product.table;
    let mut out = Endpoints::default();
    let mut seen = BTreeSet::new();
    let mut rows = BTreeSet::new();
    for target in question.targets {
        if !seen.insert((&target.method, &target.host, &target.path)) {
            continue;
        }
        let host = target.host.as_deref();
        let placed = || host.is_none_or(|host| table.place(host).is_some());
        // A cluster or a server of one's own is told by its paths.
        let told = || {
            let own = providers.judge_of(Some(target)).ok().flatten();
            own.is_some_and(|own| own.id() == product.id())
        };
        if !question.any_host && !placed() && !told() {
            out.elsewhere += 1;
            let other = providers.judge_of(Some(target)).ok().flatten();
            if let Some(other) = other.filter(|own| !own.table.is_empty()) {
                let first = out.others.entry(other.id().to_owned());
                first.or_insert_with(|| format!("{} {}", target.method, target.shown_url()));
            }
            continue;
        }
        let path = target.path_and_query();
        match table.find(&target.method, host, &path, question.trust) {
            Match::Found(found) => {
                if rows.insert(found.rule.name()) || !out.known.contains(&found.rule) {
                    out.known.push(found.rule);
                }
            }
            _ => out
                .unknown
                .push(format!("{} {}", target.method, target.path)),
        }
    }
    out
}

fn kind_value(kind: &KindNeeds) -> Value {
    let gates = kind.gates.iter().map(|(gate, set)| {
        let narrow = kind.narrow.get(gate);
        let value = json!({ "names": set.names, "exact": set.exact, "narrow": narrow });
        (gate.clone(), value)
    });
    let gates: Map<String, Value> = gates.collect();
    json!({
        "kind": kind.kind, "scopes": kind.names("scope"), "exact": kind.gates.values().all(|set| set.exact),
        "has_scopes": kind.has_scopes, "permissions": kind.names("permission"), "gates": gates, "refused": kind.refused,
        "not_known": kind.not_known, "against": kind.against,
    })
}
