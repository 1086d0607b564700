//! Text in Markdown: our own words stay, and what a server or a person wrote becomes a code span that it cannot leave.

use super::escape::terminal;

/// Untrusted text as a code span that it cannot leave (`CommonMark` §6.1).
pub(super) fn code(text: &str) -> String {
    let text = terminal(text);
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Our own sentence with what it quotes. Plain words stay; everything else becomes a code span, since what a renderer or
/// a forge makes of addresses, mentions, numbers of issues and marks outside of one is unknown (nor always escaped).
pub(super) fn sentence(text: &str) -> String {
    let text = terminal(text);
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (number, part) in parts.iter().enumerate() {
        let closed = number + 1 < parts.len();
        match (number % 2 == 1, closed) {
            (true, true) => span(&mut out, part),
            // A mark that nothing closes belongs to the word behind it.
            (true, false) => words(&mut out, &format!("`{part}")),
            (false, _) => marked(&mut out, part),
        }
    }
    out
}

/// Words between stars are quoted ones: they stay together.
fn marked(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, quoted, behind)) = quoted(rest) {
        words(out, before);
        span(out, quoted);
        rest = behind;
    }
    words(out, rest);
}

/// The first words between stars, with what stands before and behind.
fn quoted(text: &str) -> Option<(&str, &str, &str)> {
    let start = match text.starts_with('*') {
        true => 0,
        false => text.find(" *")? + 1,
    };
    let length = text[start + 1..].find('*')?;
    let (quoted, behind) = text[start + 1..].split_at(length);
    let whole = !quoted.is_empty() && quoted.trim() == quoted;
    whole.then(|| (&text[..start], quoted, &behind[1..]))
}

/// A code span that does not touch another one: their marks would run together.
fn span(out: &mut String, text: &str) {
    if out.ends_with('`') {
        out.push(' ');
    }
    out.push_str(&code(text));
}

fn words(out: &mut String, text: &str) {
    for piece in text.split_inclusive(' ') {
        let word = piece.trim_end_matches(' ');
        let core = word.trim_start_matches(['(', '"', '“', '‘', '«', '\'']);
        let lead = &word[..word.len() - core.len()];
        let bare =
            core.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '”', '’', '»', '\'']);
        // `1.` at the start of a line begins a list.
        let listed =
            out.is_empty() && bare.len() < core.len() && bare.bytes().all(|b| b.is_ascii_digit());
        if listed && !bare.is_empty() {
            span(out, word);
        } else if bare.is_empty() || is_plain(bare) {
            out.push_str(word);
        } else {
            out.push_str(lead);
            span(out, bare);
            out.push_str(&core[bare.len()..]);
        }
        out.push_str(&piece[word.len()..]);
    }
}

/// Whether nothing makes more of a word than a word.
fn is_plain(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let between = |at: usize, fits: fn(&char) -> bool| {
        at > 0 && fits(&letters[at - 1]) && letters.get(at + 1).is_some_and(fits)
    };
    let sound = letters.iter().enumerate().all(|(at, c)| match c {
        // Numbers, moments, sections of standards; `e.g.`
        '.' => {
            between(at, char::is_ascii_digit)
                || letters.len() == 3 && between(at, char::is_ascii_alphabetic)
        }
        ':' => between(at, char::is_ascii_digit),
        '/' | '-' | '\'' | '’' | ',' => between(at, |c| c.is_alphanumeric()),
        '(' | ')' | '–' | '—' | '…' | '§' | '×' | '→' | '·' | '“' | '”' => true,
        c => c.is_alphanumeric(),
    });
    // Forges make links of commits and of issues by such words.
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let hash = word.len() >= 7
        && word.bytes().all(|b| b.is_ascii_hexdigit())
        && digits < word.len()
        && digits > 0;
    let issue = word
        .get(..3)
        .is_some_and(|head| head.eq_ignore_ascii_case("GH-"));
    sound && !hash && !issue
}

/// Text of a table's cell: a bar would end the cell even in a code span.
pub(super) fn cell(text: &str) -> String {
    text.replace("\\|", "\\ |").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_text_cannot_leave_its_span_or_format_itself() {
        assert_eq!(code("a ``` b"), "````a ``` b````");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(sentence("says <b>*x*, then"), "says `<b>*x*`, then");
        assert_eq!(sentence("Words: *a <b>* · *c*"), "Words: `a <b>` · `c`");
        assert_eq!(sentence("a `b` and ` c"), "a `b` and `` ` `` c");
        assert_eq!(sentence("x_y`z``u`v"), "`x_y` `z` `u`v");
        assert_eq!(
            sentence("1. see \"https://evil.example/\""),
            "`1.` see \"`https://evil.example/`\""
        );
        assert_eq!(cell(&code("a|b\\|c")), "`a\\|b\\ \\|c`");
        assert!(!code("a\nb").contains('\n'));
    }
}
