//! The engine of the page, asked as the page asks it.

use serde_json::{Value, json};
use std::io::Read as _;
use why401_core::diagnose::Clock;
use why401_core::output::{Given, json as document};
use why401_core::triage::{Declared, Options, Providers, explain};
use why401_page::Session;

const NOW: i64 = 1_795_651_200;

/// The answer, the rows and the pieces.
fn ask(session: &mut Session, question: &Value, evidence: &str) -> (Value, Vec<Value>, String) {
    let (mut rows, mut pieces) = (Vec::new(), String::new());
    let answer = session.answer(
        question.to_string().as_bytes(),
        evidence.as_bytes(),
        &mut |row| rows.push(serde_json::from_str(row).expect("a row")),
        &mut |piece| pieces.push_str(piece),
    );
    (
        serde_json::from_str(&answer).expect("a document"),
        rows,
        pieces,
    )
}

fn opened() -> Session {
    let mut session = Session::default();
    ask(&mut session, &json!({"op": "open", "now": NOW}), "");
    session
}

/// A HAR of so many refusals that come to the same.
fn har(entries: usize) -> String {
    let entry = |number: usize| {
        json!({
            "startedDateTime": "2026-09-01T10:00:00Z",
            "request": {"method": "GET", "url": format!("https://api.mypurecloud.com/api/v2/routing/queues/{number}"), "headers": [{"name": "Authorization", "value": "Bearer kD83hdKq83hdoaue8XyZ0987aaQ"}]},
            "response": {"status": 403, "headers": [], "content": {"mimeType": "application/json", "text": "{\"code\":\"missing.permissions\",\"message\":\"You are missing the following permission(s): routing:queue:view\"}"}},
        })
    };
    let entries: Vec<Value> = (0..entries).map(entry).collect();
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

#[test]
fn the_page_says_what_the_core_says() {
    let text = har(3);
    let mut session = opened();
    let question = json!({"op": "explain", "name": "a.har", "file": true});
    let (end, rows, _) = ask(&mut session, &question, &text);
    assert_eq!((end["seen"].as_u64(), rows.len()), (Some(3), 3));
    let (own, ..) = ask(&mut session, &json!({"op": "report", "format": "json"}), "");
    let options = Options::new("a.har", Declared::at(Clock::at(NOW)));
    let report = explain(text.as_bytes(), &Providers::shipped(), &options);
    let given = Given {
        command: vec!["explain".to_owned(), "a.har".to_owned()],
        ..Given::default()
    };
    assert_eq!(own["text"], document::report(&report, &given));
}

#[test]
fn what_comes_to_the_same_is_kept_short_and_shows_the_reasons_of_the_first() {
    let mut session = opened();
    let question = json!({"op": "explain", "name": "a.har", "file": true});
    let (_, rows, _) = ask(&mut session, &question, &har(300));
    assert_eq!(rows[250][0], 250);
    assert!(
        rows[250][1]["url"]
            .as_str()
            .is_some_and(|url| url.ends_with("/250"))
    );
    let (whole, ..) = ask(&mut session, &json!({"op": "detail", "row": 150}), "");
    let (short, ..) = ask(&mut session, &json!({"op": "detail", "row": 250}), "");
    assert_eq!(whole["diagnoses"][0]["subject"]["place"], "a.har entry 151");
    assert_eq!(short["diagnoses"][0]["subject"]["place"], "a.har entry 1");
    let (counts, ..) = ask(&mut session, &json!({"op": "summary"}), "");
    assert_eq!(counts["requests"], 300);
}

#[test]
fn of_junk_the_first_places_are_kept_and_the_others_counted() {
    let mut session = opened();
    let record = r#"{"request":{"method":"GET","url":"https://api.github.com/user"},"response":{"status":401}}"#;
    let text = format!("{record}\n{}", "{\"broken\": \n".repeat(60));
    let question = json!({"op": "explain", "name": "a.jsonl", "file": true});
    let (end, rows, _) = ask(&mut session, &question, &text);
    let shown = end["skipped"].as_array().map_or(0, Vec::len);
    assert_eq!(
        (rows.len(), shown, &end["more_skipped"]),
        (1, 10, &json!(50))
    );
    let (report, ..) = ask(&mut session, &json!({"op": "report", "format": "json"}), "");
    let report = report["text"].as_str().unwrap_or_default();
    assert!(report.contains("\"more_skipped\": 50"), "{report}");
}

#[test]
fn a_token_stands_in_no_answer() {
    let token = "kD83hdKq83hdoaue8XyZ0987aaQ";
    let question = json!({"op": "check", "now": NOW, "token": format!("Bearer {token}"), "method": "GET", "url": format!("https://api.mypurecloud.com/api/v2/users/me?access_token={token}"), "scopes": token});
    let (answer, ..) = ask(&mut opened(), &question, "");
    assert!(!answer.to_string().contains(token));
    let request: why401_page::Request = serde_json::from_value(question).expect("a request");
    assert!(!format!("{request:?}").contains(token));
    let (answer, _, clean) = ask(&mut opened(), &json!({"op": "scrub"}), &har(2));
    assert_eq!(answer["form"], "HAR");
    assert!(!clean.contains(token) && clean.contains("missing.permissions"));
}

#[test]
fn what_cannot_be_done_is_said() {
    let mut session = opened();
    for (question, word) in [
        (json!({"op": "nothing"}), "does not know"),
        (json!({"op": "detail", "row": 7}), "no such row"),
        (json!({"op": "cause", "code": "x"}), "no such cause"),
        (
            json!({"op": "open", "now": NOW, "provider": "nobody"}),
            "provider id",
        ),
        (
            json!({"op": "check", "now": NOW, "method": "GET", "url": "nowhere"}),
            "URL",
        ),
        (json!({"op": "needs"}), "no table"),
    ] {
        let (answer, ..) = ask(&mut session, &question, "");
        let said = answer["error"].as_str().unwrap_or_default();
        assert!(said.contains(word), "{question}: {answer}");
    }
    let mut large = std::io::repeat(b'a').take(50_000_001);
    let mut pieces = 0;
    let answer = session.answer(br#"{"op":"scrub"}"#, &mut large, &mut |_| {}, &mut |_| {
        pieces += 1;
    });
    assert!(answer.contains("50 MB") && pieces == 0, "{answer}");
}

