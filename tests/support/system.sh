# What the tests need from the system, and how it gets there.

# The first of these programs that exists.
first_of() {
  local program
  for program in "$@"; do
    if command -v "$program" >/dev/null; then command -v "$program"; return; fi
  done
  return 1
}

chromium_path() {
  if [ -n "${CHROMIUM:-}" ]; then echo "$CHROMIUM"; return; fi
  first_of chromium chromium-browser google-chrome google-chrome-stable
}

# Debian keeps the server's own programs out of the path.
postgres_program() {
  local found
  if found=$(first_of "$1"); then echo "$found"; return; fi
  found=$(ls -d /usr/lib/postgresql/*/bin/"$1" /opt/homebrew/opt/postgresql*/bin/"$1" 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] && echo "$found"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# system_packages PART...: installs what these parts need and is missing; as root through apt, else it
# says what to install and stops.
system_packages() {
  local missing=()
  chromium_path >/dev/null || [[ " $* " != *" browser "* ]] || missing+=(chromium)
  postgres_program initdb >/dev/null || [[ " $* " != *" rust "* ]] || missing+=(postgresql)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v qpdf >/dev/null || missing+=(qpdf)
  if [[ " $* " == *" browser "* ]]; then
    command -v npm >/dev/null || missing+=(npm)
  fi
  if [[ " $* " == *" faults "* ]] && ! ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1; then
    # Elsewhere the test of the clock says that it is left out.
    ! command -v apt-get >/dev/null || missing+=(faketime)
  fi
  [ ${#missing[@]} -gt 0 ] || return 0
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    note "installing ${missing[*]}"
    # The package for PostgreSQL would start a server of its own; the tests start theirs.
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
      mkdir -p /etc/postgresql-common
      echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    fi
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
  else
    echo "The tests need ${missing[*]}, and this script may not install them here." >&2
    echo "Debian and Ubuntu: sudo apt-get install ${missing[*]}" >&2
    echo "macOS:             brew install ${missing[*]/poppler-utils/poppler}" >&2
    exit 2
  fi
}
