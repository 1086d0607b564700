#!/usr/bin/env bash
# from-release.sh VERSION FOLDER: the archives of npm and the formula, made of the binaries' archives in FOLDER.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1 folder=$2
work=$(mktemp -d)
pairs=()
while read -r target platform; do
    mkdir "$work/$target"
    tar -xzf "$folder/why401-v$version-$target.tar.gz" -C "$work/$target"
    program="$work/$target/why401"
    if [ -f "$program.exe" ]; then program="$program.exe"; fi
    pairs+=("$platform=$program")
done <<'PLATFORMS'
x86_64-unknown-linux-musl linux-x64
aarch64-unknown-linux-musl linux-arm64
x86_64-apple-darwin darwin-x64
aarch64-apple-darwin darwin-arm64
x86_64-pc-windows-msvc win32-x64
PLATFORMS
node packaging/npm/pack.mjs "$version" "$folder" "${pairs[@]}"
packaging/homebrew/fill.sh "$version" "$folder" >"$folder/why401.rb"
rm -r "$work"
