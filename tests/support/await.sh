# For the scripts of tests/cli and tests/wire, which bring their own fail().
# COMMAND...: until it succeeds. Looks every $pause seconds (0.1), at most $patience times (600).
# A comparison is refused: what it compares is read before the first look and never again.
await() {
    [ "$1" != '[' ] || fail "awaits what cannot change: $*"
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt "${patience:-600}" ] || fail "waited in vain for: $*"
        sleep "${pause:-0.1}"
    done
}
