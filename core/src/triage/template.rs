//! Texts that are alike: what an answer says besides the ids, places and times of its evidence, so that the next answer
//! of its kind is put together instead of judged.
//!
//! Nothing is assumed about where an id is repeated. Two answers that were judged whole have to differ in nothing but
//! what differs in their evidence; what was the same in both has to be the same in whatever is put together.

use crate::diagnose::{Distance, distance, rfc3339};
use crate::finding::Verdict;
use crate::http::Folded;
use crate::token::redact::{Strictness, is_wordy, looks_secret};
use std::fmt::Write as _;

/// A day in seconds: judgements know the age of a table by the day.
const DAY: i64 = 86_400;

/// With fewer letters or digits than this in it an id may be taken for something else.
const MIXED: usize = 4;

/// What differs between evidence that is alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Varying<'v> {
    /// Its ids and times.
    pub(super) folded: &'v Folded,
    /// Where it stands.
    pub(super) place: &'v str,
    /// The moment of judging in this run.
    pub(super) now: i64,
}

/// An answer that was judged.
#[derive(Debug, Clone)]
pub(super) struct Judged<'j> {
    /// As it is written.
    pub(super) text: &'j str,
    pub(super) verdict: Verdict,
    /// What of the times judging went by.
    pub(super) clock: Moments,
}

/// The times that judging goes by, each by its place in [`Folded`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moments {
    /// The moment of judging; that of the run where it is none.
    pub(super) own: Option<usize>,
    /// The times that the credential names: answers say how far they are.
    pub(super) named: Vec<usize>,
}

/// What is put into a text; of several, which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The id of the evidence.
    Own,
    /// The place of the evidence.
    Place,
    /// An id.
    Id(usize),
    /// A time as it is written.
    Spelled(usize),
    /// A time, RFC 3339.
    Date(usize),
    /// A time in seconds since 1970.
    Seconds(usize),
    /// How far a time is from the moment of judging.
    Distance(usize),
}

/// A text without what differs, and what it was taken from.
#[derive(Debug)]
pub(super) struct Template {
    /// The texts between the parts.
    fixed: String,
    /// The parts, and where in the texts each stands.
    parts: Vec<(usize, Part)>,
    /// Times whose distances are told apart by nothing.
    same: Vec<(usize, usize)>,
    verdict: Verdict,
    clock: Moments,
    sample: Folded,
    /// What has been seen to differ; absent before a second answer was the same in everything else.
    differs: Option<Differs>,
}

/// What has been seen to differ, each in its place of [`Folded`].
#[derive(Debug, Default)]
struct Differs {
    own: bool,
    ids: Vec<bool>,
    spelled: Vec<bool>,
    times: Vec<bool>,
}

impl Template {
    /// Of a first answer; `None` where nothing tells what in it is the evidence's.
    pub(super) fn of(judged: Judged<'_>, varying: Varying<'_>) -> Option<Self> {
        is_plain(varying).then_some(())?;
        let (candidates, same) = candidates(varying, &judged.clock);
        let (fixed, parts) = cut(judged.text, varying.folded.own.as_deref(), &candidates)?;
        Some(Self {
            fixed,
            parts,
            same,
            verdict: judged.verdict,
            clock: judged.clock,
            sample: varying.folded.clone(),
            differs: None,
        })
    }

    /// Compares it with a further answer to evidence of its kind; one that is another takes its place.
    pub(super) fn learn(&mut self, next: Self) {
        let same = self.fixed == next.fixed
            && self.parts == next.parts
            && self.clock == next.clock
            && self.day(&self.sample) == self.day(&next.sample);
        if !same {
            *self = next;
            return;
        }
        let (one, other) = (&self.sample, &next.sample);
        let differs = self.differs.get_or_insert_default();
        differs.own |= one.own != other.own;
        note(&mut differs.ids, &one.ids, &other.ids);
        note(&mut differs.spelled, &one.spelled, &other.spelled);
        note(&mut differs.times, &one.times, &other.times);
        self.same.extend(next.same);
    }

    /// Writes the answer to other evidence of its kind, and returns its verdict; `None` where it has to be judged, and
    /// what was written is of no use.
    pub(super) fn fill(&self, varying: Varying<'_>, out: &mut String) -> Option<Verdict> {
        let folded = varying.folded;
        let now = moment(self.clock.own, varying)?;
        let distance = |which: usize| Some(distance(*folded.times.get(which)?, now));
        let told = |(one, other): &(usize, usize)| distance(*one) == distance(*other);
        if !self.covers(folded) || !is_plain(varying) || !self.same.iter().all(told) {
            return None;
        }
        let mut at = 0;
        for (end, part) in &self.parts {
            out.push_str(self.fixed.get(at..*end)?);
            at = *end;
            match part {
                Part::Own => out.push_str(folded.own.as_deref()?),
                Part::Place => out.push_str(varying.place),
                Part::Id(which) => out.push_str(folded.ids.get(*which)?),
                Part::Spelled(which) => out.push_str(folded.spelled.get(*which)?),
                Part::Date(which) => out.push_str(&rfc3339(*folded.times.get(*which)?)?),
                Part::Seconds(which) => write!(out, "{}", folded.times.get(*which)?).ok()?,
                Part::Distance(which) => write!(out, "{}", distance(*which)?).ok()?,
            }
        }
        out.push_str(self.fixed.get(at..)?);
        Some(self.verdict)
    }

