//! NumericDate claims (RFC 7519 §2): seconds since 1970, a fraction allowed, everything else a finding.

use serde_json::{Map, Value};

/// A point in time: seconds since 1970-01-01T00:00:00Z, the fraction cut off downwards.
pub type Seconds = i64;

/// Beyond this (9999-12-31) no date can be written; such values are named as absurd.
pub const LAST_DATE: Seconds = 253_402_300_799;

/// One time claim as it stands in the token.
#[derive(Debug, Clone, PartialEq)]
pub enum Date {
    /// The claim is not there.
    Absent,
    /// A NumericDate.
    At(Seconds),
    /// Not a NumericDate; what it would mean if a reader were lenient, and what is wrong.
    Odd {
        /// The likely meaning in seconds, where there is one.
        likely: Option<Seconds>,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Date {
    /// The moment a standards-following server would take, or the likely one.
    pub fn seconds(&self) -> Option<Seconds> {
        match self {
            Self::At(at) => Some(*at),
            Self::Odd { likely, .. } => *likely,
            Self::Absent => None,
        }
    }
}

/// Reads the time claim of that name.
pub fn date(claims: &Map<String, Value>, name: &str) -> Date {
    match claims.get(name) {
        None => Date::Absent,
        Some(Value::Number(number)) => from_number(&number.to_string()),
        Some(Value::String(text)) => from_string(text.trim()),
        Some(Value::Null) => odd("is null: libraries read that as absent or as an error"),
        Some(Value::Bool(_)) => odd("is a boolean, not a number of seconds"),
        Some(Value::Array(_) | Value::Object(_)) => {
            odd("is a list or an object, not a number of seconds")
        }
    }
}

fn odd(why: &'static str) -> Date {
    Date::Odd { likely: None, why }
}

fn from_number(digits: &str) -> Date {
    let Some(seconds) = whole_seconds(digits) else {
        return odd("is out of range: beyond any date");
    };
    match seconds {
        s if s <= LAST_DATE => Date::At(s),
        // 9999 in seconds is 2.5e11; today's milliseconds are 1.7e12, microseconds 1.7e15.
        s if (100_000_000_000..100_000_000_000_000).contains(&s) => Date::Odd {
            likely: Some(s),
            why: "looks like milliseconds: read as seconds it lies far in the future",
        },
        s if (100_000_000_000_000..100_000_000_000_000_000).contains(&s) => Date::Odd {
            likely: Some(s),
            why: "looks like microseconds: read as seconds it lies far in the future",
        },
        _ => odd("is out of range: beyond any date"),
    }
}

fn whole_seconds(digits: &str) -> Option<Seconds> {
    if let Ok(seconds) = digits.parse::<i64>() {
        return Some(seconds);
    }
    let value: f64 = digits.parse().ok()?;
    let floor = value.floor();
    // i64's range is exactly representable at its lower bound only; 9.2e18 stays inside on both sides.
    if !floor.is_finite() || floor.abs() > 9.2e18 {
        return None;
    }
    format!("{floor:.0}").parse().ok()
}

fn from_string(text: &str) -> Date {
    if let Ok(seconds) = text.parse::<i64>() {
        return Date::Odd {
            likely: Some(seconds),
            why: "is a string, not a number: strict libraries reject it",
        };
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Date::Odd {
            likely: Some(at.as_second()),
            why: "is an ISO date, not a NumericDate: strict libraries reject it",
        };
    }
    odd("is a string, not a number of seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exp(json: &str) -> Date {
        let value: Value = serde_json::from_str(json).expect("test value");
        date(&Map::from_iter([("exp".to_owned(), value)]), "exp")
    }

    #[test]
    fn fractions_and_exponents_are_numbers() {
        assert_eq!(exp("1700000000.9"), Date::At(1_700_000_000));
        assert_eq!(exp("1.7e9"), Date::At(1_700_000_000));
        assert_eq!(exp("-1"), Date::At(-1));
    }

    #[test]
    fn likely_meanings_are_given_for_wrong_types() {
        assert_eq!(exp("\"1700000000\"").seconds(), Some(1_700_000_000));
        assert_eq!(
            exp("\"2023-11-14T22:13:20Z\"").seconds(),
            Some(1_700_000_000)
        );
        assert!(
            matches!(exp("1700000000000"), Date::Odd { why, .. } if why.contains("milliseconds"))
        );
    }

    #[test]
    fn absurd_values_do_not_overflow() {
        for json in [
            "1e400",
            "1e206",
            "9223372036854775807",
            "18446744073709551615",
            "-1e300",
            "true",
            "null",
            "{}",
        ] {
            assert!(
                matches!(exp(json), Date::Odd { likely: None, .. }),
                "{json}"
            );
        }
        assert_eq!(exp("-9223372036854775808"), Date::At(i64::MIN));
    }
}
