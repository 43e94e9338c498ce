#!/bin/sh
# What is owed: sent in order and at its time, in bounded memory, and an event that cannot be
# stored is never taken for one that was. Due work of an unknown kind does no harm.
set -eu
bin=$1
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
db=$work/k.db
fail() { echo "$*"; tail -n 20 "$work/out" "$work/err"; exit 1; }
. tests/support/await.sh
chat() { printf '%b' "$1" | "$bin" chat --db "$db" --at 2026-11-23 >"$work/out" 2>"$work/err" || fail "status $?"; }
owe() { # N TEXT MINUTES: in a channel, so that nothing waits behind it
    sqlite3 "$db" "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < $1)
        INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel, text,
                            choices, question, due_ms, created_ms)
        SELECT (SELECT coalesce(max(ord), 0) FROM outbox) + n, '$2-' || n, p.id, 'console', 'local',
               'user1', 'c', '$2 ' || n, '', '',
               (SELECT max(received_ms) FROM inbox) + $3 * 60000, 1 FROM person p, i"
}
is() { [ "$(sqlite3 "$db" "$1")" = "$2" ] || fail "$1 gives $(sqlite3 "$db" "$1")"; }

# The clock moves: what is due by then comes before the answer to the next line.
chat ':id a\n診断\n'
owe 1 planned 90
chat ':advance 1h\nヘルプ\n:advance 1h\nありがとう\n'
[ "$(grep -n '#c. planned 1' "$work/out" | cut -d: -f1)" -lt "$(grep -n 'どういたしまして' "$work/out" | cut -d: -f1)" ] ||
    fail "the planned message came late"
head -n 1 "$work/out" | grep -q 'できること' || fail "the planned message came early"

# The id is forgotten and comes again: the reply's row is there, so this is no redelivery.
sqlite3 "$db" "DELETE FROM inbox WHERE event_id = 'a'"
chat ':id a\nありがとう\n'
grep -q '保存できません' "$work/out" || fail "a message was swallowed"
[ "$(grep -c 'event not stored' "$work/err")" = 1 ] || fail "not logged"
is "SELECT count(*) FROM inbox WHERE event_id = 'a'" 0

# Work this program does not know, for somebody: said once, put off, and nothing else suffers.
sqlite3 "$db" "DELETE FROM due_work; INSERT INTO due_work (kind, subject, due_ms) VALUES
               ('riddle', 'p1', 1), ('prune', '', 2)"
chat 'ありがとう\n'
[ "$(grep -c 'riddle' "$work/err")" = 1 ] || fail "not said once"
is "SELECT group_concat(kind || subject || (due_ms = unixepoch('2026-11-24') * 1000))
    FROM (SELECT * FROM due_work ORDER BY kind)" 'prune1,riddlep11'

# Twenty thousand messages are sent a few at a time.
owe 20000 many 0
sqlite3 "$db" "UPDATE outbox SET text = text || printf('%3000s', '.')"
mkfifo "$work/in"
ASAN_OPTIONS=quarantine_size_mb=1 "$bin" chat --db "$db" --at 2026-11-24 <"$work/in" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/in"
await sh -c "[ \"\$(sqlite3 '$db' \"SELECT count(*) FROM outbox WHERE state = 'pending'\")\" = 0 ]"
peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
exec 3>&-
wait $pid || fail "status $?"
pid=
[ "$(grep -c '#c. many' "$work/out")" = 20000 ] || fail "not all were sent"
[ "$peak" -lt 60000 ] || fail "$peak kB of memory"
