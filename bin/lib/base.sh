# shellcheck shell=bash
# What every script starts with. Needs: ROOT, the checkout.

VAR=$ROOT/var
LOG_DIR=$VAR/log
RUN_DIR=$VAR/run
STAMP_DIR=$VAR/stamps
VENV=$ROOT/.venv

# shellcheck source=bin/lib/say.sh
source "$ROOT/bin/lib/say.sh"
# shellcheck source=bin/lib/process.sh
source "$ROOT/bin/lib/process.sh"
# shellcheck source=bin/lib/system.sh
source "$ROOT/bin/lib/system.sh"
# shellcheck source=bin/lib/python.sh
source "$ROOT/bin/lib/python.sh"
# shellcheck source=bin/lib/frontend.sh
source "$ROOT/bin/lib/frontend.sh"
# shellcheck source=bin/lib/cluster.sh
source "$ROOT/bin/lib/cluster.sh"
# shellcheck source=bin/lib/django.sh
source "$ROOT/bin/lib/django.sh"
# shellcheck source=bin/lib/services.sh
source "$ROOT/bin/lib/services.sh"
# shellcheck source=bin/lib/setup.sh
source "$ROOT/bin/lib/setup.sh"

make_var() {
    mkdir -p "$LOG_DIR" "$RUN_DIR" "$STAMP_DIR" "$VAR/media" 2>/dev/null || true
    [[ -w $LOG_DIR && -w $RUN_DIR && -w $STAMP_DIR ]] ||
        die "$VAR can't be written by $(id -un)." \
            "Was the checkout first used by another user? Start as that user, or give the folder to this one."
}

# stamped NAME HASH: true when NAME was last done with these very inputs.
stamped() { [[ -f $STAMP_DIR/$1 && $(<"$STAMP_DIR/$1") == "$2" ]]; }
stamp() { printf '%s\n' "$2" >"$STAMP_DIR/$1"; }

# hash_of FILE...: one hash over names and contents, in whatever order they come.
hash_of() { sha256sum -- "$@" | LC_ALL=C sort | sha256sum | cut -c1-32; }
