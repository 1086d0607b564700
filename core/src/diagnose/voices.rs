//! What the answer says for each cause: its provider's wordings, the standards' codes, the words themselves, the status.
//! Every voice is heard; none is a special case.

use super::facts::{Facts, Sent};
use super::said::{Fit, Said};
use crate::finding::{
    self, Attribute, Cause, HEADER_MALFORMED, HEADER_MISSING, HEADER_STRIPPED, TOKEN_EXPIRED,
    TOKEN_MALFORMED, TOKEN_NOT_YET_VALID, TOKEN_REVOKED, TOKEN_UNKNOWN,
};
use crate::language::Sense;
use crate::table::{Refusal, Refusals, Trust};

/// What a voice is worth, in points. What a table knows of its product's wordings outweighs a clause that nobody knows; a
/// precise clause outweighs a code with several meanings; any word outweighs the status.
const OWN_CODE: i32 = 64;
const OWN_WORDING: i32 = 54;
const GENERAL_CODE: i32 = 48;
const OWN_UMBRELLA: i32 = 42;
const GENERAL_UMBRELLA: i32 = 24;
const OWN_STATUS: i32 = 20;
const GENERAL_STATUS: i32 = 12;
/// Each further meaning of one code is less likely by this much, as is each further wording that fits.
const STEP: i32 = 7;
/// A wording whose owner only the wording itself betrays.
const BY_MARK: i32 = 2;
/// A wording of which a condition could not be checked.
const UNCHECKED: i32 = 4;
/// What speaks against it in token or request.
const AGAINST: i32 = 25;
/// However many words say the same, they are worth no more.
const WORDS: i32 = 50;
/// Words below this strength are noise beside a status.
const NOISE: i32 = 5;
const PHRASE: i32 = 13;

/// One thing that the answer says for a cause.
#[derive(Debug, Clone)]
pub(super) struct Voice<'f> {
    pub(super) cause: &'static Cause,
    pub(super) points: i32,
    /// Whether it names this cause and no other.
    pub(super) sole: bool,
    pub(super) by: By<'f>,
    /// What speaks against it.
    pub(super) against: Option<&'static str>,
}

impl Voice<'_> {
    /// Whether it is a product's own wording, not its status alone.
    pub(super) fn is_own(&self) -> bool {
        match self.by {
            By::Wording {
                refusals, refusal, ..
            } => !refusals.general && !refusal.is_bare(),
            By::Words(_) => false,
        }
    }

    /// Whether it was read from sentences.
    fn is_prose(&self) -> bool {
        matches!(self.by, By::Words(sense) if sense.prose)
    }

    /// Whether it is a code with several meanings, perhaps somebody else's: what stands beside it may tell which.
    fn is_open(&self) -> bool {
        match self.by {
            By::Wording {
                refusal, by_mark, ..
            } => by_mark && !self.sole && is_code(refusal),
            By::Words(_) => false,
        }
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
    fn is_same_speaker(&self, other: &Self) -> bool {
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

/// What the answer comes to for one cause.
#[derive(Debug)]
pub(super) struct Heard<'f> {
    pub(super) cause: &'static Cause,
    /// All voices together.
    pub(super) points: i32,
    /// They, the strongest first.
    pub(super) voices: Vec<Voice<'f>>,
}

impl Heard<'_> {
    /// Whether the answer itself names the cause, as far as one cause can tell.
    pub(super) fn is_named(&self) -> bool {
        let named = |voice: &Voice<'_>| match voice.by {
            By::Wording { .. } => voice.sole,
            By::Words(_) => voice.points >= CLEAR && !voice.cause.is(Attribute::Blanket),
        };
        self.voices.iter().any(|v| v.against.is_none() && named(v))
    }
}

impl Heard<'_> {
    /// Whether it is a code of which nothing else tells whose it is.
    pub(super) fn is_lone_code(&self) -> bool {
        let lone = |voice: &Voice<'_>| match voice.by {
            By::Wording {
                refusal, by_mark, ..
            } => by_mark && is_code(refusal),
            By::Words(_) => false,
        };
        self.voices.first().is_some_and(lone)
    }

    /// Whether clear sentences say it, whatever else does.
    pub(super) fn is_worded(&self) -> bool {
        let clear = |voice: &Voice<'_>| matches!(voice.by, By::Words(sense) if sense.strength >= CLEAR && sense.prose);
        self.voices.iter().any(clear)
    }
}

/// Words of this strength name their cause.
const CLEAR: i32 = 40;

