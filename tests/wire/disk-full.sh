#!/bin/sh
# While the disk takes nothing, nothing is lost: what people write meanwhile is answered, once and in
# order, as soon as there is room.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-mm.sh

serve
start
say hanako K-001
expect @hanako 'K-001'

size=$(wc -c <"$work/k.db-wal")
prlimit --pid "$bot" --fsize="$size:unlimited"
say hanako K-002
await logs 'not stored.*make room'
say taro K-003
say hanako K-004
api hanako GET /users/me >/dev/null
answered @hanako 'K-001' || fail "answered without having stored it"
[ "$(db 'SELECT count(*) FROM inbox')" = 1 ] || fail "half stored"
prlimit --pid "$bot" --fsize=unlimited:unlimited
expect @hanako 'K-001 K-002 K-004'
expect @taro 'K-003'
await logs 'can be written down again'
say taro K-005
expect @taro 'K-003 K-005'
[ "$(db 'PRAGMA integrity_check')" = ok ] || fail "damaged"
finish
