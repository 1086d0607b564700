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
pub(super) fn words(given: &[OsString]) -> Vec<OsString> {
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

/// Bash splits words at colons too, and replaces the last part alone: it hands over the line, and gets that part.
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        variable: &str,
        _: &str,
        bin: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> Result<()> {
        writeln!(
            out,
            r#"_{bin}() {{
    local IFS=$'\n'
    COMPREPLY=( $({variable}=bash {completer} -- "${{COMP_LINE:0:COMP_POINT}}" "$2") )
    [[ ${{COMPREPLY-}} =~ [=/]$ ]] && compopt -o nospace
    return 0
}}
complete -o bashdefault -o default -F _{bin} {bin}"#
        )
    }

    fn write_complete(
        &self,
        command: &mut Command,
        given: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        let typed = words(&given);
        let last = typed.last().map(|own| own.to_string_lossy().into_owned());
        let part = given.get(1).map(|own| own.to_string_lossy());
        let kept = last.zip(part).map_or(0, |(last, part)| {
            last.strip_suffix(&*part).map_or(0, str::len)
        });
        for value in candidates(command, typed, folder)? {
            writeln!(out, "{}", value.get(kept..).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// `PowerShell`: the library's script would run what stands in the line before it is entered.
pub(super) struct Powershell;

impl EnvCompleter for Powershell {
    fn name(&self) -> &'static str {
        "powershell"
    }

    fn is(&self, name: &str) -> bool {
        name == "powershell"
    }

    fn write_registration(
        &self,
        variable: &str,
        _: &str,
        bin: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> Result<()> {
        writeln!(
            out,
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
}}"#
        )
    }

    fn write_complete(
        &self,
        command: &mut Command,
        given: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        for value in candidates(command, given, folder)? {
            // A value with a blank is one word between quotes.
            match value.contains(' ') {
                true => writeln!(out, "'{value}'")?,
                false => writeln!(out, "{value}")?,
            }
        }
        Ok(())
    }
}

/// Nushell has a script of its own, with the options written out: only values are asked for.
pub(super) struct Nushell;

/// What stands for values that are asked for.
const ASKED: &str = "asked-for";

impl EnvCompleter for Nushell {
    fn name(&self) -> &'static str {
        "nushell"
    }

    fn is(&self, name: &str) -> bool {
        name == "nushell"
    }

    fn write_registration(
        &self,
        variable: &str,
        _: &str,
        bin: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> Result<()> {
        let mut command = with_values(crate::cli::command(), &|arg| match is_asked_for(&arg) {
            true => arg.value_parser(PossibleValuesParser::new([ASKED])),
            false => arg,
        });
        let mut text = Vec::new();
        clap_complete::generate(clap_complete_nushell::Nushell, &mut command, bin, &mut text);
        let text = String::from_utf8_lossy(&text);
        let call = format!(
            "[line: string] {{\n    with-env {{ {variable}: nushell }} {{ ^{completer} -- $line | lines }}\n"
        );
        let text = text.replace(&format!("[] {{\n    [ \"{ASKED}\" ]\n"), &call);
        out.write_all(text.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        given: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        for value in candidates(command, words(&given), folder)? {
            match value.contains(' ') {
                true => writeln!(out, "\"{value}\"")?,
                false => writeln!(out, "{value}")?,
            }
        }
        Ok(())
    }
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
