# shellcheck shell=bash
# Packages of the system: what is missing is found by looking for the thing itself, not for a name.
# Needs: say.sh, python.sh, cluster.sh.

MISSING=() # packages to install

has() { command -v "$1" >/dev/null 2>&1; }
has_library() { [[ $(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) == *"lib$1.so"* ]]; }

need_python_packages() {
    find_python || { MISSING+=(python3 python3-venv) && return; }
    find_uv || "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || MISSING+=(python3-venv)
}

need_runtime_packages() {
    has_library gdal && has_library geos_c && has_library proj || MISSING+=(gdal-bin)
    has msgfmt || MISSING+=(gettext)
    # What PDF files are set with.
    has_library pangoft2-1.0 || MISSING+=(libpangoft2-1.0-0)
    [[ $(fc-list :lang=zh 2>/dev/null) ]] || MISSING+=(fontconfig fonts-noto-cjk)
    [[ ${DATABASE_URL-} ]] || find_postgres >/dev/null || MISSING+=(postgresql postgresql-postgis)
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || MISSING+=(ca-certificates)
}

need_redis() { has redis-server || MISSING+=(redis-server); }

need_test_packages() {
    need_redis
    has chromium || has chromium-browser || has google-chrome || need_chromium
}

# Ubuntu has Chromium as a snap only, which apt can't give to a container or to CI.
need_chromium() {
    if grep -qx 'ID=ubuntu' /etc/os-release; then
        say "  no Chromium here, and Ubuntu's packages have none: the browser tests will be skipped"
    else
        MISSING+=(chromium)
    fi
}

# as_root COMMAND...: as root already, or by a sudo that asks for nothing.
as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }
may_be_root() { ((EUID == 0)) || sudo -n true 2>/dev/null; }

# install_missing: does nothing, and runs nothing, when nothing is missing.
install_missing() {
    ((${#MISSING[@]})) || return 0
    say "  missing packages: ${MISSING[*]}"
    has apt-get || die "This system has no apt-get. Install what these Debian packages hold, then start again:" \
        "${MISSING[*]}"
    may_be_root || die "Packages are missing and $(id -un) may not install them. Run this line, then start again:" \
        "sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${MISSING[*]}"
    step apt-update "package lists (apt-get update)" as_root apt-get -q update
    step apt-install "installing packages (apt-get install)" apt_install "${MISSING[@]}"
    MISSING=()
    hash -r
}

apt_install() {
    local no_main=/etc/postgresql-common/createcluster.d/linge.conf fresh=
    # A newly installed PostgreSQL would start a cluster "main" that nobody asked for.
    if [[ $(dpkg-query -W -f '${Status}' postgresql-common 2>/dev/null) != *'ok installed'* ]]; then
        fresh=1
        as_root mkdir -p "${no_main%/*}"
        echo 'create_main_cluster = false' | as_root tee "$no_main"
    fi
    local failed=0
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get -q install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" || failed=$?
    [[ ! $fresh ]] || as_root rm -f "$no_main"
    return "$failed"
}
