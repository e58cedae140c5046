# shellcheck shell=bash
# What the scripts tell: one line a step with the seconds taken, the details in var/log/.
# Needs: ROOT, LOG_DIR, process.sh.

CHILDREN=() # by its number, each process group that runs now; an interrupted script ends them

say() { printf '%s\n' "$*" || true; }
complain() { printf '%s\n' "$@" >&2 || true; }

die() {
    complain "" "linge: $1"
    shift
    local line
    for line in "$@"; do complain "       $line"; done
    exit 1
}

now_ms() {
    local now=${EPOCHREALTIME/[.,]/}
    printf '%s' "$((now / 1000))"
}

seconds_since() {
    local ms=$(($(now_ms) - $1))
    printf '%d.%d s' "$((ms / 1000))" "$((ms % 1000 / 100))"
}

# begin COMMAND...: begins it in a process group of its own, numbered CHILD, so that Ctrl-C reaches the
# script first and the script ends the whole group.
begin() {
    set -m
    "$@" </dev/null 9>&- &
    CHILD=$!
    set +m
    CHILDREN[CHILD]=$CHILD
}

# finish CHILD: waits for it. The result is in RC: `set -e` stays alive inside the command.
finish() {
    RC=0
    wait "$1" || RC=$?
    unset "CHILDREN[$1]"
}

run() {
    begin "$@"
    finish "$CHILD"
}

end_children() {
    local child
    for child in "${CHILDREN[@]}"; do end_group "$child"; done
}

end_group() {
    kill -INT -- "-$1" 2>/dev/null || return 0
    local tries=100
    while ((tries-- > 0)) && alive "$1"; do sleep 0.1; done
    kill -KILL -- "-$1" 2>/dev/null || true
}

# show_log FILE [LINES]: its end; npm says what is wrong at the start, so a few lines of that too.
show_log() {
    local lines=${2:-25}
    complain "  from ${1#"$ROOT"/}:"
    if (($(wc -l <"$1") > lines + 5)); then
        head -n 5 -- "$1" | sed 's/^/    /' >&2 || true
        complain "    …"
    fi
    tail -n "$lines" -- "$1" | sed 's/^/    /' >&2 || true
}

# step NAME TEXT COMMAND...: one line; stops the script when the command fails.
step() {
    local log=$LOG_DIR/$1.log text=$2 start
    shift 2
    start=$(now_ms)
    printf '  %-58s ' "$text" || true
    run "$@" >"$log" 2>&1
    if ((RC == 0)); then
        say "$(seconds_since "$start")"
        return
    fi
    say "failed after $(seconds_since "$start")"
    show_log "$log"
    die "\"$text\" failed. The whole log: $log"
}

# live_step TEXT COMMAND...: as step, but the command speaks for itself (a progress bar).
live_step() {
    local text=$1 start
    shift
    start=$(now_ms)
    say "  $text"
    run "$@"
    ((RC == 0)) || die "\"$text\" failed after $(seconds_since "$start")."
}
