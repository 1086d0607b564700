//! From evidence to diagnoses: whose API it is, what belongs together, which credential it was, and the judgement.
//!
//! [`explain`] answers a whole text at once, [`run()`] hands over one diagnosis after the other. [`Triage`] takes exchanges
//! one by one, in memory that does not grow with their number. [`Judge`] answers single questions.

mod credential;
mod echo;
mod judge;
mod link;
mod memo;
mod providers;
mod run;
mod siblings;
mod skim;
mod success;
mod template;

pub use credential::learn;
pub use judge::{Declared, Judge};
pub use link::{Linked, Linker};
pub use memo::Memo;
pub use providers::{Attribution, Product, ProviderError, Providers};
pub use run::{Listener, run};
pub use skim::{Ready, Skim, Skimmed, Wanted};

use crate::finding::{Diagnosis, Report, RunError};
use crate::http::Exchange;
use crate::input::{InputForm, InputOptions};

/// Exchanges in, diagnoses out, in the same order; redirects and retries are linked, and the last carries the verdict.
#[derive(Debug)]
pub struct Triage<'a> {
    judge: Judge<'a>,
    linker: Linker,
}

impl<'a> Triage<'a> {
    /// Ready for the first exchange.
    pub fn new(providers: &'a Providers, declared: &'a Declared) -> Self {
        let judge = Judge::new(providers, declared);
        Self {
            judge,
            linker: judge.linker(),
        }
    }

    /// Takes an exchange; gives the diagnosis of an earlier one, where nothing that follows can change it any more.
    ///
    /// # Errors
    /// Where no table can be chosen, or where it does not know the kind that was given.
    pub fn take(&mut self, exchange: Exchange) -> Option<Result<Diagnosis, ProviderError>> {
        let linked = self.linker.take(exchange)?;
        Some(self.judge.exchange(&linked))
    }

    /// The diagnoses of what is still in sight; then ready for another file.
    pub fn finish(&mut self) -> Vec<Result<Diagnosis, ProviderError>> {
        let rest: Vec<Linked> = std::iter::from_fn(|| self.linker.release()).collect();
        self.linker.reset();
        rest.iter()
            .map(|linked| self.judge.exchange(linked))
            .collect()
    }
}

/// How a whole text is explained.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of the evidence, for places.
    pub name: String,
    /// Its form, where a person said it.
    pub form: Option<InputForm>,
    /// What a person says beside it.
    pub declared: Declared,
}

impl Options {
    /// Evidence of that name, its form sniffed.
    pub fn new(name: &str, declared: Declared) -> Self {
        Self {
            name: name.to_owned(),
            form: None,
            declared,
        }
    }
}

/// Explains evidence of any form: one diagnosis an exchange.
pub fn explain(evidence: &[u8], providers: &Providers, options: &Options) -> Report {
    let mut told = Told::default();
    let reading = InputOptions {
        name: &options.name,
        form: options.form,
        fields: None,
    };
    let judge = Judge::new(providers, &options.declared);
    let read = run(evidence, reading, &judge, &mut told);
    let mut report = told.0;
    if let Err(error) = read {
        report.error.get_or_insert(RunError {
            code: "input".to_owned(),
            message: format!("{} cannot be read: {}", options.name, error.kind()),
            hint: None,
        });
    }
    report
}

/// A report that keeps every diagnosis.
#[derive(Default)]
struct Told(Report);

impl Listener for Told {
    fn judged(&mut self, _: &Linked, answer: Result<Diagnosis, ProviderError>) {
        match answer {
            Ok(diagnosis) => {
                self.0.count(diagnosis.verdict);
                self.0.diagnoses.push(diagnosis);
            }
            Err(error) => {
                self.0.error.get_or_insert(RunError {
                    code: "input".to_owned(),
                    message: error.to_string(),
                    hint: None,
                });
            }
        }
    }

    fn skipped(&mut self, place: String, why: String) {
        self.0.skip(place, why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::Clock;
    use crate::work;

    const BODY: &str = r#"{\"message\": \"You are missing the following permission(s): routing:queue:view\", \"code\": \"missing.permissions\"}"#;

    /// Evidence of every form with so many refused requests.
    fn evidence(many: usize) -> Vec<(InputForm, String)> {
        let url = "https://api.mypurecloud.com/api/v2/routing/queues";
        let entry = format!(
            r#"{{"request":{{"method":"GET","url":"{url}","headers":[]}},"response":{{"status":403,"headers":[],"content":{{"text":"{BODY}"}}}}}}"#
        );
        let plain = BODY.replace("\\\"", "\"");
        let http = format!(
            "GET /api/v2/routing/queues HTTP/1.1\nHost: api.mypurecloud.com\n\nHTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n{plain}\n\n"
        );
        let curl = http
            .replace("GET ", "> GET ")
            .replace("Host:", "> Host:")
            .replace("\n\nHTTP", "\n> \n< HTTP")
            .replace("\nContent", "\n< Content");
        let lines = |line: &str| format!("{line}\n").repeat(many);
        vec![
            (
                InputForm::Har,
                format!(
                    r#"{{"log":{{"version":"1.2","entries":[{}]}}}}"#,
                    vec![entry; many].join(",")
                ),
            ),
            (
                InputForm::Records,
                lines(&format!(
                    r#"{{"request":{{"method":"GET","url":"{url}"}},"response":{{"status":403,"body":"{BODY}"}}}}"#
                )),
            ),
            (
                InputForm::Log,
                lines(&format!(
                    r#"{{"method":"GET","path":"/api/v2/routing/queues","authority":"api.mypurecloud.com","response_code":403,"message":"{BODY}"}}"#
                )),
            ),
            (
                InputForm::Log,
                lines(
                    r#"10.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET /api/v2/routing/queues HTTP/1.1" 403 12 "-" "c""#,
                ),
            ),
            (InputForm::Http, http.repeat(many)),
            (InputForm::Curl, curl.repeat(many)),
            (
                InputForm::Command,
                lines(&format!("curl -i {url} -H 'Accept: a'")),
            ),
            (
                InputForm::Body,
                lines(&format!("the call to {url} failed: 403 {plain}")),
            ),
        ]
    }

    #[test]
    fn eight_times_the_evidence_is_eight_times_the_work() {
        let providers = Providers::shipped();
        let declared = Declared::at(Clock::at(1_767_225_600));
        let work = |many: usize| -> Vec<usize> {
            let each = evidence(many).into_iter().map(|(form, text)| {
                let options = Options {
                    form: Some(form),
                    ..Options::new("x", declared.clone())
                };
                work::of(|| {
                    let report = explain(text.as_bytes(), &providers, &options);
                    assert!(report.counted() > 0, "{form:?}");
                })
            });
            each.collect()
        };
        let _ = work(1);
        let (one, eight) = (work(4), work(32));
        for (number, (one, eight)) in one.into_iter().zip(eight).enumerate() {
            assert!(one > 0 && eight <= 9 * one, "form {number}: {one}, {eight}");
        }
    }
}
