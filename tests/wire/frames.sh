#!/bin/sh
# Frames of the websocket that are broken, cut, deep, long, repeated, in disorder or from the
# future: each is reported or passed over, and the next message is answered once.
set -eu
bin=$1
. tests/support/wire-mm.sh

# hanako asks for one code after the other and gets an answer to each.
next() {
    said_codes="$said_codes K-$(printf %03d $((n % 34 + 1)))"
    n=$((n + 1))
    say hanako "${said_codes##* }"
    await answered @hanako "${said_codes# }"
}

unreadable='a frame that cannot be read'

bad() { # WHY [FRAGMENTS]: the frame in $work/frame is reported, with that reason
    before=$(logged "$unreadable.*$1")
    frame "${2:-1}" <"$work/frame"
    await logs "$unreadable.*$1" $((before + 1))
    next
}

begin() {
    said_codes=
    n=0
    serve
    start
    next
}

# A message of taro's as an event, altered by an expression over the post p.
posted() { # SEQ EXPRESSION
    sqlite3 :memory: "WITH q(p) AS (SELECT json_object(
            'id', 'post0000000000000000000000', 'user_id', '$taro', 'root_id', '', 'type', '',
            'channel_id', '$(channel_id @taro)', 'message', 'S-001', 'props', json('{}'),
            'create_at', $(state now_ms), 'delete_at', 0))
        SELECT json_object('event', 'posted', 'data', json_object('channel_type', 'D', 'post', $2),
            'seq', $1) FROM q"
}

