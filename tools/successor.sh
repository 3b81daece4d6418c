#!/bin/sh
# Compares the sites of both generators once more, of a copy of the project with a public address:
# heads, links and site map have it in full. $1: a Python that has both generators.
set -eu

python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

cp -R data docs factsheet overrides tools macros.py mkdocs.yml "$copy"
cd "$copy"
sed 's|^site_url:.*|site_url: https://facts.internal/sheet/|' mkdocs.yml >public.yml
grep -q '^site_url: https://facts.internal/' public.yml
mv public.yml mkdocs.yml
export PYTHONPATH="$PWD"
"$python" -m factsheet build
"$python" tools/successor.py
