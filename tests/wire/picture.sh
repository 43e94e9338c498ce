#!/bin/sh
# A picture of the outbox goes with its text and with words that say what it shows; where the server
# takes no picture, the words are enough.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-mm.sh

owe() { # KEY TEXT: a message with a picture, in hanako's direct conversation
    db "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel, text,
        choices, question, due_ms, created_ms, picture, picture_alt)
        SELECT (SELECT max(ord) + 1 FROM outbox), '$1', id, 'mattermost', 'fake',
        '$(id_of hanako)', '', '$2', '', '', 0, strftime('%s', 'now') * 1000,
        x'89504e470d0a1a0a0000', '図: 3つの役割' FROM person"
}

files_of() { # the number of files of each of the bot's posts
    posts_of kizuki @hanako "coalesce(json_array_length(p.value, '\$.file_ids'), 0)" | tr '\n' ' '
}

serve
start
say hanako 'K-011'
await owes_nothing
before=$(files_of)
stop

owe a 'いまの様子'
start
await owes_nothing
[ "$(files_of)" = "${before}1 " ] || fail "files: $(files_of)"
texts @hanako | tail -n 1 | grep -qx '図: 3つの役割' || fail "no words for the picture"
stop

# Lost answers: the file goes up again, the post is there once.
owe b 'もう一度'
control http_fault '"kind":"drop_after","path":"/files"'
control http_fault '"kind":"drop_after","path":"/posts","method":"POST"'
start
await owes_nothing
[ "$(files_of)" = "${before}1 1 " ] || fail "files: $(files_of)"
stop

owe c '大きすぎる'
control http_fault '"kind":"status","status":413,"path":"/files"'
start
await owes_nothing
[ "$(files_of)" = "${before}1 1 0 " ] || fail "files: $(files_of)"
logs 'a picture cannot be sent' || fail "not logged"
[ "$(db "SELECT count(*) FROM outbox WHERE state <> 'sent'")" = 0 ] || fail "not sent"
finish
