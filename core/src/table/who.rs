//! Whose API it is: by host, by marks in what a server said, by somebody's words.

use super::model::{AnswerMark, Values};
use super::pack::catalogue::{Mark, Span};
use super::paths::without;
use super::pattern::Pattern;
use super::place::{is_named, rootless};
use super::shipped::{self, Shipped};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::{OnceLock, PoisonError, RwLock};

/// So many hosts are remembered: evidence names the same few again and again.
const REMEMBERED: usize = 256;

/// To whom the hosts belong that were met.
#[derive(Debug)]
struct Hosts(RwLock<BTreeMap<String, Option<&'static str>>>);

impl Hosts {
    const fn new() -> Self {
        Self(RwLock::new(BTreeMap::new()))
    }

    fn get(&self, host: &str, fit: impl Fn(Shipped) -> bool) -> Option<&'static str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = known.get(host) {
            return *own;
        }
        drop(known);
        let found = among(host, fit);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED {
            known.insert(host.to_owned(), found);
        }
        found
    }
}

/// The shipped provider to which a host belongs.
pub fn by_host(host: &str) -> Option<&'static str> {
    static KNOWN: Hosts = Hosts::new();
    KNOWN.get(host, |_| true)
}

/// The shipped provider with rows to which a host belongs: where several do, the one that names it most closely.
pub fn rows_of_host(host: &str) -> Option<&'static str> {
    static KNOWN: Hosts = Hosts::new();
    KNOWN.get(host, Shipped::has_rows)
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

/// The marks of every shipped provider. One is read, and its pattern compiled, once an answer may bear it.
#[derive(Debug)]
pub struct Marks {
    list: Vec<OnceLock<Option<Box<Ready>>>>,
}

/// A mark with its pattern ready to match.
#[derive(Debug)]
struct Ready {
    mark: AnswerMark,
    pattern: Option<Pattern>,
}

impl Ready {
    /// Of a shipped table, whose patterns the build has read.
    fn of(packed: &Mark) -> Option<Box<Self>> {
        let mark: AnswerMark = serde_json::from_str(shipped::text(packed.whole)).ok()?;
        let plain = packed.plain.map(shipped::alternatives);
        let pattern = mark.re.as_deref().map(|text| Pattern::packed(text, plain));
        Some(Box::new(Self { mark, pattern }))
    }
}

impl Marks {
    /// The shipped ones, unread.
    pub fn shipped() -> Self {
        let list = shipped::marks().iter().map(|_| OnceLock::new());
        Self {
            list: list.collect(),
        }
    }

    /// The providers whose marks an answer bears; `header` gives a response header's value.
    pub fn in_answer(
        &self,
        header: impl Fn(&str) -> Option<String>,
        said: &str,
    ) -> Vec<&'static str> {
        let seen = shipped::seen(said);
        let fits = |ways: Span| seen.fits(shipped::numbers(ways));
        let escaped = said.contains("\\u");
        let json = OnceCell::new();
        let mut found: Vec<&'static str> = Vec::new();
        for (packed, ready) in shipped::marks().iter().zip(&self.list) {
            let may = packed.needs.is_none_or(fits)
                && packed.members.is_none_or(|ways| escaped || fits(ways))
                && packed
                    .header
                    .is_none_or(|name| header(shipped::text(name)).is_some());
            let id = shipped::of_mark(packed).id();
            if !may || found.contains(&id) {
                continue;
            }
            let read = || Ready::of(packed);
            let Some(Ready { mark, pattern }) = ready.get_or_init(read).as_deref() else {
                continue;
            };
            let json = || json.get_or_init(|| first_json(said)).as_ref();
            let fits = |text: &str| pattern.as_ref().is_none_or(|p| p.is_match(text));
            let words = || match &mark.header {
                Some(name) => header(name).is_some_and(|value| fits(&value)),
                None => fits(said),
            };
            if bears(mark, json) && words() {
                found.push(id);
            }
        }
        found
    }
}

