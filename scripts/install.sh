#!/usr/bin/env bash
# install.sh VERSION SOURCE FOLDER: puts why401 into FOLDER and prints it. With a VERSION the released binary is taken and
# its checksum compared; without one the program is built from SOURCE.
set -euo pipefail
version=$1 source=$2 folder=$3
mkdir -p "$folder"

if [ -z "$version" ]; then
    cargo install --quiet --locked --path "$source" --root "$folder/built" >&2
    echo "$folder/built/bin"
    exit
fi

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) target=x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    MINGW* | MSYS*) target=x86_64-pc-windows-msvc ;;
    *) echo "no binary is released for $(uname -sm): leave the version away to build it" >&2 && exit 2 ;;
esac
archive="why401-$version-$target.tar.gz"
base="${WHY401_RELEASES:-https://github.com/why401/why401/releases/download}/$version"
cd "$folder"
curl -fsSL --retry 3 -o "$archive" "$base/$archive"
curl -fsSL --retry 3 -o "$archive.sha256" "$base/$archive.sha256"
if command -v sha256sum >/dev/null; then
    sha256sum --quiet -c "$archive.sha256" >&2
else
    shasum -a 256 -c "$archive.sha256" >&2
fi
# The checksum lies beside the archive: it finds a broken download, not a false one. The attestation does, where gh is there.
if command -v gh >/dev/null && [ -z "${WHY401_RELEASES:-}" ]; then
    gh attestation verify "$archive" --repo why401/why401 >&2
else
    echo "the attestation of $archive was not checked: that takes the GitHub CLI (gh attestation verify)" >&2
fi
tar -xzf "$archive"
echo "$folder"
