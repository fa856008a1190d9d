#!/usr/bin/env bash
# Generates the documents of all applications.
#
#   make.sh          writes the documents
#   make.sh --check  writes nothing, and shows the difference where a document is out of date
#
# Needs: python3, npm and the Rust toolchain.
source "$(dirname "$0")/../../.ci/lib.sh"

case "$*" in
  '' | --check) ;;
  *) echo "usage: make.sh [--check]" >&2; exit 2 ;;
esac
root=$PWD
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT
mkdir "$generated"/{fastapi,spectacular,tsoa,utoipa}

generator_tools
share_build_directory
cd tests/generators
"$root/target/.fastapi/bin/python" fastapi/make.py "$generated/fastapi"
"$root/target/.spectacular/bin/python" spectacular/make.py "$generated/spectacular"
(cd tsoa && node_modules/.bin/tsoa spec > /dev/null && mv "$root/target/tsoa/campaigns.json" "$generated/tsoa")
cargo run --quiet --locked "${shared_profiles[@]}" --manifest-path utoipa/Cargo.toml \
  --target-dir "$root/target/utoipa" > "$generated/utoipa/recordings.json"

status=0
for generator in fastapi spectacular tsoa utoipa; do
  if [ "$*" = --check ]; then
    diff --unified --recursive "$generator/documents" "$generated/$generator" || status=1
  else
    rm -f "$generator"/documents/*
    cp "$generated/$generator"/* "$generator/documents"
  fi
done
exit "$status"
