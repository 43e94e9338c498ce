/*
 * A picture shown in a conversation: asked for an address, uploaded, shared. Its id is written down
 * before anybody can see it, so that an unknown outcome can be looked up.
 */
#ifndef KIZUKI_BOT_SLACK_PICTURE_H
#define KIZUKI_BOT_SLACK_PICTURE_H

#include "bot/slack/private.h"
#include "store/store.h"

struct slack_picture;

/* `done` is called once, later. The row must live until then. */
struct slack_picture *slack_picture(struct slack *s, const struct store_out *row,
                                    const char *channel, const char *thread,
                                    void (*done)(void *ctx, bool shown, const char *why),
                                    void *ctx);
/* Frees it without a callback; to be called after slack_api_destroy only. NULL is fine. */
void slack_picture_forget(struct slack_picture *p);

#endif
