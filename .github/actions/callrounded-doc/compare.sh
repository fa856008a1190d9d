#!/usr/bin/env bash
# Shows what a change of the document means, and fails where it is of the kind that shall.
set -euo pipefail

if [ -z "$DOCUMENT" ]; then
  echo "::error::compare-with needs the input document"
  exit 2
fi
callrounded-doc diff "$COMPARE_WITH" "$DOCUMENT" --format markdown --fail-on none >> "$GITHUB_STEP_SUMMARY"
callrounded-doc diff "$COMPARE_WITH" "$DOCUMENT" --format github --fail-on "$FAIL_ON"
