//! One thing that an answer says for a cause, and who says it.

use crate::finding::Cause;
use crate::language::Sense;
use crate::table::{Refusal, Refusals};

/// However many words say the same, they are worth no more.
pub(super) const WORDS: i32 = 50;
/// Words of this strength name their cause.
pub(super) const CLEAR: i32 = 40;

/// One thing that the answer says for a cause.
#[derive(Debug, Clone)]
pub(super) struct Voice<'f> {
    pub(super) cause: &'static Cause,
    pub(super) points: i32,
    /// Whether it names this cause and no other.
    pub(super) sole: bool,
    /// Whether it is a code that stands before many reasons: it yields to a sentence that gives one.
    pub(super) yields: bool,
    pub(super) by: By<'f>,
    /// What speaks against it.
    pub(super) against: Option<&'static str>,
    /// How like the answer's words are to those of the cause, in thousandths.
    pub(super) share: u32,
}

impl<'f> Voice<'f> {
    /// The clause that was read.
    pub(super) fn clause(&self) -> Option<&'f str> {
        match self.by {
            By::Words(sense) => Some(&sense.clause),
            By::Wording { .. } => None,
        }
    }

    /// Whether a table knows the wording, not the status alone.
    pub(super) fn is_worded(&self) -> bool {
        matches!(self.by, By::Wording { refusal, .. } if !refusal.is_bare())
    }

    /// Whether it is a product's own wording, not its status alone.
    pub(super) fn is_own(&self) -> bool {
        match self.by {
            By::Wording {
                refusals, refusal, ..
            } => !refusals.general && !refusal.is_bare(),
            By::Words(_) => false,
        }
    }

    /// Whether nothing was read: the words are like those of the cause.
    pub(super) fn is_likeness(&self) -> bool {
        matches!(self.by, By::Words(sense) if sense.likeness)
    }

    /// Whether it was read from sentences.
    pub(super) fn is_prose(&self) -> bool {
        matches!(self.by, By::Words(sense) if sense.prose)
    }

    /// Whether it is what a product means by a status alone.
    pub(super) fn is_own_status(&self) -> bool {
        matches!(self.by, By::Wording { refusals, refusal, .. } if !refusals.general && refusal.is_bare())
    }

    /// Whether all that was said is the name of a status (RFC 9110 §15).
    pub(super) fn says_no_more(&self) -> bool {
        let names = ["unauthorized", "forbidden", "not found", "bad request"];
        let bare = |clause: &str| {
            let bare = clause.trim_matches(|c: char| !c.is_alphanumeric());
            names.iter().any(|name| bare.eq_ignore_ascii_case(name))
        };
        self.is_likeness() || self.clause().is_some_and(bare)
    }

    /// Whether it says no more than the status does.
    pub(super) fn is_vague(&self) -> bool {
        match self.by {
            By::Wording { refusal, .. } => refusal.is_bare(),
            By::Words(_) => self.says_no_more(),
        }
    }

    /// Whether it is the status, in a number or by its name.
    pub(super) fn is_status(&self) -> bool {
        !self.is_likeness() && self.is_vague()
    }

    /// Whether it is a code with several meanings: what stands beside it may tell which.
    pub(super) fn is_open(&self) -> bool {
        match self.by {
            By::Wording { refusal, .. } => !self.sole && is_code(refusal),
            By::Words(_) => false,
        }
    }

    /// Whether only its wording tells whose answer it is: it may be somebody else's.
    pub(super) fn is_foreign(&self) -> bool {
        matches!(self.by, By::Wording { by_mark: true, .. })
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
pub(super) enum By<'f> {
    /// A wording that a table knows.
    Wording {
        refusals: &'f Refusals,
        refusal: &'f Refusal,
        /// Whether this is the likeliest of its meanings.
        leads: bool,
        /// Whether only the wording tells whose answer it is.
        by_mark: bool,
    },
    /// The words themselves.
    Words(&'f Sense),
}

impl By<'_> {
    pub(super) fn is_same_speaker(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Wording { refusals: own, .. },
                Self::Wording {
                    refusals: other, ..
                },
            ) => own.id == other.id,
            (Self::Words(_), Self::Words(_)) => true,
            _ => false,
        }
    }
}

/// Whether a table knows a code, not a wording.
pub(super) fn is_code(refusal: &Refusal) -> bool {
    refusal.re.is_none() && !refusal.signature.json.is_empty()
}
