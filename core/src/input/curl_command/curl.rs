//! The options of `curl`.

use super::words::{VARIABLE, is_of_cmd, unmarked, words};
use crate::http::{Headers, Request, Shell, Variable, is_cmd_variable};

/// Options of curl that take a value and say nothing here.
const WITH_VALUE: [&str; 44] = [
    "--pass",
    "-U",
    "--proxy-user",
    "--proxy-header",
    "--cert-type",
    "--key-type",
    "--ciphers",
    "--aws-sigv4",
    "--unix-socket",
    "--form-string",
    "-K",
    "--config",
    "-r",
    "--range",
    "--max-redirs",
    "--pinnedpubkey",
    "-o",
    "--output",
    "-w",
    "--write-out",
    "-m",
    "--max-time",
    "--connect-timeout",
    "--retry",
    "--retry-delay",
    "-x",
    "--proxy",
    "-E",
    "--cert",
    "--key",
    "--cacert",
    "--capath",
    "-c",
    "--cookie-jar",
    "-F",
    "--form",
    "-T",
    "--upload-file",
    "--resolve",
    "--connect-to",
    "--interface",
    "-D",
    "--dump-header",
    "--limit-rate",
];

#[derive(Default)]
pub(super) struct Curl {
    pub(super) method: Option<String>,
    pub(super) url: Option<String>,
    pub(super) headers: Headers,
    pub(super) body: Vec<String>,
    pub(super) get: bool,
    pub(super) head: bool,
    /// Header fields come from variables or files.
    pub(super) elsewhere: bool,
    /// The variable from which the credential comes.
    pub(super) variable: Option<Variable>,
    /// The shell that ran the command, where that is known.
    pub(super) shell: Option<Shell>,
    /// Whether the credential's header is in single quotes, which cmd.exe does not have.
    pub(super) quotes: bool,
    /// Header lines that a variable fills in, as they were typed.
    pub(super) unfilled: Vec<String>,
    /// Options that say how to call, and nothing of the request.
    pub(super) flags: Vec<String>,
}

/// Letters of options that say how to call or what to show, and take no value.
const FLAGS: &str = "fikLsSv";

/// Whether an option, or several joined ones, only say how to call.
fn is_flag(word: &str) -> bool {
    let long = [
        "fail",
        "include",
        "insecure",
        "location",
        "silent",
        "show-error",
        "verbose",
    ];
    let Some(name) = word.strip_prefix('-').filter(|name| !name.is_empty()) else {
        return false;
    };
    match name.strip_prefix('-') {
        Some(name) => long.contains(&name),
        None => name.chars().all(|c| FLAGS.contains(c)),
    }
}

pub(super) fn curl(text: &str, shell: Option<Shell>) -> Result<Curl, &'static str> {
    let mut words = words(text)?.into_iter().skip(1).peekable();
    let mut out = Curl::run_by(shell, text);
    while let Some(word) = words.next() {
        let (name, inline) = split_option(&word);
        if !name.starts_with('-') || name == "-" {
            let url =
                word.contains("://") || word.contains(['/', '.']) || word.starts_with(VARIABLE);
            if url || out.url.is_none() {
                out.url.get_or_insert(word);
            }
            continue;
        }
        let mut value = || inline.clone().or_else(|| words.next()).unwrap_or_default();
        match name.as_str() {
            "-X" | "--request" | "--method" => out.method = Some(unmarked(&value())),
            "-H" | "--header" => out.header(&value()),
            "-A" | "--user-agent" => out.headers.push("User-Agent", value()),
            "-e" | "--referer" => out.headers.push("Referer", value()),
            "-b" | "--cookie" => out.headers.push("Cookie", unmarked(&value())),
            "-n" | "--netrc" | "-K" | "--config" | "--netrc-file" => out.elsewhere = true,
            "-u" | "--user" => {
                value();
                // The pair itself is a secret and decides nothing: that it was sent does.
                out.headers.push("Authorization", "Basic <redacted>");
            }
            "--oauth2-bearer" => {
                let token = value();
                out.header(&format!("Authorization: Bearer {token}"));
            }
            "--url" => out.url = Some(value()),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii"
            | "--data-urlencode" | "--post-data" => {
                out.body.push(unmarked(&value()));
            }
            "--json" => {
                out.body.push(value());
                out.headers.push("Content-Type", "application/json");
            }
            "-G" | "--get" => out.get = true,
            "-I" | "--head" => out.head = true,
            other if WITH_VALUE.contains(&other) => {
                value();
            }
            _ if is_flag(&word) => out.flags.push(word),
            _ => {}
        }
    }
    Ok(out)
}

