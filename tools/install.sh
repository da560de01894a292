#!/bin/sh
# install.sh run|test: installs what is missing and nothing else; what is there already costs a fraction of a second.
. "$(dirname "$0")/common.sh"

purpose="${1:-run}"
FOR_RUN="python3 python3-venv ca-certificates tzdata libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
FOR_TEST="postgresql redis-server chromium poppler-utils"

# System packages -----------------------------------------------------------------------------------------------------

missing_packages() {
    for package in "$@"; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

may_be_root() {
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null || return
    # Ask for a password only where somebody sits.
    if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi
}

fonts_ready() {
    [ -n "$(find "$CACHE" -maxdepth 2 -path '*/fonts-*/fonts.conf' 2>/dev/null)" ]
}

install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "This is not Debian or a relative of it. What must be here: $*"
        return
    fi
    missing=$(missing_packages "$@")
    missing="${missing% }"
    lists=$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null | head -n 1)
    [ -n "$missing" ] || [ -z "$lists" ] || return 0
    # Preparing the typefaces needs the list too.
    [ -n "$missing" ] || ! fonts_ready || return 0
    if ! may_be_root; then
        fail "These Debian packages are missing: ${missing:-(the list of packages)}
Run this once as root, then try again:
    apt-get update && apt-get install --no-install-recommends ${missing}"
    fi
    say "Updating the list of packages"
    as_root apt-get -qq update || say "The list could not be updated; going on with the old one."
    [ -n "$missing" ] || return 0
    say "Installing: $missing"
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
        install --no-install-recommends $missing >"$CACHE/apt.log" 2>&1 ||
        { tail -n 20 "$CACHE/apt.log" >&2; fail "apt-get could not install: $missing"; }
}

# Python --------------------------------------------------------------------------------------------------------------

# Debian's own Python, because the tested lock is for it; another one only where there is none.
system_python() {
    for python in /usr/bin/python3 python3; do
        if command -v "$python" >/dev/null && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            printf '%s' "$python"
            return
        fi
    done
    fail "Python 3.11 or newer is needed (Debian 12 has it as python3)."
}

install_python() {
    stamp=.venv/.installed
    wheels="$CACHE/wheels"
    mkdir -p "$wheels"
    state="$(cat "$@" | sha256sum)"
    if [ -x "$PYTHON" ] && "$PYTHON" -c '' 2>/dev/null; then
        # What `test` installed serves `run` as well.
        grep -qsxF "$state" $stamp && return
    else
        rm -rf .venv
        "$(system_python)" -m venv .venv
    fi
    files=''
    for file in "$@"; do files="$files -r $file"; done
    # What was downloaded once stays outside the clone, so the next clone needs no network for it.
    say "Installing the Python packages of: $*"
    # shellcheck disable=SC2086 # a list of words
    if ! "$PYTHON" -m pip install --quiet --no-index --find-links "$wheels" --require-hashes $files 2>/dev/null; then
        "$PYTHON" -m pip download -qq --no-deps --require-hashes --dest "$wheels" $files
        "$PYTHON" -m pip install --quiet --no-index --find-links "$wheels" --require-hashes $files
    fi
    { cat requirements.txt | sha256sum; printf '%s\n' "$state"; } >$stamp
}

# ---------------------------------------------------------------------------------------------------------------------

mkdir -p "$CACHE"
if command -v flock >/dev/null; then
    # Two clones that install at once wait for each other.
    exec 9>"$CACHE/install.lock"
    flock 9
fi

case "$purpose" in
run)
    # shellcheck disable=SC2086
    install_packages $FOR_RUN
    install_python requirements.txt
    ;;
test)
    # shellcheck disable=SC2086
    install_packages $FOR_RUN $FOR_TEST
    install_python requirements.txt requirements-dev.txt
    ;;
*)
    fail "usage: install.sh run|test"
    ;;
esac
fonts_ready || say "Preparing the typefaces for paper (once, about a minute)"
"$PYTHON" -m jinchuan.printing.fonts >"$CACHE/fonts.log" 2>&1 || { cat "$CACHE/fonts.log" >&2; exit 1; }
