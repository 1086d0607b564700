//! What a person gave goes first: a slip of the hand is corrected before anything is granted, and the kind of token that was
//! given stays.

use crate::program::{Run, run, run_with, unwrapped};

const API: &str = "https://api.mypurecloud.com/api/v2";

fn check(call: &str, more: &[&str]) -> Run {
    let (method, path) = call.split_once(' ').expect("METHOD path");
    let url = match path.starts_with("https://") {
        true => path.to_owned(),
        false => format!("{API}{path}"),
    };
    run(&[&["check", method, &url][..], more].concat(), None)
}

#[test]
fn a_mistyped_name_is_corrected_before_it_is_granted() {
    for (call, option, typed, meant) in [
        (
            "GET /routing/queues",
            "--scope",
            "routng:readonly",
            "routing:readonly",
        ),
        (
            "GET https://graph.microsoft.com/v1.0/users",
            "--scope",
            "User.Raed.All",
            "User.Read.All",
        ),
        (
            "GET /routing/queues",
            "--permissions",
            "routing:queu:view",
            "routing:queue:view",
        ),
    ] {
        let kind: &[&str] = match option {
            "--permissions" => &["--token-kind", "client_credentials"],
            _ => &[],
        };
        let list = format!("{typed},users");
        let run = check(call, &[&[option, &list][..], kind].concat());
        let text = unwrapped(&run.out);
        let fix = format!("fix Correct the spelling: `{meant}`. ");
        assert!(text.contains(&fix), "{text}");
        assert!(text.contains("possible, not certain"), "{text}");
        let next = run.out.lines().find(|line| line.contains("$ why401"));
        let again = format!("{option} {meant},users");
        assert!(
            next.is_some_and(|line| line.contains(&again)),
            "{}",
            run.out
        );
        let rows = run
            .out
            .lines()
            .map(|line| line.chars().count().div_ceil(80));
        assert!(rows.sum::<usize>() <= 12, "{}", run.out);
        let json = check(
            call,
            &[&[option, &list, "--format", "json"][..], kind].concat(),
        );
        let fix = json.diagnosis()["findings"][0]["fix"]["text"].to_string();
        let whole = format!("Correct the spelling: `{meant}`. If that one is missing too, ");
        assert!(fix.contains(&whole), "{fix}");
        let first = json.diagnosis()["next"][0]["text"].to_string();
        assert!(first.contains(typed) && first.contains(meant), "{first}");
    }
}

#[test]
fn a_name_that_only_a_report_has_is_asked_about_as_well() {
    let run = check(
        "POST /conversations/messaging",
        &["--scope", "view:conversaton"],
    );
    let text = unwrapped(&run.out);
    assert!(
        text.contains("view:conversaton: did you mean view:conversation?"),
        "{text}"
    );
    assert!(text.contains("--scope view:conversation "), "{text}");
    let run = check(
        "POST /conversations/messaging",
        &["--scope", "view:conversation"],
    );
    assert!(!run.out.contains("did you mean"), "{}", run.out);
}

#[test]
fn what_a_token_shows_nobody_mistyped() {
    // {"alg":"HS256"}.{"scope":"routng:readonly"}
    let token =
        "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6InJvdXRuZzpyZWFkb25seSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ";
    let url = format!("{API}/routing/queues");
    let words = ["check", "GET", &url, "--token-kind", "user"];
    let run = run(&words, Some(token));
    assert!(!run.out.contains("Correct the spelling"), "{}", run.out);
    assert!(!run.out.contains("ask again"), "{}", run.out);
}

