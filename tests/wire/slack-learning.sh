#!/bin/sh
# The same on Slack: a self-assessment by words, clicks and reaction, the gap with its picture, the
# plan as a file; a kill in between loses nothing and says nothing twice.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-slack.sh

more() { # NUMBER: the bot has said more than so many things
    [ "$(sent_in @hanako)" -gt "$1" ]
}

turn() { # TEXT: said and answered
    before=$(sent_in @hanako)
    say hanako "$1"
    await more "$before"
    await quiet
}

clicked() { # LABEL: the same by a click
    before=$(sent_in @hanako)
    click hanako "$1"
    await more "$before"
    await quiet
}

last() { # COLUMN: of the bot's newest message that has it
    posts_of kizuki @hanako "$1" | grep . | tail -n 1
}

shows() { # TEXT: the newest message has it
    last "replace($post_text, char(10), '/')" | grep -qF "$1" || fail "no $1 in: $(last "replace($post_text, char(10), '/')")"
}

files() { # names of all files so far
    posts_of kizuki @hanako "json_extract(p.value, '\$.files[0].name')" | grep . | tr '\n' ' '
}

serve
start
turn '結果を変える'
turn 1
clicked '自己診断'
turn 1
for answer in 2 わからない '０' '③'; do
    turn "$answer"
done
shows '5/7'
clicked 'これから: やったことがない。'
kill -KILL "$bot"
wait "$bot" 2>/dev/null || :
bot=
start
turn '一人でできる'
turn 1
turn 1
[ "$(files)" = 'kizuki.png ' ] || fail "files: $(files)"
[ "$(db "SELECT group_concat(item || coalesce(level, '?'), ' ') FROM
    (SELECT item, level FROM level WHERE item IN ('K-002', 'K-003', 'K-004', 'S-001', 'S-002', 'S-004',
     'T-021') ORDER BY item)")" = 'K-0022 K-003? K-0040 S-0013 S-0020 S-0043 T-0211' ] ||
    fail "levels: $(db 'SELECT item, level FROM level ORDER BY item')"
clicked '学習計画'
turn 2
turn '計画のカレンダー'
[ "$(files)" = 'kizuki.png kizuki-plan.ics ' ] || fail "files: $(files)"
finish
