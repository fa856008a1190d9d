# Sourced by every step. Changes to the root of the workspace, and defines functions that install the tools of a step.
# A tool is installed once and reused by later runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# CI builds everything once, so incremental compilation would only use disk space.
export CI=true CARGO_INCREMENTAL=0 REDOCLY_TELEMETRY=off

# Programs from crates.io. Each has a directory, named after the program and its version.
tools=${CALLROUNDED_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/callrounded}
# The programs of the virtual environment for Python packages.
python=target/.venv/bin

# skip REASON: reports a check that cannot run here. `.ci/run` lists these lines again at its end.
skip() { echo "SKIPPED: $*"; }

# require PROGRAM PURPOSE: fails unless the program is installed.
require() {
  command -v "$1" > /dev/null || { echo "error: $1 is not installed; it is required to $2" >&2; return 1; }
}

# with_lock COMMAND…: runs one installation at a time, since `.ci/run` installs tools of later steps in the background.
# The lock is released when its process ends.
with_lock() {
  mkdir -p "$tools"
  (
    ! command -v flock > /dev/null || flock 9
    "$@"
  ) 9> "$tools/.lock"
}

# tool PROGRAM VERSION: puts exactly this version of the program on the PATH. Installs it if it is missing.
tool() {
  test -d "$tools/$1-$2" || with_lock install_tool "$1" "$2"
  PATH="$tools/$1-$2/bin:$PATH"
}

install_tool() {
  local directory="$tools/$1-$2" temporary
  test ! -d "$directory" || return 0
  echo "installing $1 $2 in $tools"
  temporary=$(mktemp -d "$tools/.install-XXXXXX")
  # Optimizing a tool takes minutes, but it only runs for seconds.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install --quiet "$1@$2" --locked --root "$temporary" --target-dir target/tool-builds
  mv "$temporary" "$directory"
}

# install_listed LIST STAMP COMMAND…: installs a list of packages with the command, unless STAMP, a copy of the list that
# was installed last, is the same.
install_listed() {
  cmp --silent "$1" "$2" || with_lock run_and_stamp "$@"
}

run_and_stamp() {
  local list=$1 stamp=$2
  shift 2
  cmp --silent "$list" "$stamp" || { "$@" && cp "$list" "$stamp"; }
}

# node_packages DIRECTORY: installs the packages that the lock file in the directory pins.
node_packages() {
  require npm "install the packages of $1"
  install_listed "$1/package-lock.json" "$1/node_modules/.installed" \
    npm ci --prefix "$1" --no-progress --no-audit --no-fund
}

# python_tools DIRECTORY REQUIREMENTS: installs the pinned requirements in the virtual environment DIRECTORY.
python_tools() {
  require python3 "install the packages of $2"
  install_listed "$2" "$1/installed.txt" install_python "$1" "$2"
}

install_python() {
  python3 -m venv "$1" &&
    "$1/bin/pip" install --quiet --disable-pip-version-check --requirement "$2"
}

# debian_package PACKAGE COMMAND…: installs the package, unless the command succeeds.
debian_package() {
  local package=$1
  shift
  if "$@" > /dev/null 2>&1; then return; fi
  require apt-get "install the package $package, unless \`$*\` succeeds" &&
    with_lock install_debian "$package"
}

install_debian() { apt-get update --quiet && apt-get install --yes --quiet "$1"; }

# With the build directory and the profiles of this workspace, Cargo reuses its build output in another workspace. Passed as
# a configuration file, the manifest contributes its profiles: call Cargo with "${shared_profiles[@]}".
shared_profiles=(--config "$PWD/Cargo.toml")
share_build_directory() { export CARGO_BUILD_BUILD_DIR=$PWD/target; }

# Tools that several steps need, each in one version.
node_tools() { node_packages tests/node; }
generator_tools() {
  python_tools target/.fastapi tests/generators/fastapi/requirements.txt
  python_tools target/.spectacular tests/generators/spectacular/requirements.txt
  node_packages tests/generators/tsoa
}
control_tools() {
  python_tools target/.pytest tests/python/mock/requirements.txt
  debian_package chromium command -v chromium
}
features_tool() { tool cargo-hack 0.6.46; }
semver_tool() { tool cargo-semver-checks 0.51.0; }
dependencies_tool() { tool cargo-deny 0.20.2; }
bench_tool() { tool gungraun-runner 0.20.0; }
mutants_tool() { tool cargo-mutants 27.1.0; }
fuzz_tool() { tool cargo-fuzz 0.13.1; }
test_suites() { PYTHON="$python/python" with_lock tests/python/fetch_suites.sh; }

has_toolchain() { rustup toolchain list 2> /dev/null | grep -q "^$1"; }
has_nightly() { has_toolchain nightly; }
