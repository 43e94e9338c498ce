#!/bin/sh
# Broken bytes, huge lines, control characters and floods get a sane answer and end with status 0.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; exit 1; }

{
    echo 診断
    printf '\377\376\300\257 \355\240\200 \n'
    head -c 1048576 /dev/zero | tr '\0' 'a'; echo
    head -c 3000000 /dev/zero | tr '\0' 'b'; echo
    printf '2\342\200\256\001\002\n'
    i=0; while [ $i -lt 3000 ]; do printf '🍣'; i=$((i + 1)); done; echo
    printf 'e'; i=0; while [ $i -lt 3000 ]; do printf '\314\201'; i=$((i + 1)); done; echo
    printf '\000\000nul\n'
    printf '   \n\n\r\n'
    echo '{"a":1}'
    echo "'; DROP TABLE person; --"
    echo 確認
} | "$bin" chat --db "$work/k.db" --json >"$work/out" 2>"$work/err" || fail "status $?"

iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null || fail "the output is not UTF-8"
grep -q '長かったので' "$work/out" || fail "a cut message is not mentioned"
! grep -qP '[\x00-\x08\x0b\x0c\x0e-\x1f]|\xe2\x80\xae' "$work/out" || fail "control characters came back"
grep -q '「非IT部門」ですね' "$work/out" || fail "the answer among control characters was not read"
[ "$(tail -1 "$work/out" | grep -c 'ここまでの答え')" = 1 ] || fail "the last line was not answered"
[ "$(wc -c <"$work/out")" -lt 200000 ] || fail "floods are echoed in full"
[ "$(sqlite3 "$work/k.db" 'PRAGMA integrity_check')" = ok ] || fail "integrity"
