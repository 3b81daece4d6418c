#!/bin/sh
# Asks the public database for known faults of the packages in the files $2 and further, with the
# pip-audit at $1. Where the database cannot be asked, or does not know a package, says so, and is
# no failure: nothing was found.
set -u

audit=$1
shift
set -- $(printf -- '-r %s ' "$@")
said=$("$audit" --disable-pip --require-hashes "$@" 2>&1)
status=$?
echo "$said"
skipped=$(echo "$said" | grep -c 'could not be audited')
if [ "$skipped" -gt 0 ]; then
    echo "Not checked, as the database does not know them: $skipped of the packages" >&2
fi
case $status:$said in
0:*) ;;
*"known vulnerabilit"*) exit 1 ;;
*ConnectionError* | *"Max retries"* | *timed\ out* | *"Name or service"* | *"Tunnel connection"*)
    echo "The database could not be asked: whether a package has a known fault is not known." >&2
    ;;
*) exit $status ;;
esac
