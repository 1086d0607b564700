//! Whether a pattern over text is telling: one common word is said in many answers, and may not decide alone.

/// The alternatives of a pattern that rest on one common word. Two words, an identifier (`invalid_token`, `tokenExpired`), a
/// number or a code in capitals tell enough.
pub(super) fn common_words(pattern: &str) -> Vec<&str> {
    let mut rest = pattern;
    if let Some((flags, behind)) = rest.strip_prefix("(?").and_then(|r| r.split_once(')'))
        && flags.bytes().all(|b| b.is_ascii_lowercase())
    {
        rest = behind;
    }
    alternatives(rest)
        .into_iter()
        .filter(|one| !is_telling(one))
        .collect()
}

/// What stands between `|` outside groups and classes.
fn alternatives(pattern: &str) -> Vec<&str> {
    let (mut out, mut start, mut depth, mut class) = (Vec::new(), 0, 0_i32, false);
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match c {
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth -= 1,
            '|' if !class && depth == 0 => {
                out.push(&pattern[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&pattern[start..]);
    out
}

fn is_telling(alternative: &str) -> bool {
    // Chinese and Japanese part no words: two signs are one.
    let signs = alternative
        .chars()
        .filter(|c| !c.is_ascii() && c.is_alphabetic());
    let mut words = signs.count() / 2;
    let mut word = String::new();
    let mut escaped = false;
    let letters = alternative.chars().chain([' ']);
    for c in letters {
        // `\b` and `\d` are no letters of a word; the dots of a code join its parts.
        let behind = std::mem::replace(&mut escaped, c == '\\');
        if behind && c == '.' {
            word.push('_');
        }
        if behind || c == '\\' {
            continue;
        }
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') {
            word.push(c);
            continue;
        }
        words += usize::from(word.len() > 1 && !word.bytes().all(|b| b.is_ascii_digit()));
        if is_identifier(&word) {
            return true;
        }
        word.clear();
    }
    words > 1
}

fn is_identifier(word: &str) -> bool {
    let bytes = word.as_bytes();
    let inner = |a: fn(&u8) -> bool, b: fn(&u8) -> bool| {
        bytes.windows(2).any(|pair| a(&pair[0]) && b(&pair[1]))
    };
    let parted = word.trim_matches(['_', '-']).contains(['_', '-']);
    let capitals = bytes.len() > 3 && bytes.iter().all(u8::is_ascii_uppercase);
    let digits = word.trim_start_matches('-');
    let number = digits.len() > 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let mixed = bytes.len() > 3
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().any(u8::is_ascii_alphabetic);
    parted
        || capitals
        || number
        || mixed
        || inner(u8::is_ascii_lowercase, u8::is_ascii_uppercase) && bytes.len() > 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_common_word_tells_nothing() {
        for pattern in [
            "csrf",
            "(?i)revoked",
            "(?i)token expired|audience",
            "\\bdenied\\b",
            "拒绝",
        ] {
            assert_eq!(common_words(pattern).len(), 1, "{pattern}");
        }
        for pattern in [
            "(?i)csrf token",
            "TOOMANYREQUESTS",
            "token_revoked",
            "AADSTS[0-9]+",
            "\\bno\\.permission\\.division\\b",
            "-1021",
            "(?i)(invalid|wrong) audience",
            "该令牌已过期",
        ] {
            assert!(common_words(pattern).is_empty(), "{pattern}");
        }
    }
}
