#!/bin/sh
# check-config --online: what it says about good and bad Slack workspaces.
set -eu
bin=$1
fake=$(dirname "$bin")/tests/fake/slack/slack
work=$(mktemp -d)
pid=
trap 'stop; rm -rf "$work"' EXIT
: >"$work/out" >"$work/err"
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }
. tests/support/await.sh
unset http_proxy https_proxy HTTPS_PROXY no_proxy NO_PROXY

stop() {
    [ -z "$pid" ] || { kill "$pid" && wait "$pid" || true; }
    pid=
}
serve() { # OPTIONS...: with the app that people make from the manifest
    stop
    rm -f "$work/port"
    "$fake" --port 0 --port-file "$work/port" --manifest bot/slack/manifest.yaml \
        "$@" >/dev/null &
    pid=$!
    await test -s "$work/port"
    port=$(cat "$work/port")
    api=http://127.0.0.1:$port/api
}
ask() { curl -sS --max-time 20 "$@" >"$work/reply" || fail "$*"; }
order() {
    ask -X POST -d "$1" "http://127.0.0.1:$port/control"
    ! grep -q '"error"' "$work/reply" || fail "$1: $(cat "$work/reply")"
}

bot_token=xoxb-000000000000-000000000000-kizuki
app_token=xapp-1-A0KIZUKI1-000000000000-kizuki
export KIZUKI_SLACK_ACME_BOT_TOKEN=$bot_token KIZUKI_SLACK_ACME_APP_TOKEN=$app_token
check() { # EXPECTED [SETTING...]
    expected=$1
    shift
    printf '%s\n' "slack acme { api_url = \"$api\" ${desk:+desk_channel = \"$desk\"} }" "$@" \
        >"$work/config"
    got=0
    timeout 60 "$bin" check-config --online --config "$work/config" >"$work/out" 2>"$work/err" ||
        got=$?
    [ $got = "$expected" ] || fail "status $got, expected $expected"
    ! grep -q 'xox[bp]-\|xapp-1' "$work/out" "$work/err" || fail "a secret was printed"
}
says() { grep -q -- "$1" "$work/out" || fail "lacks: $1"; }
silent() { ! grep -q -- "$1" "$work/out" || fail "has: $1"; }

desk= # the channel's id, where there is one

# ---- all is well ----

serve
closed=$port # nothing listens there once this server has ended
serve
check 0
says '^ok       acme: proxy: none$'
says "^ok       acme: address: $api answers$"
says "^ok       acme: bot token: it is the bot @kizuki's in the workspace .* (T0KIZUKI1)$"
says '^ok       acme: scopes: the app may do what it needs, and no more$'
says '^ok       acme: app token: '
says '^ok       acme: websocket: open'
says '^ok       acme: app: both tokens are of the app A0KIZUKI1$'
says '^note     acme: settings: .*bot/slack/manifest\.yaml'
says '^ok       acme: clock: [0-9] s off'
silent 'warning\|FAILED'

# It only looked, and Slack does not count its websocket any longer.
gone() { ask "http://127.0.0.1:$port/control/state" && grep -q '"sockets":0,' "$work/reply"; }
await gone
expected='{"api.test":1,"apps.connections.open":1,"auth.test":1,"bots.info":1}'
requests=$(grep -o '"requests":{[^}]*}' "$work/reply")
[ "$requests" = "\"requests\":$expected" ] || fail "something else was asked: $requests"

# ---- address ----

api=http://127.0.0.1:$closed/api
check 1 && says "^FAILED   acme: address: .*connect.*proxy.*firewall"
[ "$(grep -c acme: "$work/out")" = 2 ] || fail "went on without Slack"
api=http://no-such-host.invalid/api
check 1 && says "^FAILED   acme: address: .*esolv.*key 'api_url'"
api=https://127.0.0.1:$port/api
check 1 && says "^FAILED   acme: address: .*key 'api_url'"
api=http://127.0.0.1:$port
check 1 && says "^FAILED   acme: address: .*Slack does not answer there (HTTP 404.*https://slack.com/api"
api=http://127.0.0.1:$port/api
fault() { order "{\"do\":\"http_fault\",\"times\":1,$1}"; }
fault '"kind":"html","path":"api.test"'
check 1 && says '^FAILED   acme: address: .*(HTTP 502, not JSON); .*status\.slack\.com'
fault '"kind":"status","status":302,"path":"api.test"'
check 1 && says "^FAILED   acme: address: .*HTTP 302.*redirect"
fault '"kind":"status","status":407,"path":"api.test"'
check 1 && says '^FAILED   acme: address: .*HTTP 407.*let this machine pass'
check 1 "proxy = \"http://user:password@127.0.0.1:$closed\""
says "^ok       acme: proxy: 127.0.0.1:$closed, from key 'proxy'"
says '^FAILED   acme: address: .*is the proxy running'
silent password

# ---- the bot's token ----

trouble() { order "{\"do\":\"token_error\",\"token\":\"$1\",\"error\":\"$2\"}"; }
well() { order "{\"do\":\"token_error\",\"token\":\"$1\"}"; }
for case in invalid_auth:'Bot User OAuth Token' token_revoked:'Install App' \
    account_inactive:'removed from the workspace' token_expired:manifest.yaml \
    team_disabled:administrators internal_error:status.slack.com; do
    trouble bot "${case%%:*}"
    check 1 && says "^FAILED   acme: bot token: .*${case#*:}.*(${case%%:*})$"
    says '^ok       acme: websocket' # the other token is tried all the same
    silent 'scopes:\|app:\|settings:'