/// What the answer says, the strongest cause first.
pub(super) fn heard<'f>(facts: &'f Facts<'_>, said: &'f Said<'_>) -> Vec<Heard<'f>> {
    let mut voices = wordings(facts, said);
    voices.extend(beside(&voices, words(said)));
    // What a status may mean counts beside a word only where the word may mean it too.
    let bare =
        |voice: &Voice<'_>| matches!(voice.by, By::Wording { refusal, .. } if refusal.is_bare());
    let worded: Vec<&Cause> = voices
        .iter()
        .filter(|voice| !bare(voice) && matches!(voice.by, By::Wording { .. }))
        .map(|voice| voice.cause)
        .collect();
    if !worded.is_empty() {
        voices.retain(|voice| !bare(voice) || worded.contains(&voice.cause));
    }
    // A header that left in form and was not understood may have been changed on the way.
    if facts.sent == Sent::Sound && !facts.lower_case_scheme() {
        let changed = voices
            .iter()
            .filter(|voice| voice.cause == &HEADER_MALFORMED);
        let changed = changed.map(|voice| Voice {
            cause: &HEADER_STRIPPED,
            points: voice.points - STEP,
            sole: false,
            ..voice.clone()
        });
        voices.extend(changed.collect::<Vec<_>>());
    }
    let mut out: Vec<Heard<'f>> = Vec::new();
    for mut voice in voices {
        if voice.cause == &HEADER_MISSING && facts.sent == Sent::Sound {
            voice.cause = &HEADER_STRIPPED;
        }
        voice.against = speaks_against(facts, voice.cause);
        if voice.against.is_some() {
            voice.points -= AGAINST;
            voice.sole = false;
        }
        match out.iter_mut().find(|heard| heard.cause == voice.cause) {
            Some(heard) => heard.voices.push(voice),
            None => out.push(Heard {
                cause: voice.cause,
                points: 0,
                voices: vec![voice],
            }),
        }
    }
    for heard in &mut out {
        heard
            .voices
            .sort_by_key(|voice| std::cmp::Reverse(voice.points));
        heard.points = together(independent(&heard.voices).map(|voice| voice.points));
    }
    out.retain(|heard| heard.points > 0);
    out.sort_by_key(|heard| std::cmp::Reverse(heard.points));
    out
}

/// What words are worth beside the wordings that tables know. A wording tells more than its words do; of a code with several
/// meanings, clear words tell which is meant.
fn beside<'f>(wordings: &[Voice<'f>], words: impl Iterator<Item = Voice<'f>>) -> Vec<Voice<'f>> {
    let best = wordings.iter().max_by_key(|voice| voice.points);
    let known = best.is_some_and(|best| best.points >= OWN_WORDING - UNCHECKED);
    let open = best.is_some_and(Voice::is_open);
    let listed = |cause: &Cause| known && wordings.iter().any(|voice| voice.cause == cause);
    words
        .filter(|voice| open && voice.points >= CLEAR || !listed(voice.cause))
        .map(|mut voice| {
            voice.points /= if known && !open { 2 } else { 1 };
            voice
        })
        .collect()
}

/// The strongest voice of each speaker: several wordings of one table are not heard twice.
fn independent<'v, 'f>(voices: &'v [Voice<'f>]) -> impl Iterator<Item = &'v Voice<'f>> {
    voices.iter().enumerate().filter_map(|(at, voice)| {
        let heard = voices[..at]
            .iter()
            .any(|earlier| earlier.by.is_same_speaker(&voice.by));
        (!heard).then_some(voice)
    })
}

/// Voices for one cause, the strongest first: each further one adds less.
pub(super) fn together(points: impl Iterator<Item = i32>) -> i32 {
    points
        .filter(|points| *points > 0)
        .zip([1, 3, 5])
        .map(|(points, part)| points / part)
        .sum()
}

