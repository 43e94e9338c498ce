#include "bot/proxy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *environment(const char *lower, const char *upper) {
    const char *v = getenv(lower);
    v = v && *v ? v : getenv(upper);
    return v ? v : "";
}

const char *proxy_find(const char *configured, const char **why) {
    *why = NULL;
    if (strcmp(configured, "none") == 0) {
        return "";
    }
    const char *proxy = *configured ? configured : environment("https_proxy", "HTTPS_PROXY");
    if (*proxy && strncmp(proxy, "http://", 7) != 0) {
        *why = "only a proxy of the form http://HOST:PORT can be used; set \"proxy\" in the "
               "configuration to one, or to \"none\"";
        return "";
    }
    return proxy;
}

/* "example.com" and ".example.com" stand for the host and all below it; "*" for every host. */
static bool covers(const char *entry, size_t n, const char *host, size_t host_n) {
    if (n == 1 && *entry == '*') {
        return true;
    }
    if (n > 0 && *entry == '.') {
        entry++;
        n--;
    }
    return n > 0 && n <= host_n && strncasecmp(host + host_n - n, entry, n) == 0 &&
           (n == host_n || host[host_n - n - 1] == '.');
}

bool proxy_skips(const char *configured, const char *url) {
    if (*configured) {
        return false;
    }
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    size_t host_n = strcspn(host, ":/");
    for (const char *p = environment("no_proxy", "NO_PROXY"); *p;) {
        size_t n = strcspn(p, ", ");
        if (covers(p, n, host, host_n)) {
            return true;
        }
        p += n + strspn(p + n, ", ");
    }
    return false;
}
