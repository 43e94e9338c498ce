#!/bin/sh
# Broken bytes, huge lines, control characters and floods get a sane answer and end with status 0.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; exit 1; }

repeat() { # N TEXT: no end of line
    head -c "$1" /dev/zero | sed "s/\x00/$2/g"
}

bad_input() {
    echo 診断
    printf '\377\376\300\257 \355\240\200 \n'
    repeat 1048576 a; echo
    repeat 3000000 b; echo
    printf '2\342\200\256\001\002\n'
    repeat 3000 🍣; echo
    printf 'e'; repeat 3000 "$(printf '\314\201')"; echo
    printf '\000\000nul\n'
    printf '   \n\n\r\n'
    printf '検索 q\033[31m\007\177\302\205\342\200\256q www.evil.example\n'
    echo '{"a":1}'
    echo "'; DROP TABLE person; --"
    echo 確認
}

no_controls() { # FILE, where a line ends with a newline and nothing else is a control character
    ! grep -qP '[\x{00}-\x{09}\x{0b}-\x{1f}\x{7f}-\x{9f}\x{202a}-\x{202e}]' "$1" ||
        fail "control characters came back: $1"
    grep -q 'q［31mq www．evil．example' "$1" || fail "the words among them were not echoed: $1"
}

bad_input | "$bin" chat --db "$work/k.db" --json >"$work/out" 2>"$work/err" || fail "status $?"
iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null || fail "the output is not UTF-8"
grep -q '長かったので' "$work/out" || fail "a cut message is not mentioned"
no_controls "$work/out"
grep -q '「非IT部門」ですね' "$work/out" || fail "the answer among control characters was not read"
[ "$(tail -1 "$work/out" | grep -c 'ここまでの答え')" = 1 ] || fail "the last line was not answered"
[ "$(wc -c <"$work/out")" -lt 200000 ] || fail "floods are echoed in full"
[ "$(sqlite3 "$work/k.db" 'PRAGMA integrity_check')" = ok ] || fail "integrity"

# As JSON the controls would have been escaped.
bad_input | "$bin" chat --db :memory: >"$work/plain" 2>>"$work/err" || fail "status $? in plain mode"
no_controls "$work/plain"

# Messages whose folding was quadratic, or made them eleven times as long: 53 and 9 ms each.
{
    for unit in '\314\201\302\255\314\226' '\314\201\342\200\215\314\226' '\357\267\272'; do
        printf 'e' >"$work/line"
        repeat 2700 "$(printf "$unit")" | head -c 8190 >>"$work/line"
        echo >>"$work/line"
        i=0; while [ $i -lt 100 ]; do cat "$work/line"; i=$((i + 1)); done
    done
} >"$work/slow"
# The processor's seconds, not the clock's: the machine may be busy with something else.
(ulimit -t 15 && "$bin" chat --db :memory: <"$work/slow") >"$work/out" 2>>"$work/err" ||
    fail "status $? (137, 152: hostile messages took more than 15 s of the processor)"
