//! Kinds of token, the gates they meet, and how each is recognised.

use crate::table::paths::LetterCase;
use regex_lite::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How scope names are built.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Grammar {
    /// A regular expression that every published scope matches.
    #[serde(default)]
    pub grammar: Option<String>,
    /// The grammar in words.
    #[serde(default)]
    pub grammar_text: Option<String>,
    /// How letters are compared.
    #[serde(default)]
    pub case: LetterCase,
    /// What separates scopes in the provider's own texts: accepted, since tables state it; commas and blanks both
    /// separate.
    #[serde(default)]
    pub separator: Option<String>,
    /// Prefixes taken off before comparing.
    #[serde(default)]
    pub strip_prefix: Vec<String>,
    /// Names that mean nothing for an API.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Names that stand for "none".
    #[serde(default)]
    pub none: Vec<String>,
    /// Published names that no operation lists.
    #[serde(default)]
    pub also: Vec<String>,
}

impl Grammar {
    /// The grammar, ready to match; `None` where there is none, or where it is not a regular expression (see the lint).
    pub(crate) fn pattern(&self) -> Option<Regex> {
        Regex::new(self.grammar.as_deref()?).ok()
    }

    /// Whether two names are the same, as the provider compares them.
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        match self.case {
            LetterCase::Sensitive => one == other,
            LetterCase::Insensitive => one.eq_ignore_ascii_case(other),
        }
    }

    /// A name without the prefix that is taken off before comparing.
    pub fn stripped<'n>(&self, name: &'n str) -> &'n str {
        let without = |prefix: &String| {
            let start = name.get(..prefix.len())?;
            let same = match self.case {
                LetterCase::Sensitive => start == prefix,
                LetterCase::Insensitive => start.eq_ignore_ascii_case(prefix),
            };
            same.then(|| &name[prefix.len()..])
        };
        self.strip_prefix.iter().find_map(without).unwrap_or(name)
    }
}

/// Names that are no good advice, although they open operations.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Avoid {
    /// The names; `*` stands for any text, and for itself where it is all.
    pub names: Vec<String>,
    /// Why: they cannot be had any more, are meant for something else, or open far more than any call needs.
    pub why: String,
    /// The kinds of token that are so advised; empty: every kind.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The id of the source that says so.
    #[serde(default)]
    pub src: Option<String>,
}

impl Avoid {
    /// Whether it speaks of this name, asked for by this kind.
    pub fn fits(&self, name: &str, kind: &str) -> bool {
        let here = self.kinds.is_empty() || self.kinds.iter().any(|own| own == kind);
        let means = |own: &String| own == name || (own != "*" && is_like(own, name));
        here && self.names.iter().any(means)
    }
}

/// Which names speak of which part of an API: the ones to ask for there, where others open it too.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Resource {
    /// Literal segments of the paths, in lower case.
    pub segments: Vec<String>,
    /// The names; `*` stands for any text.
    pub names: Vec<String>,
}

impl Resource {
    /// Whether it speaks of this path.
    pub fn has(&self, path: &str) -> bool {
        let own = |segment: &str| {
            self.segments
                .iter()
                .any(|own| own.eq_ignore_ascii_case(segment))
        };
        path.split('/').any(own)
    }

    /// Whether this name is one of it.
    pub fn fits(&self, name: &str) -> bool {
        self.names.iter().any(|own| is_like(own, name))
    }
}

/// Whether a pattern of a role takes a name in: `*` stands for any text, and what begins with `/` is a path, for which only a
/// pattern of paths stands.
pub(in crate::table) fn takes_in(pattern: &str, name: &str) -> bool {
    pattern.starts_with('/') == name.starts_with('/') && is_like(pattern, name)
}

/// Whether a name is the pattern's, in which `*` stands for any text.
fn is_like(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*').peekable();
    let start = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(start) else {
        return false;
    };
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

/// Levels of names of the form `name:level`: each includes those before it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Levels {
    /// The lowest first.
    #[serde(default)]
    pub order: Vec<String>,
}

