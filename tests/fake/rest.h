/*
 * REST: rest_handle does what a request asks for and leaves status and body. Handlers are found by
 * method and path.
 */
#ifndef KIZUKI_TESTS_FAKE_REST_H
#define KIZUKI_TESTS_FAKE_REST_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "tests/fake/server.h"

struct post;

void rest_init(struct call *c);
void rest_free(struct call *c);

/* Does the whole request. */
void rest_handle(struct call *c);

/* What is known of a request before its time comes: its pending_post_id is in flight. */
void rest_reserve(struct call *c);

/* ---- for handlers ---- */

void rest_error(struct call *c, int status, const char *id, const char *message);
void rest_forbidden(struct call *c);
void rest_bad_body(struct call *c, const char *what);
void rest_bad_param(struct call *c, const char *what);
void rest_ok(struct call *c); /* {"status":"OK"} */

/* A number of the query, or the default where it is missing or none. */
int64_t rest_query_int(const struct call *c, const char *name, int64_t otherwise);
bool rest_query(const struct call *c, const char *name, char *out, size_t size);

/* The user of a path part: "me" or an id. Answers 400, 404 itself and returns NULL. */
struct user *rest_user(struct call *c, const char *id);

/* The channel the caller is in. Answers 403, 404 itself and returns NULL. */
struct channel *rest_my_channel(struct call *c, const char *id);

/* ---- handlers, by the file they are in ---- */

void rest_ping(struct call *c);
void rest_config(struct call *c);
void rest_team_named(struct call *c);
void rest_team_member(struct call *c);
void rest_get_user(struct call *c);
void rest_get_user_named(struct call *c);
void rest_get_user_by_email(struct call *c);
void rest_list_users(struct call *c);
void rest_users_by_ids(struct call *c);
void rest_users_by_names(struct call *c);
void rest_patch_user(struct call *c);
void rest_get_status(struct call *c);
void rest_put_status(struct call *c);
void rest_statuses_by_ids(struct call *c);
void rest_typing(struct call *c);

void rest_my_teams(struct call *c);
void rest_my_team_channels(struct call *c);
void rest_my_team_memberships(struct call *c);
void rest_my_channels(struct call *c);
void rest_get_channel(struct call *c);
void rest_get_channel_named(struct call *c);
void rest_channel_member(struct call *c);
void rest_channel_members(struct call *c);
void rest_view_channel(struct call *c);
void rest_open_direct(struct call *c);
void rest_open_group(struct call *c);

void rest_create_post(struct call *c);
void rest_create_ephemeral(struct call *c);
void rest_patch_post(struct call *c);
void rest_delete_post(struct call *c);
void rest_get_post(struct call *c);
void rest_pin_post(struct call *c);
void rest_unpin_post(struct call *c);

void rest_channel_posts(struct call *c);
void rest_thread(struct call *c);

void rest_add_reaction(struct call *c);
void rest_upload(struct call *c);
void rest_attach_files(struct call *c, struct post *p);
void rest_remove_reaction(struct call *c);
void rest_get_reactions(struct call *c);
void rest_reactions_by_ids(struct call *c);

/* The routes with how often each was asked for, as a JSON object. */
void rest_put_counters(struct buf *b, const size_t counters[ROUTES_MAX]);

#endif
