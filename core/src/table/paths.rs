//! How a provider compares paths: bases, aliases, case, and OData's many spellings of one path.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::borrow::Cow;

/// How letters are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LetterCase {
    /// Byte by byte (RFC 3986 §6.2.2.1).
    #[default]
    Sensitive,
    /// Without regard to ASCII case.
    Insensitive,
}

/// What peculiarities paths have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Flavour {
    /// None.
    #[default]
    Plain,
    /// Keys in parentheses, qualified names, `$count`, path addressing (OData 4.01 part 2 §4).
    Odata,
    /// A verb behind a colon; kept for the reader, mixed templates match it.
    Google,
}

/// Two spellings of one path.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Alias {
    /// The start that is asked for.
    pub from: String,
    /// The start that the table has.
    pub to: String,
}

/// How paths are compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Paths {
    /// How letters are compared.
    #[serde(default)]
    pub case: LetterCase,
    /// What peculiarities paths have.
    #[serde(default)]
    pub flavour: Flavour,
    /// Starts that are taken off; `{x}` stands for one segment.
    #[serde(default)]
    pub bases: Vec<String>,
    /// Starts that templates have and that a path given without its host may leave out.
    #[serde(default)]
    pub prefix: Vec<String>,
    /// Other spellings of a start.
    #[serde(default)]
    pub alias: Vec<Alias>,
    /// Starts of paths by which the API is known on hosts of its users' own; `{x}` stands for one segment.
    #[serde(default)]
    pub own: Vec<String>,
    /// The path that takes many requests in one body.
    #[serde(default)]
    pub batch: Option<String>,
}

/// A path as a list of segments, each decoded once.
pub(super) type Segments<'p> = Vec<Cow<'p, str>>;

impl Paths {
    /// Whether a path takes many requests in one body.
    pub fn takes_many(&self, path: &str) -> bool {
        let rest = |batch: &String| {
            path.find(batch.as_str())
                .map(|at| &path[at + batch.len()..])
        };
        let rest = self.batch.as_ref().and_then(rest);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether letters are compared without regard to case.
    pub fn folds(&self) -> bool {
        self.case == LetterCase::Insensitive
    }

    /// The path without the base it starts with: the host's, else one of the provider's.
    pub(super) fn inner<'p>(&self, base: Option<&str>, path: &'p str) -> &'p str {
        let own = base.filter(|base| !base.is_empty());
        let mut bases = own.into_iter().chain(self.bases.iter().map(String::as_str));
        bases
            .find_map(|base| self.without(base, path))
            .unwrap_or(path)
    }

    fn without<'p>(&self, base: &str, path: &'p str) -> Option<&'p str> {
        without(base, path, self.folds())
    }

    /// Every spelling under which a table may have the path, the one asked for first.
    pub(super) fn forms<'p>(&'p self, path: &'p str, with_host: bool) -> Vec<Segments<'p>> {
        let mut out = vec![self.segments(path)];
        for prefix in self.prefix.iter().filter(|_| !with_host) {
            let mut form = self.segments(prefix);
            form.extend(self.segments(path));
            out.push(form);
        }
        for alias in &self.alias {
            if let Some(rest) = self.without(&alias.from, path) {
                let mut form = self.segments(&alias.to);
                form.extend(self.segments(rest));
                out.push(form);
            }
        }
        if self.flavour == Flavour::Odata && path.contains(['(', ':', '$', '.']) {
            let plain = odata(out.remove(0));
            out.extend(plain);
        }
        out
    }

    fn segments<'p>(&self, path: &'p str) -> Segments<'p> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let segments = path.split('/').map(decode_segment);
        if !self.folds() {
            return segments.collect();
        }
        segments
            .map(
                |segment| match segment.bytes().any(|b| b.is_ascii_uppercase()) {
                    true => Cow::Owned(segment.to_ascii_lowercase()),
                    false => segment,
                },
            )
            .collect()
    }
}

/// What follows a start, in which `{x}` stands for one segment.
pub(super) fn without<'p>(start: &str, path: &'p str, folds: bool) -> Option<&'p str> {
    let mut rest = path;
    for segment in start.trim_matches('/').split('/') {
        let (own, behind) = split_first(rest)?;
        let fits = segment.starts_with('{') && !own.is_empty()
            || own == segment
            || folds && own.eq_ignore_ascii_case(segment);
        if !fits {
            return None;
        }
        rest = behind;
    }
    Some(if rest.is_empty() { "/" } else { rest })
}

/// The first segment and what follows it, with its slash.
fn split_first(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix('/')?;
    let end = path.find('/').unwrap_or(path.len());
    Some(path.split_at(end))
}

/// Decodes a segment once; `%2F` stays encoded, so that it can never split.
fn decode_segment(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return Cow::Borrowed(segment);
    }
    let kept = segment.replace("%2F", "%252F").replace("%2f", "%252f");
    match percent_decode_str(&kept).decode_utf8() {
        Ok(text) => Cow::Owned(text.into_owned()),
        Err(_) => Cow::Borrowed(segment),
    }
}

