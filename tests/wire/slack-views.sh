#!/bin/sh
# The home tab, the forms and the slash command: published when it is looked at or changes and not
# otherwise, opened in time, answered where only the person sees it.
set -eu
bin=$1
. tests/support/wire-slack.sh

begin() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
}

open_home() {
    control open_home "$(members user "${1:-hanako}")"
    quiet
}

published_times() { # NUMBER [NAME]
    quiet
    [ "$(published "${2:-hanako}")" = "$1" ] || fail "published $(published "${2:-hanako}") times, expected: $1"
}

# ---- the home tab ----

home() {
    begin
    published_times 0 # whoever never looks at it costs nothing
    open_home
    published_times 1
    home_of hanako | grep -q 'まだ分かりません' || fail "shows: $(home_of hanako)"
    open_home
    open_home
    published_times 1 # nothing has changed
    say hanako K-002
    published_times 1
    say hanako 診断
    published_times 2
    control click '"user":"hanako","action":"pick","value":"2"'
    published_times 3
    home_of hanako | grep -q '1問に答えています' || fail "shows: $(home_of hanako)"
    say hanako English
    published_times 4
    home_of hanako | grep -q 'Settings' || fail "not in English: $(home_of hanako)"
    # Nobody else's changes with it; another tab is none of it.
    open_home taro
    published_times 1 taro
    control open_home '"user":"john","tab":"messages"'
    published_times 0 john
    say taro 診断
    published_times 2 taro
    published_times 4
    # After a restart it is known what it shows.
    stop
    start
    open_home
    published_times 4
    say hanako 日本語
    published_times 5
}

# Its buttons do what the words do, by direct message, once.
home_buttons() {
    begin
    open_home
    control press_home "$(members user hanako label "$(home_words | head -n 1)")"
    quiet
    last_text @hanako | grep -q '1/4' || fail "not asked: $(last_text @hanako)"
    posts=$(sent_in @hanako)
    control press_home '"user":"hanako","label":"ヘルプ","double":true'
    quiet
    said_in @hanako $((posts + 1)) || fail "$(sent_in @hanako) messages"
    # Of somebody who never said a word.
    open_home taro
    control press_home '"user":"taro","label":"ヘルプ"'
    quiet
    last_text @taro | grep -q 'できること' || fail "no answer to taro: $(last_text @taro)"
}

home_words() {
    http "$url/control/home?user=hanako" >"$work/home"
    pick "$work/home" "SELECT json_extract(e.value, '\$.text.text') FROM d, json_each(d.j, '\$.blocks') b,
        json_each(b.value, '\$.elements') e WHERE json_extract(e.value, '\$.type') = 'button'"
}

# ---- forms ----

form_is_open() { # NAME PATTERN
    modal "$1" v.value | grep -q "$2"
}

closed() { # NAME
    [ -z "$(modal "$1" v.value)" ]
}

submit() { # NAME VALUES [more members]
    control submit "$(members user "$1"),\"values\":{$2}"
    quiet
}

settings_form() {
    begin
    open_home
    control press_home '"user":"hanako","label":"設定を変える"'
    await form_is_open hanako '"f:lang"'
    submit hanako '"f:lang":"f:en"'
    closed hanako || fail "still open: $(cat "$work/views")"
    last_text @hanako | grep -q "I'll speak English" || fail "no word: $(last_text @hanako)"
    home_of hanako | grep -q Settings || fail "the page does not show it"
    # Closed without a change, and handed in without a change.
    posts=$(sent_in @hanako)
    control press_home '"user":"hanako","label":"change settings"'
    await form_is_open hanako '"f:lang"'
    control close_view '"user":"hanako"'
    control press_home '"user":"hanako","label":"change settings"'
    await form_is_open hanako '"f:lang"'
    submit hanako '"f:lang":"f:en"'
    last_text @hanako | grep -q 'stay as they were' || said_in @hanako "$posts" || fail "said: $(last_text @hanako)"
    [ "$(db 'SELECT lang FROM person')" = en ] || fail "language: $(db 'SELECT lang FROM person')"
}

