#!/bin/sh
# The same work twice: a shell loop starts a process and makes a change per line, batch starts one
# process and makes one change, which one undo takes back.
#
#   loop-and-batch.sh leads.db 200
#
# Processor time for 200 people, on two cores: the loop 21 s, batch 0.1 s.
set -eu
db=${1:?usage: loop-and-batch.sh DATABASE [PEOPLE]}
people=${2:-200}
leadctl --db "$db" person list --limit "$people" -f ids > ids.txt

echo "loop:"
time while read -r id; do
    leadctl --db "$db" -q person set-status "$id" contacting
done < ids.txt

echo "batch:"
time sed 's/.*/person set-status & qualified/' ids.txt | leadctl --db "$db" batch -
