#!/usr/bin/env bash
# Shows what a change of the document means, and fails where it is of the kind that shall.
set -euo pipefail

if [ -z "$DOCUMENT" ]; then
  echo "::error::compare-with needs the input document"
  exit 2
fi
problem=$RUNNER_TEMP/callrounded-doc.txt
if ! callrounded-doc diff --format markdown --fail-on none -- "$COMPARE_WITH" "$DOCUMENT" >> "$GITHUB_STEP_SUMMARY" 2> "$problem"; then
  echo "::error::$(head -n 1 "$problem")"
  exit 2
fi
callrounded-doc diff --format github "--fail-on=$FAIL_ON" -- "$COMPARE_WITH" "$DOCUMENT"
