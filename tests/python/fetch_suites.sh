#!/usr/bin/env bash
# Downloads the source packages of suites.txt to target/suites/NAME-VERSION, where tests look for them. Packages that are
# already there are not downloaded again. Needs python3 with pip (or the Python in `PYTHON`) and network access.
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
  # A temporary directory on the same file system, so that `mv` is atomic and no package is incomplete.
  temporary=$(mktemp -d target/suites/.fetch-XXXXXX)
  trap 'rm -rf "$temporary"' EXIT
  # pip verifies the hash of each package before it runs any code of it. To get the metadata of a source package, it
  # downloads the build tools that the package requires to a temporary directory.
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest "$temporary" \
    --requirement tests/python/suites.txt
  for package in "${packages[@]}"; do
    test -d "target/suites/$package" && continue
    tar -xzf "$temporary/$package.tar.gz" -C "$temporary"
    mv "$temporary/$package" "target/suites/$package"
  done
fi

# Verifies the one file of pytest that tests read, even if the package was not downloaded by this script.
"$python" - target/suites/pytest-9.2.0/testing/example_scripts/junit-10.xsd <<'PYTHON'
import hashlib, sys
expected = "a1a816f58d1bf95ebabf371994df0b9246dee66ea9572fbec4f9296f1b2c0ff6"
with open(sys.argv[1], "rb") as file:
    actual = hashlib.sha256(file.read()).hexdigest()
if actual != expected:
    sys.exit(f"{sys.argv[1]}: expected sha256 {expected}, got {actual}; delete target/suites and run this script again")
PYTHON