#[test]
fn operations_are_found_and_the_needs_of_recorded_calls_told() {
    let mut session = opened();
    let question = json!({"op": "search", "words": "routing queues", "provider": "genesys-cloud"});
    let (found, ..) = ask(&mut session, &question, "");
    assert_eq!(found["rows"][0]["rule"]["path"], "/api/v2/routing/queues");
    assert_eq!(found["rows"][0]["source"]["trust"], "A");
    let evidence = har(1).replace("/queues/0", "/queues");
    let question = json!({"op": "explain", "name": "pasted", "file": false});
    ask(&mut session, &question, &evidence);
    let (needs, ..) = ask(&mut session, &json!({"op": "needs"}), "");
    let own = &needs["documents"][0];
    assert_eq!(own["provider"], "genesys-cloud");
    assert_eq!(own["kinds"][1]["scopes"][0], "routing:readonly");
}

#[test]
fn every_table_that_knows_some_of_the_calls_says_what_they_need() {
    let mut session = opened();
    let calls = [
        "https://api.mypurecloud.com/api/v2/routing/queues",
        "https://api.nobody.example/v1/things",
        "https://gitlab.com/api/v4/user",
    ];
    for url in calls {
        let evidence = har(1).replace("https://api.mypurecloud.com/api/v2/routing/queues/0", url);
        let question = json!({"op": "explain", "name": "pasted", "file": false});
        ask(&mut session, &question, &evidence);
    }
    let (needs, ..) = ask(&mut session, &json!({"op": "needs"}), "");
    let documents = needs["documents"].as_array().expect("documents");
    let providers: Vec<&Value> = documents.iter().map(|own| &own["provider"]).collect();
    assert_eq!(providers, ["genesys-cloud", "gitlab"]);
    assert_eq!(documents[1]["kinds"][0]["scopes"], json!(["read_user"]));
    assert_eq!(needs["elsewhere"], 1);
}
