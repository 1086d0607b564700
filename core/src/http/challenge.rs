//! `WWW-Authenticate`: strictly by RFC 9110 §11, else leniently with the faults named.

use super::scheme::{Scheme, Usage};

/// One challenge (RFC 9110 §11.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge {
    /// The authentication scheme, as written.
    pub scheme: String,
    /// The token68 after the scheme.
    pub token68: Option<String>,
    /// The parameters in their order, names as written.
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// A parameter's value; names compare without case (RFC 9110 §11.2).
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Whether it is of that scheme, compared without case.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }
}

/// Challenges and what had to be forgiven to read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenges {
    /// In their order.
    pub list: Vec<Challenge>,
    /// Where the field departs from RFC 9110; empty for a sound one.
    pub faults: Vec<&'static str>,
}

const TOKEN_EXTRA: &[u8] = b"!#$%&'*+-.^_`|~";

/// Reads field lines: together by the grammar, else each by itself, the broken ones leniently.
pub fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Challenges {
    let lines: Vec<&str> = lines.into_iter().collect();
    if let Ok(list) = strict(&lines.join(", ")) {
        return Challenges {
            list,
            faults: Vec::new(),
        };
    }
    let mut out = Challenges::default();
    for line in lines {
        match strict(line) {
            Ok(list) => out.list.extend(list),
            Err(fault) => {
                out.faults.push(fault);
                out.list.extend(lenient(line));
            }
        }
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        // Callers accept either ASCII only or every byte above it: the cut is on a character's edge.
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// OWS and BWS (RFC 9110 §5.6.3); a folded line counts as blanks (RFC 9112 §5.2).
    fn blanks(&mut self) -> &'a str {
        self.take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
    }

    fn token(&mut self) -> &'a str {
        self.take_while(is_token)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// A quoted-string's content (RFC 9110 §5.6.4), the opening quote already read.
    fn quoted(&mut self) -> Option<String> {
        let mut out = String::new();
        let mut rest = self.text.get(self.at..)?.char_indices();
        while let Some((offset, c)) = rest.next() {
            match c {
                '"' => {
                    self.at += offset + 1;
                    return Some(out);
                }
                '\\' => out.push(rest.next()?.1),
                c => out.push(c),
            }
        }
        None
    }
}

fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || TOKEN_EXTRA.contains(&b)
}

fn is_token68(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-._~+/".contains(&b)
}

/// By the grammar; the error says where it departs.
fn strict(text: &str) -> Result<Vec<Challenge>, &'static str> {
    let mut reader = Reader { text, at: 0 };
    let mut list: Vec<Challenge> = Vec::new();
    loop {
        reader.take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b','));
        if reader.peek().is_none() {
            break;
        }
        let before = reader.at;
        let word = reader.token();
        if word.is_empty() {
            return Err("a character where a scheme or parameter is expected");
        }
        let after_word = reader.at;
        reader.blanks();
        if reader.peek() == Some(b'=') {
            reader.at = before;
            let Some(current) = list.last_mut().filter(|c| c.token68.is_none()) else {
                return Err("a parameter belongs to no challenge");
            };
            if current.params.is_empty() && comma_after_scheme(&text[..before]) {
                return Err("a comma right after the scheme");
            }
            current.params.push(param(&mut reader)?);
        } else {
            reader.at = after_word;
            list.push(challenge(word, &mut reader)?);
        }
        reader.blanks();
        if !matches!(reader.peek(), None | Some(b',')) {
            return Err("no comma between two parameters or challenges");
        }
    }
    if list.is_empty() {
        return Err("there is no challenge in it");
    }
    Ok(list)
}

/// Whether the text before a first parameter ends as `scheme,`, where the grammar asks for a space.
fn comma_after_scheme(before: &str) -> bool {
    let scheme = before.trim_end_matches([' ', '\t', ',', '\r', '\n']);
    before[scheme.len()..].starts_with(',')
}

