#!/bin/sh
# While the disk takes nothing, nothing is lost: what people write meanwhile is answered, once and in
# order, as soon as there is room. A cry for help is answered at once all the same, and only once.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-mm.sh

helped() { # CHANNEL [PLACE]: the first steps have arrived there, or the word that they are elsewhere
    [ "$(texts "$1" | grep -c "${2:-知らせてくれてありがとうございます}")" = 1 ]
}

serve
start
say hanako K-001
expect @hanako 'K-001'

size=$(wc -c <"$work/k.db-wal")
prlimit --pid "$bot" --fsize="$size:unlimited"
say hanako K-002
await logs 'not stored.*make room'
say taro K-003
say hanako 'やばい、リンク踏んだかも'
await helped @hanako
control http_fault '"kind":"html","method":"POST","path":"/api/v4/posts","times":1'
tell taro '@kizuki 社用スマホをなくしました' office
await helped @taro
await helped office 'ダイレクトメッセージ'
say hanako K-004
api hanako GET /users/me >/dev/null
answered @hanako 'K-001' || fail "answered without having stored it"
[ "$(db 'SELECT count(*) FROM inbox')" = 1 ] || fail "half stored"
prlimit --pid "$bot" --fsize=unlimited:unlimited
expect @hanako 'K-001 K-002 K-004'
expect @taro 'K-003'
await logs 'can be written down again'
helped @hanako && helped @taro && helped office 'ダイレクトメッセージ' || fail "helped twice"
[ "$(db 'SELECT count(*) FROM inbox')" = 6 ] || fail "a cry for help is not stored"
say taro K-005
expect @taro 'K-003 K-005'

# Amid a question: it is asked again once there is room.
asks() { # CHANNEL NUMBER: of its posts that ask the second question
    [ "$(texts "$1" | grep -c '2/4')" = "$2" ]
}
say john 診断
say john 2
await asks @john 1
await owes_nothing
size=$(wc -c <"$work/k.db-wal")
prlimit --pid "$bot" --fsize="$size:unlimited"
say john 'フィッシングのリンクを踏んじゃった'
await helped @john 'Thank you for saying so'
asks @john 1 || fail "asked without having stored it"
prlimit --pid "$bot" --fsize=unlimited:unlimited
await asks @john 2
await owes_nothing
helped @john 'Thank you for saying so' || fail "helped twice amid a question"
[ "$(db 'PRAGMA integrity_check')" = ok ] || fail "damaged"
finish
