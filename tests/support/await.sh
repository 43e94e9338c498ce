# For the scripts of tests/cli and tests/wire, which bring their own fail().
await() { # COMMAND...: until it succeeds, for at most a minute, or $patience times 0.1 s
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt "${patience:-600}" ] || fail "waited in vain for: $*"
        sleep 0.1
    done
}
