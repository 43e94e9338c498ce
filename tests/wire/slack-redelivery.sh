#!/bin/sh
# Envelopes are acknowledged once what they bring is stored, and soon; what comes again, under
# whatever name, is answered once.
set -eu
bin=$1
. tests/support/wire-slack.sh

begin() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
}

kept() { # NUMBER: so many rows in the inbox
    [ "$(rows inbox)" = "$1" ] || fail "$(rows inbox) rows in the inbox"
}

# ---- the same again ----

copies() {
    begin
    control copies '"n":11,"times":2'
    say hanako K-002
    say taro K-003
    await counts acked 24 # each with the bot's own answers, greeting included
    expect @hanako 'K-001 K-002'
    expect @taro K-003
    kept 3
}

repeated() {
    begin
    control repeat_event '"times":50'
    say hanako K-002
    expect @hanako 'K-001 K-002'
    control hold_events
    say hanako K-003
    control repeat_event '"times":5'
    control release_events '"order":"reverse"'
    expect @hanako 'K-001 K-002 K-003'
    stop
    control repeat_event '"times":5'
    start
    say hanako K-004
    expect @hanako 'K-001 K-002 K-003 K-004'
    kept 4
}

# The very same envelope twice: the server counts that the second one is acknowledged, too.
same_envelope() {
    pardoned=acked_again
    begin
    control double_envelopes '"times":-1'
    for code in K-002 K-003 K-004; do
        say hanako $code
    done
    expect @hanako 'K-001 K-002 K-003 K-004'
    say hanako 診断
    await owes_nothing
    click hanako スキップ
    await has answer 1
    await owes_nothing
    say hanako K-005
    expect @hanako 'K-001 K-002 K-003 K-004 K-005'
    [ "$(state acked_again)" -gt 5 ] || fail "nothing came twice"
    kept 7
    [ "$(rows answer)" = 1 ] || fail "a click was taken twice"
}

# One message, two events: of the channel and of the mention, where the app hears all that is said.
both_events() {
    begin
    control subscribe '"name":"message.channels"'
    control subscribe '"name":"message.groups"'
    mention hanako K-002 office
    mention hanako K-003 general
    control hold_events
    mention taro K-004 general
    control release_events '"order":"reverse"'
    expect office K-002
    expect general 'K-003 K-004'
    [ "$(state events)" -ge 12 ] || fail "only $(state events) events"
    kept 4
}

disorder() {
    begin
    control hold_events
    for code in K-002 K-003 K-004 K-005; do
        say hanako $code
    done
    control release_events '"order":"reverse"'
    await owes_nothing
    await counted under_way 0
    expect @hanako "$(codes @hanako)"
    [ "$(codes @hanako | tr ' ' '\n' | sort | tr '\n' ' ')" = 'K-001 K-002 K-003 K-004 K-005 ' ] ||
        fail "not each once: $(codes @hanako)"
}

# ---- stored, then acknowledged ----

unstored() { # COMMAND COMMAND: that stop and allow storing, for longer than the store is patient
    pardoned=acked_late
    begin
    control set '"ack_ms":700,"retry_ms":[700,700,600000]'
    acked=$(state acked)
    $1
    say hanako K-002
    say taro K-003
    await counts ack_timeouts 2
    await counts redelivered 2
    await logs 'not stored'
    [ "$(state acked)" = "$acked" ] || fail "acknowledged without having stored it"
    kept 1
    answered @hanako K-001 || fail "answered without having stored it"
    $2
    expect @hanako 'K-001 K-002'
    expect @taro K-003
    await counts acked $((acked + 2))
    await logs 'can be written down again'
    say taro K-004
    expect @taro 'K-003 K-004'
    kept 4
    [ "$(db 'PRAGMA integrity_check')" = ok ] || fail "damaged"
}

fill() { prlimit --pid "$bot" --fsize="$(wc -c <"$work/k.db-wal"):unlimited"; }
make_room() { prlimit --pid "$bot" --fsize=unlimited:unlimited; }
disk_full() { unstored fill make_room; }

lock() {
    mkfifo "$work/until"
    { echo 'BEGIN IMMEDIATE;'; cat "$work/until"; } | sqlite3 "$work/k.db" &
    exec 9>"$work/until"
}
unlock() { exec 9>&-; }
locked() { unstored lock unlock; }

# A click nobody could store is lost to Slack; the card is still there to be clicked again.
unstored_click() {
    pardoned=acked_late
    begin
    say hanako 診断
    await owes_nothing
    control set '"ack_ms":700'
    fill
    click hanako '1 ITシステムの開発・運用・保守'
    await counts lost_interactive 1
    [ "$(rows answer)" = 0 ] || fail "half stored"
    make_room
    await logs 'can be written down again'
    await owes_nothing
    [ "$(rows answer)" = 1 ] || click hanako '1 ITシステムの開発・運用・保守'
    await has answer 1
    await owes_nothing
}

# Killed with what was delivered in its hands.
killed() {
    begin
    control set '"retry_ms":[500,500,600000]'
    codes=K-001
    for code in K-002 K-003 K-004; do
        kill -STOP "$bot"
        say hanako $code
        kill -9 "$bot"
        wait "$bot" 2>/dev/null || :
        start
        codes="$codes $code"
        expect @hanako "$codes"
    done
    kept 4
}

# ---- soon ----

in_time() { # MS: what the slowest acknowledgement may have taken
    [ "$(state ack_timeouts)" = 0 ] && [ "$(state lost_events)" = 0 ] || fail "$(cat "$work/state")"
    [ "$(state ack_max_ms)" -lt "$1" ] || fail "acknowledged after $(state ack_max_ms) ms"
}

load() {
    serve
    start
    names=$(echo $(seq -f user%g 1 30))
    for code in K-001 K-002 K-003 K-004 K-005 K-006 K-007 K-008; do
        for name in $names; do
            printf '{"do":"say","user":"%s","text":"%s"}\n' "$name" "$code"
        done
    done | xargs -d '\n' -n 1 -P 4 curl -s --noproxy '*' "$url/control" --data-binary >"$work/said"
    patience=1200
    for name in $names; do
        expect @$name 'K-001 K-002 K-003 K-004 K-005 K-006 K-007 K-008'
    done
    in_time 3000
    kept 240
}

# Nothing is known of the person, nor of what was missed, in time: it is acknowledged all the same.
slow_server() {
    begin
    control http_fault '"kind":"slow","ms":6000,"path":"/api/users.info","times":-1'
    say john K-002
    expect @john K-002
    in_time 2500
    control clear_faults
    control http_fault '"kind":"slow","ms":6000,"path":"/api/conversations.history"'
    control drop_sockets
    await logs '"connected"' 2
    say hanako K-003
    expect @hanako 'K-001 K-003'
    in_time 2500
}

# A connection that leaves is not closed before what came on it is acknowledged there.
leaving() {
    begin
    control http_fault '"kind":"slow","ms":900,"path":"/api/users.info"'
    say john K-002
    control disconnect '"reason":"warning"'
    await logs '"replaced"'
    expect @john K-002
    await counted sockets 1
    [ "$(state redelivered)" = 0 ] || fail "it came again"
    in_time 2500
}

together copies repeated same_envelope both_events disorder disk_full locked unstored_click killed \
    load slow_server leaving
