//! Any text through the cleaner: what it gives back is clean, and cleaning that again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use why401_core::input::InputForm;
use why401_core::scrub::{Keep, scrub};

fuzz_target!(|text: &str| {
    let keep = Keep::default();
    if let Ok(once) = scrub(text, InputForm::Body, &keep) {
        let again = scrub(&once.text, InputForm::Body, &keep);
        assert!(again.is_ok_and(|again| again.text == once.text));
    }
});