/// An option and the value that is glued to it: `-XPOST`, `--request=POST`.
pub(super) fn split_option(word: &str) -> (String, Option<String>) {
    if let Some((name, value)) = word.split_once('=').filter(|_| word.starts_with("--")) {
        return (name.to_owned(), Some(value.to_owned()));
    }
    // Flags may be joined; the first that takes a value takes the rest of the word: `-sSu name`.
    let joined = word
        .strip_prefix('-')
        .filter(|flags| !flags.starts_with('-') && flags.len() > 1);
    let takes = joined.and_then(|flags| {
        let at = flags.find(|c| "XHAebudowmxFEUcTDKr".contains(c))?;
        Some((&flags[at..=at], flags[at + 1..].trim_start()))
    });
    match takes {
        Some((flag, rest)) => (
            format!("-{flag}"),
            (!rest.is_empty()).then(|| rest.to_owned()),
        ),
        None => (word.to_owned(), None),
    }
}

/// The variable in a header's line that carries a credential, as it was typed.
fn variable(line: &str) -> Option<String> {
    let (name, value) = line.split_once(':')?;
    let (_, rest) = value.split_once(VARIABLE)?;
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '{' | '}' | ':');
    let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
    let own = name.trim().eq_ignore_ascii_case("authorization");
    (own && end <= LONGEST).then(|| rest[..end].to_owned())
}

/// So many letters has the name of a variable.
const LONGEST: usize = 64;

impl Curl {
    /// What a shell would run.
    pub(super) fn run_by(shell: Option<Shell>, text: &str) -> Self {
        Self {
            shell: shell.or_else(|| is_of_cmd(text).then_some(Shell::Cmd)),
            quotes: text.to_ascii_lowercase().contains("'authorization:"),
            ..Self::default()
        }
    }

    /// The variable of cmd.exe that stands for the credential in a header's line. Where another shell ran the command,
    /// or may have, that is what was sent.
    fn of_cmd(&self, line: &str) -> Option<String> {
        let (name, value) = line.split_once(':')?;
        let own = name.trim().eq_ignore_ascii_case("authorization");
        let last = value.split_whitespace().last()?;
        let literal = self.shell.is_none() && self.quotes;
        (own && is_cmd_variable(last) && last.len() <= LONGEST && !literal).then(|| last.to_owned())
    }

    pub(super) fn header(&mut self, line: &str) {
        // `@file` would be read by curl; here it is only noted that headers came from elsewhere.
        let typed = variable(line).or_else(|| self.of_cmd(line));
        if line.starts_with('@') || line.contains(VARIABLE) || typed.is_some() {
            self.elsewhere = true;
            let shell = self.shell;
            let typed = typed.map(|typed| Variable { typed, shell });
            self.variable = self.variable.take().or(typed);
            self.unfilled.push(unmarked(line));
        } else if let Some((name, value)) = line.split_once(':') {
            self.headers
                .push(name.trim(), value.strip_prefix(' ').unwrap_or(value));
        } else if let Some(name) = line.strip_suffix(';') {
            self.headers.push(name, "");
        }
    }

    pub(super) fn finish(self) -> Result<Request, &'static str> {
        let url = self.url.ok_or("the command names no URL")?;
        // `$BASE/path`: the path is known, the host is not.
        let url = match url
            .strip_prefix(VARIABLE)
            .and_then(|rest| rest.find('/').map(|at| &rest[at..]))
        {
            Some(path) => path.to_owned(),
            None => unmarked(&url),
        };
        let url = if url.contains("://") || url.starts_with('/') {
            url
        } else {
            format!("http://{url}")
        };
        let default = match (self.head, self.body.is_empty() || self.get) {
            (true, _) => "HEAD",
            (false, true) => "GET",
            (false, false) => "POST",
        };
        Ok(Request {
            selected: self.elsewhere,
            variable: self.variable,
            method: Some(
                self.method
                    .unwrap_or_else(|| default.to_owned())
                    .to_ascii_uppercase(),
            ),
            url: Some(url),
            headers: Some(self.headers),
            body: (!self.body.is_empty()).then(|| self.body.join("&")),
        })
    }
}
