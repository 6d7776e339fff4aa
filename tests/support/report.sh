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
  bounded "$limit" "$@" > >(tee "$log") 2>&1 || status=$?
  # tee may still be writing the last lines.
  sleep 0.2
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

# The process groups of the step that is running and of the clock that watches it.
running=""
watching=""

# Ends whatever step is running, with all its children.
stop_running() {
  local group
  for group in $watching $running; do kill -TERM -- "-$group" 2>/dev/null || true; done
}

# bounded SECONDS COMMAND...: like timeout(1), also for shell functions, and with all children.
bounded() {
  local limit=$1 status=0
  shift
  set -m
  # The child must not clean up after this script when it ends.
  (trap - EXIT INT TERM; "$@") &
  running=$!
  (
    trap - EXIT INT TERM
    sleep "$limit"
    echo "stopped after $limit s"
    kill -TERM -- "-$running"
    sleep 10
    kill -KILL -- "-$running"
  ) 2>/dev/null &
  watching=$!
  set +m
  wait "$running" || status=$?
  running=""
  kill -TERM -- "-$watching" 2>/dev/null || true
  wait "$watching" 2>/dev/null || true
  watching=""
  return "$status"
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