/// One of the locks on an operation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Gate {
    /// `scope`, `permission` ...
    pub id: String,
    /// Who carries the right: `client`, `user-role` ...
    #[serde(default)]
    pub holder: String,
    /// The same in words, for people.
    #[serde(default)]
    pub holder_text: Option<String>,
    /// Where holdings can be seen, or `unseen`.
    #[serde(default)]
    pub seen: String,
    /// Where a person looks them up.
    #[serde(default)]
    pub look: Option<String>,
    /// Set where enforcement is a switch: says which and its default.
    #[serde(default)]
    pub enforced: Option<String>,
    /// The same as the end of a sentence: "where the organisation enforces scopes".
    #[serde(default)]
    pub enforced_when: Option<String>,
    /// The id of the source that says so.
    #[serde(default)]
    pub enforced_src: Option<String>,
    /// What to do where it fails; `{missing}` stands for the names that are missing.
    #[serde(default)]
    pub fix: Option<String>,
    /// A regular expression that every sound name of this gate matches.
    #[serde(default)]
    pub grammar: Option<String>,
    /// Whether `*` in a held name stands for any text.
    #[serde(default)]
    pub wildcard: bool,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Gate {
    /// The grammar of this gate's names, ready to match.
    pub(crate) fn pattern(&self) -> Option<&Regex> {
        let compile = || Regex::new(self.grammar.as_deref()?).ok();
        self.compiled.get_or_init(compile).as_ref()
    }

    /// Whether all these names have the form of this gate's.
    pub(crate) fn is_sound(&self, names: &[String]) -> bool {
        self.pattern()
            .is_none_or(|pattern| names.iter().all(|name| pattern.is_match(name)))
    }
}

/// What sort of principal a kind speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Principal {
    /// A person.
    User,
    /// An application of its own right.
    Application,
    /// A guest of one conversation.
    Guest,
    /// Nobody: no token.
    Nobody,
}

/// A sign in a JWT's claims that tells the kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Mark {
    /// JSON pointer into the claims.
    pub claim: String,
    /// What its text starts with; absent: that it is there.
    #[serde(default)]
    pub prefix: Option<String>,
}

/// A kind of token.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Kind {
    /// The id rows use.
    pub id: String,
    /// In words.
    #[serde(default)]
    pub name: Option<String>,
    /// Who it speaks for.
    #[serde(default)]
    pub principal: Option<Principal>,
    /// The grants that make it.
    #[serde(default)]
    pub grants: Vec<String>,
    /// `jwt` or `opaque`: what such a token looks like.
    #[serde(default)]
    pub form: Option<String>,
    /// The gates it meets.
    #[serde(default)]
    pub gates: Vec<String>,
    /// Security schemes of an OpenAPI source that mean this kind.
    #[serde(default)]
    pub schemes: Vec<String>,
    /// The kind whose requirement it shares, where a document states one for that kind only.
    #[serde(default)]
    pub like: Option<String>,
    /// Why no published operation takes it, where that is so.
    #[serde(default)]
    pub closed_why: Option<String>,
    /// Error codes that refuse this kind.
    #[serde(default)]
    pub refused_by: Vec<String>,
    /// Signs of it in a JWT.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// How to get one.
    #[serde(default)]
    pub get: Option<String>,
    /// What is peculiar to it, such as "carries no scopes".
    #[serde(default)]
    pub note: Option<String>,
    /// The id of the source that says so.
    #[serde(default)]
    pub note_src: Option<String>,
    /// What such a token starts with.
    #[serde(default)]
    pub detect: Detect,
}

/// Signs of a kind in the token's text and claims.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Detect {
    /// Starts of the token.
    #[serde(default)]
    pub prefix: Vec<String>,
    /// A claim that it has.
    #[serde(default)]
    pub claim_present: Option<String>,
    /// A claim that it does not have.
    #[serde(default)]
    pub claim_absent: Option<String>,
    /// Claims with their values.
    #[serde(default)]
    pub claim_is: BTreeMap<String, String>,
    /// Claims of which one with its value stands in for `claim_absent`.
    #[serde(default)]
    pub claim_absent_or: BTreeMap<String, String>,
    /// Whether nothing can be read from it.
    #[serde(default)]
    pub opaque: bool,
}
