#!/bin/sh
# TLS: the right authority is needed, and a certificate of it for this very host and this very day;
# else nothing is sent, and the log says why.
set -eu
bin=$1
. tests/support/wire-mm.sh
authority ca
authority other
certify ca good localhost 2
certify other stranger localhost 2
certify ca misnamed elsewhere.example 2
certify ca expired localhost -1

right() {
    serve_tls ca good
    start
    say hanako K-001
    expect @hanako K-001
    control drop_sockets
    tell hanako K-002
    expect @hanako 'K-001 K-002'
    await logs '"connected".*"resumed"'
}

refused() { # CERTIFICATE WORDS
    serve_tls ca "$1"
    launch
    await logs "not connected.*$2" 2
    [ "$(state bot_requests)" = '{}' ] || fail "it asked something: $(state bot_requests)"
    [ "$(state connections_ever)" = 0 ] || fail "a websocket was opened"
    kill -0 "$bot" || fail "the bot ended"
}

wrong_authority() { refused stranger 'unable to get local issuer certificate'; }
wrong_host() { refused misnamed "no alternative .* name matches target host name 'localhost'"; }
out_of_date() { refused expired 'certificate has expired'; }

# The certificate is for the name, not for the address behind it.
by_address() {
    serve_tls ca good
    url=https://127.0.0.1:$port
    launch
    await logs "not connected.*no alternative .* name matches target host name '127.0.0.1'" 2
    [ "$(state bot_requests)" = '{}' ] || fail "it asked something: $(state bot_requests)"
}

# No TLS where it is expected, and the other way round.
plain() {
    serve
    url=https://localhost:$port
    launch
    await logs 'not connected.*SSL' 2
    url=http://localhost:$port
    [ "$(state bot_requests)" = '{}' ] || fail "it asked something: $(state bot_requests)"
}

tls_only() {
    serve_tls ca good
    url=http://localhost:$port
    launch
    await logs 'not connected' 2
    url=https://localhost:$port
    [ "$(state bot_requests)" = '{}' ] || fail "it asked something: $(state bot_requests)"
}

# The server changes its certificate while the bot is there: the new one is looked at, too.
changed() {
    serve_tls ca good
    start
    say hanako K-001
    expect @hanako K-001
    kill -9 "${servers##* }"
    await logs 'not connected'
    serve --cert "$top/stranger.pem" --key "$top/stranger.key" --port "$port"
    await logs 'not connected.*unable to get local issuer certificate'
    url=https://localhost:$port
    [ "$(state bot_requests)" = '{}' ] || fail "it asked something: $(state bot_requests)"
}

no_file() {
    serve_tls ca good
    settings="ca_file = \"$work/nothing.pem\""
    configure
    got=0
    "$bin" run --config "$work/config" >>"$work/log" 2>&1 || got=$?
    [ $got = 2 ] && grep -q "key 'ca_file': nothing to read in $work/nothing.pem" "$work/log" || fail "status $got"
    echo 'not a certificate' >"$work/nothing.pem"
    got=0
    "$bin" run --config "$work/config" >>"$work/log" 2>&1 || got=$?
    [ $got = 2 ] && grep -q "key 'ca_file': no certificate in $work/nothing.pem" "$work/log" || fail "status $got"
}

together right wrong_authority wrong_host out_of_date by_address plain tls_only changed no_file
