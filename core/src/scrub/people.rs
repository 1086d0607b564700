//! Persons in mail: names that stand where only a name can stand. Names inside sentences are not looked for.

use regex_lite::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Fields of a mail that name persons, in the languages of mail programs.
const FIELDS: [&str; 14] = [
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "von",
    "an",
    "de",
    "para",
    "à",
    "da",
    "发件人",
    "收件人",
];

/// Words that greet, with what may stand before a name.
static GREETING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten (?:tag|morgen)|sehr geehrte[rs]?|bonjour|cher|chère|hola|estimad[oa]|buenos días|olá|caro|cara|ciao|gentile)\s+([^,!:]{2,60})(?:[,!:][^\n]*)?$").ok()
});

/// `my name is …`, and who wrote what is quoted.
static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:[Mm]y name is ([^,.!<\n]{2,60})|(?:[0-9]{4}|[0-9]:[0-9]{2}(?:\s?[AaPp]\.?[Mm]\.?)?|AM|PM),?\s+([^,<>0-9\n]{2,60}?)\s*(?:<[^>\n]*>)?\s*(?:wrote|schrieb|a écrit|escribió)\s*:$|schrieb\s+([^,<>0-9\n]{2,60}?)\s*(?:<[^>\n]*>)?\s*:$)").ok()
});

/// What ends a letter; the name stands in the next line.
static CLOSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:best|kind|warm|many|with kind|with best)\s+(?:regards|wishes)|regards|best|cheers|sincerely|yours(?: sincerely| faithfully)?|thanks(?: and regards| a lot| again)?|thank you|mit freundlichen grüßen|mit freundlichem gruß|viele grüße|beste grüße|mfg|cordialement|bien à vous|saludos|atentamente|un saludo|atenciosamente|cordiali saluti)\s*[,.!]?$").ok()
});

/// Looks for persons line by line.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Whether the line before ended a letter.
    closed: bool,
}

impl People {
    /// Where names stand in the next line.
    pub(super) fn names(&mut self, line: &str) -> Vec<Range<usize>> {
        let bare = line.trim_matches([' ', '\t', '>', '\r', '\n', '*', '-']);
        if bare.is_empty() {
            return Vec::new();
        }
        let signs = std::mem::take(&mut self.closed);
        self.closed = CLOSING.as_ref().is_some_and(|form| form.is_match(bare));
        if signs && is_name(bare) {
            return vec![within(line, bare)];
        }
        let greeted = GREETING.as_ref().and_then(|form| form.captures(bare));
        let told = TOLD.as_ref().and_then(|form| form.captures(bare));
        let found = greeted.into_iter().chain(told);
        let named = found.flat_map(|found| {
            let groups = (1..found.len()).filter_map(|group| found.get(group));
            groups.map(|name| name.as_str().trim()).collect::<Vec<_>>()
        });
        let named: Vec<&str> = named.chain(addressed(bare)).collect();
        let named = named.into_iter().filter(|name| is_name(name));
        named.map(|name| within(line, name)).collect()
    }
}

/// The names in a field of a mail: what stands beside the addresses.
fn addressed(line: &str) -> Vec<&str> {
    let Some((field, value)) = line.split_once([':', '：']) else {
        return Vec::new();
    };
    let field = field.trim().to_lowercase();
    if !FIELDS.contains(&field.as_str()) {
        return Vec::new();
    }
    let parts = value.split([',', ';']);
    let name = |part: &'_ str| -> Range<usize> {
        let own = part.split(['<', '[', '(']).next().unwrap_or_default();
        let own = own.trim_matches([' ', '\t', '"', '\'']);
        let start = own.as_ptr() as usize - value.as_ptr() as usize;
        start..start + own.len()
    };
    parts.map(|part| &value[name(part)]).collect()
}

/// Where a part of a line stands in it.
fn within(line: &str, part: &str) -> Range<usize> {
    // Both are parts of the same text.
    let start = part.as_ptr() as usize - line.as_ptr() as usize;
    start..start + part.len()
}

/// Words for whoever answers, in place of a person's name.
const ROLES: [&str; 16] = [
    "support",
    "team",
    "helpdesk",
    "help",
    "desk",
    "service",
    "services",
    "customer",
    "customers",
    "client",
    "admin",
    "administrator",
    "sales",
    "operations",
    "everyone",
    "all",
];

/// Whether a text names a role: `Customer Support`.
fn is_role(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.all(|word| ROLES.contains(&word.to_lowercase().as_str()))
}

/// Whether a text can be the name of a person: up to five words that begin with a capital letter, or a few ideographs.
pub(super) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let letters = |word: &str| {
        word.chars()
            .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'))
    };
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let linking = [
        "von", "van", "de", "der", "da", "di", "la", "le", "bin", "al",
    ];
    let ideographs = text.chars().count() <= 6 && text.chars().all(|c| c >= '\u{2e80}');
    let named = words
        .iter()
        .all(|word| letters(word) && (capital(word) || linking.contains(word)));
    let first = words.first().is_some_and(|word| capital(word));
    (1..=5).contains(&words.len()) && (named && first || ideographs) && !is_role(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_where_only_a_name_stands() {
        for (line, names) in [
            ("From: Jane Doe <jane@a.example>", &["Jane Doe"][..]),
            (
                "> To: \"Jane Doe\" <j@a.example>, Ali Bo",
                &["Jane Doe", "Ali Bo"],
            ),
            ("Von: Müller, Hans", &["Müller", "Hans"]),
            ("Hi Martin,", &["Martin"]),
            ("Dear Dr. Hans Müller,", &["Dr. Hans Müller"]),
            ("Sehr geehrte Frau van der Berg,", &["Frau van der Berg"]),
            ("My name is Jane Doe, and", &["Jane Doe"]),
            (
                "> On Mon, 3 Aug 2026, Martin Fowler wrote:",
                &["Martin Fowler"],
            ),
            (
                "On Aug 3, 2026 at 10:00 AM Martin Fowler <m@a.example> wrote:",
                &["Martin Fowler"],
            ),
            (
                "> On Tue, Nov 24, 2026 at 4:12 PM Jane Doe <j@a.example> wrote:",
                &["Jane Doe"],
            ),
            (
                "On Tue, Nov 24, 2026 at 4:12 p.m. Jane Doe wrote:",
                &["Jane Doe"],
            ),
            (
                "> On Tue, Nov 24, 2026 at 4:12 PM Support <s@a.example> wrote:",
                &[],
            ),
            ("Hi Customer Support,", &[]),
            ("Dear Support Jane,", &["Support Jane"]),
            ("Dear Jane, it fails", &["Jane"]),
            ("Hi all,", &[]),
            ("Hello, we get 401 from the API", &[]),
            ("From: 2026-01-01 To: 2026-02-01", &[]),
            ("to: production", &[]),
            ("Dear Customer service is down since 10:00", &[]),
            ("Token expired at 10:00 UTC", &[]),
        ] {
            let found = People::default().names(line);
            let found: Vec<&str> = found.into_iter().map(|range| &line[range]).collect();
            assert_eq!(found, names, "{line}");
        }
    }

    #[test]
    fn a_letter_is_signed_behind_what_ends_it() {
        let mut people = People::default();
        for (line, signed) in [
            ("Best regards,", false),
            ("", false),
            ("Jane Doe", true),
            ("Acme Berlin", false),
        ] {
            assert_eq!(!people.names(line).is_empty(), signed, "{line}");
        }
    }
}
