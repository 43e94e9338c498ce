#!/bin/sh
# What Slack, or a proxy before it, may answer to the bot's messages. Each is said once in the end,
# in order, or is parked with the reason; nothing is sent twice where nobody told what became of the
# first attempt.
set -eu
bin=$1
. tests/support/wire-slack.sh

fault() { # KIND [MEMBERS] [METHOD]
    control http_fault "$(members kind "$1" path "/api/${3:-chat.postMessage}")${2:+,$2}"
}

begin() { # [COMMAND...]: that starts the server
    said_codes=
    n=0
    "${@:-serve}"
    start
    next
}

ask() { # hanako asks for one code after the other
    said_codes="$said_codes K-$(printf %03d $((n % 34 + 1)))"
    n=$((n + 1))
    say hanako "${said_codes##* }"
}

next() {
    ask
    expect @hanako "${said_codes# }"
}

# Each kind once: the server saw one post, so none was repeated that had got through.
once() { # KIND [MEMBERS]
    control reset_counters
    fault "$@"
    next
    [ "$(requests chat.postMessage)" = 1 ] || fail "$*: $(requests chat.postMessage) posts"
}

statuses() { # STATUS...
    begin
    for status; do
        once status "\"status\":$status,\"body\":\"{}\""
    done
}

refused() {
    begin
    for kind in html empty endless drop_before; do
        once $kind
    done
}

answer_lost() {
    begin
    for kind in drop_after cut drop_after; do
        once $kind
    done
}

redirected() { statuses 301 302 307; }
proxy_errors() { statuses 408 425 502 503; }
server_errors() { statuses 500 504 520; }

# Slack itself failed, and says that part of the work may be done.
failed() {
    begin
    for code in internal_error fatal_error service_unavailable request_timeout; do
        once status "\"status\":200,\"body\":\"{\\\"ok\\\":false,\\\"error\\\":\\\"$code\\\"}\""
    done
}

# Taken, as the status says, but the answer tells nothing.
senseless() {
    begin
    for body in '' '[]' 'OK' '{\"ok\":true}' '{\"ok\":true,\"ts\":7,\"channel\":\"D0HANAKO1\"}'; do
        once status "\"status\":200,\"body\":\"$body\""
    done
}

limited() {
    begin
    once status '"status":429,"retry_after":1,"body":"{\"ok\":false,\"error\":\"ratelimited\"}"'
    once status '"status":429,"body":"slow down"'
    for code in ratelimited rate_limited message_limit_exceeded; do
        once status "\"status\":200,\"body\":\"{\\\"ok\\\":false,\\\"error\\\":\\\"$code\\\"}\""
    done
}

slow() {
    begin
    once slow '"ms":2000'
    once slow_after '"ms":2000'
}

# Later than anybody waits: the server goes on with the first attempt.
late() {
    begin
    fault slow '"ms":16500'
    ask
    next
    [ "$(state posts_by_bot)" = $((n + 1)) ] || fail "$(state posts_by_bot) posts"
}

late_answer() {
    begin
    once slow_after '"ms":17000'
}

