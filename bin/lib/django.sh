# shellcheck shell=bash
# Django's environment and its preparation. Needs: ROOT, VAR, VENV, HOST, base.sh.

in_root() { cd "$ROOT" && "$@"; }
manage() { in_root "$VENV/bin/python" manage.py "$@"; }

# demo_environment: what settings.py reads. What the caller has set wins.
demo_environment() {
    export LINGE_MODE=demo
    export LINGE_SECRET_KEY_FILE=${LINGE_SECRET_KEY_FILE:-$VAR/secret_key}
    export LINGE_HOSTS=${LINGE_HOSTS:-$(host_names)}
    export LINGE_MEDIA_ROOT=${LINGE_MEDIA_ROOT:-$VAR/media}
    export LINGE_STATIC_ROOT=${LINGE_STATIC_ROOT:-$VAR/static}
    export LINGE_DATA_KEYS_FILE=${LINGE_DATA_KEYS_FILE:-$VAR/data_keys}
    [[ -s $LINGE_SECRET_KEY_FILE ]] || make_secret "$LINGE_SECRET_KEY_FILE" random_key
    [[ -s $LINGE_DATA_KEYS_FILE ]] || make_secret "$LINGE_DATA_KEYS_FILE" random_data_key
}

random_key() { head -c 48 /dev/urandom | base64 -w 0; }
random_data_key() { head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }

# make_secret FILE COMMAND: what the command prints, readable by this user alone.
make_secret() (
    umask 077
    "$2" >"$1.new"
    mv "$1.new" "$1"
)

# host_names: the names this server answers to; every name of the machine when it listens on all.
host_names() {
    local names=(127.0.0.1 localhost '[::1]') more=() name
    case $HOST in
        0.0.0.0 | ::)
            name=$(uname -n)
            read -r -a more < <(printf '%s %s.local %s' "$name" "${name%%.*}" "$(hostname -I 2>/dev/null || true)") || true
            ;;
        127.0.0.1 | localhost | ::1) ;;
        *) more=("$HOST") ;;
    esac
    for name in "${more[@]}"; do
        if [[ $name == *:* ]]; then names+=("[$name]"); else names+=("$name"); fi
    done
    (IFS=, && printf '%s' "${names[*]}")
}

compile_messages() {
    local po
    for po in "$ROOT"/mapui/locale/*/LC_MESSAGES/*.po; do
        [[ -f $po ]] || continue
        [[ ${po%.po}.mo -nt $po ]] || msgfmt --check-format -o "${po%.po}.mo" "$po"
    done
}

collect_static() {
    local files hash
    mapfile -d '' -t files < <(find "$ROOT/mapui" "$ROOT/gis_grids" "$ROOT/households" "$ROOT/incidents" \
        -name node_modules -prune -o -type f \( -path '*/static/*' -o -path '*/frontend/dist/*' \) -print0)
    hash=$(hash_of "$ROOT/uv.lock" "$FRONTEND/package-lock.json" "$ROOT/mapui/project/settings.py" "${files[@]}")
    stamped "${LINGE_STATIC_ROOT##*/}" "$hash" && [[ -d $LINGE_STATIC_ROOT ]] && return
    step collectstatic "static files (collectstatic)" manage collectstatic --noinput
    stamp "${LINGE_STATIC_ROOT##*/}" "$hash"
}
