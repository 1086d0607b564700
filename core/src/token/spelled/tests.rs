use super::*;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const SECRET: &str = "zQ7-mA_rk3d0/se+cre~t0s.ig9Kx";

#[test]
fn every_spelling_is_found() {
    let percent = utf8_percent_encode(SECRET, NON_ALPHANUMERIC).to_string();
    let all = |code: &dyn Fn(u8) -> String| SECRET.bytes().map(code).collect::<String>();
    let spaced = |mark: &str| {
        let letters: Vec<String> = SECRET.chars().map(String::from).collect();
        letters.join(mark)
    };
    let wide: Vec<u8> = SECRET.bytes().flat_map(|b| [b, 0]).collect();
    let json = serde_json::Value::from(serde_json::Value::from(SECRET).to_string()).to_string();
    let spellings = [
        SECRET.to_owned(),
        SECRET.to_uppercase(),
        SECRET[4..].to_owned(),
        percent.clone(),
        percent.replace('%', "%25"),
        json,
        all(&|b| format!("%{b:02x}")),
        all(&|b| format!("\\u{b:04x}")),
        all(&|b| format!("\\u{{{b:x}}}")),
        all(&|b| format!("\\\\x{b:02X}")),
        all(&|b| format!("&#{b};")),
        all(&|b| format!("&amp;#x{b:x};")),
        all(&|b| format!("{b:02x}")),
        all(&|b| format!("{b:02X} ")),
        spaced("\u{200b}"),
        spaced("<wbr>"),
        spaced("**"),
        spaced("\n  "),
        spaced("\u{1b}[31m"),
        STANDARD.encode(SECRET),
        STANDARD.encode(format!("user:{SECRET}")),
        URL_SAFE_NO_PAD.encode(format!("{{\"a\":\"{SECRET}\"}}")),
        STANDARD.encode(STANDARD.encode(format!("1:{SECRET}"))),
        STANDARD.encode(&wide),
    ];
    let sought = Sought::of(&[SECRET]);
    for text in spellings {
        assert!(sought.is_in(&format!("before {text} behind")), "{text}");
    }
    assert!(!format!("{sought:?}").contains("zQ7"));
}

#[test]
fn what_is_no_secret_is_not_found() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3NjcyMjU2MDB9.c2lnbmF0dXJl";
    let sought = Sought::of(&[
        jwt,
        "insufficient_scope",
        "123456789012",
        "github_pat_11ABCDEFG0abcdefghijkl",
    ]);
    for text in [
        "the token eyJhbGciOiJSUzI1NiJ9 has no scope",
        "insufficient scope, insufficient-scope",
        "1767225600 and 2026-01-01T12:34:56.789012Z",
        "github_pat_ tokens",
        "100% \\ & &; %zz \\u \\x &#; <b",
        "",
    ] {
        assert!(!sought.is_in(text), "{text}");
    }
    assert!(sought.is_in("says insufficient_scope"));
    assert!(sought.is_of(&[
        jwt,
        "insufficient_scope",
        "short",
        "123456789012",
        "github_pat_11ABCDEFG0abcdefghijkl"
    ]));
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_searched(text in "\\PC{0,80}", secret in "\\PC{0,60}") {
        let sought = Sought::of(&[&secret]);
        let found = sought.is_in(&format!("{text}{secret}{text}"));
        assert!(found || secret.len() < SHORTEST);
    }

    #[test]
    fn base64_is_squeezed_as_it_is_written(bytes in proptest::collection::vec(0_u8.., 0..40), offset in 0_usize..3) {
        let (mut once, mut twice) = (Vec::new(), Vec::new());
        squeeze_base64(&bytes, offset, &mut once);
        for core in base64_cores(&bytes, offset) {
            squeeze(core.as_bytes(), &mut twice);
            assert_eq!(once, twice);
        }
    }
}
