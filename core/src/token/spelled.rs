//! Whether a secret stands in a text in any spelling: as it is, in base64 or hex, twice encoded, escaped for a URL, JSON
//! or markup, in other case, or taken apart by tags, marks and line ends. Time is linear in text and secrets.

mod plain;

use super::redact::{Strictness, is_wordy};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use plain::{unescaped, untagged};
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Secrets shorter than this are not looked for: they would be found by chance.
pub(crate) const SHORTEST: usize = 12;

/// A secret is known by any run of so many of its letters and digits, at every multiple of that: a leak of twice as many
/// in a row is always seen.
const BLOCK: usize = 12;

/// Of longer secrets the encoded spellings of so many bytes at both ends are looked for.
const ENCODED: usize = 256;

/// How often a text is unescaped, for what was escaped again.
const ROUNDS: usize = 3;

type Block = [u8; BLOCK];

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The characters of base64 by their number, in lower case; 0 for what is no letter and no digit. So both alphabets are
/// one.
const SEXTETS: [u8; 64] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut out = [0; 64];
    let mut number = 0;
    while number < alphabet.len() {
        out[number] = alphabet[number].to_ascii_lowercase();
        number += 1;
    }
    out
};

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
    blocks: HashSet<Block, BuildHasherDefault<BlockHasher>>,
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
            blocks: HashSet::default(),
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
        }
    }

    fn add_spellings(&mut self, secret: &[u8]) {
        let mut letters = Vec::new();
        squeeze(secret, &mut letters);
        self.add_blocks(&letters);
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
                self.add_base64(end, offset, &mut letters);
                self.add_base64(&wide, offset, &mut letters);
                let [one, other] = base64_cores(end, offset);
                let differs = one != other;
                for core in [Some(one), differs.then_some(other)].iter().flatten() {
                    for again in 0..3 {
                        self.add_base64(core.as_bytes(), again, &mut letters);
                    }
                }
            }
        }
    }

    fn add_base64(&mut self, bytes: &[u8], offset: usize, letters: &mut Vec<u8>) {
        squeeze_base64(bytes, offset, letters);
        self.add_blocks(letters);
    }

    /// The blocks of letters and digits in lower case.
    fn add_blocks(&mut self, letters: &[u8]) {
        let (blocks, _) = letters.as_chunks::<BLOCK>();
        self.blocks.reserve(blocks.len() + 1);
        for block in blocks.iter().chain(letters.last_chunk()) {
            let hash = start_of(block);
            self.starts[hash / 64] |= 1 << (hash % 64);
            self.blocks.insert(*block);
        }
    }

    /// Whether one of them stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut whole = self.whole.iter();
        if whole.any(|own| text.contains(own.expose())) {
            return true;
        }
        if self.blocks.is_empty() {
            return false;
        }
        if self.has_block(bytes) {
            return true;
        }
        let mut plain = Cow::Borrowed(bytes);
        for _ in 0..ROUNDS {
            match unescaped(&plain) {
                Some(next) => plain = Cow::Owned(next),
                None => break,
            }
        }
        matches!(plain, Cow::Owned(_)) && self.has_block(&plain)
            || untagged(&plain).is_some_and(|bare| self.has_block(&bare))
    }

    fn has_block(&self, text: &[u8]) -> bool {
        let mut letters = Vec::new();
        squeeze(text, &mut letters);
        letters.windows(BLOCK).any(|window| {
            let Ok(block) = <&Block>::try_from(window) else {
                return false;
            };
            let hash = start_of(block);
            // Whether a block tells anything costs more to find out than that it is there, and is seldom asked.
            self.starts[hash / 64] >> (hash % 64) & 1 == 1
                && self.blocks.contains(block)
                && is_telling(block)
        })
    }
}

/// The letters of a block, mixed: they are random already.
#[derive(Default)]
struct BlockHasher(u64);

impl Hasher for BlockHasher {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            let mixed = self.0.rotate_left(5) ^ u64::from_le_bytes(word);
            self.0 = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// A hash of 16 bits of the first four letters.
fn start_of(block: &Block) -> usize {
    let word = u32::from_le_bytes([block[0], block[1], block[2], block[3]]);
    (word.wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// Numbers, words and repetitions stand in reports by themselves.
fn is_telling(block: &Block) -> bool {
    // Letters and digits of ASCII, a bit each.
    let distinct = block
        .iter()
        .fold(0, |all, byte| all | 1_u128 << (byte & 127));
    distinct.count_ones() >= 5
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
fn squeeze(text: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.resize(text.len(), 0);
    let mut length = 0;
    for byte in text {
        // Written over where it is no letter: this is done for every byte of every answer, several times.
        let letter = LETTERS[usize::from(*byte)];
        out[length] = letter;
        length += usize::from(letter != 0);
    }
    out.truncate(length);
}

/// What is left of [`base64_cores`] when it is squeezed.
fn squeeze_base64(bytes: &[u8], offset: usize, out: &mut Vec<u8>) {
    let before = offset % 3;
    let (head, rest) = bytes.split_at(bytes.len().min((3 - before) % 3));
    let (triples, tail) = rest.as_chunks::<3>();
    out.clear();
    out.resize((bytes.len() + before).div_ceil(3) * 4, 0);
    let mut length = 0;
    let mut put = |triple: [u8; 3], characters: std::ops::Range<usize>| {
        let [first, second, third] = triple.map(usize::from);
        let number = first << 16 | second << 8 | third;
        for character in characters {
            let letter = SEXTETS[number >> (18 - 6 * character) & 63];
            out[length] = letter;
            length += usize::from(letter != 0);
        }
    };
    let padded = |part: &[u8], at: usize| {
        let mut triple = [0; 3];
        triple[at..at + part.len()].copy_from_slice(part);
        triple
    };
    // Characters that depend on what stands around the bytes are left out.
    if !head.is_empty() {
        let characters = (before * 8).div_ceil(6)..(before + head.len()) * 8 / 6;
        put(padded(head, before), characters);
    }
    for triple in triples {
        put(*triple, 0..4);
    }
    put(padded(tail, 0), 0..tail.len() * 8 / 6);
    out.truncate(length);
}

#[cfg(test)]
mod tests;
