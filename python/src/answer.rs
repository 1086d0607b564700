//! Single answers: `explain`, `needs`, `Scrubber`.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::{SystemTime, UNIX_EPOCH};
use why401_core::diagnose::{Clock, Credential, ToldScopes};
use why401_core::finding::ScopesFrom;
use why401_core::http::Target;
use why401_core::input::{self, InputForm};
use why401_core::needs::{NEEDS, Needs, Question};
use why401_core::output::{self, Format, View, json};
use why401_core::scrub::{self, Keep};
use why401_core::table::{self, Trust};
use why401_core::token::Token;
use why401_core::triage::{self, Declared, Options, Providers};

/// What is wrong with an argument. No argument is repeated: any may hold a secret.
pub(crate) fn wrong(why: impl Display) -> PyErr {
    PyValueError::new_err(why.to_string())
}

pub(crate) fn form(name: Option<&str>) -> PyResult<Option<InputForm>> {
    let form = name.map(str::parse).transpose();
    form.map_err(|_| wrong("form is one of har, curl, http, command, records, log, body"))
}

/// The shipped providers, with the one that was named by its id or a name that people use.
pub(crate) fn providers(name: Option<&str>) -> PyResult<Providers> {
    let known = name.map(|name| match table::by_words(name).first() {
        Some(known) if !table::names().any(|own| own == name) => (*known).to_owned(),
        _ => name.to_owned(),
    });
    Providers::with(Vec::new(), known).map_err(wrong)
}

/// What is declared beside the evidence: the moment, given or now.
pub(crate) fn declared(at: Option<&str>) -> PyResult<Declared> {
    let given = at.map(str::parse::<jiff::Timestamp>).transpose();
    let given = given.map_err(|_| wrong("at is not a moment such as 2026-01-31T12:00:00Z"))?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    });
    Ok(Declared {
        clock_given: given.is_some(),
        ..Declared::at(Clock::at(given.map_or(now, jiff::Timestamp::as_second)))
    })
}

/// The report on evidence, as JSON.
#[pyfunction]
pub(crate) fn explain(
    py: Python<'_>,
    data: &[u8],
    form: Option<&str>,
    provider: Option<&str>,
    status: Option<u16>,
    at: Option<&str>,
) -> PyResult<String> {
    let providers = providers(provider)?;
    let declared = Declared {
        status,
        ..declared(at)?
    };
    let options = Options {
        form: self::form(form)?,
        ..Options::new("the evidence", declared)
    };
    Ok(py.detach(|| {
        let report = triage::explain(data, &providers, &options);
        output::render(&report, Format::Json, &View::default())
    }))
}

/// The answer to `needs`, as JSON.
#[pyfunction]
pub(crate) fn needs(
    py: Python<'_>,
    endpoints: Vec<(String, String)>,
    provider: Option<&str>,
    kind: Option<&str>,
    scope: Option<&str>,
) -> PyResult<String> {
    let providers = providers(provider)?;
    let targets = endpoints
        .iter()
        .map(|(method, url)| Target::parse(method, url));
    let targets = targets.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let credential = Credential {
        scopes: scope.map(|list| ToldScopes::read(list, ScopesFrom::Person)),
        ..Credential::of(Token::absent())
    };
    let question = Question {
        targets: &targets,
        kind,
        credential: &credential,
        trust: Trust::C,
        any_host: provider.is_some(),
    };
    let answer = py
        .detach(|| Needs::of(&providers, &question))
        .map_err(wrong)?;
    let answer = answer.ok_or_else(|| wrong("no table names any of the hosts"))?;
    Ok(json::line(&json::document(NEEDS, answer.value())))
}

/// Keeps what is known to be harmless and puts a typed stand-in for everything else.
#[pyclass(frozen, module = "why401")]
pub(crate) struct Scrubber(Keep);

#[pymethods]
impl Scrubber {
    #[new]
    #[pyo3(signature = (keep = None, *, personal = false))]
    fn new(keep: Option<Vec<String>>, personal: bool) -> Self {
        let names = keep.unwrap_or_default().into_iter();
        Self(Keep {
            names: names.map(|name| name.to_ascii_lowercase()).collect(),
            personal,
        })
    }

    /// The same evidence without its values.
    #[pyo3(signature = (text, form = None))]
    fn scrub(&self, py: Python<'_>, text: &str, form: Option<&str>) -> PyResult<Scrubbed> {
        let form = self::form(form)?.unwrap_or_else(|| input::sniff(text, false));
        let out = py
            .detach(|| scrub::scrub(text, form, &self.0))
            .map_err(wrong)?;
        Ok(Scrubbed {
            text: out.text,
            form: form.name(),
            removed: out.removed,
            kept: out.kept,
            left_out: out.left_out,
        })
    }
}

/// Evidence without its values.
#[pyclass(frozen, get_all, module = "why401")]
pub(crate) struct Scrubbed {
    /// The text.
    text: String,
    /// What it was read as.
    form: &'static str,
    /// What was taken out, by kind of place, and how often.
    removed: BTreeMap<String, usize>,
    /// What was kept beyond the list, by name, and how often.
    kept: BTreeMap<String, usize>,
    /// Parts that could not be read.
    left_out: usize,
}
