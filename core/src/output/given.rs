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
    /// Whether nothing may be asked over the network: then no step needs it.
    pub offline: bool,
}

/// What stands in a suggested command for what was piped in, which is not there a second time.
pub(super) const PIPED_EVIDENCE: &str = "evidence.txt";
pub(super) const PIPED_TOKEN: &str = "token.txt";

/// The word for standard input.
const PIPE: &str = "-";

/// Options that give a token, or a client that gets one.
const TOKENS: [&str; 4] = ["--token-file", "--token-env", "--token-cmd", "--client-id"];

/// Options that list names.
const LISTS: [&str; 2] = ["--scope", "--permissions"];

/// Options that only recorded requests have.
const OF_EVIDENCE: [&str; 5] = [
    "--status",
    "--only",
    "--entry",
    "--fields",
    "--input-format",
];

/// Options that say how every request is judged.
const OF_ALL: [&str; 7] = [
    "--provider",
    "--table",
    "--trust",
    "--at",
    "--leeway",
    "--config",
    "--no-config",
];

impl Given {
    /// The value of an option.
    fn value(&self, name: &str) -> Option<&str> {
        let found = self.options.iter().find(|(own, _)| own == name);
        found.and_then(|(_, value)| value.as_deref())
    }

    /// A word of the command as it can be typed again.
    fn again<'w>(word: &'w str, name: Option<&str>) -> &'w str {
        match (word, name) {
            (PIPE, Some("--token-file")) => PIPED_TOKEN,
            (PIPE, _) => PIPED_EVIDENCE,
            _ => word,
        }
    }

    /// The files that a suggested command reads in place of what was piped in.
    pub(super) fn saved(&self, command: &str) -> Vec<&'static str> {
        let mut options = self.options.iter();
        let token =
            options.any(|(name, value)| name == "--token-file" && value.as_deref() == Some(PIPE));
        let evidence = self.command.iter().any(|word| word == PIPE);
        let files = [(token, PIPED_TOKEN), (evidence, PIPED_EVIDENCE)].into_iter();
        let files = files.filter(|(piped, file)| *piped && command.contains(file));
        files.map(|(_, file)| file).collect()
    }

    /// The same command with further options; one that was given is replaced.
    pub(super) fn with(&self, subject: &Subject, further: &[(&str, Option<&str>)]) -> String {
        let mut words = vec!["why401".to_owned()];
        match self.command.as_slice() {
            [] => words.extend(check(subject)),
            command => words.extend(command.iter().map(|word| shell(Self::again(word, None)))),
        }
        let kept = self.options.iter();
        let kept = kept.filter(|(name, _)| !further.iter().any(|(own, _)| own == name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_deref()));
        for (name, value) in kept.chain(further.iter().copied()) {
            words.push(name.to_owned());
            words.extend(value.map(|value| shell(Self::again(value, Some(name)))));
        }
        words.join(" ")
    }

    /// Another command, over the same tables.
    pub(super) fn over_tables(&self, words: &[&str]) -> String {
        let tables = self.options.iter().filter(|(name, _)| name == "--table");
        let tables = tables.flat_map(|(name, table)| [Some(name), table.as_ref()]);
        let tables = tables.flatten().map(|word| shell(word));
        let words = words.iter().map(|word| shell(word));
        let all = ["why401".to_owned()].into_iter().chain(words).chain(tables);
        all.collect::<Vec<_>>().join(" ")
    }

    /// The same command about another URL.
    pub(super) fn instead_of_url(&self, subject: &Subject, url: &str) -> String {
        let mut own = self.clone();
        let given = own.command.iter_mut().find(|word| word.contains("://"));
        match given {
            Some(word) if !word.contains(' ') => url.clone_into(word),
            _ => own.command.clear(),
        }
        let subject = Subject {
            url: Some(url.to_owned()),
            ..subject.clone()
        };
        own.with(&subject, &[])
    }

    /// What a suggested command adds to the one that was typed, or has in place of one of its options; `None` where it is
    /// another command.
    pub(super) fn added(&self, subject: &Subject, command: &str) -> Option<String> {
        let bare = Self {
            options: Vec::new(),
            ..self.clone()
        };
        let mut rest = command.strip_prefix(&bare.with(subject, &[]))?;
        for option in &self.options {
            let alone = Self {
                options: vec![option.clone()],
                ..bare.clone()
            };
            let alone = alone.with(subject, &[]);
            let own = alone.strip_prefix(&bare.with(subject, &[]))?;
            let next = rest.strip_prefix(own);
            rest = next
                .filter(|next| next.is_empty() || next.starts_with(' '))
                .unwrap_or(rest);
        }
        let added = rest.strip_prefix(' ')?;
        (!self.command.is_empty() && added.starts_with("--")).then(|| added.to_owned())
    }

    /// The same command with one name of a list spelled otherwise; `None` where no option has it.
    pub(super) fn respelled(&self, subject: &Subject, typed: &str, meant: &str) -> Option<String> {
        let mark = |c: char| c == ',' || c.is_whitespace();
        let mut lists = self.options.iter();
        let (name, list) = lists.find_map(|(name, value)| {
            let list = value.as_ref().filter(|_| LISTS.contains(&name.as_str()))?;
            list.split(mark)
                .any(|own| own == typed)
                .then_some((name, list))
        })?;
        let names = list.split_inclusive(mark).map(|part| {
            let own = part.trim_end_matches(mark);
            match own == typed {
                true => format!("{meant}{}", &part[own.len()..]),
                false => part.to_owned(),
            }
        });
        let list: String = names.collect();
        Some(self.with(subject, &[(name, Some(&list))]))
    }

    /// Whether a URL was given to `check` and no method.
    pub(super) fn assumes_get(&self) -> bool {
        match self.command.as_slice() {
            [command, url] => command == "check" && !url.contains(' '),
            _ => false,
        }
    }

    /// Whether an option gives a token, or a client that gets one.
    pub(super) fn has_token(&self) -> bool {
        TOKENS.iter().any(|name| self.value(name).is_some())
    }

    /// Whether the request was recorded, or is a request command, which is not sent again.
    fn is_recorded(&self) -> bool {
        let is_request = |word: &String| word.contains(' ');
        match self.command.as_slice() {
            [] => false,
            [command, rest @ ..] => command != "check" || rest.iter().any(is_request),
        }
    }

    /// Whether a command that asks the server has to be given a token: it stands in the evidence, or in no option.
    pub(super) fn lacks_token(&self) -> bool {
        let by_hand = self.value("--scope").is_some() || self.value("--claims").is_some();
        !self.has_token() && (self.is_recorded() || by_hand)
    }

    /// A check that asks the server about this request, with further options: also where the request was recorded, or is
    /// a request command, which is not sent again. A token that stands there or in no option has to be given.
    pub(super) fn asking(&self, subject: &Subject, further: &[(&str, Option<&str>)]) -> String {
        let mut own = self.clone();
        if self.is_recorded() {
            own.command.clear();
            own.options.retain(|(name, _)| match self.manifest {
                true => OF_ALL.contains(&name.as_str()),
                false => !OF_EVIDENCE.contains(&name.as_str()),
            });
        }
        let mut all = Vec::new();
        if self.lacks_token() {
            all.push(("--token-env", Some("WHY401_TOKEN")));
        }
        all.extend_from_slice(further);
        own.with(subject, &all)
    }

    /// How a shell gets the token that was given.
    pub(super) fn token(&self) -> String {
        if let Some(path) = self.value("--token-file") {
            return format!("$(cat {})", shell(Self::again(path, Some("--token-file"))));
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
pub fn shell(word: &str) -> String {
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
            ..Given::default()
        };
        assert_eq!(
            given.with(&Subject::default(), &[("--scope", Some("c"))]),
            "why401 check GET /a --token-file 'my token.txt' --scope c"
        );
        assert_eq!(given.token(), "$(cat 'my token.txt')");
    }

    #[test]
    fn a_long_command_is_told_by_what_it_adds() {
        let option = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        let given = Given {
            command: vec!["check".into(), "GET".into(), "/a".into()],
            options: vec![option("--scope", "a b"), option("--provider", "x")],
            ..Given::default()
        };
        let subject = Subject::default();
        let added = |further: &[(&str, Option<&str>)]| {
            given.added(&subject, &given.with(&subject, further))
        };
        let kind = ("--token-kind", Some("user"));
        assert_eq!(added(&[kind]).as_deref(), Some("--token-kind user"));
        assert_eq!(
            added(&[("--scope", Some("c"))]).as_deref(),
            Some("--scope c")
        );
        assert_eq!(added(&[]), None);
        assert_eq!(given.added(&subject, "why401 tables search a"), None);
        assert_eq!(given.added(&subject, "why401 check GET /a/b --probe"), None);
    }

    #[test]
    fn what_was_piped_in_is_read_from_a_file_the_next_time() {
        let given = Given {
            command: vec!["explain".into(), "-".into()],
            options: vec![("--only".into(), Some("GET /a".into()))],
            ..Given::default()
        };
        let command = given.with(&Subject::default(), &[("--token-file", Some("token.txt"))]);
        assert_eq!(
            command,
            "why401 explain evidence.txt --only 'GET /a' --token-file token.txt"
        );
        assert_eq!(given.saved(&command), ["evidence.txt"]);
        let given = Given {
            command: vec!["check".into(), "/a".into()],
            options: vec![("--token-file".into(), Some("-".into()))],
            ..Given::default()
        };
        let command = given.with(&Subject::default(), &[]);
        assert_eq!(command, "why401 check /a --token-file token.txt");
        assert_eq!(given.saved(&command), ["token.txt"]);
        assert_eq!(given.token(), "$(cat token.txt)");
    }

    #[test]
    fn a_server_is_asked_by_a_check_whatever_the_request_came_from() {
        let subject = Subject {
            method: Some("POST".into()),
            url: Some("https://api.example/a?b=1".into()),
            ..Subject::default()
        };
        let option = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        let given = Given {
            command: vec!["explain".into(), "a.har".into()],
            options: vec![option("--entry", "3"), option("--trust", "A")],
            ..Given::default()
        };
        assert_eq!(
            given.asking(&subject, &[("--probe", None)]),
            "why401 check POST https://api.example/a --trust A --token-env WHY401_TOKEN --probe"
        );
        let given = Given {
            command: vec![
                "check".into(),
                "POST".into(),
                "https://api.example/a".into(),
            ],
            options: vec![option("--token-file", "t.txt"), option("--scope", "a")],
            ..Given::default()
        };
        assert_eq!(
            given.asking(&subject, &[("--probe", None)]),
            "why401 check POST https://api.example/a --token-file t.txt --scope a --probe"
        );
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
