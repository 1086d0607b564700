//! Evidence with ids and times folded: texts that fold to the same are judged alike, whatever their ids and times are.
//!
//! An id is a UUID, a long hex number, a long decimal number, a decimal segment of a path, or an IPv4 address. Which ids
//! are the same stays visible, as does how the times stand to each other and to the moment of judging.

/// More ids or times than this in one text, and it is not folded.
const MOST: usize = 24;

/// A span below this many seconds is short: judgements know no other length.
const SHORT: i64 = 300;

/// What stands in a folded text where something was: a byte that no UTF-8 has, then the kind, then which of its kind.
const MARK: u8 = 0xff;

/// A text with its ids and times folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// What is the same in texts that are alike.
    pub key: Box<[u8]>,
    /// The ids, each once.
    pub ids: Vec<Box<str>>,
    /// The times in seconds since 1970, each once, in the order of the text.
    pub times: Vec<i64>,
}

impl Folded {
    /// Folds a text that is judged at that moment and with that leeway, in seconds; `None` where it holds too many ids or
    /// times to keep apart.
    pub fn of(text: &str, now: i64, leeway: i64) -> Option<Self> {
        let mut fold = Fold {
            text,
            out: Vec::with_capacity(text.len() + 64),
            ids: Vec::new(),
            times: Vec::new(),
        };
        fold.walk()?;
        fold.compare(now, leeway);
        Some(Self {
            key: fold.out.into_boxed_slice(),
            ids: fold.ids.iter().map(|id| Box::from(*id)).collect(),
            times: fold.times,
        })
    }
}

struct Fold<'t> {
    text: &'t str,
    out: Vec<u8>,
    ids: Vec<&'t str>,
    times: Vec<i64>,
}

impl Fold<'_> {
    fn walk(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (mut at, mut kept) = (0, 0);
        while at < bytes.len() {
            if !bytes[at].is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let start = at;
            let mut digit = false;
            while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                digit |= bytes[at].is_ascii_digit();
                at += 1;
            }
            if !digit {
                continue;
            }
            let Some((kind, end)) = self.told(start, at) else {
                continue;
            };
            self.out.extend_from_slice(&bytes[kept..start]);
            let place = match kind {
                Kind::Time(seconds) => place_of(&mut self.times, seconds)?,
                Kind::Id => place_of(&mut self.ids, self.text.get(start..end)?)?,
            };
            let letter = if matches!(kind, Kind::Id) { b'i' } else { b't' };
            self.out.extend_from_slice(&[MARK, letter, place]);
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
        if hex && word.len() == 8 && is_uuid(rest) {
            return Some((Kind::Id, start + UUID));
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
            4..=8 => {
                let next = bytes.get(end).copied();
                let ends = next.is_none_or(|byte| b"/?\"\\#& ,".contains(&byte));
                (before == Some(b'/') && ends).then_some((Kind::Id, end))
            }
            10 if word[0] == b'1' => Some((Kind::Time(number(word)?), end)),
            13 if word[0] == b'1' => Some((Kind::Time(number(word)? / 1_000), end)),
            length if length >= 9 => Some((Kind::Id, end)),
            _ => None,
        }
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
    Time(i64),
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

const UUID: usize = 36;

fn is_uuid(text: &[u8]) -> bool {
    let shaped = |text: &[u8]| {
        text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    let ends = text
        .get(UUID)
        .is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
    ends && text.get(..UUID).is_some_and(shaped)
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
    if !shaped || text.get(length - 1) != Some(&b'Z') {
        return None;
    }
    let at = std::str::from_utf8(&text[..length]).ok()?;
    let at: jiff::Timestamp = at.parse().ok()?;
    Some((at.as_second(), length))
}

fn number(word: &[u8]) -> Option<i64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_767_225_600;

    fn key(text: &str) -> Box<[u8]> {
        Folded::of(text, NOW, 0).expect("few ids").key
    }

    #[test]
    fn ids_and_times_do_not_tell_texts_apart() {
        for (one, other) in [
            (
                "/a/d28cd949-6d7c-cf5f-19f0-adb07f68607e/b",
                "/a/351e3f2c-7daf-b069-1d7c-c7c9a39e7419/b",
            ),
            ("at 2026-01-01T01:00:00Z", "at 2026-01-01T01:09:59.120Z"),
            ("exp 1767220000", "exp 1767220001"),
            ("GET /users/12345 x", "GET /users/543210 x"),
            ("from 10.0.0.1:80", "from 203.0.113.250:80"),
            (
                "trace 0af7651916cd43dd8448eb211c80319c",
                "trace 1af7651916cd43dd8448eb211c80319d",
            ),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
    }

    #[test]
    fn what_may_mean_something_is_kept() {
        for (one, other) in [
            ("status 401", "status 403"),
            ("AADSTS700016", "AADSTS700017"),
            ("code 10034", "code 10035"),
            ("/v1/users", "/v2/users"),
            ("a 1.2.3 b", "a 1.2.4 b"),
            // The same id twice, or two.
            (
                "1234567890123456 1234567890123456",
                "1234567890123456 1234567890123457",
            ),
            // Before and after each other, and the moment of judging.
            (
                "exp 1767220000 at 2026-01-01T00:00:00Z",
                "exp 1767229999 at 2026-01-01T00:00:00Z",
            ),
            ("exp 1767225601", "exp 1767225599"),
            (
                "exp 1767220000 at 1767219999",
                "exp 1767220000 at 1767210000",
            ),
        ] {
            assert_ne!(key(one), key(other), "{one}");
        }
    }

    proptest! {
        #[test]
        fn any_text_folds(text in "([0-9]{1,14}|[a-f0-9]{8}|-[a-f0-9]{4}|[/. T:Z-]|\\PC){0,60}") {
            let _ = Folded::of(&text, NOW, 5);
        }
    }
}
