# For the scripts of tests/wire that talk with the bot in Mattermost; see wire.sh. To be read with
# bin=KIZUKI set. A channel is "@hanako" (the bot's direct one with her), "office" or "general".
# Texts are put into JSON as they are.
[ -n "${top-}" ] || . tests/support/wire.sh
fake=$(dirname "$bin")/tests/fake/mattermost
as_usual=
token=bot-token-0000000000000000
secrets=bot-token
all_requests=bot_requests
post_text="json_extract(p.value, '\$.message')"
post_id=p.key

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

# ---- the bot ----

posts_of() { # NAME CHANNEL COLUMN: its posts there, oldest first; of one, p.value is the JSON
    api admin GET "/channels/$(channel_id "$2")/posts?since=1" >"$work/posts"
    pick "$work/posts" "SELECT $3 FROM d, json_each(d.j, '\$.order') o, json_each(d.j, '\$.posts') p
        WHERE p.key = o.value AND json_extract(p.value, '\$.user_id') = '$(id_of "$1")'
        AND json_extract(p.value, '\$.delete_at') = 0 ORDER BY o.key DESC"
}

configure() {
    secret "$work/token" "$token"
    write_config "mattermost fake {
        url = \"$url\" token_file = \"$work/token\" max_answers_a_minute = 1000 $section }"
}

check_server() {
    [ "$(state unknown_routes)" = 0 ] || fail "no server has $(state unknown_route)"
}
