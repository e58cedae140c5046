# shellcheck shell=bash
# Checks that are counted, not fatal, and the set-up of everything that measures or tests.
# Needs: base.sh.

RESULTS=() # one line a check
FAILED=0
declare -A BEGAN=() RUNNING=() # by a check's name: when, and its process group

# set_up_tests [DATABASE]: all tools, and a cluster that no demo uses.
set_up_tests() {
    set_up_tools all
    set_up_database test-postgres "${1:-linge}"
    export LINGE_MODE=test LINGE_STATIC_ROOT=$VAR/test-static LINGE_MEDIA_ROOT=$VAR/test-media
    mkdir -p "$LINGE_MEDIA_ROOT"
    step messages "translations" compile_messages
    collect_static
}

# check NAME TEXT COMMAND...: runs it, shows the end of its output if it failed, goes on.
check() {
    begin_check "$1" "${@:3}"
    end_check "$1" "$2"
}

# begin_check NAME COMMAND...: begins it beside what follows; end_check NAME TEXT waits for it and tells.
begin_check() {
    BEGAN[$1]=$(now_ms)
    NO_COLOR=1 begin "${@:2}" >"$LOG_DIR/check-$1.log" 2>&1
    RUNNING[$1]=$CHILD
}

end_check() {
    local log=$LOG_DIR/check-$1.log text=$2 start=${BEGAN[$1]}
    printf '  %-58s ' "$text" || true
    finish "${RUNNING[$1]}"
    record "$text" "$start"
    if ((RC == 0)); then
        say "$(seconds_since "$start")"
    else
        say "FAILED after $(seconds_since "$start")"
        show_log "$log" 60
        complain "  the whole log: $log"
    fi
}

# live_check TEXT COMMAND...: as check, but the output is seen as it comes.
live_check() {
    local text=$1 start
    shift
    start=$(now_ms)
    say "  $text"
    run "$@"
    record "$text" "$start"
}

# record TEXT START: a line of the summary, by RC.
record() {
    local word=passed
    ((RC == 0)) || { word=FAILED && FAILED=1; }
    RESULTS+=("$(printf '  %-8s %-50s %s' "$word" "$1" "$(seconds_since "$2")")")
}

summary() {
    say ""
    printf '%s\n' "${RESULTS[@]}" || true
    return "$FAILED"
}
