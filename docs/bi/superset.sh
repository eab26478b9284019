#!/usr/bin/env bash
# Apache Superset on the published DuckDB file, on this machine only (see docs/bi.md):
#   docs/bi/superset.sh serve [FILE]   install if need be, then serve on 127.0.0.1; Ctrl-C stops
#   docs/bi/superset.sh check          the same with a warehouse and users of its own, tried out, then stopped
# Everything stands in .superset/, which may be deleted. Settings: SUPERSET_PORT, SUPERSET_WORKERS,
# SUPERSET_ADMIN_PASSWORD (for the first start) and PYTHON (3.11 or 3.12, which Superset's dependencies need).
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
STATE=$ROOT/.superset
BIN=$STATE/venv/bin
PYTHON=${PYTHON:-python3}
PORT=${SUPERSET_PORT:-8088}

fail() {
  echo "superset.sh: $*" >&2
  exit 1
}

install() {
  local list=$HERE/superset-requirements.txt
  cmp -s "$list" "$STATE/installed.txt" && return
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info[:2] not in {(3, 11), (3, 12)})' \
    || fail "Superset needs Python 3.11 or 3.12: set PYTHON=python3.11"
  echo "Installing Superset into .superset/venv (0.9 GB) …"
  rm -rf "$STATE/venv"
  mkdir -p "$STATE"
  "$PYTHON" -m venv "$STATE/venv"
  if test -x "$ROOT/.venv/bin/uv"; then
    "$ROOT/.venv/bin/uv" pip install --quiet --python "$BIN/python" -r "$list"
  else
    "$BIN/python" -m pip install --quiet -r "$list"
  fi
  cp "$list" "$STATE/installed.txt"
}

# The folder of the users and datasets, and what every command of Superset is told.
use_home() {
  export SUPERSET_HOME=$1 SUPERSET_CONFIG_PATH=$HERE/superset_config.py FLASK_APP='superset.app:create_app()'
  export SCARF_ANALYTICS=false PYTHONWARNINGS=ignore
  LOG=$SUPERSET_HOME/superset.log
  umask 077
  mkdir -p "$SUPERSET_HOME"
  test -s "$SUPERSET_HOME/secret_key" || new_secret > "$SUPERSET_HOME/secret_key"
}

new_secret() {
  "$BIN/python" -c 'import secrets; print(secrets.token_urlsafe(32))'
}

quietly() {
  "$BIN/superset" "$@" >> "$LOG" 2>&1 || fail "'superset $1' failed; see $LOG"
}

# Superset's own tables, then the admin; the mark is set when both stand.
initialise() {
  test -e "$SUPERSET_HOME/initialised" && return
  echo "Preparing Superset's own tables …"
  quietly db upgrade
  quietly init
  local password=${SUPERSET_ADMIN_PASSWORD:-$(new_secret)}
  # By environment: an argument could be read by every user of the machine.
  FLASK_FAB_CREATE_ADMIN_PASSWORD=$password quietly fab create-admin \
    --username admin --firstname Admin --lastname Admin --email admin@localhost
  touch "$SUPERSET_HOME/initialised"
  test -n "${SUPERSET_ADMIN_PASSWORD:-}" || echo "User admin, password $password (not shown again)"
}

# Imported anew only when the file's place, columns or comments changed: an import takes away what was added
# by hand to these datasets.
register() {
  local new=$SUPERSET_HOME/assets.new old=$SUPERSET_HOME/assets
  rm -rf "$new"
  "$BIN/python" "$HERE/superset_assets.py" "$1" "$new"
  diff -rq "$new" "$old" > /dev/null 2>&1 && return
  quietly import-directory --overwrite "$new"
  rm -rf "$old"
  mv "$new" "$old"
}

prepare() {
  test -f "$1" || fail "there is no $1: run 'make warehouse', or name the file"
  initialise
  register "$1"
}

# Workers without threads: while one query has the old file open, DuckDB gives the old file to every other query
# of the process too, so they must not overlap.
gunicorn() {
  exec "$BIN/gunicorn" --bind "127.0.0.1:$PORT" --worker-class sync --workers "${SUPERSET_WORKERS:-1}" \
    --timeout 120 --log-level warning 'superset.app:create_app()' >> "$LOG" 2>&1
}

serve() {
  use_home "$STATE/home"
  prepare "$1"
  echo "Superset on http://127.0.0.1:$PORT, its log in $LOG; Ctrl-C stops it"
  (gunicorn) || fail "Superset could not go on; see $LOG"
}

check() {
  local hiw=$ROOT/.venv/bin/hiw
  test -x "$hiw" || hiw=$(command -v hiw) || fail "there is no hiw: run 'make warehouse' first"
  rm -rf "$STATE/check"
  use_home "$STATE/check"
  "$BIN/python" "$HERE/superset_check.py" build "$hiw" "$SUPERSET_HOME"
  SUPERSET_ADMIN_PASSWORD=$(new_secret)
  export SUPERSET_ADMIN_PASSWORD
  PORT=${SUPERSET_PORT:-8089}
  prepare "$SUPERSET_HOME/warehouse/health_indicators.duckdb"
  gunicorn &
  trap 'kill $! 2> /dev/null; wait $! 2> /dev/null' EXIT
  "$BIN/python" "$HERE/superset_check.py" ask "$hiw" "$SUPERSET_HOME" "http://127.0.0.1:$PORT"
}

cd "$ROOT"
case ${1:-} in
  serve)
    install
    serve "${2:-${HIW_OUTPUT:-$ROOT/warehouse}/health_indicators.duckdb}"
    ;;
  check)
    install
    check
    ;;
  *) fail "say 'serve [FILE]' or 'check'" ;;
esac
