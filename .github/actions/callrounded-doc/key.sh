#!/usr/bin/env bash
# Prints where the program is installed, the features it needs, and a key that changes with these, its sources, the system and the
# compiler.
set -euo pipefail

repository=$(cd "$GITHUB_ACTION_PATH/../../.." && pwd -P)
cd "$repository"
sources=$(find Cargo.lock Cargo.toml crates openapi -type f -not -path '*/tests/*' -print0 | LC_ALL=C sort -z | xargs -0 cat | git hash-object --stdin)
compiler=$(rustc --version | tr ' ()' '-')
# To compare documents takes twice as long to build as to validate payloads.
features=${COMPARE_WITH:+changes}
{
  echo "features=$features"
  echo "directory=$RUNNER_TEMP/callrounded-doc"
  echo "key=callrounded-doc-$RUNNER_OS-$RUNNER_ARCH-${features:-validate}-$compiler-$sources"
} >> "$GITHUB_OUTPUT"
