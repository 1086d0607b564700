//! Whether a text that is not JSON says that the call failed: a line, XML, a form.

use super::inner::is_word_of_failure;
use crate::http::start_of;

/// A line or a form that reports a failure is short; of XML so much is looked at.
const LINE: usize = 2 * 1024;
const XML: usize = 1024;

/// Words that begin a line which reports a failure.
const BEGINNINGS: [&str; 5] = [
    "denied",
    "exception",
    "forbidden",
    "unauthenticated",
    "unauthorized",
];

/// Whether a failure is reported; whether it is a refusal is told by its other words.
pub(super) fn is_failure(text: &str) -> bool {
    match text.starts_with('<') {
        true => is_xml_of_failure(start_of(text, XML)),
        false if text.len() > LINE => false,
        false => is_line_of_failure(text) || is_form_of_failure(text),
    }
}

/// `Error 4: …`, `ERR 1004 …`, `failed|…`, `-2 …`.
fn is_line_of_failure(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    let word = &text[..end.unwrap_or(text.len())];
    let begins = BEGINNINGS.contains(&word.to_ascii_lowercase().as_str());
    let is_name = text[word.len()..].starts_with('=');
    let number = text.strip_prefix('-').unwrap_or_default();
    let numbered = number.starts_with(|c: char| c.is_ascii_digit());
    numbered || !is_name && (begins || is_word_of_failure(word))
}

/// `ACK=Failure&L_ERRORCODE0=10002`, `error=invalid_key`.
fn is_form_of_failure(text: &str) -> bool {
    let pairs = || {
        text.split(['&', '\n'])
            .filter_map(|pair| pair.split_once('='))
    };
    !text.contains(' ') && pairs().any(|(name, value)| is_member_of_failure(name, value))
}

fn is_member_of_failure(name: &str, value: &str) -> bool {
    let named = name.to_ascii_lowercase().contains("error");
    let well = value.is_empty() || value.bytes().all(|byte| byte == b'0');
    named && !well || is_word_of_failure(value)
}

/// An element or attribute that is named after an error, or one whose value is a word of failure.
fn is_xml_of_failure(text: &str) -> bool {
    let named = |tag: &str| {
        let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
        let name = tag[..end.unwrap_or(tag.len())].rsplit(':').next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        ["err", "exception", "fault"]
            .iter()
            .any(|word| name.starts_with(word))
    };
    let says = |tag: &str| {
        let words = tag.split(['"', '\'', '>']);
        words.map(str::trim).any(is_word_of_failure)
    };
    text.split('<').any(|tag| named(tag) || says(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_reports_a_failure_is_known() {
        for text in [
            "Error: 4, Description: Request not allowed from this IP",
            "ERR 1002 Identification failed. Wrong credentials",
            "ERROR|invalid key",
            "-2 Unknown user",
            "Unauthorized",
            "error=invalid_key&message=no",
            "ACK=Failure&L_SHORTMESSAGE0=Security%20error",
            "<?xml version=\"1.0\"?><rsp stat=\"fail\"><err code=\"98\" msg=\"Invalid auth token\"/></rsp>",
            "<response><status>error</status><message>Invalid API key</message></response>",
            "<soap:Envelope><soap:Body><soap:Fault><faultstring>no</faultstring></soap:Fault></soap:Body></soap:Envelope>",
        ] {
            assert!(is_failure(text), "{text}");
        }
    }

    #[test]
    fn other_texts_report_none() {
        for text in [
            "",
            "OK 1002 sent",
            "Errands for today: renew the token",
            "errors=0&sent=4",
            "<rsp stat=\"ok\"><token>x</token></rsp>",
            "<users><user>The token has expired</user></users>",
            "a,b\n1,Error",
        ] {
            assert!(!is_failure(text), "{text}");
        }
        let report = format!("Error rates of the week\n{}", "a line\n".repeat(400));
        assert!(!is_failure(&report));
    }
}
