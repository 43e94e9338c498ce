#!/bin/sh
# check-config --online: what it says about good and bad workspaces. The server of the tests speaks
# TLS with certificates made here; its control goes through openssl, so that nothing else is needed.
set -eu
bin=$1
fake=$(dirname "$bin")/tests/fake/mattermost
work=$(mktemp -d)
trap 'stop; rm -rf "$work"' EXIT
: >"$work/out" >"$work/err"
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }
. tests/support/await.sh
unset http_proxy https_proxy HTTPS_PROXY no_proxy NO_PROXY

# ---- certificates: two authorities; one good, one for another host, one that has expired ----

authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -keyout "$work/$1.key" -out "$work/$1.pem" -subj "/CN=$1" 2>/dev/null
}
certificate() { # NAME ALTERNATIVE-NAMES FROM UNTIL
    echo "subjectAltName=$2" >"$work/extensions"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -keyout "$work/$1.key" -out "$work/$1.csr" 2>/dev/null
    openssl ca -batch -config "$work/ca.conf" -in "$work/$1.csr" -out "$work/$1.pem" -notext \
        -extfile "$work/extensions" -startdate "$3" -enddate "$4" 2>/dev/null
}
cat >"$work/ca.conf" <<END
[ca]
default_ca = it
[it]
database = $work/index
serial = $work/serial
new_certs_dir = $work
certificate = $work/authority.pem
private_key = $work/authority.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
END
: >"$work/index"
echo 01 >"$work/serial"
authority authority
authority stranger
certificate good DNS:localhost,IP:127.0.0.1 20200101000000Z 20900101000000Z
certificate elsewhere DNS:chat.example.com 20200101000000Z 20900101000000Z
certificate old DNS:localhost,IP:127.0.0.1 20200101000000Z 20210101000000Z

# ---- the server ----

pid=
stop() {
    [ -z "$pid" ] || { kill "$pid" && wait "$pid" || true; }
    pid=
}
serve() { # CERTIFICATE OPTIONS...
    stop
    cert=$1
    shift
    rm -f "$work/port"
    "$fake" --port 0 --port-file "$work/port" --cert "$work/$cert.pem" --key "$work/$cert.key" \
        "$@" >/dev/null &
    pid=$!
    await test -s "$work/port"
    port=$(cat "$work/port")
    url=https://127.0.0.1:$port
}
ask() { # METHOD PATH [BODY]
    body=${3-}
    printf '%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "$2" ${#body} "$body" |
        timeout 20 openssl s_client -quiet -connect "127.0.0.1:$port" >"$work/reply" 2>/dev/null ||
        true
    grep -q 'HTTP/1.1 200' "$work/reply" || fail "$2 $body: $(cat "$work/reply")"
}
order() { ask POST /control "$1"; }

# ---- what is said ----

desk= # the channel's id, where there is one

secret=bot-token-0000000000000000
token() { (umask 077; echo "$1" >"$work/token"); }
trust=$work/authority.pem
check() { # EXPECTED [SETTING...]
    expected=$1
    shift
    printf 'mattermost acme { url = "%s" token_file = "%s" %s }\n' "$url" "$work/token" \
        "${desk:+desk_channel = \"$desk\"}" >"$work/config"
    printf '%s\n' "ca_file = \"$trust\"" "$@" >>"$work/config"
    check_as_it_is
}
check_as_it_is() {
    got=0
    timeout 60 "$bin" check-config --online --config "$work/config" >"$work/out" 2>"$work/err" ||
        got=$?
    [ $got = "$expected" ] || fail "status $got, expected $expected"
    ! grep -q "$secret" "$work/out" "$work/err" || fail "a secret was printed"
}
says() { grep -q -- "$1" "$work/out" || fail "lacks: $1"; }
silent() { ! grep -q -- "$1" "$work/out" || fail "has: $1"; }

token $secret
serve good
closed=$port # nothing listens there once this server has ended
serve good
check 0 'proxy = ""'
says '^ok       acme: proxy: none$'
says "^ok       acme: address: $url answers$"
says "^ok       acme: token: it is the bot @kizuki's"
says '^ok       acme: version: Mattermost 5\.37\.0, .* 16383 characters'
says '^ok       acme: team: the bot is in 1 team$'
says '^ok       acme: websocket: open'
says '^ok       acme: clock: [0-9] s'
silent 'warning\|FAILED'

# It only looked: no request that changes anything arrived.
ask GET /control/state
grep -q '"bot_requests":{[^}]*"GET /users' "$work/reply" || fail "no counters: $(cat "$work/reply")"
! grep -o '"requests":{[^}]*}' "$work/reply" | grep -q '"\(POST\|PUT\|PATCH\|DELETE\) ' ||
    fail "something was written: $(cat "$work/reply")"

# A name instead of the address, and a server below a path that is none.
url=https://localhost:$port
check 0 && silent FAILED
url=$url/team
check 1 && says "^FAILED   acme: address: .*key 'url'"

# ---- address ----

