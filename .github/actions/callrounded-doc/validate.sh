#!/usr/bin/env bash
# Validates, three times over: for the lines of the pull request, for code scanning, and for people. It takes less than a second.
set -euo pipefail

arguments=()
if [ -n "$DOCUMENT" ]; then arguments+=(--document "$DOCUMENT"); fi
if [ -n "$SCHEMA" ]; then arguments+=(--schema "$SCHEMA"); fi
if [ -n "$OPERATION" ]; then arguments+=(--operation "$OPERATION"); fi
if [ -n "$RESPONSE" ]; then
  arguments+=(--response "$RESPONSE")
elif [ -n "$OPERATION" ]; then
  arguments+=(--request)
fi
if [ "$STRICT" = true ]; then arguments+=(--strict); fi
arguments+=(--)
while IFS= read -r line; do
  # Without the blanks around it, which YAML leaves.
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  if [ -n "$line" ]; then arguments+=("$line"); fi
done <<< "$PAYLOADS"

code=0
callrounded-doc validate --format sarif --output "$SARIF" "${arguments[@]}" 2> /dev/null || code=$?
echo "sarif=$PWD/$SARIF" >> "$GITHUB_OUTPUT"
{
  echo '### Payloads'
  echo '```'
  callrounded-doc validate --max-findings 20 "${arguments[@]}" 2>&1 || true
  echo '```'
} >> "$GITHUB_STEP_SUMMARY"
callrounded-doc validate --format github "${arguments[@]}" || code=$?
exit "$code"
