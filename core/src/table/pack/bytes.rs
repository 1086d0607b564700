//! Numbers in packed bytes: LEB128 where they are read in order, four bytes (little endian) where they are jumped to.

/// Appends a number, small ones in one byte.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// A place or count as a number of the format, which ends at 4 GiB.
pub(crate) fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
