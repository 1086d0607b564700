//! Evidence with ids and times folded: texts that fold to the same are judged alike, whatever their ids and times are.
//!
//! An id is a UUID, a long hex number, a long decimal number, a decimal segment of a path and where it is repeated, or an
//! IPv4 address; a number that any table or the vocabulary holds is a code. Times are RFC 3339 in UTC, HTTP's, or seconds
//! and milliseconds since 1970. Which ids are the same and how long each is stays visible, as does how the times stand to
//! each other and to the moment of judging.

use super::uuid::{self, UUID};
use crate::sorted::Sorted;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

#[cfg(test)]
mod bare;

/// More ids or times than this in one text, and it is not folded.
const MOST: usize = 24;

/// A span below this many seconds is short: judgements know no other length.
const SHORT: i64 = 300;

/// A folded text with more bytes than this is kept as its hash.
const LONG: usize = 1024;

/// What stands in a folded text where something was: a byte that no UTF-8 has, then the kind, then which of its kind.
const MARK: u8 = 0xff;

/// A text with its ids and times folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// What is the same in texts that are alike, and in no others: of a long text its SHA-256.
    pub key: Vec<u8>,
    /// The ids, each once.
    pub ids: Vec<Box<str>>,
    /// The times in seconds since 1970, each once, in the order of the text.
    pub times: Vec<i64>,
    /// The times as they are written, each spelling once.
    pub spelled: Vec<Box<str>>,
    /// Whether each id with letters in it is a word of its own: then what becomes of it does not depend on its letters.
    pub apart: bool,
    /// The id of the evidence itself, where it was left out of the text.
    pub own: Option<Box<str>>,
}

impl Folded {
    /// Folds a text that is judged at that moment and with that leeway, in seconds; `None` where it holds too many ids or
    /// times to keep apart.
    pub fn of(text: &str, now: i64, leeway: i64) -> Option<Self> {
        Self::of_parts(&[text], now, leeway)
    }

    /// The same of a text in parts, none of which ends inside a word.
    pub fn of_parts(parts: &[&str], now: i64, leeway: i64) -> Option<Self> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let mut fold = Fold {
            text: "",
            out: Vec::with_capacity(length + 64),
            ids: Vec::new(),
            times: Vec::new(),
            spelled: Vec::new(),
            apart: true,
        };
        for part in parts {
            fold.text = part;
            fold.walk()?;
        }
        fold.compare(now, leeway);
        Some(Self {
            key: key(fold.out),
            ids: fold.ids.iter().map(|id| Box::from(*id)).collect(),
            times: fold.times,
            spelled: fold.spelled.iter().map(|own| Box::from(*own)).collect(),
            apart: fold.apart,
            own: None,
        })
    }
}

/// A key no longer than is worth keeping: pages are long, and many are remembered.
fn key(folded: Vec<u8>) -> Vec<u8> {
    match folded.len() > LONG {
        true => Sha256::digest(&folded).to_vec(),
        false => folded,
    }
}

struct Fold<'t> {
    text: &'t str,
    out: Vec<u8>,
    ids: Vec<&'t str>,
    times: Vec<i64>,
    spelled: Vec<&'t str>,
    apart: bool,
}

