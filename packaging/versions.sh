#!/usr/bin/env bash
# versions.sh VERSION: whether every package of the repository has that version.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1 wrong=0
has() { grep -qF -- "$2" "$1" || { echo "$1 lacks: $2" >&2 && wrong=1; }; }
has Cargo.toml "version = \"$version\""
has Cargo.toml "why401-core = { version = \"$version\", path = \"core\" }"
has python/Cargo.toml "version = \"$version\""
has packaging/npm/package.json "\"version\": \"$version\""
for platform in darwin-arm64 darwin-x64 linux-arm64 linux-x64 win32-x64; do
    has packaging/npm/package.json "\"@why401/$platform\": \"$version\""
done
exit "$wrong"
