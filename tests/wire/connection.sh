#!/bin/sh
# The way to the server: refusals, redirections, restarts, resuming in all its outcomes. The bot
# comes back by itself, waits as long as it is told to, and answers what was said meanwhile once.
set -eu
bin=$1
. tests/support/wire-mm.sh

refused() { # STATUS
    serve
    control refuse_upgrade "\"status\":$1,\"times\":2"
    launch
    await logs "the upgrade was refused with HTTP $1"
    say hanako K-001
    expect @hanako K-001
    logs "the upgrade was refused with HTTP $1" 2 || fail "refused once only"
    [ "$(logged '"connected"')" = 1 ] || fail "connected more than once"
    say hanako K-002
    expect @hanako 'K-001 K-002'
}

refused_401() { refused 401; }
refused_403() { refused 403; }
refused_404() { refused 404; }
refused_500() { refused 500; }
refused_503() { refused 503; }

refused_429() {
    serve
    control refuse_upgrade '"status":429,"retry_after":4'
    launch
    await logs 'the upgrade was refused with HTTP 429'
    before=$(state bot_requests)
    say hanako K-001
    expect @hanako K-001
    waited=$(ms_between 'HTTP 429' '"connected"')
    [ "$waited" -ge 4000 ] || fail "told to wait 4 s, waited $waited ms"
    [ "$waited" -lt 8000 ] || fail "told to wait 4 s, waited $waited ms"
}

# A redirection is not followed, neither with ws nor with http: nobody else gets to see the token.
redirected() {
    serve
    elsewhere=$url
    serve
    here=$url
    there=${elsewhere#http://}
    for location in "ws://$there/api/v4/websocket" "http://$there/api/v4/websocket" "//$there/"; do
        url=$here
        control refuse_upgrade "\"status\":302,\"location\":\"$location\""
        before=$(logged 'refused with HTTP 302')
        start
        logs 'refused with HTTP 302' $((before + 1)) || fail "$location: not refused"
        stop
    done
    [ "$(state bot_connections)" = 0 ] || fail "still connected"
    url=$elsewhere
    [ "$(state tcp_ever)" = 1 ] || fail "another server was asked" # 1: this very question
    url=$here
}

resumed() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control drop_sockets
    tell hanako K-002
    expect @hanako 'K-001 K-002'
    await logs '"connected".*"resumed"'
    tell hanako K-003
    expect @hanako 'K-001 K-002 K-003'
    control send_close '"code":1001'
    tell hanako K-004
    expect @hanako 'K-001 K-002 K-003 K-004'
    await logs '"connected".*"resumed"' 2
    [ "$(logged '"connected"')" = 3 ] || fail "$(logged '"connected"') connections"
}

forgotten() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control refuse_upgrade '"status":503,"times":-1' # not back before it is forgotten
    control drop_sockets
    control forget_away
    control refuse_upgrade '"status":503,"times":0'
    tell hanako K-002
    expect @hanako 'K-001 K-002'
    await logs '"connected".*"afresh"' 2
    tell hanako K-003
    expect @hanako 'K-001 K-002 K-003'
    [ "$(logged '"resumed"')" = 0 ] || fail "resumed what was forgotten"
}

# More events than a server keeps for somebody who is away.
overflow() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control refuse_upgrade '"status":503,"times":2'
    control drop_sockets
    tell hanako K-002
    control send_frame '"text":"{\"status\":\"OK\"}","times":300'
    tell hanako K-003
    expect @hanako 'K-001 K-002 K-003'
    await logs '"connected".*"afresh"' 2
    [ "$(logged '"resumed"')" = 0 ] || fail "resumed what was forgotten"
    tell hanako K-004
    expect @hanako 'K-001 K-002 K-003 K-004'
}

# Cut again and again while somebody talks.
cut_off() {
    serve
    start
    for code in K-001 K-002 K-003; do
        tell hanako $code
        control drop_sockets
    done
    expect @hanako 'K-001 K-002 K-003'
    await logs '"connected"' 2
    tell hanako K-004
    expect @hanako 'K-001 K-002 K-003 K-004'
}

restarted() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    tell hanako K-002
    control restart '"down_ms":2500'
    await logs 'not connected'
    expect @hanako 'K-001 K-002'
    say hanako K-003
    say taro K-004
    expect @hanako 'K-001 K-002 K-003'
    expect @taro K-004
    [ "$(logged '"resumed"')" = 0 ] || fail "resumed after a restart"
    await logs '"connected"' 2
}

# Nobody listens yet.
not_there_yet() {
    serve
    kill -9 "${servers##* }"
    await sh -c "! curl -s '$url'"
    launch
    await logs 'not connected.*again_in_ms' 2
    serve --port "$port"
    say hanako K-001
    expect @hanako K-001
}

# A server that takes us out of its team and back again.
team() {
    serve
    start
    control remove_from_team
    say hanako K-001
    expect @hanako K-001
    stop
    tell hanako K-002
    launch
    await logs 'in no team'
    control add_to_team
    say hanako '@kizuki K-003' general
    expect general K-003
    expect @hanako 'K-001 K-002'
}

together refused_401 refused_403 refused_404 refused_500 refused_503 refused_429 redirected resumed forgotten overflow \
    cut_off restarted not_there_yet team
