//! What a gate came to: for each app its credential and each endpoint, offline and online apart.

use super::diagnosis::{TokenView, Verdict};
use super::finding::{Certainty, Finding};
use super::judged::{Judged, Outcome};
use super::report::RunError;
use crate::http::Role;

/// How sure a cause is that the manifest's lists and a table show.
pub(super) const MANIFEST_AND_TABLE: &str = "derived from manifest and table";

/// A question of the gate: an endpoint, or a rule about the credential.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `GET /path`, or the rule's name.
    pub name: String,
    /// The line of the manifest.
    pub line: usize,
    /// What the manifest says it is for.
    pub note: Option<String>,
    /// Whether the app works without it.
    pub optional: bool,
    /// Whether the manifest lets it stay undecided.
    pub tolerated: bool,
    /// By token and table.
    pub offline: Judged,
    /// By the server, where it was asked.
    pub online: Option<Judged>,
}

impl Entry {
    /// A rule about the credential.
    pub fn rule(name: impl Into<String>, line: usize, judged: Judged) -> Self {
        Self {
            name: name.into(),
            line,
            note: None,
            optional: false,
            tolerated: false,
            offline: judged,
            online: None,
        }
    }

    /// The half that decides: the server's answer, where it gave one.
    pub fn deciding(&self) -> &Judged {
        match &self.online {
            Some(online) if online.outcome != Outcome::NotAsked => online,
            _ => &self.offline,
        }
    }

    /// Whether the server answered about it, and not about the credential alone.
    pub fn is_asked(&self) -> bool {
        let exchanges = self.online.iter().flat_map(|online| &online.exchanges);
        let mut own = exchanges.filter(|own| own.role == Role::Target.name());
        self.is_answered() && own.any(|own| own.status.is_some())
    }

    /// Whether the server's answers decide.
    pub fn is_answered(&self) -> bool {
        let asked = |online: &Judged| online.outcome != Outcome::NotAsked;
        self.online.as_ref().is_some_and(asked)
    }

    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        self.deciding().outcome
    }

    /// Whether it is told and not counted: an endpoint that the app works without, or what the manifest lets stay
    /// undecided.
    pub fn is_skipped(&self) -> bool {
        let tolerated = self.tolerated && self.outcome() == Outcome::CannotTell;
        tolerated || self.optional && self.outcome() != Outcome::Pass
    }

    /// Its word: `pass`, `fail`, `cannot-tell`, `skipped`.
    pub fn word(&self) -> &'static str {
        match self.is_skipped() {
            true => "skipped",
            false => self.outcome().word(),
        }
    }
}

/// A note with the line it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The line of the manifest.
    pub line: usize,
    /// The note.
    pub finding: Finding,
}

/// What keeps an app, or the manifest as a whole, from being judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The line of the manifest, where it is known.
    pub line: Option<usize>,
    /// The key; empty where it is not one key's.
    pub key: String,
    /// What is wrong, with line and key in its message.
    pub error: RunError,
}

impl From<RunError> for Fault {
    fn from(error: RunError) -> Self {
        Self {
            line: None,
            key: String::new(),
            error,
        }
    }
}

/// One app of a manifest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GatedApp {
    /// Its name.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// The provider's id.
    pub provider: Option<String>,
    /// Whether its table is what the manifest itself says of an API of one's own.
    pub own: bool,
    /// Whether the server was asked.
    pub online: bool,
    /// The credential, as far as it may be shown.
    pub token: Option<TokenView>,
    /// What the manifest says the principal holds, by gate.
    pub declared: Vec<(String, Vec<String>)>,
    /// The gates of those lists that some endpoint was compared with.
    pub compared: Vec<String>,
    /// The credential and the rules about it.
    pub checks: Vec<Entry>,
    /// The endpoints, in the manifest's order.
    pub endpoints: Vec<Entry>,
    /// What else is worth saying.
    pub notes: Vec<Note>,
    /// Why it could not be judged: every reason that is visible at once.
    pub faults: Vec<Fault>,
}

