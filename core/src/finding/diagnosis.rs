//! The answer to one case: what was asked about, the verdict, the findings.

use super::cause::{Attribute, Cause, Severity};
use super::codes::{PERMISSION_MISSING, SCOPE_MISSING};
use super::finding::{Certainty, Finding};
use super::step::Step;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The answer to the question that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Something keeps the call out.
    Denied,
    /// The evidence does not decide.
    Unknown,
    /// Nothing was found in the way.
    Clear,
}

impl Verdict {
    /// The process's exit code; 2 is for runs that could not be made. The one table of exit codes.
    pub const EXIT_CODES: [(u8, &'static str, &'static str); 4] = [
        (0, "clear", "no problem found, or the server said yes"),
        (
            1,
            "denied",
            "a refused answer with a cause, or token and table deny the call",
        ),
        (
            2,
            "cannot run",
            "wrong usage, nothing readable, a broken table, a possible leak",
        ),
        (
            3,
            "unknown",
            "the evidence does not decide, a rate limit, a fault of the server",
        ),
    ];

    /// 0, 1 or 3.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Clear => 0,
            Self::Denied => 1,
            Self::Unknown => 3,
        }
    }

    /// Its word, as the table of exit codes has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }

    /// The three, each in its place of [`Self::rank`].
    pub const ALL: [Self; 3] = [Self::Denied, Self::Unknown, Self::Clear];

    /// Its place among the three: denied, unknown, clear.
    pub fn rank(self) -> usize {
        match self {
            Self::Denied => 0,
            Self::Unknown => 1,
            Self::Clear => 2,
        }
    }
}

/// One lock of the operation, compared with what is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GateView {
    /// The gate's id: `scope`, `permission`.
    pub gate: String,
    /// `pass`, `fail`, `depends`, `cannot-see`.
    pub answer: &'static str,
    /// What is held, where it can be seen.
    pub have: Vec<String>,
    /// What would open it: any of these sets.
    pub need: Vec<Vec<String>>,
    /// What is missing, one list an alternative, flattened where one name each would do.
    pub missing: Vec<String>,
    /// What of the need the vendor does not publish at all: a report alone names it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unpublished: Vec<String>,
    /// What carries this gate's rights, and where they can be looked up.
    pub holder: String,
    /// On what it depends, where the answer is `depends`; within which limits it passes, where that is not everywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<String>,
}

/// What was asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Subject {
    /// The HTTP method.
    pub method: Option<String>,
    /// The URL as given, without credentials in it.
    pub url: Option<String>,
    /// The status of the answer, where one was seen.
    pub status: Option<u16>,
    /// The provider's id.
    pub provider: Option<String>,
    /// The operation of the table that the URL matches.
    pub operation: Option<String>,
    /// Where the request was found.
    pub place: Option<String>,
    /// When it was made, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Who told the scopes of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopesFrom {
    /// A claim of the token, by its name.
    Claim(String),
    /// A person, by hand.
    Person,
    /// The answer in which the token was issued.
    TokenAnswer,
    /// A member of the token answer that was given in place of a token.
    TokenAnswerMember,
    /// The issuer's introspection endpoint (RFC 7662).
    Introspection,
    /// The control of a probe.
    Control,
    /// The record of the exchange.
    Record,
    /// The manifest of a gate.
    Manifest,
}

impl std::fmt::Display for ScopesFrom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Claim(name) => f.write_str(name),
            Self::Person => f.write_str("given by hand"),
            Self::TokenAnswer => f.write_str("token answer"),
            Self::TokenAnswerMember => f.write_str("member `scope` of the token answer"),
            Self::Introspection => f.write_str("introspection"),
            Self::Control => f.write_str("control"),
            Self::Record => f.write_str("record"),
            Self::Manifest => f.write_str("declared in the manifest"),
        }
    }
}

impl Serialize for ScopesFrom {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

/// A time that a token names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Moment {
    /// The claim: `exp`, `nbf`, `iat` ...
    pub claim: String,
    /// The time, RFC 3339.
    pub at: String,
    /// How far it is from the moment of judging: `in 2 h 5 min`, `3 d ago`.
    pub relative: String,
    /// Whether it has passed.
    pub past: bool,
}

