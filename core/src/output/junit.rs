//! JUnit's XML as Jenkins, GitLab and their kin read it (Jenkins' `junit-10.xsd`): a suite a group, a case a question.

use super::escape::{terminal, terminal_lines};
use super::item::{Item, State};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::collections::HashMap;

/// Failures are `failure`, what is undecided or cannot be judged is `error`, what is not counted is `skipped`.
pub(super) fn render(items: &[Item]) -> String {
    let mut page = Page(Writer::new_with_indent(Vec::new(), b' ', 2));
    page.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    page.open("testsuites", &counts("why401", items.iter(), false));
    let mut groups: Vec<Vec<&Item>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for item in items {
        let place = *places.entry(&item.group).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    for group in groups {
        let name = group.first().map_or("", |item| item.group.as_str());
        page.open("testsuite", &counts(name, group.iter().copied(), true));
        for item in group {
            case(&mut page, item);
        }
        page.close("testsuite");
    }
    page.close("testsuites");
    let mut text = String::from_utf8(page.0.into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

type Attributes = Vec<(&'static str, String)>;

/// The document as it grows; writing to memory cannot fail.
struct Page(Writer<Vec<u8>>);

impl Page {
    fn put(&mut self, event: Event<'_>) {
        let _ = self.0.write_event(event);
    }

    fn start(name: &'static str, attributes: &Attributes) -> BytesStart<'static> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute((*key, terminal(value).as_str()));
        }
        start
    }

    fn open(&mut self, name: &'static str, attributes: &Attributes) {
        self.put(Event::Start(Self::start(name, attributes)));
    }

    fn empty(&mut self, name: &'static str, attributes: &Attributes) {
        self.put(Event::Empty(Self::start(name, attributes)));
    }

    fn close(&mut self, name: &'static str) {
        self.put(Event::End(BytesEnd::new(name)));
    }
}

fn counts<'a>(name: &str, items: impl Iterator<Item = &'a Item>, skips: bool) -> Attributes {
    let mut count = [0_usize; 4];
    for item in items {
        count[0] += 1;
        match item.state {
            State::Pass => {}
            State::Fail => count[1] += 1,
            State::Error | State::CannotTell => count[2] += 1,
            State::Skipped => count[3] += 1,
        }
    }
    let keys = ["tests", "failures", "errors", "skipped"];
    let counted = keys.into_iter().zip(count.map(|count| count.to_string()));
    std::iter::once(("name", name.to_owned()))
        .chain(counted.filter(|(key, _)| skips || *key != "skipped"))
        .collect()
}

fn case(page: &mut Page, item: &Item) {
    let head = vec![
        ("name", item.name.clone()),
        ("classname", item.group.clone()),
    ];
    if item.state == State::Pass {
        return page.empty("testcase", &head);
    }
    page.open("testcase", &head);
    let message = ("message", item.says());
    let name = match item.state {
        State::Fail => "failure",
        State::Skipped | State::Pass => "skipped",
        State::Error | State::CannotTell => "error",
    };
    if item.state == State::Skipped {
        page.empty(name, &vec![message]);
    } else {
        page.open(name, &vec![message, ("type", kind(item).to_owned())]);
        page.put(Event::Text(BytesText::new(&terminal_lines(&description(
            item,
        )))));
        page.close(name);
    }
    page.close("testcase");
}

fn kind(item: &Item) -> &'static str {
    match (item.cause, item.state) {
        (Some(cause), _) => cause.code,
        (None, State::Error) => "cannot-run",
        (None, _) => "cannot-tell",
    }
}

fn description(item: &Item) -> String {
    let place = item.place.as_ref();
    let place = place.map(|(file, line)| format!("{file} line {line}"));
    let next = item.next.iter().map(|next| format!("Next: {next}"));
    let lines = place.into_iter().chain([item.says()]);
    let lines = lines.chain(item.beside.clone()).chain(next);
    lines.collect::<Vec<_>>().join("\n")
}
