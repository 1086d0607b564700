//! What the tables know of an answer's wording: the product's own codes and phrases, then those of the standards.

use super::facts::{Facts, Sent};
use super::fit::Fit;
use super::said::Said;
use super::voice::{By, CLEAR, Voice, WORDS, is_code};
use crate::finding::{self, Attribute, Cause, HEADER_MISSING};
use crate::table::{Refusal, Refusals, Trust, bare_code};

/// What a wording is worth, in points. What a table knows of its product's wordings outweighs a clause that nobody knows; a
/// precise clause outweighs a code with several meanings; any word outweighs the status.
const OWN_CODE: i32 = 64;
pub(super) const OWN_WORDING: i32 = 54;
const GENERAL_CODE: i32 = 48;
const OWN_UMBRELLA: i32 = 42;
const GENERAL_UMBRELLA: i32 = 24;
const OWN_STATUS: i32 = 20;
const GENERAL_STATUS: i32 = 12;
/// Each further meaning of one code is less likely by this much, as is each further wording that fits.
pub(super) const STEP: i32 = 7;
/// A wording whose owner only the wording itself betrays.
const BY_MARK: i32 = 2;
/// The least strength of a clause that counts as a reason.
const TOLD: i32 = 36;
/// A wording of which a condition could not be checked.
pub(super) const UNCHECKED: i32 = 4;

/// The voices of the tables; `spoken` are those of the words.
pub(super) fn wordings<'f>(
    facts: &'f Facts<'_>,
    said: &Said<'_>,
    spoken: &[Voice<'_>],
) -> Vec<Voice<'f>> {
    let Some(evidence) = &facts.case.evidence else {
        return Vec::new();
    };
    let prose = |least: i32| {
        let clear = move |voice: &&Voice<'_>| voice.points >= least && voice.is_prose();
        let causes = spoken.iter().filter(clear).map(|voice| voice.cause);
        causes.collect::<Vec<_>>()
    };
    let mut speakers = Speakers {
        facts,
        said,
        told: prose(TOLD),
        clear: prose(CLEAR),
        plain: prose(WORDS),
        bare: false,
        out: Vec::new(),
    };
    // Of several who may have answered, the likeliest stands first. Whose answer it is, and who knows this very wording, is
    // asked alone: others would say the same again.
    for (place, refusals) in (0..).zip(&evidence.refusals) {
        let by_mark = evidence.by_mark.contains(&refusals.id);
        let first = speakers.hear(refusals, place, by_mark);
        if !refusals.general && !by_mark && first.is_some_and(|worth| worth >= OWN_WORDING) {
            break;
        }
    }
    speakers.out
}

/// The tables, asked one after the other.
struct Speakers<'c, 'f, 'a, 's> {
    facts: &'f Facts<'a>,
    said: &'c Said<'s>,
    /// What its sentences name, as clearly as a reason is told.
    told: Vec<&'static Cause>,
    /// What its clear sentences name.
    clear: Vec<&'static Cause>,
    /// What its sentences name in the words of a standard.
    plain: Vec<&'static Cause>,
    /// Whether somebody has said what the status alone may mean.
    bare: bool,
    out: Vec<Voice<'f>>,
}

/// A wording that fits, and what is asked about it more than once.
struct Wording<'f> {
    refusals: &'f Refusals,
    refusal: &'f Refusal,
    /// Whether only the wording betrays whose it is.
    by_mark: bool,
    means: Vec<&'static Cause>,
    /// Whether it is a code that stands before many reasons.
    umbrella: bool,
}

impl Wording<'_> {
    /// Whether causes are named of which it means none.
    fn is_beside_others(&self, named: &[&Cause]) -> bool {
        named.iter().any(|cause| !self.means.contains(cause))
    }
}

