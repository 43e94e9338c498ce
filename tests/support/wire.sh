# For the scripts of tests/wire: a server of tests/fake, the bot, and people who talk with it. To be
# read with bin=KIZUKI set. All of it lives in $work and ends, by its pid, with the script.
#
# People ask for what the pack knows under a code ("K-011") and the answer begins with that code: so
# a list of codes tells what was answered, in which order and how often. A channel is "@hanako" (the
# bot's direct one with her), "office" or "general". Texts are put into JSON as they are.
. tests/support/await.sh
fake=$(dirname "$bin")/tests/fake/mattermost
token=bot-token-0000000000000000
top=$(mktemp -d)
work=$top
settings=      # more lines of the configuration
section=       # more words of its section "mattermost"
curl_options=
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
    "$fake" --port 0 "$@" >"$work/server" 2>>"$work/server.err" &
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

serve_tls() { # AUTHORITY CERTIFICATE: a bot that trusts AUTHORITY, a server with CERTIFICATE
    serve --cert "$top/$2.pem" --key "$top/$2.key"
    url=https://localhost:$port
    settings="ca_file = \"$top/$1.pem\""
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

state() { # PATH: a value of what the server counts
    http "$url/control/state" >"$work/state"
    pick "$work/state" "SELECT coalesce(json_extract(j, '\$.$1'), 0) FROM d"
}

requests() { # ROUTE: how often the bot asked for it, "POST /posts"
    state "bot_requests.\"$1\""
}

asked_for() { # how many requests the bot made since the counters were reset
    state bot_requests >"$work/asked"
    pick "$work/asked" "SELECT coalesce(sum(value), 0) FROM d, json_each(d.j)"
}

counts() { # PATH NUMBER: the server has counted that many
    [ "$(state "$1")" -ge "$2" ]
}

over() { # TIME: in seconds, as of date +%s
    [ "$(date +%s)" -ge "$1" ]
}

# ---- people ----

api() { # NAME METHOD PATH [BODY]
    case $1 in
    user[0-9]*) key=user-${1#user}-token ;;
    *) key=$1-token ;;
    esac
    http -H "Authorization: Bearer $key" -X "$2" ${4+--data-binary "$4"} "$url/api/v4$3" || :
}

known() { # NAME COMMAND...: the id in what the command prints; asked for once
    at=$work/id.$1
    shift
    if [ ! -s "$at" ]; then
        "$@" >"$at.json"
        pick "$at.json" "SELECT json_extract(j, '\$.id') FROM d" >"$at"
    fi
    cat "$at"
}

id_of() { # NAME: of a person or of the bot, "kizuki"
    if [ "$1" = kizuki ]; then
        known kizuki api admin GET /users/username/kizuki
    else
        known "$1" api "$1" GET /users/me
    fi
}

channel_id() { # CHANNEL
    case $1 in
    @*) known "$1" api "${1#@}" POST /channels/direct "[\"$(id_of kizuki)\",\"$(id_of "${1#@}")\"]" ;;
    office | general) known "$1" api admin GET "/teams/name/kizuki/channels/name/$1" ;;
    *) echo "$1" ;;
    esac
}

members() { # NAME VALUE...: the members of an object, all of them strings
    m=
    while [ $# -gt 1 ]; do
        m="$m${m:+,}\"$1\":\"$2\""
        shift 2
    done
    echo "$m"
}

say() { # NAME TEXT [CHANNEL] [ROOT]: over REST; sets said to the post's id
    api "$1" POST /posts "{$(members channel_id "$(channel_id "${3:-@$1}")" message "$2" root_id "${4-}")}" \
        >"$work/said"
    said=$(pick "$work/said" "SELECT json_extract(j, '\$.id') FROM d")
    [ ${#said} = 26 ] || fail "$1 could not say $2: $(cat "$work/said")"
}

tell() { # NAME TEXT [CHANNEL] [ROOT]: the same past all faults and limits of REST
    control raw_post "$(members user "$1" text "$2" channel "$(channel_id "${3:-@$1}")" root_id "${4-}")"
    said=$(pick "$work/controlled" "SELECT json_extract(j, '\$.id') FROM d")
}

react() { # NAME POST EMOJI
    api "$1" POST /reactions "{$(members user_id "$(id_of "$1")" post_id "$2" emoji_name "$3")}" \
        >"$work/reacted"
    grep -q create_at "$work/reacted" || fail "$1 could not react: $(cat "$work/reacted")"
}

unreact() { # NAME POST EMOJI
    api "$1" DELETE "/users/me/posts/$2/reactions/$3" >"$work/reacted"
    grep -q OK "$work/reacted" || fail "$1 could not take back a reaction: $(cat "$work/reacted")"
}

# ---- what the bot said ----

posts_of() { # NAME CHANNEL COLUMN: its posts there, oldest first; of one, p.value is the JSON
    api admin GET "/channels/$(channel_id "$2")/posts?since=1" >"$work/posts"
    pick "$work/posts" "SELECT $3 FROM d, json_each(d.j, '\$.order') o, json_each(d.j, '\$.posts') p
        WHERE p.key = o.value AND json_extract(p.value, '\$.user_id') = '$(id_of "$1")'
        AND json_extract(p.value, '\$.delete_at') = 0 ORDER BY o.key DESC"
}

texts() { # CHANNEL: what the bot said there
    posts_of kizuki "$1" "json_extract(p.value, '\$.message')"
}

sent_in() { # CHANNEL: the number of posts of the bot
    posts_of kizuki "$1" p.key | wc -l
}

said_in() { # CHANNEL NUMBER: so many posts of the bot
    [ "$(sent_in "$1")" = "$2" ]
}

last_in() { # CHANNEL: the bot's newest post there
    posts_of kizuki "$1" p.key | tail -n 1
}

codes() { # CHANNEL: of its answers, each in its place
    echo $(texts "$1" | sed -n 's/^\*\*\([KST]-[0-9]*\)\*\*.*/\1/p')
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

configure() {
    printf %s "$token" >"$work/token"
    chmod 600 "$work/token"
    cat >"$work/config" <<X
database = "$work/k.db"
log_format = "json"
log_level = "debug"
$settings
mattermost fake { url = "$url" token_file = "$work/token" max_answers_a_minute = 1000 $section }
X
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

finish() { # what holds after every case
    [ -z "$bot" ] || stop
    [ "$(state duplicates)" = 0 ] || fail "a message was sent twice"
    [ "$(state unknown_routes)" = 0 ] || fail "no server has $(state unknown_route)"
    [ ! -s "$work/server.err" ] || fail "the server says: $(cat "$work/server.err")"
    ! grep -q 'bot-token' "$work/log" || fail "a token in the log"
}
