/*
 * What differs between chat platforms for a test over the wire. Tests use wire.h; this is between
 * wire.c and the files of the platforms. Whatever fails ends the test.
 */
#ifndef KIZUKI_TESTS_SUPPORT_WIRE_PLATFORM_H
#define KIZUKI_TESTS_SUPPORT_WIRE_PLATFORM_H

#include "base/arena.h"
#include "base/buf.h"
#include "tests/support/wire.h"

/* A row of the outbox, as far as people see it. */
struct wire_row {
    const char *text;
    const char *choices;
    const char *controls;
    const char *question;
    bool closes;
    const char *settled; /* what it shows once the question has its answer; NULL: it has none */
};

/* Something that goes wrong on the line. */
struct wire_mishap {
    const char *name;
    const char *order;
};

struct wire_platform {
    const char *name; /* in rows and in the configuration, and of the server's binary */
    bool cards;
    const char *const *options; /* of the server, up to NULL, as are the next ones */
    const struct wire_mishap *mishaps;
    size_t n_mishaps;
    const char *doubling;        /* an order: the next message comes twice */
    const char *const *breaking; /* orders: the line breaks, what was said is read again */
    const char *const *never;    /* numbers of the server's state that stay 0 */
    const char *counted;         /* member of the state: requests of the bot … */
    const char *reads;           /* … and among them that for reading a conversation back */

    /* The server is there: writes tokens, learns who the bot is. */
    void (*begin)(struct wire *w);
    /* Its lines in the workspace's section. */
    void (*configure)(const struct wire *w, struct buf *out);

    void (*meet)(struct wire *w, struct wire_person *p); /* by p->name */
    void (*set_locale)(struct wire *w, const struct wire_person *p, const char *locale);
    void (*channel)(struct wire *w, const char *name, char ret_id[WIRE_ID_LEN + 1]);
    void (*direct)(struct wire *w, struct wire_person *p);
    /* These note the time in p->acted_ms. */
    void (*say)(struct wire *w, struct wire_person *p, const char *channel, const char *text,
                char ret_id[WIRE_ID_LEN + 1]);
    void (*react)(struct wire *w, struct wire_person *p, const char *post, const char *emoji,
                  bool on);
    bool (*click)(struct wire *w, struct wire_person *p, const char *post, const char *offer,
                  int times, char ret_token[WIRE_ID_LEN + 1]);
    void (*open_home)(struct wire *w, struct wire_person *p);
    bool (*home)(struct wire *w, const struct wire_person *p, struct buf *out);
    enum wire_fate (*fate)(struct wire *w, const char *token);

    void (*read_posts)(struct wire *w, const struct wire_person *reader, const char *channel,
                       struct wire_posts *ret);
    /* What the row looks like: texts of its posts as read_posts has them, offers of the last. */
    size_t (*expect)(struct arena *a, const struct wire_row *row, const char **parts,
                     const char **ret_offers);
};

extern const struct wire_platform wire_mattermost;
extern const struct wire_platform wire_slack;

/*
 * A request of JSON; free the reply with cJSON_Delete. Lost replies are asked for again, as clients
 * do; anything but 2xx fails. Takes the body, NULL for none.
 */
cJSON *wire_request(struct wire *w, const char *token, const char *method, const char *path,
                    cJSON *body);
/* An order of the server for tests with its reply. Takes the order. */
cJSON *wire_order(struct wire *w, cJSON *order);
cJSON *wire_look(struct wire *w, const char *path); /* GET /control + path */

const char *wire_url(const struct wire *w);
const struct wire_platform *wire_platform(const struct wire *w);
const char *wire_bot(const struct wire *w); /* its id as a user, once it is noted */
void wire_note_bot(struct wire *w, const char *id);
void wire_write_file(const struct wire *w, const char *name, const char *text);

/* The id in a reply. */
void wire_copy_id(const struct wire *w, const cJSON *json, const char *key,
                  char ret[WIRE_ID_LEN + 1]);

int64_t wire_wall_ms(void);

/* Behind the others; everything is copied. */
void wire_add_post(struct wire_posts *posts, const char *id, const char *text, const char *thread,
                   const char *offers);

#endif
