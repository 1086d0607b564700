//! Authentication schemes (RFC 9110 §11.1): which are known, and what follows each in a header.

use std::sync::OnceLock;

/// One line a scheme.
const SCHEMES: &str = include_str!(concat!(env!("WHY401_TABLES"), "/schemes.tsv"));

/// What follows the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Follows {
    /// A token of its own.
    Token,
    /// A key of its own.
    Key,
    /// User name and password, in base64.
    Password,
    /// Parameters, a signature among them.
    Parameters,
    /// One message of several.
    Handshake,
}

/// Who uses the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Usage {
    /// A standard has it, and servers name it in challenges.
    Standard,
    /// No standard, but several products and frameworks.
    Common,
    /// One product.
    Own,
}

/// A scheme that is known.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scheme {
    /// As its source writes it.
    pub name: &'static str,
    /// What follows it.
    pub follows: Follows,
    /// Who uses it.
    pub usage: Usage,
    /// Whether it is an ordinary word of prose too, behind which no credential need stand.
    pub is_word: bool,
}

impl Scheme {
    /// Every scheme that is known, in the order of the table.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Scheme>> = OnceLock::new();
        ALL.get_or_init(|| SCHEMES.lines().filter_map(read).collect())
    }

    /// The scheme of that name; schemes compare without case (RFC 9110 §11.1).
    pub fn named(word: &str) -> Option<&'static Self> {
        let mut all = Self::all().iter();
        all.find(|scheme| scheme.name.eq_ignore_ascii_case(word))
    }

    /// The scheme at the start of a credential header's value.
    pub fn of(value: &str) -> Option<&'static Self> {
        Self::named(value.trim_start().split(' ').next()?)
    }

    /// Whether what follows is the credential itself, and not what was made with it.
    pub fn carries_secret(&self) -> bool {
        matches!(
            self.follows,
            Follows::Token | Follows::Key | Follows::Password
        )
    }

    /// Whether a standard has it and a token follows: servers that take one such scheme often take the others.
    pub fn is_standard_token(&self) -> bool {
        self.follows == Follows::Token && self.usage == Usage::Standard
    }
}

fn read(line: &'static str) -> Option<Scheme> {
    let mut fields = line.split('\t').filter(|_| !line.starts_with('#'));
    Some(Scheme {
        name: fields.next()?,
        follows: match fields.next()? {
            "token" => Follows::Token,
            "key" => Follows::Key,
            "password" => Follows::Password,
            "parameters" => Follows::Parameters,
            "handshake" => Follows::Handshake,
            _ => return None,
        },
        usage: match fields.next()? {
            "standard" => Usage::Standard,
            "common" => Usage::Common,
            "own" => Usage::Own,
            _ => return None,
        },
        is_word: fields.next()? == "yes",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = SCHEMES.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.count(), Scheme::all().len());
    }

    #[test]
    fn a_scheme_is_known_in_any_case_and_only_whole() {
        for (value, follows) in [
            ("bearer abc", Some(Follows::Token)),
            ("BASIC abc", Some(Follows::Password)),
            ("Bearer", Some(Follows::Token)),
            ("Bearer: abc", None),
            ("Bear abc", None),
            ("", None),
        ] {
            assert_eq!(Scheme::of(value).map(|s| s.follows), follows, "{value}");
        }
    }
}
