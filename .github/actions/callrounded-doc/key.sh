#!/usr/bin/env bash
# Sets the outputs of this step: the features of the program, the directory to install it in, and the cache key. The key
# depends on the features, the sources, the system and the compiler.
set -euo pipefail

repository=$(cd "$GITHUB_ACTION_PATH/../../.." && pwd -P)
cd "$repository"
sources=$(find Cargo.lock Cargo.toml crates openapi -type f -not -path '*/tests/*' -print0 | LC_ALL=C sort -z | xargs -0 cat | git hash-object --stdin)
compiler=$(rustc --version | tr ' ()' '-')
# With the commands that compare documents, the build takes twice as long. So they are only included if needed.
features=${COMPARE_WITH:+changes}
{
  echo "features=$features"
  echo "directory=$RUNNER_TEMP/callrounded-doc"
  echo "key=callrounded-doc-$RUNNER_OS-$RUNNER_ARCH-${features:-validate}-$compiler-$sources"
} >> "$GITHUB_OUTPUT"
