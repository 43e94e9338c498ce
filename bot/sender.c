#include "bot/sender.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "bot/painter.h"

#define AT_HAND_MAX      128 /* rows in memory */
#define UNDER_WAY_MAX    64
#define HOME_LOST        "?" /* no page's hash */
#define RETRY_FIRST_MS   ((int64_t)1000)
#define RETRY_LONGEST_MS ((int64_t)5 * 60 * 1000)

enum state { WAITING, PAINTING, UNDER_WAY, OVER };

/* A row at hand. Once it is over it stays until that is written down. */
struct item {
    struct arena arena; /* of the row's strings */
    struct store_out row;
    uint64_t conversation;
    enum state state;
    enum sent sent; /* OVER: how it ended */
    int64_t due_ms; /* SENT_RETRY: when again */
    const char *reason;
    bool painted;  /* or cannot be */
    bool posted;   /* remote_id is to be written down */
    bool uploaded; /* file is */
};

struct sender {
    struct store *store;
    struct outlet outlet;
    enum store_part part;
    struct painter *painter;         /* NULL: drawings are the outlet's */
    struct item *items[AT_HAND_MAX]; /* in the order they are to be sent */
    size_t n;
    size_t n_under_way;
    size_t n_waiting;
    int64_t doubtful_ord; /* up to here rows are of an earlier process; -1: not asked yet */
    struct arena arena;
};

struct sender *sender_create(struct store *store, const struct outlet *outlet,
                             enum store_part part) {
    struct sender *s = xmalloc(sizeof(*s));
    *s = (struct sender){.store = store, .outlet = *outlet, .part = part, .doubtful_ord = -1};
    return s;
}

static void free_item(struct item *it) {
    arena_free(&it->arena);
    free(it);
}

void sender_destroy(struct sender *s) {
    if (!s) {
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        free_item(s->items[i]);
    }
    arena_free(&s->arena);
    free(s);
}

void sender_paint_with(struct sender *s, struct painter *painter) {
    s->painter = painter;
}

bool sender_has_cards(const struct sender *s) {
    return s->outlet.cards;
}

const char *sender_desk(const struct sender *s) {
    return s->outlet.desk ? s->outlet.desk(s->outlet.ctx) : "";
}

bool sender_serves(const struct sender *s, const char *platform, const char *workspace,
                   enum store_part part) {
    return s->part == part && strcmp(s->outlet.platform, platform) == 0 &&
           strcmp(s->outlet.workspace, workspace) == 0;
}

enum sent sender_send_unstored(const struct sender *s, const struct store_out *row, bool doubtful) {
    return s->outlet.send(s->outlet.ctx, row, doubtful);
}

static struct item *find(const struct sender *s, int64_t ord) {
    for (size_t i = 0; i < s->n; i++) {
        if (s->items[i]->row.ord == ord) {
            return s->items[i];
        }
    }
    return NULL;
}

/*
 * A channel, or a person's direct one, as the store has it. That two of them meet by accident only
 * makes one wait.
 */
static uint64_t conversation_of(const struct store_out *row) {
    uint64_t h = 1469598103934665603u; /* FNV-1a */
    for (const char *p = *row->channel ? row->channel : row->recipient; *p; p++) {
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    }
    return h;
}

static void keep(struct sender *s, const struct store_out *row) {
    struct item *it = xmalloc(sizeof(*it));
    *it = (struct item){
        .row = *row, .state = WAITING, .conversation = conversation_of(row), .reason = ""};
    const char **texts[] = {&it->row.key,       &it->row.person_id, &it->row.platform,
                            &it->row.workspace, &it->row.recipient, &it->row.channel,
                            &it->row.thread,    &it->row.text,      &it->row.choices,
                            &it->row.question,  &it->row.replaces,  &it->row.remote_id,
                            &it->row.controls,  &it->row.file,      &it->row.drawing};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        *texts[i] = arena_strdup(&it->arena, *texts[i]);
    }
    it->row.picture_alt = arena_strdup(&it->arena, it->row.picture_alt);
    it->row.file_name = arena_strdup(&it->arena, it->row.file_name);
    if (row->picture) {
        it->row.picture =
            memcpy(arena_alloc(&it->arena, row->picture_len), row->picture, row->picture_len);
    }
    s->items[s->n++] = it;
    s->n_waiting++;
}

