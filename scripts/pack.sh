#!/usr/bin/env bash
# pack.sh VERSION TARGET FOLDER: the built program with its licences, manual page and completions, and the checksum.
set -euo pipefail
version=$1 target=$2 folder=$3
program="target/$target/release/why401"
if [ -f "$program.exe" ]; then program="$program.exe"; fi
pack=$(mktemp -d)
mkdir -p "$folder" "$pack/complete"
cp "$program" LICENSE-APACHE LICENSE-MIT README.md CHANGELOG.md "$pack/"
if [ -f web/dist/why401.html ]; then cp web/dist/why401.html "$pack/"; fi
"$program" man >"$pack/why401.1"
for shell in bash zsh fish powershell; do "$program" completions "$shell" >"$pack/complete/why401.$shell"; done
archive="why401-$version-$target.tar.gz"
tar -czf "$folder/$archive" -C "$pack" .
cd "$folder"
if command -v sha256sum >/dev/null; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi >"$archive.sha256"
rm -r "$pack"
