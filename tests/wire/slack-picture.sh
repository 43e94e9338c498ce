#!/bin/sh
# A picture of the outbox goes behind its text, once, whatever is lost on the way; where Slack takes
# no picture, the text stands alone.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-slack.sh

owe() { # KEY [THREAD CHANNEL]: a message with a picture for hanako, with the bot away
    db "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel, thread, text,
        choices, question, due_ms, created_ms, picture, picture_alt)
        SELECT (SELECT max(ord) + 1 FROM outbox), '$1', person_id, platform, workspace, recipient,
        '${3-}', '${2-}', 'Bild $1', '', '', 0, strftime('%s', 'now') * 1000,
        x'89504e470d0a1a0a0000', '図: 3つの役割' FROM outbox ORDER BY ord LIMIT 1"
}

begin() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    stop
    shown=0
}

fault() { # PATH KIND [MEMBERS]
    control http_fault "$(members kind "$2" path "$1")${3:+,$3}"
}

pictures() { # of that channel, which message each stands behind
    echo $(posts_of kizuki "${1:-@hanako}" "CASE WHEN json_array_length(p.value, '\$.files') > 0
        THEN '+' ELSE json_extract(p.value, '\$.text') END" | sed -n '/^Bild /s///p;/^+$/p')
}

send() { # KEY: with what was made to go wrong
    owe "$1"
    start
    await owes_nothing
    stop
    [ "$(db "SELECT state FROM outbox WHERE key = '$1'")" = sent ] || fail "$1: not sent"
}

are() { # PICTURES
    [ "$(pictures)" = "$1" ] || fail "pictures: $(pictures), expected: $1"
}

good() {
    begin
    send a
    are 'a +'
    send b
    are 'a + b +'
    [ "$(state files)" = 2 ] && [ "$(state files_shared)" = 2 ] || fail "$(cat "$work/state")"
    http "$url/control/messages?channel=@hanako" >"$work/posts"
    grep -q '"size":10' "$work/posts" || fail "not the bytes"
    say hanako 話題 general
    owe c "$said" C0GENERAL
    start
    await owes_nothing
    [ "$(pictures general)" = 'c +' ] || fail "not in the channel: $(pictures general)"
    threads=$(posts_of kizuki general "json_extract(p.value, '\$.thread_ts')" | sort -u)
    [ "$threads" = "$said" ] || fail "not in its thread"
}

# Every step fails once in every way.
each_kind() { # PATH
    begin
    expected=
    for kind in html empty cut drop_before drop_after 'status "status":500' \
        'status "status":429,"retry_after":1'; do
        members=${kind#"${kind%% *}"}
        fault "$1" "${kind%% *}" "${members# }"
        key=$(echo "$kind" | tr -dc 'a-z0-9')
        send $key
        expected="$expected $key +"
        are "${expected# }"
    done
}

address() { each_kind /api/files.getUploadURLExternal; }
bytes() { each_kind /upload/; }
sharing() { each_kind /api/files.completeUploadExternal; }

# Sharing is told later than anybody waits, or its answer is lost and so is the first look.
looked_for() {
    begin
    fault /api/files.completeUploadExternal drop_after
    fault /api/files.info html
    fault /api/files.info drop_after '"after":1'
    send a
    are 'a +'
    fault /api/files.completeUploadExternal slow_after '"ms":17000'
    send b
    are 'a + b +'
}

# Stopped or killed between the steps.
restarted() {
    begin
    fault /api/files.completeUploadExternal slow_after '"ms":60000'
    owe a
    start
    await counts files_shared 1
    kill -9 "$bot"
    wait "$bot" 2>/dev/null || :
    control restart
    start
    await owes_nothing
    are 'a +'
    stop
    fault /upload/ slow_after '"ms":60000'
    owe b
    start
    await counts 'requests."files.getUploadURLExternal"' 2
    await counts posts_by_bot 5
    stop
    control restart
    start
    await owes_nothing
    are 'a + b +'
}

# Slack does not want it: the text is there, and the log says why.
refused() {
    begin
    expected=
    n=0
    for path in /api/files.getUploadURLExternal /api/files.completeUploadExternal; do
        for code in file_upload_size_restricted not_in_channel missing_scope invalid_arguments; do
            n=$((n + 1))
            fault $path status "\"status\":200,\"body\":\"{\\\"ok\\\":false,\\\"error\\\":\\\"$code\\\"}\""
            send $n
            expected="$expected $n"
            are "${expected# }"
            logs "a picture cannot be sent; its text is.*$code" || fail "no word of $code"
        done
    done
    fault /upload/ status '"status":413,"times":-1'
    send big
    are "${expected# } big"
    [ "$(logged 'a picture cannot be sent')" = 9 ] || fail "not said once each"
    control clear_faults
    send last
    are "${expected# } big last +"
}

# Without the right to look nobody knows whether it is there: not a second one.
unseen() {
    begin
    control missing_scope '"name":"files:read"'
    fault /api/files.completeUploadExternal drop_after
    send a
    are 'a +'
}

together good address bytes sharing looked_for restarted refused unseen
