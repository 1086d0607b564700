//! Who speaks: names of exceptions, SDKs and products in what was pasted.

use std::collections::BTreeSet;

/// Names are kept up to this many bytes together.
const MOST: usize = 2_000;

/// Parts of an identifier by which it names a client of somebody's API.
const CLIENTS: [&str; 7] = [
    "sdk",
    "api",
    "client",
    "provider",
    "connector",
    "exception",
    "error",
];

/// What was gathered of names, the surest kind first.
#[derive(Debug, Default)]
pub(super) struct ProductNames {
    clients: Words,
    products: Words,
    /// The first exception that was named.
    pub(super) exception: Option<String>,
}

#[derive(Debug, Default)]
struct Words {
    seen: BTreeSet<String>,
    text: String,
}

impl Words {
    fn add(&mut self, words: &str) {
        for word in words.split(' ').filter(|w| !w.is_empty() && w.len() < 60) {
            if self.text.len() < MOST && self.seen.insert(word.to_owned()) {
                self.text.push(' ');
                self.text.push_str(word);
            }
        }
    }
}

impl ProductNames {
    /// Takes the names of a line that was said.
    pub(super) fn line(&mut self, line: &str) {
        for word in identifiers(line) {
            let thrown =
                word.ends_with("Exception") || word.ends_with("Error") || word.ends_with("Fault");
            let named = word
                .rsplit(['.', ':', '\\', '$', '/'])
                .next()
                .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()));
            if thrown && named && self.exception.is_none() && word.len() > 5 {
                let last = word
                    .rsplit(['.', ':', '\\', '$', '/'])
                    .next()
                    .unwrap_or(word);
                self.exception = Some(last.to_owned());
            }
            self.identifier(word);
        }
        self.before_api(line);
    }

    /// Takes the names of a stack frame: of those only clients tell whose API was called.
    pub(super) fn frame(&mut self, line: &str) {
        for word in identifiers(line) {
            let lower = word.to_ascii_lowercase();
            if ["sdk", "api", "provider"]
                .iter()
                .any(|mark| lower.contains(mark))
            {
                self.identifier(word);
            }
        }
    }

    /// Takes a user agent or the like.
    pub(super) fn agent(&mut self, text: &str) {
        self.clients.add(&spread(text));
    }

    fn identifier(&mut self, word: &str) {
        let lower = word.to_ascii_lowercase();
        let composed = word.contains(['.', ':', '/', '\\', '-', '@'])
            || word.chars().skip(1).any(|c| c.is_ascii_uppercase());
        if is_domain(&lower) {
            self.products.add(&spread(word));
        }
        if composed && CLIENTS.iter().any(|mark| lower.contains(mark)) {
            self.clients.add(&spread(word));
        }
    }

    /// `Slack API`, `Okta API Request error`: the words before say whose.
    fn before_api(&mut self, line: &str) {
        let line = super::loose::clip(line, 4_000);
        for mark in [" API", " SDK", " api ", " CLI"] {
            for (at, _) in line.match_indices(mark) {
                let before: Vec<&str> = line[..at]
                    .rsplit(|c: char| !c.is_alphanumeric())
                    .filter(|w| !w.is_empty())
                    .take(2)
                    .collect();
                for word in before.iter().rev() {
                    if word.starts_with(|c: char| c.is_uppercase()) {
                        self.products.add(&word.to_lowercase());
                    }
                }
            }
        }
        // `my genesys token`: people write the name as they like.
        for (at, _) in line.match_indices(" token") {
            let word = line[..at].rsplit(|c: char| !c.is_alphanumeric()).next();
            self.products.add(&word.unwrap_or_default().to_lowercase());
        }
    }

    /// One line a strength, the strongest first; `None` where nothing was named.
    pub(super) fn words(&self) -> Option<String> {
        let lines: Vec<&str> = [&self.clients, &self.products]
            .iter()
            .map(|w| w.text.trim())
            .filter(|t| !t.is_empty())
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// `mypurecloud.com`: the name of a host in a sentence.
fn is_domain(word: &str) -> bool {
    let ends = [
        ".com", ".net", ".io", ".cloud", ".org", ".de", ".jp", ".ie", ".eu",
    ];
    !word.contains(['@', '/', ':']) && ends.iter().any(|end| word.ends_with(end))
}

/// Names as programs write them: `a.b.C`, `A::B`, `@a/b`, `a-b`.
fn identifiers(line: &str) -> impl Iterator<Item = &str> {
    let line = super::loose::clip(line, 4_000);
    line.split(|c: char| !(c.is_ascii_alphanumeric() || "._:/\\@-$".contains(c)))
        .map(|word| word.trim_matches(['.', ':', '/', '-', '\\', '$', '_']))
        .filter(|word| {
            word.len() > 3
                && !word.contains("://")
                && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '@')
        })
}

/// An identifier as words: its parts, parts of camel case, and neighbouring parts joined (`PureCloud`: `pure cloud purecloud`).
fn spread(word: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for part in word.split(|c: char| !c.is_ascii_alphanumeric()) {
        if part.is_empty() {
            continue;
        }
        let humps = humps(part);
        if humps.len() > 1 {
            out.extend(humps.windows(2).map(<[String]>::concat));
            out.extend(humps);
        }
        out.push(part.to_ascii_lowercase());
    }
    out.retain(|w| {
        !["lambda", "passport", "registry", "box", "teams", "threads"].contains(&w.as_str())
    });
    out.join(" ")
}

fn humps(part: &str) -> Vec<String> {
    let chars: Vec<char> = part.chars().collect();
    let mut out: Vec<String> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let opens = c.is_ascii_uppercase()
            && (at == 0
                || !chars[at - 1].is_ascii_uppercase()
                || chars.get(at + 1).is_some_and(char::is_ascii_lowercase));
        if opens || out.is_empty() {
            out.push(String::new());
        }
        if let Some(last) = out.last_mut() {
            last.push(c.to_ascii_lowercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> String {
        let mut names = ProductNames::default();
        names.line(line);
        format!(" {} ", names.words().unwrap_or_default().replace('\n', " "))
    }

    #[test]
    fn sdks_and_products_are_named_by_their_exceptions() {
        for (line, word) in [
            ("SlackApiError: The request failed", " slack "),
            (
                "PureCloudPlatformClientV2.rest.ApiException: (403)",
                " purecloud ",
            ),
            ("com.mypurecloud.sdk.v2.ApiException: no", " mypurecloud "),
            ("gitlab.exceptions.GitlabHttpError: 403", " gitlab "),
            ("plugin.terraform-provider-okta_v3.11.1: [ERROR]", " okta "),
            ("Error: Vault API returned 403", " vault "),
            ("github.GithubException.GithubException: 404", " github "),
        ] {
            assert!(words(line).contains(word), "{line}: {}", words(line));
        }
        assert_eq!(words("we get 401 on every call").trim(), "");
    }
}
