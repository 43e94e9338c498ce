#!/bin/sh
# What Slack, or a proxy before it, may answer to what goes with messages: changes of cards, the home
# tab, whispers, addresses and who people are. It is tried again or done without, and no answer
# hangs on it.
set -eu
bin=$1
. tests/support/wire-slack.sh

fault() { # METHOD or PATH, KIND [MEMBERS]
    case $1 in
    /*) path=$1 ;;
    *) path=/api/$1 ;;
    esac
    control http_fault "$(members kind "$2" path "$path")${3:+,$3}"
}

refusal() { # CODE: members of a fault
    echo "\"status\":200,\"body\":\"{\\\"ok\\\":false,\\\"error\\\":\\\"$1\\\"}\""
}

# A command for each kind of senseless answer; drop_after is a success nobody heard of.
each_kind() { # COMMAND METHOD
    for kind in html empty cut endless drop_before drop_after 'status "status":500' \
        'status "status":429,"retry_after":1' "status $(refusal internal_error)" \
        "status $(refusal ratelimited)"; do
        members=${kind#"${kind%% *}"}
        fault "$2" "${kind%% *}" "${members# }"
        $1 "$kind"
    done
}

# ---- cards ----

begin_questions() {
    serve
    start
    say hanako 診断
    quiet
}

clickable() { # NUMBER: so many cards
    n=$(posts_of kizuki @hanako "json_extract(p.value, '\$.blocks')" | grep -c '"pick"' || :)
    [ "$n" = "$1" ]
}

answer_first() { # WORD or "": by a word or by a click; and back to it for the next time
    if [ -n "$1" ]; then
        say hanako "$1"
    else
        control click '"user":"hanako","action":"pick","value":"1"'
    fi
    await has answer 1
    await clickable "${2:-0}"
    quiet
    clickable "${2:-0}" || fail "not ${2:-0} cards of it can be clicked"
    say hanako 戻る
    quiet
}

# Whenever a question is answered its card shows that, whatever it costs: changed by its id, or at
# the address that a click comes with.
cards() {
    begin_questions
    by_word() { answer_first 1; }
    each_kind by_word chat.update
}

clicked_cards() {
    begin_questions
    by_click() { answer_first ''; }
    each_kind by_click /actions/
    [ "$(state response_url_posts)" -ge 10 ] || fail "the address of the click is not used"
    changed=$(state updates_by_bot)
    for status in 403 404 410; do
        fault /actions/ status "\"status\":$status,\"body\":\"used_url\""
        answer_first ''
    done
    [ "$(state updates_by_bot)" -gt "$changed" ] || fail "not changed by its id"
}

# It cannot be changed any more: no matter.
cards_refused() {
    begin_questions
    for code in message_not_found cant_update_message edit_window_closed is_archived \
        channel_not_found block_mismatch; do
        control http_fault "$(members kind status path /api/chat.update),\"times\":9,$(refusal $code)"
        say hanako 1
        quiet
        control clear_faults
        say hanako 戻る
        quiet
    done
    [ "$(rows answer)" = 1 ] || fail "not answered"
    [ "$(logged '"level":"error"')" = 0 ] || fail "an alarm for a card"
    say hanako K-001
    expect @hanako K-001
}

ticks_are() { # NUMBER: the newest question shows that many
    [ "$(posts_of kizuki @hanako "$post_text" | grep -c '✓ [^「]')" = "$1" ]
}

# Reactions tick: the same question changes; where it cannot, it is asked anew.
ticks() {
    begin_questions
    control click '"user":"hanako","action":"pick","value":"1"'
    quiet
    posts=$(sent_in @hanako)
    question=$(last_in @hanako)
    n=0
    tick() {
        n=$((n + 1))
        case $((n % 2)) in
        1) react hanako "$question" two ;;
        0) unreact hanako "$question" two ;;
        esac
        await ticks_are $((n % 2))
        quiet
        said_in @hanako "$posts" || fail "$1: the question was asked again"
    }
    each_kind tick chat.update
    for code in message_not_found edit_window_closed; do
        fault chat.update status "$(refusal $code)"
        n=$((n + 1))
        question=$(last_in @hanako)
        react hanako "$question" "$([ $n = 11 ] && echo two || echo three)"
        posts=$((posts + 1))
        await said_in @hanako $posts
        quiet
    done
}

# ---- the home tab ----

home() {
    serve
    start
    open() {
        control open_home '"user":"hanako"'
        n=$((n + 1))
        quiet
        say hanako "$([ $((n % 2)) = 1 ] && echo English || echo 日本語)"
        quiet
        await home_is "$([ $((n % 2)) = 1 ] && echo Settings || echo 設定)"
        quiet
    }
    home_is() {
        home_of hanako | grep -q "$1"
    }
    n=0
    say hanako 日本語
    quiet
    each_kind open views.publish
    [ "$(rows outbox "kind = 'home' AND state <> 'sent'")" = 0 ] || fail "a page was given up"
}

home_refused() {
    serve
    control set '"no_home":true'
    start
    control open_home '"user":"hanako"'
    await logs '"level":"error".*the home tab cannot be shown.*not_enabled'
    say hanako K-001
    expect @hanako K-001
    control set '"no_home":false'
    control open_home '"user":"hanako"'
    say hanako 診断
    quiet
    await counts home.hanako 1
}

# ---- whispers ----

# The address of the command fails in every way: once it is heard in the channel in any case.
hook() {
    serve
    start
    n=0
    for kind in html empty cut drop_before 'status "status":500' 'status "status":404' \
        'status "status":410' 'status "status":429,"retry_after":1'; do
        n=$((n + 1))
        members=${kind#"${kind%% *}"}
        control http_fault "$(members kind "${kind%% *}" path /commands/)${members:+,$members}"
        slash hanako "K-00$n" office
        quiet
        whispers office hanako | grep -q "^\*K-00$n\*" || fail "$kind: $(cat "$work/posts")"
    done
    said_in office 0 || fail "said aloud"
}

# ---- where to, and who ----

# Somebody in a channel who never wrote directly: the answer needs an address first.
address() {
    serve
    start
    n=0
    greet() {
        n=$((n + 1))
        mention user$n 診断 general
        await has run $n
        quiet
        await said_in @user$n 2
    }
    for n in $(seq 1 12); do
        control join "\"channel\":\"general\",\"user\":\"user$n\""
    done
    n=0
    each_kind greet conversations.open
    [ "$(state duplicates)" = 0 ] || fail "said twice"
}

address_refused() {
    serve
    start
    mention guest K-001 general
    expect general K-001
    n=0
    for code in user_not_found user_disabled cannot_dm_bot; do
        n=$((n + 1))
        control join "$(members channel general user user$n)"
        fault conversations.open status "$(refusal $code)"
        mention user$n 診断 general
        await logs "a message cannot be sent.*conversations.open: $code"
        quiet
    done
    mention taro K-002 general
    expect general 'K-001 K-002'
}

# Nobody waits long for what is known of a person.
people() {
    serve
    start
    n=0
    ask_who() {
        n=$((n + 1))
        say user$n K-001
        expect @user$n K-001
    }
    each_kind ask_who users.info
    fault users.info status "$(refusal user_not_found)"
    ask_who
    fault users.info status '"status":200,"body":"{\"ok\":true,\"user\":[]}"'
    ask_who
    [ "$(state ack_timeouts)" = 0 ] || fail "acknowledged too late"
}

together cards clicked_cards cards_refused ticks home home_refused hook address address_refused people