    /// How many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.fixed.len() + 32 * self.parts.len() + self.sample.key.len() + 512
    }

    /// Whether evidence differs from the sample in nothing that was not seen to differ.
    fn covers(&self, folded: &Folded) -> bool {
        let sample = &self.sample;
        self.differs.as_ref().is_some_and(|differs| {
            (differs.own || sample.own == folded.own)
                && covered(&differs.ids, &sample.ids, &folded.ids)
                && covered(&differs.spelled, &sample.spelled, &folded.spelled)
                && covered(&differs.times, &sample.times, &folded.times)
                && self.day(sample) == self.day(folded)
        })
    }

    /// The day of the moment of judging, which ends with its last second.
    fn day(&self, folded: &Folded) -> Option<i64> {
        let at = folded.times.get(self.clock.own?)?;
        Some((at - 1).div_euclid(DAY))
    }
}

fn note<T: PartialEq>(differs: &mut Vec<bool>, one: &[T], other: &[T]) {
    differs.resize(one.len(), false);
    for (seen, (one, other)) in differs.iter_mut().zip(one.iter().zip(other)) {
        *seen |= one != other;
    }
}

fn covered<T: PartialEq>(differs: &[bool], one: &[T], other: &[T]) -> bool {
    let pairs = one.iter().zip(other);
    one.len() == other.len()
        && differs
            .iter()
            .zip(pairs)
            .all(|(seen, (one, other))| *seen || one == other)
}

fn moment(which: Option<usize>, varying: Varying<'_>) -> Option<i64> {
    match which {
        Some(which) => varying.folded.times.get(which).copied(),
        None => Some(varying.now),
    }
}

/// Whether what differs is written as it is, and whether nothing is taken for a word or a credential by its letters.
fn is_plain(varying: Varying<'_>) -> bool {
    let folded = varying.folded;
    let written = |text: &str| {
        let plain = |b: u8| (b' '..=b'~').contains(&b) && b != b'"' && b != b'\\';
        text.bytes().all(plain)
    };
    let settled = |id: &str| {
        let letters = id.bytes().filter(u8::is_ascii_alphabetic).count();
        let digits = id.bytes().filter(u8::is_ascii_digit).count();
        letters == 0
            || letters.min(digits) >= MIXED
                && !is_wordy(id, Strictness::Lenient)
                && !looks_secret(id)
    };
    folded.apart
        && written(varying.place)
        && folded.own.as_deref().is_none_or(written)
        && folded.ids.iter().all(|id| settled(id))
}

/// A text, and what it is.
type Candidate = (String, Part);

/// The texts of what differs, the longest first; and the times that are as far from the moment of judging as others.
fn candidates(varying: Varying<'_>, clock: &Moments) -> (Vec<Candidate>, Vec<(usize, usize)>) {
    let folded = varying.folded;
    let mut all: Vec<Candidate> = vec![(varying.place.to_owned(), Part::Place)];
    let texts = |list: &[Box<str>], part: fn(usize) -> Part| -> Vec<Candidate> {
        let list = list.iter().enumerate();
        list.map(|(which, text)| (text.to_string(), part(which)))
            .collect()
    };
    all.extend(texts(&folded.ids, Part::Id));
    all.extend(texts(&folded.spelled, Part::Spelled));
    let mut same = Vec::new();
    let mut distances: Vec<(Distance, usize)> = Vec::new();
    for (which, time) in folded.times.iter().enumerate() {
        all.push((time.to_string(), Part::Seconds(which)));
        all.extend(rfc3339(*time).map(|date| (date, Part::Date(which))));
        let Some(now) = moment(clock.own, varying).filter(|_| clock.named.contains(&which)) else {
            continue;
        };
        let far = distance(*time, now);
        match distances.iter().find(|(own, _)| *own == far) {
            Some((_, other)) => same.push((*other, which)),
            None => distances.push((far, which)),
        }
    }
    let distances = distances.into_iter();
    all.extend(distances.map(|(far, which)| (far.to_string(), Part::Distance(which))));
    // The sort is stable: of two that read the same, the first that was found.
    all.sort_by_key(|(text, _)| usize::MAX - text.len());
    (all, same)
}

