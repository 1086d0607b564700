//! What the answer says for each cause: its provider's wordings, the standards' codes, the words themselves, the status.
//! Every voice is heard; none is a special case.

use super::facts::{Facts, Sent};
use super::known::{self, OWN_WORDING, STEP, UNCHECKED, is_loose};
use super::said::Said;
use super::voice::{By, CLEAR, Voice, WORDS, is_code};
use crate::finding::{
    self, Attribute, Cause, Counter, HEADER_MALFORMED, HEADER_MISSING, HEADER_STRIPPED,
    TOKEN_MALFORMED, TOKEN_UNKNOWN,
};
use crate::language::Likely;
use crate::table::bare_code;

/// What speaks against it in token or request.
const AGAINST: i32 = 25;
/// Words below this strength are noise beside a status.
const NOISE: i32 = 5;
const PHRASE: i32 = 13;

/// What the answer comes to for one cause.
#[derive(Debug)]
pub(super) struct Heard<'f> {
    pub(super) cause: &'static Cause,
    /// All voices together.
    pub(super) points: i32,
    /// They, the strongest first.
    pub(super) voices: Vec<Voice<'f>>,
    /// What the same clause says for a cause that token or request speak against: it named several.
    pub(super) rival: i32,
    /// How like the answer's words are to those that are said where this is the cause, in thousandths.
    pub(super) share: u32,
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

    /// What the voices come to, without what the words are only like.
    pub(super) fn spoken(&self) -> i32 {
        let said = independent(&self.voices).filter(|voice| !voice.is_likeness());
        together(said.map(|voice| voice.points))
    }

    /// Whether token or request speak against every voice.
    pub(super) fn is_ruled_out(&self) -> bool {
        self.voices.iter().all(|voice| voice.against.is_some())
    }

    /// Whether only words name it that are seldom said where it is the cause.
    pub(super) fn is_doubted(&self, likely: &Likely) -> bool {
        let coded = self.voices.iter().any(|voice| voice.sole);
        let strength = self.voices.iter().filter_map(|voice| match voice.by {
            By::Words(sense) => Some(sense.strength),
            By::Wording { .. } => None,
        });
        !coded && likely.doubts(self.cause.code, strength.max().unwrap_or_default())
    }

    /// Whether clear sentences say it, whatever else does.
    pub(super) fn is_worded(&self) -> bool {
        let clear = |voice: &Voice<'_>| matches!(voice.by, By::Words(sense) if sense.strength >= CLEAR && sense.prose);
        self.voices.iter().any(clear)
    }
}

/// What the answer says, the strongest cause first.
pub(super) fn heard<'f>(facts: &'f Facts<'_>, said: &'f Said<'_>) -> Vec<Heard<'f>> {
    // A person who tells of an answer may speak of something else: that the words are like those of an answer says nothing.
    let told = facts.exchange().is_some_and(|exchange| exchange.hearsay);
    let spoken = words(said).filter(|voice| !(told && voice.is_likeness()));
    let spoken: Vec<Voice<'f>> = spoken.collect();
    let mut voices = known::wordings(facts, said, &spoken);
    // What a product means by a status, the name of the status does not unsay.
    let mute = voices.iter().any(Voice::is_own_status) && spoken.iter().all(Voice::says_no_more);
    if !mute {
        voices.extend(beside(&voices, yielding(facts, spoken).into_iter()));
    }
    keep_statuses_beside_their_words(&mut voices);
    for voice in &mut voices {
        voice.share = said.reading.likely.share(Some(voice.cause.code));
    }
    voices.extend(changed_on_the_way(facts, &voices));
    let mut out: Vec<Heard<'f>> = Vec::new();
    let mut ruled_out: Vec<(&str, i32)> = Vec::new();
    for voice in voices {
        let voice = against(facts, voice);
        if voice.against.is_some() {
            ruled_out.extend(
                voice
                    .clause()
                    .map(|clause| (clause, voice.points + AGAINST)),
            );
        }
        match out.iter_mut().find(|heard| heard.cause == voice.cause) {
            Some(heard) => heard.voices.push(voice),
            None => out.push(Heard {
                cause: voice.cause,
                points: 0,
                voices: vec![voice],
                rival: 0,
                share: 0,
            }),
        }
    }
    for heard in &mut out {
        heard
            .voices
            .sort_by_key(|voice| std::cmp::Reverse(voice.points));
        heard.points = together(independent(&heard.voices).map(|voice| voice.points));
        heard.rival = rival(heard, &ruled_out);
        let shares = heard.voices.iter().map(|voice| voice.share);
        heard.share = shares.max().unwrap_or_default();
    }
    out.retain(|heard| heard.points > 0);
    out.sort_by_key(|heard| std::cmp::Reverse(heard.points));
    out
}

