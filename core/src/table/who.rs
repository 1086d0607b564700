//! Whose API it is: by host, by marks in what a server said, by somebody's words.

use super::model::{AnswerMark, Values};
use super::paths::without;
use super::pattern::Pattern;
use super::place::{is_named, rootless};
use super::prefilter::Prefilter;
use super::shipped::{self, Shipped};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// So many hosts are remembered: evidence names the same few again and again.
const REMEMBERED: usize = 256;

/// The shipped provider to which a host belongs.
pub fn by_host(host: &str) -> Option<&'static str> {
    static KNOWN: RwLock<BTreeMap<String, Option<&'static str>>> = RwLock::new(BTreeMap::new());
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(own) = known.get(host) {
        return *own;
    }
    drop(known);
    let found = among(host, |_| true);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() < REMEMBERED {
        known.insert(host.to_owned(), found);
    }
    found
}

/// The shipped provider with rows to which a host belongs: where several do, the one that names it most closely.
pub fn rows_of_host(host: &str) -> Option<&'static str> {
    among(host, Shipped::has_rows)
}

/// The host of a shipped provider that was probably meant: the API's beside a host of pages, or one whose labels are all
/// those of this one, but for a typing error in one of them.
pub fn host_near(host: &str) -> Option<String> {
    let host = rootless(host).to_ascii_lowercase();
    let hosts = || shipped::all().flat_map(Shipped::hosts);
    if let Some(own) = api_of(&host).filter(|own| hosts().any(|known| known == own)) {
        return Some(own);
    }
    let near = |own: &str| match own.strip_prefix("*.") {
        Some(end) => {
            let dots = host
                .matches('.')
                .count()
                .checked_sub(end.matches('.').count())?;
            let (at, _) = host.match_indices('.').nth(dots.checked_sub(1)?)?;
            let (start, typed) = host.split_at(at + 1);
            is_typing_error(typed, end).then(|| format!("{start}{end}"))
        }
        None => is_typing_error(&host, own).then(|| own.to_owned()),
    };
    hosts().find_map(near)
}

/// The name that the host of an API often has beside this one: `api.` before it, or in place of `apps.` or `www.`.
fn api_of(host: &str) -> Option<String> {
    const PAGES: [&str; 5] = ["app", "apps", "www", "web", "portal"];
    let domain = host
        .split_once('.')
        .filter(|(first, _)| PAGES.contains(first));
    let domain = domain.map_or(host, |(_, rest)| rest);
    domain.contains('.').then(|| format!("api.{domain}"))
}

/// Whether two names differ in one label: a long one, by an edit or two, or the last one behind a long one.
fn is_typing_error(typed: &str, own: &str) -> bool {
    let (typed, own): (Vec<&str>, Vec<&str>) =
        (typed.split('.').collect(), own.split('.').collect());
    if typed.len() != own.len() {
        return false;
    }
    let mut pairs = typed.iter().zip(&own).enumerate();
    let Some((at, (wrong, right))) = pairs.by_ref().find(|(_, (typed, own))| typed != own) else {
        return false;
    };
    let last = at + 1 == own.len();
    let long = match last {
        true => at.checked_sub(1).map_or(0, |at| own[at].len()),
        false => right.len(),
    };
    let most = match long {
        ..6 => 0,
        6..9 => 1,
        _ => 2,
    };
    let edits = strsim::osa_distance(wrong, right);
    pairs.all(|(_, (typed, own))| typed == own)
        && (1..=most).contains(&edits)
        && !(last && edits > 1)
}

fn among(host: &str, fit: impl Fn(Shipped) -> bool) -> Option<&'static str> {
    let fits = |own: &str| is_named(own, host);
    let mut closest: Option<(Shipped, usize)> = None;
    crate::work::looked(host.len());
    for one in shipped::all().filter(|one| fit(*one)) {
        let fitting = one.hosts().filter(|own| fits(own));
        // A name without `*` is closer than any end of a name.
        let length = |own: &str| own.len() + usize::from(!own.contains('*')) * host.len();
        let Some(length) = fitting.map(length).max() else {
            continue;
        };
        if closest.is_none_or(|(_, best)| length > best) {
            closest = Some((one, length));
        }
    }
    closest.map(|(one, _)| one.id())
}

/// The shipped provider whose API is known by its paths, on whatever host its users run it.
pub fn by_path(path: &str) -> Option<&'static str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let fits = |start: &'static str| without(start, path, false).is_some();
    let mut all = shipped::all();
    all.find(|one| one.paths().any(fits)).map(Shipped::id)
}

