use super::*;
use crate::diagnose::Clock;
use crate::finding::Tally;
use crate::input::{self, InputOptions, Order};
use crate::triage::{Declared, Linker, Providers};
use proptest::prelude::*;
use std::sync::LazyLock;

const NOW: i64 = 1_767_225_600;

/// Counts lines one after the other; with a memo, or each by itself.
fn counted(lines: &[String], memo: Option<&Memo>) -> Tally {
    static PROVIDERS: LazyLock<Providers> = LazyLock::new(Providers::shipped);
    let declared = Declared::at(Clock::at(NOW));
    let judge = Judge::new(&PROVIDERS, &declared);
    let how = InputOptions {
        name: "x",
        form: None,
        fields: None,
    };
    let (mut linker, mut order) = (Linker::default(), Order::default());
    let mut report = Report::default();
    let judged = |linked: crate::triage::Linked, report: &mut Report| {
        let diagnosis = judge.exchange(&linked).expect("a diagnosis");
        report.tally.add(&diagnosis);
        if let Some(memo) = memo {
            memo.put(&linked, &judge, &TallyRow::of(&diagnosis));
        }
    };
    for line in lines {
        input::pieces(line.as_bytes(), how, &mut |piece| {
            let items = match memo {
                None => piece.read(how),
                Some(memo) => {
                    let counts = Wanted::Counts {
                        fields: None,
                        counted: &|_| true,
                    };
                    let mut skim = Skim::new(memo, judge, counts);
                    let items = piece.read_some(how, &mut |line| skim.look(line));
                    let items = skim.rest(items);
                    skim.done().add_to(&mut report, |_, _| {});
                    items
                }
            };
            for item in items {
                if let Item::Exchange(exchange) = order.next(item) {
                    let ready = linker.take(*exchange).or_else(|| linker.release());
                    judged(ready.expect("what was put in"), &mut report);
                }
            }
        })
        .expect("a text in memory can be read");
    }
    report.tally
}

