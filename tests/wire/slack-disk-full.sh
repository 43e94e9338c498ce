#!/bin/sh
# While the disk takes nothing, a cry for help is answered at once, and only once; Slack is told that
# it arrived when it is stored.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-slack.sh

helped() { # the first steps have arrived once
    [ "$(texts @hanako | grep -c '知らせてくれてありがとうございます')" = 1 ]
}

serve
start
say hanako K-001
expect @hanako 'K-001'
size=$(wc -c <"$work/k.db-wal")
prlimit --pid "$bot" --fsize="$size:unlimited"
say hanako K-002
await logs 'not stored.*make room'
say hanako 'やばい、リンク踏んだかも'
await helped
answered @hanako 'K-001' || fail "answered without having stored it"
[ "$(db 'SELECT count(*) FROM inbox')" = 1 ] || fail "half stored"
prlimit --pid "$bot" --fsize=unlimited:unlimited
expect @hanako 'K-001 K-002'
await logs 'can be written down again'
await has inbox 3
await owes_nothing
helped || fail "helped twice"
finish