#[test]
fn a_kind_that_was_given_is_not_changed_by_what_is_advised() {
    let call = "POST /conversations/messaging";
    let fix = |more: &[&str]| {
        let text = unwrapped(&check(call, more).out);
        let (_, fix) = text.split_once("fix ").expect("a fix");
        fix.split("next ").next().expect("a text").to_owned()
    };
    let client = fix(&["--token-kind", "client_credentials"]);
    assert!(
        client.contains("/agentless (a server without a user)"),
        "{client}"
    );
    assert!(
        !client.contains("agent session") && !client.contains("-v"),
        "{client}"
    );
    let user = fix(&["--token-kind", "user", "--scope", "view:conversation"]);
    assert!(
        user.starts_with("Use POST /api/v2/conversations/messages (a user's agent session)."),
        "{user}"
    );
    // Nobody gave a kind: every way is named.
    let open = fix(&["--scope", "view:conversation"]);
    assert!(
        open.contains("one of 3 others, depending on who calls"),
        "{open}"
    );
    // Such a token opens none of it.
    let guest = fix(&["--token-kind", "guest_chat"]);
    assert!(guest.contains("Use a client credentials token"), "{guest}");
}

#[test]
fn a_way_for_a_kind_that_nobody_declared_is_a_fault_of_the_table() {
    let text = "format = 'scope-table/1'\n[provider]\nid = 'x'\nname = 'X'\n[[source]]\nid = 's'\nkind = 'manual'\nfrom = 'https://x.example'\ndate = '2026-01-01'\ntrust = 'C'\n[[host]]\nname = 'x.example'\n[[kind]]\nid = 'user'\ngates = ['scope']\n[[gate]]\nid = 'scope'\nseen = 'claim:scope'\nholder = 'token'\n[[rule]]\nmethod = 'GET'\npath = '/a'\nsrc = ['s']\nneed.user.scope = [['a']]\ninstead = [{ method = 'GET', path = '/b', for = 'anybody', kinds = ['usr'] }]\n";
    let file = crate::gate::manifest("instead-kind", text);
    let words = ["tables", "lint", "--table", file.to_str().expect("UTF-8")];
    let run = run(&words, None);
    let said = format!("{}{}", run.out, run.err);
    assert!(
        unwrapped(&said).contains("`instead` names the kind `usr`, which is not declared"),
        "{said}"
    );
}

#[test]
fn a_need_that_is_only_reported_says_that_no_such_scope_is_published() {
    let call = "POST /conversations/messaging";
    let given = ["--scope", "view:conversation"];
    let run = check(call, &given);
    let text = unwrapped(&run.out);
    let told = "need write:conversation:messaging (reported; no such scope is published)";
    assert!(text.contains(told), "{text}");
    let rows = run
        .out
        .lines()
        .map(|line| line.chars().count().div_ceil(80));
    assert!(rows.sum::<usize>() <= 12, "{}", run.out);
    let reply = check(call, &[&given[..], &["--format", "markdown"]].concat()).out;
    assert!(
        reply.contains("(reported; no such scope is published)"),
        "{reply}"
    );
    let json = check(call, &[&given[..], &["--format", "json"]].concat());
    let gate = json.diagnosis()["gates"][0].clone();
    assert_eq!(
        gate["unpublished"][0], "write:conversation:messaging",
        "{gate}"
    );
    // What is published has no such mark.
    let published = check(
        "GET /routing/queues",
        &["--scope", "users", "--format", "json"],
    );
    assert!(published.diagnosis()["gates"][0]["unpublished"].is_null());
}

#[test]
fn a_search_finds_other_forms_of_a_word_and_what_is_published_in_place_of_a_report() {
    let search = |words: &[&str]| {
        let fixed = ["tables", "search"];
        let provider = ["--provider", "genesys-cloud"];
        run(&[&fixed[..], words, &provider].concat(), None).out
    };
    let out = search(&["messaging"]);
    for way in [
        "GET /api/v2/webmessaging/messages ",
        "POST /api/v2/conversations/messages ",
        "POST /api/v2/conversations/messages/agentless ",
        "GET /api/v2/conversations/messaging/settings ",
    ] {
        assert!(out.contains(way), "{way}: {out}");
    }
    let first = |words: &[&str]| search(words).lines().next().unwrap_or_default().to_owned();
    assert!(first(&["queue", "routing"]).contains("/api/v2/routing/queues "));
    assert!(first(&["routing", "queues"]).contains("/api/v2/routing/queues "));
    let none = run(&["tables", "search", "zzzzing"], None).out;
    assert!(
        none.contains("no operation contains all these words"),
        "{none}"
    );
}

