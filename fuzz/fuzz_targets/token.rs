//! Any bytes as a token: reading never fails, and its debug form never shows it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use why401_core::token::Token;

fuzz_target!(|bytes: &[u8]| {
    let token = Token::read(bytes);
    let _ = (token.fingerprint(), token.claims(), format!("{token:?}"));
});
