//! One segment of a compact token: base64url, as people have it.

use super::flaw::Flaw;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// Decodes base64url, or standard base64 with a flaw (RFC 7515 §2: no padding, URL-safe alphabet).
pub(super) fn decode_segment(
    text: &str,
    place: &str,
    flaws: &mut Vec<Flaw>,
) -> Result<Vec<u8>, String> {
    let mut flaw = |text: &str| {
        flaws.push(Flaw {
            place: place.to_owned(),
            text: text.to_owned(),
            fatal: true,
        });
    };
    let bare = text.trim_end_matches('=');
    if bare.len() % 4 == 1 {
        return Err(format!(
            "the {place}'s length cannot be base64url: a character was lost or added"
        ));
    }
    let standard = bare.contains(['+', '/']);
    let decoded = if standard {
        STANDARD.decode(bare)
    } else {
        URL_SAFE.decode(bare)
    };
    let bytes = decoded.map_err(|fault| match fault {
        base64::DecodeError::InvalidByte(at, _) => {
            format!("the {place} has a character at position {at} that is not base64url")
        }
        _ => format!("the {place} is not base64url"),
    })?;
    if bare.len() < text.len() {
        flaw("is padded with `=` (RFC 7515 §2 has none; most servers refuse it)");
    }
    if standard {
        flaw("uses the standard base64 alphabet (`+`, `/`) instead of base64url");
    }
    Ok(bytes)
}

/// Encodes as base64url without padding (RFC 7515 §2).
pub(super) fn encode_segment(bytes: &[u8]) -> String {
    URL_SAFE.encode(bytes).trim_end_matches('=').to_owned()
}

pub(super) fn text_of(bytes: Vec<u8>, place: &str) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| format!("the {place} is not UTF-8 (RFC 8725 §3.7)"))
}