/* Rows that are due and not at hand yet. */
static int refill(struct sender *s, int64_t now_ms, bool *ret_more) {
    const struct store_out *rows;
    size_t n;
    arena_reset(&s->arena);
    *ret_more = false;
    if (s->n == AT_HAND_MAX) {
        return 0;
    }
    int rc = store_outbox_due(s->store, &s->arena, s->outlet.platform, s->outlet.workspace, s->part,
                              now_ms, AT_HAND_MAX, &rows, &n);
    for (size_t i = 0; rc == 0 && i < n && s->n < AT_HAND_MAX; i++) {
        if (!find(s, rows[i].ord)) {
            keep(s, &rows[i]);
            *ret_more = n == AT_HAND_MAX;
        }
    }
    return rc;
}

static int64_t retry_delay_ms(int tries) {
    int64_t delay = RETRY_FIRST_MS << (tries < 10 ? tries : 10);
    return delay < RETRY_LONGEST_MS ? delay : RETRY_LONGEST_MS;
}

static void end_item(struct sender *s, struct item *it, enum sent sent, const char *reason) {
    s->n_under_way -= it->state == UNDER_WAY;
    it->state = OVER;
    it->sent = sent;
    it->due_ms = clock_now_ms() + retry_delay_ms(it->row.tries);
    it->reason = arena_strdup(&it->arena, reason);
}

/* Whether an earlier row of the same conversation is still to be sent. */
static bool is_held(const struct sender *s, size_t i) {
    for (size_t k = 0; k < i; k++) {
        const struct item *before = s->items[k];
        bool over = before->state == OVER && before->sent != SENT_RETRY;
        if (!over && before->conversation == s->items[i]->conversation) {
            return true;
        }
    }
    return false;
}

static bool is_doubtful(const struct sender *s, const struct store_out *row) {
    return row->ord <= s->doubtful_ord || row->tries > 0;
}

bool sender_doubts(const struct sender *s) {
    for (size_t i = 0; i < s->n; i++) {
        const struct item *it = s->items[i];
        if (it->state != OVER && !*it->row.remote_id && is_doubtful(s, &it->row)) {
            return true;
        }
    }
    return false;
}

/* ---- pictures ---- */

static void hand_over(struct sender *s);

/* The words go with the text, unless it has them. */
static void do_without_picture(struct item *it) {
    struct store_out *row = &it->row;
    if (*row->picture_alt && !strstr(row->text, row->picture_alt)) {
        row->text = arena_printf(&it->arena, "%s\n%s", row->text, row->picture_alt);
    }
    row->picture_alt = "";
    it->painted = true;
}

static void on_painted(void *ctx, int64_t ord, const void *png, size_t n) {
    struct sender *s = ctx;
    struct item *it = find(s, ord);
    if (!it || it->state != PAINTING) {
        return;
    }
    if (png) {
        it->row.picture = memcpy(arena_alloc(&it->arena, n), png, n);
        it->row.picture_len = n;
        it->painted = true;
    } else {
        do_without_picture(it);
    }
    it->state = WAITING;
    s->n_waiting++;
    hand_over(s);
}

/* False where there is nothing to wait for. Of a message for one person only words are shown. */
static bool paint(struct sender *s, struct item *it) {
    if (!s->painter || !*it->row.drawing || it->row.picture || it->painted) {
        return false;
    }
    if (it->row.kind != STORE_SAY) {
        do_without_picture(it);
        return false;
    }
    it->state = PAINTING;
    s->n_waiting--;
    painter_paint(s->painter, it->row.drawing, on_painted, s, it->row.ord);
    return true;
}

/* ---- handing over ---- */

static void hand_over(struct sender *s) {
    for (size_t i = 0; i < s->n && s->n_waiting > 0 && s->n_under_way < UNDER_WAY_MAX; i++) {
        struct item *it = s->items[i];
        if (it->state != WAITING || is_held(s, i) || paint(s, it)) {
            continue;
        }
        bool doubtful = is_doubtful(s, &it->row);
        it->state = UNDER_WAY;
        s->n_under_way++;
        s->n_waiting--;
        enum sent sent = s->outlet.send(s->outlet.ctx, &it->row, doubtful);
        if (sent != SENT_UNDER_WAY && it->state == UNDER_WAY) {
            end_item(s, it, sent, "refused by the platform");
        }
    }
}

/* As a transaction of its own. */
static int settle(struct sender *s) {
    int rc = store_begin(s->store);
    if (rc == 0) {
        rc = sender_write_notes(s, clock_now_ms());
    }
    if (rc == 0) {
        rc = store_commit(s->store);
    }
    if (rc != 0) {
        store_rollback(s->store);
        return rc;
    }
    sender_forget_notes(s);
    return 0;
}

