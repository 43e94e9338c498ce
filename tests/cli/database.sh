#!/bin/sh
# Databases that cannot be used are refused with a message that says what to do, and a full disk
# loses nothing.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/err"; exit 1; }
refused() { # PATTERN FILE [INPUT]
    if printf '診断\n' | "$bin" chat --db "$2" >"$work/out" 2>"$work/err"; then
        fail "$2 was accepted"
    fi
    grep -qi "$1" "$work/err" || fail "$2: the message lacks \"$1\""
}

echo 'this is not a database, only a text file that is long enough to be read' >"$work/text.db"
refused 'not a .*database' "$work/text.db"
sqlite3 "$work/other.db" 'CREATE TABLE t(x); PRAGMA application_id=77;'
refused 'another program\|not a Kizuki' "$work/other.db"
mkdir "$work/folder.db"
refused 'folder\|directory' "$work/folder.db"
printf '診断\n2\n' | "$bin" chat --db "$work/new.db" >/dev/null
sqlite3 "$work/new.db" 'PRAGMA user_version=999'
refused 'newer' "$work/new.db"

# A second process on the same database.
mkfifo "$work/in"
"$bin" chat --db "$work/k.db" --json <"$work/in" >"$work/first" 2>&1 &
first=$!
exec 3>"$work/in"
echo 診断 >&3
until grep -q '1/4' "$work/first"; do kill -0 $first || fail "the first process ended"; done
refused "process $first\|pid $first\|($first)" "$work/k.db"

# Another program holds a lock: said clearly, nothing half-written, and it goes on afterwards.
mkfifo "$work/sql"
sqlite3 "$work/k.db" <"$work/sql" >"$work/locked" 2>&1 &
sql=$!
exec 4>"$work/sql"
echo 'BEGIN IMMEDIATE; SELECT 1;' >&4
until grep -q 1 "$work/locked"; do kill -0 $sql || fail "sqlite3 ended"; done
echo 2 >&3
until grep -q '保存できません' "$work/first"; do kill -0 $first || fail "the bot ended"; done
echo 'ROLLBACK;' >&4
exec 4>&-
wait $sql
echo 2 >&3
until grep -q '「非IT部門」' "$work/first"; do kill -0 $first || fail "the bot ended"; done
exec 3>&-
wait $first || fail "status of the first process"
[ "$(sqlite3 "$work/k.db" 'SELECT count(*) FROM answer_history')" = 1 ] || fail "one answer expected"

# A full disk: a file size limit makes every further write fail as a full disk does.
printf '診断\n2\n' | "$bin" chat --db "$work/full.db" >/dev/null
before=$(sqlite3 "$work/full.db" 'SELECT count(*) FROM outbox')
(
    trap '' XFSZ
    ulimit -f 8
    printf '1,3\n' | "$bin" chat --db "$work/full.db" >"$work/out" 2>"$work/err"
) || true
[ "$(sqlite3 "$work/full.db" 'PRAGMA integrity_check')" = ok ] || fail "integrity after a full disk"
printf '1,3\n' | "$bin" chat --db "$work/full.db" >"$work/out" 2>"$work/err"
grep -q 'アカウントの登録・削除' "$work/out" || fail "it does not go on when there is room"
[ "$(sqlite3 "$work/full.db" 'SELECT count(*) FROM outbox')" -gt "$before" ] || fail "nothing stored"