/// Whether every member that a mark names is there.
fn bears<'v>(mark: &AnswerMark, json: impl Fn() -> Option<&'v Value>) -> bool {
    mark.json.iter().all(|(pointer, values)| {
        let value = json().and_then(|json| member(json, pointer));
        value.is_some_and(|value| admits(values, value))
    })
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
    use crate::table::pack::required;

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

    fn all() -> impl Iterator<Item = (&'static Mark, AnswerMark)> {
        let read = |mark: &Mark| serde_json::from_str(shipped::text(mark.whole)).expect("a mark");
        shipped::marks().iter().map(move |mark| (mark, read(mark)))
    }

    #[test]
    fn what_is_packed_of_a_mark_is_what_its_table_says() {
        let mut count = 0;
        for shipped in shipped::all() {
            let table = shipped::shipped(shipped.id())
                .expect("shipped")
                .expect("sound");
            let own = all().filter(|(packed, _)| shipped::of_mark(packed).id() == shipped.id());
            let own: Vec<AnswerMark> = own.map(|(_, mark)| mark).collect();
            assert_eq!(format!("{own:?}"), format!("{:?}", *table.provider.mark));
            count += own.len();
        }
        assert_eq!(count, shipped::marks().len());
        for (packed, mark) in all() {
            let pattern = mark.re.as_deref().map(Pattern::new);
            let pattern = pattern.transpose().expect("a pattern");
            assert!(pattern.as_ref().is_none_or(Pattern::is_sound), "{mark:?}");
            assert_eq!(packed.header.map(shipped::text), mark.header.as_deref());
            let ways = mark.re.as_deref().filter(|_| mark.header.is_none());
            let ways = ways.and_then(|re| required::of(re).expect("a pattern").needs);
            assert_eq!(packed.needs.is_some(), ways.is_some(), "{mark:?}");
            for way in ways.into_iter().flatten() {
                let text = way.into_iter().collect::<Vec<_>>().join("\n");
                let needs = packed.needs.map(shipped::numbers).unwrap_or_default();
                assert!(shipped::seen(&text).fits(needs), "{mark:?}");
            }
            let ways = packed.members.map(shipped::numbers);
            let steps = mark.json.keys().flat_map(|own| own.split('/'));
            let steps: Vec<String> = steps.map(|step| format!("\"{step}\"")).collect();
            let values = mark.json.values().flat_map(Values::list);
            let fits = |text: &String| ways.is_none_or(|ways| shipped::seen(text).fits(ways));
            assert!(
                mark.json.is_empty() || steps.iter().chain(values).any(fits),
                "{mark:?}"
            );
        }
    }

    #[test]
    fn a_mark_is_found_whatever_else_is_said() {
        let marks = Marks::shipped();
        let who = |said: &str| marks.in_answer(|_| None, said);
        let escaped = r#"{"error": {"oauthErrorC\u006fde": "x", "errorC\u006fde": "E0000006"}, "errorC\u006fde": "E0000006"}"#;
        let plain = escaped.replace("\\u006f", "o");
        assert_eq!(who(escaped), who(&plain));
    }

    #[test]
    fn a_mark_of_members_wants_every_one_of_them() {
        let mark: AnswerMark =
            serde_json::from_str(r#"{"json": {"/errorCode": "*", "/kind": ["a", "7"]}}"#)
                .expect("a mark");
        let bears = |said: &str| {
            let json = first_json(said);
            bears(&mark, || json.as_ref())
        };
        assert!(bears(r#"{"errorCode": "E1", "kind": "a"}"#));
        assert!(bears(r#"failed: {"errorCode": "E1", "kind": 7} (at x)"#));
        assert!(!bears(r#"{"errorCode": "E1"}"#));
        assert!(!bears(r#"{"errorCode": "E1", "kind": "b"}"#));
        assert!(!bears(r#"{"errorCode": {"x": 1}, "kind": "a"}"#));
        assert!(!bears("errorCode kind a"));
    }

    #[test]
    fn every_mark_has_a_condition() {
        for (_, mark) in all() {
            let empty = mark.header.is_none() && mark.re.is_none() && mark.json.is_empty();
            assert!(!empty, "{mark:?}: a mark that every answer bears");
            let mut pointers = mark.json.keys();
            assert!(pointers.all(|own| own.starts_with('/') && !own.contains('~')));
        }
    }
}
