//! The endpoints of a question: typed, from a list, or out of recorded traffic.

use crate::cli::args::NeedsArgs;
use crate::cli::error::Failure;
use crate::cli::given::file_name;
use crate::cli::meant::is_url;
use crate::sink;
use crate::source;
use std::collections::BTreeSet;
use std::path::Path;
use why401_core::http::Target;
use why401_core::input::{self, InputForm, InputOptions, Item};
use why401_core::token::redact;

/// Every endpoint once, in the order given.
pub(super) fn targets(args: &NeedsArgs) -> Result<Vec<Target>, Failure> {
    let mut targets = typed(&args.endpoints)?;
    if let Some(path) = &args.file {
        targets.extend(from_file(path, &file_name(path))?.0);
    }
    let mut seen = BTreeSet::new();
    targets.retain(|t| seen.insert((t.method.clone(), t.host.clone(), t.path.clone())));
    Ok(targets)
}

/// METHOD URL, one after the other; a URL or path alone means GET.
fn typed(words: &[String]) -> Result<Vec<Target>, Failure> {
    let mut targets = Vec::new();
    let mut words = words.iter();
    let mut assumed = false;
    while let Some(word) = words.next() {
        let alone = is_url(word) || word.starts_with('/');
        assumed |= alone;
        let (method, url) = match (alone, words.as_slice().first()) {
            (true, _) => ("GET", word),
            (false, Some(url)) => (word.as_str(), url),
            (false, None) => {
                return Err(Failure::usage(
                    "the URL is missing",
                    "the form is `why401 needs GET https://host/a POST https://host/b`",
                ));
            }
        };
        if !alone {
            words.next();
        }
        targets.push(Target::parse(method, url)?);
    }
    if assumed {
        sink::err("note: GET is assumed for a URL without a method\n");
    }
    Ok(targets)
}

/// A list of `METHOD URL` lines, or any form of evidence that `explain` reads; whether it is a list.
pub(in crate::cli) fn from_file(path: &Path, what: &str) -> Result<(Vec<Target>, bool), Failure> {
    let bytes = source::bytes(path, what)?;
    let head = &bytes[..bytes.len().min(4096)];
    let first = head
        .iter()
        .find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF));
    if first == Some(&b'{') {
        return Ok((from_evidence(&bytes, what)?, false));
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().enumerate().map(|(n, l)| (n + 1, l.trim()));
    let filled = lines.filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
    let is_list = filled
        .clone()
        .next()
        .is_none_or(|(n, l)| from_line(n, l, what).is_ok());
    if !is_list && input::sniff(&text, false) != InputForm::Body {
        return Ok((from_evidence(&bytes, what)?, false));
    }
    let listed = filled.map(|(number, line)| from_line(number, line, what));
    Ok((listed.collect::<Result<_, _>>()?, true))
}

fn from_line(number: usize, line: &str, what: &str) -> Result<Target, Failure> {
    let fault = |why: &str| {
        Failure::new(
            "input",
            format!("line {number} of {what}{why}"),
            Some("write one `METHOD URL` a line, or give a HAR file"),
        )
    };
    let pair: Vec<&str> = line.split_whitespace().take(2).collect();
    let [method, url] = pair.as_slice() else {
        return Err(fault(" is not `METHOD URL`"));
    };
    Target::parse(method, url).map_err(|e| fault(&format!(": {e}")))
}

fn from_evidence(bytes: &[u8], what: &str) -> Result<Vec<Target>, Failure> {
    let how = InputOptions {
        name: what,
        form: None,
        fields: None,
    };
    let mut targets = Vec::new();
    input::read(bytes, how, &mut |item| {
        if let Item::Exchange(exchange) = item {
            let asked = exchange.request.target().filter(|t| t.method != "OPTIONS");
            // What is listed here is printed, and kept in manifests.
            targets.extend(asked.map(|target| Target {
                path: redact::url(&target.path),
                ..target
            }));
        }
    })
    .map_err(|e| {
        Failure::new(
            "input",
            format!("{what} cannot be read: {}", e.kind()),
            None,
        )
    })?;
    Ok(targets)
}
