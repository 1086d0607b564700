//! Where a JSON string ends, found eight bytes at a time: bodies are JSON inside JSON, where marks stand close together and
//! a search that is started anew at each costs more than the walk.

const EACH: u64 = u64::MAX / 255;

/// Words without a mark before a search takes over: then the text is long.
const BARE: usize = 4;

/// Where a JSON string ends, inside which `text` begins. `Ok`: the place behind its closing quotation mark. `Err`: it goes on;
/// how far it was walked over, which is one past the end behind a last backslash.
pub(crate) fn end_of_string(text: &[u8]) -> Result<usize, usize> {
    let (mut at, mut bare) = (0, 0);
    while let Some(word) = text.get(at..at + 8) {
        let marks = marks_in(word);
        if marks == 0 {
            at += 8;
            bare += 1;
            if bare == BARE {
                bare = 0;
                let rest = memchr::memchr2(b'"', b'\\', &text[at..]);
                at = rest.map_or(text.len(), |offset| at + offset);
            }
            continue;
        }
        bare = 0;
        let mark = at + marks.trailing_zeros() as usize / 8;
        match text[mark] {
            b'"' => return Ok(mark + 1),
            _ => at = mark + 2,
        }
    }
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return Ok(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    Err(at)
}

/// The top bit of each of eight bytes that is a quotation mark or a backslash; bits above the first may be wrong.
fn marks_in(word: &[u8]) -> u64 {
    let word = word.try_into().map_or(0, u64::from_le_bytes);
    let zeros = |word: u64| word.wrapping_sub(EACH) & !word & (EACH * 0x80);
    zeros(word ^ (EACH * u64::from(b'"'))) | zeros(word ^ (EACH * u64::from(b'\\')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, byte by byte.
    fn walked(text: &[u8]) -> Result<usize, usize> {
        let mut at = 0;
        while at < text.len() {
            match text[at] {
                b'"' => return Ok(at + 1),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        Err(at)
    }

    proptest::proptest! {
        #[test]
        fn a_string_ends_where_its_quotation_mark_stands(text in "([a#\\]]{0,30}|\\PC|[\"\\\\]){0,12}") {
            proptest::prop_assert_eq!(end_of_string(text.as_bytes()), walked(text.as_bytes()));
        }
    }
}
