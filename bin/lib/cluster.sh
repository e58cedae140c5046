# shellcheck shell=bash
# A private PostGIS cluster: one folder, one unix socket, no network. As root it belongs to an
# unprivileged user. Only its owner and root get in: the folders are 0700 and `peer` checks it again.
# Needs: ROOT, VAR, LOG_DIR, say.sh, process.sh.

CLUSTER_PORT=5432                    # names the socket only; nothing listens on the network
SOCKET_PATH_LIMIT=107                # bytes, of the kernel (sun_path)
FALLBACK_HOME=${FALLBACK_HOME:-/var/lib/linge}
CLUSTER_DURABLE=on                   # off: for data that nobody misses; a power cut may take the whole cluster

# find_postgres [MAJOR]: the bin folder of the newest PostgreSQL (or of MAJOR) that has PostGIS.
find_postgres() {
    local bin major
    while read -r bin; do
        major=${bin#/usr/lib/postgresql/} major=${major%/bin}
        [[ $major =~ ^[0-9]+$ && $major -ge 14 && -x $bin/initdb ]] || continue
        [[ -f /usr/share/postgresql/$major/extension/postgis.control ]] || continue
        [[ -f /usr/share/postgresql/$major/extension/btree_gist.control ]] || continue
        printf '%s' "$bin" && return
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin | grep "/${1:-[0-9]*}/bin$" | sort -rV)
    return 1
}

# use_cluster NAME DATABASE: settles where it is, whose it is and which PostgreSQL serves it.
use_cluster() {
    unset "${!PG@}"
    CLUSTER_NAME=$1 CLUSTER_DATABASE=$2
    CLUSTER_LOG=$LOG_DIR/$CLUSTER_NAME.log
    choose_owner
    choose_home
    CLUSTER_HOME=$(cd "$CLUSTER_HOME" && pwd -P) # as the kernel names it in /proc
    CLUSTER_DATA=$CLUSTER_HOME/data
    choose_binaries
    choose_sockets
}

# Whose it is: root never runs PostgreSQL; a cluster that exists keeps its owner.
choose_owner() {
    CLUSTER_OWNER=$(id -un)
    ((EUID == 0)) || return 0
    CLUSTER_OWNER=postgres
    id postgres >/dev/null 2>&1 || CLUSTER_OWNER=nobody
    local made
    made=$(stat -c %U "$VAR/$CLUSTER_NAME/data" 2>/dev/null) || return 0
    [[ $made == root || $made == UNKNOWN ]] || CLUSTER_OWNER=$made
}

choose_home() {
    CLUSTER_HOME=$VAR/$CLUSTER_NAME
    if make_home; then
        owner_reaches_home && return
        rmdir "$CLUSTER_HOME" 2>/dev/null || true
    fi
    ((EUID == 0)) || die "$CLUSTER_HOME can't be used by $(id -un)." \
        "Was the checkout first used by another user? Start as that user, or move that folder away."
    CLUSTER_HOME=$FALLBACK_HOME/$(path_hash "$VAR/$CLUSTER_NAME")
    say "  $CLUSTER_OWNER can't reach $VAR: the database lives in $CLUSTER_HOME"
    if ! { make_home && owner_reaches_home; }; then die "$CLUSTER_HOME can't be made for $CLUSTER_OWNER."; fi
}

make_home() {
    mkdir -p "$CLUSTER_HOME" 2>/dev/null || return 1
    if ((EUID == 0)); then chown -h "$CLUSTER_OWNER:" "$CLUSTER_HOME" || return 1; fi
    [[ -O $CLUSTER_HOME || $EUID == 0 ]] && chmod 0700 "$CLUSTER_HOME"
}

# By its whole path: "." is open to a user who may not walk there.
owner_reaches_home() { as_owner test -w "$CLUSTER_HOME"; }

path_hash() { printf '%s' "$1" | sha256sum | cut -c1-12; }