/// The credential as far as it may be shown: never itself, never its signature.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TokenView {
    /// Whether the kind was assumed: nothing tells it.
    #[serde(skip)]
    pub assumed: bool,
    /// `jwt`, `jwe`, `opaque`, `absent`, `malformed` ...
    pub form: String,
    /// The kind of principal, by the provider's name for it.
    pub kind: Option<String>,
    /// The first 16 hex digits of its SHA-256.
    pub fingerprint: Option<String>,
    /// The JOSE header, as read.
    pub header: Option<Map<String, Value>>,
    /// The claims, as read.
    pub claims: Option<Map<String, Value>>,
    /// The scopes that were used.
    pub scopes: Option<Vec<String>>,
    /// Where they came from.
    pub scopes_from: Option<ScopesFrom>,
    /// When it ends, RFC 3339.
    pub expires: Option<String>,
    /// The times that it names, the end first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<Moment>,
    /// What it is, in words, where a sign tells.
    pub what: Option<String>,
    /// What was checked of it and what was not.
    pub checked: Option<String>,
    /// Whether there was a credential to look at: a kind or a list of scopes by hand stands in for one.
    #[serde(skip)]
    pub seen: bool,
}

/// A request that was made or found, with its role in the diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenExchange {
    /// `target`, `control`, `baseline` ...
    pub role: String,
    /// The HTTP method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why no answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// What a text was taken for, and what of it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReadAs {
    /// "HAR", "`AxiosError`".
    pub form: String,
    /// "request POST https://…", "status 401", "body 74 bytes", "credential sent".
    pub used: Vec<String>,
}

/// One thing that speaks for or against a cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Argument {
    /// The cause, by its code.
    pub cause: &'static str,
    /// What it says.
    pub says: String,
    /// Where it was seen.
    pub place: Option<String>,
}

/// The findings of one case.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The id given with the case.
    pub id: Option<String>,
    /// What was asked about.
    pub subject: Subject,
    /// What the evidence was taken for; absent where none was read.
    pub read_as: Option<ReadAs>,
    /// The credential.
    pub token: TokenView,
    /// The answer.
    pub verdict: Verdict,
    /// Ranked, the cause first.
    pub findings: Vec<Finding>,
    /// What speaks for the causes, the weightiest first.
    pub arguments: Vec<Argument>,
    /// What speaks against them.
    pub counterarguments: Vec<Argument>,
    /// The operation's locks.
    pub gates: Vec<GateView>,
    /// How the server refused, in its own words: a message with its code, else an excerpt.
    pub said: Option<String>,
    /// Requests seen.
    pub exchanges: Vec<SeenExchange>,
    /// What to do.
    pub next: Vec<Step>,
    /// What shows that the token is accepted on this host, as part of a sentence; [`Self::ruled_out`] says what that rules
    /// out.
    pub living: Option<String>,
    /// What it is not, with the reason.
    pub ruled_out: Vec<String>,
    /// How many further cases came to the same and were not kept.
    pub alike: usize,
}

impl Diagnosis {
    /// Whether only a token was looked at, without a request.
    pub fn is_of_token(&self) -> bool {
        self.subject.url.is_none() && self.subject.place.is_none() && self.exchanges.is_empty()
    }

