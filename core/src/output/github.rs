//! Annotations of GitHub Actions (workflow commands): one line each, the worst first.

use super::escape::terminal;
use super::item::{Item, State};

/// Annotations, and what they come to in a plain line at the end.
pub(super) fn render(items: &[Item], summary: &str) -> String {
    let mut told: Vec<&Item> = items
        .iter()
        .filter(|item| item.state != State::Pass)
        .collect();
    // GitHub shows ten of a kind: the worst come first.
    told.sort_by_key(|item| item.state);
    let lines = told.into_iter().map(annotation);
    lines
        .chain([format!("why401: {}\n", terminal(summary))])
        .collect()
}

fn annotation(item: &Item) -> String {
    let level = match item.state {
        State::Error | State::Fail => "error",
        State::CannotTell => "warning",
        State::Skipped | State::Pass => "notice",
    };
    let place = item.place.as_ref();
    let place = place.map(|(file, line)| format!("file={},line={line},", property(file)));
    let title = match (item.cause, item.sure) {
        (Some(cause), Some(sure)) => {
            format!("{} {}: {} ({sure})", item.group, item.name, cause.code)
        }
        (Some(cause), None) => format!("{} {}: {}", item.group, item.name, cause.code),
        (None, _) => format!("{} {}", item.group, item.name),
    };
    let next = item.next.iter().map(|next| format!("\nNext: {next}"));
    let text: String = std::iter::once(item.text.clone()).chain(next).collect();
    format!(
        "::{level} {}title={}::{}\n",
        place.unwrap_or_default(),
        property(&title),
        data(&text)
    )
}

/// Text of a command: `%`, CR and LF coded; what could steer a terminal made visible.
fn data(text: &str) -> String {
    let visible = |line: &str| terminal(line).replace('%', "%25");
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let parts: Vec<String> = line.split('\r').map(visible).collect();
            parts.join("%0D")
        })
        .collect();
    lines.join("%0A")
}

/// Value of a property: `:` and `,` coded as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_one_line_and_one_command() {
        let item = Item {
            group: "a:b".to_owned(),
            name: "GET /a,b".to_owned(),
            place: Some(("x%,\n::error::.toml".to_owned(), 3)),
            state: State::Fail,
            cause: None,
            sure: None,
            text: "said\r\n::set-output name=x::y\u{1b}[2J 100%".to_owned(),
            next: None,
            beside: None,
        };
        let line = annotation(&item);
        assert_eq!(
            line,
            "::error file=x%25%2C%0A%3A%3Aerror%3A%3A.toml,line=3,title=a%3Ab GET /a%2Cb::said%0D%0A::set-output name=x::y\\u{1b}[2J 100%25\n"
        );
    }
}