unreadable() {
    begin
    taro=$(id_of taro)
    while IFS='|' read -r why text; do
        printf '%s' "$text" >"$work/frame"
        bad "$why"
    done <<'X'
not JSON|
not JSON|<html>502 Bad Gateway</html>
not JSON|{"event":"posted","data":{"po
not JSON|{"event":"typing","data":{},"seq":0}{"event":"typing","data":{},"seq":0}
neither an event nor a reply|null
neither an event nor a reply|[]
neither an event nor a reply|42
neither an event nor a reply|{"event":7,"data":{},"seq":0}
neither an event nor a reply|{"status":true,"seq_reply":1}
without a number|{"event":"posted","data":{}}
without a number|{"event":"typing","data":{},"seq":"1"}
without a number|{"event":"typing","data":{},"seq":-1}
without a number|{"event":"typing","data":{},"seq":1e300}
wrong or missing|{"event":"hello","data":{},"seq":0}
wrong or missing|{"event":"hello","data":{"connection_id":"../../x"},"seq":0}
wrong or missing|{"event":"posted","seq":0}
wrong or missing|{"event":"posted","data":"x","seq":0}
wrong or missing|{"event":"posted","data":{"channel_type":"D","post":"{\"id\":"},"seq":0}
wrong or missing|{"event":"posted","data":{"channel_type":"D","post":"[]"},"seq":0}
wrong or missing|{"event":"posted","data":{"channel_type":"D","post":7},"seq":0}
wrong or missing|{"event":"reaction_added","data":{"reaction":"{}"},"seq":0}
wrong or missing|{"event":"reaction_removed","data":{"reaction":"{\"user_id"},"seq":0}
wrong or missing|{"event":"user_updated","data":{"user":{"id":7}},"seq":0}
X
    for expression in "json_remove(p, '\$.id')" "json_remove(p, '\$.user_id')" \
        "json_remove(p, '\$.channel_id')" \
        "json_remove(p, '\$.message')" "json_remove(p, '\$.create_at')" "json_set(p, '\$.id', 7)" \
        "json_set(p, '\$.id', '../../../../../etc/passwd0')" \
        "json_set(p, '\$.message', json('[]'))" "json_set(p, '\$.root_id', 'x')" \
        "json_set(p, '\$.create_at', '1')" "json_set(p, '\$.create_at', -1)" \
        "substr(p, 1, length(p) - 1)" "printf('%.*c', 5000, '[')"; do
        posted 0 "$expression" >"$work/frame"
        bad 'wrong or missing'
    done
    repeat 100000 '[' >"$work/frame"
    bad 'not JSON'
    printf '\0\0\0' >"$work/frame"
    bad 'not valid UTF-8'
    # One frame of exactly 1 MiB, in many fragments, is one frame.
    total=$(logged "$unreadable")
    repeat 1048576 '{' >"$work/frame"
    bad 'not JSON' 100
    [ "$(logged "$unreadable")" = $((total + 1)) ] || fail "the fragments were not joined"
    # What is not for us needs no word.
    for text in '{"event":"unheard_of","data":[[]],"seq":0}' '{"status":"OK"}' \
        '{"status":"FAIL","error":[],"seq_reply":9999}'; do
        printf '%s' "$text" | frame
        next
    done
    [ "$(logged "$unreadable")" = $((total + 1)) ] || fail "a harmless frame was reported"
    expect @hanako "${said_codes# }"
    [ "$(logged '"connected"')" = 1 ] || fail "the connection was given up"
}

# From the past: passed over. From the future: answered, in nine fragments, and what may be missing
# is looked for on a connection that is not resumed.
numbers() {
    begin
    taro=$(id_of taro)
    posted 1 p | frame
    next
    [ "$(rows inbox "event_id LIKE 'post%'")" = 0 ] || fail "a repeated number was handled"
    posted 9007199254740992 p | frame 9
    expect @taro S-001
    await logs 'events are missing'
    await logs '"connected".*"afresh"' 2
    next
    control skip_seq '"n":3'
    next
    await logs '"connected".*"afresh"' 3
    # The text before an edit, as an event.
    posted 1000 "json_set(p, '\$.id', 'edit0000000000000000000000',
        '\$.original_id', json_extract(p, '\$.id'))" | frame
    await logs '"connected".*"afresh"' 4
    next
    answered @taro S-001 || fail "an archived text was answered"
    next
    control repeat_hello
    next
    expect @hanako "${said_codes# }"
    [ "$(logged resumed)" = 0 ] || fail "resumed in spite of a gap"
}

disorder() {
    begin
    control hold_events
    for code in S-001 S-002 S-003; do
        tell taro $code
    done
    control release_events '"order":"reverse"'
    expect @taro 'S-003 S-002 S-001'
    control double_events '"times":9'
    for code in S-004 S-005 S-006; do
        say taro $code
    done
    expect @taro 'S-003 S-002 S-001 S-004 S-005 S-006'
    control repeat_event '"times":5'
    next
    control repeat_event '"times":200'
    next
    expect @taro 'S-003 S-002 S-001 S-004 S-005 S-006'
    expect @hanako "${said_codes# }"
    [ "$(rows inbox)" = $((6 + n)) ] || fail "$(rows inbox) rows in the inbox"
}

not_utf8() {
    begin
    for bytes in '{"event":"typ\377ing"}' '\355\240\200' \
        '{"event":"typing","data":{"a":"\300\257"},"seq":0}'; do
        before=$(logged '"connected"')
        printf "$bytes" | frame
        await logs '"connected"' $((before + 1))
        next
        stop
        start
    done
    expect @hanako "${said_codes# }"
}

too_long() {
    begin
    repeat 1048577 ' ' | frame
    await logs 'a frame over 1 MiB was dropped'
    next
    repeat 1500000 ' ' | frame 40
    await logs 'a frame over 1 MiB was dropped' 2
    next
    expect @hanako "${said_codes# }"
    [ "$(logged resumed)" = 0 ] || fail "resumed, where the same frame would come again"
}

# A post that is too long as an event and as history: the one that is left out, once a catch-up.
big() { # NAME
    control big_post "\"channel\":\"@$1\",\"user\":\"$1\",\"bytes\":1500000,\"text\":\"K-034\""
    big=$(pick "$work/controlled" "SELECT json_extract(j, '\$.id') FROM d")
}

big_post() {
    begin
    for code in $(run_of T 1 27); do
        tell taro "$code"
    done
    big taro
    for code in $(run_of S 1 31); do
        tell taro "$code"
    done
    expect @taro "$(echo $(run_of T 1 27) $(run_of S 1 31))"
    await logs "a post cannot be read and is left out.*\"post\":\"$big\""
    [ "$(requests 'GET /channels/*/posts')" -gt 4 ] || fail "not read in smaller pages"
    [ "$(logged resumed)" = 0 ] || fail "resumed, where the same frame would come again"
    # Behind a known place in the channel, with the bot away.
    control advance_clock '"ms":120000'
    before=$(logged '"caught up"')
    control drop_sockets
    await logs '"caught up"' $((before + 1))
    stop
    tell taro K-001
    first=$big
    big taro
    tell taro K-002
    reports=$(logged "left out.*$first")
    start
    expect @taro "$(echo $(run_of T 1 27) $(run_of S 1 31)) K-001 K-002"
    logs "left out.*\"post\":\"$big\"" || fail "the second one is not reported"
    [ "$(logged "left out.*$first")" = "$reports" ] || fail "the first one was read again"
    next
}

together unreadable numbers disorder not_utf8 too_long big_post
