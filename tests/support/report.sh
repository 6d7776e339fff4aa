# Steps with their time, and the counts of what passed and failed.

passed_total=0
failed_total=0
step_failed=0
report=()

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
  passed_total=$((passed_total + $2))
  failed_total=$((failed_total + $3))
  report+=("$(printf '%-28s %6d passed %4d failed %5d s' "$1" "$2" "$3" "$4")")
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
  printf '%s\n' "${report[@]}"
  printf '%d passed, %d failed\n' "$passed_total" "$failed_total"
  [ "$failed_total" = 0 ]
}
