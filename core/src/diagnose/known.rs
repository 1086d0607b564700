//! What the tables know of an answer's wording: the product's own codes and phrases, then those of the standards.

use super::facts::{Facts, Sent};
use super::fit::Fit;
use super::said::Said;
use super::voice::{By, CLEAR, Voice, WORDS, is_code};
use crate::finding::{self, Attribute, Cause, HEADER_MISSING};
use crate::table::{Refusal, Refusals, Trust};

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
            // The more telling wording stands first in its table: a later one never outweighs it.
            let worth = match first {
                Some(first) if !refusal.is_bare() => {
                    self.worth(refusals, refusal, by_mark).min(first - STEP)
                }
                _ => self.worth(refusals, refusal, by_mark),
            };
            let mark = if by_mark { BY_MARK } else { 0 };
            let unchecked = if fit == Fit::Unchecked { UNCHECKED } else { 0 };
            let points = worth - mark - unchecked - 5 * place.min(2);
            self.say(refusals, refusal, by_mark, points, fit);
            if !refusal.is_bare() {
                first = first.or(Some(worth));
            }
        }
        first
    }

    /// Whether it is a code that stands before many reasons.
    fn is_umbrella(&self, refusal: &Refusal) -> bool {
        let known = self.facts.case.evidence.as_ref();
        known.is_some_and(|known| is_umbrella(refusal, self.said, &known.refusals))
    }

    fn worth(&self, refusals: &Refusals, refusal: &Refusal, by_mark: bool) -> i32 {
        // A code that stands before many reasons yields to a clause that gives one.
        let umbrella = self.is_umbrella(refusal);
        // So does one of which nothing else tells whose it is.
        let lone = by_mark && is_code(refusal);
        let yields = umbrella || lone && !self.clear.is_empty();
        let outspoken = self.is_outspoken(refusal, by_mark);
        let means = causes(refusal);
        let other = |named: &[&Cause]| named.iter().any(|cause| !means.contains(cause));
        match (refusals.general, is_sole(refusal), refusal.is_bare()) {
            (false, true, _) if outspoken => OWN_UMBRELLA,
            (false, true, _) => OWN_CODE,
            (true, true, _) if is_code(refusal) && other(&self.plain) => GENERAL_UMBRELLA,
            (true, true, _) => GENERAL_CODE,
            (false, _, true) => OWN_STATUS,
            (true, _, true) => GENERAL_STATUS,
            (false, ..) if yields => OWN_UMBRELLA,
            (false, ..) => OWN_WORDING,
            (true, ..) => GENERAL_UMBRELLA,
        }
    }

    /// Whether a sentence says something else than the code of one meaning: plainly, where it is known whose the code is.
    fn is_outspoken(&self, refusal: &Refusal, by_mark: bool) -> bool {
        let means = causes(refusal);
        let other = |named: &[&Cause]| named.iter().any(|cause| !means.contains(cause));
        let umbrella = self.is_umbrella(refusal);
        let lone = by_mark && (umbrella || is_code(refusal));
        umbrella && other(&self.plain)
            || lone && other(&self.clear)
            || by_mark && self.is_contradicted(refusal)
    }

    /// Whether its sentences name causes in the words of a standard, and none that the wording means.
    fn is_contradicted(&self, refusal: &Refusal) -> bool {
        let means = causes(refusal);
        let mut plain = self.plain.iter();
        plain.clone().any(|cause| !is_loose(cause)) && !plain.any(|cause| means.contains(cause))
    }

    /// A voice for each meaning.
    fn say(
        &mut self,
        refusals: &'f Refusals,
        refusal: &'f Refusal,
        by_mark: bool,
        points: i32,
        fit: Fit,
    ) {
        let step = if refusal.is_bare() { 1 } else { STEP };
        let unseen = |cause: &Cause| {
            refusal.is_bare() && cause == &HEADER_MISSING && self.facts.sent == Sent::NotRecorded
        };
        let umbrella = self.is_umbrella(refusal);
        let sole = is_sole(refusal)
            && fit == Fit::Yes
            && !self.is_contradicted(refusal)
            && !(by_mark && umbrella && self.is_outspoken(refusal, by_mark));
        let means = causes(refusal);
        let told = self.told.iter().any(|cause| !means.contains(cause));
        let yields = told && umbrella;
        let meanings = (0..).zip(causes(refusal));
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
fn is_sole(refusal: &Refusal) -> bool {
    let trusted = refusal.signature.trust.is_none_or(|trust| trust < Trust::C);
    trusted && causes(refusal).len() == 1 && !refusal.is_bare()
}

/// Whether the code that stands in the answer yields to a clause that says which of its reasons is meant. A pattern may
/// be the way in which a table looks for a code.
fn is_umbrella(refusal: &Refusal, said: &Said<'_>, known: &[&Refusals]) -> bool {
    let general = |code: &str| {
        let code = bare(code);
        let mut codes = known.iter().flat_map(|table| &table.umbrella);
        codes.any(|own| bare(own) == code)
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

/// A code without its markup and its separators: `<Code>AccessDenied` is `access_denied`.
pub(super) fn bare(code: &str) -> String {
    let code = code.rsplit('>').next().unwrap_or_default();
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn causes(refusal: &Refusal) -> Vec<&'static Cause> {
    let codes = refusal.signature.means.iter();
    codes.filter_map(|code| finding::by_code(code)).collect()
}
