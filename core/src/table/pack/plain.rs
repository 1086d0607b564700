//! Patterns that are only texts, one of several: `invalid_(token|grant)`, `(?i)scopes? missing`, `\bE40\b`. They are searched
//! for as such, and nothing is compiled. Shared with `build.rs`.

use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};
use std::borrow::Cow;

/// A pattern of more texts is compiled.
const MOST: usize = 64;

/// A class of more letters is no choice between texts.
const LETTERS: usize = 16;

/// What stands there more often is compiled.
const TIMES: u32 = 4;

/// One of the texts.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Plain {
    /// It; in lower case where the case of letters does not matter.
    pub(crate) text: Cow<'static, str>,
    /// Whether the case of ASCII letters does not matter.
    pub(crate) fold: bool,
    /// Whether a word begins or ends before it (`\b`).
    pub(crate) before: bool,
    /// Whether a word begins or ends behind it.
    pub(crate) behind: bool,
}

/// The texts of a pattern, the preferred first; `None` where it is more than texts.
pub(crate) fn of(hir: &Hir) -> Option<Vec<Plain>> {
    let all = expand(hir)?;
    all.into_iter().map(Draft::finish).collect()
}

/// The texts of a pattern in lower case, whatever has to stand beside them; `None` where it is more than texts.
pub(crate) fn texts(hir: &Hir) -> Option<Vec<String>> {
    let texts = expand(hir)?
        .into_iter()
        .map(|own| String::from_utf8(own.bytes).ok());
    texts.map(|text| Some(text?.to_ascii_lowercase())).collect()
}

/// A text that is not whole yet.
#[derive(Debug, Default, Clone)]
struct Draft {
    bytes: Vec<u8>,
    /// Whether it has letters of one case, of either case.
    exact: bool,
    folded: bool,
    before: bool,
    behind: bool,
}

impl Draft {
    fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_vec(),
            exact: bytes.iter().any(u8::is_ascii_alphabetic),
            ..Self::default()
        }
    }

    fn letter(lower: u8) -> Self {
        Self {
            bytes: vec![lower],
            folded: true,
            ..Self::default()
        }
    }

    fn edge() -> Self {
        Self {
            before: true,
            behind: true,
            ..Self::default()
        }
    }

    /// The two behind one another; `None` where an edge would stand inside.
    fn then(&self, next: &Self) -> Option<Self> {
        let (empty, bare) = (self.bytes.is_empty(), next.bytes.is_empty());
        if (self.behind || next.before) && !empty && !bare {
            return None;
        }
        Some(Self {
            bytes: [self.bytes.as_slice(), &next.bytes].concat(),
            exact: self.exact || next.exact,
            folded: self.folded || next.folded,
            before: self.before || empty && next.before,
            behind: next.behind || bare && self.behind,
        })
    }

    fn finish(self) -> Option<Plain> {
        let mixed = self.exact && self.folded;
        let text = String::from_utf8(self.bytes).ok()?;
        (!mixed && !text.is_empty()).then_some(Plain {
            text: Cow::Owned(text),
            fold: self.folded,
            before: self.before,
            behind: self.behind,
        })
    }
}

fn expand(hir: &Hir) -> Option<Vec<Draft>> {
    let all = match hir.kind() {
        HirKind::Empty => vec![Draft::default()],
        HirKind::Literal(literal) => vec![Draft::of(&literal.0)],
        HirKind::Class(Class::Bytes(class)) => of_class(class)?,
        // Alternatives of one letter each.
        HirKind::Class(Class::Unicode(class)) => of_class(&class.to_byte_class()?)?,
        HirKind::Look(Look::WordAscii) => vec![Draft::edge()],
        HirKind::Repetition(repeated) => of_repetition(repeated)?,
        HirKind::Capture(capture) => expand(&capture.sub)?,
        HirKind::Concat(parts) => {
            let start = vec![Draft::default()];
            parts
                .iter()
                .try_fold(start, |all, part| crossed(&all, &expand(part)?))?
        }
        HirKind::Alternation(branches) => {
            let all: Option<Vec<Vec<Draft>>> = branches.iter().map(expand).collect();
            all?.concat()
        }
        HirKind::Look(_) => return None,
    };
    (all.len() <= MOST).then_some(all)
}

fn crossed(all: &[Draft], next: &[Draft]) -> Option<Vec<Draft>> {
    if all.len() * next.len() > MOST {
        return None;
    }
    let pairs = all
        .iter()
        .flat_map(|one| next.iter().map(move |other| one.then(other)));
    pairs.collect()
}

fn of_class(class: &ClassBytes) -> Option<Vec<Draft>> {
    let count: usize = class.iter().map(ClassBytesRange::len).sum();
    if count == 0 || count > LETTERS {
        return None;
    }
    let bytes: Vec<u8> = class.iter().flat_map(|r| r.start()..=r.end()).collect();
    let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic());
    let other = |b: &u8| b.to_ascii_lowercase() ^ b.to_ascii_uppercase() ^ b;
    let folded = letters.clone().count() > 0 && letters.clone().all(|b| bytes.contains(&other(b)));
    let one = |byte: &u8| match byte.is_ascii_alphabetic() && folded {
        true => byte.is_ascii_lowercase().then(|| Draft::letter(*byte)),
        false => Some(Draft::of(&[*byte])),
    };
    Some(bytes.iter().filter_map(one).collect())
}

/// Something that may be absent, or that stands there a few times. What may be there once or twice is preferred in an order
/// of its own.
fn of_repetition(repeated: &Repetition) -> Option<Vec<Draft>> {
    let own = || expand(&repeated.sub);
    let absent = || vec![Draft::default()];
    match (repeated.min, repeated.max?, repeated.greedy) {
        (0, 1, true) => Some([own()?, absent()].concat()),
        (0, 1, false) => Some([absent(), own()?].concat()),
        (least, most, _) if least == most && most <= TIMES => {
            let own = own()?;
            (0..most).try_fold(absent(), |all, _| crossed(&all, &own))
        }
        _ => None,
    }
}
