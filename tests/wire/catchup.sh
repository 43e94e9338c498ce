#!/bin/sh
# What was said and clicked while the bot was away: found, answered once and in order, with a word
# where it comes late.
set -eu
bin=$1
. tests/support/wire-mm.sh

has_place() { # CHANNEL
    [ "$(rows channel_cursor "channel = '$(channel_id "$1")' AND message <> ''")" = 1 ]
}

# Reading the channel goes on behind a known post the next time.
moved() { # CHANNEL
    control advance_clock '"ms":120000'
    control drop_sockets
    await has_place "$1"
}

everywhere() {
    serve
    start
    say hanako 話題 office
    root=$said
    group=$(known group api hanako POST /channels/group "[\"$(id_of taro)\",\"$(id_of kizuki)\"]")
    say hanako K-001
    direct=$said
    expect @hanako K-001
    stop
    tell hanako K-002
    tell hanako '@kizuki K-010' office
    tell hanako K-003 @hanako "$direct"
    tell taro '@kizuki K-011' office "$root"
    tell taro K-012 office "$root"
    tell hanako '@kizuki K-013' "$group"
    tell taro K-014 "$group"
    tell hanako K-004
    tell john '@kizuki K-015' general
    tell user1 K-020
    start
    expect @hanako 'K-001 K-002 K-003 K-004'
    expect office 'K-010 K-011'
    expect "$group" K-013
    expect general K-015
    expect @user1 K-020
    [ "$(logged 'event handled')" = 9 ] || fail "$(logged 'event handled') events handled"
    # Read again, with what is known of places and without.
    stop
    start
    stop
    db 'DELETE FROM channel_cursor'
    tell hanako K-005
    start
    expect @hanako 'K-001 K-002 K-003 K-004 K-005'
    expect office 'K-010 K-011'
    expect "$group" K-013
    expect general K-015
    expect @user1 K-020
    [ "$(logged 'event handled')" = 10 ] || fail "something was handled twice"
}

late() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    codes=K-001
    apologies=
    for case in 120: 3600:60分前 10800:3時間前 259200:3日前; do
        stop
        tell hanako K-002
        control advance_clock "\"ms\":${case%:*}000"
        tell hanako K-003
        start
        codes="$codes K-002 K-003"
        expect @hanako "$codes"
        apologies="$apologies ${case#*:}"
        found=$(texts @hanako | sed -n 's/^お返事が遅くなりました(\(.*\)のメッセージへの返事です)。$/\1/p')
        [ "$(echo $found)" = "$(echo $apologies)" ] || fail "$(echo $found), expected: $apologies"
    done
}

# More than a page, in a new channel and behind a known place.
many() {
    serve
    start
    say hanako S-001
    expect @hanako S-001
    stop
    first=$(echo $(run_of K 1 34) $(run_of S 1 31) $(run_of T 1 27))
    second=$(echo $(run_of T 1 27) $(run_of S 1 31) $(run_of K 1 34))
    for code in $first; do
        tell taro "$code"
    done
    start
    expect @taro "$first"
    moved @taro
    stop
    for code in $second; do
        tell taro "$code"
    done
    start
    expect @taro "$first $second"
    expect @hanako S-001
}

# The server has forgotten the post behind which the bot would go on.
forgotten() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    moved @hanako
    stop
    db "UPDATE channel_cursor SET message = 'gone0000000000000000000000'"
    tell hanako K-002
    start
    expect @hanako 'K-001 K-002'
}

# A post nobody can read must not stand before all others: it is reported and passed.
poison() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    stop
    deep=$(printf '%997s' '' | tr ' ' '[')$(printf '%997s' '' | tr ' ' ']')
    say hanako K-002
    office=$(channel_id office)
    api taro POST /posts "{$(members channel_id "$office" message x),\"props\":{\"a\":$deep}}" >"$work/said"
    grep -q '"id"' "$work/said" || fail "could not be said: $(cut -c1-300 "$work/said")"
    say taro K-004
    say hanako '@kizuki K-005' office
    start
    expect @taro K-004
    expect office K-005
    say hanako K-006
    expect @hanako 'K-001 K-002 K-006'
}

# What was said before the bot first came: an hour's worth by direct message, nothing in channels.
first_time() {
    serve --clock-ms $(($(date +%s) * 1000 - 7200000))
    say hanako K-001
    say taro '@kizuki K-002' office
    control advance_clock '"ms":5400000'
    say hanako K-003
    say taro '@kizuki K-004' office
    control advance_clock '"ms":1800000'
    start
    say taro '@kizuki K-005' office
    expect office K-005
    expect @hanako K-003
}

too_old() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    moved @hanako
    stop
    tell hanako K-002
    control advance_clock '"ms":2592000000'
    tell hanako K-003
    start
    expect @hanako 'K-001 K-003'
}

# A channel the bot came to while it was away: what was said there before is not for it.
joined() {
    serve
    control make_channel '"name":"newroom","type":"P","members":["hanako"]'
    room=$(pick "$work/controlled" "SELECT json_extract(j, '\$.id') FROM d")
    start
    stop
    tell hanako '@kizuki K-001' "$room"
    control add '"channel":"newroom"'
    start
    tell hanako '@kizuki K-002' "$room"
    expect "$room" K-002
}

ticked() { # TEXT...: the newest question shows these as chosen, and no others
    text=$(texts @hanako | tail -n 20)
    [ "$(echo "$text" | grep -c '✓')" = $# ] || return 1
    for t; do
        echo "$text" | grep -q "✓ $t" || return 1
    done
}

clicks() {
    serve
    start
    say hanako 診断
    await said_in @hanako 2
    await owes_nothing
    stop
    react hanako "$(last_in @hanako)" two
    start
    await said_in @hanako 3
    await owes_nothing
    question=$(last_in @hanako)
    react hanako "$question" one
    react hanako "$question" three
    await ticked IT機器 社員
    stop
    unreact hanako "$question" one
    react hanako "$question" four
    react hanako "$question" grinning
    start
    await ticked 社員 セキュリティルール
    await owes_nothing
    said_in @hanako 3 || fail "the question was asked again"
    stop
    unreact hanako "$question" four
    react hanako "$question" four
    unreact hanako "$question" three
    react hanako "$question" white_check_mark
    start
    await said_in @hanako 4
    await owes_nothing
    texts @hanako | tail -n 30 | grep -q '3/4' || fail "not the next question"
    [ "$(rows answer)" = 2 ] || fail "answers: $(db 'SELECT question_id, value FROM answer')"
    # Nothing new: nothing happens.
    handled=$(logged 'event handled')
    stop
    start
    say hanako K-001
    expect @hanako K-001
    [ "$(logged 'event handled')" = $((handled + 1)) ] || fail "a click was taken twice"
}

together everywhere late many forgotten poison first_time too_old joined clicks
