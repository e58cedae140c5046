# shellcheck shell=bash
# Python, uv and the virtual environment of the lock file. Needs: ROOT, VAR, VENV, base.sh.

PYTHON= # a fitting interpreter
UV=     # the uv that reads our lock file
UV_WANTED='uv>=0.8,<1'

# Some machines forbid Python to keep its bytecode: then each process, of which a gate starts hundreds, would
# compile every package anew, which takes three of the five seconds of a start.
unset PYTHONDONTWRITEBYTECODE

# find_python: 3.11 or newer, tried by running it (a name on PATH may be a shim of nothing).
find_python() {
    local candidate
    for candidate in "$VENV/bin/python" python3.13 python3.12 python3.11 python3; do
        PYTHON=$("$candidate" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))
sys.exit(sys.version_info < (3, 11))' 2>/dev/null) && [[ $PYTHON ]] && return
    done
    PYTHON=
    return 1
}

find_uv() {
    for UV in "$(command -v uv || true)" "$VAR/tools/bin/uv"; do
        [[ $UV && $("$UV" --version 2>/dev/null) =~ ^uv\ (0\.([89]|[1-9][0-9])|[1-9]) ]] && return
    done
    UV=
    return 1
}

install_uv() {
    "$PYTHON" -m venv --clear "$VAR/tools"
    "$VAR/tools/bin/python" -m pip install --quiet --disable-pip-version-check "$UV_WANTED"
}

# need_python: PYTHON and UV, or a clear end.
need_python() {
    find_python || die "No Python 3.11 or newer was found (tried python3.13, 3.12, 3.11, python3)." \
        "Install one (Debian 12: sudo apt-get install python3 python3-venv), then start again."
    find_uv && return
    step install-uv "uv from PyPI into var/tools" install_uv
    find_uv || die "uv was installed into var/tools but doesn't run. See $LOG_DIR/install-uv.log"
}

# sync_python runtime|all: the packages of uv.lock. Runtime leaves what a test run added.
sync_python() {
    local arguments=(--inexact) hash
    [[ $1 == all ]] && arguments=(--all-groups)
    hash="$1 $("$PYTHON" --version) $(hash_of "$ROOT/uv.lock" "$ROOT/pyproject.toml")"
    if [[ -x $VENV/bin/python ]]; then
        stamped python "$hash" && return
        [[ $1 == runtime ]] && stamped python "all${hash#runtime}" && return
    fi
    step uv-sync "Python packages of uv.lock" uv_sync "${arguments[@]}"
    stamp python "$hash"
}

uv_sync() {
    UV_PROJECT_ENVIRONMENT=$VENV "$UV" sync --project "$ROOT" --frozen --no-python-downloads --no-progress \
        --python "$PYTHON" "$@"
}
