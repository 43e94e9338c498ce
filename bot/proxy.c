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
    bool v6 = *host == '[';
    host += v6;
    size_t host_n = strcspn(host, v6 ? "]" : ":/");
    for (const char *p = environment("no_proxy", "NO_PROXY"); *p;) {
        size_t n = strcspn(p, ", ");
        if (covers(p, n, host, host_n)) {
            return true;
        }
        p += n + strspn(p + n, ", ");
    }
    return false;
}

const char *proxy_describe(struct arena *a, const char *configured, const char *url) {
    const char *why;
    const char *proxy = proxy_find(configured, &why);
    if (!*proxy) {
        return *configured ? "none, as key 'proxy' says" : "none";
    }
    if (proxy_skips(configured, url)) {
        return "skipped: NO_PROXY names the server's host";
    }
    const char *at = strrchr(proxy, '@'); /* user and password stand in front of it */
    return arena_printf(a, "%.200s, from %s", at ? at + 1 : proxy + strlen("http://"),
                        *configured ? "key 'proxy'" : "HTTPS_PROXY");
}
