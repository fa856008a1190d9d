#!/usr/bin/env bash
# Puts the program on the PATH of the next steps. It is built unless the cache had it.
set -euo pipefail

if [ ! -x "$DIRECTORY/bin/callrounded-doc" ] && [ ! -x "$DIRECTORY/bin/callrounded-doc.exe" ]; then
  repository=$(cd "$GITHUB_ACTION_PATH/../../.." && pwd -P)
  # From within, so that the toolchain and the settings are those of the sources and not those of the workspace that is checked.
  (cd "$repository" && cargo install --quiet --locked --path crates/callrounded-doc --features "$FEATURES" --root "$DIRECTORY" \
    --target-dir "$RUNNER_TEMP/callrounded-doc-target")
  rm -rf "$RUNNER_TEMP/callrounded-doc-target"
fi
"$DIRECTORY/bin/callrounded-doc" --version
echo "$DIRECTORY/bin" >> "$GITHUB_PATH"
