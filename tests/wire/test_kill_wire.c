/*
 * The kill test over the wire: people go on writing and reacting while the bot is killed with
 * SIGKILL at random instants and started again, replies of the server get lost after they took
 * effect, sockets drop and the server restarts. Everybody must end up with the answers and the
 * replies, each once and in order, of a person whom nothing disturbed.
 * Usage: test_kill_wire KIZUKI_BINARY FAKE_BINARY [KILLS] [SEED]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/xalloc.h"
#include "bot/emoji.h"
#include "bot/mattermost/markup.h"
#include "tests/support/wire.h"
#include "tests/support/wire_story.h"

#define DEFAULT_KILLS 20
#define MAX_KILLS     10000
#define PEOPLE        4 /* at once; the next ones come when all have ended */
#define LOSE_PERCENT  20
#define STALL_MS      60000 /* nobody waits that long for an answer */
#define LOOK_MS       40    /* how often somebody who waits looks */
#define LIFE_MS       1500  /* of a bot that is to be killed, at most */
#define TEXT_MAX      ((size_t)4 * 1024 * 1024)

/*
 * What everybody does: "+2", "-2" and "+ok" are reactions to the newest question. "+1" is
 * "IT systems" the second time, which is another branch: an answer falls away, two questions come.
 */
static const char *const script[] = {"診断",       "+2",
                                     "+1",         "+3",
                                     "-1",         "+2",
                                     "+ok",        "4も",
                                     "検索 ログ",  "リンクを踏んだかも",
                                     "スキップ",   "わからない",
                                     "わからない", "1問目を直したい",
                                     "+1",         "1と2",
                                     "中断",       "K-006",
                                     "再開",       "2",
                                     "確認",       "4問目を直したい",
                                     "+1",         "+ok",
                                     "進み具合",   "1",
                                     "私の結果",   "結果を変える",
                                     "+6",         "ありがとう"};
#define STEPS ARRAY_LEN(script)

/* What must be true of the undisturbed person; the script is there to bring these about. */
static const struct {
    const char *name;
    const char *sql;
} covered[] = {
    {"a skipped question", "SELECT count(*) FROM answer WHERE value = ':skipped'"},
    {"an unsure answer", "SELECT count(*) FROM answer_history WHERE value = ':unsure'"},
    {"an answer taken away", "SELECT count(*) FROM answer_history WHERE value IS NULL"},
    {"a finished run", "SELECT count(*) FROM run WHERE state = 'done'"},
    {"a result found by scoring", "SELECT count(*) FROM result WHERE by_hand = 0"},
    {"a result chosen by hand", "SELECT count(*) FROM result WHERE by_hand = 1"},
    {"a post that changed", "SELECT count(*) FROM outbox WHERE replaces <> ''"},
    {"a message of two replies", "SELECT count(*) FROM outbox WHERE key LIKE '%:1'"},
};

/* The undisturbed conversation, at each step. */
struct reference {
    char *views[STEPS + 1]; /* what there is to see before the step; at last at the end */
    size_t targets[STEPS];  /* which of the bot's posts a reaction goes to */
    size_t n_posts;         /* of the bot, in the end */
    struct buf dump;
};

struct person {
    struct wire_person wire;
    size_t at; /* the next step */
    bool patient;
    bool ended;
    char target[WIRE_ID_LEN + 1]; /* of the reactions being made */
    int64_t next_ms;
    int64_t moved_ms; /* when the last step was made */
};

struct tally {
    unsigned kills;
    unsigned before; /* something said was not taken yet, nothing was owed */
    unsigned amid;   /* something was owed */
    unsigned after;  /* all was said */
    unsigned starting;
    unsigned drops;
    unsigned restarts;
    unsigned faults;
    size_t waits; /* replies of the server the bot missed */
    size_t gave_up;
    unsigned people;
};

