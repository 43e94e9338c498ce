#!/bin/sh
# SIGTERM in the middle of it ends with status 0, soon, and loses and repeats nothing; SIGHUP takes
# a new token and keeps the old one where the new configuration is faulty.
set -eu
bin=$1
. tests/support/wire-mm.sh

# Stopped while messages come and answers are under way; the server remembers no attempts.
traffic() {
    serve
    control http_fault "$(members kind slow_after method POST path /api/v4/posts),\"ms\":150,\"times\":-1"
    codes=
    for round in 1 2 3 4 5 6 7 8; do
        start
        for i in 1 2 3 4; do
            code=K-$(printf %03d $((round * 4 + i - 4)))
            codes="$codes $code"
            for name in hanako taro user1; do
                tell $name "$code"
            done
            [ "$i" != $((round % 4 + 1)) ] || stop
        done
        control restart
    done
    start
    for name in hanako taro user1; do
        expect @$name "${codes# }"
    done
}

# Ended between the attempt and its answer, and nothing was heard of the post on the other line
# either: when the bot is back, only the history of the channel tells.
unheard() {
    serve
    start
    codes=
    for code in K-001 K-002; do
        codes="$codes $code $code"
        before=$(logged 'a message waits')
        posts=$(state posts_by_bot)
        control http_fault '"kind":"html","method":"POST","path":"/api/v4/posts"'
        control http_fault '"kind":"slow_after","ms":60000,"method":"POST","path":"/api/v4/posts"'
        tell hanako "$code"
        await logs 'a message waits' $((before + 1))
        control hold_events
        await counts posts_by_bot $((posts + 1))
        tell hanako "$code"
        if [ $code = K-001 ]; then
            stop
        else
            kill -9 "$bot"
            wait "$bot" 2>/dev/null || :
        fi
        control restart
        control release_events
        start
        expect @hanako "${codes# }"
    done
}

soon() { # stops within a few seconds
    since=$(date +%s)
    stop
    ! over $((since + 4)) || fail "it took its time to stop"
}

# While nothing answers.
waiting() {
    serve
    start
    channel_id @hanako >/dev/null
    control http_fault '"kind":"slow","ms":300000,"times":-1,"method":"POST","path":"/api/v4/posts"'
    tell hanako K-001
    await logs 'event handled'
    soon
    control http_fault '"kind":"slow","ms":300000,"times":-1,"path":"/api/v4/users/me"'
    launch
    await logs started 2
    soon
    control clear_faults
    control restart
    kill -STOP "${servers##* }"
    launch
    await logs started 3
    soon
    kill -CONT "${servers##* }"
    start
    expect @hanako K-001
    kill -9 "${servers##* }"
    await logs 'not connected'
    soon
    serve
}

reload() { # PATTERN NUMBER
    kill -HUP "$bot"
    await logs "$1" "$2"
}

token() {
    serve
    configure
    printf bot-token-1111111111111111 >"$work/token"
    launch
    await logs 'the server refuses the token'
    tell hanako K-001
    printf %s "$token" >"$work/token"
    since=$(date +%s)
    reload 'configuration reloaded' 1
    expect @hanako K-001
    ! over $((since + 30)) || fail "the new token was not tried at once"
    # The same again: nothing happens to the connection.
    reload 'configuration reloaded' 2
    say hanako K-002
    expect @hanako 'K-001 K-002'
    # A faulty configuration changes nothing.
    chmod 644 "$work/token"
    reload 'configuration not reloaded' 1
    chmod 600 "$work/token"
    rm "$work/token"
    reload 'configuration not reloaded' 2
    echo 'nonsense' >>"$work/config"
    reload 'configuration not reloaded' 3
    say hanako K-003
    expect @hanako 'K-001 K-002 K-003'
    # Another server needs a restart.
    configure
    sed -i 's/localhost\|127.0.0.1/127.0.0.2/' "$work/config"
    reload 'that needs a restart' 1
    say hanako K-004
    expect @hanako 'K-001 K-002 K-003 K-004'
    [ "$(logged '"connected"')" = 1 ] || fail "$(logged '"connected"') connections"
    # The token ends: the next request finds out, and everything is kept for the one after it.
    configure
    printf bot-token-2222222222222222 >"$work/token"
    reload 'configuration reloaded' 4
    tell hanako K-005
    await logs 'the server refuses the token' 2
    printf %s "$token" >"$work/token"
    reload 'configuration reloaded' 5
    expect @hanako 'K-001 K-002 K-003 K-004 K-005'
}

together traffic unheard waiting token
