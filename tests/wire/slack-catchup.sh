#!/bin/sh
# What was said and clicked in Slack while the bot was away: found, answered once and in order, with
# a word where it comes late. Slack itself remembers nothing of it here.
set -eu
bin=$1
. tests/support/wire-slack.sh

begin() { # [SERVER OPTION...]
    serve "$@"
    control set '"lose_offline":true'
    start
}

fault() { # METHOD KIND [MEMBERS]
    control http_fault "$(members kind "$2" path "/api/$1")${3:+,$3}"
}

away() { # drops the connection for as long as it takes
    control refuse_upgrade '"status":503,"times":-1'
    control drop_sockets
}

back() {
    caught_up=$(logged '"caught up"')
    control refuse_upgrade '"status":503,"times":0'
    await logs '"caught up"' $((caught_up + 1))
}

everywhere() {
    begin
    say hanako K-001
    direct=$said
    expect @hanako K-001
    stop
    say hanako K-002
    say hanako K-003 @hanako "$direct"
    say hanako K-004
    say hanako K-005 @hanako "$direct"
    say user1 K-020 # for the first time
    start
    expect @user1 K-020
    expect @hanako 'K-001 K-002 K-003 K-004 K-005'
    [ "$(posts_of kizuki @hanako "json_extract(p.value, '\$.thread_ts')" | grep -c .)" = 2 ] ||
        fail "not in their thread"
    # Read again, with what is known of places and without.
    stop
    start
    stop
    db "DELETE FROM channel_cursor WHERE channel = '*'"
    say hanako K-006
    start
    expect @hanako 'K-001 K-002 K-003 K-004 K-005 K-006'
    [ "$(logged 'event handled')" = 7 ] || fail "something was handled twice"
}

# A thread that began before what is read back, and went on.
old_thread() {
    serve --clock-ms $((($(date +%s) - 172800) * 1000))
    start
    say hanako K-001
    direct=$said
    expect @hanako K-001
    stop
    control advance_clock '"ms":172800000'
    start
    say hanako K-002
    expect @hanako 'K-001 K-002'
    stop
    control set '"lose_offline":true'
    say hanako K-003 @hanako "$direct"
    start
    say hanako K-004
    expect @hanako 'K-001 K-002 K-003 K-004'
}

# Without a restart, while the socket is away.
disconnected() {
    begin
    say hanako K-001
    expect @hanako K-001
    for n in 2 4 6; do
        away
        say hanako K-00$n
        say hanako K-00$((n + 1))
        back
    done
    expect @hanako 'K-001 K-002 K-003 K-004 K-005 K-006 K-007'
}

late() {
    for case in 2: 3600:60分前 10800:3時間前 259200:3日前; do
        ago=${case%:*}
        begin --clock-ms $((($(date +%s) - ago) * 1000))
        stop
        say hanako K-002
        control advance_clock "\"ms\":${ago}000"
        say hanako K-003
        start
        expect @hanako 'K-002 K-003'
        found=$(texts @hanako | sed -n 's/^お返事が遅くなりました(\(.*\)のメッセージへの返事です)。$/\1/p')
        [ "$(echo $found)" = "${case#*:}" ] || fail "$ago: $(echo $found), expected: ${case#*:}"
        finish
        kill "${servers##* }"
        rm "$work"/k.db* "$work/config"
    done
    serve
}

# More than a page, of many people.
many() {
    begin
    say taro S-001
    expect @taro S-001
    stop
    all=$(echo $(run_of K 1 34) $(run_of S 1 31) $(run_of T 1 27))
    for code in $all; do
        say taro "$code"
    done
    for n in 1 2 3 4 5 6 7 8; do
        say user$n K-001
    done
    control set '"history_max":10'
    start
    expect @taro "S-001 $all"
    for n in 1 2 3 4 5 6 7 8; do
        expect @user$n K-001
    done
}

# Each question gets a senseless answer once, of each kind, and is asked again.
errors() { # METHOD
    begin
    say hanako K-001
    thread=$said
    expect @hanako K-001
    answers='K-001'
    for kind in html empty cut endless drop_before drop_after 'status "status":500' \
        'status "status":429,"retry_after":1' \
        'status "status":200,"body":"{\"ok\":false,\"error\":\"internal_error\"}"' \
        'status "status":200,"body":"{\"ok\":true}"' \
        'status "status":200,"body":"{\"ok\":true,\"messages\":{},\"channels\":7}"'; do
        members=${kind#"${kind%% *}"}
        stop
        say hanako K-002
        say hanako K-003 @hanako "$thread"
        fault "$1" "${kind%% *}" "${members# }"
        start
        answers="$answers K-002 K-003"
        expect @hanako "$answers"
    done
    logs 'missed messages cannot be read yet' 5 || fail "not told"
}

history_errors() { errors conversations.history; }
thread_errors() { errors conversations.replies; }
people_errors() { errors users.conversations; }

# The connection is lost again and again while what was missed is read.
interrupted() {
    begin
    for n in 1 2 3 4 5; do
        say user$n S-001
        expect @user$n S-001
    done
    away
    for n in 1 2 3 4 5; do
        say user$n K-001
        say user$n K-002
    done
    fault conversations.history slow '"ms":1500,"times":4'
    control refuse_upgrade '"status":503,"times":0'
    for i in 2 3; do
        await logs '"connected"' $i
        control drop_sockets
        say user$i K-003
    done
    await logs '"connected"' 4
    for n in 1 4 5; do
        expect @user$n 'S-001 K-001 K-002'
    done
    for n in 2 3; do # said live: it waits for what was missed, but not for ever
        await all_four @user$n
        await owes_nothing
        all_four @user$n || fail "more answers than four in @user$n: $(codes @user$n)"
    done
}

all_four() { # CHANNEL
    case $(codes "$1") in
    'S-001 K-001 K-002 K-003' | 'S-001 K-001 K-003 K-002' | 'S-001 K-003 K-001 K-002') ;;
    *) return 1 ;;
    esac
}

