//! Bad input: exit code 2, a clear word, nothing repeated that was typed.

use crate::program::{run, run_with};

const SECRET: &str = "s3cr3t-marked-value-0123456789";

#[test]
fn usage_errors_repeat_nothing() {
    let runs: [&[&str]; 9] = [
        &[
            "check",
            "GET",
            "https://api.mypurecloud.com/api/v2/users/me",
            SECRET,
        ],
        &["check", SECRET, "/api/v2/users/me"],
        &["check", "GET", SECRET],
        &["check", "GET", "/api/v2/users/me", "--provider", SECRET],
        &["check", "GET", "/a", "--format", SECRET],
        &[
            "check",
            "GET",
            "/a",
            "--provider",
            "genesys-cloud",
            "--token-kind",
            SECRET,
        ],
        &["check", "GET", "/a", "--leeway", SECRET],
        &["check", "GET", "/a", "--s3cr3t-marked-value-0123456789"],
        &[SECRET],
    ];
    for arguments in runs {
        for format in [&[][..], &["--format", "json"]] {
            let all: Vec<&str> = arguments.iter().chain(format).copied().collect();
            let run = run(&all, None);
            assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
            assert!(
                !run.out.contains("s3cr3t") && !run.err.contains("s3cr3t"),
                "{arguments:?}: {}{}",
                run.out,
                run.err
            );
            assert!(
                !run.out.is_empty() || run.err.starts_with("error: "),
                "{arguments:?}"
            );
        }
    }
}

#[test]
fn errors_use_the_reports_envelope() {
    let run = run(
        &["check", "GET", "/api/v2/users/me", "--format", "json"],
        None,
    );
    assert_eq!(run.code, 2);
    assert_eq!(run.json()["error"]["code"], "usage");
    assert!(
        run.json()["error"]["hint"]
            .as_str()
            .expect("hint")
            .contains("--provider")
    );
}

#[test]
fn a_named_source_that_is_empty_is_a_malformed_token() {
    let run = run(
        &[
            "check",
            "GET",
            "https://api.mypurecloud.com/api/v2/users/me",
            "--token-file",
            "-",
            "--format",
            "json",
        ],
        Some(""),
    );
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (1, Some("token.malformed"))
    );
}

#[test]
fn files_that_cannot_be_read_are_named_by_their_option() {
    for arguments in [
        &["token", "--token-file", "/no/such/file"][..],
        &["token", "--claims", "/no/such/file"],
        &["token", "--token-env", "NO_SUCH_VARIABLE"],
        &["token", "--token-cmd", "/no/such/program"],
    ] {
        let run = run(arguments, None);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(
            run.err.contains("error: ") && run.err.contains("hint: "),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_token_of_a_command_is_read_without_a_shell() {
    let run = run(
        &[
            "token",
            "--token-cmd",
            "printf 'Bearer %s' abc;def",
            "--format",
            "json",
        ],
        None,
    );
    assert_eq!(run.diagnosis()["token"]["form"], "opaque");
}

#[test]
fn two_sources_are_refused() {
    let run = run(&["token", "--token-file", "a", "--token-env", "B"], None);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cannot be used together"), "{}", run.err);
}

#[test]
fn a_broken_table_is_named_by_line_and_key() {
    let file = std::env::temp_dir().join(format!("why401-table-{}.toml", std::process::id()));
    std::fs::write(
        &file,
        format!("format = \"scope-table/1\"\n[provider]\nid = \"x\"\nnmae = \"{SECRET}\"\n"),
    )
    .expect("a temporary file");
    let run = run(
        &[
            "check",
            "GET",
            "/a",
            "--table",
            file.to_str().expect("UTF-8"),
        ],
        None,
    );
    std::fs::remove_file(&file).expect("removed");
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("line 4") && run.err.contains("nmae") && !run.err.contains(SECRET),
        "{}",
        run.err
    );
}

#[test]
fn help_needs_no_argument_and_prints_the_exit_codes() {
    let bare = run(&[], None);
    assert!(bare.out.lines().count() <= 15, "{}", bare.out);
    for word in ["check", "explain", "ticket.har", "why401 --help"] {
        assert!(bare.out.contains(word), "{word}: {}", bare.out);
    }
    let help = run(&["--help"], None);
    assert_eq!(help.code, 0);
    for line in ["0  clear", "1  denied", "2  cannot run", "3  unknown"] {
        assert!(help.out.contains(line), "{line}");
    }
}

#[test]
fn settings_come_from_flag_then_environment_then_file() {
    let folder = std::env::temp_dir().join(format!("why401-home-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("why401")).expect("a folder");
    std::fs::write(
        folder.join("why401/config.toml"),
        "provider = \"genesys-cloud\"\nformat = \"json\"\n",
    )
    .expect("a file");
    let home = folder.to_str().expect("UTF-8");
    let arguments = [
        "check",
        "GET",
        "/api/v2/users/me",
        "--scope",
        "user-basic-info",
    ];
    let from_file = run_with(&arguments, None, &[("XDG_CONFIG_HOME", home)]);
    assert_eq!(
        (
            from_file.code,
            from_file.json()["verdict"].as_str().map(str::to_owned)
        ),
        (0, Some("clear".to_owned()))
    );
    let no_file: Vec<&str> = arguments.iter().copied().chain(["--no-config"]).collect();
    assert_eq!(
        run_with(&no_file, None, &[("XDG_CONFIG_HOME", home)]).code,
        2
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}
