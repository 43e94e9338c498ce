#!/bin/sh
# The tests' Slack itself, where other tests lean on it: it refuses what Slack refuses, keeps its
# limits and forgets nothing. Frames and clicks are tried by Slack's own clients (tests/official).
set -eu
bin=$1
. tests/support/wire-slack.sh
as_usual=
token=$bot_token
im=D0HANAKO1

finish() { # the server ends well, without a leak
    kill $servers
    wait $servers || fail "the server ended with $?"
    servers=
    [ ! -s "$work/server.err" ] || fail "the server says: $(cat "$work/server.err")"
}

call() { # METHOD [CURL OPTION...]: the answer goes to $work/answer
    method=$1
    shift
    http -H "Authorization: Bearer $token" "$@" -X POST "$url/api/$method" >"$work/answer"
}

answer() { # PATH
    pick "$work/answer" "SELECT coalesce(json_extract(j, '\$.$1'), '') FROM d"
}

is() { # PATH VALUE
    [ "$(answer "$1")" = "$2" ] || fail "$method: $1 is not $2: $(cat "$work/answer")"
}

block() { # WHAT POINTER BLOCKS: refused with that, said to be there
    call chat.postMessage -d "channel=$im" --data-urlencode "blocks=$3"
    is error invalid_blocks
    is 'errors[0]' "$1 [json-pointer:$2]"
    is 'response_metadata.messages[0]' "[ERROR] $1 [json-pointer:$2]"
}

words() { # N
    head -c "$1" /dev/zero | tr '\0' x
}

button() { # TEXT MORE
    printf '[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"%s"}%s}]}]' \
        "$1" "${2-}"
}

blocks() {
    serve
    call conversations.open -d users=U0HANAKO1
    block 'must be less than 76 characters' /blocks/0/elements/0/text/text "$(button "$(words 76)")"
    block 'must be less than 2001 characters' /blocks/0/elements/0/value \
        "$(button x ",\"value\":\"$(words 2001)\"")"
    block 'invalid additional property: colour' /blocks/0/elements/0 "$(button x ',"colour":1')"
    block 'missing required field: text' /blocks/0 '[{"type":"section"}]'
    block 'unsupported type: marquee' /blocks/0/type '[{"type":"marquee"}]'
    block 'block_id already exists' /blocks/1/block_id \
        '[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]'
    call chat.postMessage -d "channel=$im" --data-urlencode "blocks=$(button "$(words 75)")"
    is ok 1
    is message.blocks[0].elements[0].text.emoji 1
    call views.publish -d user_id=U0HANAKO1 -d 'view={"type":"home"}'
    is error invalid_arguments
    is 'response_metadata.messages[0]' \
        '[ERROR] missing required field: blocks [json-pointer:/view]'
}

lengths() {
    serve
    call conversations.open -d users=U0HANAKO1
    printf 'channel=%s&text=%s' $im "$(words 40001)" >"$work/long"
    call chat.postMessage -d "@$work/long"
    is warning message_truncated
    ts=$(answer ts)
    printf 'channel=%s&ts=%s&text=%s' $im "$ts" "$(words 4001)" >"$work/long"
    call chat.update -d "@$work/long"
    is error msg_too_long
    call chat.update -d channel=$im -d ts=1.1 -d text=x
    is error message_not_found
}

pages() {
    serve
    call conversations.open -d users=U0HANAKO1
    for n in 1 2 3 4 5; do
        call chat.postMessage -d channel=$im -d text=$n \
            -d 'metadata={"event_type":"t","event_payload":{"key":"'$n'"}}'
    done
    call conversations.history -d channel=$im -d limit=2 -d include_all_metadata=true
    is 'messages[0].text' 5
    is 'messages[1].metadata.event_payload.key' 4
    is has_more 1
    oldest=$(answer 'messages[1].ts')
    call conversations.history -d channel=$im -d limit=2 \
        --data-urlencode "cursor=$(answer response_metadata.next_cursor)"
    is 'messages[0].text' 3
    is 'messages[0].metadata' ''
    call conversations.history -d channel=$im -d "oldest=$oldest"
    is 'messages[0].text' 5
    is 'messages[1].text' ''
    call conversations.history -d channel=$im -d "oldest=$oldest" -d inclusive=1
    is 'messages[1].text' 4
    call conversations.history -d channel=$im -d cursor=nonsense
    is error invalid_cursor
    call chat.postMessage -d channel=$im -d text=again \
        -d 'metadata={"event_type":"t","event_payload":{"key":"3"}}'
    [ "$(state duplicates)" = 1 ] || fail "$(state duplicates) duplicates counted"
}

# Without a socket a command is lost at once; events come again.
offline() {
    serve
    view='{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":[{"type":"divider"}]}'
    control hold_events
    control command '"user":"hanako","text":"/kizuki"'
    call views.open -d trigger_id=nonsense --data-urlencode "view=$view"
    is error invalid_trigger_id
    [ "$(state held)" = 1 ] || fail "$(state held) envelopes held"
    control release_events
    [ "$(state lost_interactive)" = 1 ] || fail "a command without a socket is not lost"
    control say '"user":"hanako","text":"hello"'
    [ "$(state under_way)" = 1 ] || fail "an event without a socket does not wait"
}

tokens() {
    serve --manifest bot/slack/manifest.yaml
    call auth.test
    is user_id U0KIZUKI1
    call conversations.members -d channel=C0GENERAL
    is error missing_scope
    is needed channels:read
    control token_error '"token":"bot","error":"token_revoked"'
    call auth.test
    is error token_revoked
    token=xoxb-other
    call auth.test
    is error invalid_auth
}

limits() {
    serve
    call conversations.open -d users=U0HANAKO1
    control limits '"scale":0.05'
    for n in 1 2 3 4 5; do
        call chat.postMessage -d channel=$im -d text=$n
        is ok 1
    done
    call chat.postMessage -d channel=$im -d text=6 -D "$work/head"
    is error ratelimited
    grep -qi '^retry-after: [1-9]' "$work/head" || fail "no Retry-After"
}

together blocks lengths pages offline tokens limits
