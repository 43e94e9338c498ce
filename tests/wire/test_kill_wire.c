/*
 * The kill test over the wire: people go on writing, reacting and clicking while the bot is killed
 * with SIGKILL at random instants and started again, replies of the server get lost after they took
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

#include "tests/support/player.h"
#include "tests/support/wire.h"
#include "tests/support/wire_story.h"

#define DEFAULT_KILLS 20
#define MAX_KILLS     10000
#define PEOPLE        4 /* at once; the next ones come when all have ended */
#define LOSE_PERCENT  20
#define STALL_MS      60000 /* nobody waits that long for an answer */
#define LOOK_MS       60    /* how often somebody who waits looks */
/* Of a bot that is to be killed, at most. Slack's history may lag: after a start it takes three
 * seconds to know what was sent. */
#define LIFE_MS            1500
#define LIFE_WITH_CARDS_MS 6000
#define TEXT_MAX           ((size_t)4 * 1024 * 1024)

struct person {
    struct player player;
    bool patient;
    bool ended;
    int64_t next_ms;
    int64_t moved_ms; /* when the last step was made */
};

struct tally {
    unsigned kills;
    unsigned before; /* something said was not taken yet, nothing was owed */
    unsigned amid;   /* something was owed */
    unsigned after;  /* all was said */
    unsigned starting;
    unsigned mishaps;
    unsigned restarts;
    unsigned lost; /* clicks that had to be repeated */
    size_t waits;  /* replies of the server the bot missed */
    size_t gave_up;
    unsigned people;
};

