#!/usr/bin/env bash
# Reports the changes of the document in the job summary and as annotations. Fails if one is of the kind in `fail-on`.
set -euo pipefail

if [ -z "$DOCUMENT" ]; then
  echo "::error::the input compare-with requires the input document"
  exit 2
fi
problem=$RUNNER_TEMP/callrounded-doc.txt
if ! callrounded-doc diff --format markdown --fail-on none -- "$COMPARE_WITH" "$DOCUMENT" >> "$GITHUB_STEP_SUMMARY" 2> "$problem"; then
  echo "::error::$(head -n 1 "$problem")"
  exit 2
fi
callrounded-doc diff --format github "--fail-on=$FAIL_ON" -- "$COMPARE_WITH" "$DOCUMENT"