const REFUSED: &str = "HTTP/2 401\ncontent-type: application/json\n\n{\"message\":\"Invalid login credentials.\",\"code\":\"bad.credentials\",\"status\":401}\n";

fn ran(prompt: &str, typed: &str) -> Run {
    let text = format!(
        "{prompt}curl -i {API}/routing/queues -H \"Authorization: Bearer {typed}\"\n{REFUSED}"
    );
    run_with(&["explain", "-"], Some(text.as_bytes()), &[])
}

#[test]
fn a_variable_of_another_shell_leads() {
    for (prompt, typed, shell, own) in [
        ("C:\\> ", "$TOKEN", "cmd.exe", "%TOKEN%"),
        ("C:\\Users\\me>", "${env:TOKEN}", "cmd.exe", "%TOKEN%"),
        ("$ ", "%TOKEN%", "a POSIX shell", "$TOKEN"),
        ("me@host:~$ ", "${env:TOKEN}", "a POSIX shell", "$TOKEN"),
        ("PS C:\\> ", "%TOKEN%", "PowerShell", "$env:TOKEN"),
    ] {
        let run = ran(prompt, typed);
        let text = unwrapped(&run.out);
        assert!(text.contains("401: token.malformed (derived"), "{text}");
        let because =
            format!("because The command ran in {shell}, which does not fill in `{typed}`:");
        assert!(text.contains(&because), "{text}");
        assert!(text.contains(&format!("fix Write `{own}`")), "{text}");
    }
    // What the shell fills in may be anything.
    for (prompt, typed) in [
        ("C:\\> ", "%TOKEN%"),
        ("$ ", "${TOKEN}"),
        ("PS C:\\> ", "$env:TOKEN"),
        ("PS C:\\> ", "$TOKEN"),
        ("", "%TOKEN%"),
    ] {
        let text = unwrapped(&ran(prompt, typed).out);
        assert!(
            text.contains("401: token.unknown (possible"),
            "{prompt}{typed}: {text}"
        );
    }
    let call = format!(
        "PS C:\\> Invoke-RestMethod -Uri {API}/routing/queues -Headers @{{Authorization=\"Bearer $TOKEN\"}}\n{REFUSED}"
    );
    let run = run_with(&["explain", "-"], Some(call.as_bytes()), &[]);
    assert!(!run.out.contains("token.malformed ("), "{}", run.out);
}

#[test]
fn a_long_command_counts_with_the_rows_that_it_takes_on_a_screen() {
    let issue = "https://api.atlassian.com/ex/jira/11223344-a1b2-3b33-c444-def123456789/rest/api/3/issue/PROJ-123/transitions";
    let scopes = "some-very-long-scope-name:readonly another-long-scope-name:write and:a:third";
    let more = [
        "--scope",
        scopes,
        "--permissions",
        "a.very.long.permission,another.very.long.one",
        "--audience",
        "https://an.audience.example/with/a/path",
    ];
    for method in ["GET", "POST"] {
        let run = run(&[&["check", method, issue][..], &more].concat(), None);
        let rows = run
            .out
            .lines()
            .map(|line| line.chars().count().div_ceil(80));
        assert!(rows.sum::<usize>() <= 12, "{}", run.out);
        // What there is no room for is told by what it adds.
        let text = unwrapped(&run.out);
        assert!(
            text.contains("next the same command with --token-kind oauth"),
            "{text}"
        );
        assert!(text.contains("scope.missing (possible"), "{text}");
    }
    let short = check("GET /routing/queues", &["--scope", "users"]);
    assert!(!short.out.contains("the same command"), "{}", short.out);
}
