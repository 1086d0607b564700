//! What the user typed, as far as it may be repeated: so that a suggested command works when it is pasted.

use crate::finding::Subject;

/// The command of this run, and the options that a further command has to repeat. Never a credential.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The command with its positional words: `check POST https://…`; empty where no command line was typed.
    pub command: Vec<String>,
    /// Options by their long names, with their values: `--token-file`, `token.txt`.
    pub options: Vec<(String, Option<String>)>,
    /// Whether what is missing is declared in a manifest, not on a command line.
    pub manifest: bool,
}

impl Given {
    /// The value of an option.
    fn value(&self, name: &str) -> Option<&str> {
        let found = self.options.iter().find(|(own, _)| own == name);
        found.and_then(|(_, value)| value.as_deref())
    }

    /// The same command with further options; one that was given is replaced.
    pub(super) fn with(&self, subject: &Subject, further: &[(&str, Option<&str>)]) -> String {
        let mut words = vec!["why401".to_owned()];
        match self.command.as_slice() {
            [] => words.extend(check(subject)),
            command => words.extend(command.iter().map(|word| shell(word))),
        }
        let kept = self.options.iter();
        let kept = kept.filter(|(name, _)| !further.iter().any(|(own, _)| own == name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_deref()));
        for (name, value) in kept.chain(further.iter().copied()) {
            words.push(name.to_owned());
            words.extend(value.map(shell));
        }
        words.join(" ")
    }

    /// How a shell gets the token that was given.
    pub(super) fn token(&self) -> String {
        if let Some(path) = self.value("--token-file").filter(|path| *path != "-") {
            return format!("$(cat {})", shell(path));
        }
        match (self.value("--token-env"), self.value("--token-cmd")) {
            (Some(name), _) => format!("${name}"),
            (None, Some(command)) => format!("$({command})"),
            (None, None) => "$WHY401_TOKEN".to_owned(),
        }
    }
}

fn check(subject: &Subject) -> Vec<String> {
    let url = subject.url.as_deref().unwrap_or_default();
    let url = url.split('?').next().unwrap_or_default();
    let mut words = vec!["check".to_owned()];
    words.push(shell(subject.method.as_deref().unwrap_or("GET")));
    words.push(shell(url));
    if let Some(provider) = subject.provider.as_ref().filter(|_| url.starts_with('/')) {
        words.extend(["--provider".to_owned(), shell(provider)]);
    }
    words
}

/// A word for a shell: quoted where it needs to be.
pub(super) fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_shell_cannot_break_out() {
        assert_eq!(shell("https://a/b?x=1"), "'https://a/b?x=1'");
        assert_eq!(shell("it's"), r"'it'\''s'");
    }

    #[test]
    fn a_further_option_replaces_the_same_one_and_keeps_the_others() {
        let given = Given {
            command: vec!["check".into(), "GET".into(), "/a".into()],
            options: vec![
                ("--token-file".into(), Some("my token.txt".into())),
                ("--scope".into(), Some("a b".into())),
            ],
            manifest: false,
        };
        assert_eq!(
            given.with(&Subject::default(), &[("--scope", Some("c"))]),
            "why401 check GET /a --token-file 'my token.txt' --scope c"
        );
        assert_eq!(given.token(), "$(cat 'my token.txt')");
    }

    #[test]
    fn without_a_command_line_the_subject_is_asked_about() {
        let subject = Subject {
            method: Some("POST".into()),
            url: Some("/a?b=…".into()),
            provider: Some("x".into()),
            ..Subject::default()
        };
        assert_eq!(
            Given::default().with(&subject, &[("--token-kind", Some("KIND"))]),
            "why401 check POST /a --provider x --token-kind KIND"
        );
    }
}
