//! Any bytes as evidence, read as har and explained.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use why401_core::diagnose::Clock;
use why401_core::input::InputForm;
use why401_core::triage::{Declared, Options, Providers, explain};

static PROVIDERS: LazyLock<Providers> = LazyLock::new(Providers::shipped);

fuzz_target!(|bytes: &[u8]| {
    let mut options = Options::new("fuzz", Declared::at(Clock::at(1_767_225_600)));
    options.form = Some(InputForm::Har);
    let _ = explain(bytes, &PROVIDERS, &options);
});
