#!/bin/sh
# One backup: the database and the evidence. Needs pg_dump of PostgreSQL's own version or a newer one.
#   DATABASE_URL    as in the settings
#   EVIDENCE_DIR    as in the settings; if not given, "evidence" in VAR_DIR
#   BACKUP_DIR      where backups go; each is a folder with the time in its name
#   BACKUP_DAYS     how long they are kept (7). What people delete is in them so long: promise no less.
#   BACKUP_ENCRYPT  a command that encrypts from its input to its output, for instance "age -R /etc/logbook/backup.pub".
#                   The key that opens it belongs on another machine.
# The ledger is not in a backup: of it only the newest copy is right. See docs/restore.md.
# Redis is in no backup, ever: what it holds must be forgotten.
# Nor are sign-ins, which would open accounts to whoever steals it, and the network addresses of those who tried something.
# Nobody misses them: after a restore all sign-ins end.
set -eu
: "${DATABASE_URL:?}" "${BACKUP_DIR:?}"
evidence="${EVIDENCE_DIR:-${VAR_DIR:-var}/evidence}"
encrypt="${BACKUP_ENCRYPT:-}"
umask 077

folder="$BACKUP_DIR/logbook-$(date -u +%Y-%m-%dT%H%M%SZ)"
draft="$folder.part"
# What a backup that was killed left lies open.
rm -rf "$BACKUP_DIR"/logbook-*.part
mkdir -p "$draft"
trap 'rm -rf "$draft"' EXIT
trap 'exit 1' INT TERM HUP  # else a signal would leave what lies there open

if [ -n "$encrypt" ]; then
    ending=.encrypted
else
    ending=
    encrypt="cat"
    echo "BACKUP_ENCRYPT is not set: this backup lies open." >&2
fi

# In two steps each: in a pipe, nobody would hear of a dump that broke off.
pg_dump --format=custom --no-owner --no-privileges --exclude-table-data=django_session \
    --exclude-table-data=usersessions_usersession --exclude-table-data=rate_limits \
    --exclude-table-data=accounts_formkey --file="$draft/database" "$DATABASE_URL"
# After the database: each row finds its file. A file without a row is forgotten on its own.
if [ -d "$evidence" ]; then
    tar -C "$evidence" -cf "$draft/evidence" .
else
    tar -cf "$draft/evidence" -T /dev/null
fi
for name in database evidence; do
    $encrypt <"$draft/$name" >"$draft/$name.out"
    rm "$draft/$name"
    mv "$draft/$name.out" "$draft/$name$ending"
done
mv "$draft" "$folder"
echo "$folder"

find "$BACKUP_DIR" -maxdepth 1 -name 'logbook-*' -type d -mtime "+${BACKUP_DAYS:-7}" -exec rm -rf {} +
