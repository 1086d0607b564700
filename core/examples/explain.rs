//! Ten lines: a refused request as somebody pasted it, and why it was refused.

use why401_core::diagnose::Clock;
use why401_core::triage::{Declared, Options, Providers, explain};

const PASTED: &str = "HTTP/1.1 403 Forbidden\r\nWWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"orders:read\"\r\n\r\n";

fn main() -> std::io::Result<()> {
    let clock = Clock::at(1_767_225_600);
    let options = Options::new("pasted", Declared::at(clock));
    let report = explain(PASTED.as_bytes(), &Providers::shipped(), &options);
    let cause = report
        .diagnoses
        .first()
        .and_then(|diagnosis| diagnosis.cause());
    let code = cause.map_or("none", |finding| finding.cause.code);
    std::io::Write::write_all(&mut std::io::sink(), code.as_bytes())?;
    assert_eq!(code, "scope.missing");
    Ok(())
}
