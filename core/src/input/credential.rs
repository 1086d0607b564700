//! The credential in what people pipe in place of a token: a whole command, header lines, a transcript.

use crate::http::WIRE;

use super::{Item, curl_command, curl_trace, http_text, text};

/// Fields in which a credential stands by itself.
fn fields() -> impl Iterator<Item = &'static str> {
    let others = WIRE.credential.iter().copied();
    std::iter::once("authorization").chain(others.filter(|name| *name != "cookie"))
}

/// The value of the credential header that the text sends, with its scheme; empty where it plainly sends none. `None`
/// where the text is no such thing: then it may be the token itself, or a token's answer.
pub fn credential_in(pasted: &str) -> Option<String> {
    let bare = pasted.trim();
    let prompt = bare.trim_start_matches(['$', '%', '>', '#', ' ']);
    let field = bare
        .split_once(':')
        .is_some_and(|(name, _)| fields().any(|own| name.trim().eq_ignore_ascii_case(own)));
    let command = curl_command::starts(prompt);
    if !field && !command && !curl_trace::looks_like(bare) && !http_text::looks_like(bare) {
        return None;
    }
    let (mut value, mut known) = (None, false);
    text::read(bare, "", &mut |item| {
        if let Item::Exchange(exchange) = item {
            let request = &exchange.request;
            known |= request.headers.is_some() && !request.selected;
            let sent = fields().find_map(|name| request.header(name));
            if value.is_none() {
                value = sent.map(str::to_owned);
            }
        }
    });
    value.or_else(|| known.then(String::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_header_or_transcript_gives_its_credential() {
        for (text, value) in [
            (
                "curl https://a.example/b -H 'Authorization: Bearer abc'",
                Some("Bearer abc"),
            ),
            ("Authorization: Bearer abc\n", Some("Bearer abc")),
            (
                "authorization: Bearer Bearer abc",
                Some("Bearer Bearer abc"),
            ),
            (
                "> GET /b HTTP/1.1\n> Host: a.example\n> X-Api-Key: abc\n>\n",
                Some("abc"),
            ),
            ("curl https://a.example/b", Some("")),
            (
                "curl https://a.example/b -H \"Authorization: Bearer $T\"",
                None,
            ),
            ("abcdef", None),
            ("Bearer abcdef", None),
            ("{\"access_token\":\"abc\"}", None),
        ] {
            assert_eq!(credential_in(text).as_deref(), value, "{text}");
        }
    }
}
