#!/bin/sh
# Prints the path of a program that pip cannot bring: `python` (3.11 or later,
# able to make virtual environments), `chromium` (for the tests), `soffice`
# (LibreOffice Calc, for `make office`), or `nu` (what the Nu HTML checker runs
# on: java, and npm, which fetches it). A missing one is installed with apt-get
# where this user may do that; otherwise the command to run is named and the
# script fails.
set -eu

apt_install() {
    root=''
    if ! command -v apt-get >/dev/null; then
        may=no
    elif [ "$(id -u)" = 0 ]; then
        may=yes
    elif sudo -n true 2>/dev/null; then
        may=yes
        root=sudo
    else
        may=no
    fi
    if [ "$may" = no ]; then
        echo "This machine lacks: $*. On Debian or Ubuntu, run" >&2
        echo "    sudo apt-get update && sudo apt-get install --yes --no-install-recommends $*" >&2
        echo "and then the same make command again." >&2
        exit 1
    fi
    echo "Installing with apt-get: $*" >&2
    {
        $root apt-get update -qq
        $root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -qq --yes --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
    } >/dev/null
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

case ${1-} in
python)
    python=$(find_python) || {
        apt_install python3
        python=$(find_python) || {
            echo "Python 3.11 or later is needed; this machine offers an older one." >&2
            exit 1
        }
    }
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        apt_install "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    echo "$python"
    ;;
chromium)
    # Playwright's driver is linked to libatomic, which chromium does not bring along.
    if ! command -v chromium >/dev/null ||
        ! python3 -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null; then
        apt_install chromium libatomic1
    fi
    command -v chromium
    ;;
soffice)
    command -v soffice >/dev/null || apt_install libreoffice-calc
    command -v soffice
    ;;
nu)
    command -v java >/dev/null || apt_install default-jre-headless
    command -v npm >/dev/null || apt_install npm
    command -v java
    ;;
*)
    echo "usage: need.sh python|chromium|soffice|nu" >&2
    exit 2
    ;;
esac