fn wordings<'f>(facts: &'f Facts<'_>, said: &Said<'_>) -> Vec<Voice<'f>> {
    let Some(evidence) = &facts.case.evidence else {
        return Vec::new();
    };
    let request = &evidence.exchange.request;
    // A credential that nobody recorded is not one that was absent.
    let form = match facts.form_name() {
        "absent" if facts.sent == Sent::NotRecorded => "opaque",
        form => form,
    };
    let clear = words(said).any(|voice| voice.points >= CLEAR && voice.is_prose());
    let mut out = Vec::new();
    // Whoever comes first says what the status alone may mean.
    let mut bare = false;
    let mut known = false;
    // Of several who may have answered, the likeliest stands first.
    for (place, refusals) in (0..).zip(&evidence.refusals) {
        let general = refusals.general;
        let by_mark = evidence.by_mark.contains(&refusals.id);
        let mark = if by_mark { BY_MARK } else { 0 };
        // Whose answer it is, and who knows this very wording, is asked alone: others would say the same again.
        if known {
            break;
        }
        let mut first: Option<i32> = None;
        for refusal in refusals.likely(&said.text) {
            let fit = said.fits(refusal, request, facts.principal(), form);
            if fit == Fit::No || refusal.is_bare() && bare {
                continue;
            }
            bare |= refusal.is_bare();
            let unchecked = if fit == Fit::Unchecked { UNCHECKED } else { 0 };
            let means = causes(refusal);
            let sole = means.len() == 1 && !refusal.is_bare();
            let trusted = refusal.signature.trust.is_none_or(|trust| trust < Trust::C);
            // A code that stands before many reasons yields to a clause that gives one.
            let yields = is_umbrella(refusal, said, &evidence.refusals)
                || clear && by_mark && is_code(refusal);
            let worth = match (general, sole && trusted, refusal.is_bare()) {
                (false, true, _) => OWN_CODE,
                (true, true, _) => GENERAL_CODE,
                (false, _, true) => OWN_STATUS,
                (true, _, true) => GENERAL_STATUS,
                (false, ..) if yields => OWN_UMBRELLA,
                (false, ..) => OWN_WORDING,
                (true, ..) => GENERAL_UMBRELLA,
            };
            // The more telling wording stands first in its table: a later one never outweighs it.
            let worth = match first {
                Some(first) if !refusal.is_bare() => worth.min(first - STEP),
                _ => worth,
            };
            let step = if refusal.is_bare() { 1 } else { STEP };
            for (number, cause) in (0..).zip(means) {
                if refusal.is_bare() && cause == &HEADER_MISSING && facts.sent == Sent::NotRecorded
                {
                    continue;
                }
                out.push(Voice {
                    cause,
                    points: worth - mark - unchecked - step * number - 5 * place.min(2),
                    sole: sole && trusted && unchecked == 0,
                    by: By::Wording {
                        refusals,
                        refusal,
                        leads: number == 0,
                        by_mark,
                    },
                    against: None,
                });
            }
            if !refusal.is_bare() {
                first = first.or(Some(worth));
            }
        }
        known = !general && !by_mark && first.is_some_and(|worth| worth >= OWN_WORDING);
    }
    out
}

/// Whether a table knows a code, not a wording.
fn is_code(refusal: &Refusal) -> bool {
    refusal.re.is_none() && !refusal.signature.json.is_empty()
}

/// Whether the code that stands in the answer yields to a clause that says which of its reasons is meant. A pattern may
/// be the way in which a table looks for a code.
fn is_umbrella(refusal: &Refusal, said: &Said<'_>, known: &[&Refusals]) -> bool {
    let general = |code: &str| {
        let code = code.to_ascii_lowercase();
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

fn words<'f>(said: &'f Said<'_>) -> impl Iterator<Item = Voice<'f>> {
    // The reason phrase of a status says no more than the status.
    let noise = if said.status.is_some() { PHRASE } else { NOISE };
    let senses = said
        .reading
        .senses
        .iter()
        .filter(move |sense| sense.strength > noise);
    senses.filter_map(|sense| {
        Some(Voice {
            cause: finding::by_code(sense.cause)?,
            points: sense.strength.min(WORDS),
            sole: false,
            by: By::Words(sense),
            against: None,
        })
    })
}

/// What token and request say against a cause.
pub(super) fn speaks_against(facts: &Facts<'_>, cause: &Cause) -> Option<&'static str> {
    let token_known = facts.case.credential.token.claims().is_some();
    let alive = facts.exp_after_now();
    let found = |when: bool, why: &'static str| when.then_some(why);
    match cause {
        c if c == &TOKEN_EXPIRED => found(alive == Some(true), "claim `exp` lies ahead"),
        c if c == &TOKEN_NOT_YET_VALID => found(
            token_known && !facts.starts_later() || alive == Some(false),
            "no time claim is in the future",
        ),
        c if c == &TOKEN_MALFORMED => found(token_known, "the token can be read"),
        c if c == &HEADER_MISSING => found(facts.sent == Sent::Malformed, "a header was sent"),
        c if c == &HEADER_MALFORMED => found(
            facts.sent == Sent::Sound && !facts.lower_case_scheme(),
            "the header as sent is well-formed",
        ),
        c if c == &HEADER_STRIPPED => found(
            matches!(facts.sent, Sent::Nothing | Sent::Malformed),
            "no well-formed header was sent",
        ),
        c if c == &TOKEN_REVOKED || c == &TOKEN_UNKNOWN => found(
            alive == Some(false),
            "claim `exp` is in the past, which explains more",
        ),
        _ => None,
    }
}
