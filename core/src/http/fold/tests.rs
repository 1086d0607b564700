use super::*;
use proptest::prelude::*;

const NOW: i64 = 1_767_225_600;

fn key(text: &str) -> Vec<u8> {
    Folded::of(text, NOW, 0).expect("few ids").key
}

#[test]
fn ids_and_times_do_not_tell_texts_apart() {
    for (one, other) in [
        (
            "/a/d28cd949-6d7c-cf5f-19f0-adb07f68607e/b",
            "/a/351e3f2c-7daf-b069-1d7c-c7c9a39e7419/b",
        ),
        ("at 2026-01-01T01:00:00Z", "at 2026-01-01T01:09:59Z"),
        ("exp 1767220000", "exp 1767220001"),
        (
            "Thu, 01 Jan 2026 01:00:00 GMT",
            "Thu, 01 Jan 2026 01:00:01 GMT",
        ),
        (
            "/orders/12345 says tenant 12345 ",
            "/orders/54321 says tenant 54321 ",
        ),
        ("GET /users/12345 x", "GET /users/54321 x"),
        (
            "/orders/742 says tenant 742 ",
            "/orders/653 says tenant 653 ",
        ),
        ("GET /orders/347 x", "GET /orders/348 x"),
        ("from 10.0.0.1:80", "from 10.9.8.7:80"),
        (
            "trace 0af7651916cd43dd8448eb211c80319c",
            "trace 1af7651916cd43dd8448eb211c80319d",
        ),
    ] {
        assert_eq!(key(one), key(other), "{one}");
    }
}

#[test]
fn what_may_mean_something_is_kept() {
    for (one, other) in [
        ("status 401", "status 403"),
        ("AADSTS700016", "AADSTS700017"),
        ("GET /users/12345 x", "GET /users/543210 x"),
        ("/errors/401 x", "/errors/403 x"),
        // The same number may be the status.
        ("/a/347 status 347 ", "/a/348 status 348 "),
        ("code 10034", "code 10035"),
        ("/v1/users", "/v2/users"),
        ("tenant 12345 ", "tenant 54321 "),
        (
            "trace 0af7651916cd43dd8448eb211c80319c",
            "trace 0af7651916cd900902d8448eb211c803",
        ),
        // Codes of Microsoft Entra ID.
        ("/error/50076 ", "/error/53003 "),
        ("a 1.2.3 b", "a 1.2.4 b"),
        // The same id twice, or two.
        (
            "1234567890123456 1234567890123456",
            "1234567890123456 1234567890123457",
        ),
        // Before and after each other, and the moment of judging.
        (
            "exp 1767220000 at 2026-01-01T00:00:00Z",
            "exp 1767229999 at 2026-01-01T00:00:00Z",
        ),
        ("exp 1767225601", "exp 1767225599"),
        (
            "exp 1767220000 at 1767219999",
            "exp 1767220000 at 1767210000",
        ),
    ] {
        assert_ne!(key(one), key(other), "{one}");
    }
}

#[test]
fn of_a_long_text_a_short_key_is_kept_and_nothing_is_lost() {
    let page = |id: &str, word: &str| format!("{} {id} {word}", "<p>words</p>".repeat(1_000));
    let uuid = "d28cd949-6d7c-cf5f-19f0-adb07f68607e";
    assert_eq!(key(&page(uuid, "a")).len(), 32);
    assert_eq!(
        key(&page(uuid, "a")),
        key(&page("351e3f2c-7daf-b069-1d7c-c7c9a39e7419", "a"))
    );
    assert_ne!(key(&page(uuid, "a")), key(&page(uuid, "b")));
}

proptest! {
    #[test]
    fn any_text_folds(text in "([0-9]{1,14}|[a-f0-9]{8}|-[a-f0-9]{4}|[/. T:Z-]|\\PC){0,60}") {
        let _ = Folded::of(&text, NOW, 5);
    }
}

#[test]
fn a_uuid_is_folded_whatever_number_stands_in_it() {
    let one = "trace 9d31fe68-4014-e95b-2e14-875fd8daf90a";
    assert_eq!(key(one), key("trace 351e3f2c-7daf-b069-1d7c-c7c9a39e7419"));
}

proptest! {
    #[test]
    fn the_words_with_digits_are_found_whatever_stands_around_them(text in "([0-9a-z_]{1,9}|[ :/é]){0,20}", from in 0_usize..9) {
        let bytes = text.as_bytes();
        let from = from.min(bytes.len());
        let digit = (from..bytes.len()).find(|at| bytes[*at].is_ascii_digit());
        prop_assert_eq!(digit_behind(bytes, from), digit);
        if let Some(digit) = digit {
            let start = start_of_word(bytes, from, digit);
            prop_assert!(start >= from && start <= digit && bytes[start].is_ascii_alphanumeric());
            prop_assert!(bytes[start..digit].iter().all(|byte| is_of_word(*byte)));
            let before = bytes[from..start].iter().rposition(u8::is_ascii_alphanumeric);
            prop_assert!(before.is_none_or(|at| bytes[from + at..start].iter().any(|byte| !is_of_word(*byte))));
        }
    }
}