/// The spellings of an OData path: as it stands, in the plain form, and without a final `$count`, `$value` or `$ref`.
fn odata(segments: Segments<'_>) -> Vec<Segments<'_>> {
    let whole = joined(segments);
    let mut plain: Segments<'_> = Vec::with_capacity(whole.len() + 1);
    for segment in &whole {
        plain_segment(segment, &mut plain);
    }
    let shorter = plain
        .split_last()
        .filter(|(last, _)| ["$count", "$value", "$ref"].contains(&last.as_ref()))
        .map(|(_, rest)| rest.to_vec());
    let mut out = vec![whole];
    if plain != out[0] {
        out.push(plain);
    }
    out.extend(shorter);
    out
}

/// Puts together what slashes split although it is one part: text in parentheses, and the item path of `root:/a/b:`.
fn joined(segments: Segments<'_>) -> Segments<'_> {
    let mut out: Segments<'_> = Vec::with_capacity(segments.len());
    let mut open = false;
    let mut item = false;
    for segment in segments {
        let last = out.last_mut().filter(|_| open || item);
        let starts_item = !open && !item && segment.ends_with(':');
        match last {
            Some(last) if open || !last.ends_with(':') || last.contains('/') => {
                *last = Cow::Owned(format!("{last}/{segment}"));
            }
            _ => out.push(segment),
        }
        let last = out.last().map_or("", |s| s.as_ref());
        open = last.matches('(').count() > last.matches(')').count();
        let ends_item = item && last.ends_with(':');
        item = starts_item || item && !ends_item;
    }
    out
}

/// `users('x')` is `users/x`; `delta()` and `microsoft.graph.delta()` are `delta`; `f(a='x')` stays.
fn plain_segment(text: &str, out: &mut Segments<'_>) {
    let short = text.strip_prefix("microsoft.graph.");
    let text = short.filter(|rest| !rest.is_empty()).unwrap_or(text);
    let Some((name, key)) = text
        .strip_suffix(')')
        .and_then(|text| text.split_once('('))
        .filter(|(name, _)| !name.is_empty())
    else {
        out.push(Cow::Owned(text.to_owned()));
        return;
    };
    let quoted = key.strip_prefix('\'').and_then(|k| k.strip_suffix('\''));
    match quoted {
        _ if key.is_empty() => out.push(Cow::Owned(name.to_owned())),
        Some(value) if !value.replace("''", "").contains('\'') => {
            out.extend([
                Cow::Owned(name.to_owned()),
                Cow::Owned(value.replace("''", "'")),
            ]);
        }
        None if !key.contains('=') => {
            out.extend([Cow::Owned(name.to_owned()), Cow::Owned(key.to_owned())]);
        }
        _ => out.push(Cow::Owned(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(path: &str) -> Vec<String> {
        let paths = Paths {
            case: LetterCase::Insensitive,
            flavour: Flavour::Odata,
            ..Paths::default()
        };
        let forms = paths.forms(path, true);
        forms.iter().map(|form| form.join(" ")).collect()
    }

    #[test]
    fn a_batch_path_is_known_with_and_without_what_follows_it() {
        let paths = Paths {
            batch: Some("/batch".to_owned()),
            ..Paths::default()
        };
        for (path, many) in [
            ("/batch", true),
            ("/v1/batch", true),
            ("/batch/drive/v3", true),
            ("/batches", false),
            ("/other", false),
        ] {
            assert_eq!(paths.takes_many(path), many, "{path}");
        }
    }

    #[test]
    fn odata_spellings_come_to_one_plain_form() {
        for (path, plain) in [
            ("/Users('o''Brien')/messages", "users o'brien messages"),
            ("/users/microsoft.graph.delta()", "users delta"),
            ("/apps(appId='a/b')/x", "apps(appid='a/b') x"),
            ("/items(7)", "items 7"),
            (
                "/d/root:/Docs/Q3/a.docx:/children",
                "d root: docs/q3/a.docx: children",
            ),
            ("/d/root:/Docs/a.docx", "d root: docs/a.docx"),
        ] {
            assert_eq!(
                forms(path).last().map(String::as_str),
                Some(plain),
                "{path}"
            );
        }
        assert_eq!(
            forms("/users/$count").last().map(String::as_str),
            Some("users")
        );
    }

    #[test]
    fn bases_may_have_variables_and_an_alias_is_a_second_spelling() {
        let paths = Paths {
            bases: vec!["/ex/jira/{cloud}".into(), "/v1.0".into()],
            alias: vec![Alias {
                from: "/rest/api/2".into(),
                to: "/rest/api/3".into(),
            }],
            ..Paths::default()
        };
        assert_eq!(paths.inner(None, "/ex/jira/7/rest"), "/rest");
        assert_eq!(paths.inner(None, "/v1.0"), "/");
        assert_eq!(paths.inner(Some("/x"), "/x/v1.0"), "/v1.0");
        assert_eq!(paths.inner(None, "/v1.00/a"), "/v1.00/a");
        let forms = paths.forms("/rest/api/2/issue/A%2FB", true);
        assert_eq!(forms[1].join("/"), "rest/api/3/issue/A%2FB");
    }
}
