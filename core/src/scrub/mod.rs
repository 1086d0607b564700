//! The same evidence with only what is known to be harmless, so that it can be passed on and still be explained.
//!
//! Kept is what `tables/harmless.toml` names: methods, hosts, published words of paths, known headers by the grammar of
//! their values, statuses, error codes and messages, scopes, times, and of a JWT its header and the claims that a
//! diagnosis compares. Everything else becomes a stand-in of its type. What was taken out is looked for in the result.

mod body;
mod challenge;
mod command;
mod cookie;
mod credential;
mod harmless;
mod header;
mod json;
mod markup;
mod member;
mod message;
mod people;
mod prose;
mod repeated;
mod stand_in;
mod term;
mod url;

use crate::http::WIRE;
use crate::input::{self, InputForm, InputOptions, Item, Shape};
use serde_json::Value;
use stand_in::StandIns;
use std::collections::BTreeMap;

/// What is kept beyond the closed list, by a person's word.
#[derive(Debug, Clone, Default)]
pub struct Keep {
    /// Headers, members, parameters and claims whose values stay, lower case.
    pub names: Vec<String>,
    /// Whether addresses of mail, telephone numbers, IP addresses and user names in messages stay.
    pub personal: bool,
}

/// Evidence without its values.
#[derive(Debug)]
pub struct Scrubbed {
    /// The text.
    pub text: String,
    /// What was removed, by kind of place, and how often.
    pub removed: BTreeMap<String, usize>,
    /// What was kept beyond the list, by name, and how often.
    pub kept: BTreeMap<String, usize>,
    /// What could not be read, and is left out.
    pub left_out: usize,
    /// Whether sentences are in it, in which names are not looked for.
    pub free: bool,
}

impl Scrubbed {
    /// The header fields among what was removed that have the id of a request: a vendor's support may ask for it.
    pub fn correlation(&self) -> Vec<&str> {
        let headers = self
            .removed
            .keys()
            .filter_map(|place| place.strip_prefix("header "));
        headers
            .filter(|name| WIRE.correlation.contains(name))
            .collect()
    }
}

/// Why nothing may be written. Says where, never what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Something that was taken out would stand elsewhere.
    #[error("{0}")]
    Survived(Survived),
    /// The form cannot be read, and text that is not understood is not passed on.
    #[error("the {0} cannot be read at all")]
    Unreadable(&'static str),
}

/// The result could not be searched for what was taken out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the result could not be searched for what was removed at {place}")]
pub struct Survived {
    /// The kind of place at which it was found first.
    pub place: String,
}

impl From<Survived> for Refused {
    fn from(survived: Survived) -> Self {
        Self::Survived(survived)
    }
}

/// What was found so far.
#[derive(Debug)]
struct Work<'k> {
    stand: StandIns,
    keep: &'k Keep,
    kept: BTreeMap<String, usize>,
    depth: usize,
    left_out: usize,
    /// Whether sentences were read.
    free: bool,
    /// Where the text stands that is cleaned line by line.
    nest: prose::nest::Nest,
}

impl Work<'_> {
    /// Whether a person named it as harmless; noted.
    fn keeps(&mut self, name: &str) -> bool {
        if self.keep.names.is_empty() {
            return false;
        }
        let found = self
            .keep
            .names
            .iter()
            .find(|own| own.eq_ignore_ascii_case(name));
        if let Some(own) = found {
            *self.kept.entry(own.clone()).or_default() += 1;
        }
        found.is_some()
    }
}

/// Keeps what is known to be harmless.
pub fn scrub(text: &str, form: InputForm, keep: &Keep) -> Result<Scrubbed, Refused> {
    let mut work = Work {
        stand: StandIns::of(text),
        keep,
        kept: BTreeMap::new(),
        depth: 0,
        left_out: 0,
        free: false,
        nest: prose::nest::Nest::default(),
    };
    let cleaned = match form.shape() {
        Shape::Archive => har(text, &mut work)?,
        Shape::Records => {
            let joined = input::records_in_one_line(text);
            let text = joined.as_deref().unwrap_or(text);
            message::lines(text, &message::record_or_log, &mut work)
        }
        Shape::Lines => message::lines(text, &|value, work| json::log(value, "", work), &mut work),
        Shape::Command => match command::clean(text, &mut work) {
            Some(line) => line + "\n",
            None => whole_body(text, &mut work)?,
        },
        Shape::Body => whole_body(text, &mut work)?,
        Shape::Messages => message::transcript(text, &mut work),
    };
    let text = repeated::replace(cleaned, &mut work)?;
    Ok(Scrubbed {
        text,
        removed: work.stand.removed,
        kept: work.kept,
        left_out: work.left_out,
        free: work.free,
    })
}