impl Fold<'_> {
    fn walk(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (mut at, mut kept) = (0, 0);
        while let Some(digit) = digit_behind(bytes, at) {
            let start = start_of_word(bytes, at, digit);
            let rest = bytes[digit..].iter();
            at = digit + rest.take_while(|byte| is_of_word(**byte)).count();
            let Some((kind, end)) = self.told(start, at) else {
                continue;
            };
            // What stands in a UUID is covered before a pattern sees it.
            if !matches!(kind, Kind::Uuid) && holds_code(&bytes[start..end]) {
                continue;
            }
            self.out.extend_from_slice(&bytes[kept..start]);
            let own = self.text.get(start..end)?;
            let length = u8::try_from(own.len()).ok()?;
            match kind {
                Kind::Time(seconds) => {
                    let time = place_of(&mut self.times, seconds)?;
                    let place = place_of(&mut self.spelled, own)?;
                    self.out
                        .extend_from_slice(&[MARK, b't', length, time, place]);
                }
                Kind::Id | Kind::Uuid => {
                    let place = place_of(&mut self.ids, own)?;
                    self.out.extend_from_slice(&[MARK, b'i', length, place]);
                    self.apart &= is_apart(bytes, start, end);
                }
            }
            (at, kept) = (end, end);
        }
        self.out.extend_from_slice(&bytes[kept..]);
        Some(())
    }

    /// What begins at a word, and where it ends.
    fn told(&self, start: usize, end: usize) -> Option<(Kind, usize)> {
        let bytes = self.text.as_bytes();
        let word = &bytes[start..end];
        let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
        let hex = word.iter().all(u8::is_ascii_hexdigit);
        let rest = &bytes[start..];
        if hex && word.len() == 8 && uuid::begins(rest) {
            return Some((Kind::Uuid, start + UUID));
        }
        if digits < word.len() {
            let long = hex && word.len() >= 16 && digits > 0;
            return long.then_some((Kind::Id, end));
        }
        let before = start.checked_sub(1).map(|at| bytes[at]);
        match word.len() {
            1..=3 if rest.get(word.len()) == Some(&b'.') => {
                address(rest).map(|length| (Kind::Id, start + length))
            }
            4 if rest.get(4) == Some(&b'-') => {
                stamp(rest).map(|(seconds, length)| (Kind::Time(seconds), start + length))
            }
            2 if before == Some(b' ') && rest.get(2) == Some(&b' ') => {
                http_date(rest).map(|(seconds, length)| (Kind::Time(seconds), start + length))
            }
            1..=8 => self
                .is_number_of_path(start, end)
                .then_some((Kind::Id, end)),
            10 if word[0] == b'1' => Some((Kind::Time(number(word)?), end)),
            13 if word[0] == b'1' => Some((Kind::Time(number(word)? / 1_000), end)),
            length if length >= 9 => Some((Kind::Id, end)),
            _ => None,
        }
    }

    /// Whether a number of up to eight digits is a segment of a path, or one of those again.
    fn is_number_of_path(&self, start: usize, end: usize) -> bool {
        let bytes = self.text.as_bytes();
        let word = &bytes[start..end];
        let next = bytes.get(end).copied();
        if !next.is_none_or(|byte| b"/?\"\\#& ,".contains(&byte)) {
            return false;
        }
        let own = self.text.get(start..end);
        let code = || own.is_none_or(is_code);
        let status = word.len() == 3 && matches!(word[0], b'1'..=b'5');
        if start > 0 && bytes[start - 1] == b'/' {
            // Of a path only versions and statuses are known. Patterns that see a longer code are asked by `holds_code`.
            return !(status || word.len() == 1) || !code();
        }
        !status && own.is_some_and(|own| self.ids.contains(&own)) && !code()
    }

    /// How the times stand to each other and to the moment of judging.
    fn compare(&mut self, now: i64, leeway: i64) {
        self.out.push(MARK);
        for (number, time) in self.times.iter().enumerate() {
            for other in self.times[..number].iter().chain([&now]) {
                self.out.push(span(*time, *other, leeway));
            }
        }
    }
}

enum Kind {
    Id,
    Uuid,
    Time(i64),
}

/// The first digit at a place or behind it: most of a text holds none.
fn digit_behind(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let words = rest.chunks_exact(8);
    let tail = words.remainder();
    let word = |bytes: &[u8]| bytes.try_into().ok().map(u64::from_le_bytes);
    let first = words
        .clone()
        .position(|bytes| word(bytes).is_some_and(holds_digit));
    let from = first.map_or(rest.len() - tail.len(), |number| number * 8);
    let found = rest[from..].iter().position(u8::is_ascii_digit)?;
    Some(at + from + found)
}