/// The shipped providers that a free text names: those of its first line before those of the next, in a line the longest
/// name first ("Azure DevOps" before "Azure").
pub fn by_words(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for id in text.lines().flat_map(by_line) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn by_line(text: &str) -> Vec<&'static str> {
    let text = format!(" {} ", words(text));
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    for shipped in shipped::all() {
        let longest = shipped
            .words()
            .filter(|word| text.contains(&format!(" {word} ")))
            .map(str::len)
            .max();
        if let Some(length) =
            longest.or_else(|| (text.trim() == words(shipped.id())).then_some(usize::MAX))
        {
            found.push((length, shipped.id()));
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
pub struct Marks {
    list: Vec<Ready>,
    /// Of the patterns that look at what was said, not at a header.
    prefilter: Prefilter,
}

/// A mark with its pattern ready to match.
#[derive(Debug)]
struct Ready {
    id: &'static str,
    mark: AnswerMark,
    pattern: Option<Pattern>,
}

impl Marks {
    /// Reads them; a pattern that is not a regular expression matches nothing (a test finds it).
    pub fn shipped() -> Self {
        let mut list = Vec::new();
        for shipped in shipped::all() {
            let marks: Vec<AnswerMark> = serde_json::from_str(shipped.marks()).unwrap_or_default();
            for mark in marks {
                let pattern = mark.re.as_deref().map(Pattern::new);
                if let Ok(pattern) = pattern.transpose() {
                    list.push(Ready {
                        id: shipped.id(),
                        mark,
                        pattern,
                    });
                }
            }
        }
        Self::of(list)
    }

    fn of(list: Vec<Ready>) -> Self {
        let of_text = |ready: &'_ Ready| ready.mark.header.is_none();
        let patterns = list
            .iter()
            .map(|ready| ready.pattern.as_ref().filter(|_| of_text(ready)));
        Self {
            prefilter: Prefilter::of(patterns),
            list,
        }
    }

    /// The providers whose marks an answer bears; `header` gives a response header's value.
    pub fn in_answer(
        &self,
        header: impl Fn(&str) -> Option<String>,
        said: &str,
    ) -> Vec<&'static str> {
        let json = first_json(said);
        let mut found: Vec<&'static str> = Vec::new();
        let candidates = self.prefilter.candidates(said);
        for (Ready { id, mark, pattern }, candidate) in self.list.iter().zip(candidates) {
            if !candidate || found.contains(id) {
                continue;
            }
            let members = mark.json.iter().all(|(pointer, values)| {
                let value = json.as_ref().and_then(|json| member(json, pointer));
                value.is_some_and(|value| admits(values, value))
            });
            let fits = |text: &str| pattern.as_ref().is_none_or(|p| p.is_match(text));
            let words = match &mark.header {
                Some(name) => header(name).is_some_and(|value| fits(&value)),
                None => fits(said),
            };
            if members && words {
                found.push(id);
            }
        }
        found
    }
}

/// The first JSON object or array of a text.
fn first_json(text: &str) -> Option<Value> {
    let start = text.find(['{', '['])?;
    let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter();
    stream.next()?.ok()
}

/// What stands at a JSON pointer (RFC 6901) without escapes.
fn member<'v>(json: &'v Value, pointer: &str) -> Option<&'v Value> {
    let mut steps = pointer.split('/').skip(1);
    steps.try_fold(json, |value, step| match value {
        Value::Object(members) => members.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

fn admits(values: &Values, value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return false,
    };
    values.list().iter().any(|own| own == "*" || *own == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_in_a_known_host_is_seen_and_another_host_is_none() {
        for (typed, meant) in [
            ("api.mypurecloud.co", "api.mypurecloud.com"),
            ("api.mypurecluod.com", "api.mypurecloud.com"),
            ("api.gihub.com", "api.github.com"),
            ("graph.microsft.com", "graph.microsoft.com"),
        ] {
            assert_eq!(host_near(typed).as_deref(), Some(meant), "{typed}");
        }
        for host in [
            "api.example.com",
            "api.fox.com",
            "api.mypurecloud.com",
            "example",
        ] {
            assert_eq!(host_near(host), None, "{host}");
        }
    }

    #[test]
    fn a_host_names_its_provider() {
        assert_eq!(by_host("api.mypurecloud.com"), Some("genesys-cloud"));
        assert_eq!(by_host("login.usw2.pure.cloud"), Some("genesys-cloud"));
        assert_eq!(by_host("api.nowhere.example"), None);
        assert_eq!(by_host("api.mypurecloud.com.evil.example"), None);
    }

    #[test]
    fn a_host_is_looked_for_once() {
        let look = || crate::work::of(|| assert_eq!(by_host("api.looked-for-once.example"), None));
        assert!(look() > 0);
        assert_eq!(look(), 0);
    }

    #[test]
    fn every_mark_is_a_regular_expression() {
        for shipped in shipped::all() {
            let marks: Vec<AnswerMark> = serde_json::from_str(shipped.marks()).expect("marks");
            for pattern in marks.iter().filter_map(|m| m.re.as_deref()) {
                assert!(Pattern::new(pattern).is_ok(), "{}: {pattern}", shipped.id());
            }
        }
    }

    #[test]
    fn a_mark_of_members_wants_every_one_of_them() {
        let marks = Marks::of(vec![Ready {
            id: "okta",
            mark: serde_json::from_str(r#"{"json": {"/errorCode": "*", "/kind": ["a", "7"]}}"#)
                .expect("a mark"),
            pattern: None,
        }]);
        let who = |said: &str| marks.in_answer(|_| None, said);
        assert_eq!(who(r#"{"errorCode": "E1", "kind": "a"}"#), ["okta"]);
        assert_eq!(
            who(r#"failed: {"errorCode": "E1", "kind": 7} (at x)"#),
            ["okta"]
        );
        assert!(who(r#"{"errorCode": "E1"}"#).is_empty());
        assert!(who(r#"{"errorCode": "E1", "kind": "b"}"#).is_empty());
        assert!(who(r#"{"errorCode": {"x": 1}, "kind": "a"}"#).is_empty());
        assert!(who("errorCode kind a").is_empty());
    }

    #[test]
    fn every_mark_has_a_condition() {
        for shipped in shipped::all() {
            let marks: Vec<AnswerMark> = serde_json::from_str(shipped.marks()).expect("marks");
            for mark in marks {
                let empty = mark.header.is_none() && mark.re.is_none() && mark.json.is_empty();
                assert!(!empty, "{}: a mark that every answer bears", shipped.id());
                let mut pointers = mark.json.keys();
                assert!(pointers.all(|own| own.starts_with('/') && !own.contains('~')));
            }
        }
    }
}