# The look for it fails, too, in every way: nothing is sent before one has succeeded.
unseen() {
    begin
    for look in html empty cut 'status "status":429,"retry_after":1' 'status "status":500' drop_before; do
        more=${look#"${look%% *}"}
        fault "${look%% *}" "${more# }" conversations.history
        once drop_after
    done
}

# What is said in channels the app may not read: it is said again rather than never.
in_channel() {
    pardoned=duplicates
    serve
    start
    fault drop_before
    mention hanako K-001 office
    expect office K-001
    fault drop_after
    mention hanako K-002 office
    mention hanako K-003 office
    expect office 'K-001 K-002 K-002 K-003'
    [ "$(logged '"level":"error"')" = 0 ] || fail "an alarm"
}

# The server ends with the first attempt done but not answered.
restarted() { # [COMMAND...]
    begin "$@"
    fault slow_after '"ms":9000'
    ask
    await counts requests.\"chat.postMessage\" $((n + 1))
    control restart '"down_ms":2000'
    await owes_nothing
    await http -o "$work/ping" "$url/control/state"
    expect @hanako "${said_codes# }"
    [ "$(state posts_by_bot)" = $((n + 1)) ] || fail "$(state posts_by_bot) posts"
}

restarted_tls() {
    authority ca
    certify ca good localhost 2
    restarted serve_tls ca good
}

# Stopped or killed between the attempt and its answer: when the bot is back, the history tells.
bot_restarted() {
    begin
    for way in stop kill; do
        fault slow_after '"ms":60000'
        posts=$(state posts_by_bot)
        ask
        await counts posts_by_bot $((posts + 1))
        if [ $way = stop ]; then
            stop
        else
            kill -9 "$bot"
            wait "$bot" 2>/dev/null || :
        fi
        control restart
        start
        expect @hanako "${said_codes# }"
    done
}

# Nothing overtakes what has to wait, and others do not wait for it.
order() {
    begin
    fault html '"times":2'
    ask
    ask
    ask
    expect @hanako "${said_codes# }"
    fault html '"times":-1'
    ask
    await logs 'a message waits' 3
    ask
    control clear_faults
    ask
    expect @hanako "${said_codes# }"
}

parked() {
    begin
    for code in is_archived channel_not_found not_in_channel restricted_action \
        user_is_restricted no_permission invalid_channel; do
        fault status "\"status\":200,\"body\":\"{\\\"ok\\\":false,\\\"error\\\":\\\"$code\\\"}\""
        say hanako S-001
        key=slack/fake/$said/D0HANAKO1:0
        await logs "a message cannot be sent.*$key.*chat.postMessage: $code"
        next
        end=$(db "SELECT state || ': ' || reason FROM outbox WHERE key = '$key'")
        [ "$end" = "dead: chat.postMessage: $code" ] || fail "$code: $end"
    done
    # What is no name of an error does not get into the log.
    fault status '"status":200,"body":"{\"ok\":false,\"error\":\"see xoxb-1 <b>\"}"'
    next
    [ "$(logged 'xoxb-1')" = 0 ] || fail "the log repeats what a server says"
}

# Blocks Slack does not take: their text goes out, and the log says which one and why.
bad_blocks() {
    begin
    for code in invalid_blocks invalid_blocks_format; do
        body="{\\\"ok\\\":false,\\\"error\\\":\\\"$code\\\",\\\"response_metadata\\\":{\\\"messages\\\":"
        body="$body[\\\"[ERROR] must be shorter [json-pointer:/blocks/1/elements/0]\\\"]}}"
        fault status "\"status\":200,\"body\":\"$body\""
        say hanako 診断
        await logs "Slack refuses the blocks of a message.*$code.*json-pointer:/blocks/1/elements/0"
        await owes_nothing
        say hanako やめる
        next
    done
    texts @hanako | grep -q '1. ITシステムの開発・運用・保守' || fail "the text is not complete"
}

# An endless quarrel neither spins nor stops anything else.
calm() {
    begin
    for kind in endless status; do
        control reset_counters
        fault $kind '"status":200,"body":"{}","times":-1'
        ask
        since=$(date +%s)
        say taro S-001
        await over $((since + 10))
        looks=$(requests conversations.history)
        [ "$looks" -ge 1 ] && [ "$looks" -lt 10 ] || fail "$kind: $looks looks in ten seconds"
        control clear_faults
        expect @hanako "${said_codes# }"
        await owes_nothing
    done
}

# Half of the answers are lost, while several people talk.
lossy() {
    serve
    start
    control lose_answers '"percent":50,"seed":7'
    for i in $(seq 1 6); do
        for name in hanako taro john user1 user2; do
            say $name "K-$(printf %03d "$i")"
        done
    done
    for name in hanako taro john user1 user2; do
        expect @$name "$(echo $(seq -f K-%03g 1 6))"
    done
    [ "$(state posts_by_bot)" = 35 ] || fail "$(state posts_by_bot) posts instead of 35"
}

together refused answer_lost redirected proxy_errors server_errors failed senseless limited slow \
    late late_answer unseen in_channel restarted restarted_tls bot_restarted order parked bad_blocks calm lossy