/// What follows a scheme: nothing, one token68, or the first parameter.
fn challenge(scheme: &str, reader: &mut Reader<'_>) -> Result<Challenge, &'static str> {
    let mut out = Challenge {
        scheme: scheme.to_owned(),
        ..Challenge::default()
    };
    let gap = reader.blanks();
    let start = reader.at;
    if matches!(reader.peek(), None | Some(b',')) {
        return Ok(out);
    }
    // A folded line counts as a space; a tab by itself does not (RFC 9110 §11.3).
    if !gap.contains([' ', '\n']) || gap.starts_with('\t') {
        return Err("no space after the scheme");
    }
    let body = reader.take_while(is_token68);
    let pads = reader.take_while(|b| b == b'=');
    let end = reader.at;
    reader.blanks();
    if !body.is_empty() && matches!(reader.peek(), None | Some(b',')) {
        out.token68 = Some(format!("{body}{pads}"));
        reader.at = end;
        return Ok(out);
    }
    reader.at = start;
    out.params.push(param(reader)?);
    Ok(out)
}

/// `token BWS = BWS ( token / quoted-string )` (RFC 9110 §11.2).
fn param(reader: &mut Reader<'_>) -> Result<(String, String), &'static str> {
    let name = reader.token().to_owned();
    reader.blanks();
    if name.is_empty() || !reader.eat(b'=') {
        return Err("neither a token68 nor a parameter follows the scheme");
    }
    reader.blanks();
    if reader.eat(b'"') {
        let value = reader.quoted().ok_or("a quote is not closed")?;
        return Ok((name, value));
    }
    match reader.token() {
        "" => Err("a parameter has no value"),
        value => Ok((name, value.to_owned())),
    }
}

/// Every scheme and `name=value` that can be found.
fn lenient(text: &str) -> Vec<Challenge> {
    let mut reader = Reader { text, at: 0 };
    let mut list: Vec<Challenge> = Vec::new();
    let mut after_comma = true;
    loop {
        let gap = reader.take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b','));
        after_comma |= gap.contains(',');
        if reader.peek().is_none() {
            return list;
        }
        let word =
            reader.take_while(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'=' | b'"'));
        let word_end = reader.at;
        reader.blanks();
        if reader.eat(b'=') && !word.is_empty() {
            let value = loose_value(&mut reader);
            if let Some(current) = list.last_mut() {
                current.params.push((word.to_owned(), value));
            }
        } else if word.is_empty() {
            // A stray quote or equals sign: stepped over.
            reader.at = word_end.max(reader.at) + usize::from(reader.at == word_end);
        } else {
            reader.at = word_end;
            let alone = reader.text[word_end..].trim_start().starts_with(',')
                || reader.text[word_end..].trim().is_empty();
            stray_word(word, after_comma, alone, &mut list);
        }
        after_comma = false;
    }
}

/// A word without `=`: a new scheme where it is a known one or something follows it after a comma, else the token68
/// of the challenge; alone between commas it is a parameter without a value, and says nothing.
fn stray_word(word: &str, after_comma: bool, alone: bool, list: &mut Vec<Challenge>) {
    let known = Scheme::named(word).is_some_and(|scheme| scheme.usage == Usage::Standard);
    match list.last_mut() {
        Some(current) if !after_comma && !known && current.token68.is_none() => {
            current.token68 = Some(word.to_owned());
        }
        Some(_) if alone && !known => {}
        _ if word.bytes().all(is_token) => list.push(Challenge {
            scheme: word.to_owned(),
            ..Challenge::default()
        }),
        _ => {}
    }
}

