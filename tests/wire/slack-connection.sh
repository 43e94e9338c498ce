#!/bin/sh
# The way to Slack: an address is asked for, a socket opened, hello awaited; what says goodbye is
# replaced before it goes, what is lost or refused is tried again as slowly as it should be, and what
# was said meanwhile is answered once.
set -eu
bin=$1
. tests/support/wire-slack.sh
pause=0.2
patience=400

# hanako asks for one code after the other and gets an answer to each.
begin() {
    said_codes=
    n=0
    [ -n "${port-}" ] || serve
    [ -n "$bot" ] || start
    next
}

ask() {
    said_codes="$said_codes K-$(printf %03d $((n % 34 + 1)))"
    n=$((n + 1))
    say hanako "${said_codes##* }"
}

next() {
    ask
    expect @hanako "${said_codes# }"
}

again_in_ms() { # PATTERN: what the last such line of the log says
    sed -n "/$1/s/.*\"again_in_ms\":\"\([0-9]*\)\".*/\1/p" "$work/log" | tail -n 1
}

sockets_are() { # NUMBER
    [ "$(state sockets)" = "$1" ]
}

# ---- hello ----

no_hello() {
    serve
    control set '"no_hello":true'
    launch
    await logs 'not connected.*no hello came'
    waited=$(ms_between '"we are"' 'no hello came')
    [ "$waited" -ge 9500 ] && [ "$waited" -lt 13000 ] || fail "hello was awaited for $waited ms"
    [ "$(logged '"connected"')" = 0 ] || fail "connected without a hello"
    control set '"no_hello":false'
    await logs '"connected"'
    say hanako K-001
    expect @hanako K-001
    [ "$(state tickets)" -le 3 ] || fail "$(state tickets) addresses were asked for"
    await sockets_are 1
}

late_hello() {
    serve
    control set '"hello_ms":7000'
    start
    [ "$(logged 'not connected')" = 0 ] || fail "not patient enough"
    say hanako K-001
    expect @hanako K-001
}

# ---- goodbye ----

# The new one has its hello before the old one is closed, while people talk all the time.
replaced() { # REASON
    begin
    control set '"warning_ms":3000,"hello_ms":1500'
    for round in 1 2 3; do
        ask
        control disconnect "\"reason\":\"$1\""
        for i in 1 2 3; do
            ask
        done
        await logs '"connected".*"replaced"' $round
        ask
    done
    expect @hanako "${said_codes# }"
    [ "$(logged '"connected".*"afresh"')" = 1 ] || fail "there was a gap"
    [ "$(logged 'not connected')" = 0 ] || fail "there was a gap"
    await sockets_are 1
    [ "$(state sockets_ever)" = 4 ] || fail "$(state sockets_ever) sockets for three replacements"
    [ "$(state redelivered)" = 0 ] || fail "$(state redelivered) envelopes came again"
}

warned() { replaced warning; }

# Slack says when it wants a connection gone, and warns before that.
short_lives() {
    serve
    control set '"life_ms":12500,"warning_ms":1500'
    begin
    since=$(date +%s)
    until over $((since + 30)); do
        next
    done
    [ "$(logged '"replaced"')" -ge 2 ] || fail "nothing was replaced"
    [ "$(logged 'not connected')" = 0 ] || fail "there was a gap"
    [ "$(state redelivered)" = 0 ] || fail "$(state redelivered) envelopes came again"
}

# It goes at once: what comes meanwhile comes again or is read back.
recycled() {
    begin
    for round in 1 2 3; do
        ask
        control disconnect '"reason":"refresh_requested"'
        for i in 1 2 3; do
            ask
        done
        await logs '"connected"' $((round + 1))
        next
    done
    await sockets_are 1
    [ "$(state sockets_ever)" = 4 ] || fail "$(state sockets_ever) sockets for three goodbyes"
}

unheard_of() {
    begin
    control disconnect '"reason":"maintenance"'
    await logs '"connected"' 2
    next
    await sockets_are 1
}

# The replacement cannot be opened: the old one serves until it ends.
no_replacement() {
    begin
    control set '"warning_ms":9000'
    control http_fault '"kind":"html","path":"/api/apps.connections.open","times":2'
    control disconnect '"reason":"warning"'
    await logs 'no replacement for the connection yet.*apps.connections.open: HTTP' 2
    next
    await logs '"connected".*"replaced"'
    next
    [ "$(logged 'not connected')" = 0 ] || fail "there was a gap"
}

switched_off() {
    begin
    control link_disabled
    await logs '"level":"error".*Socket Mode is switched off'
    await logs 'not connected'
    waits=$(again_in_ms 'not connected')
    [ "$waits" -ge 300000 ] || fail "tried again in $waits ms"
    [ "$(logged 'Socket Mode is switched off for the app')" = 1 ] || fail "said more than once"
    # After a restart no address is given; how that is said is not documented.
    stop
    launch
    await logs 'not connected.*apps.connections.open: ' 2
    stop
    control link_disabled '"on":false'
    start
    next
}

crowded() {
    serve
    control ghosts '"n":10'
    launch
    await logs 'not connected.*too many connections'
    waits=$(again_in_ms 'not connected')
    [ "$waits" -ge 30000 ] && [ "$waits" -lt 70000 ] || fail "tried again in $waits ms"
    stop
    control forget_ghosts
    start
    say hanako K-001
    expect @hanako K-001
}

