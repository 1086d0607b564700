use super::*;
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};

/// What a server said, and the causes that it may mean; none where it is no refusal.
#[derive(Deserialize)]
struct Line {
    says: String,
    means: Vec<String>,
}

fn lines() -> Vec<Line> {
    let text = include_str!("../../../fixtures/language.ndjson");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")))
        .collect()
}

fn read(vocabulary: &Vocabulary, text: &str) -> Reading {
    let mut clauses = Clauses::default();
    clauses.add("body", text);
    vocabulary.read(&clauses)
}

#[test]
fn every_line_of_the_fixture_is_read_as_it_says() {
    let wrong: Vec<String> = lines()
        .iter()
        .filter_map(|line| {
            let reading = read(Vocabulary::shipped(), &line.says);
            let first = reading.senses.first();
            let right = match first {
                Some(sense) => line.means.iter().any(|code| code == sense.cause),
                None => line.means.is_empty(),
            };
            let read = first.map(|sense| (sense.cause, &sense.words));
            (!right).then(|| format!("{}: {read:?}", line.says))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_packed_vocabulary_reads_as_its_text_does() {
    let text = include_str!(concat!(env!("WHY401_TABLES"), "/language.toml"));
    let parsed = Vocabulary::parse(text).expect("the vocabulary is sound");
    for line in lines().iter().step_by(7) {
        let packed = read(Vocabulary::shipped(), &line.says);
        assert_eq!(packed, read(&parsed, &line.says), "{}", line.says);
    }
}

#[test]
fn a_path_that_is_refused_is_not_an_unknown_path() {
    for text in ["403 Forbidden for /reports/7", "Unauthorized: /reports/7"] {
        let reading = read(Vocabulary::shipped(), text);
        let unknown = reading
            .senses
            .iter()
            .any(|own| own.cause == "endpoint.unknown");
        assert!(!unknown, "{text}");
    }
}

#[test]
fn what_stands_behind_a_colon_is_the_reason() {
    let first = |text: &str| read(Vocabulary::shipped(), text).senses[0].cause;
    assert_eq!(
        first("Failed to decode the JWT: the audience is invalid"),
        "token.audience"
    );
    assert_eq!(
        first("io.example.JwtDecodeException: no matching key found for kid 7"),
        "token.signature"
    );
}

#[test]
fn a_code_of_the_token_endpoint_says_what_its_words_are_about() {
    let first = |text: &str| read(Vocabulary::shipped(), text).senses[0].cause;
    let beside =
        r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#;
    assert_eq!(first(beside), "grant.invalid");
    assert_eq!(
        first(r#"{"error":"invalid_token","error_description":"The token has expired."}"#),
        "token.expired"
    );
}

#[test]
fn what_would_be_so_is_not_said_to_be_so() {
    let text = "The API answers 401 if the token is missing or expired.";
    assert!(read(Vocabulary::shipped(), text).senses.is_empty());
}

#[test]
fn a_determiner_belongs_to_the_noun_behind_it() {
    let first = |text: &str| read(Vocabulary::shipped(), text).senses[0].cause;
    assert_eq!(first("No bearer token was found"), "header.missing");
    assert_eq!(
        first("No signature algorithm was found for the token"),
        "token.signature"
    );
}

#[test]
fn spelling_and_case_do_not_change_what_is_read() {
    let causes = |text: &str| {
        let reading = read(Vocabulary::shipped(), text);
        reading.senses.iter().map(|s| s.cause).collect::<Vec<_>>()
    };
    for (one, other) in [
        (
            "You are not authorised to edit this",
            "You are not authorized to edit this",
        ),
        ("Unrecognised access token", "Unrecognized access token"),
        ("jwt.signature.invalid", "JWT_SIGNATURE_INVALID"),
        ("tokenExpired", "token-expired"),
    ] {
        assert!(!causes(one).is_empty(), "{one}");
        assert_eq!(causes(one), causes(other), "{one}");
    }
}

#[test]
fn what_a_program_failed_to_do_is_no_fault_of_the_credential() {
    for text in [
        "Failed to create the access token",
        "could not save the client secret",
        "unable to generate an API key",
    ] {
        let reading = read(Vocabulary::shipped(), text);
        assert_eq!(reading.senses[0].cause, "server.fault", "{text}");
    }
}

fn said(text: &str) -> Reading {
    let mut clauses = Clauses::default();
    clauses.add("body", text);
    Reading::of(&clauses, None, false)
}

#[test]
fn the_model_weighs_causes_that_are_causes() {
    let text = include_str!(concat!(env!("WHY401_TABLES"), "/likeness.tsv"));
    let causes = text.lines().find_map(|line| line.strip_prefix("causes\t"));
    let causes: Vec<&str> = causes.expect("a line of causes").split('\t').collect();
    let unknown = causes
        .iter()
        .find(|code| **code != "none" && crate::finding::by_code(code).is_none());
    assert_eq!(unknown, None);
    assert!(causes.len() > 30, "{causes:?}");
}

#[test]
fn the_model_weighs_concepts_that_the_language_has() {
    let text = include_str!(concat!(env!("WHY401_TABLES"), "/likeness.tsv"));
    let vocabulary = Vocabulary::shipped();
    let concepts = 0..u16::try_from(vocabulary.quoted.len()).expect("few concepts");
    let known: HashSet<String> = concepts.map(|concept| vocabulary.label(concept)).collect();
    let marks = text.lines().filter_map(|line| line.strip_prefix('+'));
    let names = marks.flat_map(|line| line.split('\t').next().unwrap_or_default().split('+'));
    let gone: BTreeSet<&str> = names.filter(|name| !known.contains(*name)).collect();
    assert!(
        gone.is_empty(),
        "train tables/likeness.tsv anew: {gone:?} are no concepts of tables/language.toml"
    );
}

#[test]
fn a_status_and_concepts_are_marks_of_a_text() {
    let mut clauses = Clauses::default();
    clauses.add("body", "The access token expired");
    let marks = marks(&clauses);
    for mark in ["access token", "expir*", "=0token.expired3"] {
        assert!(marks.contains(mark), "{mark}: {marks:?}");
    }
    assert!(marks.iter().any(|mark| mark.matches('+').count() == 2));
    let refused = Reading::of(&clauses, Some(401), false);
    assert_eq!(refused.likely.share(None), 0, "a 401 is a refusal");
}

#[test]
fn likeness_alone_is_never_clear() {
    // No rule of the grammar reads these as they stand.
    for text in [
        "unmatched ip.",
        "Kindly sign in once more, that one is too old by now",
    ] {
        let reading = said(text);
        let alone = reading.senses.iter().filter(|sense| sense.likeness);
        assert!(
            alone.clone().all(|sense| sense.strength < 40),
            "{:?}",
            reading.senses
        );
    }
}

#[test]
fn a_plain_refusal_is_not_doubted_and_plain_success_is_harmless() {
    assert!(
        !said("The access token expired")
            .likely
            .doubts("token.expired", 40)
    );
    assert!(
        said("The access token expired")
            .likely
            .doubts("cors.preflight", 50)
    );
    assert!(
        said("Client authentication succeeded, session created for user ana")
            .likely
            .is_harmless(true)
    );
    assert!(
        !said("Authentication failed: invalid credentials")
            .likely
            .is_harmless(true)
    );
    assert!(!said("").likely.is_harmless(true));
    assert_eq!(said("401").senses, []);
}

#[test]
fn what_servers_say_in_other_languages_is_read() {
    for (text, cause) in [
        ("Ihre IP-Adresse ist nicht zugelassen.", "ip.blocked"),
        (
            "Die Funktion ist in Ihrem Tarif nicht enthalten.",
            "feature.disabled",
        ),
        ("Bitte zuerst einloggen", "header.missing"),
        ("Le jeton a expiré.", "token.expired"),
        ("Vous n'êtes pas connecté", "header.missing"),
        ("No está autorizado para ver esto", "permission.missing"),
        ("Sua sessão expirou", "token.expired"),
        ("Неверный API-ключ", "token.unknown"),
        ("セッションがタイムアウトしました。", "token.expired"),
        ("パーミッションがありません", "permission.missing"),
        ("Nesprávné heslo.", "credentials.invalid"),
        ("Platnost tokenu vypršela.", "token.expired"),
        ("Термін дії токена закінчився.", "token.expired"),
        ("Недійсні облікові дані.", "credentials.invalid"),
        ("Обліковий запис заблоковано.", "account.unsuitable"),
        ("Felaktigt lösenord.", "credentials.invalid"),
        (
            "Forkert brugernavn eller adgangskode.",
            "credentials.invalid",
        ),
        ("Du har inte behörighet.", "permission.missing"),
        ("Nincs jogosultsága.", "permission.missing"),
        ("Mật khẩu không đúng.", "credentials.invalid"),
        ("Bạn không có quyền truy cập.", "permission.missing"),
        ("Kata sandi salah.", "credentials.invalid"),
        ("Anda tidak memiliki izin.", "permission.missing"),
    ] {
        let reading = said(text);
        let first = reading.senses.first().map(|sense| sense.cause);
        assert_eq!(first, Some(cause), "{text}: {:?}", reading.senses);
    }
}

#[test]
fn what_only_sounds_like_a_refusal_is_none() {
    for text in [
        "✔ rejects an expired token",
        "=== RUN   TestExpiredToken",
        "http_request_errors_total{reason=\"wrong_auth_key\"} 0",
        "error TS2339: Property 'accessToken' does not exist on type 'Session'.",
        "# the token must not be expired",
        "PermissionError: [Errno 13] Permission denied: '/var/log/app.log'",
        "EACCES: permission denied, open '/srv/token.json'",
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        "[main.go:60] Denying requests with invalid JWT tokens",
        "client error 400",
    ] {
        assert_eq!(said(text).senses, [], "{text}");
    }
}

#[test]
fn what_looks_like_a_program_and_is_an_answer_is_read() {
    for (text, cause) in [
        ("assertion expired (exp=1)", "token.expired"),
        ("invalid_token 401", "token.unknown"),
    ] {
        let first = said(text).senses.first().map(|sense| sense.cause);
        assert_eq!(first, Some(cause), "{text}");
    }
}

#[test]
fn the_name_of_a_logger_or_an_exception_blames_nobody() {
    let first = |text: &str| said(text).senses.first().map(|sense| sense.cause);
    let named = first("MongoServerError: Authentication failed.");
    assert!(
        named.is_some() && named != Some("server.fault"),
        "{named:?}"
    );
    let named = first("[Rack::HostApp] Blocked hosts: api.internal");
    assert_eq!(named, Some("edge.blocked"));
}

#[test]
fn what_is_no_answer_counts_only_where_a_request_is_known_to_be_refused() {
    for text in [
        "time=\"2026-03-01T08:00:00Z\" level=info msg=\"OIDC login disabled\"",
        r#"{"level":"info","msg":"api key authentication is not enabled"}"#,
        "[info] session expired, renewing",
        "A 403 response indicates that the token does not have the required scope.",
        "// Reject requests with a missing token",
        "raise HTTPException(status_code=401, detail=\"Invalid token\")",
        "feat(auth): reject tokens without audience",
        "require_mfa: true",
    ] {
        assert_eq!(said(text).senses, [], "{text}");
        let mut clauses = Clauses::default();
        clauses.add("body", text);
        let refused = Reading::of(&clauses, Some(403), false);
        assert!(!refused.is_silent(), "{text}");
    }
    let noted = said("level=info msg=\"authentication failed: wrong password\" user=ana");
    let first = noted.senses.first().map(|sense| sense.cause);
    assert_eq!(first, Some("credentials.invalid"));
}

#[test]
fn too_many_tries_are_a_limit_and_no_wrong_password() {
    for text in [
        "Too many wrong passwords. Wait 30 seconds.",
        "Max sign-in attempts reached, come back later",
        "Maximum number of login attempts exceeded",
        "You have exceeded the number of allowed password attempts",
        "Too many unsuccessful logins with a wrong username or password",
    ] {
        let reading = read(Vocabulary::shipped(), text);
        assert_eq!(reading.senses[0].cause, "rate.limited", "{text}");
        let wrong = |sense: &&Sense| sense.cause == "credentials.invalid" && sense.strength >= 40;
        assert_eq!(reading.senses.iter().find(wrong), None, "{text}");
    }
    for text in [
        "Wrong password. 2 attempts left.",
        "Invalid username or password, 3 tries remaining",
    ] {
        let reading = read(Vocabulary::shipped(), text);
        assert_eq!(reading.senses[0].cause, "credentials.invalid", "{text}");
    }
}

#[test]
fn a_code_without_marks_is_read_by_its_words() {
    for (code, cause) in [
        ("\"tokenexpired\"", "token.expired"),
        ("\"wrongpassword\"", "credentials.invalid"),
        (
            r#"{"error":"couldnt_decode_access_token"}"#,
            "token.malformed",
        ),
    ] {
        let reading = read(Vocabulary::shipped(), code);
        let first = reading.senses.first().map(|sense| sense.cause);
        assert_eq!(first, Some(cause), "{code}");
    }
    let vocabulary = Vocabulary::shipped();
    for whole in ["unauthenticated", "zebracrossing", "expired", "tokenx"] {
        assert_eq!(vocabulary.parted(whole), None, "{whole}");
    }
}

#[test]
fn what_a_request_is_about_is_no_credential() {
    for text in [
        "invalid color code",
        "currency code is unknown",
        "The coupon code has expired",
        "end date must be in the future",
        "The name of the token must not be empty",
        "pagination token could not be decoded",
        "The cursor is invalid or has expired",
        "page size exceeds the maximum",
        "The passwords do not match.",
        "etag does not match",
    ] {
        let reading = read(Vocabulary::shipped(), text);
        let first = reading.senses.first().map(|sense| sense.cause);
        assert_eq!(
            first,
            Some("request.invalid"),
            "{text}: {:?}",
            reading.senses
        );
    }
    // A stand-in for what was taken out is no name.
    let reading = read(Vocabulary::shipped(), "The token <redacted> has expired");
    assert_eq!(reading.senses[0].cause, "token.expired");
}

#[test]
fn a_reason_in_brackets_and_behind_an_equals_sign_goes_first() {
    let first = |text: &str| read(Vocabulary::shipped(), text).senses[0].cause;
    assert_eq!(
        first("Refused connection from 198.51.100.7 (bad password)"),
        "credentials.invalid"
    );
    assert_eq!(
        first("Denied request from 198.51.100.7: authentication failed"),
        "credentials.invalid"
    );
    assert_eq!(
        first("rpc error: code = InvalidArgument desc = bootstrap token expired"),
        "token.expired"
    );
    // What is missing stands behind the mark.
    let text = "Invalid authentication data (no `method` given)";
    let missing = read(Vocabulary::shipped(), text);
    assert!(
        missing
            .senses
            .iter()
            .all(|own| own.cause != "header.missing")
    );
}
