#!/bin/sh
# Slack's rate limits: of a method, of a channel, of all. Everybody is answered, nobody twice,
# nothing is asked while the bot was told to wait, and what is not meant goes on.
set -eu
bin=$1
. tests/support/wire-slack.sh

too_much='"kind":"status","status":429,"body":"{\"ok\":false,\"error\":\"ratelimited\"}"'

# The tiers as documented, ten times as generous: a crowd.
crowd() {
    serve
    start
    control limits '"scale":10'
    names=$(echo $(seq -f user%g 1 20))
    for code in K-001 K-002 K-003; do
        for name in $names; do
            say $name $code
        done
    done
    for name in $names; do
        expect @$name 'K-001 K-002 K-003'
    done
    [ "$(state impatient)" = 0 ] || fail "asked $(state impatient) times before the time was over"
}

# One message a second in a channel: one person is quicker, and does not hold up the others.
one_channel() {
    serve
    start
    control limits
    codes=$(echo $(run_of K 1 9))
    for code in $codes; do
        say hanako $code
    done
    since=$(date +%s)
    say taro K-020
    await answered @taro K-020
    ! over $((since + 6)) || fail "held up by another channel"
    expect @hanako "$codes"
    logs "Slack's rate limit was met" || fail "no limit was met"
    pardoned=impatient # the server counts by method alone
}

# What one method was told does not hold up the others.
one_method() {
    serve
    start
    say hanako 診断
    quiet
    control http_fault "$too_much,\"retry_after\":8,\"path\":\"/api/chat.update\""
    say hanako 1
    await logs "rate limit was met.*chat.update"
    since=$(date +%s)
    say hanako K-001
    await answered @hanako K-001
    control open_home '"user":"hanako"'
    await counts home.hanako 1
    ! over $((since + 7)) || fail "held up by another method"
    ! owes_nothing || fail "the card was changed at once"
    quiet
    over $((since + 7)) || fail "it did not wait"
}

# A second channel that hears the same while the first one waits means all of them.
everywhere() {
    serve
    start
    for name in hanako taro john; do
        say $name K-001
        expect @$name K-001
    done
    control http_fault "$too_much,\"retry_after\":6,\"path\":\"/api/chat.postMessage\",\"times\":2"
    say hanako K-002
    say taro K-002
    await logs "Slack's rate limit was met" 2
    control reset_counters
    since=$(date +%s)
    say john K-002
    await over $((since + 5))
    [ "$(requests chat.postMessage)" = 0 ] || fail "asked before the time was over"
    for name in hanako taro john; do
        expect @$name 'K-001 K-002'
    done
    over $((since + 5)) || fail "it did not wait"
}

# Without a time, and with one of an hour: a while in any case, and it ends with the bot.
odd_times() {
    serve
    start
    control http_fault "$too_much,\"path\":\"/api/chat.postMessage\""
    since=$(date +%s%N)
    say hanako K-001
    expect @hanako K-001
    [ $((($(date +%s%N) - since) / 1000000)) -ge 1000 ] || fail "tried again at once"
    control http_fault "$too_much,\"retry_after\":3600,\"path\":\"/api/chat.postMessage\""
    say hanako K-002
    await logs "Slack's rate limit was met" 2
    stop
    start
    expect @hanako 'K-001 K-002'
}

# One history a minute and few messages in a page, as some apps get it: the rest is not held up.
history() {
    serve
    start
    for name in hanako taro; do
        say $name S-001
        expect @$name S-001
    done
    stop
    for code in K-001 K-002 K-003 K-004; do
        say hanako $code
        say taro $code
    done
    control set '"history_max":3'
    control http_fault "$too_much,\"retry_after\":7,\"path\":\"/api/conversations.history\",\"after\":1"
    launch
    await logs '"connected"' 2
    say john K-005
    since=$(date +%s)
    expect @john K-005
    ! over $((since + 5)) || fail "held up by histories"
    expect @hanako 'S-001 K-001 K-002 K-003 K-004'
    expect @taro 'S-001 K-001 K-002 K-003 K-004'
}

together crowd one_channel one_method everywhere odd_times history
