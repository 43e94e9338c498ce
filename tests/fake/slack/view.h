/* Modals and home tabs, and the trigger ids that open them. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_VIEW_H
#define KIZUKI_TESTS_FAKE_SLACK_VIEW_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "tests/fake/slack/world.h"

#define TRIGGER_MAX 80
#define STACK_MAX   3

struct server;
struct web;

struct view {
    struct view *next; /* of all there ever were */
    char id[ID_MAX];
    struct user *user;
    struct view *below; /* of a modal in a stack */
    cJSON *json;        /* as given, filled in */
    cJSON *state;       /* block_id: action_id: what was put in */
    cJSON *errors;      /* block_id: text; NULL: none */
    char hash[32];
    bool is_home;
    bool open;
    size_t n_updates;
};

/* As Slack shows it. `values` is copied into its state; NULL: none. */
cJSON *view_json(const struct view *v, const cJSON *values);

struct view *view_find(const struct server *sv, const char *id);

/* They take the JSON over, which is good. */
struct view *view_open(struct server *sv, struct user *u, cJSON *json, bool on_top);
void view_set(struct server *sv, struct view *v, cJSON *json);
void view_publish(struct server *sv, struct user *u, cJSON *json);
void view_close(struct view *v); /* the one on top; what is below shows again */
void view_close_all(struct user *u);

/* The error, or NULL with *ret_user whose trigger it is; it is used up. */
const char *trigger_take(struct server *sv, const char *id, struct user **ret_user);
void trigger_make(struct server *sv, struct user *u, char out[TRIGGER_MAX]);

void view_free_all(struct server *sv);

#endif