/// A value with its quote unclosed, doubled or missing: up to where the next parameter could start.
fn loose_value(reader: &mut Reader<'_>) -> String {
    reader.take_while(|b| matches!(b, b' ' | b'\t'));
    if !reader.eat(b'"') {
        return reader
            .take_while(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b','))
            .trim_end_matches('"')
            .to_owned();
    }
    let rest = reader.text.get(reader.at..).unwrap_or_default();
    let doubled =
        rest.starts_with('"') && rest[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let rest = if doubled { &rest[1..] } else { rest };
    // A quote inside the text is followed by more of it, not by the next parameter.
    let ends = |at: usize| {
        let after = rest[at + 1..].trim_start_matches('"');
        let next = after.trim_start();
        let name = next.bytes().take_while(|b| is_token(*b)).count();
        let parameter = name > 0 && next[name..].trim_start().starts_with('=');
        next.is_empty() || next.starts_with(',') || next.len() < after.len() && parameter
    };
    let escaped = |at: usize| rest[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
    let close = rest
        .match_indices('"')
        .map(|(at, _)| at)
        .find(|at| !escaped(*at) && ends(*at));
    let inner = &rest[..close.unwrap_or(rest.len())];
    let after = close.map_or(rest.len(), |at| {
        at + rest[at..].bytes().take_while(|b| *b == b'"').count()
    });
    reader.at += usize::from(doubled) + after;
    unescape(inner)
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> (Challenge, usize) {
        let read = read([line]);
        (read.list[0].clone(), read.faults.len())
    }

    #[test]
    fn a_sound_field_has_no_faults() {
        let read = read(["Basic realm=\"a\", DPoP algs=\"ES256\", error=\"use_dpop_nonce\""]);
        assert!(read.faults.is_empty());
        assert_eq!(read.list[1].param("ERROR"), Some("use_dpop_nonce"));
        assert_eq!(one("Negotiate abc==").0.token68.as_deref(), Some("abc=="));
    }

    #[test]
    fn a_quote_inside_a_quoted_text_does_not_end_it() {
        let text = "Bearer realm=\"Users\", error=\"invalid_token\", error_description=\"\"alg\" (Algorithm) Header Parameter not allowed\"";
        let (read, faults) = one(text);
        assert!(faults > 0);
        let said = read.param("error_description").unwrap_or_default();
        assert!(
            said.ends_with("(Algorithm) Header Parameter not allowed"),
            "{said}"
        );
        assert_eq!(read.param("error"), Some("invalid_token"));
    }

    #[test]
    fn a_broken_neighbour_costs_no_good_challenge() {
        let read = read(["Bearer realm=\"x", "Basic realm=\"y\""]);
        assert_eq!(read.list.len(), 2);
        assert_eq!(read.list[0].param("realm"), Some("x"));
        assert_eq!(read.faults, ["a quote is not closed"]);
    }

    #[test]
    fn parameters_without_commas_and_unquoted_addresses_are_recovered() {
        let (aws, faults) =
            one("Bearer scope=\"\" error=\"invalid_token\" error_description=\"no audience\"");
        assert_eq!((aws.param("error"), faults), (Some("invalid_token"), 1));
        let (azure, _) = one("Bearer authorization_uri=https://a/b resource_id=https://c");
        assert_eq!(azure.param("resource_id"), Some("https://c"));
        let (comma, _) = one("Bearer, error=\"invalid_token\"");
        assert_eq!(comma.param("error"), Some("invalid_token"));
    }

    proptest::proptest! {
        #[test]
        fn any_field_can_be_read(text in "\\PC{0,80}") {
            let _ = read([text.as_str()]);
        }

        #[test]
        fn any_field_of_its_own_characters_can_be_read(text in "[a-zA= ,\"\\\\\t]{0,40}") {
            let _ = read([text.as_str()]);
        }

        #[test]
        fn what_another_reader_accepts_is_read_the_same(
            scheme in "[A-Za-z]{3,8}", name in "[a-z]{1,6}", value in "[ -~]{0,12}"
        ) {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
            let (challenge, faults) = one(&format!("{scheme} {name}=\"{escaped}\""));
            proptest::prop_assert_eq!(challenge.param(&name), Some(value.as_str()));
            proptest::prop_assert_eq!(faults, 0);
        }
    }
}