# Whoever writes while what was missed is still read gets the answers in the order of the questions.
live_behind() {
    begin
    for name in hanako user1 user2 user3 user4 user5 user6 user7; do # the newest is read first
        say $name S-001
        expect @$name S-001
    done
    stop
    say hanako K-001
    say hanako K-002
    fault conversations.history slow '"ms":250,"times":-1'
    launch
    await logs '"connected"' 2
    say hanako K-003
    expect @hanako 'S-001 K-001 K-002 K-003'
}

# A question was open: what was clicked by reactions meanwhile, made and taken back.
reactions() {
    begin
    say hanako 診断
    quiet
    stop
    react hanako "$(last_in @hanako)" two
    start
    await has answer 1
    quiet
    question=$(last_in @hanako)
    react hanako "$question" one
    react hanako "$question" three
    quiet
    stop
    unreact hanako "$question" one
    react hanako "$question" four
    react hanako "$question" grinning
    start
    quiet
    texts @hanako | tail -n 7 | grep '✓' >"$work/ticked"
    [ "$(cut -c1-2 "$work/ticked" | tr '\n' ' ')" = '3. 4. ' ] || fail "shown: $(cat "$work/ticked")"
    posts=$(sent_in @hanako)
    stop
    unreact hanako "$question" four
    unreact hanako "$question" three
    react hanako "$question" four
    react hanako "$question" white_check_mark
    start
    await has answer 2
    quiet
    said_in @hanako $((posts + 1)) || fail "not the next question"
    handled=$(logged 'event handled')
    stop
    start
    say hanako K-001
    expect @hanako K-001
    [ "$(logged 'event handled')" = $((handled + 1)) ] || fail "a click was taken twice"
}

# A word that could be an answer: it is, though nobody was there when it was said.
answered_question() {
    begin
    say hanako 診断
    quiet
    stop
    say hanako 2
    start
    await has answer 1
    quiet
    say hanako 戻る
    quiet
    # By a machine or changed afterwards: no answer.
    stop
    say hanako 話題
    control edit "$(members user hanako ts "$said" text 2)"
    say hanako 1
    control delete "$(members user hanako ts "$said")"
    start
    say hanako K-001
    expect @hanako K-001
    [ "$(rows answer)" = 1 ] || fail "$(rows answer) answers"
}

# Our clock is wrong, in either direction, and is set right while the bot is away.
clocks() {
    for minutes in -7 7; do
        begin --clock-ms $((($(date +%s) + minutes * 60) * 1000))
        say hanako K-001
        expect @hanako K-001
        stop
        say hanako K-002
        start
        expect @hanako 'K-001 K-002'
        # An answer that was lost is looked for at the right time.
        fault chat.postMessage slow_after '"ms":60000'
        posts=$(state posts_by_bot)
        say hanako K-003
        await counts posts_by_bot $((posts + 1))
        kill -9 "$bot"
        wait "$bot" 2>/dev/null || :
        control restart
        say hanako K-004
        start
        expect @hanako 'K-001 K-002 K-003 K-004'
        [ "$(texts @hanako | grep -c お返事が遅く)" = 0 ] || fail "an apology for nothing"
        finish
        kill "${servers##* }"
        rm "$work"/k.db* "$work/config"
    done
    serve
}

too_old() {
    serve --clock-ms $((($(date +%s) - 2678400) * 1000))
    start
    say hanako K-001
    expect @hanako K-001
    stop
    say hanako K-002
    control advance_clock '"ms":2678400000'
    say hanako K-003
    start
    say hanako K-004
    expect @hanako 'K-001 K-003 K-004'
}

# Nothing is read of strangers, machines and those who are gone.
nobody() {
    begin
    say taro K-001
    expect @taro K-001
    stop
    say stranger K-002
    say otherbot K-002
    say gone K-002 2>/dev/null || :
    start
    say taro K-003
    expect @taro 'K-001 K-003'
    for name in stranger otherbot gone; do
        said_in @$name 0 || fail "$name was answered"
    done
    [ "$(rows person)" = 1 ] || fail "somebody is stored who is none of ours"
}

together everywhere old_thread disconnected late many history_errors \
    thread_errors people_errors interrupted live_behind reactions \
    answered_question clocks too_old nobody
