//! Any text as a `WWW-Authenticate` field.
#![no_main]

use libfuzzer_sys::fuzz_target;
use why401_core::http::challenge;

fuzz_target!(|text: &str| {
    let _ = challenge::read([text]);
});
