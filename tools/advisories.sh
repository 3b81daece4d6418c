#!/bin/sh
# Asks the public database for known faults of the packages in the files $2 and further, with the
# pip-audit at $1. Where the database cannot be asked, says so, and is no failure: nothing was found.
set -u

audit=$1
shift
set -- $(printf -- '-r %s ' "$@")
said=$("$audit" --strict --disable-pip --require-hashes "$@" 2>&1)
status=$?
echo "$said"
case $status:$said in
0:*) ;;
*"known vulnerabilit"*) exit 1 ;;
*ConnectionError* | *"Max retries"* | *timed\ out* | *"Name or service"* | *"Tunnel connection"*)
    echo "The database could not be asked: whether a package has a known fault is not known." >&2
    ;;
*) exit $status ;;
esac
