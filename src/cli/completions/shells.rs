//! Shells that the library serves not at all, or not as a name with a colon needs it.

use super::{is_asked_for, with_values};
use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::engine;
use clap_complete::env::EnvCompleter;
use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

/// The words of a line up to the cursor, quoted as in a POSIX shell; a quote may still be open.
fn words(given: &[OsString]) -> Vec<OsString> {
    let line = given.first().map(|own| own.to_string_lossy());
    let line = line.unwrap_or_default();
    let whole = shlex::split(&line);
    let closed = whole.is_some();
    let quoted = || {
        ["'", "\""]
            .iter()
            .find_map(|end| shlex::split(&format!("{line}{end}")))
    };
    let apart = || line.split_whitespace().map(str::to_owned).collect();
    let mut words = whole.or_else(quoted).unwrap_or_else(apart);
    if words.is_empty() || closed && line.ends_with(char::is_whitespace) {
        words.push(String::new());
    }
    words.into_iter().map(OsString::from).collect()
}

/// What can be said in place of the last word.
fn candidates(
    command: &mut Command,
    words: Vec<OsString>,
    folder: Option<&Path>,
) -> Result<Vec<String>> {
    let last = words.len().saturating_sub(1);
    let found = engine::complete(command, words, last, folder)?;
    let values = found
        .iter()
        .map(|own| own.get_value().to_string_lossy().into_owned());
    Ok(values.collect())
}

/// A shell that is served here.
pub(super) struct Shell {
    name: &'static str,
    /// Whether it hands over the line up to the cursor, instead of its words.
    line: bool,
    script: fn(&Script<'_>) -> String,
    /// A value as the shell takes it: the value, the last word, and the part of it that the shell replaces.
    shown: fn(&str, &str, Option<&str>) -> String,
}

/// What a script is made of.
struct Script<'a> {
    /// The variable by which it asks.
    variable: &'a str,
    bin: &'a str,
    completer: &'a str,
}

impl Shell {
    /// The words up to the cursor.
    pub(super) fn typed(&self, given: &[OsString]) -> Vec<OsString> {
        match self.line {
            true => words(given),
            false => given.to_vec(),
        }
    }
}

impl EnvCompleter for Shell {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is(&self, name: &str) -> bool {
        name == self.name
    }

    fn write_registration(
        &self,
        variable: &str,
        _: &str,
        bin: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> Result<()> {
        let script = Script {
            variable,
            bin,
            completer,
        };
        out.write_all((self.script)(&script).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        given: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let typed = self.typed(&given);
        let last = typed.last().map(|own| own.to_string_lossy().into_owned());
        let last = last.unwrap_or_default();
        let part = given.get(1).map(|own| own.to_string_lossy());
        for value in candidates(command, typed, folder)? {
            writeln!(out, "{}", (self.shown)(&value, &last, part.as_deref()))?;
        }
        Ok(())
    }
}

/// Bash splits words at colons too, and replaces the last part alone: it hands over the line, and gets that part.
pub(super) const BASH: Shell = Shell {
    name: "bash",
    line: true,
    script: bash,
    shown: |value, last, part| {
        let before = part.and_then(|part| last.strip_suffix(part));
        let kept = before.map_or(0, str::len);
        value.get(kept..).unwrap_or_default().to_owned()
    },
};

/// `PowerShell`: the library's script would run what stands in the line before it is entered.
pub(super) const POWERSHELL: Shell = Shell {
    name: "powershell",
    line: false,
    script: powershell,
    shown: |value, _, _| in_quotes(value, '\''),
};

/// Nushell has a script of its own, with the options written out: only values are asked for.
pub(super) const NUSHELL: Shell = Shell {
    name: "nushell",
    line: true,
    script: nushell,
    shown: |value, _, _| in_quotes(value, '"'),
};

/// A value with a blank is one word between quotes.
fn in_quotes(value: &str, quote: char) -> String {
    match value.contains(' ') {
        true => format!("{quote}{value}{quote}"),
        false => value.to_owned(),
    }
}

fn bash(script: &Script<'_>) -> String {
    let Script {
        variable,
        bin,
        completer,
    } = script;
    format!(
        r#"_{bin}() {{
    local IFS=$'\n'
    COMPREPLY=( $({variable}=bash {completer} -- "${{COMP_LINE:0:COMP_POINT}}" "$2") )
    [[ ${{COMPREPLY-}} =~ [=/]$ ]] && compopt -o nospace
    return 0
}}
complete -o bashdefault -o default -F _{bin} {bin}
"#
    )
}

fn powershell(script: &Script<'_>) -> String {
    let Script {
        variable,
        bin,
        completer,
    } = script;
    format!(
        r#"Register-ArgumentCompleter -Native -CommandName {bin} -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object {{
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) {{ $_.Value }} else {{ $_.Extent.Text }}
    }})
    # An empty word at the end is lost on its way to a program.
    $last = if ($wordToComplete -eq '') {{ $words.Count }} else {{ $words.Count - 1 }}
    $before = $env:{variable}
    $env:{variable} = "powershell:$last"
    try {{
        & {completer} -- @words | ForEach-Object {{
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
        }}
    }} finally {{
        $env:{variable} = $before
    }}
}}
"#
    )
}

/// What stands for values that are asked for.
const ASKED: &str = "asked-for";

fn nushell(script: &Script<'_>) -> String {
    let mut command = with_values(crate::cli::command(), &|arg| match is_asked_for(&arg) {
        true => arg.value_parser(PossibleValuesParser::new([ASKED])),
        false => arg,
    });
    let mut text = Vec::new();
    clap_complete::generate(
        clap_complete_nushell::Nushell,
        &mut command,
        script.bin,
        &mut text,
    );
    let text = String::from_utf8_lossy(&text);
    let call = format!(
        "[line: string] {{\n    with-env {{ {}: nushell }} {{ ^{} -- $line | lines }}\n",
        script.variable, script.completer
    );
    text.replace(&format!("[] {{\n    [ \"{ASKED}\" ]\n"), &call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_words_also_before_its_quote_is_closed() {
        let of = |line: &str| words(&[OsString::from(line)]);
        assert_eq!(
            of("why401 check --scope 'users rou"),
            ["why401", "check", "--scope", "users rou"]
        );
        assert_eq!(of("why401 check "), ["why401", "check", ""]);
        assert_eq!(
            of("why401 check --scope \"a b "),
            ["why401", "check", "--scope", "a b "]
        );
        assert_eq!(of(""), [""]);
    }
}
