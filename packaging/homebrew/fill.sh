#!/usr/bin/env bash
# fill.sh VERSION FOLDER: the formula for a release, on standard output; FOLDER has its *.sha256 files.
set -euo pipefail
version=${1#v} folder=$2
formula=$(sed "s/@VERSION@/$version/g" "$(dirname "$0")/why401.rb")
for target in aarch64-apple-darwin x86_64-apple-darwin aarch64-unknown-linux-musl x86_64-unknown-linux-musl; do
    sum=$(cut -d' ' -f1 "$folder/why401-v$version-$target.tar.gz.sha256")
    [[ $sum =~ ^[0-9a-f]{64}$ ]] || { echo "no checksum for $target in $folder" >&2 && exit 2; }
    formula=${formula//@$target@/$sum}
done
printf '%s\n' "$formula"
