#!/bin/sh
# A drawing of the outbox arrives as an uploaded picture with its words, in the order of what is
# said; and where no font shows it, its words are enough and one line of the log says what to install.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-mm.sh

drawing='{"title":"いまの段階","value":"いま","before":"前回","goal":"目標","unknown":"未回答",
 "source":"出典","max":4,"bars":[{"label":"リスクマネジメント","value":2,"goal":3},
 {"label":"監視","goal":1}]}'

owe() { # KEY TEXT [DRAWING]: a message to hanako with the bot away
    db "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel, text,
        choices, question, due_ms, created_ms, drawing, picture_alt)
        SELECT (SELECT max(ord) + 1 FROM outbox), '$1', id, 'mattermost', 'fake',
        '$(id_of hanako)', '', '$2', '', '', 0, strftime('%s', 'now') * 1000,
        '${3-}', '${3:+図: リスクマネジメントは2}' FROM person LIMIT 1"
}

posts() { # with the number of files of each of the bot's last posts
    posts_of kizuki @hanako "replace(json_extract(p.value, '\$.message'), char(10), '/') || '+' ||
        coalesce(json_array_length(p.value, '\$.file_ids'), 0)" | tail -n "$1" | tr '\n' ' '
}

are() { # POSTS: the last ones
    [ "$(posts "$1")" = "$2 " ] || fail "posts: $(posts "$1")"
}

serve
start
say hanako 'K-011'
await owes_nothing
stop

owe a '図です' "$drawing"
owe b 'その次'
owe b2 'もう言いました。図: リスクマネジメントは2です' "$drawing"
start
await owes_nothing
are 3 '図です/図: リスクマネジメントは2+1 その次+0 もう言いました。図: リスクマネジメントは2です+1'
stop

# Not a drawing at all: the text goes out with its words.
owe c '壊れた図' '{}'
start
await owes_nothing
are 1 '壊れた図/図: リスクマネジメントは2+0'
logs 'a picture cannot be painted' || fail "not logged"
stop

# No font: said once, with the package.
echo '<?xml version="1.0"?><fontconfig></fontconfig>' >"$work/fonts.conf"
export FONTCONFIG_FILE="$work/fonts.conf"
owe d '字のない図' "$drawing"
owe e 'もう一つ' "$drawing"
start
await owes_nothing
are 2 '字のない図/図: リスクマネジメントは2+0 もう一つ/図: リスクマネジメントは2+0'
[ "$(grep -c fonts-ipaexfont-gothic "$work/log")" = 1 ] || fail "said $(grep -c fonts- "$work/log") times"
[ "$(db "SELECT count(*) FROM outbox WHERE state <> 'sent'")" = 0 ] || fail "not sent"
finish
