//! Reading the numbers of packed bytes, as `pack::bytes` wrote them.

/// Reads such a number and moves behind it; 0 behind the end.
pub(super) fn take(bytes: &[u8], at: &mut usize) -> u32 {
    let mut number = 0;
    for shift in (0..32).step_by(7) {
        let byte = bytes.get(*at).copied().unwrap_or_default();
        *at += 1;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    number
}

/// The four bytes at a place as a number; 0 behind the end.
pub(super) fn word_at(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    four.map_or(0, u32::from_le_bytes)
}