impl GatedApp {
    /// Whether no endpoint was decided, by nobody.
    pub fn checked_nothing(&self) -> bool {
        let mut endpoints = self.endpoints.iter();
        let decided = |own: &Entry| matches!(own.outcome(), Outcome::Pass | Outcome::Fail);
        !self.endpoints.is_empty() && self.faults.is_empty() && !endpoints.any(decided)
    }

    /// Whether the server was asked about anything.
    pub fn asked(&self) -> bool {
        let mut halves = self.entries().filter_map(|own| own.online.as_ref());
        halves.any(|own| !own.exchanges.is_empty())
    }

    /// By what it is judged where no server is: in words.
    pub fn basis(&self) -> &'static str {
        match self.own {
            true => "derived from the manifest",
            false => MANIFEST_AND_TABLE,
        }
    }

    /// How sure the cause of an entry is, in words: without a token there is nothing but what the manifest declares.
    pub fn sure(&self, entry: &Entry) -> &'static str {
        let judged = entry.deciding();
        let derived = judged
            .cause
            .is_some_and(|(_, sure)| sure == Certainty::Derived);
        match judged.sure {
            _ if derived && self.token.is_none() && !entry.is_answered() => self.basis(),
            MANIFEST_AND_TABLE => self.basis(),
            sure => sure,
        }
    }

    /// Whether anybody answered.
    pub fn answered(&self) -> bool {
        let mut halves = self.entries().filter_map(|own| own.online.as_ref());
        halves.any(|own| own.exchanges.iter().any(|own| own.status.is_some()))
    }

    /// Everything that was asked about it: rules first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.checks.iter().chain(&self.endpoints)
    }
}

/// A run of the gate.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gated {
    /// The manifest, as it was named.
    pub manifest: String,
    /// The apps, in the manifest's order.
    pub apps: Vec<GatedApp>,
    /// What is wrong with the manifest as a whole.
    pub faults: Vec<Fault>,
    /// Whether what is undecided lets the gate pass.
    pub cannot_tell_passes: bool,
    /// Whether the manifest was read, and nothing was to be judged.
    pub lint: bool,
}

impl Gated {
    /// Every question with its app.
    pub fn entries(&self) -> impl Iterator<Item = (&GatedApp, &Entry)> {
        let of = |app| GatedApp::entries(app).map(move |entry| (app, entry));
        self.apps.iter().flat_map(of)
    }

    /// What could not be judged, each with its reasons: the manifest as a whole (no app), then the apps.
    pub fn unjudged(&self) -> impl Iterator<Item = (Option<&GatedApp>, &[Fault])> {
        let apps = self.apps.iter();
        let apps = apps.map(|app| (Some(app), app.faults.as_slice()));
        let all = std::iter::once((None, self.faults.as_slice())).chain(apps);
        all.filter(|(_, faults)| !faults.is_empty())
    }

    /// How many questions came to this, those that are not counted left out.
    pub fn count(&self, outcome: Outcome) -> usize {
        let counted = self.entries().filter(|(_, entry)| !entry.is_skipped());
        counted
            .filter(|(_, entry)| entry.outcome() == outcome)
            .count()
    }

    /// Denied where one fails, unknown where one is undecided and that matters.
    pub fn verdict(&self) -> Verdict {
        if self.count(Outcome::Fail) > 0 {
            Verdict::Denied
        } else if self.count(Outcome::CannotTell) > 0 && !self.cannot_tell_passes {
            Verdict::Unknown
        } else {
            Verdict::Clear
        }
    }

    /// Whether the gate passes although no endpoint of any app was decided.
    pub fn checked_nothing(&self) -> bool {
        let nothing = !self.apps.is_empty() && self.apps.iter().all(GatedApp::checked_nothing);
        nothing && !self.lint && self.exit_code() == 0
    }

    /// 2 where anything could not be judged, else the verdict's.
    pub fn exit_code(&self) -> u8 {
        match self.unjudged().next() {
            Some(_) => 2,
            None => self.verdict().exit_code(),
        }
    }
}