    /// How sure a finding is, in words: with what there was to derive it from.
    pub fn sure(&self, finding: &Finding) -> &'static str {
        let token = &self.token;
        let right = finding.cause.is(Attribute::Right);
        let from = token.scopes_from.as_ref().filter(|_| right);
        let answered = self.subject.status.is_some();
        match (finding.certainty, from) {
            (Certainty::Derived, _) if self.is_of_token() => "derived from the token",
            (Certainty::Derived, Some(ScopesFrom::Manifest)) => super::gated::MANIFEST_AND_TABLE,
            (Certainty::Derived, Some(ScopesFrom::Person)) => {
                "derived from the table and the scopes given"
            }
            (Certainty::Derived, _) if token.form == "absent" && finding.source.is_none() => {
                "derived from the request"
            }
            (Certainty::Derived, _) if self.subject.provider.is_none() && !answered => {
                "derived from request and token"
            }
            (Certainty::Derived, _) if !token.seen && token.form == "opaque" && !answered => {
                "derived from the table and what was given"
            }
            (certainty, _) => certainty.words(),
        }
    }

    /// Whether the live server was asked.
    pub fn was_asked(&self) -> bool {
        self.exchanges
            .iter()
            .any(|seen| !matches!(seen.role.as_str(), "before" | "target"))
    }

    /// What is missing by name, where the cause is that a right is missing: of the checks that fail for it, else what the
    /// answer names as needed.
    pub fn missing(&self) -> Vec<String> {
        let Some(cause) = self.cause().filter(|f| f.cause.is(Attribute::Right)) else {
            return Vec::new();
        };
        let missing: Vec<String> = self
            .failing(cause.cause)
            .flat_map(|gate| gate.missing.clone())
            .collect();
        let named = cause.evidence.iter();
        let named =
            named.filter(|fact| matches!(fact.place.as_str(), "named as needed" | "accepted"));
        match missing.is_empty() {
            true => named.map(|fact| fact.value.clone()).collect(),
            false => missing,
        }
    }

    /// The checks that fail for a cause: a scope that is missing as well is no missing permission.
    fn failing(&self, cause: &'static Cause) -> impl Iterator<Item = &GateView> {
        let failed = |gate: &&GateView| gate.answer == "fail";
        let scope = self.gates.iter().filter(failed).any(|g| g.gate == "scope");
        self.gates.iter().filter(failed).filter(move |gate| {
            let of_scope = gate.gate == "scope";
            match cause == &SCOPE_MISSING {
                // Some tokens carry a right by another name.
                true => of_scope || !scope,
                false => !of_scope && cause == &PERMISSION_MISSING,
            }
        })
    }

    /// What to do about the cause.
    pub fn remedy(&self) -> Option<&str> {
        let fix = self.cause()?.fix.as_ref()?;
        Some(&fix.text)
    }

    /// Whether another says the same of another request: verdict, cause, certainty, provider, what is missing and what
    /// to do.
    pub fn is_like(&self, other: &Self) -> bool {
        let key = |d: &Self| d.cause().map(|f| (f.cause.code, f.certainty));
        self.verdict == other.verdict
            && self.subject.provider == other.subject.provider
            && key(self) == key(other)
            && self.missing() == other.missing()
            && self.remedy() == other.remedy()
    }

    /// Keeps what a list needs: subject, verdict and cause.
    pub fn shorten(&mut self) {
        let cause = self.cause().cloned();
        *self = Self {
            id: self.id.take(),
            subject: std::mem::take(&mut self.subject),
            read_as: None,
            verdict: self.verdict,
            token: TokenView::default(),
            findings: cause.into_iter().collect(),
            arguments: Vec::new(),
            counterarguments: Vec::new(),
            gates: std::mem::take(&mut self.gates),
            said: None,
            exchanges: Vec::new(),
            next: Vec::new(),
            living: None,
            ruled_out: Vec::new(),
            alike: 0,
        };
        self.gates.retain(|gate| gate.answer == "fail");
    }

    /// Whether a text is part of a name that is listed: names are sorted, and their order goes by their letters.
    pub fn lists(&self, text: &str) -> bool {
        let held = self.token.scopes.iter().flatten();
        let gates = self.gates.iter().flat_map(|gate| {
            let need = gate.need.iter().flatten();
            gate.have.iter().chain(&gate.missing).chain(need)
        });
        held.chain(gates).any(|name| name.contains(text))
    }

    /// The finding that the verdict of a question rests on: the one that denies, where the cause alone does not.
    pub fn decides(&self) -> Option<&Finding> {
        let mut errors = self.findings.iter();
        let denies = errors.find(|f| f.severity == Severity::Error && f.denies);
        denies
            .filter(|_| self.verdict == Verdict::Denied)
            .or_else(|| self.cause())
    }

    /// What it could be, where nothing but the status of the answer speaks for the first cause: none is likelier than
    /// another. Empty where more is known.
    pub fn open_causes(&self) -> Vec<&Finding> {
        let errors = self.findings.iter();
        let errors: Vec<&Finding> = errors.filter(|f| f.severity == Severity::Error).collect();
        match errors.first().is_some_and(|first| first.bare) && errors.len() > 1 {
            true => errors,
            false => Vec::new(),
        }
    }

    /// The first error finding, whatever its certainty.
    pub fn cause(&self) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.severity == Severity::Error)
    }
}