static bool all_over(const struct sender *s) {
    for (size_t i = 0; i < s->n; i++) {
        if (s->items[i]->state != OVER) {
            return false;
        }
    }
    return s->n > 0;
}

int sender_deliver(struct sender *s) {
    int rc = s->doubtful_ord < 0 ? store_outbox_last_ord(s->store, &s->doubtful_ord) : 0;
    for (bool more = true; rc == 0 && more;) {
        rc = refill(s, clock_now_ms(), &more);
        hand_over(s);
        more = more && all_over(s); /* what is over makes room for the rest */
        if (rc == 0 && more) {
            rc = settle(s);
        }
    }
    return rc;
}

void sender_posted(struct sender *s, int64_t ord, const char *remote_id) {
    struct item *it = find(s, ord);
    if (it) {
        it->row.remote_id = arena_strdup(&it->arena, remote_id);
        it->posted = true;
    }
}

void sender_uploaded(struct sender *s, int64_t ord, const char *file) {
    struct item *it = find(s, ord);
    if (it) {
        it->row.file = arena_strdup(&it->arena, file);
        it->uploaded = true;
    }
}

void sender_done(struct sender *s, int64_t ord, enum sent sent, const char *reason) {
    struct item *it = find(s, ord);
    if (it && it->state == UNDER_WAY) {
        end_item(s, it, sent, reason ? reason : "");
        hand_over(s);
    }
}

static int write_note(struct sender *s, const struct item *it, int64_t now_ms) {
    int rc = 0;
    bool written = it->state == OVER && it->sent == SENT_OK; /* the id is, with the rest */
    if (it->posted && !written) {
        rc = store_outbox_posted(s->store, it->row.key, it->row.remote_id);
    }
    if (rc == 0 && it->uploaded && it->state != OVER) {
        rc = store_outbox_uploaded(s->store, it->row.key, it->row.file);
    }
    if (rc != 0 || it->state != OVER) {
        return rc;
    }
    switch (it->sent) {
    case SENT_OK:
        return store_outbox_sent(s->store, it->row.key, it->row.remote_id, now_ms);
    case SENT_DEAD:
        if (it->row.kind == STORE_HOME) { /* the next look at it shows it */
            rc = store_identity_home(s->store, it->row.platform, it->row.workspace,
                                     it->row.recipient, HOME_LOST);
            if (rc != 0 && rc != -ENOENT) {
                return rc;
            }
        }
        return store_outbox_dead(s->store, it->row.key, it->reason, now_ms);
    default:
        return store_outbox_retry(s->store, it->row.key, it->due_ms);
    }
}

int sender_write_notes(struct sender *s, int64_t now_ms) {
    for (size_t i = 0; i < s->n; i++) {
        int rc = write_note(s, s->items[i], now_ms);
        if (rc != 0 && rc != -ENOENT) { /* -ENOENT: gone with its person */
            return rc;
        }
    }
    return 0;
}

/* Behind a row that is to be tried later others wait, in the database too. */
static bool waits_for_retry(const struct sender *s, size_t i) {
    for (size_t k = 0; k < i && s->items[i]->state == WAITING; k++) {
        const struct item *before = s->items[k];
        if (before->state == OVER && before->sent == SENT_RETRY &&
            before->conversation == s->items[i]->conversation) {
            return true;
        }
    }
    return false;
}

void sender_forget_notes(struct sender *s) {
    bool gone[AT_HAND_MAX];
    for (size_t i = 0; i < s->n; i++) {
        gone[i] = s->items[i]->state == OVER || waits_for_retry(s, i);
    }
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        s->items[i]->posted = false;
        s->items[i]->uploaded = false;
        if (gone[i]) {
            s->n_waiting -= s->items[i]->state == WAITING;
            free_item(s->items[i]);
        } else {
            s->items[kept++] = s->items[i];
        }
    }
    s->n = kept;
}

bool sender_has_notes(const struct sender *s) {
    for (size_t i = 0; i < s->n; i++) {
        if (s->items[i]->state == OVER || s->items[i]->posted || s->items[i]->uploaded) {
            return true;
        }
    }
    return false;
}

int sender_next_ms(const struct sender *s, int64_t *next_ms) {
    if (s->n > 0) {
        return 0; /* the end of what is at hand brings the next look */
    }
    int64_t due_ms = *next_ms;
    int rc =
        store_outbox_next_ms(s->store, s->outlet.platform, s->outlet.workspace, s->part, &due_ms);
    *next_ms = due_ms < *next_ms ? due_ms : *next_ms;
    return rc == -ENOENT ? 0 : rc;
}