/// Cuts a text at what differs. The id of the evidence stands once, at the start.
fn cut(
    text: &str,
    own: Option<&str>,
    candidates: &[Candidate],
) -> Option<(String, Vec<(usize, Part)>)> {
    let mut fixed = String::with_capacity(text.len());
    let mut parts = Vec::new();
    let mut rest = text;
    if let Some(own) = own {
        let name = rest.find("\"id\":")? + "\"id\":".len();
        let value = name + rest.get(name..)?.find('"')? + 1;
        fixed.push_str(rest.get(..value)?);
        parts.push((fixed.len(), Part::Own));
        rest = rest.get(value..)?.strip_prefix(own)?;
        rest.starts_with('"').then_some(())?;
    }
    let mut first = [false; 256];
    for (text, _) in candidates {
        first[usize::from(*text.as_bytes().first()?)] = true;
    }
    let mut kept = 0;
    let mut at = 0;
    while at < rest.len() {
        let found = first[usize::from(rest.as_bytes()[at])]
            .then(|| {
                let starts =
                    |(text, _): &&Candidate| rest.as_bytes()[at..].starts_with(text.as_bytes());
                candidates.iter().find(starts)
            })
            .flatten();
        let found = found.filter(|(own, part)| {
            !matches!(part, Part::Id(_)) || is_whole(rest.as_bytes(), at, own.as_bytes())
        });
        let Some((own, part)) = found else {
            at += 1;
            continue;
        };
        fixed.push_str(rest.get(kept..at)?);
        parts.push((fixed.len(), *part));
        at += own.len();
        kept = at;
    }
    fixed.push_str(rest.get(kept..)?);
    Some((fixed, parts))
}

/// Whether a number stands there by itself, and not inside another one or a word. Other ids stand nowhere by chance.
fn is_whole(text: &[u8], at: usize, id: &[u8]) -> bool {
    let joins = |at: Option<usize>| {
        let byte = at.and_then(|at| text.get(at));
        byte.is_some_and(u8::is_ascii_alphanumeric)
    };
    let free = || !joins(at.checked_sub(1)) && !joins(Some(at + id.len()));
    !id.iter().all(u8::is_ascii_digit) || free()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::cover_uuids;
    use crate::table::{self, Pattern};

    /// Ids of every kind that are folded, as they stand in evidence; made without chance.
    fn ids() -> String {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut out = String::new();
        for number in 0..2_000_u64 {
            let hex = format!("{:016x}{:016x}", next(), next());
            let (one, rest) = hex.split_at(8);
            let (two, three, four, five) = (&rest[..4], &rest[4..8], &rest[8..12], &rest[12..]);
            let digits = next() % 10_u64.pow(1 + u32::try_from(number % 8).expect("small"));
            let ids = [
                format!("\"{one}-{two}-{three}-{four}-{five}\""),
                format!("/{digits}/x"),
                format!(" {hex} "),
                format!(" {} ", next()),
            ];
            let folds = |id: &&String| !Folded::of(id, 0, 0).expect("one id").ids.is_empty();
            for id in ids.iter().filter(folds) {
                out.push_str(id);
                out.push_str(", ");
            }
        }
        out
    }

    /// Ids that hold the numbers of a pattern, each in several places of a UUID and of a long number.
    fn ids_with_numbers_of(pattern: &str) -> String {
        let numbers = pattern.split(|c: char| !c.is_ascii_digit());
        let numbers = numbers.filter(|number| (4..=8).contains(&number.len()));
        let mut out = "ids: ".to_owned();
        for number in numbers {
            for place in [0, 3, 9, 14, 19, 24, 27] {
                let mut id = "abcdef12-ab1c-cd2e-ef3a-abcd1234abcd".to_owned();
                id.replace_range(place..place + number.len(), number);
                let long = format!("{}{number}123456789", "9".repeat(place));
                for id in [id, long] {
                    let id = format!("\"{id}\" {id}, ");
                    let folded = Folded::of(&id, 0, 0).expect("one id");
                    out += if folded.ids.is_empty() { "" } else { &id };
                }
            }
        }
        out
    }

    #[test]
    fn no_pattern_sees_anything_in_what_is_taken_for_an_id() {
        let ids = cover_uuids(&ids()).into_owned();
        let of_id = |b: u8| b.is_ascii_hexdigit() || b"-/\", ".contains(&b);
        let could = |text: &String| text.bytes().all(of_id);
        let mut seen = Vec::new();
        for id in table::names() {
            let table = table::shipped(id).expect("shipped").expect("sound");
            let signatures = table.signatures();
            let own = signatures.iter().filter_map(|own| own.re.as_deref());
            let marks = table.provider.mark.iter();
            for text in own.chain(marks.filter_map(|mark| mark.re.as_deref())) {
                let pattern = Pattern::new(text).expect("a pattern");
                let required = pattern.required();
                let may = required.is_none_or(|all| all.iter().any(could));
                if may && pattern.is_match(&ids)
                    || pattern.is_match(&cover_uuids(&ids_with_numbers_of(text)))
                {
                    seen.push(format!("{id}: {text}"));
                }
            }
        }
        assert!(seen.is_empty(), "{seen:#?}");
    }
}
