#!/bin/sh
# The long tests, against the binaries that `make soak` has built: at most ten minutes in all.
# Each step is a program that exits 0 when it passed; its output is shown only when it fails.
# usage: tests/soak.sh [KIZUKI_BINARY]
set -u
cd "$(dirname "$0")/.." || exit 1
bin=${1:-build/release/kizuki}
kill_test=${KILL_TEST:-build/release/tests/kill/test_kill}
wire_test=${WIRE_TEST:-build/release/tests/wire/test_kill_wire}
fake=${FAKE:-build/release/tests/fake/mattermost}
slack=${SLACK:-build/release/tests/fake/slack/slack}
fault_test=${FAULT_TEST:-build/release/tests/faults/test_engine_faults}
dir=$(mktemp -d "${TMPDIR:-/tmp}/kizuki-soak.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0
export LC_ALL=C.UTF-8
unset XDG_DATA_HOME

step() {
    name=$1
    seconds=$2
    shift 2
    if timeout "$seconds" "$@" >"$dir/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name: $(tail -n 2 "$dir/log" | head -n 1)"
    else
        failed=$((failed + 1))
        echo "FAILED  $name"
        tail -n 60 "$dir/log"
    fi
}

# talk NAME PEOPLE TURNS: what that many people write in turn; the ids make it repeatable.
talk() {
    awk -v people="$2" -v turns="$3" 'BEGIN {
        n = split("こんにちは|診断|非IT部門|1と3|戻る|3を外す|決定|検索 ログ|スキップ|わからない|" \
                  "わからない|1問目を直したい|ITシステム|1と2|中断|K-006|再開|2|1|私の結果|" \
                  "結果を変える|6|役割|もっと|English|what is phishing|日本語|最初から|1", line, "|")
        for (i = 0; i < turns; i++) {
            p = i % people
            printf ":as u%d\n:id m%d\n%s\n", p, i, line[(int(i / people) + p) % n + 1]
        }
    }' >"$dir/$1"
}

count() {
    sqlite3 "$1" "$2"
}

# Every message is in the inbox once, owes something, and all of it was sent; the file is whole.
whole() {
    db=$1
    turns=$2
    [ "$(count "$db" 'PRAGMA integrity_check')" = ok ] || { echo "damaged"; return 1; }
    [ -z "$(count "$db" 'PRAGMA foreign_key_check')" ] || { echo "dangling rows"; return 1; }
    [ "$(count "$db" 'SELECT count(*) FROM inbox')" = "$turns" ] || { echo "inbox"; return 1; }
    [ "$(count "$db" "SELECT count(*) FROM outbox WHERE state <> 'sent'")" = 0 ] ||
        { echo "not sent"; return 1; }
    [ "$(count "$db" "SELECT count(*) FROM inbox i WHERE NOT EXISTS (SELECT 1 FROM outbox o
        WHERE o.key = 'console/local/' || i.event_id || ':0')")" = 0 ] ||
        { echo "messages without a reply"; return 1; }
}

# 20,000 messages of 200 people. Everything again is a redelivery and says nothing. What a turn
# costs must not grow with what is stored: the second half may take at most twice the first.
many_people() {
    talk many 200 20000
    head -n 30000 "$dir/many" >"$dir/first"
    tail -n 30000 "$dir/many" >"$dir/second"
    start=$(date +%s%N)
    "$bin" chat --db "$dir/many.db" --json <"$dir/first" >"$dir/said" || return 1
    middle=$(date +%s%N)
    "$bin" chat --db "$dir/many.db" --json <"$dir/second" >>"$dir/said" || return 1
    end=$(date +%s%N)
    whole "$dir/many.db" 20000 || return 1
    owed=$(count "$dir/many.db" 'SELECT count(*) FROM outbox')
    [ "$(wc -l <"$dir/said")" = "$owed" ] || { echo "said is not owed ($owed)"; return 1; }
    "$bin" chat --db "$dir/many.db" --json <"$dir/many" >"$dir/again" || return 1
    [ ! -s "$dir/again" ] || { echo "a redelivery was answered"; return 1; }
    one=$(((middle - start) / 10000000)) # 10,000 turns in ns, so us a turn
    two=$(((end - middle) / 10000000))
    echo "$one us a turn in the first half, $two us in the second"
    [ "$two" -le $((one * 2 + 20)) ] || { echo "a turn gets slower as the database grows"; return 1; }
}

# One long-lived process: memory after 30,000 messages is what it was after 3,000.
memory() {
    mkfifo "$dir/fifo" || return 1
    talk short 50 3000
    talk all 50 30000
    tail -n +9001 "$dir/all" >"$dir/rest"
    "$bin" chat --db "$dir/memory.db" --json <"$dir/fifo" >/dev/null &
    pid=$!
    exec 3>"$dir/fifo"
    cat "$dir/short" >&3
    settle "$dir/memory.db" 3000
    early=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
    cat "$dir/rest" >&3
    settle "$dir/memory.db" 30000
    late=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
    exec 3>&-
    wait "$pid" || return 1
    whole "$dir/memory.db" 30000 || return 1
    echo "$early KiB after 3000 messages, $late KiB after 30000"
    [ "$late" -le $((early + 1024)) ] || { echo "memory grows"; return 1; }
}

# Until that many messages are committed, a minute at most.
settle() {
    for _ in $(seq 600); do
        [ "$(count "$1" 'SELECT count(*) FROM inbox' 2>/dev/null)" != "$2" ] || return 0
        sleep 0.1
    done
}

# Random bytes as messages: the process goes on and ends well, the database stays whole.
noise() {
    head -c 4000000 /dev/urandom >"$dir/noise"
    "$bin" chat --db "$dir/noise.db" --json <"$dir/noise" >/dev/null 2>"$dir/noise.err" || return 1
    whole "$dir/noise.db" "$(count "$dir/noise.db" 'SELECT count(*) FROM inbox')" || return 1
    echo "$(count "$dir/noise.db" 'SELECT count(*) FROM inbox') messages of random bytes"
}

# Every call of SQLite in a conversation fails once, in every way.
faults() {
    FAULTS=all "$fault_test" >"$dir/faults" 2>&1 || { cat "$dir/faults"; return 1; }
    grep '^engine:' "$dir/faults"
}

# Slack's history may lag, so that a new process waits before it sends what may be there: a kill
# takes seconds. Four bots at once, each with a Slack of its own.
slack_kills() {
    pids=
    trap 'kill $pids; exit 1' TERM
    for i in 1 2 3 4; do
        "$wire_test" "$bin" "$slack" 50 >"$dir/kills.$i" 2>&1 &
        pids="$pids $!"
    done
    bad=
    for pid in $pids; do
        wait "$pid" || bad=1
    done
    [ -z "$bad" ] || { cat "$dir"/kills.?; return 1; }
    grep -h 'kills:' "$dir"/kills.?
}

# timeout runs programs, not functions: each part is this script once more.
if [ -n "${SOAK_PART:-}" ]; then
    "$SOAK_PART" && echo "done"
    exit
fi

step "200 kills" 300 "$kill_test" "$bin" 200
step "200 kills over the wire" 300 "$wire_test" "$bin" "$fake" 200
step "200 kills over Slack" 300 env SOAK_PART=slack_kills "$0" "$bin"
for part in many_people memory noise; do
    step "$part" 100 env SOAK_PART="$part" "$0" "$bin"
done
step "official Slack clients" 300 tests/official/run.sh "$bin" "$slack"
step faults 400 env SOAK_PART=faults "$0" "$bin"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
