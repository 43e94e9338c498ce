/*
 * The way in: envelopes in order, waiting for their turn. Drops what is not for us, turns the rest
 * into events, keeps everything until it is committed, and acknowledges it then.
 */
#ifndef KIZUKI_BOT_SLACK_INTAKE_H
#define KIZUKI_BOT_SLACK_INTAKE_H

#include <stdbool.h>

#include "bot/slack/socket.h"
#include "bot/slack/wire.h"
#include "store/store.h"

struct slack;
struct slack_intake;

struct slack_intake *slack_intake_create(struct slack *s);
void slack_intake_destroy(struct slack_intake *in);

/* An envelope that came on that connection; everything is copied. */
void slack_intake_frame(struct slack_intake *in, const struct slack_frame *f, slack_link_id link);

/* What was read back. False where there is no room for it. */
bool slack_intake_message(struct slack_intake *in, const struct slack_message *m);
bool slack_intake_reaction(struct slack_intake *in, const struct slack_reaction *r);
/* Everything before this is committed: what is to be missed begins later than that. */
void slack_intake_cursor(struct slack_intake *in, const struct store_cursor *cursor);

/* Something that events waited for may be there now. */
void slack_intake_wake(struct slack_intake *in);

/* As in struct workspace_ops. */
int slack_intake_hand_in(struct slack_intake *in, bool one) WARN_UNUSED;
size_t slack_intake_committed(struct slack_intake *in, int rc);
/* As workspace.h's alarm. */
void slack_intake_alarm(struct slack_intake *in);

#endif