/// Whether one of eight bytes is a digit.
fn holds_digit(bytes: u64) -> bool {
    const EACH: u64 = u64::MAX / 255;
    const TOP: u64 = EACH * 0x80;
    // A digit without `0` is below ten, and only then the top bit comes up.
    let bare = bytes ^ (EACH * 0x30);
    bare.wrapping_sub(EACH * 10) & !bare & TOP != 0
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the word of a digit begins that begins nowhere before a place: with a letter or digit.
fn start_of_word(text: &[u8], from: usize, digit: usize) -> usize {
    let before = text[from..digit].iter().rev();
    let start = digit - before.take_while(|byte| is_of_word(**byte)).count();
    let marks = text[start..].iter().take_while(|byte| **byte == b'_');
    start + marks.count()
}

/// Whether an id of digits, or one that no letter, digit or mark joins with what stands around it.
fn is_apart(text: &[u8], start: usize, end: usize) -> bool {
    let joins = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+%$!*".contains(byte);
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    let free = !before.is_some_and(joins) && !text.get(end).is_some_and(joins);
    free || !text[start..end].iter().any(u8::is_ascii_alphabetic)
}

/// The place of a thing among those that were met, the first time it is met at their end.
fn place_of<T: PartialEq>(known: &mut Vec<T>, thing: T) -> Option<u8> {
    let place = known.iter().position(|own| *own == thing);
    let place = place.unwrap_or_else(|| {
        known.push(thing);
        known.len() - 1
    });
    u8::try_from(place).ok().filter(|_| place < MOST)
}

/// How one time stands to another, as far as any judgement goes by it.
fn span(time: i64, other: i64, leeway: i64) -> u8 {
    let apart = time.saturating_sub(other);
    let edges = [-SHORT, -leeway, 0, leeway, SHORT];
    let passed = edges.iter().filter(|edge| apart > **edge).count();
    let on = edges.iter().filter(|edge| apart == **edge).count();
    u8::try_from(passed * 8 + on).unwrap_or(u8::MAX)
}

/// The length of an IPv4 address at the start of a text.
fn address(text: &[u8]) -> Option<usize> {
    let length = text
        .iter()
        .take(16)
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    let mut parts = text[..length].split(|byte| *byte == b'.');
    let sound = parts
        .by_ref()
        .take(4)
        .filter(|part| matches!(part.len(), 1..=3))
        .count()
        == 4;
    let ends = text
        .get(length)
        .is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (sound && ends && parts.next().is_none()).then_some(length)
}

/// `2026-01-31T12:00:00.000Z` at the start of a text: its seconds since 1970 and its length. In UTC alone.
fn stamp(text: &[u8]) -> Option<(i64, usize)> {
    let head = text.get(..19)?;
    let shaped = head.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        10 => *byte == b'T',
        13 | 16 => *byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let fraction = text[19..].iter().take(12);
    let fraction = fraction
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    let length = 19 + fraction + 1;
    // A leap second is the same moment as the one before it.
    if !shaped || text.get(length - 1) != Some(&b'Z') || &head[17..] == b"60" {
        return None;
    }
    let at = std::str::from_utf8(&text[..length]).ok()?;
    let at: jiff::Timestamp = at.parse().ok()?;
    Some((at.as_second(), length))
}

/// `01 Jan 2026 00:00:00 GMT` at the start of a text, what an HTTP date has behind its day (RFC 9110 §5.6.7).
fn http_date(text: &[u8]) -> Option<(i64, usize)> {
    const LENGTH: usize = 24;
    let text = text.get(..LENGTH).filter(|text| text.ends_with(b" GMT"))?;
    let at = jiff::fmt::rfc2822::parse(std::str::from_utf8(text).ok()?).ok()?;
    Some((at.timestamp().as_second(), LENGTH))
}

/// Whether a number stands in a table or in the vocabulary: somebody may know it.
fn is_code(number: &str) -> bool {
    static CODES: Sorted = include!(concat!(env!("OUT_DIR"), "/numbers.rs"));
    CODES.contains(number.as_bytes())
}

/// What patterns look for wherever it stands, as far as an id can hold it; in lower case, sorted.
static BARE: Sorted = include!(concat!(env!("OUT_DIR"), "/bare.rs"));

/// What patterns look for behind something that no id holds.
static LED: Sorted = include!(concat!(env!("OUT_DIR"), "/led.rs"));

/// The lengths of those texts.
const BARE_LENGTHS: std::ops::RangeInclusive<usize> = 4..=8;

/// Whether an id holds a code that a pattern sees inside it, or begins with one.
fn holds_code(id: &[u8]) -> bool {
    static FREE: LazyLock<Starts> = LazyLock::new(|| Starts::of(&BARE));
    static AT_START: LazyLock<Starts> = LazyLock::new(|| Starts::of(&LED));
    AT_START.begin(id) || (0..id.len()).any(|at| FREE.begin(&id[at..]))
}

/// Codes, and with which four bytes some of them begin, by a hash of 16 bits.
struct Starts {
    codes: &'static Sorted,
    bits: Vec<u64>,
}

impl Starts {
    fn of(codes: &'static Sorted) -> Self {
        let mut bits = vec![0; 1024];
        for hash in codes.iter().filter_map(|own| start_of(own.as_bytes())) {
            bits[hash / 64] |= 1 << (hash % 64);
        }
        Self { codes, bits }
    }

    /// Whether a text begins with one of them.
    fn begin(&self, text: &[u8]) -> bool {
        let known = |start: &[u8]| self.codes.contains(&start.to_ascii_lowercase());
        let mut starts = BARE_LENGTHS.filter_map(|length| text.get(..length));
        start_of(text).is_some_and(|hash| self.bits[hash / 64] >> (hash % 64) & 1 == 1)
            && starts.any(known)
    }
}

/// A hash of 16 bits of the first four bytes, in any case.
fn start_of(text: &[u8]) -> Option<usize> {
    let start: [u8; 4] = text.get(..4)?.try_into().ok()?;
    // Digits and the hyphen have that bit: only letters change.
    let word = u32::from_le_bytes(start) | 0x2020_2020;
    Some((word.wrapping_mul(0x9e37_79b1) >> 16) as usize)
}

fn number(word: &[u8]) -> Option<i64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
