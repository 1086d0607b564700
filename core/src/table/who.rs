//! Whose API it is: by host, by marks in what a server said, by somebody's words.

use super::shipped::{self, Shipped};
use regex_lite::Regex;
use serde::Deserialize;

/// A sign in an answer that only one provider leaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// A response header; alone: that it is there.
    #[serde(default)]
    pub header: Option<String>,
    /// A pattern of that header's value, or of what the server said.
    #[serde(default)]
    pub re: Option<String>,
}

/// The shipped provider to which a host belongs.
pub fn by_host(host: &str) -> Option<&'static str> {
    let host = host.to_ascii_lowercase();
    let fits = |own: &str| match own.strip_prefix('*') {
        Some(end) => host.ends_with(end),
        None => host == own,
    };
    let exact = |s: &&Shipped| s.hosts.contains(&host.as_str());
    let all = shipped::all();
    all.iter()
        .find(exact)
        .or_else(|| all.iter().find(|s| s.hosts.iter().any(|own| fits(own))))
        .map(|s| s.id)
}

/// The shipped providers that a free text names, the longest name first: "Azure DevOps" before "Azure".
pub fn by_words(text: &str) -> Vec<&'static str> {
    let text = format!(" {} ", words(text));
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    for shipped in shipped::all() {
        let longest = shipped
            .words
            .iter()
            .filter(|word| text.contains(&format!(" {word} ")))
            .map(|word| word.len())
            .max();
        if let Some(length) =
            longest.or_else(|| (text.trim() == words(shipped.id)).then_some(usize::MAX))
        {
            found.push((length, shipped.id));
        }
    }
    found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    found.into_iter().map(|(_, id)| id).collect()
}

/// A text as lower-case words with single blanks between.
fn words(text: &str) -> String {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The marks of every shipped provider, ready to match.
#[derive(Debug)]
pub struct Marks(Vec<(&'static str, Option<String>, Option<Regex>)>);

impl Marks {
    /// Reads them; a pattern that is no regular expression matches nothing (a test finds it).
    pub fn shipped() -> Self {
        let mut list = Vec::new();
        for shipped in shipped::all() {
            let marks: Vec<Mark> = serde_json::from_str(shipped.marks).unwrap_or_default();
            for mark in marks {
                let pattern = mark.re.as_deref().map(Regex::new);
                if let Ok(pattern) = pattern.transpose() {
                    list.push((shipped.id, mark.header, pattern));
                }
            }
        }
        Self(list)
    }

    /// The providers whose marks an answer bears; `header` gives a response header's value.
    pub fn in_answer(
        &self,
        header: impl Fn(&str) -> Option<String>,
        said: &str,
    ) -> Vec<&'static str> {
        let mut found: Vec<&'static str> = Vec::new();
        for (id, name, pattern) in &self.0 {
            let text = match name {
                Some(name) => header(name),
                None => Some(said.to_owned()),
            };
            let fits = text.is_some_and(|text| pattern.as_ref().is_none_or(|p| p.is_match(&text)));
            if fits && !found.contains(id) {
                found.push(id);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_its_provider() {
        assert_eq!(by_host("api.mypurecloud.com"), Some("genesys-cloud"));
        assert_eq!(by_host("login.usw2.pure.cloud"), Some("genesys-cloud"));
        assert_eq!(by_host("api.nowhere.example"), None);
        assert_eq!(by_host("api.mypurecloud.com.evil.example"), None);
    }

    #[test]
    fn every_mark_is_a_regular_expression() {
        for shipped in shipped::all() {
            let marks: Vec<Mark> = serde_json::from_str(shipped.marks).expect("marks");
            for pattern in marks.iter().filter_map(|m| m.re.as_deref()) {
                assert!(Regex::new(pattern).is_ok(), "{}: {pattern}", shipped.id);
            }
        }
    }
}
