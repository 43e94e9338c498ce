#!/bin/sh
# What people ask to be passed on, in Slack: the desk's channel gets it once, whatever happens to the
# bot in between, under the person's name and with nothing else live in it.
set -eu
bin=$1
. tests/support/wire-slack.sh
sed 's/# - groups:/- groups:/; /# With a desk_channel/d' bot/slack/manifest.yaml >"$top/manifest.yaml"
as_usual="--manifest $top/manifest.yaml" # as people do who have a desk

begin() {
    serve
    control make_channel '"name":"desk","private":true,"members":["kizuki","taro"]'
    desk=$(controlled id)
    section="desk_channel = \"$desk\""
    start
}

write() { # NAME TEXT: up to what is shown back
    say "$1" 人に聞きたい
    say "$1" 1
    say "$1" "$2"
    await hears "@$1" '1. 送る'
    quiet
}

hears() { # CHANNEL PATTERN
    texts "$1" | grep -q "$2"
}

notes() { # NUMBER: so many messages for the desk
    [ "$(texts "$desk" | grep -c '伝言です')" = "$1" ]
}

fault() { # KIND [MEMBERS]
    control http_fault "$(members kind "$1" path /api/chat.postMessage)${2:+,$2}"
}

once() {
    quiet
    notes 1 || fail "the desk has: $(texts "$desk")"
    [ "$(sent_in "$desk")" = 1 ] || fail "more than that in the channel"
    ! texts @hanako | grep -q さんからの伝言 || fail "she has what is for the desk"
}

passed_on() {
    begin
    write hanako '<!channel> <!here> @everyone <@U0TARO001> *a* _b_ http://evil.example'
    say hanako 1
    await hears @hanako 伝言を預かりました
    once
    who=$(found hanako id)
    texts "$desk" | grep -q "^<@$who> さんからの伝言です" || fail "whose is it? $(texts "$desk")"
    texts "$desk" | sed "s/^<@$who>//" >"$work/rest"
    ! grep -q '[<>@]\|\*a\|_b\|http:\|evil\.' "$work/rest" || fail "something is live: $(cat "$work/rest")"
}

# By the buttons, twice in a row.
clicked() {
    begin
    say hanako 人に聞きたい
    quiet
    click hanako 伝言を残す
    quiet
    say hanako 'VPNの申請が止まっています'
    quiet
    click hanako 送る
    quiet
    once
}

# Killed with both messages posted and not yet known to be, and with none of them posted.
killed() {
    begin
    write hanako 'VPNの申請が止まっています'
    posts=$(state posts_by_bot)
    fault slow_after '"ms":60000,"times":2'
    say hanako 1
    await counts posts_by_bot $((posts + 2))
    kill -9 "$bot"
    wait "$bot" 2>/dev/null || :
    control restart
    start
    once
    [ "$(texts @hanako | grep -c 伝言を預かりました)" = 1 ] || fail "told more than once"
}

killed_before() {
    begin
    write hanako 'VPNの申請が止まっています'
    fault html '"times":-1'
    say hanako 1
    await logs 'a message waits' 2
    kill -9 "$bot"
    wait "$bot" 2>/dev/null || :
    notes 0 || fail "sent already"
    control clear_faults
    start
    once
}

# Without the bot in the channel, or with the channel archived, it is given up, and the log says
# what to do; others go on.
lost() { # ORDER CODE
    begin
    control "$1" "$(members channel desk)"
    write hanako 'VPNの申請が止まっています'
    say hanako 1
    await logs '"level":"error".*cannot be sent to the desk: invite the bot.*desk_channel'
    quiet
    [ "$(rows outbox "state = 'dead' AND key LIKE '%:desk' AND reason LIKE '%$2'")" = 1 ] ||
        fail "not parked: $(db "SELECT key, state, reason FROM outbox")"
    notes 0
    say hanako K-001
    expect @hanako K-001
}

not_a_member() { lost leave "%"; }
archived() { lost archive_channel is_archived; }

together passed_on clicked killed killed_before not_a_member archived
