#!/bin/sh
# Brings a backup of deploy/backup.sh back into an EMPTY database and an empty folder for evidence.
#   deploy/restore.sh FOLDER
# Stop web server, worker and beat first; read docs/restore.md. The settings must be in the environment.
#   BACKUP_DECRYPT  a command that decrypts from its input to its output, for instance "age -d -i /root/backup.key"
set -eu
: "${DATABASE_URL:?}"
folder="${1:?Name the folder of the backup.}"
evidence="${EVIDENCE_DIR:-${VAR_DIR:-var}/evidence}"
decrypt="${BACKUP_DECRYPT:-}"
umask 077

tables=$(psql -XAtq -c "select count(*) from pg_tables where schemaname = 'public'" "$DATABASE_URL")
if [ "$tables" != 0 ]; then
    echo "This database is not empty. Make a new one, and let DATABASE_URL name it." >&2
    exit 1
fi
if [ -d "$evidence" ] && [ -n "$(ls -A "$evidence")" ]; then
    echo "$evidence is not empty. Put it aside first." >&2
    exit 1
fi

plain=$(mktemp -d)
trap 'rm -rf "$plain"' EXIT
trap 'exit 1' INT TERM HUP  # else a signal would leave what lies there open
for name in database evidence; do
    if [ -f "$folder/$name.encrypted" ]; then
        [ -n "$decrypt" ] || { echo "This backup is encrypted: set BACKUP_DECRYPT." >&2; exit 1; }
        $decrypt <"$folder/$name.encrypted" >"$plain/$name"
    else
        cp "$folder/$name" "$plain/$name"
    fi
done

pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$DATABASE_URL" "$plain/database"
mkdir -p "$evidence"
tar -C "$evidence" -xf "$plain/evidence"

cd "$(dirname "$0")/.."
# The release may be newer than the backup.
.venv/bin/python manage.py migrate --verbosity 0
.venv/bin/python manage.py after_restore
echo "Restored. Start the worker, beat and the web server, and look at the desk of the admin."