report='"f:what":"f:link","f:when":"9:30","f:reach":"内線 123"'

incident_form() {
    begin
    say hanako 報告フォーム
    quiet
    click hanako 報告フォーム
    await form_is_open hanako '"f:details"'
    # An empty description is told at the field, and what was written stays.
    submit hanako "$report,\"f:details\":\"  \""
    errors=$(modal hanako "json_extract(v.value, '\$.errors')")
    case $errors in
    '{"f:details":"'*'"}') ;;
    *) fail "errors: $errors" ;;
    esac
    posts=$(sent_in @hanako)
    submit hanako '"f:details":"メールの <!channel> を *開いた* & 入力\nした <@U0TARO001>"'
    closed hanako || fail "still open"
    said_in @hanako $((posts + 2)) || fail "$(sent_in @hanako) messages"
    copy=$(texts @hanako | tail -n 30)
    for part in '9：30' '内線 123' '＜！channel＞' '入力'; do
        echo "$copy" | grep -q "$part" || fail "no $part in the copy: $copy"
    done
    http "$url/control/sent" >"$work/sent"
    ! grep -q '<!channel>\|<@U0TARO' "$work/sent" || fail "the copy is live"
}

# Handed in twice by a nervous finger, or again because the first answer was lost.
submitted_twice() {
    pardoned=acked_again
    begin
    say hanako 報告フォーム
    quiet
    click hanako 報告フォーム
    await form_is_open hanako '"f:details"'
    control double_envelopes
    posts=$(sent_in @hanako)
    submit hanako "$report,\"f:details\":\"何か\""
    said_in @hanako $((posts + 2)) || fail "$(sent_in @hanako) messages"
    closed hanako || fail "still open"
}

# The store is slow: an empty form first, since the trigger does not wait; then the real one.
loading() {
    pardoned=acked_late
    begin
    say hanako 設定
    quiet
    prlimit --pid "$bot" --fsize="$(wc -c <"$work/k.db-wal"):unlimited"
    click hanako 設定を変える
    await form_is_open hanako plain_text
    ! form_is_open hanako '"f:lang"' || fail "it was not slow"
    prlimit --pid "$bot" --fsize=unlimited:unlimited
    await form_is_open hanako '"f:lang"'
    [ "$(modal hanako "json_extract(v.value, '\$.updates')")" = 1 ] || fail "opened at once"
    submit hanako '"f:lang":"f:en"'
    last_text @hanako | grep -q "I'll speak English" || fail "no word: $(last_text @hanako)"
}

