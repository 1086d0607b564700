//! Whether a secret stands in a text in any spelling: as it is, in base64 or hex, twice encoded, escaped for a URL, JSON
//! or markup, in other case, or taken apart by tags, marks and line ends. Time is linear in text and secrets.

use super::redact::{Strictness, is_wordy};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::collections::HashSet;

/// Secrets shorter than this are not looked for: they would be found by chance.
const SHORTEST: usize = 12;

/// A secret is known by any run of so many of its letters and digits, at every multiple of that: a leak of twice as many
/// in a row is always seen.
const BLOCK: usize = 12;

/// Of longer secrets the encoded spellings of so many bytes at both ends are looked for.
const ENCODED: usize = 256;

/// How often a text is unescaped, for what was escaped again.
const ROUNDS: usize = 3;

/// A tag longer than this many bytes is taken as text.
const TAG: usize = 256;

type Block = [u8; BLOCK];

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The characters of base64 that depend on these bytes alone, where they begin at that offset of three bytes; in both
/// alphabets.
pub(crate) fn base64_cores(bytes: &[u8], offset: usize) -> [String; 2] {
    let shifted = [&[0_u8; 3][..offset % 3], bytes].concat();
    let start = (offset % 3 * 8).div_ceil(6);
    let end = shifted.len() * 8 / 6;
    [
        STANDARD_NO_PAD.encode(&shifted),
        URL_SAFE_NO_PAD.encode(&shifted),
    ]
    .map(|text| text.get(start..end).unwrap_or_default().to_owned())
}

/// Secrets to look for. Its debug form shows none of them.
#[derive(Clone)]
pub struct Sought {
    whole: Vec<super::Secret>,
    /// Sorted.
    blocks: Vec<Block>,
    /// Which four letters some block begins with, by a hash of 16 bits.
    starts: Vec<u64>,
}

impl std::fmt::Debug for Sought {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sought({} secrets)", self.whole.len())
    }
}

impl Default for Sought {
    fn default() -> Self {
        Self {
            whole: Vec::new(),
            blocks: Vec::new(),
            starts: vec![0; 1024],
        }
    }
}

impl Sought {
    /// Looks for these.
    pub fn of(secrets: &[&str]) -> Self {
        let mut out = Self::default();
        for secret in secrets {
            out.add(secret);
        }
        out
    }

    /// Whether exactly these are looked for, in this order.
    pub fn is_of(&self, secrets: &[&str]) -> bool {
        let long = secrets.iter().copied().filter(|own| own.len() >= SHORTEST);
        long.eq(self.whole.iter().map(super::Secret::expose))
    }

    /// Looks for one more.
    pub fn add(&mut self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        self.whole.push(super::Secret::new(secret.to_owned()));
        // The header of a JWT is the same in many tokens, and no secret.
        let secret = match secret.split_once('.') {
            Some((head, rest)) if head.starts_with("ey") => rest,
            _ => secret,
        };
        // Words are only looked for as they are: a report is made of words.
        if !secret.contains(char::is_whitespace) && !is_wordy(secret, Strictness::Lenient) {
            self.add_spellings(secret.as_bytes());
            self.blocks.sort_unstable();
            self.blocks.dedup();
        }
    }

    fn add_spellings(&mut self, secret: &[u8]) {
        self.add_blocks(secret);
        let ends = [
            &secret[..secret.len().min(ENCODED)],
            &secret[secret.len().saturating_sub(ENCODED)..],
        ];
        let ends = &ends[..=usize::from(secret.len() > ENCODED)];
        for end in ends {
            // Two bytes for each: its hex digits; itself and a 0, as UTF-16 has it.
            let (mut hex, mut wide) = (vec![0; 2 * end.len()], vec![0; 2 * end.len()]);
            for (at, byte) in end.iter().enumerate() {
                hex[2 * at] = DIGITS[usize::from(byte >> 4)];
                hex[2 * at + 1] = DIGITS[usize::from(byte & 15)];
                wide[2 * at] = *byte;
            }
            self.add_blocks(&hex);
            for offset in 0..3 {
                for core in base64_cores(end, offset) {
                    self.add_blocks(core.as_bytes());
                    for again in 0..3 {
                        let [twice, _] = base64_cores(core.as_bytes(), again);
                        self.add_blocks(twice.as_bytes());
                    }
                }
                let [wide, _] = base64_cores(&wide, offset);
                self.add_blocks(wide.as_bytes());
            }
        }
    }

    fn add_blocks(&mut self, spelling: &[u8]) {
        let letters = squeezed(spelling);
        let last = letters.len().saturating_sub(BLOCK);
        let starts = (0..=last).step_by(BLOCK).chain([last]);
        for start in starts {
            let Some(block) = letters.get(start..start + BLOCK) else {
                return;
            };
            let Ok(block) = Block::try_from(block) else {
                continue;
            };
            let hash = start_of(&block);
            self.starts[hash / 64] |= 1 << (hash % 64);
            self.blocks.push(block);
        }
    }

