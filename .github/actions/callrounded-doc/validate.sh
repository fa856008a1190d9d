#!/usr/bin/env bash
# Validates, three times over: for the lines of the pull request, for code scanning, and for people. It takes less than a second.
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
  *) fail "the input strict is true or false, not $STRICT" ;;
esac
if [ -z "$SARIF" ]; then fail "the input sarif names no file"; fi
arguments+=(--)
while IFS= read -r line; do
  # Without the blanks around it, which YAML leaves.
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<< "$PAYLOADS"

case "$SARIF" in
  /* | [A-Za-z]:*) report=$SARIF ;;
  *) report=$PWD/$SARIF ;;
esac

# What is wrong with the input is told by the last run.
callrounded-doc validate --format sarif "--output=$SARIF" "${arguments[@]}" > /dev/null 2> "$RUNNER_TEMP/callrounded-doc.txt" || true
if [ ! -f "$report" ]; then fail "no SARIF file was written: $(cat "$RUNNER_TEMP/callrounded-doc.txt")"; fi
echo "sarif=$report" >> "$GITHUB_OUTPUT"
# The report is no payload of the other runs.
kept=$RUNNER_TEMP/callrounded-doc.sarif
mv "$report" "$kept"
{
  echo '### Payloads'
  echo '```'
  callrounded-doc validate --max-findings 20 "${arguments[@]}" 2>&1 || true
  echo '```'
} >> "$GITHUB_STEP_SUMMARY"
code=0
# The annotations say what is wrong with the input too.
callrounded-doc validate --format github "${arguments[@]}" 2> /dev/null || code=$?
mv "$kept" "$report"
exit "$code"
