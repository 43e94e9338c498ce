/* Which proxy, if any, leads to a server: found once, for websocket and HTTP alike. */
#ifndef KIZUKI_BOT_PROXY_H
#define KIZUKI_BOT_PROXY_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * The proxy of the configuration ("none" for none), else HTTPS_PROXY or https_proxy of the
 * environment; "" for none. Only http:// proxies are spoken with; *why is set for another one.
 */
const char *proxy_find(const char *configured, const char **why);

/* Whether NO_PROXY or no_proxy takes the host of this URL out; a configured proxy is for all. */
bool proxy_skips(const char *configured, const char *url);

/* Which proxy leads to this URL, and who says so; for people, without the proxy's password. */
const char *proxy_describe(struct arena *a, const char *configured, const char *url);

#endif