# as_owner COMMAND...: in the cluster's home, as the cluster's owner.
as_owner() (
    if ((EUID != 0)); then cd "$CLUSTER_HOME" && exec "$@"; fi
    cd "$CLUSTER_HOME" && exec setpriv --reuid="$CLUSTER_OWNER" --regid="$(id -g "$CLUSTER_OWNER")" \
        --init-groups env HOME="$CLUSTER_HOME" "$@"
)

choose_binaries() {
    local major=
    [[ ! -f $CLUSTER_DATA/PG_VERSION ]] || major=$(<"$CLUSTER_DATA/PG_VERSION")
    PG_BIN=$(find_postgres "$major") && return
    [[ $major ]] || die "No PostgreSQL 14 or newer with PostGIS was found under /usr/lib/postgresql."
    die "The database in $CLUSTER_DATA is of PostgreSQL $major, which is not installed with PostGIS here." \
        "Nothing was changed. Install it (apt-get install postgresql-$major-postgis-3), or move the folder" \
        "away to start with a new database."
}

choose_sockets() {
    local LC_ALL=C # lengths in bytes
    CLUSTER_SOCKETS=$CLUSTER_HOME/run
    local longest=$CLUSTER_SOCKETS/.s.PGSQL.$CLUSTER_PORT
    # libpq reads a comma in a host as the start of a second one.
    if ((${#longest} > SOCKET_PATH_LIMIT)) || [[ $longest == *,* ]]; then
        CLUSTER_SOCKETS=/tmp/linge-$(path_hash "$CLUSTER_HOME")
    fi
    # mkdir makes it or fails: nobody can slip a folder of his own in between.
    as_owner mkdir -m 0700 "$CLUSTER_SOCKETS" 2>/dev/null || true
    [[ -d $CLUSTER_SOCKETS && ! -L $CLUSTER_SOCKETS && $(stat -c %U "$CLUSTER_SOCKETS") == "$CLUSTER_OWNER" ]] ||
        die "$CLUSTER_SOCKETS exists and is not a folder of $CLUSTER_OWNER, so it isn't used." \
            "Remove it, or move the checkout to a shorter path."
    as_owner chmod 0700 "$CLUSTER_SOCKETS"
}

# cluster_processes: what works in the data folder: the server and all it started. Asked as the owner:
# in a container root may not look into other users' processes.
cluster_processes() {
    local process folder
    while read -r process folder; do
        if [[ $folder == "$CLUSTER_DATA" ]]; then printf '%s\n' "${process#/proc/}"; fi
    done < <(as_owner find /proc -maxdepth 2 -path '/proc/[0-9]*/cwd' -printf '%h %l\n' 2>/dev/null)
}

# cluster_pid: the running server, if postmaster.pid really names it.
cluster_pid() {
    local pid
    pid=$(head -n 1 "$CLUSTER_DATA/postmaster.pid" 2>/dev/null) || return 1
    [[ $'\n'$(cluster_processes)$'\n' == *$'\n'"$pid"$'\n'* ]] && printf '%s' "$pid"
}

cluster_ready() { cluster_pid >/dev/null && "$PG_BIN/pg_isready" -q -h "$CLUSTER_SOCKETS" -p "$CLUSTER_PORT"; }

# start_cluster: makes it the first time; takes the place of whatever a killed script left behind.
start_cluster() {
    [[ -d $CLUSTER_DATA ]] || step "$CLUSTER_NAME-init" "database cluster, made once (initdb)" init_cluster
    # shellcheck disable=SC2034 # setup.sh reads it
    CLUSTER_STARTED=1
    step "$CLUSTER_NAME-start" "database (PostgreSQL $(<"$CLUSTER_DATA/PG_VERSION"), unix socket)" launch_cluster
    step "$CLUSTER_NAME-create" "database \"$CLUSTER_DATABASE\"" ensure_database
}

init_cluster() {
    local fresh=$CLUSTER_HOME/data.new # a killed initdb leaves no half-made cluster behind
    rm -rf "$fresh"
    as_owner "$PG_BIN/initdb" -D "$fresh" -U linge -E UTF8 --locale=C.UTF-8 --data-checksums --auth=peer
    as_owner tee "$fresh/pg_hba.conf" <<<'local all linge peer map=linge' >/dev/null
    as_owner tee -a "$fresh/postgresql.conf" <<<"include 'linge.conf'" >/dev/null
    mv "$fresh" "$CLUSTER_DATA"
}

configure_cluster() {
    as_owner tee "$CLUSTER_DATA/pg_ident.conf" >/dev/null <<END
linge root linge
linge "$CLUSTER_OWNER" linge
END
    as_owner tee "$CLUSTER_DATA/linge.conf" >/dev/null <<END
# Written by bin/lib/cluster.sh at each start.
listen_addresses = ''
port = $CLUSTER_PORT
unix_socket_directories = '${CLUSTER_SOCKETS//\'/\'\'}'
unix_socket_permissions = 0700
max_connections = 150
shared_buffers = 256MB
fsync = $CLUSTER_DURABLE
full_page_writes = $CLUSTER_DURABLE
synchronous_commit = $CLUSTER_DURABLE
timezone = 'UTC'
log_timezone = 'UTC'
log_min_error_statement = panic # a refused statement, and the row that it is about, name people
log_error_verbosity = terse
jit = off # compiling costs more than our short spatial queries take
END
}

launch_cluster() {
    halt_cluster
    remove_stale_locks
    configure_cluster
    touch "$CLUSTER_LOG"
    as_owner "$PG_BIN/pg_ctl" start -w -t 120 -s -D "$CLUSTER_DATA" >>"$CLUSTER_LOG" 2>&1 || {
        tail -n 20 "$CLUSTER_LOG"
        return 1
    }
}

# PostgreSQL trusts a lock file whose number lives again as another program, or as a zombie. When nothing
# works in the data folder, and only then, the locks are stale.
remove_stale_locks() {
    local tries=100
    while [[ $(cluster_processes) ]]; do
        ((tries-- > 0)) || { echo "still at work in $CLUSTER_DATA:" "$(cluster_processes)" && return 1; }
        sleep 0.1
    done
    rm -f "$CLUSTER_DATA/postmaster.pid" "$CLUSTER_SOCKETS/.s.PGSQL.$CLUSTER_PORT"{,.lock}
}

ensure_database() {
    local known
    known=$(cluster_sql postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$CLUSTER_DATABASE'")
    [[ $known ]] || cluster_sql postgres -qc "CREATE DATABASE \"$CLUSTER_DATABASE\""
}

# cluster_sql DATABASE ARGUMENTS...: psql there.
cluster_sql() {
    local database=$1
    shift
    "$PG_BIN/psql" -X -v ON_ERROR_STOP=1 -h "$CLUSTER_SOCKETS" -p "$CLUSTER_PORT" -U linge -d "$database" "$@"
}

# halt_cluster: stops it if it runs; every commit is on the disk before.
halt_cluster() {
    cluster_pid >/dev/null || return 0
    as_owner "$PG_BIN/pg_ctl" stop -w -t 60 -s -m fast -D "$CLUSTER_DATA"
}

# cluster_url: for DATABASE_URL; the socket folder stands percent-encoded in the host's place.
cluster_url() {
    local LC_ALL=C text=$CLUSTER_SOCKETS encoded='' byte i
    for ((i = 0; i < ${#text}; i++)); do
        byte=${text:i:1}
        case $byte in
            [a-zA-Z0-9._-]) encoded+=$byte ;;
            *) printf -v byte '%%%02X' "'$byte" && encoded+=$byte ;;
        esac
    done
    printf 'postgis://linge@%s/%s' "$encoded" "$CLUSTER_DATABASE"
}
