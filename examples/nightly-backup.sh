#!/bin/sh
# Nightly backup for cron: check the file, write a verified copy, keep the newest ones.
#
#   45 2 * * *  nightly-backup.sh leads.db backups 14
#
# A file in which something is wrong is backed up as well, under a name that says so, and no older
# backup is taken away then.
set -u
db=${1:?usage: nightly-backup.sh DATABASE FOLDER [KEEP]}
folder=${2:?usage: nightly-backup.sh DATABASE FOLDER [KEEP]}
keep=${3:-14}

name=leads-$(date +%Y-%m-%d).db
leadctl --db "$db" db check >/dev/null
checked=$?
[ "$checked" = 0 ] || name=suspect-$name
leadctl -q --db "$db" db backup "$folder/$name" -f ids || exit $?
[ "$checked" = 0 ] || exit "$checked"
ls -1r "$folder"/leads-*.db | tail -n "+$((keep + 1))" | while read -r old; do rm "$old"; done
