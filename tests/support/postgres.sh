# A PostgreSQL server for the tests alone: its own folder, a free port, this machine only.

postgres_folder=""

# PostgreSQL refuses to run as root, so root starts it as somebody else.
as_somebody() {
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  local user=nobody
  ! id postgres >/dev/null 2>&1 || user=postgres
  (cd / && setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME="$postgres_folder" "$@")
}

# postgres_start FOLDER: starts it and tells the tests through TICKMARK_TEST_POSTGRES.
postgres_start() {
  if [ -n "${TICKMARK_TEST_POSTGRES:-}" ]; then
    note "PostgreSQL: the one given in TICKMARK_TEST_POSTGRES"
    return
  fi
  local port password initdb pg_ctl
  initdb=$(postgres_program initdb)
  pg_ctl=$(postgres_program pg_ctl)
  port=$(free_port)
  password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
  postgres_folder=$1
  mkdir -p "$postgres_folder"
  printf '%s' "$password" >"$postgres_folder/password"
  if [ "$(id -u)" = 0 ]; then
    chown -R "$(id -u postgres 2>/dev/null || id -u nobody)" "$postgres_folder"
  fi
  as_somebody "$initdb" -D "$postgres_folder/data" -U tickmark -A scram-sha-256 \
    --pwfile "$postgres_folder/password" -E UTF8 --locale C --no-sync >"$work/initdb.log" 2>&1 ||
    { cat "$work/initdb.log"; return 1; }
  # Nothing here has to survive a power cut, so it need not wait for the disk.
  as_somebody "$pg_ctl" -D "$postgres_folder/data" -w -t 60 -l "$postgres_folder/log" -o "-p $port \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >"$work/pg_ctl.log" 2>&1 ||
    { cat "$work/pg_ctl.log" "$postgres_folder/log"; return 1; }
  export TICKMARK_TEST_POSTGRES="postgres://tickmark:$password@127.0.0.1:$port/postgres"
  note "PostgreSQL: $("$(postgres_program postgres)" --version), its own server on port $port"
}

postgres_stop() {
  [ -n "$postgres_folder" ] && [ -d "$postgres_folder/data" ] || return 0
  as_somebody "$(postgres_program pg_ctl)" -D "$postgres_folder/data" -m immediate stop >/dev/null 2>&1 || true
}
