//! What a person tells in a text: it is not what the server said.

use regex_lite::Regex;
use std::sync::OnceLock;

/// Words of which one shows that a person speaks of what happened to them.
const PERSONS: [&str; 55] = [
    " user said ",
    " user says ",
    " customer said ",
    " customer says ",
    " customer reports ",
    " he said ",
    " she said ",
    " they said ",
    " colleague ",
    " fehler 401 bei ",
    " i ",
    " i'm ",
    " i've ",
    " i'd ",
    " my ",
    " we get ",
    " we got ",
    " we are ",
    " we're ",
    " we've ",
    " we have ",
    " we use ",
    " we call ",
    " we see ",
    " we tried ",
    " we need ",
    " we receive ",
    " our side ",
    " our admin ",
    " our integration ",
    " our app ",
    " our application ",
    " our code ",
    " our system ",
    " our customer ",
    " this morning ",
    " yesterday ",
    " all of a sudden ",
    " any idea",
    " any help ",
    " anyone ",
    " anybody ",
    " regards",
    " thanks ",
    " hi ",
    " hello ",
    " ich ",
    " wir ",
    " unser",
    " nous avons ",
    " notre ",
    " nuestr",
    " estamos ",
    " nosso",
    " мы ",
];

/// Whether a person tells in this line, in their own words.
pub(super) fn is_person(line: &str) -> bool {
    let near = super::loose::clip(line, 2_000).to_lowercase();
    let words: String = near
        .chars()
        .map(|c| {
            if matches!(c, ',' | '.' | '!' | '?' | ';' | ':' | '(' | ')' | '"') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let padded = format!(" {} ", words.trim());
    near.split_whitespace().take(4).count() > 3 && PERSONS.iter().any(|word| padded.contains(word))
}

/// Whether a person says that calls were made with one credential: "with the same token".
pub(super) fn says_same_credential(text: &str) -> bool {
    static FORM: OnceLock<Option<Regex>> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        Regex::new(r"(?i)(\bnot\s+)?\b(?:with|using|uses?|and)\s+(?:the\s+|this\s+)?(?:very\s+|exact\s+)?same\s+(?:access |bearer |oauth2? |api |jwt )?(?:tokens?|credentials?|keys?|authorization)\b").ok()
    });
    let mut found = form.iter().flat_map(|form| form.captures_iter(text));
    found.any(|found| found.get(1).is_none())
}

/// What a person quotes in their line: in backticks, or a phrase in quotation marks.
pub(super) fn quotations(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for quote in ['`', '"'] {
        let parts: Vec<&str> = line.split(quote).collect();
        // Without its other half a sign opens nothing.
        let pairs = parts.len().saturating_sub(1) / 2;
        let quoted = parts.iter().skip(1).step_by(2).take(pairs);
        found.extend(quoted.filter(|part| part.split_whitespace().count() > 2));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_credential_for_several_calls_is_said_and_not_guessed() {
        for said in [
            "GET /b returns 200 with the same token.",
            "works using the exact same access token",
        ] {
            assert!(says_same_credential(said), "{said}");
        }
        for unsaid in [
            "GET /b returns 200 with another token",
            "not with the same token",
            "the same error",
        ] {
            assert!(!says_same_credential(unsaid), "{unsaid}");
        }
    }

    #[test]
    fn a_person_is_told_from_a_server() {
        assert!(is_person(
            "Hi, our integration stopped and we get 401 on every call."
        ));
        assert!(is_person(
            "I keep getting this error `Missing the permission a:b:c`"
        ));
        assert!(!is_person("We could not verify your token."));
        assert!(!is_person(
            "You do not have permission to view this project."
        ));
        assert_eq!(
            quotations("I keep getting `Missing the permission a:b:c` from `GET`"),
            ["Missing the permission a:b:c"]
        );
    }
}
