# Steps with their time, and the counts of what passed and failed. What they came to stands in a file, so
# that parts that run beside each other report to one place.

step_failed=0

note() { printf '· %s\n' "$*"; }

# step NAME SECONDS COMMAND...: runs the command with a time limit, shows what it prints, and counts
# the tests it reports; a command that reports none counts as one.
step() {
  local name=$1 limit=$2 log status=0 begun=$SECONDS passed failed
  shift 2
  printf '\n── %s\n' "$name"
  log=$(mktemp "$work/step.XXXXXX")
  python3 tests/support/bounded.py "$limit" "$@" 2>&1 | tee "$log" || status=${PIPESTATUS[0]}
  read -r passed failed < <(count "$log")
  if [ $((passed + failed)) = 0 ]; then
    if [ "$status" = 0 ]; then passed=1; else failed=1; fi
  elif [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    failed=1
  fi
  record "$name" "$passed" "$failed" $((SECONDS - begun))
}

# A step that could not even begin.
failed_step() { record "$1" 0 1 0; }

record() {
  step_failed=$3
  printf '%s\t%d\t%d\t%d\n' "$1" "$2" "$3" "$4" >>"$work/records"
}

# aside FUNCTION: runs a part beside what follows; what it prints is kept until `rejoin`.
aside_part=""
aside() {
  aside_part=$1
  note "$1 goes on beside what follows, and is shown after it"
  (trap finish_part EXIT; "$@") >"$work/aside.log" 2>&1 &
  aside_pid=$!
}

# Waits for what was put aside and shows it.
rejoin() {
  [ -n "$aside_part" ] || return 0
  wait "$aside_pid" || failed_step "$aside_part"
  cat "$work/aside.log"
  aside_part=""
}

# Sums what cargo ("test result: ok. 3 passed; 1 failed; …") and node's runner ("# pass 3") report.
count() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /^test result: / { for (i = 1; i < NF; i++) { if ($(i+1) ~ /^passed/) p += $i; if ($(i+1) ~ /^failed/) f += $i } }
    /^(#|ℹ) pass [0-9]+$/ { p += $3 }
    /^(#|ℹ) fail [0-9]+$/ { f += $3 }
    END { print p + 0, f + 0 }'
}

summary() {
  printf '\n── summary\n'
  touch "$work/records"
  awk -F '\t' '
    { printf "%-28s %6d passed %4d failed %5d s\n", $1, $2, $3, $4; p += $2; f += $3 }
    END { printf "%d passed, %d failed\n", p, f; exit f > 0 }' "$work/records"
}
