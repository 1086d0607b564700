//! Codes that patterns look for with nothing around them, as far as an id may hold them. Shared with `build.rs`.

/// A code, and whether its pattern wants something before it that no id holds: then it is seen at the start of an id alone.
pub(crate) type Code = (String, bool);

/// The codes of a pattern, in lower case.
pub(crate) fn codes(pattern: &str) -> Vec<Code> {
    let mut read = Read::default();
    let mut letters = pattern.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => {
                read.piece.push(c);
                read.piece.extend(letters.next());
            }
            '[' => read.class(&mut letters),
            '|' => read.alternative(),
            '(' => read.open(),
            ')' => read.close(),
            ':' => read.colon(),
            _ => read.piece.push(c),
        }
    }
    read.end_piece();
    read.found
}

/// One alternative of a group, read so far.
#[derive(Debug, Default)]
struct Read {
    found: Vec<Code>,
    /// What is outside the present group.
    outer: Vec<Outer>,
    /// Whether something stands before the present group that no id holds.
    entry: bool,
    /// Whether the alternatives of the group that were read end so.
    leads: bool,
    /// What stands in the alternative before the present piece.
    before: String,
    piece: String,
}

#[derive(Debug)]
struct Outer {
    entry: bool,
    leads: bool,
    before: String,
}

impl Read {
    /// A class, as a part that may hold anything.
    fn class(&mut self, letters: &mut std::str::Chars<'_>) {
        let mut first = true;
        while let Some(c) = letters.next() {
            match c {
                '\\' => drop(letters.next()),
                ']' if !first => break,
                _ => {}
            }
            first = first && c == '^';
        }
        self.piece.push('.');
    }

    fn end_piece(&mut self) {
        let edge = "\\b";
        let bare = self.piece.trim_start_matches(edge).trim_end_matches(edge);
        let of_id = (4..=8).contains(&bare.len()) && bare.bytes().all(|b| is_of_id(char::from(b)));
        if of_id {
            self.found
                .push((bare.to_ascii_lowercase(), self.is_led(&self.before)));
        }
        self.before += &std::mem::take(&mut self.piece);
    }

    fn is_led(&self, before: &str) -> bool {
        leads(before).unwrap_or(self.entry)
    }

    fn alternative(&mut self) {
        self.end_piece();
        self.leads &= self.is_led(&self.before);
        self.before.clear();
    }

    fn colon(&mut self) {
        let flags = self.before.is_empty() && self.piece.starts_with('?');
        self.end_piece();
        match flags {
            true => self.before.clear(),
            false => self.before.push(':'),
        }
    }

    fn open(&mut self) {
        self.end_piece();
        let entry = self.is_led(&self.before);
        self.outer.push(Outer {
            entry: std::mem::replace(&mut self.entry, entry),
            leads: std::mem::replace(&mut self.leads, true),
            before: std::mem::take(&mut self.before),
        });
    }

    fn close(&mut self) {
        let flags = self.before.is_empty() && self.piece.starts_with('?');
        self.end_piece();
        let leads = self.leads && self.is_led(&self.before);
        let Some(outer) = self.outer.pop() else {
            return;
        };
        (self.entry, self.leads, self.before) = (outer.entry, outer.leads, outer.before);
        if !flags {
            self.before.push(if leads { '~' } else { '.' });
        }
    }
}

type Backwards<'p> = std::iter::Peekable<std::iter::Rev<std::str::Chars<'p>>>;

/// Whether what stands right before a place holds something that no id holds; `None` where all of it may be absent or part
/// of the id.
fn leads(before: &str) -> Option<bool> {
    let mut letters: Backwards<'_> = before.chars().rev().peekable();
    while let Some(c) = letters.next() {
        match c {
            _ if escaped(&letters) => match c {
                'b' => drop(letters.next()),
                c => return Some(!c.is_ascii_alphanumeric()),
            },
            '?' => {
                let c = letters.next()?;
                if matches!(c, '.' | '}' | '*' | '+' | '?') && !escaped(&letters) {
                    return Some(false);
                }
                letters.next_if_eq(&'\\');
            }
            '.' | '}' | '*' | '+' => return Some(false),
            c if !is_of_id(c) => return Some(true),
            _ => {}
        }
    }
    None
}

/// Whether the letter behind these, read backwards, is escaped.
fn escaped(before: &Backwards<'_>) -> bool {
    let mut before = before.clone();
    std::iter::from_fn(|| before.next_if_eq(&'\\')).count() % 2 == 1
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_hexdigit() || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_led_where_every_way_to_it_holds_what_no_id_holds() {
        for (pattern, found) in [
            ("900902|(?i:Missing)", vec![("900902", false)]),
            (
                "(?i)error code: (?:1006|1007)",
                vec![("1006", true), ("1007", true)],
            ),
            (
                r#"(?:AADSTS|"codes?": ?\[?|[Cc]ode:? )(?:50059)\b"#,
                vec![("50059", true)],
            ),
            (r"(?:AADSTS|.*)(?:50059)", vec![("50059", false)]),
            (r"(?:AADSTS)?(?:50059)", vec![("50059", false)]),
            (r"x(?:AADSTS)?(?:50059)", vec![("50059", true)]),
            ("E4(1019|0409)", vec![("1019", false), ("0409", false)]),
            ("TF40(1019)", vec![("1019", true)]),
            (r"denied.{0,30}(20003)", vec![("20003", false)]),
            (r"denied [a-z]?(20003)", vec![("20003", false)]),
            (r"denied\d(20003)", vec![("20003", false)]),
            (r"denied\.(20003)", vec![("20003", true)]),
            (r"\b(4014)\b|[|(:]4015", vec![("4014", false)]),
            ("<c>(?:16110)</c>", vec![("16110", true)]),
            ("(a(b|:(6190)))", vec![("6190", true)]),
        ] {
            let wanted: Vec<Code> = found
                .into_iter()
                .map(|(code, led)| (code.to_owned(), led))
                .collect();
            assert_eq!(codes(pattern), wanted, "{pattern}");
        }
    }
}
