#!/bin/sh
# What takes its time to be noticed: connections that stay open and deliver nothing, tokens that
# end, a muted conversation. All at once, since each is mostly waiting.
set -eu
bin=$1
. tests/support/wire-mm.sh
pause=0.5
patience=240

# The hub of the server has died: it answers no ping any more.
zombie() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control deaf_zombie
    say hanako K-002
    say taro K-003
    await logs 'not connected.*no reply to a ping'
    expect @hanako 'K-001 K-002'
    expect @taro K-003
    say hanako K-004
    expect @hanako 'K-001 K-002 K-004'
}

# Disabled and enabled at once: the socket stays, but it belongs to nobody.
nobody() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control disable_bot
    control enable_bot
    say hanako K-002
    await logs 'not connected.*the server refuses a ping'
    expect @hanako 'K-001 K-002'
    [ "$(logged resumed)" = 0 ] || fail "resumed with a socket that belongs to nobody"
}

# What is owed is kept while the account is disabled, and said when it is not any more.
disabled() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control http_fault '"kind":"html","method":"POST","path":"/api/v4/posts","times":-1'
    tell hanako K-002
    await logs 'a message waits'
    control disable_bot
    control clear_faults
    await logs '"level":"error".*the server refuses the token'
    control reset_counters
    since=$(date +%s)
    say hanako K-003
    say taro K-004
    await over $((since + 40))
    [ "$(asked_for)" = 0 ] || fail "$(asked_for) requests with a token that is refused"
    [ "$(rows outbox "state = 'pending'")" = 1 ] || fail "what is owed is not kept"
    control enable_bot
    await logs 'the server takes the token again'
    expect @hanako 'K-001 K-002 K-003'
    expect @taro K-004
    [ "$(logged 'the server refuses the token')" = 1 ] || fail "the alarm came more than once"
}

# Revoked: events still come for a while, among them some that ask for a look around.
revoked() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control revoke_token
    control reset_counters
    tell hanako K-002
    await logs '"level":"error".*the server refuses the token'
    tell user1 K-003
    tell user2 K-004
    since=$(date +%s)
    await over $((since + 40))
    [ "$(asked_for)" -le 4 ] || fail "$(asked_for) requests with a token that is refused"
    ! owes_nothing || fail "nothing is kept"
    control restore_token
    await logs 'the server takes the token again'
    expect @hanako 'K-001 K-002'
    expect @user1 K-003
    expect @user2 K-004
    [ "$(logged 'the server refuses the token')" = 1 ] || fail "the alarm came more than once"
}

# Revoked while nobody says anything: noticed by a ping.
revoked_quietly() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    await logs '"caught up"' 2 # the last thing that is to be done by itself for long
    control revoke_token
    await logs '"level":"error".*the server refuses the token'
    logs 'not connected.*the server refuses a ping' || fail "not noticed by a ping"
    control restore_token
    say hanako K-002
    expect @hanako 'K-001 K-002'
}

# The way to the server is cut without a word: its process stands still and its sockets stay.
half_open() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    kill -STOP "${servers##* }"
    await logs 'not connected'
    kill -CONT "${servers##* }"
    say hanako K-002
    expect @hanako 'K-001 K-002'
    say taro K-003
    expect @taro K-003
}

# Nothing happens: no new connections, hardly a request, no work.
idle() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    await owes_nothing
    control reset_counters
    ticks=$(awk '{ print $14 + $15 }' "/proc/$bot/stat")
    since=$(date +%s)
    await over $((since + 95))
    spent=$(($(awk '{ print $14 + $15 }' "/proc/$bot/stat") - ticks))
    [ "$spent" -lt 50 ] || fail "$spent ticks spent in doing nothing"
    [ "$(asked_for)" -le 8 ] || fail "asked while nothing happened: $(state bot_requests)"
    [ "$(state connections_ever)" = 1 ] || fail "$(state connections_ever) connections"
    say hanako K-002
    expect @hanako 'K-001 K-002'
}

# A muted conversation is heard again after a minute.
muted() {
    serve
    configure
    sed -i 's/max_answers_a_minute = 1000/max_answers_a_minute = 5/' "$work/config"
    start
    for code in K-001 K-002 K-003 K-004 K-005 K-006 K-007; do
        say hanako $code
    done
    expect @hanako 'K-001 K-002 K-003 K-004 K-005 K-006'
    since=$(date +%s)
    await over $((since + 62))
    say hanako K-008
    expect @hanako 'K-001 K-002 K-003 K-004 K-005 K-006 K-008'
}

together zombie nobody disabled revoked revoked_quietly half_open idle muted
