#!/bin/sh
# check-config also reads the content the configuration names, as a start would.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }
check() { # EXPECTED
    got=0
    "$bin" check-config --config "$work/config" >"$work/out" 2>"$work/err" || got=$?
    [ $got = "$1" ] || fail "status $got, expected $1"
}
says() { grep -q -- "$1" "$work/$2" || fail "lacks: $1"; }

cp -r content/pack "$work/pack"
echo "content_dir = \"$work/pack\"" >"$work/config"
check 0 && says 'no errors' out
[ ! -s "$work/err" ] || fail "unexpected words"
echo '{ "thanks": ' >"$work/pack/messages.json"
check 2
says "config: key 'content_dir': the content in $work/pack has faults" err
says 'messages.json: line 2, column 1' err
! grep -q 'no errors' "$work/out" || fail "no errors, it says"
echo 'content_dir = "/no/such/folder"' >"$work/config"
check 2 && says 'the file is missing' err