fn line() -> impl Strategy<Value = String> {
    let id = prop_oneof![
        Just("d28cd949-6d7c-cf5f-19f0-adb07f68607e"),
        Just("351e3f2c-7daf-b069-1d7c-c7c9a39e7419"),
        Just("123456"),
        Just("654321"),
        Just("me"),
    ];
    let body = prop_oneof![
        Just(
            r#"{\"message\":\"You are missing the following permission(s): routing:queue:view\",\"code\":\"missing.permissions\",\"contextId\":\"ID\"}"#
        ),
        Just(r#"{\"error\":\"invalid_token\",\"error_description\":\"The token expired at AT\"}"#),
        Just(r#"{\"message\":\"Bad credentials\"}"#),
        Just(
            r#"{\"error\":{\"code\":\"AADSTS700016\",\"message\":\"application ID was not found\"}}"#
        ),
        Just(r#"{\"detail\":\"user ID lacks the role reader in division ID\"}"#),
        Just("Forbidden for 10.0.0.7"),
    ];
    let url = prop_oneof![
        Just("https://api.mypurecloud.com/api/v2/routing/queues/ID"),
        Just("https://graph.microsoft.com/v1.0/users/ID/messages"),
        Just("https://internal.example/v1/ledger/ID"),
    ];
    let status = prop_oneof![Just(401), Just(403), Just(404), Just(200), Just(429)];
    let apart = prop_oneof![
        Just(-400),
        Just(-300),
        Just(-299),
        Just(-1),
        Just(0),
        Just(1),
        Just(299),
        Just(300),
        Just(5_000)
    ];
    (id, body, url, status, apart.clone(), apart, 0..3_i64, 0..3).prop_map(|(id, body, url, status, exp, iat, at, form)| {
            let at = NOW + at * 1_800;
            let stamp = jiff::Timestamp::from_second(at).expect("a moment").to_string();
            let text = match form {
                0 => format!(r#"{{"method":"GET","url":"{url}","response_code":{status},"message":"{body}","duration":{exp},"timestamp":"{stamp}"}}"#),
                1 => format!(r#"{{"id":"case-{exp}","request":{{"method":"GET","url":"{url}","headers":{{"Authorization":"Bearer <redacted>"}}}},"response":{{"status":{status},"body":"{body}"}},"token":{{"claims":{{"sub":"ID","exp":{},"iat":{},"scope":"users"}}}},"at":"{stamp}"}}"#, at + exp, at + iat),
                _ => format!(r#"{{"id":"case-{iat}","request":{{"method":"GET","url":"{url}"}},"response":{{"status":{status},"headers":{{"date":"Thu, 01 Jan 2026 00:00:00 GMT"}},"body":"{body}"}},"token":{{"claims":{{"exp":{}}}}}}}"#, at + exp),
            };
            text.replace("ID", id).replace("AT", &stamp)
        })
}

/// The texts of records and log lines one after the other; put together where they can be, or each judged.
fn written(lines: &[String], memo: Option<&Memo>) -> String {
    static PROVIDERS: LazyLock<Providers> = LazyLock::new(Providers::shipped);
    let declared = Declared::at(Clock::at(NOW));
    let judge = Judge::new(&PROVIDERS, &declared);
    let how = InputOptions {
        name: "x",
        form: None,
        fields: None,
    };
    let mut text = String::new();
    for line in lines {
        input::pieces(line.as_bytes(), how, &mut |piece| {
            let texts = Wanted::Texts {
                name: how.name,
                between: "",
            };
            let unknown = Memo::default();
            let mut skim = Skim::new(memo.unwrap_or(&unknown), judge, texts);
            let items = piece.read_some(how, &mut |line| skim.look(line));
            let items = skim.rest(items);
            for ready in skim.done().ready() {
                text.push_str(&ready.text);
            }
            for item in items {
                let Item::Exchange(exchange) = item else {
                    continue;
                };
                let linked = crate::triage::Linked::alone(*exchange);
                let diagnosis = judge.exchange(&linked).expect("a diagnosis");
                let own = serde_json::json!({
                    "id": diagnosis.id,
                    "subject": diagnosis.subject,
                    "read_as": diagnosis.read_as,
                    "token": diagnosis.token,
                    "findings": diagnosis.findings,
                    "gates": diagnosis.gates,
                    "for": diagnosis.arguments,
                    "against": diagnosis.counterarguments,
                    "exchanges": diagnosis.exchanges,
                    "ruled_out": diagnosis.ruled_out,
                })
                .to_string();
                if let Some(memo) = memo {
                    memo.learn(&linked, &judge, &diagnosis, &own);
                }
                text.push_str(&own);
            }
        })
        .expect("a text in memory can be read");
    }
    text
}

/// A record or log line of a few kinds, whose ids and times are its own.
fn evidence() -> impl Strategy<Value = String> {
    let body = prop_oneof![
        Just(
            r#"{\"message\":\"missing the following permission(s): routing:queue:view\",\"contextId\":\"ID\"}"#
        ),
        Just(r#"{\"error\":\"invalid_token\",\"error_description\":\"The token expired at AT\"}"#),
        Just(r#"{\"detail\":\"user ID lacks the role reader in tenant-ID\"}"#),
        Just(r#"{\"error\":\"insufficient_scope\",\"scope\":\"read:ID\",\"trace\":\"HEX\"}"#),
    ];
    let path = prop_oneof![
        Just("routing/queues/ID"),
        Just("users/NUMBER?a=ID"),
        Just("users/me")
    ];
    let exp = prop_oneof![-400_i64..400, Just(0), -90_000_i64..90_000];
    let scope = prop_oneof![
        Just("users"),
        Just("a:ID b"),
        Just("routing users:readonly")
    ];
    let ids = (any::<u128>(), 1_000..100_000_u32, "[0-9a-f]{32}");
    let name = "[a-z]{1,3}-[0-9]{1,4}";
    (body, path, exp, scope, ids, -90_000_i64..90_000, name, 0..3).prop_map(|(body, path, exp, scope, (id, number, hex), at, name, form)| {
            let at = NOW + at;
            let stamp = jiff::Timestamp::from_second(at).expect("a moment").to_string();
            let id = format!("{id:032x}");
            let id = format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]);
            let record = format!(
                r#"{{"id":"{name}","request":{{"method":"GET","url":"https://api.mypurecloud.com/api/v2/{path}","headers":{{"Authorization":"Bearer <redacted>"}}}},"response":{{"status":403,"body":"{body}"}},"token":{{"claims":{{"sub":"ID","exp":{},"iat":{},"scope":"{scope}"}}}},"at":"{stamp}"}}"#,
                at + exp,
                at + exp - 3_600,
            );
            let text = match form {
                0 => record,
                1 => format!(r#"{{"request_id":"{name}","method":"GET","path":"/api/v2/{path}","host":"api.mypurecloud.com","response_code":403,"duration":{number},"message":"{body}","time":"{stamp}"}}"#),
                _ => format!(r#"10.0.0.1 - - [01/Jan/2026:10:00:00 +0000] "GET /api/v2/{path} HTTP/1.1" 403 {number} "-" "{name}""#),
            };
            text.replace("HEX", &hex).replace("NUMBER", &number.to_string()).replace("ID", &id).replace("AT", &stamp)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2))]
    #[test]
    fn what_is_put_together_is_what_would_be_written(lines in proptest::collection::vec(evidence(), 200)) {
        let memo = Memo::default();
        let whole = written(&lines, None);
        prop_assert_eq!(written(&lines, Some(&memo)), &whole[..]);
        let before = memo.rate().0;
        prop_assert_eq!(written(&lines, Some(&memo)), &whole[..]);
        prop_assert_eq!(written(&lines, Some(&memo)), &whole[..]);
        prop_assert!(memo.rate().0 > before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn what_is_remembered_is_what_would_be_judged(lines in proptest::collection::vec(line(), 60)) {
        let memo = Memo::default();
        prop_assert_eq!(counted(&lines, Some(&memo)), counted(&lines, None));
        let again = counted(&lines, Some(&memo));
        prop_assert_eq!(again, counted(&lines, None));
        prop_assert!(memo.rate().0 > 0);
    }
}

#[test]
fn a_record_that_another_may_follow_is_not_remembered() {
    let line =
        r#"{"request":{"method":"GET","url":"https://a.example/x"},"response":{"status":401}}"#;
    let lines = [line.to_owned(), line.to_owned()];
    let memo = Memo::default();
    counted(&lines, Some(&memo));
    assert_eq!(memo.rate(), (0, 2));
}

#[test]
fn the_id_of_a_record_is_nothing_that_is_judged() {
    let own = |line: &str| place_of_id(line).map(|place| line[place].to_owned());
    for with in [
        r#"{"id": "a-1", "b": 2}"#,
        r#"{"b": {"id": "x\\"}, "id" : "a-1", "c": 2}"#,
    ] {
        assert_eq!(own(with).as_deref(), Some("a-1"), "{with}");
    }
    for without in [
        r#"{"b": 2}"#,
        r#"{"b": {"id": "x"}}"#,
        r#"{"id": 7}"#,
        r#"{"b": "\"id\": \"x\""}"#,
        "{\"id\": \"a\\n\"}",
        "{\"id",
    ] {
        assert_eq!(own(without), None, "{without}");
    }
}
