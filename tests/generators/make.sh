#!/usr/bin/env bash
# Writes the documents of all applications anew.
#
#   make.sh          writes them
#   make.sh --check  writes nothing, and shows where a document is not what its application gives
#
# Needs: python3, npm and the Rust toolchain.
source "$(dirname "$0")/../../.ci/lib.sh"

case "$*" in
  '' | --check) ;;
  *) echo "usage: make.sh [--check]" >&2; exit 2 ;;
esac
top=$PWD
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
mkdir "$made"/{fastapi,spectacular,tsoa,utoipa}

generator_tools
share_what_is_compiled
cd tests/generators
"$top/target/.fastapi/bin/python" fastapi/make.py "$made/fastapi"
"$top/target/.spectacular/bin/python" spectacular/make.py "$made/spectacular"
(cd tsoa && node_modules/.bin/tsoa spec > /dev/null && mv "$top/target/tsoa/campaigns.json" "$made/tsoa")
cargo run --quiet --locked "${as_here[@]}" --manifest-path utoipa/Cargo.toml \
  --target-dir "$top/target/utoipa" > "$made/utoipa/recordings.json"

status=0
for generator in fastapi spectacular tsoa utoipa; do
  if [ "$*" = --check ]; then
    diff --unified --recursive "$generator/documents" "$made/$generator" || status=1
  else
    rm -f "$generator"/documents/*
    cp "$made/$generator"/* "$generator/documents"
  fi
done
exit "$status"
