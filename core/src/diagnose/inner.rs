//! A refusal inside an answer whose status says success: GraphQL, RPC over HTTP, gateways that always answer 200.

use super::worded;
use crate::http::Body;
use crate::language::Reading;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Members that tell a status of their own.
const STATUSES: [&str; 8] = [
    "status",
    "code",
    "statusCode",
    "status_code",
    "httpStatus",
    "http_status",
    "errorCode",
    "error_code",
];

/// Members that hold what an error is made of; an answer's data is not looked at.
const ERRORS: [&str; 8] = [
    "error",
    "errors",
    "extensions",
    "status",
    "meta",
    "fault",
    "response",
    "result",
];

/// What the names of members that speak of an outcome begin with: `resultCode`, `err_msg`, `status`.
const OUTCOMES: [&str; 19] = [
    "", "api", "biz", "business", "err", "error", "info", "reply", "res", "resp", "response",
    "result", "ret", "return", "rsp", "stat", "state", "status", "sub",
];

/// What the names of members end with that say it in words.
const WORDS: [&str; 11] = [
    "desc",
    "description",
    "detail",
    "details",
    "error",
    "info",
    "message",
    "msg",
    "reason",
    "text",
    "title",
];

/// Names of the statuses 401 and 403: google.rpc.Code, and the codes that Apollo Server documents for GraphQL.
const NAMES: [&str; 6] = [
    "UNAUTHENTICATED",
    "UNAUTHORIZED",
    "NOT_AUTHENTICATED",
    "FORBIDDEN",
    "PERMISSION_DENIED",
    "ACCESS_DENIED",
];

/// Words as clear as this say that something was refused, where the answer only says that it failed.
const CLEAR: i32 = 36;

/// So deep and so many entries are looked at.
const DEEPEST: usize = 4;
const MOST: usize = 8;

/// What a body says of the call that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// It was refused: a status of its own says so.
    Refusal,
    /// It failed: a flag or a number says so, and words have to tell whether it was refused.
    Failure,
    /// Neither.
    Nothing,
}

/// What the names of members hold that say of a call that it failed, or in which words.
const NAMED: [&str; 15] = [
    "\"ok\"", "\"stat\"", "code", "desc", "detail", "err", "info", "message", "msg", "reason",
    "result", "status", "success", "text", "title",
];

/// Whether a text may say so: of an object none of whose members is named so nothing needs to be read.
pub(crate) fn may_fail(text: &str) -> bool {
    static NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let mut names = AhoCorasick::builder();
        names
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA));
        names.build(NAMED).ok()
    });
    crate::work::looked(text.len());
    let object = text.trim_start().starts_with('{');
    // A form may begin so, and a name be written in escapes.
    let plain = !text.contains("\\u") && (text.contains(' ') || !text.contains('='));
    !object || !plain || NAMES.as_ref().is_none_or(|names| names.is_match(text))
}

/// Looks for a status, a flag or a number of an error.
pub(super) fn of(body: &Body<'_>) -> Inner {
    match &body.json {
        Some(Value::Object(members)) if has_status(members, 0) => Inner::Refusal,
        Some(Value::Object(members)) if is_failure(members, 0) => Inner::Failure,
        None if worded::is_failure(body.text) => Inner::Failure,
        _ => Inner::Nothing,
    }
}

/// Whether the words of a failure are clearly those of a refusal.
pub(super) fn is_refusal_in_words(reading: &Reading) -> bool {
    let clear = reading.senses.first().is_some_and(|s| s.strength >= CLEAR);
    clear || reading.likely.tells_of_failure()
}

/// Whether an object, or one inside it, says that something failed. Of lists only those of errors are looked at.
fn is_failure(members: &Map<String, Value>, depth: usize) -> bool {
    let within = |value: &Value| match value {
        Value::Object(members) => is_failure(members, depth + 1),
        Value::Array(list) => list
            .iter()
            .take(MOST)
            .filter_map(Value::as_object)
            .any(names_an_error),
        _ => false,
    };
    failed(members)
        || numbered(members)
        || coded(members)
        || names_an_error(members)
        || depth < DEEPEST && members.values().take(MOST).any(within)
}

/// Whether a member is named after an error and has something to say.
fn names_an_error(members: &Map<String, Value>) -> bool {
    let named = |name: &str| name.starts_with("err") || name.contains("error");
    members
        .iter()
        .any(|(name, value)| named(&name.to_ascii_lowercase()) && says(value))
}

