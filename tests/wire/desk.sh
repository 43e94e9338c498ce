#!/bin/sh
# What people ask to be passed on, in Mattermost: the desk's channel gets it once, whatever happens
# to the bot in between, under the person's name and with nothing live in it.
set -eu
bin=$1
. tests/support/wire-mm.sh

begin() {
    serve
    control make_channel '"name":"desk","members":["kizuki","taro"]'
    desk=$(controlled id)
    section="desk_channel = \"$desk\""
    start
}

write() { # NAME TEXT: up to what is shown back
    say "$1" 人に聞きたい
    say "$1" 1
    say "$1" "$2"
    await hears "@$1" '1. 送る\|1️⃣ 送る'
    await owes_nothing
}

hears() { # CHANNEL PATTERN
    texts "$1" | grep -q "$2"
}

notes() { # NUMBER: so many messages for the desk
    [ "$(texts "$desk" | grep -c '伝言です')" = "$1" ]
}

fault() { # KIND [MEMBERS]
    control http_fault "$(members kind "$1" method POST path /api/v4/posts)${2:+,$2}"
}

once() {
    await owes_nothing
    notes 1 || fail "the desk has: $(texts "$desk")"
    [ "$(sent_in "$desk")" = 1 ] || fail "more than that in the channel"
    ! texts @hanako | grep -q さんからの伝言 || fail "she has what is for the desk"
}

passed_on() {
    begin
    write hanako '@all @here @channel ＠all @taro *a* [x](http://evil.example)'
    say hanako 1
    await hears @hanako 伝言を預かりました
    once
    texts "$desk" | grep -q '^@hanako さんからの伝言です' || fail "whose is it? $(texts "$desk")"
    ! texts "$desk" | grep -q '@\(all\|here\|channel\|taro\)\|＠all\|\*a\|\](\|http:\|evil\.' ||
        fail "something is live: $(texts "$desk")"
    say hanako 1 # nothing waits any more
    await hears @hanako 伝言を預かりました
    await owes_nothing
    once
}

# Killed with both messages posted and not yet known to be, and with none of them posted.
killed() {
    begin
    write hanako 'VPNの申請が止まっています'
    posts=$(state posts_by_bot)
    fault slow_after '"ms":60000,"times":2'
    tell hanako 1
    await counts posts_by_bot $((posts + 2))
    kill -9 "$bot"
    wait "$bot" 2>/dev/null || :
    control clear_faults
    start
    once
    [ "$(texts @hanako | grep -c 伝言を預かりました)" = 1 ] || fail "told more than once"
}

killed_before() {
    begin
    write hanako 'VPNの申請が止まっています'
    fault html '"times":-1'
    tell hanako 1
    await logs 'a message waits' 2
    kill -9 "$bot"
    wait "$bot" 2>/dev/null || :
    notes 0 || fail "sent already"
    control clear_faults
    start
    once
}

# Without the bot in the channel it is given up, and the log says what to do; others go on.
not_a_member() {
    begin
    control kick "$(members channel desk)"
    write hanako 'VPNの申請が止まっています'
    say hanako 1
    await logs '"level":"error".*cannot be sent to the desk: invite the bot.*desk_channel'
    await owes_nothing
    [ "$(rows outbox "state = 'dead' AND key LIKE '%:desk' AND reason LIKE 'HTTP 403%'")" = 1 ] ||
        fail "not parked: $(db "SELECT key, state, reason FROM outbox")"
    notes 0
    tell hanako K-001
    expect @hanako K-001
}

# The desk is taken out of the configuration, and put in again, while a message waits.
reloaded() {
    begin
    write hanako 'VPNの申請が止まっています'
    kept=$section
    for section in '' "$kept"; do
        configure
        before=$(logged reloaded)
        kill -HUP "$bot"
        await logs reloaded $((before + 1))
        [ -n "$section" ] || say hanako 1
        [ -n "$section" ] || await hears @hanako 伝言の届け先が、いまは登録されていません
    done
    await owes_nothing
    notes 0
    write hanako 'もう一度'
    say hanako 送る
    await hears @hanako 伝言を預かりました
    once
}

# No desk: nobody is promised anything.
none() {
    serve
    start
    say hanako 人に聞きたい
    await hears @hanako 伝言を渡すことは、ここではできません
}

together passed_on killed killed_before not_a_member reloaded none
