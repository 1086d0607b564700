//! Against third parties' recorded evidence: challenges, transcripts, HAR files, real cases; each test says when it skips.

use crate::shared::json;
use serde_json::Value;

#[test]
fn challenges_are_read_as_the_grammar_says() {
    let Some(file) = json("vectors/www-authenticate/challenges.json") else {
        return;
    };
    let (mut valid, mut wrong) = (0, Vec::new());
    for vector in file["vectors"].as_array().expect("vectors") {
        let lines: Vec<&str> = vector["headers"]
            .as_array()
            .expect("headers")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let read = why401::http::challenge::read(lines);
        let is_valid = vector["rfc9110"]["valid"] == true;
        let expected = if is_valid {
            Some(&vector["rfc9110"]["challenges"])
        } else {
            vector["recover"]["challenges"].as_array().map(|_| &vector["recover"]["challenges"])
        };
        valid += usize::from(is_valid && read.faults.is_empty());
        let fits = expected.is_none_or(|list| holds(&read.list, list, is_valid));
        if !fits || is_valid != read.faults.is_empty() {
            wrong.push(format!("{}: {:?}", vector["id"], read));
        }
    }
    assert_eq!(valid, 342, "{}", wrong.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the challenges are those of the list; a recovered field may hold more than was asked for.
fn holds(read: &[why401::http::challenge::Challenge], list: &Value, exactly: bool) -> bool {
    let list = list.as_array().expect("challenges");
    let same = |(own, other): (&why401::http::challenge::Challenge, &Value)| {
        let params: Vec<(String, String)> = match &other["params"] {
            Value::Array(pairs) => pairs
                .iter()
                .map(|p| (text(&p[0]).to_ascii_lowercase(), text(&p[1])))
                .collect(),
            Value::Object(members) => members
                .iter()
                .filter(|(_, v)| !v.is_null())
                .map(|(n, v)| (n.to_ascii_lowercase(), text(v)))
                .collect(),
            _ => Vec::new(),
        };
        let found: Vec<(String, String)> = own
            .params
            .iter()
            .map(|(n, v)| (n.to_ascii_lowercase(), v.clone()))
            .collect();
        let params_fit = if exactly {
            found == params
        } else {
            params.iter().all(|p| found.contains(p))
        };
        own.scheme.eq_ignore_ascii_case(other["scheme"].as_str().expect("scheme"))
            && (!exactly || own.token68.as_deref() == other["token68"].as_str())
            && params_fit
    };
    (read.len() == list.len() || !exactly && read.len() > list.len())
        && read.iter().zip(list).all(same)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
