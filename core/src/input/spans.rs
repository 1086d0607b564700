//! Where the heads and bodies of messages stand in a transcript, line by line: for whoever reads them and whoever rewrites
//! them.

use super::words::{request_line, status_line, without_time};

/// Whose message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The client's.
    Client,
    /// The server's.
    Server,
}

/// What a line is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// No message: prose, a client's notes before the first.
    Outside,
    /// A head: its first line, a field, a folded line.
    Head(Sender),
    /// A body, or the blank line before it.
    Body(Sender),
}

/// A line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span<'t> {
    /// What a client puts before it: `> `, `< `, `* `, with the time that `--trace-time` writes, or nothing.
    pub(crate) mark: &'t str,
    /// The line without mark and break.
    pub(crate) text: &'t str,
    /// Its break.
    pub(crate) ending: &'t str,
    /// What it is part of.
    pub(crate) place: Place,
}

/// The lines of a transcript; together they are the text. `marked`: a client's marks are looked for.
pub(crate) fn spans(text: &str, marked: bool) -> impl Iterator<Item = Span<'_>> {
    let mut place = Place::Outside;
    text.split_inclusive('\n').map(move |line| {
        let bare = line.trim_end_matches(['\n', '\r']);
        let (mark, rest) = match marked {
            true => split_mark(bare),
            false => ("", bare),
        };
        place = next(place, mark, rest);
        Span {
            mark,
            text: rest,
            ending: &line[bare.len()..],
            place,
        }
    })
}

/// Splits off what a client puts before a line.
pub(super) fn split_mark(line: &str) -> (&str, &str) {
    let rest = without_time(line);
    let timed = line.len() - rest.len();
    for mark in ["> ", "< ", "* "] {
        if rest.starts_with(mark) {
            return line.split_at(timed + mark.len());
        }
    }
    if matches!(rest, ">" | "<" | "*") {
        return (line, "");
    }
    // The progress meter shares the terminal's line with the first request.
    let glued = rest.find("> ").filter(|at| {
        (1..100).contains(at)
            && request_line(&rest[at + 2..]).is_some()
            && rest[..*at]
                .bytes()
                .all(|b| b.is_ascii_digit() || b" :-.kMG%\r".contains(&b))
    });
    match glued {
        Some(at) => line.split_at(timed + at + 2),
        None => ("", line),
    }
}

fn next(place: Place, mark: &str, rest: &str) -> Place {
    match mark.trim_end().chars().next_back() {
        Some('>') if rest.is_empty() => return Place::Outside,
        Some('>') => return Place::Head(Sender::Client),
        Some('<') if rest.is_empty() => return Place::Body(Sender::Server),
        Some('<') => return Place::Head(Sender::Server),
        Some('*') => return place,
        _ => {}
    }
    if rest.starts_with("---") && (rest.ends_with(" begin---") || rest.ends_with(" end---")) {
        return Place::Outside;
    }
    if request_line(rest).is_some() {
        return Place::Head(Sender::Client);
    }
    if status_line(rest).is_some() {
        return Place::Head(Sender::Server);
    }
    match place {
        Place::Head(sender) if rest.is_empty() => Place::Body(sender),
        own => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_bodies_are_told_in_both_forms() {
        use Place::{Body, Head, Outside};
        use Sender::{Client, Server};
        let places = |text: &str| {
            spans(text, text.contains("> "))
                .map(|span| span.place)
                .collect::<Vec<_>>()
        };
        let wire = "note\nGET /a HTTP/1.1\nHost: x\n\n{}\nHTTP/1.1 401 No\nA: b\n\nno\n";
        let (sent, heard) = (Head(Client), Head(Server));
        assert_eq!(
            places(wire),
            [
                Outside,
                sent,
                sent,
                Body(Client),
                Body(Client),
                heard,
                heard,
                Body(Server),
                Body(Server)
            ]
        );
        let marked = "* note\n> GET /a HTTP/1.1\n> \n< HTTP/1.1 401 No\n< A: b\n< \nno\n";
        assert_eq!(
            places(marked),
            [
                Outside,
                sent,
                Outside,
                heard,
                heard,
                Body(Server),
                Body(Server)
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn the_spans_of_any_text_are_the_text(text in "(> |< |\\* |12:00:00.000000 |GET /a HTTP/1.1|HTTP/1.1 401 x|a: b|\r\n|\n|é|---request begin---){0,40}") {
            let all: String = spans(&text, true).flat_map(|span| [span.mark, span.text, span.ending]).collect();
            proptest::prop_assert_eq!(all, text);
        }
    }
}