struct test {
    struct wire *w;
    struct reference ref;
    struct person people[PEOPLE];
    struct tally tally;
    unsigned kills;
    uint64_t random;
    uint64_t seed;
    unsigned n_came;  /* people made so far */
    int64_t n_said;   /* posts of all */
    int64_t n_marked; /* reactions given and taken back */
    int64_t n_posts;  /* the bot's, as far as checked */
    int64_t kill_ms;
    bool strike; /* kill right after somebody did something */
    int64_t start_ms;
    int64_t drop_ms;
};

/* ---- small things ---- */

static uint64_t next_random(uint64_t *state) { /* splitmix64 */
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int64_t below(struct test *t, int64_t n) {
    return (int64_t)(next_random(&t->random) % (uint64_t)n);
}

static bool is_reaction(const char *step) {
    return step[0] == '+' || step[0] == '-';
}

static const char *mark_of(const char *step) {
    return strcmp(step + 1, "ok") == 0 ? EMOJI_CLOSE : emoji_of((int)strtol(step + 1, NULL, 10));
}

static void join(struct test *t, struct wire_person *p) {
    char token[32];
    snprintf(token, sizeof(token), "user-%u-token", ++t->n_came);
    wire_person(t->w, token, p);
    wire_direct(t->w, p);
}

/* ---- the undisturbed person ---- */

static char *view_of(struct test *t, const struct wire_person *p, const char *target,
                     size_t *ret_index) {
    struct buf view;
    char id[WIRE_ID_LEN + 1];
    buf_init(&view, TEXT_MAX);
    size_t n = story_view(t->w, p, &view, SIZE_MAX, id);
    for (size_t i = 0; *target && i < n; i++) {
        buf_clear(&view);
        story_view(t->w, p, &view, i, id);
        if (strcmp(id, target) == 0) {
            *ret_index = i;
        }
    }
    char *text = xstrdup(buf_text(&view));
    buf_free(&view);
    return text;
}

static bool all_is_said(struct wire *w, void *ctx) {
    const struct test *t = ctx;
    static const char taken[] = "SELECT (SELECT count(*) FROM inbox) +"
                                " (SELECT coalesce(sum(changes), 0) FROM tick)";
    return wire_int(wire_db(w), taken, NULL) == t->n_said + t->n_marked && wire_settled(w);
}

static void await_all(struct test *t, const char *step) {
    if (!wire_await(t->w, all_is_said, t)) {
        wire_fail(t->w, "\"%s\" is not answered", step);
    }
}

static void talk_undisturbed(struct test *t) {
    struct wire_person p;
    struct reference *ref = &t->ref;
    char post[WIRE_ID_LEN + 1];
    join(t, &p);
    for (size_t i = 0; i < STEPS; i++) {
        story_question(t->w, &p, post);
        ref->views[i] = view_of(t, &p, is_reaction(script[i]) ? post : "", &ref->targets[i]);
        if (is_reaction(script[i])) {
            wire_react(t->w, &p, post, mark_of(script[i]), script[i][0] == '+');
            t->n_marked++;
        } else {
            wire_say(t->w, &p, p.direct, script[i], post);
            t->n_said++;
        }
        await_all(t, script[i]);
    }
    ref->views[STEPS] = view_of(t, &p, "", NULL);
    buf_init(&ref->dump, TEXT_MAX);
    if (!story_dump(wire_db(t->w), p.id, &ref->dump)) {
        wire_fail(t->w, "the database cannot be read");
    }
    for (size_t i = 0; i < ARRAY_LEN(covered); i++) {
        if (wire_int(wire_db(t->w), covered[i].sql, NULL) < 1) {
            wire_fail(t->w, "the undisturbed person does not bring about %s", covered[i].name);
        }
    }
    ref->n_posts = story_check_posts(t->w, &p, p.direct, p.id, true);
    t->n_posts += (int64_t)ref->n_posts;
}

/* ---- the others ---- */

/* Whether the person sees what the undisturbed one saw at that step; notes where to react. */
static bool sees(struct test *t, struct person *p) {
    struct buf view;
    buf_init(&view, TEXT_MAX);
    size_t target = p->at < STEPS && is_reaction(script[p->at]) ? t->ref.targets[p->at] : SIZE_MAX;
    story_view(t->w, &p->wire, &view, target, p->target);
    bool same = strcmp(buf_text(&view), t->ref.views[p->at]) == 0;
    buf_free(&view);
    return same;
}

static bool takes_back(size_t step) {
    return script[step][0] == '-';
}

/*
 * Who reacts has to see where, unless they just reacted there. A reaction taken back leaves no
 * trace of when that was: what comes before and after it must have had its effect.
 */
static bool must_see(const struct test *t, const struct person *p) {
    size_t at = p->at;
    if (at == STEPS || takes_back(at) || (at > 0 && takes_back(at - 1))) {
        return true;
    }
    bool there =
        at > 0 && is_reaction(script[at - 1]) && t->ref.targets[at] == t->ref.targets[at - 1];
    return is_reaction(script[at]) ? !there : p->patient;
}

static void fail_stalled(struct test *t, const struct person *p) {
    struct buf view;
    char id[WIRE_ID_LEN + 1];
    buf_init(&view, TEXT_MAX);
    story_view(t->w, &p->wire, &view, SIZE_MAX, id);
    const char *difference = story_difference(t->ref.views[p->at], buf_text(&view));
    wire_fail(t->w, "seed %" PRIu64 ": %s waits in vain, at step %zu (%s):%s", t->seed,
              p->wire.token, p->at, p->at < STEPS ? script[p->at] : "the end",
              difference ? difference : " it came just now");
}

static void act(struct test *t, struct person *p) {
    const char *step = script[p->at];
    char post[WIRE_ID_LEN + 1];
    if (is_reaction(step)) {
        wire_react(t->w, &p->wire, p->target, mark_of(step), step[0] == '+');
        t->n_marked++;
    } else {
        wire_say(t->w, &p->wire, p->wire.direct, step, post);
        t->n_said++;
    }
    p->at++;
    if (t->strike) {
        t->kill_ms = wire_now_ms() + below(t, 30);
        t->strike = false;
    }
}

/* A step, or a look whether it is time for one. */
static void move(struct test *t, struct person *p, int64_t now) {
    if (p->ended || now < p->next_ms) {
        return;
    }
    p->next_ms = now + LOOK_MS;
    if (must_see(t, p) && !sees(t, p)) {
        if (now - p->moved_ms > STALL_MS) {
            fail_stalled(t, p);
        }
        return;
    }
    p->moved_ms = now;
    if (p->at == STEPS) {
        p->ended = true;
        return;
    }
    act(t, p);
    p->patient = below(t, 2) == 0;
    p->next_ms = now + below(t, 150);
}

/* ---- what goes wrong ---- */

/* In half of its lives replies get lost: these are slow ones, in the others there is much to hit.
 */
static void start(struct test *t, int64_t now) {
    char order[128];
    snprintf(order, sizeof(order), "{\"do\":\"lose_answers\",\"percent\":%d,\"seed\":%" PRId64 "}",
             below(t, 2) == 0 ? LOSE_PERCENT : 0, below(t, 1000000));
    wire_control(t->w, order);
    wire_bot_start(t->w);
    int64_t kind = below(t, 4);
    t->strike = kind >= 2;
    t->kill_ms = now + (kind == 0 ? below(t, 100) : kind == 1 ? below(t, LIFE_MS) : LIFE_MS);
}

/* What the dead bot leaves, from a copy. */
static void classify(struct test *t) {
    char copy[128];
    struct tally *c = &t->tally;
    snprintf(copy, sizeof(copy), "%s/copy.db", wire_dir(t->w));
    wire_copy_db(t->w, copy);
    int64_t owed = wire_int(copy, "SELECT count(*) FROM outbox WHERE state = 'pending'", NULL);
    int64_t taken = wire_int(copy,
                             "SELECT (SELECT count(*) FROM inbox) +"
                             " (SELECT coalesce(sum(changes), 0) FROM tick)",
                             NULL);
    c->starting += wire_logged(t->w, "\"caught up\"") == 0;
    c->waits += wire_logged(t->w, "\"a message waits\"");
    c->gave_up += wire_logged(t->w, "\"reactions cannot be added");
    *(owed > 0 ? &c->amid : taken < t->n_said + t->n_marked ? &c->before : &c->after) += 1;
}

static void kill_now(struct test *t, int64_t now) {
    struct timespec within = {.tv_nsec = (long)below(t, 1000000)};
    nanosleep(&within, NULL);
    wire_bot_kill(t->w);
    t->tally.kills++;
    classify(t);
    if (below(t, 2) == 0) { /* the server forgets what it would not post twice, too */
        wire_control(t->w, "{\"do\":\"restart\"}");
        t->tally.restarts++;
    }
    t->start_ms = now + below(t, 250);
}

static void drop(struct test *t, int64_t now) {
    char order[128];
    t->drop_ms = now + 300 + below(t, 3000);
    switch (below(t, 4)) {
    case 0:
        snprintf(order, sizeof(order), "{\"do\":\"restart\",\"down_ms\":%" PRId64 "}",
                 below(t, 200));
        wire_control(t->w, order);
        t->tally.restarts++;
        break;
    case 1:
        wire_control(t->w, "{\"do\":\"http_fault\",\"kind\":\"drop_after\",\"method\":\"PUT\","
                           "\"path\":\"/patch\",\"times\":1}");
        t->tally.faults++;
        break;
    default:
        wire_control(t->w, "{\"do\":\"drop_sockets\"}");
        t->tally.drops++;
        break;
    }
}

/* Once all kills are done nothing goes wrong any more but what the last life has to bear. */
static void disturb(struct test *t, int64_t now) {
    bool more = t->tally.kills < t->kills;
    if (wire_bot_runs(t->w) && more && now >= t->kill_ms) {
        kill_now(t, now);
    } else if (!wire_bot_runs(t->w) && now >= t->start_ms) {
        start(t, now);
    }
    if (more && now >= t->drop_ms) {
        drop(t, now);
    }
}

/* ---- a round: some people, from beginning to end ---- */

static bool all_ended(const struct test *t) {
    for (size_t i = 0; i < PEOPLE; i++) {
        if (!t->people[i].ended) {
            return false;
        }
    }
    return true;
}

static void check_person(struct test *t, const struct person *p) {
    struct buf dump;
    buf_init(&dump, TEXT_MAX);
    if (!story_dump(wire_db(t->w), p->wire.id, &dump)) {
        wire_fail(t->w, "the database cannot be read");
    }
    const char *difference = story_difference(buf_text(&t->ref.dump), buf_text(&dump));
    if (difference) {
        wire_fail(t->w, "seed %" PRIu64 ": %s has another story:%s", t->seed, p->wire.token,
                  difference);
    }
    buf_free(&dump);
    size_t n = story_check_posts(t->w, &p->wire, p->wire.direct, p->wire.id, t->tally.gave_up == 0);
    if (n != t->ref.n_posts) {
        wire_fail(t->w, "seed %" PRIu64 ": %s sees %zu posts, not %zu", t->seed, p->wire.token, n,
                  t->ref.n_posts);
    }
    t->n_posts += (int64_t)n;
}

static void play_round(struct test *t) {
    int64_t now = wire_now_ms();
    for (size_t i = 0; i < PEOPLE; i++) {
        t->people[i] = (struct person){.next_ms = now, .moved_ms = now};
        join(t, &t->people[i].wire);
    }
    while (!all_ended(t)) {
        now = wire_now_ms();
        disturb(t, now);
        for (size_t i = 0; i < PEOPLE; i++) {
            move(t, &t->people[i], now);
        }
        wire_pause_ms(1);
    }
    if (!wire_bot_runs(t->w)) {
        start(t, now);
    }
    await_all(t, "what was said last");
    t->tally.gave_up += wire_logged(t->w, "\"reactions cannot be added");
    for (size_t i = 0; i < PEOPLE; i++) {
        check_person(t, &t->people[i]);
    }
    t->tally.people += PEOPLE;
}

/* ---- all of it ---- */

static void check_end(struct test *t) {
    static const char unanswered[] =
        "SELECT count(*) FROM inbox i WHERE NOT EXISTS (SELECT 1 FROM outbox o"
        " WHERE o.key = 'mattermost/fake/' || i.event_id || ':0')";
    story_check_whole(t->w);
    if (wire_int(wire_db(t->w), unanswered, NULL) != 0 ||
        wire_int(wire_db(t->w), "SELECT count(*) FROM inbox", NULL) != t->n_said) {
        wire_fail(t->w, "a message was not answered");
    }
    int64_t posts = wire_state(t->w, "posts_by_bot");
    int64_t twice = wire_state(t->w, "duplicates");
    if (twice != 0 || posts != t->n_posts) {
        wire_fail(t->w, "the bot made %" PRId64 " posts instead of %" PRId64 ", %" PRId64 " twice",
                  posts, t->n_posts, twice);
    }
    if (wire_state(t->w, "unknown_routes") != 0) {
        wire_fail(t->w, "the bot asks for what no server has");
    }
}

static void print_summary(struct test *t) {
    const struct tally *c = &t->tally;
    printf("%u people, %" PRId64 " messages, %" PRId64 " reactions, %" PRId64 " posts of the bot\n",
           c->people + 1, t->n_said, t->n_marked, t->n_posts);
    printf(
        "%u kills: %u before a message was taken, %u amid replies, %u after the last; %u of them "
        "while starting; %u drops, %u restarts of the server, %u lost changes; %zu lost replies "
        "noticed, %" PRId64 " looks at a channel\n",
        c->kills, c->before, c->amid, c->after, c->starting, c->drops, c->restarts, c->faults,
        c->waits, wire_bot_requests(t->w, "GET /channels/*/posts"));
}

static void run(struct test *t, const char *kizuki, const char *fake) {
    t->w = wire_create(kizuki, fake);
    wire_bot_start(t->w);
    talk_undisturbed(t);
    int64_t now = wire_now_ms();
    t->kill_ms = now + below(t, LIFE_MS);
    t->drop_ms = now + below(t, LIFE_MS);
    do {
        play_round(t);
    } while (t->tally.kills < t->kills);
    t->tally.waits += wire_logged(t->w, "\"a message waits\"");
    wire_bot_stop(t->w);
    check_end(t);
    print_summary(t);
    for (size_t i = 0; i <= STEPS; i++) {
        free(t->ref.views[i]);
    }
    buf_free(&t->ref.dump);
    wire_destroy(t->w);
}

int main(int argc, char **argv) {
    static struct test t;
    char *end = NULL;
    uint64_t asked = argc > 3 ? strtoull(argv[3], &end, 10) : DEFAULT_KILLS;
    bool wrong = argc < 3 || argc > 5 || (end && *end) || asked > MAX_KILLS;
    t.seed = !wrong && argc > 4 ? strtoull(argv[4], &end, 10) : 0;
    if (wrong || (end && *end)) {
        fputs("Usage: test_kill_wire KIZUKI_BINARY FAKE_BINARY [KILLS] [SEED]\n", stderr);
        return 2;
    }
    if (argc < 5 && getrandom(&t.seed, sizeof(t.seed), 0) != (ssize_t)sizeof(t.seed)) {
        perror("a random seed");
    }
    printf("seed %" PRIu64 "\n", t.seed);
    fflush(stdout);
    t.random = t.seed;
    t.kills = (unsigned)asked;
    run(&t, argv[1], argv[2]);
    puts("1 passed, 0 failed");
    return 0;
}
