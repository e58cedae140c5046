# shellcheck shell=bash
# What runs beside the script: the server, the job worker, a private Redis, the page to trust its certificate.
# Each is a process group of its own with a pid file, so that Ctrl-C reaches the script first, and the next
# start finds what a killed one left behind. Needs: ROOT, RUN_DIR, LOG_DIR, VENV, HOST, PORT, base.sh.

SOCKET_PATH_MOST=107 # bytes, of the kernel (sun_path)
STARTED=()           # names, in the order of their start
PROCESSES=1          # of the server
SERVER=              # the server's process, once it was started

# launch NAME COMMAND...: in the background, its output in var/log/NAME.log. Its pid is in LAUNCHED.
launch() {
    local name=$1 log=$LOG_DIR/$1.log
    shift
    [[ ! -f $log ]] || mv -f "$log" "$log.1"
    set -m
    (cd "$ROOT" && "$@") </dev/null >>"$log" 2>&1 9>&- &
    LAUNCHED=$!
    set +m
    printf '%s\n' "$LAUNCHED" >"$RUN_DIR/$name.pid"
    STARTED+=("$name")
}

# keep_running COMMAND...: starts it again whenever it ends by itself, until it is told to end.
keep_running() {
    local ending='' child=''
    trap 'ending=1; [[ ! $child ]] || kill -TERM "$child" 2>/dev/null' TERM
    until [[ $ending ]]; do
        "$@" &
        child=$!
        wait "$child" || true
        [[ $ending ]] || sleep 1
    done
    wait "$child" || true # its own orderly end
}

# members GROUP: the living processes of a group that work in this checkout. A number that was given
# anew to somebody else's group doesn't match.
members() {
    local stat line fields pid
    for stat in /proc/[0-9]*/stat; do
        { read -r line <"$stat"; } 2>/dev/null || continue
        # The name, in brackets, may hold anything: the fields are counted behind its end.
        read -r -a fields <<<"${line##*) }" # state, parent, group, ...
        [[ ${fields[2]-} == "$1" && ${fields[0]} != Z ]] || continue
        pid=${stat#/proc/} pid=${pid%/stat}
        if in_folder "$pid" "$ROOT"; then printf '%s\n' "$pid"; fi
    done
}

# stop_service NAME SECONDS: asks the first of the group to end, waits, then makes all of them.
stop_service() {
    local group tries=$(($2 * 10))
    [[ -f $RUN_DIR/$1.pid ]] || return 0
    group=$(<"$RUN_DIR/$1.pid")
    if [[ $group =~ ^[0-9]+$ && $(members "$group") ]]; then
        if in_folder "$group" "$ROOT"; then
            kill -TERM "$group" 2>/dev/null || true
        else
            kill -TERM -- "-$group" 2>/dev/null || true # its first is gone: tell the others
        fi
        while ((tries-- > 0)) && [[ $(members "$group") ]]; do sleep 0.1; done
        [[ ! $(members "$group") ]] || kill -KILL -- "-$group" 2>/dev/null || true
    fi
    rm -f "$RUN_DIR/$1.pid"
}

# stop_services: also those that a killed demo left behind.
stop_services() {
    stop_service trust 5
    stop_service worker 15
    stop_service server 15
    stop_service redis 5
}

# start_redis: a private one on a socket, for hints between processes; nothing in it needs to last.
start_redis() {
    local socket=$RUN_DIR/redis.sock tries=100
    ((${#socket} <= SOCKET_PATH_MOST)) || socket=$(mktemp -d /tmp/linge-XXXXXX)/redis.sock
    launch redis redis-server --port 0 --unixsocket "$socket" --unixsocketperm 700 --save '' --appendonly no
    until redis-cli -s "$socket" ping >/dev/null 2>&1; do
        if ((tries-- == 0)) || ! alive "$LAUNCHED"; then
            die "Redis did not come up. The whole log: $LOG_DIR/redis.log"
        fi
        sleep 0.1
    done
    export REDIS_URL=unix://$socket
    say "  Redis between the processes, on a socket of its own"
}

# site_status: the status code of the server's health page, or nothing; over HTTPS where it speaks that.
site_status() {
    local host
    # shellcheck disable=SC2153 # setup.sh sets HOST
    host=$(dial_address "$HOST")
    if [[ ! ${TLS_FOLDER-} ]]; then http_status "$host" "$PORT" /healthz && return; return 1; fi
    [[ $host != *:* ]] || host="[$host]"
    "$VENV/bin/python" -c 'import ssl, sys, urllib.request as r
print(r.urlopen(sys.argv[1], timeout=10, context=ssl.create_default_context(cafile=sys.argv[2])).status)' \
        "https://$host:$PORT/healthz" "$TLS_FOLDER/authority.pem"
}

# start_server: uvicorn in the background, until it answers. SERVER is its process.
start_server() {
    local log=$LOG_DIR/server.log tries=600 status start
    start=$(now_ms)
    printf '  %-58s ' "server on $HOST:$PORT, processes: $PROCESSES" || true
    HOST=$HOST PORT=$PORT PROCESSES=$PROCESSES launch server "$ROOT/bin/serve"
    SERVER=$LAUNCHED
    while ((tries-- > 0)) && alive "$SERVER"; do
        status=$(site_status 2>/dev/null) || status=
        [[ $status ]] && say "$(seconds_since "$start")" && return
        sleep 0.1
    done
    say "failed after $(seconds_since "$start")"
    show_log "$log"
    die "The server did not come up. The whole log: $log"
}

# start_worker: the process that runs what is timed. One that dies is started again.
start_worker() { launch worker keep_running "$ROOT/bin/work"; }

# make_certificates: for all names of this machine, as LINGE_HOSTS has them. FINGERPRINT is the authority's.
make_certificates() {
    local names
    export TLS_FOLDER=$VAR/tls
    IFS=, read -r -a names <<<"$LINGE_HOSTS"
    # shellcheck disable=SC2034 # bin/demo tells it
    FINGERPRINT=$(in_root "$VENV/bin/python" -m mapui.trust "$TLS_FOLDER" "${names[@]}") ||
        die "The certificates could not be made." "Move $TLS_FOLDER away and start again."
}

# start_trust: the plain page from which telephones get the authority's certificate, one port above the site.
start_trust() {
    SITE_PORT=$PORT launch trust "$VENV/bin/uvicorn" --factory mapui.trust.page:application \
        --host "$HOST" --port "$((PORT + 1))" --lifespan off --no-access-log
}
