//! Finds the entries of a HAR one after the other, however long the file is.

use super::BROWSER;
use crate::input::end_of_string;
use std::io::Read;
use std::ops::Range;

/// An entry above this many bytes is passed over: 64 MB.
const LARGEST: usize = 64 * 1024 * 1024;
/// Bytes read at a time.
const CHUNK: usize = 128 * 1024;

pub(super) enum Next {
    Object(Range<usize>),
    TooLarge,
    Cut,
    CutBetween,
    Junk,
    End,
}

/// Finds objects in a stream of JSON without parsing them.
pub(super) struct Scan<R> {
    reader: R,
    pub(super) buffer: Vec<u8>,
    pub(super) at: usize,
    ended: bool,
    /// Whether a browser's developer tools wrote the file. By default they leave `Authorization` and cookies out (Chromium
    /// 130 and later), so that until an entry shows one, none is known to be absent.
    pub(super) by_browser: bool,
    /// Whether a string was too long to be kept.
    shortened: bool,
}

impl<R: Read> Scan<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            by_browser: false,
            shortened: false,
        }
    }

    /// Reads more, keeping what stands after `keep`; false at the end.
    pub(super) fn fill(&mut self) -> std::io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let start = self.buffer.len();
        // Doubling, as a vector grows by itself, would take twice the limit.
        if self.buffer.capacity() < start + CHUNK {
            self.buffer.reserve_exact(CHUNK.max(start / 4));
        }
        self.buffer.resize(start + CHUNK, 0);
        let got = loop {
            match self.reader.read(&mut self.buffer[start..]) {
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.buffer.truncate(start + got);
        self.ended = got == 0;
        Ok(got > 0)
    }

    /// Forgets what was read before the present place.
    pub(super) fn forget(&mut self) {
        self.buffer.drain(..self.at);
        self.at = 0;
    }

    /// The byte at a place, reading more where needed.
    pub(super) fn byte(&mut self, place: usize) -> std::io::Result<Option<u8>> {
        while place >= self.buffer.len() {
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer[place]))
    }

    pub(super) fn skip_blanks(&mut self) -> std::io::Result<Option<u8>> {
        loop {
            match self.byte(self.at)? {
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',') => self.at += 1,
                other => return Ok(other),
            }
        }
    }

    /// The end of a string whose opening quote stands at `start`; the place after its closing quote.
    pub(super) fn string_end(&mut self, start: usize) -> std::io::Result<Option<usize>> {
        let mut place = start + 1;
        self.shortened = false;
        loop {
            let known = place.min(self.buffer.len());
            if known - start > LARGEST {
                self.shortened = true;
                self.buffer.drain(start + 1..known);
                place -= known - start - 1;
            }
            if place >= self.buffer.len() && !self.fill()? {
                return Ok(None);
            }
            let rest = self.buffer.get(place..).unwrap_or_default();
            match end_of_string(rest) {
                Ok(end) => return Ok(Some(place + end)),
                Err(walked) => place += walked,
            }
        }
    }

    /// Goes to the inside of the list `entries` of the outermost or second object.
    pub(super) fn find_entries(&mut self) -> std::io::Result<bool> {
        let mut depth = 0_usize;
        loop {
            // Before the list only small things are kept.
            if self.at > CHUNK {
                self.forget();
            }
            let Some(byte) = self.byte(self.at)? else {
                return Ok(false);
            };
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => {
                    let Some(end) = self.string_end(self.at)? else {
                        return Ok(false);
                    };
                    self.by_browser |= &self.buffer[self.at..end] == BROWSER;
                    let is_name = &self.buffer[self.at..end] == b"\"entries\""
                        && depth <= 2
                        && !self.shortened;
                    self.at = end;
                    if is_name && self.opens_list()? {
                        return Ok(true);
                    }
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    pub(super) fn opens_list(&mut self) -> std::io::Result<bool> {
        if self.skip_blanks()? != Some(b':') {
            return Ok(false);
        }
        self.at += 1;
        if self.skip_blanks()? != Some(b'[') {
            return Ok(false);
        }
        self.at += 1;
        Ok(true)
    }

    /// Takes the bytes of what was found since the last time.
    pub(super) fn taken(&mut self) -> Vec<u8> {
        let rest = self.buffer.split_off(self.at);
        self.at = 0;
        std::mem::replace(&mut self.buffer, rest)
    }

    /// The next object of the list, whole in the buffer behind those that were found before.
    pub(super) fn next_object(&mut self) -> std::io::Result<Next> {
        match self.skip_blanks()? {
            Some(b'{') => {}
            Some(b']') => return Ok(Next::End),
            Some(_) => return Ok(Next::Junk),
            None => return Ok(Next::CutBetween),
        }
        let (start, mut place) = (self.at, self.at);
        let (mut depth, mut large) = (0_usize, false);
        loop {
            if place >= self.buffer.len() && !self.fill()? {
                return Ok(Next::Cut);
            }
            if place - start > LARGEST {
                // Too much to keep: forgotten while it is being walked over.
                large = true;
                self.buffer.drain(start..place);
                place = start;
                continue;
            }
            let rest = &self.buffer[place..];
            let Some(offset) = memchr::memchr3(b'"', b'{', b'}', rest) else {
                place = self.buffer.len();
                continue;
            };
            place += offset;
            match self.buffer[place] {
                b'"' => match self.string_end(place)? {
                    Some(end) => {
                        large |= self.shortened;
                        place = end;
                        continue;
                    }
                    None => return Ok(Next::Cut),
                },
                b'{' => depth += 1,
                _ => depth -= 1,
            }
            place += 1;
            if depth == 0 {
                self.at = place;
                return Ok(match large {
                    true => Next::TooLarge,
                    false => Next::Object(start..place),
                });
            }
        }
    }
}
