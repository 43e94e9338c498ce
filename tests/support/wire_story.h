/*
 * What a conversation left: stored rows as lines that are equal wherever it was held, and the posts
 * people see, which must be what the outbox says.
 */
#ifndef KIZUKI_TESTS_SUPPORT_WIRE_STORY_H
#define KIZUKI_TESTS_SUPPORT_WIRE_STORY_H

#include "base/buf.h"
#include "tests/support/wire.h"

enum story_part {
    STORY_ALL,
    STORY_ANSWERS, /* without how they came about: words, history, misunderstandings */
};

/*
 * Answers, their history, runs, session, results, language and what was said, of one person or, for
 * NULL, of all in the order of coming. People and runs are numbers; keys and times are left out.
 * False when the database cannot be read; frees nothing on failure.
 */
bool story_dump(const char *db, const char *external_id, enum story_part part, struct buf *out);

/* How many messages the bot has taken; clicks and the like are none. Of a copy of its database. */
int64_t story_messages(const struct wire *w);
int64_t story_messages_in(const char *db);
/* How many of them owe nothing. */
int64_t story_unanswered(const struct wire *w);

/* NULL, or the first two lines that differ, for a message; valid until the next call. */
const char *story_difference(const char *expected, const char *actual);

/*
 * The bot's posts in that channel, for that person where it is theirs, NULL otherwise: the outbox
 * in order, each once, with what offers its choices (the first of them, when not all are wanted),
 * ticked or answered ones changed in place. Fails otherwise. Returns how many there are.
 */
size_t story_check_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                         const char *recipient, bool all_offers);

/*
 * What a person sees of the bot in their direct channel: all texts, oldest first, each with a line
 * behind it, in `view`, and the id of number `index` in ret_id, "" where there is none. Returns how
 * many there are.
 */
size_t story_view(struct wire *w, const struct wire_person *p, struct buf *view, size_t index,
                  char ret_id[WIRE_ID_LEN + 1]);

/* The post with the newest question to that person; "" where there is none. */
void story_question(const struct wire *w, const struct wire_person *p,
                    char ret_id[WIRE_ID_LEN + 1]);

/*
 * What offers that word in the person's newest post, as wire_click takes it, and the post. Fails
 * where nothing does.
 */
const char *story_word(const struct wire *w, const struct wire_person *p, const char *word,
                       char ret_post[WIRE_ID_LEN + 1]);

/* The database is whole, and nothing in it waits or was given up. */
void story_check_whole(const struct wire *w);

#endif
