#!/bin/sh
# SIGTERM drains and ends with 0; SIGHUP takes new content, and keeps the old if it is faulty.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }
await() { until grep -q "$1" "$2"; do kill -0 $pid || fail "ended while waiting for $1"; done; }

cp -r content/pack "$work/pack"
mkfifo "$work/in"
"$bin" chat --db "$work/k.db" --content "$work/pack" <"$work/in" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/in"
echo ありがとう >&3
await 'どういたしまして' "$work/out"

sed -i 's/どういたしまして/お役に立ててうれしいです/' "$work/pack/messages.json"
kill -HUP $pid
until grep -q 'お役に立てて' "$work/out"; do kill -0 $pid || fail "ended"; echo ありがとう >&3; done

sed -i 's/お役に立ててうれしいです/{nobody}/' "$work/pack/messages.json"
kill -HUP $pid
await 'messages.json: $.thanks.ja' "$work/err"
await 'the old one stays' "$work/err"
before=$(grep -c 'お役に立てて' "$work/out")
echo ありがとう >&3
until [ "$(grep -c 'お役に立てて' "$work/out")" -gt "$before" ]; do kill -0 $pid || fail "ended"; done

kill -TERM $pid
wait $pid || fail "SIGTERM: status $?"
[ "$(sqlite3 "$work/k.db" "SELECT count(*) FROM outbox WHERE state<>'sent'")" = 0 ] || fail "not drained"
