//! What a text says: without escapes, tags and colours.

/// A tag longer than this many bytes is taken as text.
const TAG: usize = 256;

/// Whether one of these bytes stands in a text. The search of `memchr` first asks the processor what it can do, which takes
/// a start in a virtual machine longer than to look.
fn has_any<const N: usize>(text: &[u8], bytes: [u8; N]) -> bool {
    let is_one = |any: bool, byte: &u8| any | bytes.contains(byte);
    text.iter().fold(false, is_one)
}

/// The text with percent-encoding, backslash escapes and character references resolved once; `None` where there is none.
pub(super) fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    if !has_any(text, *b"%\\&") {
        return None;
    }
    let mut out = Vec::new();
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
    (out.len() < text.len()).then_some(out)
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

/// The text without tags and terminal colours; `None` where there is none.
pub(super) fn untagged(text: &[u8]) -> Option<Vec<u8>> {
    if !has_any(text, *b"<\x1b") {
        return None;
    }
    let mut out = Vec::new();
    let mut rest = text;
    let mut found = false;
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
        found |= end.is_some();
        rest = &tail[end.map_or(0, |end| end + 1)..];
    }
    out.extend_from_slice(rest);
    found.then_some(out)
}
