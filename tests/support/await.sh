# For the scripts of tests/cli, which bring their own fail().
await() { # COMMAND...: until it succeeds, for at most a minute
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || fail "waited in vain for: $*"
        sleep 0.1
    done
}
