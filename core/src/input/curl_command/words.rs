//! A command as words, as shells read it.

/// The words of a command line, as its shell would split them.
pub(super) fn words(text: &str) -> Result<Vec<String>, &'static str> {
    let cmd = is_of_cmd(text);
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => out.extend(word.take()),
            '^' if cmd => match chars.next() {
                // A caret before a line break joins the lines; before a quote the quote still quotes.
                Some('\r' | '\n') | None => {
                    chars.next_if_eq(&'\n');
                }
                Some('"') => quoted_in_cmd(&mut chars, word.get_or_insert_default()),
                Some(other) => word.get_or_insert_default().push(other),
            },
            '`' if chars.peek().is_some_and(|next| matches!(next, '\r' | '\n')) => {}
            '$' if is_variable(&chars) => word.get_or_insert_default().extend([VARIABLE, '$']),
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    chars.next_if_eq(&'\n');
                }
                Some(other) => word.get_or_insert_default().push(other),
            },
            '$' if chars.peek() == Some(&'\'') => {
                chars.next();
                ansi(&mut chars, word.get_or_insert_default())?;
            }
            '\'' => {
                let inner = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(other) => inner.push(other),
                        None => return Err("a quote is not closed: the command was cut"),
                    }
                }
            }
            '"' => double(&mut chars, word.get_or_insert_default())?,
            ';' | '|' if word.is_none() => break,
            other => word.get_or_insert_default().push(other),
        }
    }
    out.extend(word);
    Ok(out)
}

/// Whether the command has carets as cmd.exe reads them.
pub(super) fn is_of_cmd(text: &str) -> bool {
    ["^\"", "^\r\n", "^\n"]
        .iter()
        .any(|mark| text.contains(mark))
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Stands before a `$` that the shell would have replaced; a private sign (Unicode §23.5) that no command holds.
pub(super) const VARIABLE: char = '\u{e000}';

fn is_variable(chars: &Chars<'_>) -> bool {
    let next = chars.clone().next();
    next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '('))
}

/// The word without the signs before variables.
pub(super) fn unmarked(word: &str) -> String {
    word.replace(VARIABLE, "")
}

fn double(chars: &mut Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    loop {
        match chars.next() {
            Some('"') => return Ok(()),
            Some('$') if is_variable(chars) => word.extend([VARIABLE, '$']),
            Some('\\') => match chars.next() {
                Some('\n') => {}
                Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                Some(other) => word.extend(['\\', other]),
                None => return Err("a quote is not closed: the command was cut"),
            },
            Some(c) => word.push(c),
            None => return Err("a quote is not closed: the command was cut"),
        }
    }
}

/// `^"…^"` of cmd: carets escape, `^%^` and `\^"` occur in browsers' copies.
fn quoted_in_cmd(chars: &mut Chars<'_>, word: &mut String) {
    while let Some(c) = chars.next() {
        match c {
            '^' => match chars.next() {
                Some('"') => return,
                Some('\r' | '\n') | None => {
                    chars.next_if_eq(&'\n');
                }
                Some(other) => word.push(other),
            },
            '\\' if chars.peek() == Some(&'^') => {
                chars.next();
                word.extend(chars.next());
            }
            '"' => return,
            other => word.push(other),
        }
    }
}

/// `$'…'` of bash.
fn ansi(chars: &mut Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    loop {
        match chars.next() {
            Some('\'') => return Ok(()),
            Some('\\') => match chars.next() {
                Some('n') => word.push('\n'),
                Some('r') => word.push('\r'),
                Some('t') => word.push('\t'),
                Some('u') => word.push(code(chars, 4)),
                Some('x') => word.push(code(chars, 2)),
                Some(other) => word.push(other),
                None => return Err("a quote is not closed: the command was cut"),
            },
            Some(c) => word.push(c),
            None => return Err("a quote is not closed: the command was cut"),
        }
    }
}

fn code(chars: &mut Chars<'_>, most: usize) -> char {
    let mut value = 0;
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)) else {
            break;
        };
        value = value * 16 + digit;
        chars.next();
    }
    char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)
}
