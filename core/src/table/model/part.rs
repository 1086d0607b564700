//! Parts of a tenant in which a right may be held: divisions, namespaces.

use super::Rule;
use super::kind::takes_in;
use regex_lite::Regex;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// How the rights of a gate are bound to parts of a tenant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Part {
    /// The gate.
    pub gate: String,
    /// What a part is called: `division`.
    pub name: String,
    /// How a held name is written with its part: a regular expression with the groups `name` and `part`.
    pub written: String,
    /// The same for people: `routing:queue:view@DIVISION`.
    pub example: String,
    /// Parts that stand for all of them.
    #[serde(default)]
    pub all: Vec<String>,
    /// Names of which the source says that they count within a part; `*` stands for any text. Of others nobody says
    /// whether the part matters.
    pub names: Vec<String>,
    /// Variables of path templates that name the part.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Query parameters that name it, or several with commas.
    #[serde(default)]
    pub queries: Vec<String>,
    /// Whether a call whose URL names no part is about all of them. Otherwise it is about an object whose part nobody
    /// knows from the URL.
    #[serde(default)]
    pub unnamed_is_all: bool,
    /// Operations that answer with what lies in the parts where the right is held: `GET /things`.
    #[serde(default)]
    pub filtered: Vec<String>,
    /// Operations that ask for the right in all parts.
    #[serde(default)]
    pub everywhere: Vec<String>,
    /// Where a person, or a program, looks the parts up.
    #[serde(default)]
    pub look: Option<String>,
    /// Answers of the vendor's own API that list what somebody holds.
    #[serde(default)]
    pub answer: Vec<HeldAnswer>,
    /// The id of the source.
    #[serde(default)]
    pub src: Option<String>,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

/// Where an answer of the vendor's API says what somebody holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HeldAnswer {
    /// JSON pointer to the grants; `*` stands for every element, and the empty pointer for the document.
    #[serde(default)]
    pub each: String,
    /// JSON pointer inside a grant to its part; without it the answer does not say the parts.
    #[serde(default)]
    pub part: Option<String>,
    /// JSON pointer inside a grant to what has names.
    #[serde(default)]
    pub within: String,
    /// JSON pointers inside that, whose values joined by `:` are the names.
    pub names: Vec<String>,
}

impl Part {
    /// A held name, and the part in which it is held, where one is written.
    pub(crate) fn split<'h>(&self, held: &'h str) -> (&'h str, Option<&'h str>) {
        let compile = || Regex::new(&self.written).ok();
        let pattern = self.compiled.get_or_init(compile).as_ref();
        let found = pattern.and_then(|pattern| pattern.captures(held));
        let group = |name: &str| Some(found.as_ref()?.name(name)?.as_str());
        match (group("name"), group("part")) {
            (Some(name), part) => (name, part),
            _ => (held, None),
        }
    }

    /// Whether the source says that this name counts within a part.
    pub(crate) fn binds(&self, name: &str) -> bool {
        self.names.iter().any(|own| takes_in(own, name))
    }

    /// Whether an operation whose URL names no part is about all of them.
    pub(crate) fn is_about_all(&self, rule: &Rule) -> bool {
        self.unnamed_is_all || self.everywhere.contains(&rule.name())
    }

    /// Whether a part stands for all of them.
    pub(crate) fn is_all(&self, part: &str) -> bool {
        self.all.iter().any(|all| all.eq_ignore_ascii_case(part))
    }

    /// The case in which a name that is held in these parts counts, in words.
    pub(crate) fn case(&self, name: &str, places: &BTreeSet<String>) -> String {
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let object = format!("the object is in the {} {}", self.name, places.join(" or "));
        match self.binds(name) {
            true => object,
            false => format!("{object}, or `{name}` does not go by {}s", self.name),
        }
    }

    /// Whether `written` can be read.
    pub(crate) fn is_sound(&self) -> bool {
        let has = |group: &str| self.written.contains(&format!("<{group}>"));
        Regex::new(&self.written).is_ok() && has("name") && has("part")
    }
}