struct test {
    struct stage stage;
    struct reference refs[MANNERS];
    size_t n_manners;
    struct person people[PEOPLE];
    struct tally tally;
    unsigned kills;
    uint64_t random;
    uint64_t seed;
    int64_t life_ms; /* of a bot that is to be killed, at most */
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

/* ---- the others ---- */

static const struct reference *reference_of(const struct test *t, const struct person *p) {
    return &t->refs[p->player.manner];
}

/* ---- the people ---- */

static void fail_stalled(struct test *t, const struct person *p) {
    struct buf view;
    char id[WIRE_ID_LEN + 1];
    buf_init(&view, TEXT_MAX);
    story_view(t->stage.w, &p->player.wire, &view, SIZE_MAX, id);
    const char *difference =
        story_difference(reference_of(t, p)->views[p->player.at], buf_text(&view));
    wire_fail(t->stage.w, "seed %" PRIu64 ": %s waits in vain, at step %zu (%s):%s", t->seed,
              p->player.wire.name, p->player.at, player_step(&p->player),
              difference ? difference : " it came just now");
}

/*
 * True once it is known what became of the last click. A lost one did not come again: what was
 * ticked stays so on the person's side and goes along with the end of the answer; a button is
 * clicked again; what was chosen in a list cannot be chosen again, and is written.
 */
static bool is_clicked(struct test *t, struct player *p, const struct reference *ref) {
    size_t last = p->at - 1;
    enum wire_fate fate = *p->click ? wire_fate(t->stage.w, p->click) : WIRE_ARRIVED;
    if (!*p->click || fate == WIRE_UNDER_WAY) {
        return !*p->click;
    }
    p->click[0] = '\0';
    int64_t taken = player_clicks(&t->stage, p);
    bool lost = fate == WIRE_LOST && taken == p->n_clicks;
    p->n_clicks = taken;
    if (!lost || ref->ticks[last]) {
        return true;
    }
    t->tally.lost++;
    if (strspn(ref->offers[last], "0123456789") > 0) {
        player_say(&t->stage, p, ref->offers[last]);
        return true;
    }
    p->at = last;
    player_do(&t->stage, p, ref->offers[last]);
    p->at = last + 1;
    return false;
}

/* Whether they may go on. */
static bool is_ready(struct test *t, struct person *p) {
    const struct reference *ref = reference_of(t, p);
    if (player_lacks_home(&t->stage, &p->player)) {
        wire_open_home(t->stage.w, &p->player.wire); /* again: it is the same */
        return false;
    }
    return is_clicked(t, &p->player, ref) && (!reference_must_see(ref, &p->player, p->patient) ||
                                              reference_seen(&t->stage, ref, &p->player));
}

static void act(struct test *t, struct person *p) {
    player_do(&t->stage, &p->player, reference_of(t, p)->offers[p->player.at]);
    p->player.at++;
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
    if (!is_ready(t, p)) {
        if (now - p->moved_ms > STALL_MS) {
            fail_stalled(t, p);
        }
        return;
    }
    p->moved_ms = now;
    if (p->player.at == STORY_STEPS) {
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
    wire_control(t->stage.w, order);
    wire_bot_start(t->stage.w);
    int64_t kind = below(t, 4);
    t->strike = kind >= 2;
    t->kill_ms = now + (kind == 0 ? below(t, 100) : kind == 1 ? below(t, t->life_ms) : t->life_ms);
}

/* What the dead bot leaves, from a copy. */
static void classify(struct test *t) {
    char copy[128];
    struct tally *c = &t->tally;
    snprintf(copy, sizeof(copy), "%s/copy.db", wire_dir(t->stage.w));
    wire_copy_db(t->stage.w, copy);
    int64_t owed = wire_int(copy, "SELECT count(*) FROM outbox WHERE state = 'pending'", NULL);
    int64_t taken = story_messages_in(copy);
    c->starting += wire_logged(t->stage.w, "\"caught up\"") == 0;
    c->waits += wire_logged(t->stage.w, "\"a message waits\"");
    c->gave_up += wire_logged(t->stage.w, "\"reactions cannot be added");
    *(owed > 0 ? &c->amid : taken < t->stage.n_said ? &c->before : &c->after) += 1;
}

static void kill_now(struct test *t, int64_t now) {
    struct timespec within = {.tv_nsec = (long)below(t, 1000000)};
    nanosleep(&within, NULL);
    wire_bot_kill(t->stage.w);
    t->tally.kills++;
    classify(t);
    if (below(t, 2) == 0) { /* the server forgets what it would not post twice, too */
        wire_control(t->stage.w, "{\"do\":\"restart\"}");
        t->tally.restarts++;
    }
    t->start_ms = now + below(t, 250);
}

static void drop(struct test *t, int64_t now) {
    t->drop_ms = now + 300 + below(t, 3000);
    const char *what = wire_mishap(t->stage.w, (size_t)below(t, (int64_t)wire_mishaps(t->stage.w)));
    t->tally.mishaps++;
    t->tally.restarts += strcmp(what, "restart") == 0;
}

/* Once all kills are done nothing goes wrong any more but what the last life has to bear. */
static void disturb(struct test *t, int64_t now) {
    bool more = t->tally.kills < t->kills;
    if (wire_bot_runs(t->stage.w) && more && now >= t->kill_ms) {
        kill_now(t, now);
    } else if (!wire_bot_runs(t->stage.w) && now >= t->start_ms) {
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
    const struct reference *ref = reference_of(t, p);
    if (!story_dump(wire_db(t->stage.w), p->player.wire.id, STORY_ALL, &dump)) {
        wire_fail(t->stage.w, "the database cannot be read");
    }
    const char *difference = story_difference(ref->dump, buf_text(&dump));
    if (difference) {
        wire_fail(t->stage.w, "seed %" PRIu64 ": %s has another story:%s", t->seed,
                  p->player.wire.name, difference);
    }
    buf_free(&dump);
    char *home = player_home(&t->stage, &p->player);
    if (strcmp(home, ref->home) != 0) {
        wire_fail(t->stage.w, "seed %" PRIu64 ": %s has another page:%s", t->seed,
                  p->player.wire.name, story_difference(ref->home, home));
    }
    free(home);
    size_t n = story_check_posts(t->stage.w, &p->player.wire, p->player.wire.direct,
                                 p->player.wire.id, t->tally.gave_up == 0);
    if (n != ref->n_posts) {
        wire_fail(t->stage.w, "seed %" PRIu64 ": %s sees %zu posts, not %zu", t->seed,
                  p->player.wire.name, n, ref->n_posts);
    }
    t->stage.n_posts += (int64_t)n;
}

static void play_round(struct test *t) {
    int64_t now = wire_now_ms();
    for (size_t i = 0; i < PEOPLE; i++) {
        t->people[i] = (struct person){.moved_ms = now};
        player_join(&t->stage, &t->people[i].player, (enum manner)(i % t->n_manners));
    }
    while (!all_ended(t)) {
        now = wire_now_ms();
        disturb(t, now);
        for (size_t i = 0; i < PEOPLE; i++) {
            move(t, &t->people[i], now);
        }
        wire_pause_ms(1);
    }
    if (!wire_bot_runs(t->stage.w)) {
        start(t, now);
    }
    stage_await(&t->stage, "what was said last");
    t->tally.gave_up += wire_logged(t->stage.w, "\"reactions cannot be added");
    for (size_t i = 0; i < PEOPLE; i++) {
        check_person(t, &t->people[i]);
    }
    t->tally.people += PEOPLE;
}

/* ---- all of it ---- */

static void check_end(struct test *t) {
    story_check_whole(t->stage.w);
    if (story_unanswered(t->stage.w) != 0 || story_messages(t->stage.w) != t->stage.n_said) {
        wire_fail(t->stage.w, "a message was not answered");
    }
    int64_t posts = wire_state(t->stage.w, "posts_by_bot");
    if (posts != t->stage.n_posts) {
        wire_fail(t->stage.w, "the bot made %" PRId64 " posts instead of %" PRId64, posts,
                  t->stage.n_posts);
    }
    wire_check_server(t->stage.w);
}

static void print_summary(struct test *t) {
    const struct tally *c = &t->tally;
    printf("%zu people, %" PRId64 " messages, %" PRId64 " reactions, %u clicks (%u lost and"
           " repeated), %" PRId64 " posts of the bot\n",
           c->people + t->n_manners, t->stage.n_said, t->stage.n_marked, t->stage.n_clicks, c->lost,
           t->stage.n_posts);
    printf("%u kills: %u before a message was taken, %u amid replies, %u after the last; %u of them"
           " while starting; %u mishaps, %u restarts of the server; %zu lost replies noticed,"
           " %" PRId64 " looks at a channel\n",
           c->kills, c->before, c->amid, c->after, c->starting, c->mishaps, c->restarts, c->waits,
           wire_reads(t->stage.w));
}

static void run(struct test *t, const char *kizuki, const char *fake) {
    t->stage.w = wire_create(kizuki, fake);
    bool cards = wire_has_cards(t->stage.w);
    t->n_manners = cards ? MANNERS : 1;
    t->life_ms = cards ? LIFE_WITH_CARDS_MS : LIFE_MS;
    wire_bot_start(t->stage.w);
    for (size_t i = 0; i < t->n_manners; i++) {
        reference_make(&t->stage, (enum manner)i, &t->refs[i]);
    }
    reference_check(&t->stage);
    int64_t now = wire_now_ms();
    t->kill_ms = now + below(t, t->life_ms);
    t->drop_ms = now + below(t, LIFE_MS);
    do {
        play_round(t);
    } while (t->tally.kills < t->kills);
    t->tally.waits += wire_logged(t->stage.w, "\"a message waits\"");
    wire_bot_stop(t->stage.w);
    check_end(t);
    print_summary(t);
    for (size_t i = 0; i < t->n_manners; i++) {
        reference_free(&t->refs[i]);
    }
    wire_destroy(t->stage.w);
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
