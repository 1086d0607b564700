//! What `curl --trace` and `--trace-ascii` print of the bytes.

use crate::input::words::without_time;

/// The blocks of `--trace` and `--trace-ascii` as whole lines, marked as `curl -v` marks them; `None` for any other text.
/// In the blocks themselves a credential is cut over lines, or stands as hex digits.
pub fn untraced(text: &str) -> Option<String> {
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| without_time(line.strip_suffix('\r').unwrap_or(line)))
        .collect();
    if !lines.iter().any(|line| is_block(line)) {
        return None;
    }
    let hex = is_hex(&lines);
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        if is_block(line) {
            let end = at + lines[at..].iter().take_while(|line| is_piece(line)).count();
            let block = if hex {
                from_hex(&lines[at..end])
            } else {
                from_ascii(&lines[at..end])
            };
            at = end;
            push_block(&mut out, line, &block);
        } else if let Some(note) = line.strip_prefix("== Info:") {
            out.extend(["* ", note.trim_start(), "\n"]);
        } else {
            out.extend([line, "\n"]);
        }
    }
    Some(out)
}

fn push_block(out: &mut String, kind: &str, block: &str) {
    let mark = match kind.split(',').next().unwrap_or_default() {
        "=> Send header" => "> ",
        "<= Recv header" => "< ",
        "<= Recv data" => "",
        _ => return,
    };
    for piece in block.strip_suffix('\n').unwrap_or(block).split('\n') {
        out.extend([mark, piece.trim_end_matches('\r'), "\n"]);
    }
}

/// Whether the blocks are hex digits with the text beside them.
pub(super) fn is_hex(lines: &[&str]) -> bool {
    lines
        .iter()
        .any(|line| hex_bytes(line).is_some_and(|b| b.len() == 16))
        && !lines
            .iter()
            .any(|line| is_piece(line) && hex_bytes(line).is_none())
}

fn offset(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = line.split_once(':')?;
    let sound = number.len() >= 4 && number.bytes().all(|b| b.is_ascii_hexdigit());
    let at = usize::from_str_radix(number, 16).ok().filter(|_| sound)?;
    Some((at, rest.strip_prefix(' ').unwrap_or(rest)))
}

/// Lines cut at 64 characters are joined: one that is a real line ends two bytes (CR, LF) before the next offset.
pub(super) fn from_ascii(lines: &[&str]) -> String {
    let pieces: Vec<(usize, &str)> = lines.iter().filter_map(|line| offset(line)).collect();
    let mut text = String::new();
    for (number, (at, piece)) in pieces.iter().enumerate() {
        text.push_str(piece);
        if let Some((next, _)) = pieces.get(number + 1)
            && *next > at + piece.len()
        {
            text.push('\n');
        }
    }
    text
}

/// The bytes of a line of `--trace`: up to 16 pairs of hex digits, then the same as text.
fn hex_bytes(line: &str) -> Option<Vec<u8>> {
    let (_, rest) = offset(line)?;
    let pairs = rest
        .as_bytes()
        .chunks(3)
        .take(16)
        .map_while(|chunk| match chunk {
            [a, b, b' '] => {
                let digits = [*a, *b];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()
            }
            _ => None,
        });
    let bytes: Vec<u8> = pairs.collect();
    let text = rest.get(48..).unwrap_or_default();
    (!bytes.is_empty() && text.chars().count() == bytes.len()).then_some(bytes)
}

pub(super) fn from_hex(lines: &[&str]) -> String {
    let bytes: Vec<u8> = lines
        .iter()
        .filter_map(|line| hex_bytes(line))
        .flatten()
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The header of a block of `--trace`: which way, and what.
pub(super) fn is_block(line: &str) -> bool {
    ["=> Send ", "<= Recv "]
        .iter()
        .any(|mark| line.starts_with(mark))
        && line.contains(" bytes (0x")
}

/// A line of a block: an offset and what stands there.
pub(super) fn is_piece(line: &str) -> bool {
    offset(line).is_some()
}
