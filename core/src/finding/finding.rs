//! One cause seen in one case, with the facts behind it.

use super::cause::{Cause, Severity};
use serde::{Serialize, Serializer};

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// The server said so.
    Stated,
    /// Token and table say so.
    Derived,
    /// It would explain the refusal; something else may too.
    Possible,
}

impl Certainty {
    /// In words; [`super::Diagnosis::sure`] says of a diagnosis what there was to derive it from.
    pub fn words(self) -> &'static str {
        match self {
            Self::Stated => "stated by the server",
            Self::Derived => "derived from request, token and table",
            Self::Possible => "possible, not certain",
        }
    }
}

/// One observed fact behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// Where it was seen: "claim `scope`".
    pub place: String,
    /// What was seen there.
    pub value: String,
    /// The words of it that were read: what stays where the rest has to be cut.
    #[serde(skip)]
    pub focus: Option<String>,
}

impl Evidence {
    /// A fact and its place.
    pub fn new(place: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            value: value.into(),
            focus: None,
        }
    }
}

/// Where a statement comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SourceView {
    /// Its name or address.
    pub name: String,
    /// When it was published or read, as a date.
    pub date: Option<String>,
    /// A: the vendor's own, B: several agree, C: one report.
    pub trust: Option<String>,
}

/// What to do about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Fix {
    /// In words.
    pub text: String,
    /// As a command that can be pasted.
    pub command: Option<String>,
    /// The ways that there are, where one of several fits: the text names them all.
    #[serde(skip)]
    pub ways: Vec<String>,
}

/// A word that was probably mistyped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meant {
    /// As it was given.
    pub typed: String,
    /// What is published or reported, and one or two letters away.
    pub meant: String,
}

impl Meant {
    /// What was typed, and what was meant.
    pub fn new(typed: impl Into<String>, meant: impl Into<String>) -> Self {
        Self {
            typed: typed.into(),
            meant: meant.into(),
        }
    }
}

/// One cause seen in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The cause, by its code.
    #[serde(rename = "code", serialize_with = "code")]
    pub cause: &'static Cause,
    /// How it weighs.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// What was found, in one or two sentences.
    pub message: String,
    /// The facts behind it.
    pub evidence: Vec<Evidence>,
    /// Where the requirement or rule comes from.
    pub source: Option<SourceView>,
    /// What to do.
    pub fix: Option<Fix>,
    /// What was probably mistyped; the message says so too.
    #[serde(skip)]
    pub meant: Option<Meant>,
    /// Whether token and table deny by it; an error that does not only might explain a refusal.
    #[serde(skip)]
    pub denies: bool,
    /// Whether it reads an observed answer, not only token and table.
    #[serde(skip)]
    pub by_answer: bool,
    /// Whether it holds only under a condition that nobody can check from here: it weighs what it is derived from, and is
    /// never more than possible.
    #[serde(skip)]
    pub conditional: bool,
    /// Whether the answer says no more than its status for it: what is published or compared goes before that.
    #[serde(skip)]
    pub vague: bool,
    /// Whether nothing but the status of the answer speaks for it, which has several causes.
    #[serde(skip)]
    pub bare: bool,
    /// Whether nothing names it: the answer's words are only like those of answers that have this cause.
    #[serde(skip)]
    pub alike: bool,
    /// How much speaks for it, in points; 0: as its certainty is worth.
    #[serde(skip)]
    pub weight: i32,
    /// What speaks against it.
    #[serde(skip)]
    pub against: Option<&'static str>,
    /// What is not known, where it is only possible: each as part of a sentence.
    #[serde(skip)]
    pub open: Vec<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn code<S: Serializer>(cause: &&'static Cause, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(cause.code)
}

impl Finding {
    /// A cause that keeps the call out.
    pub fn error(cause: &'static Cause, certainty: Certainty, message: impl Into<String>) -> Self {
        Self {
            denies: true,
            ..Self::of(cause, Severity::Error, certainty, message.into())
        }
    }

    /// A cause that would explain a refusal, without denying by itself.
    pub fn candidate(cause: &'static Cause, message: impl Into<String>) -> Self {
        Self::of(cause, Severity::Error, Certainty::Possible, message.into())
    }

    /// Worth knowing; certainty says how far it is inferred.
    pub fn warning(cause: &'static Cause, message: impl Into<String>) -> Self {
        Self::of(cause, Severity::Warning, Certainty::Derived, message.into())
    }

    /// For completeness.
    pub fn info(cause: &'static Cause, message: impl Into<String>) -> Self {
        Self::of(cause, Severity::Info, Certainty::Derived, message.into())
    }

    fn of(
        cause: &'static Cause,
        severity: Severity,
        certainty: Certainty,
        message: String,
    ) -> Self {
        Self {
            cause,
            severity,
            certainty,
            message,
            evidence: Vec::new(),
            source: None,
            fix: None,
            meant: None,
            denies: false,
            by_answer: false,
            conditional: false,
            vague: false,
            bare: false,
            alike: false,
            weight: 0,
            against: None,
            open: Vec::new(),
        }
    }

    /// Says how much speaks for it, in points.
    #[must_use]
    pub fn weighing(mut self, points: i32) -> Self {
        self.weight = points;
        self
    }

    /// Says what would have to be known to be sure of it.
    #[must_use]
    pub fn open(mut self, what: impl Into<String>) -> Self {
        self.open.push(what.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn seen(mut self, place: impl Into<String>, value: impl Into<String>) -> Self {
        self.evidence.push(Evidence::new(place, value));
        self
    }

    /// Adds a fact of which these words were read.
    #[must_use]
    pub fn read(
        mut self,
        place: impl Into<String>,
        value: impl Into<String>,
        focus: Option<String>,
    ) -> Self {
        self.evidence.push(Evidence {
            focus,
            ..Evidence::new(place, value)
        });
        self
    }

    /// Asks whether something else was meant, where one is near.
    #[must_use]
    pub fn meant(mut self, typed: impl Into<String>, meant: Option<impl Into<String>>) -> Self {
        if let Some(meant) = meant {
            let meant = Meant::new(typed, meant);
            self.message = format!("{} Did you mean `{}`?", self.message, meant.meant);
            self.meant = Some(meant);
        }
        self
    }

    /// Names the source.
    #[must_use]
    pub fn from_source(mut self, source: Option<SourceView>) -> Self {
        self.source = source;
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            text: text.into(),
            command: None,
            ways: Vec::new(),
        });
        self
    }

    /// Says which ways there are, of which one fits.
    #[must_use]
    pub fn fix_by(mut self, ways: Vec<String>) -> Self {
        let text = match ways.as_slice() {
            [first] => first.clone(),
            [first @ .., last] => format!("{}, or {last}", first.join(", ")),
            [] => return self,
        };
        self.fix = Some(Fix {
            text: format!("Use {text}."),
            command: None,
            ways,
        });
        self
    }
}