impl<'f> Speakers<'_, 'f, '_, '_> {
    /// Hears one table; what the first wording that fits is worth.
    fn hear(&mut self, refusals: &'f Refusals, place: i32, by_mark: bool) -> Option<i32> {
        let facts = self.facts;
        let request = &facts.exchange()?.request;
        // A credential that nobody recorded is not one that was absent.
        let form = match facts.form_name() {
            "absent" if facts.sent == Sent::NotRecorded => "opaque",
            form => form,
        };
        let (said, principal) = (self.said, facts.principal());
        let mut first: Option<i32> = None;
        for refusal in refusals.likely(&said.text, |own| said.may_fit(own)) {
            let fit = said.fits(refusal, request, principal, form);
            if fit == Fit::No || refusal.is_bare() && self.bare {
                continue;
            }
            self.bare |= refusal.is_bare();
            let wording = self.wording(refusals, refusal, by_mark);
            // The more telling wording stands first in its table: a later one never outweighs it.
            let worth = match first {
                Some(first) if !refusal.is_bare() => self.worth(&wording).min(first - STEP),
                _ => self.worth(&wording),
            };
            let mark = if by_mark { BY_MARK } else { 0 };
            let unchecked = if fit == Fit::Unchecked { UNCHECKED } else { 0 };
            let points = worth - mark - unchecked - 5 * place.min(2);
            self.say(&wording, points, fit);
            if !refusal.is_bare() {
                first = first.or(Some(worth));
            }
        }
        first
    }

    fn wording(&self, refusals: &'f Refusals, refusal: &'f Refusal, by_mark: bool) -> Wording<'f> {
        let known = self.facts.case.evidence.as_ref();
        Wording {
            refusals,
            refusal,
            by_mark,
            means: causes(refusal),
            umbrella: known.is_some_and(|known| is_umbrella(refusal, self.said, &known.refusals)),
        }
    }

    fn worth(&self, wording: &Wording<'_>) -> i32 {
        let Wording {
            refusals,
            refusal,
            by_mark,
            ..
        } = *wording;
        // A code that stands before many reasons yields to a clause that gives one; so does one of which nothing else tells
        // whose it is.
        let lone = by_mark && is_code(refusal);
        let yields = wording.umbrella || lone && !self.clear.is_empty();
        match (refusals.general, is_sole(wording), refusal.is_bare()) {
            (false, true, _) if self.is_outspoken(wording) => OWN_UMBRELLA,
            (false, true, _) => OWN_CODE,
            (true, true, _) if is_code(refusal) && wording.is_beside_others(&self.plain) => {
                GENERAL_UMBRELLA
            }
            (true, true, _) => GENERAL_CODE,
            (false, _, true) => OWN_STATUS,
            (true, _, true) => GENERAL_STATUS,
            (false, ..) if yields => OWN_UMBRELLA,
            (false, ..) => OWN_WORDING,
            (true, ..) => GENERAL_UMBRELLA,
        }
    }

    /// Whether a sentence says something else than the code of one meaning: plainly, where it is known whose the code is.
    fn is_outspoken(&self, wording: &Wording<'_>) -> bool {
        let lone = wording.by_mark && (wording.umbrella || is_code(wording.refusal));
        wording.umbrella && wording.is_beside_others(&self.plain)
            || lone && wording.is_beside_others(&self.clear)
            || wording.by_mark && self.is_contradicted(wording)
    }

    /// Whether its sentences name causes in the words of a standard, and none that the wording means.
    fn is_contradicted(&self, wording: &Wording<'_>) -> bool {
        let mut plain = self.plain.iter();
        plain.clone().any(|cause| !is_loose(cause))
            && !plain.any(|cause| wording.means.contains(cause))
    }

    /// A voice for each meaning.
    fn say(&mut self, wording: &Wording<'f>, points: i32, fit: Fit) {
        let Wording {
            refusals,
            refusal,
            by_mark,
            umbrella,
            ..
        } = *wording;
        let step = if refusal.is_bare() { 1 } else { STEP };
        let unseen = |cause: &Cause| {
            refusal.is_bare() && cause == &HEADER_MISSING && self.facts.sent == Sent::NotRecorded
        };
        let sole = is_sole(wording)
            && fit == Fit::Yes
            && !self.is_contradicted(wording)
            && !(by_mark && umbrella && self.is_outspoken(wording));
        let yields = umbrella && wording.is_beside_others(&self.told);
        let meanings = (0..).zip(&wording.means);
        let voices = meanings.filter(|(_, cause)| !unseen(cause));
        let voices = voices.map(|(number, cause)| Voice {
            cause,
            points: points - step * number,
            sole,
            yields,
            by: By::Wording {
                refusals,
                refusal,
                leads: number == 0,
                by_mark,
            },
            against: None,
            share: 0,
        });
        self.out.extend(voices);
    }
}

/// What products mean by a permission or a header, only they know.
pub(super) fn is_loose(cause: &Cause) -> bool {
    cause.is(Attribute::Right) || cause.is(Attribute::Transport)
}

/// Whether it means one thing, and somebody who may be trusted says so.
fn is_sole(wording: &Wording<'_>) -> bool {
    let trust = wording.refusal.signature.trust;
    let trusted = trust.is_none_or(|trust| trust < Trust::C);
    trusted && wording.means.len() == 1 && !wording.refusal.is_bare()
}

/// Whether the code that stands in the answer yields to a clause that says which of its reasons is meant. A pattern may
/// be the way in which a table looks for a code.
fn is_umbrella(refusal: &Refusal, said: &Said<'_>, known: &[&Refusals]) -> bool {
    let general = |code: &str| {
        let code = bare_code(code);
        known.iter().any(|table| table.umbrella.contains(&code))
    };
    let mut codes = refusal.signature.json.keys();
    match &refusal.re {
        None => codes.any(|pointer| said.body.at(pointer).iter().any(|code| general(code))),
        Some(pattern) => {
            let found = pattern.all(&said.text);
            !found.is_empty() && found.iter().all(|code| general(code))
        }
    }
}

fn causes(refusal: &Refusal) -> Vec<&'static Cause> {
    let codes = refusal.signature.means.iter();
    codes.filter_map(|code| finding::by_code(code)).collect()
}
