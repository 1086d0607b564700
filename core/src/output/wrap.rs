//! Text in lines of a width; continued lines hang under the first.

use unicode_width::UnicodeWidthStr as _;

/// Breaks a text at blanks into lines of at most `width` columns; the first begins with `head`, the others hang under
/// what follows it. A word that is longer than a line is broken.
pub fn wrap(head: &str, text: &str, width: usize) -> Vec<String> {
    let hang = width_of(head);
    let room = width.saturating_sub(hang).max(20);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').flat_map(|word| pieces(word, room)) {
        let used = width_of(&line);
        if used > 0 && used + 1 + width_of(word) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    let first = format!("{head}{}", lines.first().map_or("", String::as_str));
    let rest = lines.iter().skip(1).map(|own| format!("{:hang$}{own}", ""));
    std::iter::once(first.trim_end().to_owned())
        .chain(rest)
        .collect()
}

/// The columns that a text takes.
pub(super) fn width_of(text: &str) -> usize {
    // Most texts are plain, and a line is measured after every word.
    let plain = |all: bool, byte: u8| all & (b' '..=b'~').contains(&byte);
    match text.bytes().fold(true, plain) {
        true => text.len(),
        false => text.width(),
    }
}

/// A word in pieces that fit a line.
fn pieces(word: &str, room: usize) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = word;
    while width_of(rest) > room {
        let end = rest
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .take_while(|end| width_of(&rest[..*end]) <= room)
            .last()
            .unwrap_or(rest.len());
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    out.push(rest);
    out
}

/// A text of at most `width` columns; what is cut off leaves a `…`.
pub(super) fn cut(text: &str, width: usize) -> String {
    if width_of(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if width_of(&out) + 2 > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// A text of at most `width` columns without its middle: what tells paths apart stands at their end.
pub(super) fn cut_middle(text: &str, width: usize) -> String {
    if width_of(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let fits = |c: &char, used: &mut usize, most: usize| {
        *used += width_of(c.encode_utf8(&mut [0; 4]));
        *used <= most
    };
    let (mut start, mut end) = (0, 0);
    let head = text.chars().take_while(|c| fits(c, &mut start, room / 2));
    let head: String = head.collect();
    let tail = text.chars().rev();
    let tail = tail.take_while(|c| fits(c, &mut end, room - width_of(&head)));
    let tail: Vec<char> = tail.collect();
    format!("{head}…{}", tail.into_iter().rev().collect::<String>())
}

/// The same, with the words that were read in it wherever they stand.
pub(super) fn cut_around(text: &str, read: Option<&str>, width: usize) -> String {
    let read = read.and_then(|read| Some((text.find(read)?, read)));
    let Some((at, read)) = read.filter(|(at, read)| width_of(&text[..at + read.len()]) + 1 > width)
    else {
        return cut(text, width);
    };
    let room = width.saturating_sub(width_of(read) + 2) / 2;
    let before: Vec<char> = text[..at].chars().collect();
    let from = before.len().saturating_sub(room);
    // A word is shown whole or not at all.
    let whole = before[from..].iter().position(|c| *c == ' ');
    let from = from + whole.map_or(0, |blank| blank + 1);
    let part: String = text.chars().skip(from).collect();
    format!("…{}", cut(&part, width.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_around_what_was_read() {
        let text = "It begins with much that says nothing, and the token expired, so it ends.";
        assert_eq!(
            cut_around(text, Some("expired"), 30),
            "…token expired, so it ends."
        );
        assert_eq!(cut_around(text, Some("begins"), 30), cut(text, 30));
        assert_eq!(cut_around(text, None, 30), cut(text, 30));
    }

    #[test]
    fn continued_lines_hang_under_the_first() {
        assert_eq!(
            wrap("- ", "one two three four five six seven", 22),
            ["- one two three four", "  five six seven"]
        );
    }

    #[test]
    fn a_long_word_is_broken_and_nothing_is_lost() {
        let word = "x".repeat(50);
        let lines = wrap("", &word, 20);
        assert_eq!(lines.concat(), word);
        assert!(lines.iter().all(|line| line.len() <= 20));
    }

    #[test]
    fn what_is_cut_in_its_middle_keeps_both_ends() {
        assert_eq!(cut_middle("POST /a/b/c/d", 9), "POST…/c/d");
        assert_eq!(cut_middle("abcd", 4), "abcd");
        assert!(width_of(&cut_middle("字字字字字字字字", 9)) <= 9);
    }

    #[test]
    fn a_cut_text_fits_and_says_that_it_was_cut() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("abcd", 4), "abcd");
    }
}