    /// Whether one of them stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut whole = self.whole.iter();
        if whole.any(|own| memchr::memmem::find(bytes, own.expose().as_bytes()).is_some()) {
            return true;
        }
        if self.blocks.is_empty() {
            return false;
        }
        if self.has_block(bytes) {
            return true;
        }
        let mut plain = unescaped(bytes);
        for _ in 1..ROUNDS {
            let next = unescaped(&plain);
            if next == plain {
                break;
            }
            plain = next;
        }
        self.has_block(&plain) || self.has_block(&untagged(&plain))
    }

    fn has_block(&self, text: &[u8]) -> bool {
        let letters = squeezed(text);
        letters.windows(BLOCK).any(|window| {
            let Ok(block) = <&Block>::try_from(window) else {
                return false;
            };
            let hash = start_of(block);
            // Whether a block tells anything costs more to find out than that it is there, and is seldom asked.
            self.starts[hash / 64] >> (hash % 64) & 1 == 1
                && self.blocks.binary_search(block).is_ok()
                && is_telling(block)
        })
    }
}

/// A hash of 16 bits of the first four letters.
fn start_of(block: &Block) -> usize {
    let word = u32::from_le_bytes([block[0], block[1], block[2], block[3]]);
    (word.wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// Numbers, words and repetitions stand in reports by themselves.
fn is_telling(block: &Block) -> bool {
    let distinct: HashSet<u8> = block.iter().copied().collect();
    distinct.len() >= 5
        && !block.iter().all(u8::is_ascii_digit)
        && std::str::from_utf8(block).is_ok_and(|text| !is_wordy(text, Strictness::Lenient))
}

/// Each letter in lower case, each digit as it is; 0 for what is neither.
const LETTERS: [u8; 256] = {
    let mut out = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            out[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    out
};

/// Letters and digits alone, in lower case.
fn squeezed(text: &[u8]) -> Vec<u8> {
    let mut out = vec![0; text.len()];
    let mut length = 0;
    for byte in text {
        // Written over where it is no letter: this is done for every byte of every answer, several times.
        let letter = LETTERS[usize::from(*byte)];
        out[length] = letter;
        length += usize::from(letter != 0);
    }
    out.truncate(length);
    out
}

/// The text with percent-encoding, backslash escapes and character references resolved once.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'%', b'\\', b'&', rest) {
        out.extend_from_slice(&rest[..at]);
        let (sign, tail) = (rest[at], &rest[at + 1..]);
        let (byte, length) = match sign {
            b'%' => hex(tail, 2).unwrap_or((b'%', 0)),
            b'\\' => backslash(tail),
            _ => reference(tail).unwrap_or((b'&', 0)),
        };
        out.push(byte);
        rest = &tail[length..];
    }
    out.extend_from_slice(rest);
    out
}

/// So many hex digits as one byte, and their number; what is no ASCII is a blank.
fn hex(text: &[u8], digits: usize) -> Option<(u8, usize)> {
    let text = std::str::from_utf8(text.get(..digits)?).ok()?;
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    Some((byte(u32::from_str_radix(text, 16).ok()?), digits))
}

fn byte(code: u32) -> u8 {
    u8::try_from(code).unwrap_or(b' ')
}

/// `\u0041`, `\u{41}`, `\x41`, `\n`, `\/`.
fn backslash(text: &[u8]) -> (u8, usize) {
    let braced = |text: &[u8]| {
        let end = text.iter().take(9).position(|b| *b == b'}')?;
        let digits = std::str::from_utf8(text.get(1..end)?).ok()?;
        Some((byte(u32::from_str_radix(digits, 16).ok()?), end + 1))
    };
    match text.first() {
        Some(b'u') if text.get(1) == Some(&b'{') => {
            braced(&text[1..]).map_or((b'\\', 0), |(byte, length)| (byte, length + 1))
        }
        Some(b'u') => hex(&text[1..], 4).map_or((b'\\', 0), |(byte, length)| (byte, length + 1)),
        Some(b'x') => hex(&text[1..], 2).map_or((b'\\', 0), |(byte, length)| (byte, length + 1)),
        Some(b'n' | b'r' | b't' | b'b' | b'f') => (b' ', 1),
        Some(mark) if !mark.is_ascii_alphanumeric() => (*mark, 1),
        _ => (b'\\', 0),
    }
}

/// `&#65;`, `&#x41;`, `&amp;`.
fn reference(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().take(10).position(|b| *b == b';')?;
    let name = std::str::from_utf8(&text[..end]).ok()?;
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        },
        None if name == "amp" => u32::from(b'&'),
        None if name.bytes().all(|b| b.is_ascii_alphabetic()) => u32::from(b' '),
        None => return None,
    };
    Some((byte(code), end + 1))
}

/// The text without tags and terminal colours.
fn untagged(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'<', 0x1b, rest) {
        out.extend_from_slice(&rest[..at]);
        let tail = &rest[at + 1..];
        let end = match rest[at] {
            b'<' if tail
                .first()
                .is_some_and(|b| b.is_ascii_alphabetic() || b"/!?".contains(b)) =>
            {
                let head = &tail[..tail.len().min(TAG)];
                head.iter().position(|b| *b == b'>')
            }
            b'<' => None,
            _ => tail.iter().take(16).position(u8::is_ascii_alphabetic),
        };
        rest = &tail[end.map_or(0, |end| end + 1)..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests;