url=https://127.0.0.1:$closed
check 1 && says "^FAILED   acme: address: .*connect.*is the server running"
[ "$(grep -c acme: "$work/out")" = 2 ] || fail "went on without a server"
url=https://no-such-host.invalid
check 1 && says "^FAILED   acme: address: .*esolv"
url=http://127.0.0.1:$port
check 1 && says "^FAILED   acme: address: .*https://"
url=https://127.0.0.1:$port
fault() { order "{\"do\":\"http_fault\",\"times\":1,$1}"; }
fault '"kind":"html","path":"system/ping"'
check 1 && says '^FAILED   acme: address: .*no Mattermost answers there (HTTP [0-9]*, not JSON)'
fault '"kind":"status","status":301,"path":"system/ping"'
check 1 && says "^FAILED   acme: address: .*HTTP 301.*redirect.*key 'url'"
fault '"kind":"status","status":503,"path":"system/ping"'
check 1 && says '^FAILED   acme: address: .*HTTP 503.*not up'
fault '"kind":"empty","path":"system/ping"'
check 1 && says '^FAILED   acme: address: '
fault '"kind":"status","status":200,"body":"{\"status\":\"UNHEALTHY\"}","path":"system/ping"'
check 0 && says '^warning  acme: address: .*UNHEALTHY'

# ---- proxy ----

check 1 "proxy = \"http://user:password@127.0.0.1:$closed\""
says "^ok       acme: proxy: 127.0.0.1:$closed, from key 'proxy'"
says '^FAILED   acme: address: .*is the proxy running'
silent password
export HTTPS_PROXY=http://127.0.0.1:$closed
check 1 && says "^ok       acme: proxy: 127.0.0.1:$closed, from HTTPS_PROXY"
export NO_PROXY=example.com,127.0.0.1
check 0 && says '^ok       acme: proxy: skipped: NO_PROXY'
unset NO_PROXY
check 0 'proxy = "none"' && says "^ok       acme: proxy: none, as key 'proxy' says"
unset HTTPS_PROXY

# ---- token and team ----

token wrong-token-000000000000
check 1 && says '^FAILED   acme: token: .*Bot Accounts.*Create New Token' && says 'acme: version'
silent 'team:\|websocket:\|wrong-token'
token hanako-token
check 0 && says '^warning  acme: token: .*@hanako.*Add Bot Account'
token $secret
order '{"do":"disable_bot"}'
check 1 && says '^FAILED   acme: token: .*disabled'
order '{"do":"enable_bot"}'
order '{"do":"remove_from_team"}'
check 1 && says '^FAILED   acme: team: .*before 6\.1.*Invite People'
version() {
    fault "\"kind\":\"status\",\"status\":200,\"path\":\"config/client\",\"body\":\"{\\\"Version\\\":\\\"$1\\\"}\""
}
version 10.5.1
check 0 && says '^ok       acme: version: Mattermost 10\.5\.1 ' && says '^warning  acme: team: '
order '{"do":"add_to_team"}'
version 5.31.0
check 0 && says '^warning  acme: version: Mattermost 5\.31\.0 was never tried'
fault '"kind":"status","status":500,"path":"config/client"'
check 0 && says '^warning  acme: version: the server does not say (HTTP 500'

# ---- desk ----

made() { # NAME TYPE MEMBER
    order "{\"do\":\"make_channel\",\"name\":\"$1\",\"type\":\"$2\",\"members\":[\"$3\"]}"
    desk=$(sed -n 's/.*{"id":"\([a-z0-9]*\)"}.*/\1/p' "$work/reply")
    [ ${#desk} = 26 ] || fail "no channel: $(cat "$work/reply")"
}
check 0 && silent 'desk:'
made desk P kizuki
check 0 && says '^ok       acme: desk: the bot is in the channel desk'
order '{"do":"archive_channel","channel":"desk"}'
check 1 && says "^FAILED   acme: desk: the channel desk is archived: .*key 'desk_channel'"
made open O kizuki
check 0 && says '^warning  acme: desk: .*everybody in the team can read it'
made halfway O hanako
check 1 && says '^FAILED   acme: desk: .*key .desk_channel.*invite'
made strange P hanako
check 1 && says "^FAILED   acme: desk: the bot is not in the channel of key 'desk_channel': .*/invite"
desk=aaaaaaaaaaaaaaaaaaaaaaaaaa
check 1 && says "^FAILED   acme: desk: there is no such channel, .*View Info"
fault '"kind":"status","status":500,"path":"channels"'
check 1 && says '^FAILED   acme: desk: .*HTTP 500'
desk=

# ---- websocket and clock ----

for refusal in 400:proxy 401:Authorization 403:proxy 404:proxy 429:'Rate Limiting' 502:'not up'; do
    order "{\"do\":\"refuse_upgrade\",\"status\":${refusal%%:*},\"times\":1}"
    check 1 && says "^FAILED   acme: websocket: .*HTTP ${refusal%%:*}.*${refusal#*:}"
done
order '{"do":"refuse_upgrade","status":302,"location":"https://127.0.0.1:1/","times":1}'
check 1 && says '^FAILED   acme: websocket: .*HTTP 302.*redirect'
serve good --clock-ms $((($(date +%s) + 300) * 1000))
check 0 && says '^warning  acme: clock: .*\(2[4-9][0-9]\|300\) s ahead'

fault '"kind":"slow","ms":60000,"path":"users/me"'
check 1 && says '^FAILED   acme: token: .*timed out' && silent 'websocket:'

# ---- TLS ----

trust=$work/stranger.pem
check 1 && says "^FAILED   acme: address: .*certificate.*key 'ca_file'"
trust=$work/nowhere.pem
check 2 && grep -q "key 'ca_file'" "$work/err" || fail "ca_file is not named"
silent 'no errors'
trust=$work/authority.pem
serve elsewhere
check 1 && says "^FAILED   acme: address: .*subject name.*key 'url'"
serve old
check 1 && says '^FAILED   acme: address: .*expired.*renewed'

# ---- nothing to try ----

expected=0
printf 'language = "en"\n' >"$work/config"
check_as_it_is
says 'no workspace to try'
