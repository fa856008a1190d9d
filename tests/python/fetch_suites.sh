#!/usr/bin/env bash
# Fetches the source packages of suites.txt to target/suites/NAME-VERSION, where tests look for them. Needs python3 with pip
# (`PYTHON` names another) and network access, once: what is there is left alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
packages=(jsonschema-4.26.0 pytest-9.2.0)

missing=false
for package in "${packages[@]}"; do
  test -d "target/suites/$package" || missing=true
done

if $missing; then
  mkdir -p target/suites
  # Beside its place, so that a folder is there either whole or not at all.
  temporary=$(mktemp -d target/suites/.fetch-XXXXXX)
  trap 'rm -rf "$temporary"' EXIT
  # pip holds each package against its hash before anything in it is run. It asks a source package for its metadata, for
  # which it fetches the build tools that the package names, into a folder of its own that is gone afterwards.
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest "$temporary" \
    --requirement tests/python/suites.txt
  for package in "${packages[@]}"; do
    test -d "target/suites/$package" && continue
    tar -xzf "$temporary/$package.tar.gz" -C "$temporary"
    mv "$temporary/$package" "target/suites/$package"
  done
fi

# The one file of pytest that counts, whichever way it came here.
"$python" - target/suites/pytest-9.2.0/testing/example_scripts/junit-10.xsd <<'PYTHON'
import hashlib, sys
wanted = "a1a816f58d1bf95ebabf371994df0b9246dee66ea9572fbec4f9296f1b2c0ff6"
with open(sys.argv[1], "rb") as file:
    found = hashlib.sha256(file.read()).hexdigest()
sys.exit(None if found == wanted else f"{sys.argv[1]} is another file than the tests know: sha256 {found}")
PYTHON