# Each time longer.
crowded_still() {
    serve
    control set '"max_sockets":0'
    launch
    await logs 'not connected.*too many connections'
    first=$(again_in_ms 'not connected')
    patience=1000
    await logs 'not connected.*too many connections' 2
    second=$(again_in_ms 'not connected')
    [ "$second" -ge 60000 ] && [ "$second" -gt "$first" ] || fail "$first ms, then $second ms"
}

haunted() {
    serve
    control ghosts '"n":3'
    start
    await logs 'the app has more connections than ours.*"connections":"4","ours":"1"'
    control forget_ghosts
    # Its own old one does not count as a stranger.
    control disconnect '"reason":"warning"'
    await logs '"connected".*"replaced"'
    [ "$(logged 'more connections than ours')" = 1 ] || fail "its own connection is taken for a stranger"
    begin
}

# ---- lost connections ----

dropped() {
    begin
    for i in 2 3 4; do
        control drop_sockets
        ask
        ask
        await logs '"connected".*"afresh"' $i
        expect @hanako "${said_codes# }"
    done
    control send_close '"code":1001'
    ask
    await logs '"connected".*"afresh"' 5
    expect @hanako "${said_codes# }"
    control restart '"down_ms":2000'
    await logs '"connected".*"afresh"' 6
    next
    [ "$(state lost_events)" = 0 ] || fail "$(state last_loss)"
    await sockets_are 1
}

# Everything that was said while no socket was open is lost to Slack: it is read back.
lossy() {
    begin
    control set '"lose_offline":true'
    control refuse_upgrade '"status":503,"times":2'
    control drop_sockets
    ask
    ask
    await logs '"connected".*"afresh"' 2
    expect @hanako "${said_codes# }"
    next
}

# A socket from which nothing comes any more, though it stays open.
deaf() {
    begin
    since=$(date +%s)
    control deaf
    ask
    await logs 'not connected'
    ! over $((since + 45)) || fail "noticed after $(($(date +%s) - since)) s"
    over $((since + 15)) || fail "given up too early: $(tail -n 3 "$work/log")"
    expect @hanako "${said_codes# }"
    next
}

# Pings are answered, but Slack never pings by itself.
unpinged() {
    serve
    control set '"ping_ms":0'
    begin
    since=$(date +%s)
    await over $((since + 50))
    [ "$(logged '"connected"')" = 1 ] || fail "a quiet connection was given up"
    next
}

half_open() {
    begin
    since=$(date +%s)
    kill -STOP "${servers##* }"
    await logs 'not connected'
    ! over $((since + 45)) || fail "noticed after $(($(date +%s) - since)) s"
    kill -CONT "${servers##* }"
    next
}

# ---- refusals ----

refused() { # STATUS [MEMBERS]
    serve
    control refuse_upgrade "\"status\":$1,\"times\":2${2:+,$2}"
    launch
    await logs "not connected.*the upgrade was refused with HTTP $1" 2
    begin
    [ "$(state tickets)" = 3 ] || fail "$(state tickets) addresses for three attempts"
}

refused_408() { refused 408; }
refused_409() { refused 409; }
refused_500() { refused 500; }
refused_302() { refused 302 '"location":"ws://127.0.0.1:9/link/"'; }

refused_429() {
    serve
    control refuse_upgrade '"status":429,"retry_after":4'
    launch
    await logs '"connected"'
    waited=$(ms_between 'HTTP 429' '"connected"')
    [ "$waited" -ge 4000 ] && [ "$waited" -lt 9000 ] || fail "told to wait 4 s, waited $waited ms"
    begin
}

# No address: each kind of refusal is reported and tried again.
no_address() {
    serve
    start
    for kind in html empty cut 'status "status":500,"body":"{}"' \
        'status "status":200,"body":"{\"ok\":true}"' \
        'status "status":200,"body":"{\"ok\":true,\"url\":\"http://127.0.0.1/\"}"' \
        'status "status":200,"body":"{\"ok\":false,\"error\":\"internal_error\"}"' \
        'status "status":200,"body":"{\"ok\":false,\"error\":\"odd_error\"}"'; do
        more=${kind#"${kind%% *}"}
        stop
        before=$(logged '"connected"')
        control http_fault "$(members kind "${kind%% *}" path /api/apps.connections.open)${more:+,$more}"
        launch
        await logs 'not connected.*"why":"\(apps.connections.open: \|Slack does not say where\)' \
            "$before"
        await logs '"connected"' $((before + 1))
    done
    begin
}

address_429() {
    serve
    control http_fault '"kind":"status","status":429,"retry_after":4,"path":"/api/apps.connections.open"'
    launch
    await logs "Slack's rate limit was met.*apps.connections.open"
    await logs '"connected"'
    waited=$(ms_between 'rate limit was met' '"connected"')
    [ "$waited" -ge 4000 ] && [ "$waited" -lt 9000 ] || fail "told to wait 4 s, waited $waited ms"
    begin
}

# A connection that ends as soon as it is there does not end in a tight circle.
flapping() {
    serve
    control set '"life_ms":1,"warning_ms":0'
    launch
    since=$(date +%s)
    await over $((since + 15))
    [ "$(state sockets_ever)" -lt 20 ] || fail "$(state sockets_ever) sockets in 15 seconds"
    control set '"life_ms":0'
    begin
}

together no_hello late_hello warned short_lives recycled unheard_of no_replacement switched_off \
    crowded crowded_still haunted dropped lossy deaf unpinged half_open refused_408 refused_409 \
    refused_500 refused_302 refused_429 no_address address_429 flapping
