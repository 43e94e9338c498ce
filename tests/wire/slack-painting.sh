#!/bin/sh
# A drawing of the outbox arrives on Slack as a picture behind its text, once; where it cannot be
# painted, its words stand in the text.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-slack.sh

drawing='{"title":"いまの段階","value":"いま","before":"前回","goal":"目標","unknown":"未回答",
 "source":"出典","max":4,"bars":[{"label":"リスクマネジメント","value":2,"goal":3},
 {"label":"監視","goal":1}]}'

owe() { # KEY DRAWING: a message for hanako, with the bot away
    db "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel, text,
        choices, question, due_ms, created_ms, drawing, picture_alt)
        SELECT (SELECT max(ord) + 1 FROM outbox), '$1', person_id, platform, workspace, recipient,
        '', 'Bild $1', '', '', 0, strftime('%s', 'now') * 1000, '$2', '図: 段階は2'
        FROM outbox ORDER BY ord LIMIT 1"
}

shown() { # what came since: texts, and the files' sizes as big or small
    posts_of kizuki @hanako "CASE WHEN json_array_length(p.value, '\$.files') > 0 THEN
        CASE WHEN json_extract(p.value, '\$.files[0].size') > 5000 THEN 'big' ELSE 'small' END
        ELSE replace($post_text, char(10), '/') END" | sed -n '/^Bild a/,$p' | tr '\n' '|'
}

serve
start
say hanako K-001
expect @hanako K-001
stop

owe a "$drawing"
owe b ''
start
await owes_nothing
[ "$(shown)" = 'Bild a|big|Bild b|' ] || fail "shown: $(shown)"
stop

owe c '{"title":7}'
start
await owes_nothing
[ "$(shown)" = 'Bild a|big|Bild b|Bild c/図: 段階は2|' ] || fail "shown: $(shown)"
logs 'a picture cannot be painted' || fail "not logged"
finish
