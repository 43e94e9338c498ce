#!/bin/sh
# Databases that cannot be used are refused with a message that says what to do, and a full disk
# loses nothing.
set -eu
bin=$1
work=$(mktemp -d)
full=
trap '[ -z "$full" ] || kill "$full" 2>/dev/null; rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/err"; exit 1; }
. tests/support/await.sh
owe() { # FILE: a reply that is still to be sent
    sqlite3 "$1" "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel,
        text, choices, question, due_ms, created_ms) SELECT 1000, 'owed', id, 'console', 'local',
        'user1', '', 'said once', '', '', 0, 1 FROM person"
}
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

# A damaged page: said, and the end; but what was sent before is marked.
printf '診断\n' | "$bin" chat --db "$work/damaged.db" >/dev/null
owe "$work/damaged.db"
page=$(sqlite3 "$work/damaged.db" "SELECT rootpage FROM sqlite_schema WHERE name = 'session'")
head -c 4096 /dev/zero | tr '\0' Z |
    dd of="$work/damaged.db" bs=4096 seek=$((page - 1)) conv=notrunc 2>/dev/null
echo 2 >"$work/two"
got=0
"$bin" chat --db "$work/damaged.db" <"$work/two" >"$work/out" 2>"$work/err" || got=$?
[ $got = 1 ] || fail "a damaged database: status $got"
grep -q 'the database is damaged' "$work/err" || fail "no word about the damage"
grep -q 'said once' "$work/out" || fail "what was owed is lost"
[ "$(sqlite3 "$work/damaged.db" "SELECT state FROM outbox WHERE key = 'owed'")" = sent ] || fail "not marked"

# A full disk: a file size limit makes every write fail as a full disk does. The process is idle
# already; its output goes through pipes, which know no such limit.
mkfifo "$work/full.in" "$work/full.out" "$work/full.err"
"$bin" chat --db "$work/full.db" <"$work/full.in" >"$work/full.out" 2>"$work/full.err" &
full=$!
cat "$work/full.out" >"$work/out" &
cat "$work/full.err" >"$work/err" &
exec 3>"$work/full.in"
echo 診断 >&3
await grep -q '1/4' "$work/out"
marked() { [ "$(sqlite3 "$work/full.db" "SELECT count(*) FROM outbox WHERE state <> 'sent'")" = 0 ]; }
await marked
# A reply that is owed: it can be sent, but not be marked. Nothing else is due when the clock moves.
sqlite3 "$work/full.db" "UPDATE due_work SET due_ms = due_ms * 2"
owe "$work/full.db"
prlimit --pid $full --fsize=1:
printf '2\n:advance 2d\n' >&3
await grep -q '保存できません' "$work/out"
await grep -q 'make room on the disk' "$work/err"
await grep -q 'said once' "$work/out"
# Who cries for help gets it all the same.
! grep -q '知らせてくれてありがとうございます' "$work/out" || fail "helped without need"
echo 'ウイルスに感染したみたいです' >&3
await grep -q '知らせてくれてありがとうございます' "$work/out"
# It tries again now and then, neither busily nor noisily.
ticks() { awk '{ print $14 + $15 }' "/proc/$full/stat"; }
await grep -q 'cannot be written down' "$work/err"
before=$(ticks)
end=$(($(date +%s) + 2))
over() { [ "$(date +%s)" -ge $end ]; }
await over
[ $(($(ticks) - before)) -lt 50 ] || fail "busy while idle"
[ "$(wc -l <"$work/err")" -le 5 ] || fail "$(wc -l <"$work/err") lines in the log"
# There is room again: what was sent is marked by and by, and the same message is answered.
prlimit --pid $full --fsize=unlimited:
await grep -q 'can be written down again' "$work/err"
await marked
echo 2 >&3
await grep -q '2/4' "$work/out"
exec 3>&-
wait $full || fail "status of the process on a full disk"
full=
[ "$(grep -c 'said once' "$work/out")" = 1 ] || fail "said twice"
[ "$(sqlite3 "$work/full.db" 'SELECT count(*) FROM answer')" = 1 ] || fail "one answer expected"
[ "$(sqlite3 "$work/full.db" 'PRAGMA integrity_check')" = ok ] || fail "integrity after a full disk"
