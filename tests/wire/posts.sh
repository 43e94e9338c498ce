#!/bin/sh
# What a server, or a proxy before it, may answer to the bot's posts and reactions. Each message is
# said once in the end, in order, or is parked with the reason; nothing is sent twice where nobody
# told what became of the first attempt.
set -eu
bin=$1
. tests/support/wire-mm.sh

fault() { # KIND [MEMBERS] [PATH]: of one POST
    control http_fault "$(members kind "$1" method POST path "${3:-/api/v4/posts}")${2:+,$2}"
}

# hanako asks for one code after the other.
begin() { # [COMMAND...]: that starts the server
    said_codes=
    n=0
    "${@:-serve}"
    start
    next
}

ask() {
    said_codes="$said_codes K-$(printf %03d $((n % 34 + 1)))"
    n=$((n + 1))
    tell hanako "${said_codes##* }"
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
    [ "$(requests 'POST /posts')" = 1 ] || fail "$*: $(requests 'POST /posts') posts"
}

refused() {
    begin
    for kind in html empty cut endless drop_before drop_after; do
        once $kind
    done
    for status in 301 302 408 425 500 502 503 504 520; do
        once status "\"status\":$status,\"body\":\"{}\""
    done
    once status '"status":429,"retry_after":1,"body":"limit exceeded\n"'
    once status '"status":429,"body":"limit exceeded\n"'
}

# Taken, as the status says, but the answer tells nothing.
senseless() {
    begin
    for body in '' '{}' '[]' 'null' 'OK' '{\"id\":7}' '{\"id\":\"\"}' \
        '{\"id\":\"../../../../../../etc/pass\"}'; do
        for status in 200 201; do
            once status "\"status\":$status,\"body\":\"$body\""
        done
    done
}

slow() {
    begin
    once slow '"ms":2000'
    once slow_after '"ms":2000'
}

# Later than anybody waits: the server goes on with the first attempt while the second one comes.
late() {
    begin
    fault slow '"ms":17000'
    ask
    next
    [ "$(state posts_by_bot)" = $((n + 1)) ] || fail "$(state posts_by_bot) posts"
}

late_answer() {
    begin
    once slow_after '"ms":17000'
}

# The bot hears nothing of its own post either, and when it looks for it the server's memory of
# attempts is over: only the history tells.
unheard() {
    begin
    for kind in drop_after cut empty; do
        control reset_counters
        before=$(logged 'a message waits')
        fault html
        fault $kind
        ask
        await logs 'a message waits' $((before + 1))
        control hold_events
        await counts 'bot_requests."POST /posts"' 1
        control advance_clock '"ms":40000'
        await owes_nothing
        control release_events
        expect @hanako "${said_codes# }"
        [ "$(requests 'POST /posts')" = 1 ] || fail "$kind: repeated, though it was there"
    done
}

# The server ends with the first attempt done but not answered; when it is back it knows no attempts.
restarted() { # [COMMAND...]
    begin "$@"
    before=$(logged 'a message waits')
    fault html
    fault slow_after '"ms":9000'
    ask
    await logs 'a message waits' $((before + 1))
    control hold_events
    await counts 'bot_requests."POST /posts"' $((n + 1))
    control restart '"down_ms":2000'
    await owes_nothing
    await http -o "$work/ping" "$url/api/v4/system/ping" # it may have been known before
    control release_events
    expect @hanako "${said_codes# }"
    [ "$(state posts_by_bot)" = $((n + 1)) ] || fail "$(state posts_by_bot) posts"
}

restarted_tls() {
    authority ca
    certify ca good localhost 2
    restarted serve_tls ca good
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
    for status in 400 403 404 405 413 501; do
        body='{\"id\":\"api.of.'$status'\",\"message\":\"no '$token'\"}'
        fault status "\"status\":$status,\"body\":\"$body\""
        tell hanako S-001
        key=mattermost/fake/$said:0
        await logs "a message cannot be sent.*$key.*HTTP $status api.of.$status"
        next
        end=$(db "SELECT state || ': ' || reason FROM outbox WHERE key = '$key'")
        [ "$end" = "dead: HTTP $status api.of.$status" ] || fail "$status: $end"
    done
    fault status '"status":403,"body":"<html>no</html>"'
    tell hanako S-002
    next
    [ "$(rows outbox "state = 'dead' AND reason = 'HTTP 403'")" = 1 ] || fail "not parked"
}

# An endless quarrel neither spins nor stops anything else.
calm() {
    begin
    for fault in endless status; do
        before=$(state tcp_ever)
        control reset_counters
        fault $fault '"status":200,"body":"{}","times":-1'
        ask
        end=$(($(date +%s) + 3))
        while [ "$(date +%s)" -lt $end ]; do sleep 0.2; done
        looks=$(requests 'GET /channels/*/posts')
        [ "$looks" -lt 12 ] || fail "$fault: $looks attempts in three seconds"
        control clear_faults
        expect @hanako "${said_codes# }"
    done
}

# ---- reactions that stand for choices ----

marks() { # of the bot's last post
    api hanako GET "/posts/$(last_in @hanako)/reactions" >"$work/marks"
    echo $(pick "$work/marks" "SELECT json_extract(r.value, '\$.emoji_name') FROM d, json_each(j) r")
}

marked() {
    [ "$(marks)" = "$1" ]
}

reactions() {
    begin
    say hanako 診断
    await marked 'one two'
    for kind in html empty cut endless drop_before drop_after \
        'slow "ms":1000' 'slow_after "ms":1000' \
        'status "status":500,"body":"{}"' 'status "status":200,"body":"<html>"' \
        'status "status":429,"retry_after":1'; do
        members=${kind#"${kind%% *}"}
        fault "${kind%% *}" "${members# }" /api/v4/reactions
        next
        marked 'one two' || fail "$kind: $(marks)"
    done
    for status in 400 403 404 501; do
        before=$(logged 'reactions cannot be added; typing works')
        fault status "\"status\":$status,\"body\":\"{}\"" /api/v4/reactions
        next
        logs 'reactions cannot be added; typing works' $((before + 1)) || fail "$status: no word"
    done
}

no_reactions() {
    begin
    fault html '"times":-1' /api/v4/reactions
    say hanako 診断
    next
    logs 'reactions cannot be added; typing works' 2 || fail "nothing in the log"
    say hanako 2
    await has answer 1
    control clear_faults
}

# Half of the answers to posts and reactions are lost, while several people talk.
lossy() {
    serve
    start
    control lose_answers '"percent":50,"seed":7'
    for i in $(seq 1 8); do
        for name in hanako taro john user1 user2; do
            tell $name "K-$(printf %03d "$i")"
        done
    done
    for name in hanako taro john user1 user2; do
        expect @$name "$(echo $(seq -f K-%03g 1 8))"
    done
    [ "$(state posts_by_bot)" = 45 ] || fail "$(state posts_by_bot) posts instead of 45"
}

together refused senseless slow late late_answer unheard restarted restarted_tls order parked calm \
    reactions no_reactions lossy
