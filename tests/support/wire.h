/*
 * For tests over the wire: the real bot, a chat server for tests and people who talk there. Every
 * call blocks, within a bounded time. What cannot be done ends the test with a line that says why,
 * and the directory with log and database stays. All processes die with the one that began them.
 */
#ifndef KIZUKI_TESTS_SUPPORT_WIRE_H
#define KIZUKI_TESTS_SUPPORT_WIRE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"

#define WIRE_ID_LEN  47
#define WIRE_WAIT_MS 20000 /* for whatever should take far less than a second */

struct wire;

struct wire_person {
    char name[32];
    char id[WIRE_ID_LEN + 1];
    char direct[WIRE_ID_LEN + 1]; /* the channel with the bot; "" until wire_direct */
    int64_t acted_ms;             /* when the last post or reaction was made */
};

/* A post of the bot, as people see it. */
struct wire_post {
    char id[WIRE_ID_LEN + 1]; /* as in the outbox */
    char *text;               /* without what the platform's markup adds */
    char *thread;
    char *offers; /* what can be clicked under it, each with a space behind */
};

struct wire_posts {
    struct wire_post *list; /* oldest first */
    size_t n;
    size_t cap;
};

/* ---- processes ---- */

/*
 * A directory and the server in it, whose name tells the platform; the bot is not started yet.
 */
struct wire *wire_create(const char *kizuki, const char *fake);
/* Ends both, orderly; without a failure the directory goes. */
void wire_destroy(struct wire *w);

NORETURN void wire_fail(const struct wire *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

const char *wire_dir(const struct wire *w);
const char *wire_db(const struct wire *w);
const char *wire_platform_name(const struct wire *w); /* as in rows; the workspace is "fake" */
bool wire_has_cards(const struct wire *w);            /* people can click */

/* Lines of the configuration besides database, log and workspace. From the next start or reload. */
void wire_configure(struct wire *w, const char *lines);

void wire_bot_start(struct wire *w);
void wire_bot_stop(struct wire *w); /* SIGTERM; it must end with status 0 */
void wire_bot_kill(struct wire *w);
void wire_bot_reload(struct wire *w);
bool wire_bot_runs(const struct wire *w); /* was started and not ended by us */

/* How many lines of the bot's log contain that, since its last start. */
size_t wire_logged(const struct wire *w, const char *words);

/* Runs a program to its end with that standard input, output thrown away; its wait status. */
int wire_execute(const struct wire *w, const char *const argv[], const char *input);

/* ---- time ---- */

int64_t wire_now_ms(void); /* monotonic */
void wire_pause_ms(int64_t ms);

/* Until it holds; false after WIRE_WAIT_MS. Fails when the bot ends meanwhile. */
typedef bool (*wire_condition)(struct wire *w, void *ctx);
bool wire_await(struct wire *w, wire_condition holds, void *ctx);

/* Until the bot has said that, that often since its start; fails when it does not. */
void wire_await_log(struct wire *w, const char *words, size_t times);

/* ---- the server ---- */

/* A command of the server for tests, as JSON; for example {"do":"drop_sockets"}. */
void wire_control(struct wire *w, const char *json);
/* A number of GET /control/state. */
int64_t wire_state(struct wire *w, const char *name);
/* How often the bot has read a conversation back. */
int64_t wire_reads(struct wire *w);
/* Something goes wrong on the line, in one of the platform's n ways, by number: what it was. */
size_t wire_mishaps(const struct wire *w);
const char *wire_mishap(struct wire *w, size_t number);
/* The next message is delivered twice. */
void wire_double(struct wire *w);
/* The line breaks, and what was said lately is delivered or read again. */
void wire_lose_track(struct wire *w);
/* What holds for the server in the end: nothing was posted twice, nothing odd was asked. */
void wire_check_server(struct wire *w);

/* ---- people ---- */

/* "hanako", "taro", "john" or "userN", who come when they are named. */
void wire_person(struct wire *w, const char *name, struct wire_person *ret);
void wire_set_locale(struct wire *w, const struct wire_person *p, const char *locale);
void wire_direct(struct wire *w, struct wire_person *p);
/* The id of the channel of that name. */
void wire_channel(struct wire *w, const char *name, char ret_id[WIRE_ID_LEN + 1]);
/* Elsewhere than in the direct channel the bot is mentioned. The id is that of the event. */
void wire_say(struct wire *w, struct wire_person *p, const char *channel, const char *text,
              char ret_id[WIRE_ID_LEN + 1]);
void wire_react(struct wire *w, struct wire_person *p, const char *post, const char *emoji,
                bool on);
/*
 * A click on what the post offers by that name, or several at once; false where it does not.
 * *ret_token is for wire_fate.
 */
bool wire_click(struct wire *w, struct wire_person *p, const char *post, const char *offer,
                int times, char ret_token[WIRE_ID_LEN + 1]);
/* What became of a click: a lost one does not come again. */
enum wire_fate { WIRE_UNDER_WAY, WIRE_ARRIVED, WIRE_LOST };
enum wire_fate wire_fate(struct wire *w, const char *token);

/* Where there are cards: a look at the page of one's own, and what it shows; false while nothing.
 */
void wire_open_home(struct wire *w, struct wire_person *p);
bool wire_home(struct wire *w, const struct wire_person *p, struct buf *out); /* out may be NULL */

/* The bot's posts in that channel, as that person sees them; to be freed. */
void wire_read_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                     struct wire_posts *ret);
void wire_free_posts(struct wire_posts *posts);

/* ---- the bot's database, read only ---- */

/* The first value of the first row; parameters are strings. "" or -1 where there is none. */
int64_t wire_int(const char *db, const char *sql, const char *const *params);
void wire_text(const char *db, const char *sql, const char *const *params, char *ret, size_t size);

/* Everything that is owed was sent. */
bool wire_settled(const struct wire *w);

/* A copy to look at while the bot is dead, which leaves the original as the bot left it. */
void wire_copy_db(const struct wire *w, const char *path);

#endif
