# For the scripts of tests/wire that talk with the bot in Slack; see wire.sh. To be read with
# bin=KIZUKI set. A channel is "@hanako" (the bot's direct one with her), "office", "general" or an
# id. Texts are put into JSON as they are, and escaped by the server as by a client.
[ -n "${top-}" ] || . tests/support/wire.sh
fake=$(dirname "$bin")/tests/fake/slack/slack
as_usual='--manifest bot/slack/manifest.yaml' # the rights that people give it
bot_token=xoxb-000000000000-000000000000-kizuki
app_token=xapp-1-A0KIZUKI1-000000000000-kizuki
secrets='xoxb-[0-9]\|xapp-[0-9]\|ticket=\|/actions/\|/commands/\|/upload/'
all_requests=requests
post_text="json_extract(p.value, '\$.text')"
post_id="json_extract(p.value, '\$.ts')"

# ---- people ----

say() { # NAME TEXT [CHANNEL] [THREAD]: sets said to the message's ts
    control say "$(members user "$1" text "$2" channel "${3:-@$1}" thread_ts "${4-}")"
    said=$(controlled ts)
}

mention() { # NAME TEXT CHANNEL [THREAD]
    control mention "$(members user "$1" text "$2" channel "$3" thread_ts "${4-}")"
    said=$(controlled ts)
}

react() { # NAME TS EMOJI
    control react "$(members user "$1" ts "$2" emoji "$3")"
}

unreact() { # NAME TS EMOJI
    control unreact "$(members user "$1" ts "$2" emoji "$3")"
}

click() { # NAME LABEL [TS]: a button or an option in the newest message that has it, or in that one
    control click "$(members user "$1" label "$2")${3:+,$(members ts "$3")}"
}

slash() { # NAME TEXT [CHANNEL]
    control command "$(members user "$1" text "/kizuki $2" channel "${3:-@$1}")"
}

found() { # NAME MEMBER: id, or channel: of the direct conversation
    control find_user "$(members user "$1")"
    controlled "$2"
}

# ---- what there is ----

posts_of() { # NAME CHANNEL COLUMN: its messages for all, oldest first; of one, p.value is the JSON
    http "$url/control/messages?channel=$2" >"$work/posts"
    pick "$work/posts" "SELECT $3 FROM d, json_each(d.j) p
        WHERE json_extract(p.value, '\$.name') = '$1' AND json_extract(p.value, '\$.only') IS NULL
        AND json_extract(p.value, '\$.deleted') IS NULL"
}

whispers() { # CHANNEL NAME: what only that person saw there
    http "$url/control/messages?channel=$1" >"$work/posts"
    pick "$work/posts" "SELECT $post_text FROM d, json_each(d.j) p
        WHERE json_extract(p.value, '\$.only') = '$2'"
}

whispered() { # CHANNEL NAME PATTERN NUMBER: so many lines of it
    [ "$(whispers "$1" "$2" | grep -c "$3")" = "$4" ]
}

home_of() { # NAME: the texts of the page
    http "$url/control/home?user=$1" >"$work/home"
    pick "$work/home" "SELECT json_extract(b.value, '\$.text.text') FROM d,
        json_each(d.j, '\$.blocks') b WHERE json_extract(b.value, '\$.text.text') <> ''"
}

published() { # NAME: how often
    state "home.$1"
}

modal() { # NAME COLUMN: of the view on top, v.value is the JSON
    http "$url/control/views" >"$work/views"
    pick "$work/views" "SELECT $2 FROM d, json_each(d.j) v
        WHERE json_extract(v.value, '\$.user') = '$1' AND json_extract(v.value, '\$.on_top')"
}

# ---- the bot ----

took_all() { # of what the server has for it
    [ "$(state under_way)" = 0 ]
}

quiet() { # all that happened is stored and all that is owed is said
    await took_all
    await owes_nothing
}

configure() {
    secret "$work/app" "$app_token"
    secret "$work/token" "$bot_token"
    write_config "slack fake {
        api_url = \"$url/api\" app_token_file = \"$work/app\" bot_token_file = \"$work/token\"
        max_answers_a_minute = 1000 $section }"
}

check_server() {
    for bad in unknown bad_blocks bad_frames bad_ack_payloads acked_again acked_elsewhere \
        acked_unknown acked_late impatient; do
        [ $bad = "$pardoned" ] || [ "$(state $bad)" = 0 ] || fail "the server counts $bad: $(cat "$work/state")"
    done
}
