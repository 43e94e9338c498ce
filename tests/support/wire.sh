# For the scripts of tests/wire: a server of tests/fake, the bot, and what people hear from it. Read
# by wire-mm.sh and wire-slack.sh, which add the people. All of it lives in $work and ends, by its
# pid, with the script.
#
# People ask for what the pack knows under a code ("K-011") and the answer begins with that code: so
# a list of codes tells what was answered, in which order and how often.
. tests/support/await.sh
top=$(mktemp -d)
work=$top
settings=      # more lines of the configuration
section=       # more words of the workspace's section
curl_options=
as_usual= # options of every server
pardoned= # what `finish` lets pass
cases=
servers=
bot=
trap 'stop_all; rm -rf "$top"' EXIT
trap 'exit 1' TERM INT HUP

stop_all() {
    [ -z "$cases" ] || kill $cases 2>/dev/null || :
    [ -z "$bot$servers" ] || kill -9 $bot $servers 2>/dev/null || :
}

fail() {
    {
        echo "$*"
        [ -z "${asked-}" ] || echo "answers in $asked: $(codes "$asked")"
        [ ! -f "$work/log" ] || tail -n 25 "$work/log"
    } >&2
    exit 1
}

together() { # CASE...: functions, all at once, each in a shell and a folder of its own
    for name; do
        mkdir "$top/$name"
        (
            work=$top/$name cases= servers= bot=
            trap stop_all EXIT
            "$name"
            finish
        ) >"$top/$name.out" 2>&1 &
        cases="$cases $!"
    done
    bad=
    for name; do
        pid=${cases# }
        pid=${pid%% *}
        cases=${cases#" $pid"}
        wait "$pid" || { bad=1; echo "---- $name"; cat "$top/$name.out"; }
    done
    [ -z "$bad" ] || exit 1
}

# ---- the server ----

serve() { # [OPTION...]: sets port and url
    : >>"$work/log"
    : >"$work/server" # of an earlier one
    "$fake" --port 0 $as_usual "$@" >"$work/server" 2>>"$work/server.err" &
    servers="$servers $!"
    await grep -q '^listening' "$work/server"
    port=$(sed -n 's/^listening //p' "$work/server")
    url=http://127.0.0.1:$port
}

authority() { # NAME: $top/NAME.pem and its key
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -keyout "$top/$1.key" -out "$top/$1.pem" 2>>"$top/openssl"
}

certify() { # AUTHORITY NAME HOST DAYS: $top/NAME.pem and its key
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
        -keyout "$top/$2.key" -out "$top/$2.csr" 2>>"$top/openssl"
    echo "subjectAltName = DNS:$3" >"$top/$2.ext"
    openssl x509 -req -in "$top/$2.csr" -CA "$top/$1.pem" -CAkey "$top/$1.key" -CAcreateserial \
        -days "$4" -extfile "$top/$2.ext" -out "$top/$2.pem" 2>>"$top/openssl"
}

serve_tls() { # AUTHORITY CERTIFICATE [OPTION...]: a bot that trusts AUTHORITY, a server with CERTIFICATE
    trusted=$1
    certificate=$2
    shift 2
    serve --cert "$top/$certificate.pem" --key "$top/$certificate.key" "$@"
    url=https://localhost:$port
    settings="ca_file = \"$top/$trusted.pem\""
    curl_options=-k
}

http() { # CURL OPTION...
    curl -s --noproxy '*' --max-time 20 $curl_options "$@"
}

pick() { # FILE SQL: with the JSON in the file as d.j
    sqlite3 :memory: "WITH d(j) AS (SELECT CAST(readfile('$1') AS TEXT)) $2"
}

control() { # ORDER [MEMBERS]: control drop_sockets, control http_fault '"kind":"html","times":2'
    printf '{"do":"%s"%s}' "$1" "${2:+,$2}" |
        http --data-binary @- "$url/control" >"$work/controlled" || :
    grep -q '^{' "$work/controlled" && ! grep -q '"error"' "$work/controlled" ||
        fail "control $1: $(cat "$work/controlled")"
}

controlled() { # PATH: a value of what the last order gave
    pick "$work/controlled" "SELECT json_extract(j, '\$.$1') FROM d"
}

state() { # PATH: a value of what the server counts
    http "$url/control/state" >"$work/state"
    pick "$work/state" "SELECT coalesce(json_extract(j, '\$.$1'), 0) FROM d"
}

requests() { # ROUTE: how often the bot asked for it, "POST /posts" or "chat.postMessage"
    state "$all_requests.\"$1\""
}

asked_for() { # how many requests the bot made since the counters were reset
    state $all_requests >"$work/asked"
    pick "$work/asked" "SELECT coalesce(sum(value), 0) FROM d, json_each(d.j)"
}

counts() { # PATH NUMBER: the server has counted that many
    [ "$(state "$1")" -ge "$2" ]
}

counted() { # PATH NUMBER: exactly that many
    [ "$(state "$1")" = "$2" ]
}

over() { # TIME: in seconds, as of date +%s
    [ "$(date +%s)" -ge "$1" ]
}

members() { # NAME VALUE...: the members of an object, all of them strings
    m=
    while [ $# -gt 1 ]; do
        m="$m${m:+,}\"$1\":\"$2\""
        shift 2
    done
    echo "$m"
}

run_of() { # LETTER FROM TO: codes
    for i in $(seq "$2" "$3"); do
        printf '%s-%03d ' "$1" "$i"
    done
}

frame() { # [FRAGMENTS]: standard input, to the bot
    control send_frame "\"fragments\":${1:-1},\"hex\":\"$(od -An -v -tx1 | tr -d ' \n')\""
}

repeat() { # N CHARACTER
    head -c "$1" /dev/zero | tr '\0' "$2"
}

# ---- what the bot said ----

texts() { # CHANNEL: what the bot said there
    posts_of kizuki "$1" "$post_text"
}

last_text() { # CHANNEL: in one line, as JSON
    posts_of kizuki "$1" "json_quote($post_text)" | tail -n 1
}

sent_in() { # CHANNEL: the number of posts of the bot
    posts_of kizuki "$1" "$post_id" | wc -l
}

said_in() { # CHANNEL NUMBER: so many posts of the bot
    [ "$(sent_in "$1")" = "$2" ]
}

last_in() { # CHANNEL: the bot's newest post there
    posts_of kizuki "$1" "$post_id" | tail -n 1
}

codes() { # CHANNEL: of its answers, each in its place
    echo $(texts "$1" | sed -n 's/^\*\**\([KST]-[0-9]*\)\*.*/\1/p')
}

answered() { # CHANNEL CODES
    [ "$(codes "$1")" = "$2" ]
}

db() { # SQL
    sqlite3 -cmd '.timeout 5000' "$work/k.db" "$1"
}

rows() { # TABLE [CONDITION]
    db "SELECT count(*) FROM $1 WHERE ${2:-1}"
}

has() { # TABLE NUMBER: so many rows
    [ "$(rows "$1")" = "$2" ]
}

owes_nothing() {
    [ "$(rows outbox "state = 'pending'")" = 0 ]
}

expect() { # CHANNEL CODES: these answers, in this order, each once, and no more of them to come
    asked=$1
    await answered "$@"
    await owes_nothing
    answered "$@" || fail "more answers than $2"
    asked=
}

# ---- the bot ----

write_config() { # SECTION: of the workspaces
    cat >"$work/config" <<X
database = "$work/k.db"
log_format = "json"
log_level = "debug"
$settings
$1
X
}

secret() { # FILE TEXT
    printf %s "$2" >"$1"
    chmod 600 "$1"
}

launch() { # does not wait until it is connected
    [ -f "$work/config" ] || configure
    "$bin" run --config "$work/config" >>"$work/log" 2>&1 &
    bot=$!
}

logged() { # PATTERN: the number of such lines
    grep -c -- "$1" "$work/log" || :
}

logs() { # PATTERN [NUMBER]: at least so many such lines
    [ "$(logged "$1")" -ge "${2:-1}" ]
}

start() {
    caught_up=$(logged '"caught up"')
    launch
    await logs '"caught up"' $((caught_up + 1))
}

stop() {
    kill -TERM "$bot"
    status=0
    wait "$bot" || status=$?
    bot=
    [ $status = 0 ] || fail "the bot ended with status $status"
}

ms_between() { # PATTERN PATTERN: from the first such line of the log to the first one behind it
    sed -n "/$1/,\$p" "$work/log" | sed -n "1p;1d;/$2/{p;q}" |
        sed 's/.*"at":"\([^"]*\)".*/\1/' >"$work/times"
    [ "$(wc -l <"$work/times")" = 2 ] || fail "not both in the log: $1, $2"
    sqlite3 :memory: "SELECT CAST(round((julianday('$(tail -n 1 "$work/times")')
        - julianday('$(head -n 1 "$work/times")')) * 86400000) AS INTEGER)"
}

finish() { # what holds after every case
    [ -z "$bot" ] || stop
    [ duplicates = "$pardoned" ] || [ "$(state duplicates)" = 0 ] || fail "a message was sent twice"
    check_server
    [ ! -s "$work/server.err" ] || fail "the server says: $(cat "$work/server.err")"
    ! grep -q "$secrets" "$work/log" || fail "a secret in the log"
}
