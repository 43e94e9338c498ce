#!/bin/sh
# A server with a rate limit: everybody is answered, nobody twice, and nothing is asked while the
# bot was told to wait.
set -eu
bin=$1
. tests/support/wire-mm.sh

people='user1 user2 user3 user4 user5 user6'

many_people() {
    serve
    start
    for name in $people; do
        channel_id @$name >/dev/null
    done
    control rate_limit '"per_second":10,"burst":5'
    for code in K-001 K-002 K-003 K-004 K-005; do
        for name in $people; do
            tell $name $code
        done
    done
    await counts posts_by_bot 36
    await owes_nothing
    control rate_limit
    for name in $people; do
        expect @$name 'K-001 K-002 K-003 K-004 K-005'
    done
    [ "$(state posts_by_bot)" = 36 ] || fail "$(state posts_by_bot) posts instead of 36"
    met=$(logged 'rate limit was met')
    [ "$met" -gt 0 ] && [ "$met" -lt 40 ] || fail "the limit was met $met times"
}

# One request a second, from the first one on.
narrow() {
    serve
    channel_id @hanako >/dev/null
    control rate_limit '"per_second":1,"burst":0'
    launch
    await logs '"connected"'
    tell hanako K-001
    await counts posts_by_bot 2
    await owes_nothing
    control rate_limit
    expect @hanako K-001
}

# Whatever is refused, nothing is asked until the time is over.
told_to_wait() { # PATH
    serve
    start
    say hanako K-001
    expect @hanako K-001
    for name in taro user1; do
        channel_id @$name >/dev/null
    done
    await logs '"caught up"' 2
    control http_fault "\"status\":429,\"retry_after\":5,$(
        members kind status method POST path "$1" body 'limit exceeded'
    )"
    since=$(date +%s)
    tell taro K-002
    await logs 'rate limit was met'
    control reset_counters
    tell hanako K-003
    tell user1 K-004
    control drop_sockets
    await over $((since + 4))
    [ "$(asked_for)" = 0 ] || fail "asked before the time was over: $(state bot_requests)"
    expect @taro K-002
    expect @hanako 'K-001 K-003'
    expect @user1 K-004
    over $((since + 5)) || fail "it did not wait"
}

wait_for_posts() { told_to_wait /api/v4/posts; }
wait_for_people() { told_to_wait /api/v4/users/ids; }

together many_people narrow wait_for_posts wait_for_people
