#!/usr/bin/env bash
# The engine of the page as WebAssembly: target/engine/engine.wasm. The toolchain's own linker makes a module that imports
# two functions and exports two: a cdylib would carry what libraries declare for glue that is never made.
set -euo pipefail
cd "$(dirname "$0")/.."
rustup target add wasm32-unknown-unknown
cargo rustc --locked --profile page -p why401-page --lib --crate-type staticlib --target wasm32-unknown-unknown
out="${CARGO_TARGET_DIR:-target}"
host="$(rustc -vV | sed -n 's/^host: //p')"
mkdir -p target/engine
"$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld" -flavor wasm --no-entry --gc-sections --strip-all \
    --stack-first -z stack-size=1048576 --export=place --export=call \
    "$out/wasm32-unknown-unknown/page/libwhy401_page.a" -o target/engine/engine.wasm
