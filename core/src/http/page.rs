//! What a page shows: its text without markup, in one pass, and no more of it than a refusal takes.

/// So many bytes of what a page shows are read: a refusal stands at its start, a portal goes on behind it.
const SHOWN: usize = 4 * 1024;

/// Elements that stand inside a sentence.
const INLINE: [&str; 10] = [
    "b", "i", "em", "strong", "a", "code", "span", "u", "tt", "small",
];

/// Elements whose content nobody sees.
const UNSEEN: [&str; 5] = ["script", "style", "svg", "template", "math"];

/// Elements that keep the line breaks of their source.
const KEPT: [&str; 3] = ["pre", "textarea", "xmp"];

/// No name of an element above is longer.
const NAME: usize = 8;

/// Whether a text begins like a page.
pub(super) fn is_page(text: &str) -> bool {
    let starts = |mark: &str| {
        let head = text.as_bytes().get(..mark.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(mark.as_bytes()))
    };
    starts("<!doctype html") || starts("<html")
}

/// The text that a page shows, with blanks as a browser has them: a line for each block.
pub(super) fn shown(page: &str) -> String {
    let mut out = Shown::default();
    let mut rest = page;
    let mut looked = 0;
    while out.text.len() < SHOWN && !rest.is_empty() {
        let length = rest.len();
        let Some(at) = memchr::memchr(b'<', rest.as_bytes()) else {
            out.write(crate::http::start_of(rest, SHOWN));
            looked += length;
            break;
        };
        out.write(crate::http::start_of(&rest[..at], SHOWN));
        rest = out.tag(&rest[at + 1..]);
        looked += length - rest.len();
    }
    crate::work::looked(looked);
    crate::http::start_of(out.text.trim_end(), SHOWN).to_owned()
}

/// Text as it is shown.
#[derive(Debug, Default)]
struct Shown {
    text: String,
    /// What is to be written before the next word.
    gap: Option<char>,
    /// How many elements are open that keep line breaks.
    kept: usize,
}

impl Shown {
    /// Writes text between tags.
    fn write(&mut self, text: &str) {
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
            self.pause(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            if let Some(gap) = self.gap.take()
                && !self.text.is_empty()
            {
                self.text.push(gap);
            }
            push_resolved(&mut self.text, &rest[..end]);
            rest = &rest[end..];
        }
        self.pause(rest);
    }

    /// Notes blanks.
    fn pause(&mut self, blanks: &str) {
        if !blanks.is_empty() {
            let breaks = self.kept > 0 && blanks.contains('\n');
            self.part(if breaks { '\n' } else { ' ' });
        }
    }

    fn part(&mut self, gap: char) {
        if self.gap != Some('\n') {
            self.gap = Some(gap);
        }
    }

    /// Takes what stands behind a `<`; returns what stands behind the tag, or behind what it hides.
    fn tag<'p>(&mut self, after: &'p str) -> &'p str {
        if let Some(comment) = after.strip_prefix("!--") {
            self.part(' ');
            return memchr::memmem::find(comment.as_bytes(), b"-->")
                .map_or("", |end| &comment[end + 3..]);
        }
        let named = after.strip_prefix('/').unwrap_or(after);
        let begins = named.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?'));
        let end = memchr::memchr(b'>', after.as_bytes()).filter(|_| begins);
        let Some(end) = end else {
            self.part(' ');
            return after;
        };
        let length = named.bytes().take_while(u8::is_ascii_alphanumeric);
        let name = &named[..length.take(NAME + 1).count()];
        let is = |list: &[&str]| list.iter().any(|own| name.eq_ignore_ascii_case(own));
        let (closes, rest) = (named.len() < after.len(), &after[end + 1..]);
        self.part(if is(&INLINE) { ' ' } else { '\n' });
        if is(&KEPT) {
            self.kept = match closes {
                true => self.kept.saturating_sub(1),
                false => self.kept + 1,
            };
        }
        let alone = after[..end].ends_with('/');
        match is(&UNSEEN) && !closes && !alone {
            true => behind(rest, name),
            false => rest,
        }
    }
}

/// What stands behind the end of an element.
fn behind<'p>(text: &'p str, name: &str) -> &'p str {
    for at in memchr::memmem::find_iter(text.as_bytes(), b"</") {
        let own = text.as_bytes().get(at + 2..at + 2 + name.len());
        if own.is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes())) {
            return &text[at..];
        }
    }
    ""
}

/// Adds a word with its references resolved.
fn push_resolved(out: &mut String, word: &str) {
    const KNOWN: [(&str, &str); 7] = [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let mut rest = word;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = KNOWN.iter().find(|(name, _)| rest.starts_with(name));
        let (name, text) = known.copied().unwrap_or(("&", "&"));
        out.push_str(text);
        rest = &rest[name.len()..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work;

    #[test]
    fn a_page_is_what_it_shows() {
        for (page, text) in [
            (
                "<html><head><title>403 Forbidden</title><style>a{b}</style></head><body class=\"x\">\n<h1>Forbidden</h1>\n<p>The token\nhas <b>expired</b>.</p>",
                "403 Forbidden\nForbidden\nThe token\u{20}has expired .",
            ),
            (
                "<script>if (a<b) { \"</p>\" }</SCRIPT>x<svg><text>y</text></svg>z",
                "x\nz",
            ),
            ("<pre>a\nb</pre> c\nd", "a\nb\nc d"),
            (
                "<!-- a > b -->&lt;x&gt; &amp;lt; 1 < 2 &#39;",
                "<x> &lt; 1 2 '",
            ),
            ("<script src=a/>x", "x"),
            ("<style>never closed", ""),
            ("a<", "a"),
        ] {
            assert_eq!(shown(page), text, "{page}");
        }
    }

    #[test]
    fn of_a_long_page_the_start_is_looked_at() {
        let page = |blocks: usize| "<p class=\"c1\">the token of the user</p>\n".repeat(blocks);
        let looked = |blocks: usize| {
            let page = page(blocks);
            work::of(|| assert!(shown(&page).len() <= SHOWN))
        };
        assert_eq!(looked(1_000), looked(8_000));
        assert!(shown(&"ä".repeat(SHOWN)).len() <= SHOWN);
    }

    proptest::proptest! {
        #[test]
        fn any_page_shows_something(page in "([<>/!&; a-c\\n]|<script>|</script|<pre>|&lt;|<!--|-->|é){0,60}") {
            let _ = shown(&page);
        }
    }
}
