#!/bin/sh
# Nightly clean-up for cron: delete opportunities that were closed more than two years ago.
#
#   15 3 * * *  nightly-clean-up.sh leads.db 5000 >> clean-up.log 2>&1
#
# The second argument is the most that may go in one night. Each night is one change, which
# "leadctl change undo" can take back.
set -u
db=${1:?usage: nightly-clean-up.sh DATABASE [MOST]}
most=${2:-5000}
LEADCTL_LOCK_WAIT=${LEADCTL_LOCK_WAIT:-60}
export LEADCTL_LOCK_WAIT

leadctl --db "$db" closed delete --older-than 24m --expect "0..$most" \
    --reason "nightly clean-up" --yes
code=$?
case $code in
    0) ;;
    7) echo "more than $most would go: look with closed list --older-than 24m --count" ;;
    75) echo "somebody else held the file for $LEADCTL_LOCK_WAIT seconds: tomorrow will do" ;;
    *) echo "the clean-up failed with exit code $code" ;;
esac
exit $code
