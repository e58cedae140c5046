# shellcheck shell=bash
# The front end: npm's lock file, then esbuild into dist/. Node comes with the Python environment.
# Needs: ROOT, VENV, base.sh.

FRONTEND=$ROOT/mapui/frontend

npm_in_frontend() { cd "$FRONTEND" && PATH="$VENV/bin:$PATH" npm "$@"; }
npm_ci() { npm_in_frontend ci --no-audit --no-fund --no-update-notifier; }
npm_build() { npm_in_frontend run build; }

frontend_sources() {
    find "$FRONTEND" \( -name node_modules -o -path "$FRONTEND/dist" \) -prune -o -type f -print0
}

build_frontend() {
    local lock sources hash
    lock=$(hash_of "$FRONTEND/package-lock.json")
    if ! { stamped npm "$lock" && [[ -d $FRONTEND/node_modules ]]; }; then
        step npm-ci "front-end packages (npm ci)" npm_ci
        stamp npm "$lock"
    fi
    mapfile -d '' -t sources < <(frontend_sources)
    hash=$(hash_of "${sources[@]}")
    if ! { stamped frontend "$hash" && [[ -d $FRONTEND/dist ]]; }; then
        step npm-build "front end (npm run build)" npm_build
        stamp frontend "$hash"
    fi
}
