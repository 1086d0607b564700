//! Any text as an OpenAPI document to import rows from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use why401_core::scope::ListReading;
use why401_core::table::import::{self, Document, Options};

fuzz_target!(|text: &str| {
    let document = Document {
        name: "fuzz".to_owned(),
        text: text.to_owned(),
    };
    let options = Options {
        provider: None,
        source: "spec".to_owned(),
        reading: ListReading::Unclear,
        find: &|_| None,
    };
    let _ = import::openapi(&[document], &options);
});
