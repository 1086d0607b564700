//! Every form of evidence has a sample in `fixtures/inputs`, which is told by its looks, read, and read again once it is
//! cleaned.

use std::collections::BTreeSet;
use why401_core::http::Exchange;
use why401_core::input::{self, InputForm, InputOptions, Item};
use why401_core::scrub::{Keep, scrub};

fn read(text: &str) -> (InputForm, Vec<Exchange>) {
    let how = InputOptions {
        name: "x",
        form: None,
        fields: None,
    };
    let mut out = Vec::new();
    let form = input::read(text.as_bytes(), how, &mut |item| {
        if let Item::Exchange(exchange) = item {
            out.push(*exchange);
        }
    });
    (form.expect("readable"), out)
}

#[test]
fn every_form_has_a_sample_that_is_told_read_and_cleaned() {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir("fixtures/inputs").expect("samples") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let (form, exchanges) = read(&text);
        assert!(!exchanges.is_empty(), "{}", path.display());
        let cleaned = scrub(&text, form, &Keep::default()).expect("scrubbed");
        let statuses = |own: &[Exchange]| -> Vec<Option<u16>> {
            let answers = own.iter().map(|own| own.response.as_ref());
            answers.map(|own| own.and_then(|own| own.status)).collect()
        };
        let (again, same) = read(&cleaned.text);
        assert_eq!(again, form, "{}", path.display());
        assert_eq!(statuses(&same), statuses(&exchanges), "{}", path.display());
        found.insert(form.name());
    }
    let all = InputForm::NAMES.iter().map(|(_, form)| form.name());
    assert_eq!(found, all.collect(), "a sample a form");
}

#[test]
fn requests_among_other_lines_of_a_log_are_counted_one_by_one() {
    let log = "2026-11-20 08:00:01,120 INFO  starting worker pid=4411\n\
        2026-11-20 08:00:02,001 INFO  POST https://api.example/orders -> 401 23ms\n\
        2026-11-20 08:00:02,002 WARN  retrying in 5s\n\
        2026-11-20 08:00:07,301 INFO  POST https://api.example/orders -> 401 21ms\n\
        2026-11-20 11:00:07,301 INFO  POST https://api.example/orders -> 200 21ms\n";
    let run = crate::program::run(&["explain", "-"], Some(log));
    assert!(
        run.out.starts_with("3 requests: 2 denied, 1 clear"),
        "{}",
        run.out
    );
    assert_eq!(run.code, 1);
}
