//! How the program is linked on Linux: a start loads only what it needs.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script asks the compiler and looks for files"
)]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    if variable("TARGET").ends_with("-linux-musl") {
        // A start reads 3 kB of them instead of 250.
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    let own = variable("HOST") == variable("TARGET");
    let gnu = variable("TARGET").ends_with("-linux-gnu");
    let shared = !variable("CARGO_CFG_TARGET_FEATURE").contains("crt-static");
    if own && gnu && shared {
        unwinder();
    }
}

/// Takes GCC's unwinder into the program, where the compiler brings it, in place of a library that every start loads.
fn unwinder() {
    const NAME: &str = "libgcc_eh.a";
    let asked = Command::new("cc")
        .arg(format!("-print-file-name={NAME}"))
        .output();
    let said = asked.map_or_else(|_| Vec::new(), |answer| answer.stdout);
    let said = String::from_utf8(said).unwrap_or_default();
    let path = Path::new(said.trim());
    // A compiler that has none repeats the name.
    if let (true, Some(folder)) = (path.is_absolute() && path.is_file(), path.parent()) {
        println!("cargo::rustc-link-search=native={}", folder.display());
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}