/// Whether a value has something to say of an error.
fn says(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && !WELL.contains(&text.as_str()),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Object(members) => !members.is_empty(),
        Value::Array(list) => list.iter().take(MOST).any(says),
        _ => false,
    }
}

/// Whether a code in letters stands beside words: `{"code":"ip_forbidden","msg":"…"}`.
fn coded(members: &Map<String, Value>) -> bool {
    let code = members.get("code").and_then(Value::as_str);
    let well = |code: &str| ["ok", "success"].contains(&code.to_ascii_lowercase().as_str());
    let letters = |code: &str| code.bytes().any(|byte| byte.is_ascii_alphabetic());
    code.is_some_and(|code| letters(code) && !well(code)) && is_worded(members)
}

/// What the names of members end with that number an outcome; a name may also be the beginning alone.
const NUMBERS: [&str; 7] = ["code", "cd", "no", "num", "number", "status", ""];

/// No name of a beginning and an end has so many letters.
const LONGEST: usize = 24;

/// Numbers that say that all is well.
const WELL: [&str; 8] = ["0", "00", "000", "0000", "00000", "1", "200", "20000"];

/// Whether a member numbers an error, and words stand beside it.
fn numbered(members: &Map<String, Value>) -> bool {
    let number = |value: &Value| {
        let text = match value {
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::String(text) => Cow::Borrowed(text.as_str()),
            _ => return false,
        };
        let digits = text
            .trim_start_matches('-')
            .bytes()
            .all(|b| b.is_ascii_digit());
        !text.is_empty() && digits && !WELL.contains(&text.as_ref())
    };
    members
        .iter()
        .any(|(name, value)| number(value) && is_named(name, &NUMBERS))
        && is_worded(members)
}

/// Whether a member says it in words.
fn is_worded(members: &Map<String, Value>) -> bool {
    members
        .iter()
        .any(|(name, value)| value.is_string() && is_named(name, &WORDS))
}

/// Whether a name speaks of an outcome and ends so, however its words are put together.
fn is_named(name: &str, ends: &[&str]) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphabetic);
    // Every member of every answer is asked, and few names are these.
    let letters: String = letters
        .take(LONGEST)
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    let begins = |end: &&str| {
        let start = letters.strip_suffix(*end);
        start.is_some_and(|start| OUTCOMES.contains(&start))
    };
    !letters.is_empty() && ends.iter().any(begins)
}

fn has_status(members: &Map<String, Value>, depth: usize) -> bool {
    let own = |name: &str| members.get(name).is_some_and(is_refusal);
    // A number is a status only where words stand beside it.
    if STATUSES.iter().any(|name| own(name)) && (depth > 0 || is_worded(members)) {
        return true;
    }
    depth < DEEPEST
        && ERRORS
            .iter()
            .filter_map(|name| members.get(*name))
            .any(|inner| match inner {
                Value::Object(members) => has_status(members, depth + 1),
                Value::Array(list) => list
                    .iter()
                    .take(MOST)
                    .filter_map(Value::as_object)
                    .any(|members| has_status(members, depth + 1)),
                _ => false,
            })
}

/// 401, 403, 407, 429 and their names.
fn is_refusal(value: &Value) -> bool {
    let number = |number: u64| matches!(number, 401 | 403 | 407 | 429);
    match value {
        Value::Number(own) => own.as_u64().is_some_and(number),
        Value::String(text) => NAMES.contains(&text.as_str()) || text.parse().is_ok_and(number),
        _ => false,
    }
}

