//! A pasted request command: `curl` for bash, cmd and PowerShell, a browser's "copy as fetch", PowerShell's own.
//! Parsed, never run; a file it names is never opened.

mod curl;
mod words;

use super::form::{Form, ReadBy, Shape};
use super::{Item, skipped};
use crate::http::METHODS;
use crate::http::{Exchange, Headers, Request, Shell, Variable};
use curl::{Curl, curl};
use serde_json::Value;
use words::{unmarked, words};

pub(super) const FORM: Form = Form {
    name: "request command",
    shape: Shape::Command,
    looks_like,
    read: ReadBy::Whole(read, |_| false),
};

/// Whether the text is such a command.
fn looks_like(text: &str) -> bool {
    let text = text.trim_start_matches(['$', '>', '%', ' ']);
    let lower: String = text
        .chars()
        .take(200)
        .collect::<String>()
        .to_ascii_lowercase();
    [
        "curl ",
        "curl.exe ",
        "await fetch(",
        "fetch(",
        "invoke-webrequest ",
        "invoke-restmethod ",
        "$session = new-object",
        "session = new-object",
    ]
    .iter()
    .any(|start| lower.starts_with(start))
        // `Invoke-RestMethod : The remote server…` begins an error, not a command.
        && (lower.contains("new-object") || text.lines().next().is_some_and(starts))
        && !text.contains("\n< HTTP/")
        && !text.contains("\nHTTP/")
}

/// Whether a line begins with a command.
pub(super) fn starts(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else {
        return line.starts_with("fetch(");
    };
    let target = |word: &str| {
        word.starts_with("http") && word.contains("://")
            || word.starts_with(':')
                && word[1..].starts_with(|c: char| c == '/' || c.is_ascii_digit())
            || METHODS.contains(&word)
            || word.starts_with('-') && word.len() > 1
    };
    // `/usr/bin/curl`, as a shell prints it with `-x`.
    let program = first
        .rsplit_once("/bin/")
        .map_or(first, |(_, program)| program);
    match program.to_ascii_lowercase().as_str() {
        "curl" | "curl.exe" => !second.starts_with('(') && second != "error",
        "wget" => line.contains("://"),
        "http" | "https" | "xh" => target(second),
        "await" => second.starts_with("fetch("),
        "iwr" | "irm" | "invoke-webrequest" | "invoke-restmethod" => {
            second.starts_with(['-', '`']) || target(second.trim_matches(['"', '\'']))
        }
        "$session" => second == "=",
        word => word.starts_with("fetch("),
    }
}

/// How many bytes the command at the start of the text takes: its line, and the lines that go on with it.
pub(super) fn length(text: &str, most: usize) -> usize {
    let curl = text.starts_with(['c', 'C']);
    let (mut quote, mut depth, mut length) = (None::<char>, 0_i32, 0);
    let mut first = None;
    for (number, line) in text.split('\n').enumerate() {
        if number == most {
            break;
        }
        length += line.len() + usize::from(number > 0);
        first.get_or_insert(length);
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (quote, c) {
                (None | Some('"'), '\\') => {
                    chars.next();
                }
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), c) if open == c => quote = None,
                (None, '(' | '{') if !curl => depth += 1,
                (None, ')' | '}') if !curl => depth -= 1,
                _ => {}
            }
        }
        let bare = line.trim_end();
        let next = text[length..]
            .lines()
            .nth(1)
            .unwrap_or_default()
            .trim_start();
        let goes_on = quote.is_some()
            || depth > 0
            || bare.ends_with(['\\', '^', '`'])
            || curl
                && ["-H ", "--header", "--data", "-d ", "-X "]
                    .iter()
                    .any(|o| next.starts_with(o));
        if !goes_on {
            return length.min(text.len());
        }
    }
    // A quote that is never closed: the command was cut, or an apostrophe stands in it.
    let end = text.find("\n\n").unwrap_or(text.len());
    if quote.is_some() {
        end.min(length)
    } else {
        first.unwrap_or(end)
    }
}

/// Reads the command.
pub(super) fn read(text: &str, name: &str, take: &mut dyn FnMut(Item)) {
    let text = text.trim();
    let trimmed = text.trim_start_matches(['$', '>', '%', ' ']);
    let prompt = &text[..text.len() - trimmed.len()];
    read_behind(prompt, trimmed, name, take);
}

