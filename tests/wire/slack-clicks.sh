#!/bin/sh
# Questions as cards: every control, clicked once, twice, too late, after a word, before and after a
# restart. A card shows its answer where it stands; the text beside it goes on working.
set -eu
bin=$1
. tests/support/wire-slack.sh

begin() {
    serve
    start
    say hanako 診断
    quiet
}

choose() { # ACTION VALUE [MEMBERS]: in the newest card that has it
    control click "$(members user hanako action "$1" value "$2")${3:+,$3}"
    quiet
}

answers_are() { # QUESTION=VALUE...
    got=$(echo $(db "SELECT question_id || '=' || value FROM answer ORDER BY question_id"))
    [ "$got" = "$*" ] || fail "answers: $got, expected: $*"
}

question_is() { # PATTERN: the newest message asks that
    last_text @hanako | grep -q "$1" || fail "asked: $(last_text @hanako)"
}

clickable() { # how many cards have controls for choices
    posts_of kizuki @hanako "json_extract(p.value, '\$.blocks')" | grep -c '"block_id":"q:' || :
}

# The whole questionnaire without a typed word, and every message's buttons tried.
all_controls() {
    begin
    [ "$(clickable)" = 1 ] || fail "$(clickable) cards"
    choose pick 2 # radio buttons
    question_is '2/4'
    [ "$(clickable)" = 1 ] || fail "$(clickable) cards"
    choose tick 1 # check boxes
    choose tick 3
    choose tick 1
    answers_are q1=q1-nonit
    click hanako 決定
    quiet
    question_is '3/4'
    click hanako スキップ
    quiet
    question_is '4/4'
    click hanako 戻る
    quiet
    question_is '3/4'
    choose tick 1
    click hanako 決定
    quiet
    question_is '4/4'
    click hanako 中断
    quiet
    say hanako 再開
    quiet
    question_is '4/4'
    choose tick 2
    click hanako 決定
    quiet
    [ "$(rows answer)" = 4 ] || fail "$(rows answer) answers"
    [ "$(db "SELECT value FROM answer WHERE question_id LIKE 'q2%' LIMIT 1" | wc -w)" = 1 ] ||
        fail "a tick that was taken back: $(db 'SELECT * FROM answer')"
    [ "$(clickable)" -le 1 ] || fail "$(clickable) cards"
    [ "$(state posts_by_bot)" = "$(sent_in @hanako)" ] || fail "something is gone"
}

# The card shows what was understood, in its place, and nothing of it can be clicked any more.
settled() {
    begin
    card=$(last_in @hanako)
    choose pick 2
    http "$url/control/messages?channel=@hanako" >"$work/posts"
    shown=$(sqlite3 :memory: "SELECT json_extract(p.value, '\$.text') || json_extract(p.value, '\$.blocks')
        FROM json_each(readfile('$work/posts')) p WHERE json_extract(p.value, '\$.ts') = '$card'")
    case $shown in
    *'✓ 「非IT部門」'*'✓ 「非IT部門」'*) ;;
    *) fail "the card shows: $shown" ;;
    esac
    case $shown in
    *actions*) fail "the card can be clicked: $shown" ;;
    esac
    said_in @hanako 3 || fail "said more"
}

# A nervous finger: twice the same at once is one answer.
twice() {
    begin
    choose pick 2 '"double":true'
    answers_are q1=q1-nonit
    question_is '2/4'
    posts=$(sent_in @hanako)
    choose tick 2 '"double":true' # on and off
    choose tick 2
    control click '"user":"hanako","label":"決定","double":true'
    quiet
    question_is '3/4'
    said_in @hanako $((posts + 1)) || fail "$(($(sent_in @hanako) - posts)) messages for one answer"
    control click '"user":"hanako","label":"スキップ","times":5'
    quiet
    question_is '4/4'
    said_in @hanako $((posts + 2)) || fail "skipped more than once"
}

# Cards that could not be changed go on being clicked for years: they say which question is open.
old_card() {
    begin
    control http_fault '"kind":"status","status":404,"path":"/actions/","times":-1'
    control http_fault '"kind":"status","status":200,"path":"/api/chat.update","times":-1,
        "body":"{\"ok\":false,\"error\":\"edit_window_closed\"}"'
    first=$(last_in @hanako)
    choose pick 2
    second=$(last_in @hanako)
    [ "$(clickable)" = 2 ] || fail "$(clickable) cards"
    control advance_clock '"ms":10000'
    choose pick 1 "\"ts\":\"$first\""
    answers_are q1=q1-nonit
    texts @hanako | grep -q 'それは前の質問への答えのようです' || fail "no word about it"
    question_is '2/4'
    # Both of the open question's cards are as good.
    choose tick 1 "\"ts\":\"$second\""
    control click "\"user\":\"hanako\",\"label\":\"決定\",\"ts\":\"$second\""
    quiet
    question_is '3/4'
    # After all of it, too.
    say hanako やめる
    quiet
    choose pick 1 "\"ts\":\"$first\""
    say hanako K-001
    expect @hanako K-001
    [ "$(rows answer)" = 2 ] || fail "$(rows answer) answers"
}

