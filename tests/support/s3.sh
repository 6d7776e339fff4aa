# An S3 server for the tests alone: a free port, this machine only, everything in memory.

s3_server=""

# s3_start FOLDER: starts it and tells the tests through TICKMARK_TEST_S3. The server's programs are
# installed once, under the folder of build products, and again when their versions change. Where they
# cannot be had, the tests that need them say so and are left out.
s3_start() {
  if [ -n "${TICKMARK_TEST_S3:-}" ]; then
    note "S3: the one given in TICKMARK_TEST_S3"
    return
  fi
  local folder=$1 site="$PWD/$target/s3-server" wanted=tests/support/s3-requirements.txt port waited=0
  case "$target" in /*) site="$target/s3-server" ;; esac
  if ! cmp -s "$wanted" "$site/installed"; then
    note "installing an S3 server for the tests under $site"
    rm -rf "$site"
    mkdir -p "$site"
    if ! python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts \
      --target "$site" --requirement "$wanted" >"$work/s3-install.log" 2>&1; then
      tail -n 5 "$work/s3-install.log"
      note "S3: its server could not be installed; tests on S3 say so and are left out"
      return
    fi
    cp "$wanted" "$site/installed"
  fi
  mkdir -p "$folder"
  port=$(free_port)
  (cd "$folder" && PYTHONPATH="$site" exec python3 -m moto.server -H 127.0.0.1 -p "$port") >"$work/s3.log" 2>&1 &
  s3_server=$!
  until python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/moto-api/', timeout=2)" 2>/dev/null; do
    waited=$((waited + 1))
    if ! kill -0 "$s3_server" 2>/dev/null || [ "$waited" -gt 60 ]; then
      tail -n 20 "$work/s3.log"
      note "S3: its server did not come up; tests on S3 say so and are left out"
      s3_stop
      return
    fi
    sleep 0.5
  done
  export TICKMARK_TEST_S3="http://127.0.0.1:$port"
  note "S3: moto, its own server on port $port"
}

s3_stop() {
  [ -n "$s3_server" ] || return 0
  kill "$s3_server" 2>/dev/null && wait "$s3_server" 2>/dev/null || true
  s3_server=""
}
