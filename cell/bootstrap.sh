#!/usr/bin/env bash
# Makes .venv from a lock, and installs what the distribution must give. Needs only bash and python3.
# usage: cell/bootstrap.sh run|dev [servers]
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${VENV:-.venv}
python=${PYTHON:-python3}
lock=requirements/$1.lock

say() { printf '%s\n' "$*" >&2; }
fail() { say "cell: $*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# A package's own service must not start: we run private instances. An existing policy is left alone.
without_services() {
    local policy=/usr/sbin/policy-rc.d code=0
    if [ -e "$policy" ]; then as_root "$@"; return; fi
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    as_root "$@" || code=$?
    as_root rm -f "$policy"
    trap - EXIT
    return "$code"
}

apt_install() {
    local log
    log=$(mktemp)
    say "cell: installing $* by apt-get ..."
    export DEBIAN_FRONTEND=noninteractive
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >"$log" 2>&1 || true
    if ! without_services env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1; then
        tail -n 5 "$log" >&2
        fail "apt-get could not install $*; the whole log is $log"
    fi
    rm -f "$log"
}

# need "package package" "what else helps" test-command...
need() {
    local packages=$1 otherwise=$2
    shift 2
    if "$@" >/dev/null 2>&1; then return; fi
    if ! may_install; then
        fail "missing: run 'apt-get install $packages' as root${otherwise:+, or $otherwise}"
    fi
    # shellcheck disable=SC2086
    apt_install $packages
}

have_broker() { [ -x "${RABBITMQ_SERVER:-/usr/lib/rabbitmq/bin/rabbitmq-server}" ]; }
have_venv() { [ -x "$venv/bin/python" ] || "$python" -c 'import ensurepip, venv'; }
have_curl_library() { grep -q 'libcurl\.so\.4 ' <(PATH=$PATH:/sbin:/usr/sbin ldconfig -p); }

# A cell that was started with existing servers remembers them.
remembers() { [ -n "${CELL_DIR:-}" ] && grep -qs "\"$1\": \"" "$CELL_DIR/servers.json"; }

need_broker() {
    local fresh=yes
    if have_broker; then fresh=no; elif [ -n "${RABBITMQ_SERVER:-}" ]; then
        fail "RABBITMQ_SERVER=$RABBITMQ_SERVER is not a program"
    fi
    need rabbitmq-server "set AMQP_URI to an existing broker" have_broker
    # What we have just installed must not come up by itself at the next boot either.
    if [ "$fresh" = yes ] && command -v systemctl >/dev/null; then
        as_root systemctl disable --quiet rabbitmq-server >/dev/null 2>&1 || true
    fi
}

digest() { { cat "$1"; readlink -f "$venv/bin/python"; } | sha256sum | cut -c1-16; }

stamped() { [ -e "$venv/.$1-$(digest "requirements/$1.lock")" ]; }

# The contributor's lock holds the runtime's, so its stamp counts for both.
up_to_date() {
    [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null || return 1
    stamped dev || { [ "$1" = run ] && stamped run; }
}

show_progress() {
    awk -v total="$(grep -c '^[a-z0-9].*==' "$lock")" -v tty="$([ -t 2 ] && echo 1 || echo 0)" '
        /^Collecting / { n++; if (tty) printf "\r  [%3d/%d] %-44s", n, total, $2 > "/dev/stderr"
                         else if (n % 20 == 0) printf "  [%3d/%d] %s\n", n, total, $2 > "/dev/stderr" }
        /^Installing collected/ { if (tty) printf "\r%60s\r", "" > "/dev/stderr"
                                  print "  unpacking ..." > "/dev/stderr" }
        { fflush("/dev/stderr") }'
}

pip() { "$venv/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }

# Several times faster; but it does not read pip's settings, so pip goes where it may not.
with_uv() {
    awk '/^[a-z0-9]/ { ours = /^uv==/ } ours' "$lock" >"$venv/uv.lock"
    pip install --progress-bar off --require-hashes -r "$venv/uv.lock" \
        && "$venv/bin/uv" pip install --python "$venv/bin/python" --require-hashes --compile-bytecode -r "$lock"
}

with_pip() { pip install --progress-bar off --require-hashes -r "$lock" 2>&1 | tee -a "$1" | show_progress; }

install_lock() {
    local log=$venv/install.log
    say "cell: installing $(grep -c '^[a-z0-9].*==' "$lock") packages of $lock into $venv ..."
    if ! with_uv >"$log" 2>&1 && ! with_pip "$log"; then
        grep -E '^ *ERROR' "$log" | head -n 3 >&2 || true
        fail "pip could not install $lock; the whole log is $log"
    fi
    pip install -q --no-deps --no-build-isolation -e . >>"$log" 2>&1 \
        || fail "could not install the project itself; the log is $log"
}

make_venv() {
    mkdir -p "$venv"
    exec 9>"$venv.lock"
    flock -n 9 || { say "cell: waiting for another make that prepares $venv ..."; flock 9; }
    if up_to_date "$1"; then return; fi
    if ! { [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null; }; then
        say "cell: making $venv with $("$python" -V) ..."
        "$python" -m venv --clear "$venv" || fail "could not make $venv"
    fi
    install_lock
    rm -f "$venv"/.run-* "$venv"/.dev-*
    touch "$venv/.$1-$(digest "$lock")"
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
    || fail "needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"
if [ "${2:-}" = servers ]; then
    if [ -z "${AMQP_URI:-}" ] && ! remembers AMQP_URI; then need_broker; fi
    if [ -z "${MONGO_URI:-}${MONGOD:-}" ] && ! remembers MONGO_URI; then
        need libcurl4 "set MONGO_URI to an existing replica set" have_curl_library
    fi
fi
if ! up_to_date "$1"; then
    need python3-venv "set PYTHON to a Python with the venv module" have_venv
    make_venv "$1"
fi
