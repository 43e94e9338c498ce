/*
 * Events: their JSON, and whose sockets get them. Inner objects travel as strings holding JSON.
 */
#ifndef KIZUKI_TESTS_FAKE_EVENT_H
#define KIZUKI_TESTS_FAKE_EVENT_H

#include <stdbool.h>

#include "tests/fake/posts.h"
#include "tests/fake/session.h"
#include "tests/fake/world.h"

/* What happens to the bot's events on their way. */
struct event_gate {
    struct frame_queue held;
    bool hold;
    int double_times; /* so many events are sent twice; -1: all */
    struct frame *last_posted;
};

struct server;

void event_hello(struct server *sv, struct session *s);
void event_posted(struct server *sv, const struct post *p, const char *pending_id);
void event_post_edited(struct server *sv, const struct post *p);
void event_post_deleted(struct server *sv, const struct post *p);
void event_reaction(struct server *sv, const struct post *p, const struct user *u,
                    const char *emoji, int64_t create_at);
void event_opened_direct(struct server *sv, const struct channel *c, const struct user *creator);
void event_user_added(struct server *sv, const struct channel *c, const struct user *u);
void event_user_removed(struct server *sv, const struct channel *c, const struct user *u);
void event_channel_deleted(struct server *sv, const struct channel *c);
void event_left_team(struct server *sv, const struct user *u);
void event_new_user(struct server *sv, const struct user *u);
void event_user_updated(struct server *sv, const struct user *u);
void event_typing(struct server *sv, const struct channel *c, const struct user *u,
                  const char *parent_id);
void event_viewed(struct server *sv, const struct channel *c, struct user *u);

/* Sets the status and tells the user's own sockets when it changed. */
void event_status(struct server *sv, struct user *u, const char *status);

/* To every socket of the bot, past the gate. */
void event_push_to_bot(struct server *sv, struct frame *f);
void event_release(struct server *sv, bool reversed);
void event_gate_free(struct event_gate *g);

#endif
