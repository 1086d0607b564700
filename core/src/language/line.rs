//! Lines that are read, and those that say nothing of a refusal: frames of a stack, sources, fields of transport.

use crate::aside::{is_metric, is_passed};

/// Whether a line may speak of a refusal.
pub(super) fn is_read(line: &str) -> bool {
    !is_frame(line)
        && !is_program(line)
        && !is_passed(line)
        && !is_local(line)
        && !is_transport(line)
}

/// What the client's own machine refused, or could not parse: a file (errno 1, 2, 13), a text that is not JSON.
fn is_local(line: &str) -> bool {
    let file = [
        "[Errno 1] ",
        "[Errno 2] ",
        "[Errno 13] ",
        "EACCES: ",
        "EPERM: ",
        "ENOENT: ",
    ];
    let parsed = [
        "JsonParseException",
        "JSONDecodeError",
        // What begins a page was taken for a tag, and is gone.
        "Unexpected token ' '",
        "Unexpected token  in JSON",
    ];
    file.iter().chain(&parsed).any(|sign| line.contains(sign))
}

/// The name of an exception at the beginning of a line, without the modules before it, and what it says.
pub(super) fn class(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once(": ")?;
    let whole = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '\\' | '_' | '$');
    let name = name.strip_prefix("Caused by: ").unwrap_or(name);
    if !name.chars().all(whole) {
        return None;
    }
    let name = name.rsplit(['.', ':', '\\']).next()?;
    let rises = name
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count();
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric());
    let named = rises > 0 || name.ends_with("Error") || name.ends_with("Exception");
    (plain && named && name.starts_with(|c: char| c.is_ascii_uppercase())).then_some((name, rest))
}

/// The line without the name of the logger in brackets before it: `[main.go:60] …`, `[Rack::Attack] …`.
pub(super) fn without_logger(line: &str) -> &str {
    let Some((name, rest)) = line
        .strip_prefix('[')
        .and_then(|line| line.split_once("] "))
    else {
        return line;
    };
    let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '_' | '/' | '$');
    let named = name.contains("::") || name.contains('.');
    match named && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(sign) {
        true => rest,
        false => line,
    }
}

/// A line of a program's source or of its metrics, which says nothing about a request.
fn is_program(line: &str) -> bool {
    // A comment; of metrics what they mean.
    if line.starts_with("# ") {
        return true;
    }
    let words = [
        "const ", "let ", "var ", "func ", "fn ", "def ", "class ", "import ", "export ",
        "public ", "private ", "static ", "return ", "if (", "} else", "#include", "package ",
        "fun ", "$this->", "assert(", "assert_", "assert ",
    ];
    words.iter().any(|word| line.starts_with(word)) && line.contains(['(', '{', '=', ';'])
        || is_metric(line)
        || is_compilers(line)
        || is_annotation(line)
        || line.starts_with("| ") && line.ends_with('|')
}

/// `@ApiResponse({ status: 401, … })`: what an interface may answer, in its source.
fn is_annotation(line: &str) -> bool {
    let name = line.strip_prefix('@').and_then(|rest| rest.split_once('('));
    name.is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
    })
}

/// `error TS2339: …`, `error[E0308]: …`, `error CS0103: …`.
fn is_compilers(line: &str) -> bool {
    let rest = line.split_once("error").map_or("", |(_, rest)| rest);
    let code = rest.trim_start_matches([' ', '[']);
    let letters = code.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = code[letters..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let end = code[letters + digits..].trim_start_matches(']');
    (1..=2).contains(&letters) && digits == 4 && end.starts_with(':')
}

/// A header field that speaks of the connection or of the body's form.
fn is_transport(line: &str) -> bool {
    let Some((name, _)) = line.split_once(": ") else {
        return false;
    };
    let starts = [
        "content-",
        "access-control-",
        "cache-",
        "set-cookie",
        "strict-transport-",
        "transfer-",
        "accept",
    ];
    let whole = [
        "server",
        "date",
        "connection",
        "vary",
        "etag",
        "expires",
        "pragma",
        "via",
        "host",
        "user-agent",
        "age",
    ];
    let name = name.to_ascii_lowercase();
    let plain = name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    plain && (starts.iter().any(|start| name.starts_with(start)) || whole.contains(&name.as_str()))
}

/// A frame of a stack trace.
fn is_frame(line: &str) -> bool {
    line.starts_with("at ") && line.contains(['(', '/', ':'])
        || line.starts_with("File \"")
        || line.starts_with("Traceback ")
        || line.starts_with("goroutine ")
        || line.starts_with("... ")
}
