#!/usr/bin/env bash
# Builds the program unless the cache contains it, and adds it to the PATH of the following steps.
set -euo pipefail

if [ ! -x "$DIRECTORY/bin/callrounded-doc" ] && [ ! -x "$DIRECTORY/bin/callrounded-doc.exe" ]; then
  repository=$(cd "$GITHUB_ACTION_PATH/../../.." && pwd -P)
  # Runs in this repository, so that its toolchain and settings apply and not those of the repository that is checked.
  (cd "$repository" && cargo install --quiet --locked --path crates/callrounded-doc --features "$FEATURES" --root "$DIRECTORY" \
    --target-dir "$RUNNER_TEMP/callrounded-doc-target")
  rm -rf "$RUNNER_TEMP/callrounded-doc-target"
fi
"$DIRECTORY/bin/callrounded-doc" --version
echo "$DIRECTORY/bin" >> "$GITHUB_PATH"
