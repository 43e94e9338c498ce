#!/bin/sh
# From the persona to a plan over the wire: a self-assessment by number, word and reaction, the gap
# with its picture, the plan as a file; a kill in between loses nothing and says nothing twice.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-mm.sh

more() { # NUMBER: the bot has said more than so many things
    [ "$(sent_in @hanako)" -gt "$1" ]
}

turn() { # TEXT: said and answered
    before=$(sent_in @hanako)
    say hanako "$1"
    await more "$before"
    await owes_nothing
}

last() { # COLUMN: of the bot's newest post
    posts_of kizuki @hanako "$1" | tail -n 1
}

shows() { # TEXT: the newest post has it
    last "replace($post_text, char(10), '/')" | grep -qF "$1" || fail "no $1 in: $(last "$post_text")"
}

has_file() { # the newest post has one
    [ "$(last "coalesce(json_array_length(p.value, '\$.file_ids'), 0)")" = 1 ] ||
        fail "no file with: $(last "replace($post_text, char(10), '/')")"
}

serve
start
turn '結果を変える'
turn 1
turn '自己診断'
turn 1
for answer in 2 わからない '０' '③'; do
    turn "$answer"
done
question=$(last p.key)
before=$(sent_in @hanako)
api hanako POST /reactions "{$(members user_id "$(id_of hanako)" post_id "$question" emoji_name zero)}" >"$work/out"
await more "$before"
await owes_nothing
shows '6/7'
kill -KILL "$bot"
wait "$bot" 2>/dev/null || :
bot=
start
turn '一人でできる'
turn 1
shows 'Q5'
turn 1
shows '図「'
has_file
[ "$(db "SELECT group_concat(item || coalesce(level, '?'), ' ') FROM
    (SELECT item, level FROM level WHERE item IN ('K-002', 'K-003', 'K-004', 'S-001', 'S-002', 'S-004',
     'T-021') ORDER BY item)")" = 'K-0022 K-003? K-0040 S-0013 S-0020 S-0043 T-0211' ] ||
    fail "levels: $(db 'SELECT item, level FROM level ORDER BY item')"
turn '学習計画'
turn 2
shows '最初の一歩'
turn '計画のカレンダー'
has_file
[ "$(db "SELECT substr(CAST(picture AS TEXT), 1, 15) FROM outbox WHERE file_name = 'kizuki-plan.ics'")" = \
    'BEGIN:VCALENDAR' ] || fail "no calendar"
turn '1 終わった'
turn 1
turn '学びの進み具合'
has_file
[ "$(db "SELECT count(*) FROM plan_step WHERE state = 'done'")" = 1 ] || fail "no step is done"
finish
