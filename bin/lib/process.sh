# shellcheck shell=bash
# Locks, processes, ports. Needs: RUN_DIR, say.sh.

# only_one NAME MESSAGE...: holds var/run/NAME.lock until the script ends, or ends it with the message.
only_one() {
    local name=$1
    shift
    take_lock "$name" || die "$@"
}

# take_lock NAME: on descriptor 9. Children get 9>&-: a server that outlives a killed script must not
# keep the lock.
take_lock() {
    exec 9>>"$RUN_DIR/$1.lock"
    flock --nonblock 9
}

# in_folder PID FOLDER: true when that process lives and works in that folder.
in_folder() { [[ $1 =~ ^[0-9]+$ && $(readlink "/proc/$1/cwd" 2>/dev/null) == "$2" ]]; }

# alive PID: a zombie that its parent has yet to collect counts as gone.
alive() {
    local state
    state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
    [[ $state && $state != Z ]]
}

# dial_address HOST: where a server bound to HOST can be asked from this machine.
dial_address() {
    case $1 in
        0.0.0.0) printf '127.0.0.1' ;;
        ::) printf '::1' ;;
        *) printf '%s' "$1" ;;
    esac
}

# answers HOST PORT: true when something accepts connections there.
answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# check_port [PORT]: ends the script when somebody listens there already.
check_port() {
    local PORT=${1-$PORT}
    [[ $PORT =~ ^[1-9][0-9]{0,4}$ && $PORT -le 65535 ]] ||
        die "PORT is '$PORT'; it must be a number from 1 to 65535."
    ! answers "$(dial_address "$HOST")" "$PORT" ||
        die "Port $PORT of $HOST is already in use. 端口 $PORT 已被占用。" \
            "Stop what listens there, or take another: PORT=$((PORT % 65535 + 1)) bin/demo"
}

# http_status HOST PORT PATH: the status code of a GET, or nothing.
http_status() {
    local line
    exec 3<>"/dev/tcp/$1/$2" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$3" >&3
    IFS=' ' read -r -t 10 _ line _ <&3 || true
    exec 3>&-
    printf '%s' "$line"
}