/// Whether a flag in words says that the call failed.
pub(super) fn is_word_of_failure(text: &str) -> bool {
    [
        "err", "error", "errors", "fail", "failed", "failure", "fault", "ko", "nok",
    ]
    .contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a flag says that the call failed.
fn failed(members: &Map<String, Value>) -> bool {
    let is = |name: &str, flag: bool| members.get(name) == Some(&Value::Bool(flag));
    let fails = |name: &str| {
        let text = members.get(name).and_then(Value::as_str);
        text.is_some_and(is_word_of_failure)
    };
    is("ok", false)
        || is("success", false)
        || is("error", true)
        || ["status", "stat", "result"].iter().any(|name| fails(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Clauses;

    fn refused(text: &str) -> bool {
        let body = Body::read(text);
        assert!(may_fail(text) || of(&body) == Inner::Nothing, "{text}");
        let words = || {
            let mut clauses = Clauses::default();
            clauses.add("body", text);
            Reading::of(&clauses, None, false)
        };
        match of(&body) {
            Inner::Refusal => true,
            Inner::Failure => is_refusal_in_words(&words()),
            Inner::Nothing => false,
        }
    }

    #[test]
    fn a_body_that_refuses_is_known_whatever_the_status_says() {
        for text in [
            r#"{"ok":false,"error":"token_expired"}"#,
            r#"{"errors":[{"message":"Log in first","extensions":{"code":"UNAUTHENTICATED"}}],"data":null}"#,
            r#"{"errors":[{"message":"no","extensions":{"status":403}}]}"#,
            r#"{"status":401,"message":"Unauthorized"}"#,
            r#"{"code":"403","msg":"no"}"#,
            r#"{"error":{"code":401}}"#,
            r#"{"success":false,"message":"Invalid API key"}"#,
            r#"{"status":{"code":429,"message":"x"}}"#,
            r#"{"errcode":41001,"errmsg":"access_token missing"}"#,
            r#"{"ret_code":10010,"ret_msg":"unmatched ip","result":null}"#,
            r#"{"Reply":{"Error":{"Code":"InvalidKey","Message":"The access key is invalid"}}}"#,
            r#"{"data":{"error_code":7,"description":"the access token has expired"}}"#,
            r#"{"code":"ip_forbidden","msg":"This IP address has no access"}"#,
            r#"{"resultCode":"200000","resultDesc":"Authentication parameter is missing."}"#,
            r#"{"return_code":"1043","return_message":"The access token has expired"}"#,
            r#"{"error":["EGeneral:Permission denied"]}"#,
            r#"{"data":{"errors":["The access token has expired"]}}"#,
            r#"{"status":"0","info":"INVALID_USER_IP","infocode":"10005"}"#,
            r#"{"sent":1,"messages":[{"error-text":"Invalid credentials: the API key is wrong"}]}"#,
        ] {
            assert!(refused(text), "{text}");
        }
    }

    #[test]
    fn data_alone_is_not_read() {
        assert!(!may_fail(
            r#"{"entities":[{"id":"a","name":"b"}],"pageSize":25}"#
        ));
        for text in [
            r#"{"a":"b=c"}"#,
            r#"["error"]"#,
            r#"{"\u006fk":false}"#,
            r#"{"ERR":1}"#,
        ] {
            assert!(may_fail(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_fails_is_read(
            name in "(ok|error|err_?msg|stat|statusCode|ret|res_code|code|result|a|success|info|text|Errors|no|meta)",
            value in "(false|true|403|-7|\"fail\"|\"no\"|\\{\"code\":401\\}|\\[\\{\"message\":\"a\"\\}\\])",
            word in "(message|info|a|title|msg)",
        ) {
            let text = format!(r#"{{"{word}":"denied","{name}":{value}}}"#);
            proptest::prop_assert!(may_fail(&text) || of(&Body::read(&text)) == Inner::Nothing, "{}", text);
        }
    }

    #[test]
    fn data_and_failures_of_the_trade_are_no_refusal() {
        for text in [
            r#"{"code":401,"id":7}"#,
            r#"{"items":[{"code":403,"message":"room 403"}]}"#,
            r#"{"ok":true,"scope":"chat:write"}"#,
            r#"{"success":false,"message":"The cart is empty"}"#,
            r#"{"errors":[]}"#,
            r#"{"error":[],"result":{"token":"expired"}}"#,
            r#"{"errcode":0,"errmsg":"ok"}"#,
            r#"{"code":200,"msg":"token refreshed"}"#,
            r#"{"code":1007,"msg":"The warehouse has no more of it"}"#,
            r#"{"data":{"token":"x"},"error":null}"#,
            r#"{"status":"error","message":"Order 7 was shipped already"}"#,
            r#"{"code":"LT","msg":"Lithuania"}"#,
            r#"{"report":{"errors":3,"error":"the parcel is too heavy"}}"#,
            r#"{"items":[{"token":"a","expired":true}],"error_count":0}"#,
            r#"{"zipCode":"40101","description":"Use a token that has not expired"}"#,
            r#"{"resultCode":"000","resultDesc":"The access token has not expired"}"#,
        ] {
            assert!(!refused(text), "{text}");
        }
    }
}
