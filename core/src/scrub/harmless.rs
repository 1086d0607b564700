//! The closed list of what is kept, read from `tables/harmless.toml`, and what a user adds to it.

use crate::sorted::Sorted;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

const LIST: &str = include_str!(concat!(env!("WHY401_TABLES"), "/harmless.toml"));

/// Literal words of the path templates of all shipped tables, sorted.
#[expect(clippy::unreadable_literal, reason = "written by `build.rs`")]
static PATH_WORDS: Sorted = include!(concat!(env!("OUT_DIR"), "/path_words.rs"));

/// What the shipped tables read of an answer, each list sorted; no table that somebody brings adds to it.
struct Compared {
    /// Header fields, lower case.
    headers: Sorted,
    /// Values that members are compared with.
    codes: Sorted,
}

static COMPARED: Compared = include!(concat!(env!("OUT_DIR"), "/compared.rs"));

/// How a kept value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Words; what is found in them by form becomes stand-ins.
    Prose,
    Number,
    Time,
    Words,
    Product,
    Media,
    Url,
    Names,
    Challenge,
    Credential,
    Cookies,
    /// A body of its own.
    Body,
    /// A short name that links two places of a file.
    Id,
    /// As it is, unless a credential is in it.
    Whole,
}

impl Grammar {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "prose" => Self::Prose,
            "number" => Self::Number,
            "time" => Self::Time,
            "words" => Self::Words,
            "product" => Self::Product,
            "media" => Self::Media,
            "url" => Self::Url,
            "names" => Self::Names,
            "challenge" => Self::Challenge,
            "credential" => Self::Credential,
            "cookies" => Self::Cookies,
            "body" => Self::Body,
            "id" => Self::Id,
            "whole" => Self::Whole,
            _ => return None,
        })
    }
}

/// The list.
#[derive(Debug, Default)]
pub(super) struct Harmless {
    headers: HashMap<String, Grammar>,
    members: HashMap<String, Grammar>,
    parameters: HashMap<String, Grammar>,
    challenge: HashMap<String, Grammar>,
    claims: HashMap<String, Grammar>,
    har: HashMap<String, Grammar>,
    /// Headers of a JWT that are kept.
    jwt_headers: Vec<String>,
    values: Vec<String>,
    path: Vec<String>,
}

/// The list as shipped.
pub(super) static HARMLESS: LazyLock<Harmless> = LazyLock::new(|| Harmless::read(LIST));

/// Whether a shipped table compares a member with that value.
pub(super) fn is_code(value: &str) -> bool {
    COMPARED.codes.contains(value.as_bytes())
}

impl Harmless {
    /// What cannot be read is not kept: a fault of the file never lets more through.
    fn read(text: &str) -> Self {
        type File = BTreeMap<String, BTreeMap<String, toml::Value>>;
        let file: File = toml::from_str(text).unwrap_or_default();
        let list = |section: &str, name: &str| -> Vec<String> {
            let found = file
                .get(section)
                .and_then(|s| s.get(name))
                .and_then(toml::Value::as_array);
            found
                .into_iter()
                .flatten()
                .filter_map(|v| v.as_str().map(str::to_owned))
                .collect()
        };
        let by_name = |section: &str| -> HashMap<String, Grammar> {
            let groups = file.get(section).into_iter().flatten();
            let pairs = groups.filter_map(|(grammar, _)| {
                Some((Grammar::named(grammar)?, list(section, grammar)))
            });
            pairs
                .flat_map(|(grammar, names)| {
                    names.into_iter().map(move |name| (plain(&name), grammar))
                })
                .collect()
        };
        let headers = file.get("header").into_iter().flatten();
        Self {
            headers: headers
                .filter_map(|(name, grammar)| {
                    Some((name.clone(), Grammar::named(grammar.as_str()?)?))
                })
                .collect(),
            members: by_name("member"),
            parameters: by_name("parameter"),
            challenge: by_name("challenge"),
            claims: by_name("claim"),
            har: by_name("har"),
            jwt_headers: list("claim", "header"),
            values: list("value", "any"),
            path: list("path", "words"),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<Grammar> {
        self.headers.get(&name.to_ascii_lowercase()).copied()
    }

    pub(super) fn member(&self, name: &str) -> Option<Grammar> {
        self.members.get(&plain(name)).copied()
    }

    pub(super) fn parameter(&self, name: &str) -> Option<Grammar> {
        self.parameters.get(&plain(name)).copied()
    }

    pub(super) fn challenge(&self, name: &str) -> Option<Grammar> {
        self.challenge.get(&plain(name)).copied()
    }

    pub(super) fn claim(&self, name: &str) -> Option<Grammar> {
        self.claims.get(&plain(name)).copied()
    }

    pub(super) fn har(&self, name: &str, holder: &str) -> Option<Grammar> {
        let within = self.har.get(&plain(&format!("{name}@{holder}")));
        within.or_else(|| self.har.get(&plain(name))).copied()
    }

    pub(super) fn is_jwt_header(&self, name: &str) -> bool {
        self.jwt_headers.iter().any(|own| own == name)
    }

    pub(super) fn is_value(&self, value: &str) -> bool {
        // A bare number may as well be somebody's: only the member that it stands in tells.
        let worded = value.contains(char::is_alphabetic);
        self.values.iter().any(|own| own == value) || worded && is_code(value)
    }

    /// Whether a table reads a header of that name, if only to see that it is there.
    pub(super) fn is_read_header(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.headers.contains_key(&name) || COMPARED.headers.contains(name.as_bytes())
    }

    /// Whether a piece of a path is a word of a published path.
    pub(super) fn is_path_word(&self, word: &str) -> bool {
        PATH_WORDS.contains(word.as_bytes())
            // Some products read paths without case, and publish them in one.
            || PATH_WORDS.contains(word.to_ascii_lowercase().as_bytes())
            || self.path.iter().any(|own| own == word)
    }
}

/// A name without case and marks.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Whether a member of a log line says where the request went, by its plain name.
pub(super) fn is_target(plain: &str) -> bool {
    matches!(
        plain,
        "path"
            | "uri"
            | "url"
            | "requesturi"
            | "requestpath"
            | "requesturl"
            | "resourcepath"
            | "xenvoyoriginalpath"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sound() {
        assert!(
            HARMLESS.headers.len() > 60
                && HARMLESS.members.len() > 150
                && HARMLESS.claims.len() > 10
        );
        assert_eq!(HARMLESS.member("Error-Description"), Some(Grammar::Prose));
        assert_eq!(
            HARMLESS.header("WWW-Authenticate"),
            Some(Grammar::Challenge)
        );
        assert!(HARMLESS.is_path_word("users"));
        assert!(PATH_WORDS.iter().is_sorted() && PATH_WORDS.iter().count() > 1000);
    }
}