/// The most that a clause of this cause said for another that was ruled out.
fn rival(heard: &Heard<'_>, ruled_out: &[(&str, i32)]) -> i32 {
    let own = heard.voices.iter().filter(|voice| voice.against.is_none());
    let own: Vec<&str> = own.filter_map(Voice::clause).collect();
    let shared = ruled_out.iter().filter(|(clause, _)| own.contains(clause));
    shared.map(|(_, points)| *points).max().unwrap_or_default()
}

/// What a status may mean counts beside a word only where the word may mean it too.
fn keep_statuses_beside_their_words(voices: &mut Vec<Voice<'_>>) {
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
}

/// A header that left in form and was not understood may have been changed on the way. A server that saw no token may have
/// looked behind another scheme, or got none.
fn changed_on_the_way<'f>(facts: &Facts<'_>, voices: &[Voice<'f>]) -> Vec<Voice<'f>> {
    let malformed = voices.iter().filter(|voice| {
        voice.cause == &HEADER_MALFORMED && facts.counter(Counter::WellFormed)
            || voice.cause == &HEADER_MISSING && facts.sent == Sent::OtherScheme
    });
    malformed
        .map(|voice| Voice {
            cause: &HEADER_STRIPPED,
            points: voice.points - STEP,
            sole: false,
            ..voice.clone()
        })
        .collect()
}

/// The voice with what speaks against it; what was sent in good form and not seen was removed, and a token that was not
/// sent is no unknown one.
fn against<'f>(facts: &Facts<'_>, mut voice: Voice<'f>) -> Voice<'f> {
    let unknown = voice.cause == &TOKEN_UNKNOWN || voice.cause == &TOKEN_MALFORMED;
    if unknown && facts.sent == Sent::Nothing {
        voice.cause = &HEADER_MISSING;
        voice.sole = false;
    }
    if voice.cause == &HEADER_MISSING && facts.sent == Sent::Sound {
        voice.cause = &HEADER_STRIPPED;
    }
    if voice.cause == &HEADER_MISSING && facts.sent == Sent::OtherScheme {
        voice.cause = &HEADER_MALFORMED;
    }
    if let Some(counter) = speaks_against(facts, &voice) {
        voice.against = Some(counter.text());
        voice.points -= if counter.is_doubt() { 0 } else { AGAINST };
        voice.sole = false;
    }
    voice
}

/// What servers say whatever the reason, and the codes that stand before many reasons, are worth less beside a sentence
/// that gives the reason.
fn yielding<'f>(facts: &Facts<'_>, mut spoken: Vec<Voice<'f>>) -> Vec<Voice<'f>> {
    let general =
        |voice: &Voice<'_>| voice.cause.is(Attribute::Blanket) || is_code_of_many(facts, voice);
    let reasons = spoken.iter().filter(|v| v.is_prose() && !general(v));
    let reason = reasons.map(|voice| voice.points).max().unwrap_or_default();
    for voice in spoken.iter_mut().filter(|voice| general(voice)) {
        if reason >= voice.points.max(CLEAR) {
            voice.points = voice.points * 7 / 10;
        }
    }
    spoken
}

/// Whether all that was read is one of the standards' codes that stand before many reasons.
fn is_code_of_many(facts: &Facts<'_>, voice: &Voice<'_>) -> bool {
    let tables = facts.case.evidence.iter().flat_map(|known| &known.refusals);
    voice.clause().map(bare_code).is_some_and(|code| {
        tables
            .filter(|table| table.general)
            .any(|table| table.umbrella.contains(&code))
    })
}

/// What words are worth beside the wordings that tables know. A wording tells more than its words do; of a code with several
/// meanings, clear words tell which is meant.
fn beside<'f>(wordings: &[Voice<'f>], words: impl Iterator<Item = Voice<'f>>) -> Vec<Voice<'f>> {
    let best = wordings.iter().max_by_key(|voice| voice.points);
    let known = best.is_some_and(|best| best.points >= OWN_WORDING - UNCHECKED);
    let listed = |cause: &Cause| known && wordings.iter().any(|voice| voice.cause == cause);
    let open = |cause: &Cause| {
        best.is_some_and(|best| best.is_open() && (best.is_foreign() || !is_loose(cause)))
    };
    words
        .filter(|voice| open(voice.cause) && voice.points >= CLEAR || !listed(voice.cause))
        .map(|mut voice| {
            voice.points /= if known && !open(voice.cause) { 2 } else { 1 };
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

/// The title of a stock page: the status and its name, `401 Authorization Required`.
fn is_status_line(clause: &str, status: Option<u16>) -> bool {
    let name = status.and_then(|status| clause.trim().strip_prefix(&status.to_string()));
    name.is_some_and(|name| name.split_whitespace().count() <= 3)
}

/// Words that stand in any sentence: articles, conjunctions, prepositions, pronouns, auxiliaries.
const LITTLE: &str = " a an the and or but if so than then that this these those which who what on in at to of for from by \
    with as via into about after before because while it its you your we our us i my me he she they their is are was were \
    be been being am has have had do does did will would can could may might should must all any some here there also only \
    following when where ";

/// What any refused request has: a method, a URL, the name of its status.
const ANY: [&str; 11] = [
    "http",
    "https",
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "unauthorized",
    "forbidden",
];

/// Whether words that a text is like are more than what any refused request has: then they count. Little words do too: of
/// two causes that are said in the same words they tell which it is.
fn counts(words: &str) -> bool {
    let any = |word: &str| {
        ANY.contains(&word) || word.starts_with('<') || word.bytes().all(|b| b.is_ascii_digit())
    };
    !words.split_whitespace().all(any)
}

/// Whether they are also more than scraps or what stands in any sentence: then they tell a reader something.
pub(super) fn is_telling(words: &str) -> bool {
    let tells = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let little = LITTLE.contains(&format!(" {word} "));
        letters > 2 && !word.starts_with('<') && !ANY.contains(&word) && !little
    };
    words.split_whitespace().any(tells)
}

/// Whether the answer has words that say more than its status.
pub(super) fn is_worded(said: &Said<'_>) -> bool {
    words(said).any(|voice| !matches!(voice.by, By::Words(sense) if sense.likeness))
}

fn words<'f>(said: &'f Said<'_>) -> impl Iterator<Item = Voice<'f>> {
    // The reason phrase of a status says no more than the status.
    let noise = if said.status.is_some() { PHRASE } else { NOISE };
    let page = said.body.is_page();
    let senses = said.reading.senses.iter().filter(move |sense| {
        // What surrounds the words of a page is like anything.
        let bare = sense.likeness || is_status_line(&sense.clause, said.status);
        let says = match sense.likeness {
            true => sense.words.iter().any(|words| counts(words)),
            false => sense.strength > noise,
        };
        says && !(page && bare)
    });
    senses.filter_map(|sense| {
        Some(Voice {
            cause: finding::by_code(sense.cause)?,
            points: sense.strength.min(WORDS),
            sole: false,
            yields: false,
            by: By::Words(sense),
            against: None,
            share: 0,
        })
    })
}

/// What token and request say against a cause.
fn speaks_against(facts: &Facts<'_>, voice: &Voice<'_>) -> Option<Counter> {
    let mut counters = voice.cause.counters.iter().copied();
    // A status does not unsay what a wording that a table knows is said for.
    let shown = |counter: &Counter| {
        facts.counter(*counter) && !(*counter == Counter::Refused && voice.is_worded())
    };
    counters.find(shown)
}
