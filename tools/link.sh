#!/bin/sh
# Makes the engine known to the virtual environment $1 as it lies in this folder: its
# programs, such as mkdocs, find the package, and bin/factsheet runs the command line.
set -eu

for packages in "$1"/lib/python3*/site-packages; do
    echo ../../../.. >"$packages/factsheet.pth"
done
cat >"$1/bin/factsheet" <<'EOF'
#!/bin/sh
exec "$(dirname "$0")/python" -m factsheet "$@"
EOF
chmod +x "$1/bin/factsheet"
