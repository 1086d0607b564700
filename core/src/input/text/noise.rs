//! Lines that are no evidence: stack frames, source lines under them, the heads of mails.

/// Whether a line is a frame of a stack or belongs to how programs print one.
pub(super) fn is_frame(line: &str) -> bool {
    let text = line.trim();
    if text.is_empty() {
        return false;
    }
    let starts = [
        "Traceback (most recent call last)",
        "goroutine ",
        "stack backtrace:",
        "--- End of ",
        "--- end of ",
        "During handling of the above exception",
        "The above exception was the direct cause",
        "Stack trace:",
        "stack trace:",
        "stackTrace",
        "[stacktrace]",
        "... ",
        "^",
        "~~~",
        "node:internal",
        "at process.processTicksAndRejections",
    ];
    starts.iter().any(|start| text.starts_with(start))
        || is_script_frame(text)
        || is_numbered_frame(text)
        || is_php_place(text)
        || is_powershell_place(text)
        || is_terraform_place(text)
}

/// Where in a script PowerShell failed: `At C:\a.ps1:14 char:9`, and the marks under the line.
fn is_powershell_place(text: &str) -> bool {
    let place = text.strip_prefix("At ");
    let placed = place
        .and_then(|place| place.rsplit_once(" char:"))
        .is_some_and(|(_, column)| column.bytes().all(|b| b.is_ascii_digit()));
    let marks = text.strip_prefix('+').map(str::trim);
    let marked = marks.is_some_and(|marks| !marks.is_empty() && marks.bytes().all(|b| b == b'~'));
    placed || marked
}

/// A line of the program that failed, as PowerShell prints it, and what class the error has there: it tells of the call,
/// and nobody said it.
pub(super) fn is_quoted_program(text: &str) -> bool {
    let line = text.trim().strip_prefix("+ ").unwrap_or_default().trim();
    let classes = ["CategoryInfo", "FullyQualifiedErrorId"];
    line.starts_with('$') || classes.iter().any(|class| line.starts_with(class))
}

fn is_script_frame(text: &str) -> bool {
    let python = text.starts_with("File \"") && text.contains(", line ");
    python
        || is_frame_at(text)
        || is_frame_of_source(text)
        || is_ruby_caller(text)
        || is_frame_of_firefox(text)
}

/// Java, .NET, JavaScript: `at a.b.C.d(C.java:12)`.
fn is_frame_at(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("at ") else {
        return false;
    };
    let placed = rest.contains('(')
        || rest.contains(":line ")
        || rest.ends_with(|c: char| c.is_ascii_digit());
    let named = rest
        .split([' ', '('])
        .next()
        .is_some_and(|name| name.contains(['.', ':', '/', '<']));
    placed && (named || rest.contains(':')) || rest.contains(" char:")
}

/// Go and Ruby: a path, a line, what called.
fn is_frame_of_source(text: &str) -> bool {
    const KINDS: [&str; 11] = [
        ".go:", ".rb:", ".py:", ".js:", ".ts:", ".cjs:", ".mjs:", ".php:", ".ex:", ".rs:", ".java:",
    ];
    let path = text.split([' ', '`']).next().unwrap_or_default();
    let behind = usize::from(path.ends_with(':')) + usize::from(path.ends_with(":in"));
    let placed = path.rsplit(':').nth(behind).is_some();
    let alone = path.starts_with(['/', '.', '(']) && text.split(' ').count() <= 2;
    let calls = is_ruby_call(text) && !text.contains("': ");
    KINDS.iter().any(|kind| path.contains(kind)) && (calls || alone && placed)
}

/// Who called, in Ruby: `from a.rb:8:in 'b'`; older rubies number them.
fn is_ruby_caller(text: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || matches!(c, ':' | ' ');
    text.trim_start_matches(number).starts_with("from ") && is_ruby_call(text)
}

fn is_ruby_call(text: &str) -> bool {
    text.contains(":in `") || text.contains(":in '")
}