done
trouble bot something_new
check 1 && says '^FAILED   acme: bot token: Slack refuses it: something_new; docs\.slack\.dev'
well bot
fault '"kind":"status","status":429,"retry_after":30,"path":"auth.test"'
check 1 && says '^FAILED   acme: bot token: .*HTTP 429.*try again in a minute'
fault '"kind":"slow","ms":60000,"path":"auth.test"'
check 1 && says '^FAILED   acme: bot token: it cannot be tried: .*timed out'
export KIZUKI_SLACK_ACME_BOT_TOKEN=xoxb-another
check 1 && says '^FAILED   acme: bot token: .*(invalid_auth)$'
export KIZUKI_SLACK_ACME_BOT_TOKEN=$bot_token
order '{"do":"set","enterprise":true}'
check 1 && says '^FAILED   acme: bot token: .*whole organisation.*org_deploy_enabled: false'
order '{"do":"set","enterprise":false}'

# ---- what it may do ----

order '{"do":"missing_scope","name":"reactions:read"}'
order '{"do":"missing_scope","name":"users:read"}'
check 1 && says '^FAILED   acme: scopes: the app lacks users:read (to .*), reactions:read (to .*); add'
says 'Bot Token Scopes.*Reinstall'
silent 'acme: app: \|more than it needs'
order '{"do":"grant_scope","name":"reactions:read"}'
order '{"do":"grant_scope","name":"users:read"}'
order '{"do":"grant_scope","name":"channels:history"}'
check 0 && says '^warning  acme: scopes: the app may do more than it needs: channels:history; '
silent 'no more$'
order '{"do":"missing_scope","name":"channels:history"}'

# ---- desk ----

made() { # NAME PRIVATE MEMBER
    order "{\"do\":\"make_channel\",\"name\":\"$1\",\"private\":$2,\"members\":[\"$3\"]}"
    desk=$(sed -n 's/.*{"id":"\([A-Z0-9]*\)"}.*/\1/p' "$work/reply")
    [ -n "$desk" ] || fail "no channel: $(cat "$work/reply")"
}
silent 'desk:'
made desk true kizuki
check 1 && says '^FAILED   acme: scopes: the app lacks groups:history (to .*), groups:read (to .*desk'
says "^FAILED   acme: desk: .*cannot be asked: the app lacks groups:read; .*private"
order '{"do":"grant_scope","name":"groups:read"}'
order '{"do":"grant_scope","name":"groups:history"}'
check 0 && says '^ok       acme: desk: the bot is in the channel #desk'
says '^ok       acme: scopes: the app may do what it needs, and no more$'
order '{"do":"archive_channel","channel":"desk"}'
check 1 && says "^FAILED   acme: desk: the channel #desk is archived: .*key 'desk_channel'"
made strange true hanako
check 1 && says "^FAILED   acme: desk: there is no such channel, or the bot is not in it: .*/invite"
order '{"do":"grant_scope","name":"channels:read"}'
made halfway false hanako
check 1 && says '^FAILED   acme: desk: the bot is not in the channel #halfway: .*/invite'
made open false kizuki
check 0 && says '^warning  acme: desk: .*everybody in the workspace can read it'
order '{"do":"missing_scope","name":"channels:read"}'
desk=
check 0 && says '^warning  acme: scopes: the app may do more than it needs: groups:history, groups:read;'
order '{"do":"missing_scope","name":"groups:read"}'
order '{"do":"missing_scope","name":"groups:history"}'

# ---- the app's token ----

for case in invalid_auth:'App-Level Tokens' token_revoked:Generate \
    missing_scope:connections:write not_allowed_token_type:App-Level; do
    trouble app "${case%%:*}"
    check 1 && says "^FAILED   acme: app token: .*${case#*:}.*(${case%%:*})$"
    silent 'websocket:\|settings:'
done
well app
order '{"do":"link_disabled","on":true}'
check 1 && says '^FAILED   acme: app token: .*Socket Mode is .*switched off'
order '{"do":"link_disabled","on":false}'
fault '"kind":"status","status":200,"body":"{\"ok\":true,\"url\":\"x\"}","path":"connections.open"'
check 1 && says '^FAILED   acme: app token: Slack does not say where'

# ---- the websocket ----

for refusal in 403:'let websockets through' 408:'let websockets through' 503:status.slack.com; do
    order "{\"do\":\"refuse_upgrade\",\"status\":${refusal%%:*},\"times\":1}"
    check 1 && says "^FAILED   acme: websocket: .*HTTP ${refusal%%:*}.*${refusal#*:}"
    silent 'settings:'
done
order '{"do":"set","no_hello":true}'
check 1 && says '^FAILED   acme: websocket: it opened, but Slack said nothing within 10 s'
order '{"do":"set","no_hello":false}'
order '{"do":"ghosts","n":1}'
check 0 && says '^warning  acme: websocket: open (.*it is one of 2 of the same app'
order '{"do":"ghosts","n":20}'
check 1 && says '^FAILED   acme: websocket: the app has too many connections'
order '{"do":"forget_ghosts"}'
address="ws://127.0.0.1:$closed/"
fault "\"kind\":\"status\",\"status\":200,\"body\":\"{\\\"ok\\\":true,\\\"url\\\":\\\"$address\\\"}\",\"path\":\"connections.open\""
check 1 && says '^FAILED   acme: websocket: .*let websockets through'

# ---- tokens of two apps; a clock that is wrong ----

fault '"kind":"status","status":200,"body":"{\"ok\":true,\"bot\":{\"app_id\":\"A0OTHER01\"}}","path":"bots.info"'
check 1 && says '^FAILED   acme: app: the bot token is of the app A0OTHER01, the app token of A0KIZUKI1'
serve --clock-ms $((($(date +%s) + 300) * 1000))
check 0 && says '^warning  acme: clock: .*\(2[4-9][0-9]\|300\) s ahead'
