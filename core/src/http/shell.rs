//! Shells, as far as they fill variables into a command.

/// A program that reads command lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// `sh`, `bash`, `zsh` and others (POSIX.1-2024, Shell & Utilities §2.6.2).
    Posix,
    /// `cmd.exe`.
    Cmd,
    /// Windows `PowerShell` and `pwsh`.
    PowerShell,
}

impl Shell {
    /// The shell whose prompt stands before a command, where its form tells.
    pub fn of_prompt(prompt: &str) -> Option<Self> {
        let prompt = prompt.trim();
        let drive = |text: &str| {
            let mut chars = text.chars();
            chars.next().is_some_and(|c| c.is_ascii_alphabetic())
                && chars.next() == Some(':')
                && chars.next() == Some('\\')
        };
        let powershell = prompt
            .strip_prefix("PS")
            .is_some_and(|rest| rest.starts_with([' ', '>']));
        match prompt.chars().last()? {
            '>' if powershell => Some(Self::PowerShell),
            '>' if drive(prompt) => Some(Self::Cmd),
            '$' | '#' | '%' => Some(Self::Posix),
            _ => None,
        }
    }

    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Posix => "a POSIX shell",
            Self::Cmd => "cmd.exe",
            Self::PowerShell => "PowerShell",
        }
    }

    /// Whether it puts a value in the place of a variable that is written so.
    fn fills(self, typed: &str) -> bool {
        let environment = typed.starts_with("$env:") || typed.starts_with("${env:");
        match self {
            Self::Posix => typed.starts_with('$') && !environment,
            Self::Cmd => typed.starts_with('%'),
            Self::PowerShell => typed.starts_with('$'),
        }
    }
}

/// A variable of a shell in a command, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// `$TOKEN`, `${TOKEN}`, `%TOKEN%`, `$env:TOKEN`.
    pub typed: String,
    /// The shell that ran the command, where its prompt tells.
    pub shell: Option<Shell>,
}

impl Variable {
    /// The shell that ran the command and does not know this way of writing a variable.
    pub fn foreign_to(&self) -> Option<Shell> {
        self.shell.filter(|shell| !shell.fills(&self.typed))
    }

    /// Whether cmd.exe alone puts a value in its place.
    pub fn is_of_cmd(&self) -> bool {
        self.typed.starts_with('%')
    }

    /// The variable as a shell takes it.
    pub fn written_for(&self, shell: Shell) -> String {
        let name = self.name();
        match shell {
            Shell::Posix => format!("${name}"),
            Shell::Cmd => format!("%{name}%"),
            Shell::PowerShell => format!("$env:{name}"),
        }
    }

    fn name(&self) -> &str {
        let bare = self.typed.trim_matches(['$', '{', '}', '%']);
        bare.strip_prefix("env:").unwrap_or(bare)
    }
}

/// A variable as cmd.exe takes it, and nothing else: `%TOKEN%`.
pub(crate) fn is_cmd_variable(text: &str) -> bool {
    let name = text
        .strip_prefix('%')
        .and_then(|rest| rest.strip_suffix('%'));
    name.is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_tells_the_shell_and_the_shell_what_it_fills_in() {
        for (prompt, typed, foreign) in [
            ("C:\\> ", "$TOKEN", true),
            ("C:\\Users\\me>", "%TOKEN%", false),
            ("D:\\work> ", "${env:TOKEN}", true),
            ("PS C:\\> ", "$env:TOKEN", false),
            ("PS> ", "%TOKEN%", true),
            ("PS /home/me> ", "${env:TOKEN}", false),
            ("$ ", "$TOKEN", false),
            ("me@host:~$ ", "%TOKEN%", true),
            ("# ", "${env:TOKEN}", true),
            ("> ", "%TOKEN%", false),
        ] {
            let variable = Variable {
                typed: typed.to_owned(),
                shell: Shell::of_prompt(prompt),
            };
            assert_eq!(variable.foreign_to().is_some(), foreign, "{prompt}{typed}");
            assert_eq!(variable.written_for(Shell::Cmd), "%TOKEN%");
        }
        for text in ["%", "%%", "%2F%", "%a b%", "x%A%"] {
            assert!(!is_cmd_variable(text), "{text}");
        }
    }
}
