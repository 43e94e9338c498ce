/*
 * What the app may do in a workspace, and what for: the same list as in manifest.yaml, which is
 * what people give the app, so both are compared by a test. A method or event that is not here is
 * not used.
 */
#ifndef KIZUKI_BOT_SLACK_SCOPES_H
#define KIZUKI_BOT_SLACK_SCOPES_H

#include <stdbool.h>
#include <stddef.h>

struct slack_scope {
    const char *name;
    const char *purpose; /* "to …" */
    bool desk;           /* needed only where there is a desk; a comment in the manifest */
};

/* A method of the Web API, an event or a feature, and the scope it needs; "" for none. */
struct slack_use {
    const char *name;
    const char *scope;
};

#define SLACK_APP_SCOPE "connections:write" /* of the app token, and the only one it has */

extern const struct slack_scope slack_scopes[];
extern const size_t slack_n_scopes;
extern const struct slack_use slack_methods[];
extern const size_t slack_n_methods;
extern const struct slack_use slack_events[]; /* what the app is told */
extern const size_t slack_n_events;

#endif
