#!/usr/bin/env bash
# Validates the payloads three times: for code scanning (SARIF), for the job summary, and for the annotations of the pull
# request. This takes less than a second.
set -euo pipefail

fail() { echo "::error::$1"; exit 2; }

arguments=()
if [ -n "$DOCUMENT" ]; then arguments+=("--document=$DOCUMENT"); fi
if [ -n "$SCHEMA" ]; then arguments+=("--schema=$SCHEMA"); fi
if [ -n "$OPERATION" ]; then arguments+=("--operation=$OPERATION"); fi
if [ -n "$RESPONSE" ]; then
  arguments+=("--response=$RESPONSE")
elif [ -n "$OPERATION" ]; then
  arguments+=(--request)
fi
case "$STRICT" in
  true) arguments+=(--strict) ;;
  false) ;;
  *) fail "invalid input strict: expected true or false, got $STRICT" ;;
esac
if [ -z "$SARIF" ]; then fail "the input sarif is empty: expected the path of the file to write"; fi
arguments+=(--)
while IFS= read -r line; do
  # Removes whitespace around the path, which YAML keeps.
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<< "$PAYLOADS"

case "$SARIF" in
  /* | [A-Za-z]:*) report=$SARIF ;;
  *) report=$PWD/$SARIF ;;
esac

# Errors of the inputs are ignored here, since the last run reports them.
callrounded-doc validate --format sarif "--output=$SARIF" "${arguments[@]}" > /dev/null 2> "$RUNNER_TEMP/callrounded-doc.txt" || true
if [ ! -f "$report" ]; then fail "the SARIF file could not be written: $(cat "$RUNNER_TEMP/callrounded-doc.txt")"; fi
echo "sarif=$report" >> "$GITHUB_OUTPUT"
# Moved away, so that the other runs do not read the report as a payload.
moved=$RUNNER_TEMP/callrounded-doc.sarif
mv "$report" "$moved"
{
  echo '### Payloads'
  echo '```'
  callrounded-doc validate --max-findings 20 "${arguments[@]}" 2>&1 || true
  echo '```'
} >> "$GITHUB_STEP_SUMMARY"
code=0
# Standard error is dropped, since the annotations report errors of the inputs too.
callrounded-doc validate --format github "${arguments[@]}" 2> /dev/null || code=$?
mv "$moved" "$report"
exit "$code"