/// A HAR as JSON; where it is none, what `explain` can read of it, as exchange records.
fn har(text: &str, work: &mut Work<'_>) -> Result<String, Refused> {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let cleaned = json::har(value, work);
        return Ok(json::written(&cleaned, text) + "\n");
    }
    let mut lines = String::new();
    let how = InputOptions {
        name: "",
        form: Some(InputForm::Har),
        fields: None,
    };
    let read = input::read(text.as_bytes(), how, &mut |item| match item {
        Item::Exchange(exchange) => {
            let record = input::written(&exchange);
            lines.push_str(&json::record(record, work).to_string());
            lines.push('\n');
        }
        Item::Skipped { .. } => work.left_out += 1,
    });
    if read.is_err() || lines.is_empty() {
        return Err(Refused::Unreadable("HAR"));
    }
    Ok(lines)
}

/// A bare body or exception text; what holds entries of a HAR is read as one.
fn whole_body(text: &str, work: &mut Work<'_>) -> Result<String, Refused> {
    let bare = text.trim_start();
    if bare.starts_with('{') && text.contains("\"entries\"") && text.contains("\"request\"") {
        return har(text, work);
    }
    let structured = bare.starts_with(['{', '[', '<']);
    let cleaned = if structured {
        body::clean(text, body::Side::Answer, work)
    } else {
        message::text(text, work)
    };
    Ok(if cleaned.ends_with('\n') {
        cleaned
    } else {
        cleaned + "\n"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(message: &str) -> String {
        let text = serde_json::json!({"response": {"status": 400, "body": message}}).to_string();
        let out = scrub(&text, InputForm::Records, &Keep::default()).expect("scrubbed");
        let record: Value = serde_json::from_str(&out.text).expect("a record");
        record["response"]["body"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    #[test]
    fn a_quoted_address_in_a_sentence_is_no_members_name() {
        let shown =
            said("Get \"https://api.example/v1/users\": net/http: invalid header field value");
        assert!(
            shown.ends_with("net/http: invalid header field value"),
            "{shown}"
        );
        let claim = said("claims \"https://api.example/claim\": \"Tr0ub4dor&3\" refused");
        assert!(!claim.contains("Tr0ub4dor"), "{claim}");
    }

    #[test]
    fn what_the_shipped_tables_compare_is_kept() {
        let body = "{\"id\":\"api.context.permissions.app_error\",\"key\":\"zQ7marked0secret0Kx\"}";
        let shown = said(body);
        assert!(
            shown.contains("api.context.permissions.app_error") && !shown.contains("zQ7"),
            "{shown}"
        );
        let record =
            "{\"response\":{\"status\":401,\"headers\":{\"intuit_tid\":\"zQ7marked0secret0Kx\"}}}";
        let out = scrub(record, InputForm::Records, &Keep::default()).expect("scrubbed");
        assert!(
            out.text.contains("intuit_tid") && !out.text.contains("zQ7"),
            "{}",
            out.text
        );
    }

    #[test]
    fn a_command_over_several_lines_is_one_command() {
        let text = "it fails:\n$ curl https://api.example/v1/users \\\n  -H 'X-Odd: Tr0ub4dor&3' \\\n  -H 'Accept: */*'\nwith 401\n";
        let out = scrub(text, InputForm::Body, &Keep::default()).expect("scrubbed");
        assert!(!out.text.contains("Tr0ub4dor"), "{}", out.text);
        assert!(out.text.contains("-H 'Accept: */*'"), "{}", out.text);
        assert!(out.text.ends_with("with 401\n"), "{}", out.text);
    }

    #[test]
    fn a_record_that_strict_json_refuses_is_scrubbed_by_its_members() {
        let text = "{'request': {'method': 'GET', 'headers': {'X-Odd': 'Tr0ub4dor&3'}}, 'response': {'status': 401}}\n";
        let out = scrub(text, InputForm::Records, &Keep::default()).expect("scrubbed");
        assert!(!out.text.contains("Tr0ub4dor"), "{}", out.text);
        assert!(out.text.contains("\"status\":401"), "{}", out.text);
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_scrubbed_and_again(text in "\\PC{0,200}") {
            for form in [InputForm::Har, InputForm::Curl, InputForm::Records, InputForm::Log, InputForm::Body, InputForm::Command] {
                if let Ok(once) = scrub(&text, form, &Keep::default()) {
                    let _ = scrub(&once.text, form, &Keep::default());
                }
            }
        }
    }
}
