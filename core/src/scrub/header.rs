//! Header fields: known names with the grammar of their values; of any other the name and that it was there.

use super::Work;
use super::harmless::{Grammar, HARMLESS};
use super::stand_in::is_own;
use super::{challenge, cookie, credential, member, prose, url};
use crate::token::redact::{Strictness, is_wordy};

/// A field's name: a stand-in where it is no word.
pub(super) fn name(name: &str, work: &mut Work<'_>) -> String {
    let bare = name.trim();
    if HARMLESS.is_read_header(bare)
        || is_wordy(bare, Strictness::Strict) && bare.len() <= 64
        || work.keeps(bare)
        || is_own(bare)
    {
        return name.to_owned();
    }
    // What stands before a colon must stay a name.
    format!("x-name-n{}", work.stand.number(bare, "header name"))
}

/// A field's value, with the blanks around it.
pub(super) fn value(name: &str, text: &str, work: &mut Work<'_>) -> String {
    let lower = name.trim().to_ascii_lowercase();
    let bare = text.trim();
    if bare.is_empty() || HARMLESS.is_value(bare) || is_own(bare) && lower != "authorization" {
        return text.to_owned();
    }
    if work.keeps(&lower) {
        return text.to_owned();
    }
    let place = format!(
        "header {}",
        if is_wordy(&lower, Strictness::Strict) {
            &lower
        } else {
            "of another name"
        }
    );
    match HARMLESS.header(&lower) {
        Some(Grammar::Credential) => credential::header(text, &place, work),
        Some(Grammar::Cookies) => cookie::clean(text, &place, work),
        Some(Grammar::Challenge) => challenge::clean(text, work),
        Some(Grammar::Url) if lower == "host" => {
            text.replace(bare, &url::authority_of(bare, &place, work))
        }
        Some(Grammar::Url) => {
            text.replace(bare, &url::clean(bare, url::Paths::Published, &place, work))
        }
        Some(Grammar::Names) => prose::prose(text, &place, work),
        Some(grammar) => text.replace(bare, &member::text(bare, Some(grammar), &place, work)),
        None => text.replace(bare, &work.stand.value(bare, &place)),
    }
}
