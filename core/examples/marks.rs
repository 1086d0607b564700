//! The marks of messages as the reader of refusal language has them, for `scripts/likeness.py`.
//!
//! usage: marks MESSAGES.ndjson: for each line its marks, in JSON

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a tool of training"
)]

use serde_json::Value;
use why401_core::language::{Clauses, marks};

fn main() {
    let path = std::env::args().nth(1).unwrap();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let mut clauses = Clauses::default();
        let body = line.get("body").or_else(|| line.get("says"));
        clauses.add("body", body.and_then(Value::as_str).unwrap_or_default());
        println!("{}", serde_json::to_string(&marks(&clauses)).unwrap());
    }
}
