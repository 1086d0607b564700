//! What a client says beside what it sent and received.

/// `> Authorization: …` by itself.
pub(super) fn header_behind_mark(line: &str) -> bool {
    line.strip_prefix("> ")
        .or_else(|| line.strip_prefix("< "))
        .is_some_and(|rest| {
            rest.split_once(": ").is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
        })
}

pub(super) fn is_client_note(rest: &str) -> bool {
    let rest = rest.trim_start();
    [
        "Trying ",
        "Connected to ",
        "Host ",
        "Could not resolve",
        "h2h3 [",
        "[HTTP/2]",
        "ALPN",
        "Connection #",
    ]
    .iter()
    .any(|start| rest.starts_with(start))
}

/// Counts of data and the progress meter.
pub(super) fn is_count(line: &str) -> bool {
    let counted = ["{ [", "} ["].iter().any(|start| line.starts_with(start)) && line.ends_with(']');
    let meter = line.trim_start().starts_with("% Total")
        || line.trim_start().starts_with("Dload")
        || line.contains("--:--:--");
    counted || meter
}

/// Body text and the client's note that shares its line, where the body did not end with a line break.
pub(super) fn split_note(line: &str) -> (&str, Option<&str>) {
    const NOTES: [&str; 6] = [
        "* Connection #",
        "* Found bundle",
        "* Closing connection",
        "* Issue another request",
        "* Re-using existing",
        "* Ignoring the response-body",
    ];
    let place = NOTES.iter().filter_map(|note| line.find(note)).min();
    place.map_or((line, None), |at| (&line[..at], line.get(at + 2..)))
}
