#!/bin/sh
# Builds the site $1 once more and compares: in another folder, at another time, in another time
# zone, locale and order of sets. Needs $2, a Python with libfaketime, which moves the clock; $3,
# if given, is the folder of past editions.
set -eu

site=$(cd "$1" && pwd)
python=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
past=${3:+$(cd "$3" && pwd)}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
clock=$("$python" -c 'import libfaketime; print(libfaketime.__path__[0])')

mkdir -p "$copy/a folder/of another name"
cp -R data docs factsheet overrides macros.py mkdocs.yml "$copy/a folder/of another name"
cd "$copy/a folder/of another name"
find . -name __pycache__ -prune -exec rm -rf {} +
find . -exec touch -t 200102030405 {} +
env -u SOURCE_DATE_EPOCH \
    PYTHONPATH="$PWD" TZ=Pacific/Kiritimati LC_ALL=C LANG=az_AZ.UTF-8 PYTHONHASHSEED=7 HOME="$copy" \
    LD_PRELOAD="$clock/vendor/libfaketime/src/libfaketime.so.1" FAKETIME='@2031-12-31 23:59:58' \
    "$python" -m factsheet build ${past:+--past "$past"}
diff -r "$site" site
echo "Both builds are the same, byte by byte: $(find site -type f | wc -l) files."
