#!/bin/sh
# Frames of Socket Mode that are broken, cut, deep, long, binary, repeated, in disorder or from the
# future: each is reported or passed over, and the next message is answered once.
set -eu
bin=$1
. tests/support/wire-slack.sh

# hanako asks for one code after the other and gets an answer to each.
next() {
    said_codes="$said_codes K-$(printf %03d $((n % 34 + 1)))"
    n=$((n + 1))
    say hanako "${said_codes##* }"
    await answered @hanako "${said_codes# }"
}

begin() {
    said_codes=
    n=0
    serve
    start
    next
}

unreadable='a frame that cannot be read'

bad() { # WHY [FRAGMENTS]: the frame in $work/frame is reported, with that reason
    before=$(logged "$unreadable.*$1")
    frame "${2:-1}" <"$work/frame"
    await logs "$unreadable.*$1" $((before + 1))
    next
}

harmless() { # nothing was reported, and the connection is the first one
    expect @hanako "${said_codes# }"
    [ "$(logged "$unreadable")" = "${1:-0}" ] || fail "a harmless frame was reported"
    [ "$(logged '"connected"')" = 1 ] || fail "the connection was given up"
}

unreadable() {
    begin
    while IFS='|' read -r why text; do
        printf '%s' "$text" >"$work/frame"
        bad "$why"
    done <<'X'
not JSON|
not JSON|<html>502 Bad Gateway</html>
not JSON|{"type":"events_api","payload":{"ev
not JSON|{"type":"x"}{"type":"x"}
without a type|null
without a type|[]
without a type|42
without a type|{"event":7}
without a type|{"type":7}
without id|{"type":"events_api","payload":{"type":"event_callback","event":{"type":"message"}}}
without id|{"type":"interactive","payload":{}}
without id|{"type":"slash_commands"}
X
    repeat 100000 '[' >"$work/frame"
    bad 'not JSON'
    printf '{"type":"a\0b"}' >"$work/frame"
    bad 'not valid UTF-8'
    repeat 1048576 '{' >"$work/frame"
    total=$(logged "$unreadable")
    bad 'not JSON' 100
    harmless $((total + 1))
}

# Envelopes whose inside makes no sense are acknowledged: they would only come again.
senseless() {
    begin
    while IFS='|' read -r why type payload; do
        acked=$(state acked)
        before=$(logged "$unreadable.*$why")
        control send_envelope "\"type\":\"$type\",\"payload\":$payload"
        await logs "$unreadable.*$why" $((before + 1))
        await counts acked $((acked + 1))
        next
    done <<'X'
an event|events_api|{}
an event|events_api|null
an event|events_api|"x"
an event|events_api|{"type":"event_callback"}
an event|events_api|{"type":"event_callback","event":"x"}
an event|events_api|{"type":"event_callback","event":{"type":7}}
an event|events_api|{"type":"event_callback","event":{"type":"message"}}
an event|events_api|{"type":"event_callback","event":{"type":"message","channel":"../../x","user":"U0TARO001","ts":"1.1","text":"S-001"}}
an event|events_api|{"type":"event_callback","event":{"type":"message","channel":"D0TARO001","user":"U0TARO001","ts":"now","text":"S-001"}}
an event|events_api|{"type":"event_callback","event":{"type":"message","channel":"D0TARO001","user":7,"ts":"1.1","text":"S-001"}}
an event|events_api|{"type":"event_callback","event":{"type":"message","channel":"D0TARO001","user":"U0TARO001","ts":"1.1","text":["S-001"]}}
an event|events_api|{"type":"event_callback","event":{"type":"reaction_added","user":"U0TARO001"}}
an event|events_api|{"type":"event_callback","event":{"type":"user_change","user":"U0TARO001"}}
an event|events_api|{"type":"event_callback","event":{"type":"app_home_opened","tab":"home"}}
an interaction|interactive|{}
an interaction|interactive|{"type":"block_actions"}
an interaction|interactive|{"type":"block_actions","user":{"id":"U0TARO001"},"actions":[]}
an interaction|interactive|{"type":"view_submission","user":{"id":"U0TARO001"}}
a command|slash_commands|{}
a command|slash_commands|{"command":"/kizuki","user_id":"x","channel_id":"D0TARO001"}
X
    harmless "$(logged "$unreadable")"
    [ "$(state ack_timeouts)" = 0 ] || fail "not acknowledged"
    said_in @taro 0 || fail "answered: $(texts @taro)"
}

# What is not for us needs no word.
unheard_of() {
    begin
    for type in hermes workflow_step events_api_v2; do
        acked=$(state acked)
        control send_envelope "\"type\":\"$type\",\"payload\":{\"a\":[]}"
        await counts acked $((acked + 1))
        next
    done
    for event in '{"type":"message","subtype":"hologram","channel":"D0HANAKO1","ts":"1.1"}' \
        '{"type":"channel_rename","channel":{"id":"C0GENERAL"}}' '{"type":"emoji_changed"}' \
        '{"type":"app_home_opened","user":"U0HANAKO1","channel":"D0HANAKO1","tab":"about"}' \
        '{"type":"reaction_added","user":"U0HANAKO1","reaction":"one","item":{"type":"file","file":"F01"}}'; do
        acked=$(state acked)
        control send_event "\"event\":$event"
        await counts acked $((acked + 1))
        next
    done
    printf '{"type":"greetings"}' | frame
    next
    harmless
}

binary() {
    begin
    control send_frame '"hex":"00ff00ff","binary":true'
    next
    control send_frame '"hex":"7b7d","binary":true,"times":20'
    next
    expect @hanako "${said_codes# }"
    [ "$(logged '"connected"')" = 1 ] || fail "the connection was given up"
}

fragments() {
    begin
    for parts in 2 7 100; do
        control set "\"fragments\":$parts"
        next
    done
    harmless
}

# One envelope of many kilobytes; and one that is too long, which is read back from the history.
long() {
    begin
    say taro "$(repeat 30000 x)"
    await logs 'event handled' 2
    next
    control send_frame '"bytes":1048577'
    await logs 'a frame over 1 MiB was left out'
    next
    control send_frame '"bytes":3000000,"fragments":40'
    await logs 'a frame over 1 MiB was left out' 2
    next
    await logs '"caught up"' 2
    harmless
}

# Too many events in an hour: Slack left some out, which are read back.
limited() {
    begin
    control unsubscribe '"name":"message.im"'
    say hanako K-030
    control app_rate_limited
    await logs 'Slack left out events: too many in an hour'
    control subscribe '"name":"message.im"'
    said_codes="$said_codes K-030"
    expect @hanako "${said_codes# }"
    next
    harmless
}

# A message that is lost for good is found when a frame next to it cannot be read.
lost_beside() {
    begin
    control unsubscribe '"name":"message.im"'
    say hanako K-030
    control subscribe '"name":"message.im"'
    printf 'garbage' | frame
    said_codes="$said_codes K-030"
    expect @hanako "${said_codes# }"
    next
}

not_utf8() {
    begin
    for bytes in '{"type":"typ\377ing"}' '\355\240\200' '{"type":"x","a":"\300\257"}'; do
        before=$(logged '"connected"')
        printf "$bytes" | frame
        await logs '"connected"' $((before + 1))
        next
    done
    expect @hanako "${said_codes# }"
}

repeated_hello() {
    begin
    printf '{"type":"hello","num_connections":1,"debug_info":{"approximate_connection_time":9}}' | frame
    next
    printf '{"type":"disconnect"}' | frame
    await logs '"connected"' 2
    next
    expect @hanako "${said_codes# }"
}

together unreadable senseless unheard_of binary fragments long limited lost_beside not_utf8 \
    repeated_hello