# Too late: nothing is opened, and the log says so; the words still work.
expired() {
    begin
    say hanako 設定
    quiet
    control set '"trigger_ms":1'
    click hanako 設定を変える
    await logs 'a form could not be shown.*expired_trigger_id'
    control set '"trigger_ms":3000'
    click hanako 設定を変える
    await form_is_open hanako '"f:lang"'
    control close_view '"user":"hanako"'
    # Whatever goes wrong with opening it, it is not opened twice, nor much later.
    for kind in html drop_before drop_after 'slow "ms":4000' 'status "status":429,"retry_after":5'; do
        members=${kind#"${kind%% *}"}
        opened=$(requests views.open)
        control http_fault "$(members kind "${kind%% *}" path /api/views.open)${members:+,$members}"
        before=$(logged 'a form could not be shown')
        click hanako 設定を変える
        await logs 'a form could not be shown' $((before + 1))
        say hanako K-002
        quiet
        [ "$(requests views.open)" -le $((opened + 1)) ] || fail "$kind: opened again"
        control clear_faults
        closed hanako || control close_view '"user":"hanako"'
    done
    pardoned=impatient
}

# A form of somebody else's, or of another age.
strange_forms() {
    begin
    for view in '{"id":"V1","callback_id":"f:rocket","state":{"values":{}}}' \
        '{"id":"V2","callback_id":"","state":{"values":{}}}' \
        '{"id":"V3","callback_id":"f:settings","state":{"values":{"f:lang":{"option":{"type":"radio_buttons","selected_option":{"value":"f:klingon"}}}}}}' \
        '{"id":"V4","callback_id":"f:settings","state":{"values":{}}}' \
        '{"id":"V5","callback_id":"f:incident","state":{"values":{"f:details":{"text":{"type":"plain_text_input","value":null}}}}}'; do
        acked=$(state acked)
        control send_envelope "\"type\":\"interactive\",\"payload\":{\"type\":\"view_submission\",\"user\":{\"id\":\"U0HANAKO1\",\"team_id\":\"T0KIZUKI1\"},\"team\":{\"id\":\"T0KIZUKI1\"},\"view\":$view}"
        await counts acked $((acked + 1))
    done
    pardoned=bad_ack_payloads # the server does not know what was handed in
    [ "$(db 'SELECT lang FROM person')" = ja ] || fail "a language was set"
    say hanako K-002
    expect @hanako 'K-001 K-002'
}

# ---- /kizuki ----

heard() { # TIMES PATTERN: whispered in the office
    await whispered office hanako "$2" "$1"
}

told() { # CHANNEL: anything
    [ -n "$(whispers "$1" hanako)" ]
}

slash_command() {
    begin
    # In the direct conversation as if it was typed.
    slash hanako K-002
    expect @hanako 'K-001 K-002'
    # In a channel for the person's eyes, by the address that comes with it.
    slash hanako K-003 office
    heard 1 '^\*K-003\*'
    slash hanako ヘルプ general
    quiet
    [ -n "$(whispers general hanako)" ] || fail "no help"
    said_in office 0 && said_in general 0 || fail "said aloud"
    [ -z "$(whispers office taro)" ] || fail "whispered to others"
    # What is personal comes by direct message.
    slash hanako 診断 office
    quiet
    last_text @hanako | grep -q '1/4' || fail "not asked: $(last_text @hanako)"
    ! whispers office hanako | grep -q '1/4' || fail "asked in the channel"
    heard 1 'ダイレクトメッセージ'
    # Without words; and where the bot is not.
    slash hanako '' office
    control make_channel '"name":"elsewhere","members":["hanako"]'
    slash hanako K-004 elsewhere
    await told elsewhere
    control make_channel '"name":"secret","private":true,"members":["hanako"]'
    slash hanako K-005 secret
    await told secret
    quiet
    [ "$(state response_url_posts)" -ge 5 ] || fail "$(state response_url_posts) answers at addresses"
    # Twice the same is said twice: nobody types by accident.
    slash hanako K-003 office
    heard 2 '^\*K-003\*'
}

# The first word somebody ever says.
first_word() {
    serve
    start
    slash taro K-001 office
    await whispered office taro '^\*K-001\*' 1
    slash john K-002
    quiet
    echo "$(texts @john)$(whispers @john john)" | grep -q 'K-002' || fail "no answer: $(cat "$work/posts")"
}

# The address is gone with the process: by an ephemeral message, or directly where the bot is not.
after_restart() {
    begin
    control make_channel '"name":"elsewhere","members":["hanako"]'
    for place in office elsewhere; do
        control http_fault '"kind":"html","times":-1,"path":"/commands/"'
        slash hanako K-00$([ $place = office ] && echo 2 || echo 3) $place
        await took_all
        ! owes_nothing || fail "nothing is owed"
        stop
        control clear_faults
        start
        await owes_nothing
    done
    whispers office hanako | grep -q '^\*K-002\*' || fail "not whispered: $(cat "$work/posts")"
    [ "$(requests chat.postEphemeral)" = 2 ] || fail "$(requests chat.postEphemeral) ephemeral ones"
    expect @hanako 'K-001 K-003'
    said_in office 0 || fail "said aloud"
}

# Used up and out of date.
worn_address() {
    begin
    control http_fault '"kind":"status","status":404,"body":"used_url","path":"/commands/"'
    slash hanako K-002 office
    heard 1 '^\*K-002\*'
    [ "$(requests chat.postEphemeral)" = 1 ] || fail "not by an ephemeral message"
}

together home home_buttons settings_form incident_form submitted_twice loading expired strange_forms \
    slash_command first_word after_restart worn_address