/// Reads the command that stands behind a prompt.
pub(super) fn read_behind(prompt: &str, text: &str, name: &str, take: &mut dyn FnMut(Item)) {
    let trimmed = text.trim();
    let shell = Shell::of_prompt(prompt);
    let lower = trimmed.to_ascii_lowercase();
    let request = if lower.contains("fetch(") && !lower.starts_with("curl") {
        fetch(trimmed)
    } else if is_powershell(&lower) {
        powershell(trimmed)
    } else {
        shells(trimmed, &lower, shell).and_then(Curl::finish)
    };
    match request {
        Ok(request) => take(Item::Exchange(Box::new(Exchange {
            place: name.to_owned(),
            remarks: request
                .selected
                .then(|| "the command takes header fields from variables or files: their content is not recorded".to_owned())
                .into_iter()
                .collect(),
            request,
            ..Exchange::default()
        }))),
        Err(why) => take(skipped(name, why)),
    }
}

fn is_powershell(lower: &str) -> bool {
    lower.contains("invoke-webrequest")
        || lower.contains("invoke-restmethod")
        || lower.starts_with("iwr ")
        || lower.starts_with("irm ")
}

/// A command of curl, wget, `HTTPie` or `xh`.
fn shells(text: &str, lower: &str, shell: Option<Shell>) -> Result<Curl, &'static str> {
    if ["http ", "https ", "xh "]
        .iter()
        .any(|start| lower.starts_with(start))
    {
        return httpie(text, shell);
    }
    curl(text, shell).or_else(|why| {
        ["'", "\""]
            .iter()
            .find_map(|quote| curl(&format!("{text}{quote}"), shell).ok())
            .ok_or(why)
    })
}

/// What of a command its request does not have.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Header lines that a variable of the shell fills in, or a file (`@name`), as they were typed.
    pub(crate) unfilled: Vec<String>,
    /// Options that say how to call, and nothing of the request: `-v`.
    pub(crate) flags: Vec<String>,
}

/// What stands in a command beside its request.
pub(crate) fn beside(text: &str) -> Beside {
    let whole = text.trim();
    let text = whole.trim_start_matches(['$', '>', '%', ' ']);
    let shell = Shell::of_prompt(&whole[..whole.len() - text.len()]);
    let lower = text.to_ascii_lowercase();
    if lower.contains("fetch(") && !lower.starts_with("curl") || is_powershell(&lower) {
        return Beside::default();
    }
    let read = shells(text, &lower, shell).unwrap_or_default();
    Beside {
        unfilled: read.unfilled,
        flags: read.flags,
    }
}

/// `http POST url Name:value --auth-type bearer --auth token`, as `HTTPie` and `xh` take it.
fn httpie(text: &str, shell: Option<Shell>) -> Result<Curl, &'static str> {
    let mut out = Curl::run_by(shell, text);
    let mut words = words(text)?.into_iter().skip(1);
    let mut bearer = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "-A" | "--auth-type" => bearer = words.next().as_deref() == Some("bearer"),
            "-a" | "--auth" => {
                let value = words.next().unwrap_or_default();
                let line = if bearer {
                    format!("Authorization: Bearer {value}")
                } else {
                    "Authorization: Basic <redacted>".to_owned()
                };
                out.header(&line);
            }
            "--session" => out.elsewhere = true,
            option if option.starts_with('-') => {}
            method if out.url.is_none() && METHODS.contains(&method) => out.method = Some(word),
            _ if out.url.is_none() => {
                out.url = Some(match word.strip_prefix(':') {
                    Some(local) => format!(
                        "http://localhost{}{local}",
                        if local.starts_with('/') { "" } else { ":" }
                    ),
                    None => word,
                });
            }
            _ => match word.split_once(':') {
                Some((name, value)) if !name.contains('=') && !value.starts_with('=') => {
                    out.header(&format!("{name}: {value}"));
                }
                _ => out.body.push(unmarked(&word)),
            },
        }
    }
    Ok(out)
}

/// `fetch("url", {…})`: the options are JSON in every browser's copy.
fn fetch(text: &str) -> Result<Request, &'static str> {
    let after = text
        .split_once("fetch(")
        .map(|(_, rest)| rest.trim_start())
        .unwrap_or_default();
    let quote = after
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'))
        .ok_or("the call of fetch names no URL")?;
    let (url, rest) = after[1..]
        .split_once(quote)
        .ok_or("the URL of fetch is not closed")?;
    let options = rest.trim_start_matches([',', ' ', '\n', '\r', '\t']);
    let mut stream = serde_json::Deserializer::from_str(options).into_iter::<Value>();
    let options = match stream.next() {
        Some(Ok(value)) => value,
        _ if options.starts_with('{') => return Err("the options of fetch are not JSON"),
        _ => Value::Null,
    };
    let text_of = |name: &str| options.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(Request {
        variable: None,
        selected: options.get("credentials").and_then(Value::as_str) == Some("include"),
        method: Some(
            text_of("method")
                .unwrap_or_else(|| "GET".to_owned())
                .to_ascii_uppercase(),
        ),
        url: Some(url.to_owned()),
        headers: Some(
            options
                .get("headers")
                .and_then(super::record::headers)
                .unwrap_or_default(),
        ),
        body: text_of("body"),
    })
}

