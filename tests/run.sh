#!/usr/bin/env bash
# Runs the tests, in parts: lint, rust, browser, faults. Called by ./x test and ./x lint.
#
# Everything the tests start (a database server, a demonstration server) lives in a folder of its own
# under the system's folder for temporary files, on free ports, and is gone at the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/support/report.sh
. tests/support/system.sh
. tests/support/postgres.sh
. tests/support/s3.sh

all_parts=(lint rust browser faults)
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=("${all_parts[@]}")
for part in "${parts[@]}"; do
  case " ${all_parts[*]} " in
    *" $part "*) ;;
    *) echo "x test: there is no part $part; there are: ${all_parts[*]}" >&2; exit 2 ;;
  esac
done
wanted() { case " ${parts[*]} " in *" $1 "*) return 0 ;; *) return 1 ;; esac }

work=$(mktemp -d "${TMPDIR:-/tmp}/tickmark-tests.XXXXXX")
chmod 755 "$work"
server=""
finish_part() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  server=""
}
finish() {
  finish_part
  [ -z "$aside_part" ] || { pkill -TERM -P "$aside_pid" 2>/dev/null; kill "$aside_pid" 2>/dev/null; } || true
  postgres_stop
  s3_stop
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

target="${CARGO_TARGET_DIR:-target}"
# A snapshot that differs is a failure here, not a file to review later.
export INSTA_UPDATE=no
[ ! -t 1 ] || export CARGO_TERM_COLOR=always

# Clippy runs inside the ordinary compilation, as a wrapper around the compiler for our own crates, so
# that linting and testing share one build of every library. `cargo clippy` would check DataFusion and
# Typst a second time, in a form that no test can use. Measured in docs/adr/0002-build-profiles.md.
clippy=$(rustup which clippy-driver 2>/dev/null || command -v clippy-driver) ||
  { echo "x: clippy is missing: rustup component add clippy" >&2; exit 2; }
under_clippy=(env "RUSTC_WORKSPACE_WRAPPER=$clippy")
deny_warnings='CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__'
only_warn='CLIPPY_ARGS='
lint_flags=$deny_warnings
built=""

lint() {
  step "formatting" 120 cargo fmt --all --check
  step "build under clippy" 1500 "${under_clippy[@]}" "$lint_flags" cargo build --locked --workspace --all-targets
  # With a lint error the tests still run, on a build that only warns.
  if [ "$step_failed" = 0 ]; then built=yes; else lint_flags=$only_warn; fi
  step "tidy" 300 "$target/debug/xtask" tidy
  if command -v cargo-deny >/dev/null; then
    step "cargo deny" 300 cargo deny check bans licenses sources advisories
  else
    note "cargo-deny is not installed: advisories are not looked up (licences and bans are, by tidy)"
  fi
}

# Some tests run the program itself, which `cargo test` does not build.
build_program() {
  [ -z "$built" ] || return 0
  step "build the program" 1500 \
    "${under_clippy[@]}" "$lint_flags" cargo build --locked --workspace --all-targets
  built=yes
}

rust() {
  postgres_start "$work/postgres"
  s3_start "$work/s3"
  build_program
  step "cargo test" 3000 "${under_clippy[@]}" "$lint_flags" cargo test --locked --workspace --no-fail-fast
}

browser() {
  build_program
  step "npm ci" 300 npm --prefix tests/browser ci --no-audit --no-fund
  serve_demo || { failed_step "serve the demonstration"; return; }
  TICKMARK_URL="$url" TICKMARK_BIN="$PWD/$target/debug/tickmark" CHROMIUM="$(chromium_path)" \
    step "browser" 1500 npm --prefix tests/browser test --silent
  finish_part
}

# Starts `tickmark demo` on a free port with data of its own and waits until it answers.
serve_demo() {
  url="http://127.0.0.1:$(free_port)"
  note "serving a demonstration on $url"
  "$target/debug/tickmark" demo --data "$work/demo" --listen "${url#http://}" >"$work/demo.log" 2>&1 &
  server=$!
  local waited=0
  until python3 -c "import urllib.request as u; u.urlopen('$url/healthz', timeout=2)" 2>/dev/null; do
    waited=$((waited + 1))
    if ! kill -0 "$server" 2>/dev/null || [ "$waited" -gt 120 ]; then
      echo "The demonstration did not come up:"
      tail -n 40 "$work/demo.log"
      return 1
    fi
    sleep 1
  done
}

# Every program in tests/faults is a test: it is given TICKMARK_BIN and a folder, and exits 0 if the
# promise it is named after held.
faults() {
  build_program
  local test name
  for test in tests/faults/*; do
    [ -f "$test" ] && [ -x "$test" ] || continue
    name=$(basename "$test")
    mkdir -p "$work/faults/$name"
    TICKMARK_BIN="$PWD/$target/debug/tickmark" TICKMARK_FAULT_DIR="$work/faults/$name" \
      step "fault: ${name%.*}" 600 "$test"
  done
}

if [ -n "${TICKMARK_REAL_DATA:-}" ]; then
  TICKMARK_REAL_DATA=$(cd "$TICKMARK_REAL_DATA" && pwd)
  export TICKMARK_REAL_DATA
  note "real records: $TICKMARK_REAL_DATA"
else
  note "TICKMARK_REAL_DATA is not set: tests on real records say so and are left out"
fi
if wanted rust || wanted browser || wanted faults; then
  system_packages "${parts[@]}"
fi
# In a real browser, and with faults, much of the time is waiting; so is the end of many a test in Rust.
browser_and_faults() {
  ! wanted browser || browser
  ! wanted faults || faults
}
! wanted lint || lint
if wanted rust && { wanted browser || wanted faults; }; then
  build_program
  aside browser_and_faults
  rust
  rejoin
else
  ! wanted rust || rust
  browser_and_faults
fi
summary
