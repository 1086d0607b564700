//! What the gate says of a credential as it is stored.

use crate::gate::{TOKEN, gate, manifest};
use crate::program::unwrapped;
use crate::wire::{Wire, json};

const TOKENS: &str = "[[app]]\nname = 'a'\ntoken-env = 'T'\nscopes = ['orders:read']\nneeds = ['orders:read']\nendpoints = ['GET https://orders.example.com/orders']\n";
const SECRET: &str = "a-client-secret-0123";

fn client() -> String {
    TOKENS.replace(
        "token-env = 'T'",
        "client-id = 'i'\nclient-secret-env = 'S'",
    )
}

#[test]
fn a_line_break_behind_a_variable_is_undecided_and_behind_a_file_a_note() {
    let broken = [format!("{TOKEN}\n"), format!("{SECRET}\r\n")];
    for (text, name, value) in [
        (TOKENS.to_owned(), "T", &broken[0]),
        (client(), "S", &broken[1]),
    ] {
        let path = manifest("stored-variable", &text).display().to_string();
        let run = gate(&path, &[], &[(name, value)]);
        let told = unwrapped(&run.out);
        assert_eq!(run.code, 3, "{told}");
        let said = format!(
            "undecided credential the environment variable `{name}` ends with a line break"
        );
        assert!(told.contains(&said), "{told}");
        let run = gate(&path, &[], &[(name, value.trim_end())]);
        assert_eq!(run.code, 0, "{}", run.out);
        let accepted = text + "unknown = { credential = 'pass' }\n";
        let path = manifest("stored-accepted", &accepted).display().to_string();
        assert_eq!(gate(&path, &[], &[(name, value)]).code, 0);
    }
    let path = manifest(
        "stored-file",
        &TOKENS.replace("token-env = 'T'", "token-file = 't.txt'"),
    );
    let file = path.with_file_name("t.txt");
    let path = path.display().to_string();
    for (text, noted) in [(format!("{TOKEN}\n"), true), (TOKEN.to_owned(), false)] {
        std::fs::write(&file, text).expect("a token");
        let run = gate(&path, &[], &[]);
        assert_eq!(run.code, 0, "{}", run.out);
        let told = unwrapped(&run.out);
        let said = told.contains("note.dirt (line 3): the file t.txt ends with a line break");
        assert_eq!(said, noted, "{told}");
    }
}

#[test]
fn a_line_break_stays_undecided_where_the_server_accepts_the_token_without_it() {
    let server = Wire::at("127.0.0.1", |text| match text.contains(TOKEN) {
        true => json("200 OK", "", "{}"),
        false => json("401 Unauthorized", "", "{}"),
    });
    let path = manifest("stored-online", TOKENS).display().to_string();
    let send_to = format!("a={}", server.origin());
    let more = ["--online", "--send-to", &send_to];
    let run = gate(&path, &more, &[("T", &format!("{TOKEN}\n"))]);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(
        unwrapped(&run.out).contains("ends with a line break"),
        "{}",
        run.out
    );
    assert_eq!(gate(&path, &more, &[("T", TOKEN)]).code, 0);
}

#[test]
fn offline_a_client_that_is_there_has_a_row() {
    let path = manifest("stored-client", &client()).display().to_string();
    let run = gate(&path, &[], &[("S", SECRET)]);
    let told = unwrapped(&run.out);
    assert_eq!(run.code, 0, "{told}");
    assert!(
        told.contains("not-asked credential id and secret are there"),
        "{told}"
    );
    let run = gate(&path, &[], &[]);
    assert!(!run.out.contains("are there"), "{}", run.out);
    // Online it is exit code 2 that says so.
    assert_eq!(gate(&path, &["--online"], &[]).code, 2);
}