# Answered by a word while the card's change is still under way: the click comes too late.
word_first() {
    begin
    card=$(last_in @hanako)
    control http_fault '"kind":"slow","ms":3000,"path":"/api/chat.update"'
    say hanako 2
    await has answer 1
    control click "\"user\":\"hanako\",\"action\":\"pick\",\"value\":\"1\",\"ts\":\"$card\""
    quiet
    answers_are q1=q1-nonit
    question_is '2/4'
    # And by reaction, by a number in a thread, by words: the text way works beside the cards.
    react hanako "$(last_in @hanako)" three
    quiet
    say hanako 決定
    quiet
    question_is '3/4'
    [ "$(clickable)" = 1 ] || fail "$(clickable) cards"
}

# Ticks made by reactions and by boxes are the same ticks.
mixed() {
    begin
    choose pick 2
    question=$(last_in @hanako)
    react hanako "$question" one
    quiet
    choose tick 3
    click hanako 決定
    quiet
    [ "$(db "SELECT value FROM answer WHERE question_id LIKE 'q2%'" | wc -w)" = 2 ] || fail "not both ticks"
    question_is '3/4'
}

# Nothing ticked.
nothing() {
    begin
    choose pick 2
    click hanako 決定
    quiet
    answers_are q1=q1-nonit
    question_is '2/4'
    texts @hanako | grep -q 'まだ何も選ばれていません' || fail "no word about it"
}

# A menu is a card as well.
menus() {
    begin
    choose pick 2
    for i in 1 2 3; do
        click hanako スキップ
        quiet
    done
    say hanako 結果を変える
    quiet
    label=$(labels | sed -n 2p)
    [ -n "$label" ] || fail "no choices: $(last_text @hanako)"
    control click "$(members user hanako label "$label"),\"double\":true"
    quiet
    has result 1 || has result 2 || fail "no result"
    last_text @hanako | grep -q "${label#* }" || fail "$label: $(last_text @hanako)"
    ! posts_of kizuki @hanako "json_extract(p.value, '\$.blocks')" | grep -q 'q:menu' ||
        fail "the menu can still be clicked"
}

labels() { # of the choices in the newest message
    posts_of kizuki @hanako "json_extract(p.value, '\$.blocks')" | tail -n 1 >"$work/blocks"
    pick "$work/blocks" "SELECT coalesce(json_extract(o.value, '\$.text.text'), json_extract(e.value, '\$.text.text'))
        FROM d, json_each(d.j) b, json_each(b.value, '\$.elements') e
        LEFT JOIN json_each(e.value, '\$.options') o
        WHERE json_extract(b.value, '\$.block_id') LIKE 'q:%'"
}

# Cards outlive the process.
restart() {
    begin
    stop
    start
    choose pick 2
    answers_are q1=q1-nonit
    [ "$(clickable)" = 1 ] || fail "$(clickable) cards"
    choose tick 1
    choose tick 2
    kill -9 "$bot"
    wait "$bot" 2>/dev/null || :
    start
    click hanako 決定
    quiet
    [ "$(db "SELECT value FROM answer WHERE question_id LIKE 'q2%'" | wc -w)" = 2 ] ||
        fail "answers: $(db 'SELECT * FROM answer')"
}

# A click nobody heard is lost to Slack; the card is there to be clicked again.
unheard() {
    begin
    kill -STOP "$bot" # or it might be back before the click
    control drop_sockets
    control click '"user":"hanako","action":"pick","value":"2"'
    kill -CONT "$bot"
    await logs '"connected"' 2
    [ "$(state lost_interactive)" = 1 ] || fail "not lost"
    choose pick 2
    answers_are q1=q1-nonit
    question_is '2/4'
}

# Somebody else's, and what the bot never made.
nonsense() {
    begin
    payload='{"type":"block_actions","user":{"id":"U0TARO001","team_id":"T0KIZUKI1"},"team":{"id":"T0KIZUKI1"},"container":{"type":"message","message_ts":"1.1","channel_id":"D0TARO001"},"channel":{"id":"D0TARO001"},"actions":[{"action_id":"%s","block_id":"%s","type":"button","action_ts":"1.1","value":"%s"}]}'
    n=0
    for click in 'pick|q:nowhere/q1|1' 'pick|q:|1' 'pick:1|q:x/q1|99999999999' 'tick|q:x/q1|a' 'word:1|w:|' \
        'sheet:1|w:|nothing' 'close|q:x|close' 'launch|rockets|1' 'word:1|w:|<!channel>'; do
        n=$((n + 1))
        control send_envelope "\"type\":\"interactive\",\"payload\":$(printf "$payload" "${click%%|*}" "$(echo "$click" | cut -d'|' -f2)" "${click##*|}")"
        await counts acked $((n + 2))
    done
    quiet
    [ "$(rows answer)" = 0 ] || fail "an answer of nobody's"
    choose pick 2
    answers_are q1=q1-nonit
    http "$url/control/sent" | grep -q '<!channel>' && fail "live" || :
}

together all_controls settled twice old_card word_first mixed nothing menus restart unheard nonsense