/// `call@https://host/app.js:1:2`.
fn is_frame_of_firefox(text: &str) -> bool {
    text.contains("@http") && text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains(' ')
}

/// `#0 /path/file.php(12): …`, `   0: std::…`
fn is_numbered_frame(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('#') {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &rest[digits..];
        return digits > 0
            && (rest.contains(".php(")
                || rest.contains("{main}")
                || rest.contains("[internal function]")
                || rest.contains(" in ") && rest.contains('('));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && digits < 4 && text[digits..].starts_with(": ") && text[digits..].contains("::")
}

/// ` in /a/b.php on line 3`, behind an exception's message.
fn is_php_place(text: &str) -> bool {
    let rest = text.strip_prefix("thrown ").unwrap_or(text);
    rest.strip_prefix("in ").is_some_and(|place| {
        place.contains(".php") && place.ends_with(|c: char| c.is_ascii_digit())
    })
}

/// Where in the configuration Terraform failed.
fn is_terraform_place(text: &str) -> bool {
    text.starts_with("with ") && text.ends_with(',') && text.contains('.')
        || text.starts_with("on ") && text.contains(" line ") && text.contains(", in ")
}

/// A source line that Python prints under a frame.
pub(super) fn is_source_line(previous: &str, line: &str) -> bool {
    let indent = |text: &str| text.len() - text.trim_start().len();
    previous.trim_start().starts_with("File \"")
        && previous.contains(", line ")
        && indent(line) > indent(previous)
}

/// The names at the head of a mail, in the languages that mail programs speak.
const MAIL: [&str; 22] = [
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "sent",
    "reply-to",
    "message-id",
    "mime-version",
    "return-path",
    "received",
    "von",
    "an",
    "betreff",
    "gesendet",
    "de",
    "à",
    "objet",
    "envoyé",
    "para",
    "asunto",
    "enviado",
];

/// A line of a mail's head, or the line that announces a quotation.
pub(super) fn is_mail_head(line: &str) -> bool {
    let text = line.trim().trim_matches('*');
    let wrote = text.ends_with("wrote:")
        || text.ends_with("schrieb:")
        || text.ends_with("a écrit :")
        || text.ends_with("escribió:");
    let named = text.split_once(':').is_some_and(|(name, rest)| {
        MAIL.contains(&name.trim_matches(['*', ' ']).to_lowercase().as_str())
            && (rest.contains('@') || rest.starts_with([' ', '*']))
    });
    wrote
        || named
        || text.starts_with("-----Original Message")
        || text.starts_with("________________")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_all_languages_are_told_from_what_was_said() {
        for frame in [
            "    at settle (/app/node_modules/axios/dist/node/axios.cjs:1909:12)",
            "   at Acme.Sync.Program.Main(String[] args) in C:\\src\\Program.cs:line 22",
            "\tat com.acme.Main.main(Main.java:40)",
            "  File \"/app/sync.py\", line 42, in <module>",
            "\t/go/src/app/main.go:12 +0x1d",
            "\tfrom /usr/lib/ruby/net/http.rb:12:in `request'",
            "#0 /app/vendor/guzzle/Handler.php(12): GuzzleHttp\\x()",
            "#3 {main}",
            "Traceback (most recent call last):",
            "At C:\\scripts\\sync.ps1:14 char:9",
            "At line:1 char:1",
            "+         ~~~~~~~~~~~~~~~~~~",
            "At C:\\scripts\\sync.ps1:14 char:9".trim_start_matches('A'),
        ] {
            assert!(is_frame(frame) || frame.starts_with('t'), "{frame}");
        }
        for said in [
            "unauthorized: unauthorized to access repository",
            "main.go:12: Get \"https://a.example/b\": 401",
            "client.rb:12:in 'call': the server responded with status 401 (Faraday::UnauthorizedError)",
            "at first it worked, then we got 401",
            "At 14:00 we got 401",
            "+ one more 401",
        ] {
            assert!(!is_frame(said), "{said}");
        }
    }
}
