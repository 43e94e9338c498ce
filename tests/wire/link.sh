#!/bin/sh
# One person in Mattermost and Slack: a running bot gives another code each time, by direct message
# only, each is good for one, and what was begun on one side goes on at the other.
set -eu
bin=$1
. tests/support/wire-slack.sh

in_mattermost() { # COMMAND...: of wire-mm.sh, against that server
    (
        . tests/support/wire-mm.sh
        url=$mattermost_url
        "$@"
    )
}

serve_both() {
    serve
    slack_url=$url
    rm "$work/server"
    fake=$(dirname "$bin")/tests/fake/mattermost
    serve
    mattermost_url=$url
    url=$slack_url
    secret "$work/app" "$app_token"
    secret "$work/token" "$bot_token"
    secret "$work/mattermost" bot-token-0000000000000000
    write_config "slack one {
        api_url = \"$slack_url/api\" app_token_file = \"$work/app\" bot_token_file = \"$work/token\" }
    mattermost two {
        url = \"$mattermost_url\" token_file = \"$work/mattermost\" max_answers_a_minute = 1000 }"
}

start_both() {
    before=$(logged '"caught up"')
    launch
    await logs '"caught up"' $((before + 2))
}

slack_says() { # NAME TEXT
    texts "@$1" | grep -qF "$2"
}

mattermost_says() {
    in_mattermost texts "@$1" | grep -qF "$2"
}

say_mattermost() {
    in_mattermost say "$@"
}

code_for() { # NAME: the newest
    in_mattermost texts "@$1" | sed -n 's/^連携コードは \*\*\([0-9]* [0-9]*\)\*\*.*/\1/p' | tail -n 1
}

ask_code() { # NAME [CHANNEL]: sets code
    old=$(code_for "$1")
    say_mattermost "$1" "${2:+@kizuki }連携" ${2:+"$2"}
    await new_code "$1"
}

new_code() {
    code=$(code_for "$1")
    [ -n "$code" ] && [ "$code" != "$old" ]
}

last_used() { # PLATFORM: the person used that one last
    [ "$(db 'SELECT platform FROM identity ORDER BY used DESC LIMIT 1')" = "$1" ]
}

both() {
    serve_both
    start_both
    say_mattermost hanako 診断
    await mattermost_says hanako 1/4
    say_mattermost hanako 2
    await mattermost_says hanako 2/4
    ask_code hanako office
    await in_mattermost said_in office 1
    ! in_mattermost texts office | grep -q '[0-9]' || fail "a number in a channel"
    say hanako "連携 $code"
    await slack_says hanako つながりました
    await slack_says hanako 2/4
    ! slack_says hanako はじめまして || fail "introduced twice"
    has person 1 && has identity 2 && has link_code 0 || fail "not one person"
    await last_used slack
    say hanako 1,3
    await slack_says hanako 3/4
    say_mattermost hanako 確認
    await mattermost_says hanako 'Q2 日々の事務との関わり'
    await last_used mattermost
    # Nothing is written for the side that is used anyway.
    used=$(db 'SELECT group_concat(used) FROM identity')
    say_mattermost hanako 進捗
    await owes_nothing
    [ "$(db 'SELECT group_concat(used) FROM identity')" = "$used" ] || fail "used was written"
    # Once.
    say taro "連携 $code"
    await slack_says taro 使えませんでした
    first=$code
    ask_code hanako
    [ "$code" != "$first" ] || fail "the same code twice"
    say_mattermost hanako "連携 $code"
    await mattermost_says hanako 'ご自分で出したコードですか'
    # What is kept of a code is no code; the message that tells it and the one at hand aside.
    sqlite3 "$work/k.db" .dump | grep -v 'INSERT INTO outbox\|INSERT INTO session' >"$work/dump"
    grep -q 'INSERT INTO link_code' "$work/dump" || fail "no code is kept"
    ! grep -qF "$(echo "$code" | tr -d ' ')" "$work/dump" || fail "the code is kept"
    # The other side goes on alone.
    say hanako 連携をやめる
    await slack_says hanako 切り離しますか
    say hanako 1
    await slack_says hanako 切り離しました
    [ "$(rows person)" = 3 ] || fail "$(rows person) people" # hanako twice, and taro
    say_mattermost hanako 2
    say_mattermost hanako 確認
    await mattermost_says hanako 'Q3 ルールと委託先'
    in_mattermost check_server
}

# Killed as soon as the code is entered: it is taken once, and answered once.
killed() {
    serve_both
    start_both
    for name in hanako taro; do
        ask_code $name
        say $name "連携 $code"
        kill -9 "$bot"
        wait "$bot" 2>/dev/null || :
        start_both
        await slack_says $name つながりました
        await owes_nothing
        [ "$(sent_in @$name)" = 1 ] || fail "$(sent_in @$name) answers"
    done
    has person 2 && has identity 4 && has link_code 0 && has link_try 0 || fail "not two people"
    in_mattermost check_server
}

together both killed
