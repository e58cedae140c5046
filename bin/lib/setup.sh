# shellcheck shell=bash
# The set-up that bin/demo, bin/test and bin/bench share, and its orderly end. Needs: base.sh.

HOST=${HOST:-127.0.0.1}
PORT=${PORT:-8000}
CLUSTER_STARTED= # set when there is a cluster to stop
SERVING=         # set once it serves: from then on an interrupt is the ordinary end

# handle_end: Ctrl-C, SIGTERM, SIGHUP and every other way out stop what was started.
handle_end() {
    trap clean_up EXIT
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
    trap 'interrupted 129' HUP
}

interrupted() {
    say ""
    [[ ! $SERVING ]] || exit 0
    exit "$1"
}

clean_up() {
    local code=$?
    set +e                     # each part is stopped, whatever became of the others
    trap '' INT TERM HUP PIPE # and the terminal may be gone
    end_children
    ((${#STARTED[@]} == 0)) || { complain "  stopping: ${STARTED[*]} …" && stop_services; }
    [[ ! $CLUSTER_STARTED ]] || { complain "  stopping the database …" && halt_cluster; }
    exit "$code"
}

# set_up_tools runtime|all: packages, Python environment, front end.
set_up_tools() {
    need_python_packages
    need_runtime_packages
    [[ $1 == runtime ]] || need_test_packages
    install_missing
    need_python
    sync_python "$1"
    build_frontend
}

# set_up_database CLUSTER NAME: a private cluster, unless DATABASE_URL names another server.
set_up_database() {
    if [[ ${DATABASE_URL-} ]]; then
        say "  database: the one DATABASE_URL names"
        return
    fi
    use_cluster "$1" "$2"
    start_cluster
    DATABASE_URL=$(cluster_url)
    export DATABASE_URL
}

# set_up_site: texts, static files and tables. Needs Django's environment.
set_up_site() {
    step messages "translations" compile_messages
    collect_static
    step migrate "tables (migrate)" manage migrate --noinput
}
