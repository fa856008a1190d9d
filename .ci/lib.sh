# Sourced by every step: changes to the top of the workspace, and has the functions that install what a step needs. A tool is
# installed once, and kept for later runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Nothing is built twice in CI, so what incremental builds would keep is only room on the disk.
export CI=true CARGO_INCREMENTAL=0 REDOCLY_TELEMETRY=off

# Programs from crates.io, each in a directory named by program and version.
tools=${CALLROUNDED_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/callrounded}
# Python packages, in the virtual environments of this workspace.
python=target/.venv/bin

# skip REASON: reports a check that can't run here. `.ci/run` repeats these lines at its end.
skip() { echo "SKIPPED: $*"; }

# need PROGRAM REASON
need() {
  command -v "$1" > /dev/null || { echo "error: $1 is not installed; it is needed for $2" >&2; return 1; }
}

# One installation at a time: `.ci/run` installs in the background what later steps need. The lock ends with its process.
locked() {
  mkdir -p "$tools"
  (
    ! command -v flock > /dev/null || flock 9
    "$@"
  ) 9> "$tools/.lock"
}

# tool PROGRAM VERSION: the program is on the PATH, in exactly this version.
tool() {
  test -d "$tools/$1-$2" || locked install_tool "$1" "$2"
  PATH="$tools/$1-$2/bin:$PATH"
}

install_tool() {
  local directory="$tools/$1-$2" temporary
  test ! -d "$directory" || return 0
  echo "installing $1 $2 in $tools"
  temporary=$(mktemp -d "$tools/.install-XXXXXX")
  # Tools run for seconds, and take minutes to be optimized.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install --quiet "$1@$2" --locked --root "$temporary" --target-dir target/tool-builds
  mv "$temporary" "$directory"
}

# install_listed LIST STAMP COMMAND…: runs the command, unless it has run for a list of packages that is the same.
install_listed() {
  cmp --silent "$1" "$2" || locked run_and_stamp "$@"
}

run_and_stamp() {
  local list=$1 stamp=$2
  shift 2
  cmp --silent "$list" "$stamp" || { "$@" && cp "$list" "$stamp"; }
}

# node_packages DIRECTORY: it has the programs that its lock file pins.
node_packages() {
  need npm "programs of $1"
  install_listed "$1/package-lock.json" "$1/node_modules/.installed" \
    npm ci --prefix "$1" --no-progress --no-audit --no-fund
}

# python_tools DIRECTORY REQUIREMENTS: the virtual environment has what the requirements pin.
python_tools() {
  need python3 "packages of $2"
  install_listed "$2" "$1/installed.txt" install_python "$1" "$2"
}

install_python() {
  python3 -m venv "$1" &&
    "$1/bin/pip" install --quiet --disable-pip-version-check --requirement "$2"
}

# debian_package PACKAGE COMMAND…: the command succeeds, or the package is installed.
debian_package() {
  local package=$1
  shift
  if "$@" > /dev/null 2>&1; then return; fi
  need apt-get "the package $package, unless \`$*\` succeeds" &&
    locked install_debian "$package"
}

install_debian() { apt-get update --quiet && apt-get install --yes --quiet "$1"; }

# Cargo in another workspace finds what this one has compiled, where it is called with "${as_here[@]}".
# As a configuration, the manifest gives its profiles.
as_here=(--config "$PWD/Cargo.toml")
share_what_is_compiled() { export CARGO_BUILD_BUILD_DIR=$PWD/target; }

# What more than one step needs, in one version each.
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
fuzz_tool() { tool cargo-fuzz 0.13.1; }
test_suites() { PYTHON="$python/python" locked tests/python/fetch_suites.sh; }

has_toolchain() { rustup toolchain list 2> /dev/null | grep -q "^$1"; }
has_nightly() { has_toolchain nightly; }
