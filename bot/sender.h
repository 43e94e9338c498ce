/*
 * The way out: rows of the outbox → platform → sent, later or given up. One sender a workspace, and
 * one more for what changes beside the conversation, so that neither waits for the other. It
 * keeps the rows at hand in memory, sends one at a time in each conversation, in order, and notes
 * what became of them; the notes reach the database with the next transaction.
 */
#ifndef KIZUKI_BOT_SENDER_H
#define KIZUKI_BOT_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

enum sent {
    SENT_OK,
    SENT_UNDER_WAY, /* sender_done follows */
    SENT_RETRY,     /* not sent, or nobody knows: again after a while */
    SENT_DEAD,      /* refused for good */
};

/* Where messages of a workspace go. */
struct outlet {
    const char *platform; /* texts must outlive the sender */
    const char *workspace;
    bool cards; /* can change messages, whisper, and show a page of one's own */
    /*
     * Hands over one committed message; must not block for long. `doubtful`: it may have been sent
     * by an earlier process or try. The row lives until sender_done.
     */
    enum sent (*send)(void *ctx, const struct store_out *row, bool doubtful);
    /* The channel of those who read what is passed on, "" for none. May be NULL: none. */
    const char *(*desk)(const void *ctx);
    void *ctx;
};

struct painter;
struct sender;

/* One for what people read, one for what changes beside it, where the outlet has cards. */
struct sender *sender_create(struct store *store, const struct outlet *outlet,
                             enum store_part part);
void sender_destroy(struct sender *s); /* NULL is fine */

/*
 * From now on drawings are painted before their rows are handed over, or else said in words; NULL:
 * rows go out with their drawings, as they do at first. The painter must outlive that.
 */
void sender_paint_with(struct sender *s, struct painter *painter);

bool sender_has_cards(const struct sender *s);
const char *sender_desk(const struct sender *s);
bool sender_serves(const struct sender *s, const char *platform, const char *workspace,
                   enum store_part part);

/* Hands over a row that is not in the store, with an ord below zero; what becomes of it is the
 * caller's to note. As struct outlet's send. */
enum sent sender_send_unstored(const struct sender *s, const struct store_out *row, bool doubtful);

/* Takes what is due from the store and hands it over as far as order allows. */
int sender_deliver(struct sender *s) WARN_UNUSED;

/* The message is at the platform under that id, though the row is not done yet. */
void sender_posted(struct sender *s, int64_t ord, const char *remote_id);
/* Its picture is at the platform under that id. */
void sender_uploaded(struct sender *s, int64_t ord, const char *file);
/* What became of a row under way; `reason` for SENT_DEAD. Unknown rows are ignored. */
void sender_done(struct sender *s, int64_t ord, enum sent sent, const char *reason);

/* Whether rows of an earlier process are at hand of which nobody knows if they were sent. */
bool sender_doubts(const struct sender *s);

/* Moves *next_ms forward to when the next row that is not at hand is due. */
int sender_next_ms(const struct sender *s, int64_t *next_ms) WARN_UNUSED;

/* Within a transaction: writes the notes down. They are forgotten only after its commit. */
int sender_write_notes(struct sender *s, int64_t now_ms) WARN_UNUSED;
void sender_forget_notes(struct sender *s);
bool sender_has_notes(const struct sender *s);

#endif