/// `Invoke-WebRequest -Uri … -Headers @{…}`.
fn powershell(text: &str) -> Result<Request, &'static str> {
    let option = |name: &str| -> Option<String> {
        let at = text.to_ascii_lowercase().find(&format!("-{name} "))?;
        let rest = text.get(at + name.len() + 2..)?.trim_start();
        match rest.chars().next()? {
            quote @ ('"' | '\'') => rest[1..]
                .split_once(quote)
                .map(|(value, _)| value.to_owned()),
            _ => rest.split_whitespace().next().map(str::to_owned),
        }
    };
    let mut headers = Headers::default();
    let mut variable = None;
    if let Some((_, table)) = text.split_once("@{") {
        let table = table
            .split_once("\n}")
            .or_else(|| table.split_once('}'))
            .map_or(table, |(own, _)| own);
        for line in table.split(['\n', ';']) {
            if let Some((name, value)) = line.split_once('=') {
                let bare = |t: &str| t.trim().trim_matches(['"', '\'']).to_owned();
                match filled_in(value.trim()) {
                    Some(typed) => {
                        let shell = Some(Shell::PowerShell);
                        variable = variable.or(Some(Variable { typed, shell }));
                    }
                    None => headers.push(bare(name), bare(value)),
                }
            }
        }
    }
    let url = option("uri").ok_or("the command names no -Uri")?;
    Ok(Request {
        selected: option("headers").is_some_and(|value| value.starts_with('$'))
            || option("websession").is_some()
            || variable.is_some(),
        variable,
        method: Some(
            option("method")
                .unwrap_or_else(|| "GET".to_owned())
                .to_ascii_uppercase(),
        ),
        url: Some(url),
        headers: Some(headers),
        body: option("body"),
    })
}

/// The variable that PowerShell fills into a value: outside of quotes and inside of double ones.
fn filled_in(value: &str) -> Option<String> {
    let at = value.find('$').filter(|_| !value.starts_with('\''))?;
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '{' | '}' | ':');
    let rest = &value[at + 1..];
    let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
    let named = rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '('));
    named.then(|| value[at..=at + end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::curl::split_option;
    use super::*;

    fn parts(text: &str) -> (String, String, Option<String>) {
        let mut found = None;
        read(text, "x", &mut |item| {
            if let Item::Exchange(exchange) = item {
                found = Some(exchange.request);
            }
        });
        let request = found.expect("a request");
        let authorization = request.header("authorization").map(str::to_owned);
        (
            request.method.expect("method"),
            request.url.expect("url"),
            authorization,
        )
    }

    #[test]
    fn the_same_request_in_every_dialect() {
        let wanted = (
            "POST".to_owned(),
            "https://x/a?b=c".to_owned(),
            Some("Bearer t".to_owned()),
        );
        for text in [
            "curl -X POST 'https://x/a?b=c' -H 'Authorization: Bearer t' -d @secret.json",
            "$ curl https://x/a?b=c \\\n  --header \"Authorization: Bearer t\" --data-raw $'{\\'a\\u0041'",
            "curl ^\"https://x/a?b=c^\" ^\r\n  -H ^\"Authorization: Bearer t^\" ^\r\n  --data-raw ^\"{}^\"",
            "curl.exe -sS --request=POST --oauth2-bearer t https://x/a?b=c",
            "await fetch(\"https://x/a?b=c\", {\n \"headers\": {\"authorization\": \"Bearer t\"},\n \"method\": \"POST\"\n});",
            "Invoke-WebRequest -UseBasicParsing -Uri \"https://x/a?b=c\" `\n-Method \"POST\" `\n-Headers @{\n\"authorization\"=\"Bearer t\"\n}",
        ] {
            assert_eq!(parts(text), wanted, "{text}");
        }
    }

    #[test]
    fn joined_flags_take_their_value_and_any_word_can_be_split() {
        assert_eq!(split_option("-sSu"), ("-u".to_owned(), None));
        assert_eq!(
            split_option("-XPOST"),
            ("-X".to_owned(), Some("POST".to_owned()))
        );
        for word in ["ü", "-ü", "-sü", "¡", "-"] {
            assert_eq!(split_option(word), (word.to_owned(), None), "{word}");
        }
    }

    #[test]
    fn a_cut_command_is_named_as_such() {
        assert!(words("curl 'https://x").is_err());
        assert!(curl("curl -H 'A: b'", None).and_then(Curl::finish).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_command_can_be_read(text in "(curl |fetch\\(|-H |'|\"|\\$'|\\^|\\\\|@\\{|=|https://x/|\n|Invoke-WebRequest ){0,30}") {
            read(&text, "x", &mut |_| {});
        }
    }
}
