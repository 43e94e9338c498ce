/*
 * Plays the golden conversations over the wire, against the real binary and a chat server for
 * tests, and compares with what the terminal leaves for the same lines: answers, sessions, results,
 * every reply in order; and what people see must be what is stored as said. With --clicks people
 * click wherever they can, some of them twice, and must end up with the same answers. Then twenty
 * people at once.
 * Usage: test_golden_wire KIZUKI_BINARY FAKE_BINARY [--clicks] [TRANSCRIPT...]
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/emoji.h"
#include "tests/support/clicker.h"
#include "tests/support/jobs.h"
#include "tests/support/transcript.h"
#include "tests/support/wire.h"
#include "tests/support/wire_story.h"

#define PEOPLE_MAX 8
#define NAMED_MAX  16
#define CROWD      20
#define DUMP_MAX   ((size_t)4 * 1024 * 1024)
#define CAUGHT_UP  "\"caught up\""
/* Transcripts that cannot be played: they move the clock, or click where that cannot be done. */
#define SKIPPED_WITH_CARDS    15
#define SKIPPED_WITHOUT_CARDS 20
#define CLICKS_APART_MS       3200 /* further apart than the two clicks of a nervous finger */

struct talker {
    char name[64];
    struct wire_person person;
    struct clicker clicker;
};

/* A message that has a name because it will come again. */
struct named {
    const char *name;
    char post[WIRE_ID_LEN + 1];
};

struct play {
    struct wire *w;
    const struct transcript *script;
    size_t at; /* the line being played */
    const char *args;
    bool clicks; /* rather than texts and reactions, and … */
    bool exact;  /* … all rows must be as in the terminal */
    struct talker people[PEOPLE_MAX];
    size_t n_people;
    struct talker *now;
    char channel[WIRE_ID_LEN + 1]; /* "": direct */
    const char *next_name;         /* of ":id" */
    struct named named[NAMED_MAX];
    size_t n_named;
    int64_t n_said;
    int64_t n_edits;      /* posts that had to change in place */
    int64_t n_clicks;     /* lines said by clicks */
    int64_t n_impossible; /* lines nobody can say there, and that leave nothing */
};

static const char *kizuki;
static const char *fake;
static bool clicking;
static glob_t files;

/* ---- people on the wire ---- */

static bool is_made_of_clicks(const struct transcript *t) {
    return transcript_has(t, "! args --cards");
}

static bool is_english(const struct play *p) {
    return strstr(p->args, "--lang en") != NULL;
}

/*
 * Two are known to the server, others made on the fly. Their language comes from the platform, but
 * where pages are shown, which say where it is from.
 */
static struct talker *talker(struct play *p, const char *name) {
    for (size_t i = 0; i < p->n_people; i++) {
        if (strcmp(p->people[i].name, name) == 0) {
            return &p->people[i];
        }
    }
    if (p->n_people == PEOPLE_MAX) {
        wire_fail(p->w, "more than %d people", PEOPLE_MAX);
    }
    struct talker *t = &p->people[p->n_people++];
    snprintf(t->name, sizeof(t->name), "%s", name);
    char other[32];
    bool first = strcmp(name, "user1") == 0;
    bool second = strcmp(name, "user2") == 0;
    const char *known = first ? (is_english(p) ? "john" : "hanako") : "taro";
    snprintf(other, sizeof(other), "user%zu", p->n_people);
    wire_person(p->w, first || second ? known : other, &t->person);
    wire_direct(p->w, &t->person);
    if (is_made_of_clicks(p->script)) { /* where the language is from is shown there */
        wire_set_locale(p->w, &t->person, "");
    } else if (is_english(p)) {
        wire_set_locale(p->w, &t->person, "en");
    }
    t->clicker = (struct clicker){.w = p->w, .p = &t->person, .nervous = !p->exact};
    return t;
}

/* ---- waiting for the end of a turn ---- */

struct awaited {
    const char *sql; /* becomes more than `above` */
    const char *params[4];
    int64_t above;
};

static bool is_answered(struct wire *w, void *ctx) {
    const struct awaited *a = ctx;
    return wire_int(wire_db(w), a->sql, a->params) > a->above && wire_settled(w);
}

static void await_answer(const struct play *p, struct awaited *a) {
    if (!wire_await(p->w, is_answered, a)) {
        wire_fail(p->w, "line \"%s\" is not answered", p->script->lines[p->at]);
    }
}

static void await_post(const struct play *p, const char *post) {
    await_answer(p, &(struct awaited){.sql = "SELECT count(*) FROM inbox WHERE event_id = ?1",
                                      .params = {post}});
}

/* ---- what people do ---- */

static bool comes_again(const struct play *p, const char *name) {
    for (size_t i = p->at; i < p->script->n; i++) {
        const char *line = p->script->lines[i];
        if (transcript_begins(line, "> :id ") && strcmp(line + 6, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The bot reads everything of the last minute again. */
static void redeliver(const struct play *p) {
    size_t before = wire_logged(p->w, CAUGHT_UP);
    int64_t reads = wire_reads(p->w);
    wire_lose_track(p->w);
    wire_await_log(p->w, CAUGHT_UP, before + 1);
    if (wire_reads(p->w) <= reads) {
        wire_fail(p->w, "nothing was delivered again");
    }
}

static const struct named *find_named(const struct play *p, const char *name) {
    for (size_t i = 0; i < p->n_named; i++) {
        if (strcmp(p->named[i].name, name) == 0) {
            return &p->named[i];
        }
    }
    return NULL;
}

static void say(struct play *p, const char *text) {
    struct wire_person *person = &p->now->person;
    const char *name = p->next_name;
    char post[WIRE_ID_LEN + 1];
    p->next_name = NULL;
    if (name && find_named(p, name)) {
        redeliver(p);
        return;
    }
    if (p->clicks && !p->exact && !*p->channel && !name && clicker_say(&p->now->clicker, text)) {
        p->n_clicks++;
        return;
    }
    if (name && comes_again(p, name)) {
        wire_double(p->w);
    }
    wire_say(p->w, person, *p->channel ? p->channel : person->direct, text, post);
    if (name && p->n_named < NAMED_MAX) {
        struct named *n = &p->named[p->n_named++];
        n->name = name;
        memcpy(n->post, post, sizeof(post));
    }
    p->n_said++;
    await_post(p, post);
}

/* Whether choice `number` of that post's newest row is ticked, -1 where there is no such choice. */
static int64_t ticked(const struct play *p, const char *post, const char *number) {
    static const char sql[] =
        "SELECT json_extract(c.value, '$.ticked') FROM (SELECT choices FROM outbox"
        " WHERE remote_id = ?1 OR replaces = ?1 ORDER BY ord DESC LIMIT 1) AS o,"
        " json_each(iif(o.choices = '', '[]', o.choices)) AS c"
        " WHERE json_extract(c.value, '$.number') = CAST(?2 AS INTEGER)";
    return wire_int(wire_db(p->w), sql, (const char *[]){post, number, NULL});
}

static void react(struct play *p, const char *what, bool on) {
    static const char several[] = "SELECT closes FROM outbox WHERE remote_id = ?1";
    struct wire_person *person = &p->now->person;
    char post[WIRE_ID_LEN + 1];
    story_question(p->w, person, post);
    bool ok = strcmp(what, "ok") == 0;
    const char *emoji = ok ? EMOJI_CLOSE : emoji_of((int)strtol(what, NULL, 10));
    if (!*post || !emoji) {
        wire_fail(p->w, "no post to react to with \"%s\"", what);
    }
    struct awaited a = {.sql = "SELECT changes FROM tick WHERE message = ?1 AND external_id = ?2"
                               " AND mark = ?3",
                        .params = {post, person->id, emoji}};
    a.above = wire_int(wire_db(p->w), a.sql, a.params);
    int64_t edits =
        wire_int(wire_db(p->w), "SELECT count(*) FROM outbox WHERE replaces <> ''", NULL);
    bool is_edit = !ok && wire_int(wire_db(p->w), several, (const char *[]){post, NULL}) == 1 &&
                   ticked(p, post, what) == !on;
    wire_react(p->w, person, post, emoji, on);
    await_answer(p, &a);
    /* A tick of the open question shows in its post; anything else needs words of its own. */
    is_edit = is_edit && ticked(p, post, what) == on;
    p->n_edits += is_edit;
    if (wire_int(wire_db(p->w), "SELECT count(*) FROM outbox WHERE replaces <> ''", NULL) !=
        edits + is_edit) {
        wire_fail(p->w, "\"%s\": %s", p->script->lines[p->at],
                  is_edit ? "a new post instead of an edit" : "an edit nobody expects");
    }
}

/* ---- the bot's life ---- */

static void check_log(const struct play *p) {
    if (wire_logged(p->w, "\"level\":\"error\"") > 0) {
        wire_fail(p->w, "the bot logs an error");
    }
}

static void take_args(struct play *p, const char *args) {
    static const char *const known[] = {"--cards", "--lang", "en", "--content", "PACK"};
    char lines[256] = "";
    char words[256];
    char *save = NULL;
    snprintf(words, sizeof(words), "%s", args);
    for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        size_t i = 0;
        while (i < ARRAY_LEN(known) && strcmp(known[i], word) != 0) {
            i++;
        }
        if (i == ARRAY_LEN(known)) {
            wire_fail(p->w, "unknown option %s", word);
        }
    }
    p->args = args;
    if (strstr(args, "--content PACK")) {
        snprintf(lines, sizeof(lines), "content_dir = \"%s/pack\"", wire_dir(p->w));
    } else if (is_made_of_clicks(p->script) && is_english(p)) {
        snprintf(lines, sizeof(lines), "language = \"en\"");
    }
    wire_configure(p->w, lines);
}

static void restart(struct play *p, const char *args) {
    check_log(p);
    wire_bot_stop(p->w);
    take_args(p, args);
    wire_bot_start(p->w);
}

/* A line of somebody who clicks; false for other lines. */
static bool do_by_clicks(struct play *p, const char *line) {
    static const char *const known[] = {":word", ":home", ":sheet", ":submit"};
    struct clicker *c = &p->now->clicker;
    bool twice = p->at + 1 < p->script->n && strcmp(p->script->lines[p->at + 1], "> :again") == 0;
    bool tick = transcript_begins(line, ":react ") || transcript_begins(line, ":unreact ");
    bool done = true;
    if (tick) {
        c->nervous = c->nervous || twice;
        done = clicker_tick(c, strchr(line, ' ') + 1, line[1] == 'r');
    } else if (transcript_begins(line, ":select ")) {
        done = clicker_select(c, strchr(line, ' ') + 1);
    } else {
        size_t i = 0;
        while (i < ARRAY_LEN(known) && !transcript_begins(line, known[i])) {
            i++;
        }
        if (i == ARRAY_LEN(known)) {
            return false;
        }
        done = clicker_do(c, line + 1, twice);
    }
    p->n_clicks += done;
    p->n_impossible += !done;
    return true;
}

static void obey(struct play *p, const char *line) {
    if (p->clicks && do_by_clicks(p, line)) {
        return;
    }
    if (transcript_begins(line, ":as ")) {
        p->now = talker(p, line + 4);
    } else if (strcmp(line, ":channel direct") == 0) {
        p->channel[0] = '\0';
    } else if (transcript_begins(line, ":channel ")) {
        wire_channel(p->w, line + 9, p->channel);
    } else if (transcript_begins(line, ":id ")) {
        p->next_name = line + 4;
    } else if (transcript_begins(line, ":react ") || transcript_begins(line, ":unreact ")) {
        react(p, strchr(line, ' ') + 1, line[1] == 'r');
    } else if (strcmp(line, ":reload") == 0) {
        wire_bot_reload(p->w);
    } else if (strcmp(line, ":crash") == 0) {
        wire_bot_kill(p->w);
        wire_bot_start(p->w);
    } else if (strcmp(line, ":again") == 0) {
        /* done with the line before */
    } else if (transcript_begins(line, ":advance ")) {
        wire_pause_ms(CLICKS_APART_MS);
    } else {
        wire_fail(p->w, "unknown directive %s", line);
    }
}

static void play_line(struct play *p, const char *line) {
    if (transcript_begins(line, "> :")) {
        obey(p, line + 2);
    } else if (line[0] == '>') {
        say(p, line + 2);
    } else if (transcript_begins(line, "! edit-pack ")) {
        transcript_edit_pack(p->w, line + strlen("! edit-pack "));
    } else if (transcript_begins(line, "! restart")) {
        restart(p, line + strlen("! restart"));
    } else if (!transcript_begins(line, "! args")) {
        wire_fail(p->w, "unknown line %s", line);
    }
}

/* ---- one transcript ---- */

static void compare(const struct wire *w, const char *terminal_db, const char *external_id,
                    enum story_part part, const char *name) {
    struct buf expected;
    struct buf found;
    buf_init(&expected, DUMP_MAX);
    buf_init(&found, DUMP_MAX);
    if (!story_dump(terminal_db, NULL, part, &expected) || expected.len == 0 ||
        !story_dump(wire_db(w), external_id, part, &found)) {
        wire_fail(w, "%s: a database cannot be read", name);
    }
    const char *difference = story_difference(buf_text(&expected), buf_text(&found));
    if (difference) {
        wire_fail(w, "%s: not what the terminal leaves:%s", name, difference);
    }
    buf_free(&expected);
    buf_free(&found);
}

static void check_what_people_see(struct play *p) {
    char general[WIRE_ID_LEN + 1];
    wire_channel(p->w, "general", general);
    int64_t n = (int64_t)story_check_posts(p->w, &p->people[0].person, general, NULL, true);
    for (size_t i = 0; i < p->n_people; i++) {
        struct wire_person *person = &p->people[i].person;
        wire_direct(p->w, person);
        n += (int64_t)story_check_posts(p->w, person, person->direct, person->id, true);
    }
    if (n != wire_state(p->w, "posts_by_bot")) {
        wire_fail(p->w, "the bot posted more than %lld times", (long long)n);
    }
    wire_check_server(p->w);
    if (story_messages(p->w) != p->n_said) {
        wire_fail(p->w, "the inbox does not hold every message once");
    }
}

/* Whether a running bot, whose clock nobody moves, can play it, and people can do what it says. */
static bool can_be_played(const struct transcript *t, bool cards) {
    bool form_first = t->n > 1 && transcript_begins(t->lines[1], "> :sheet ");
    if (is_made_of_clicks(t) && (!cards || form_first)) {
        return false;
    }
    for (size_t i = 0; i < t->n; i++) {
        bool soon = strcmp(t->lines[i], "> :advance 1m") == 0;
        if (transcript_begins(t->lines[i], "> :advance") && !soon) {
            return false;
        }
    }
    return true;
}

static void play_lines(struct play *p) {
    wire_bot_start(p->w);
    wire_await_log(p->w, CAUGHT_UP, 1); /* mentions from before are not answered */
    p->now = talker(p, "user1");
    for (p->at = 0; p->at < p->script->n; p->at++) {
        play_line(p, p->script->lines[p->at]);
    }
    check_log(p);
    wire_bot_stop(p->w);
}

static int play_transcript(const char *path) {
    static struct transcript script;
    static struct play p;
    char terminal_db[96];
    if (!transcript_read(path, &script)) {
        printf("FAIL %s cannot be read\n", path);
        return 1;
    }
    p = (struct play){.w = wire_create(kizuki, fake), .script = &script, .args = ""};
    bool cards = wire_has_cards(p.w);
    if (!can_be_played(&script, cards)) {
        wire_destroy(p.w);
        return JOB_SKIPPED;
    }
    p.exact = !clicking || is_made_of_clicks(&script);
    p.clicks = clicking || is_made_of_clicks(&script);
    snprintf(terminal_db, sizeof(terminal_db), "%s/terminal.db", wire_dir(p.w));
    transcript_play(p.w, kizuki, &script, terminal_db, cards);
    if (transcript_begins(script.lines[0], "! args")) {
        take_args(&p, script.lines[0] + strlen("! args"));
    }
    play_lines(&p);
    story_check_whole(p.w);
    compare(p.w, terminal_db, NULL, p.exact ? STORY_ALL : STORY_ANSWERS, path);
    check_what_people_see(&p);
    printf("%s: %lld messages, %lld clicks, %zu people, %lld edits", path, (long long)p.n_said,
           (long long)p.n_clicks, p.n_people, (long long)p.n_edits);
    if (p.n_impossible > 0) {
        printf(", %lld lines left out", (long long)p.n_impossible);
    }
    wire_destroy(p.w);
    transcript_free(&script);
    return 0;
}

/* ---- twenty people at once ---- */

struct crowd {
    struct transcript scripts[CROWD];
    struct wire_person people[CROWD];
    size_t n;
    int64_t n_said;
};

static bool all_answered(struct wire *w, void *ctx) {
    const struct crowd *c = ctx;
    return story_messages(w) == c->n_said && wire_settled(w);
}

static void gather(struct crowd *c) {
    for (size_t i = 0; i < files.gl_pathc && c->n < CROWD; i++) {
        struct transcript *t = &c->scripts[c->n];
        if (transcript_read(files.gl_pathv[i], t) && !transcript_has(t, "> :") &&
            !transcript_has(t, "! ")) {
            c->n++;
        } else {
            transcript_free(t);
        }
    }
}

/* Nobody waits for an answer, and once the content is read again in between. */
static void all_talk(struct wire *w, struct crowd *c) {
    char post[WIRE_ID_LEN + 1];
    for (size_t line = 0, spoke = 1; spoke > 0; line++) {
        spoke = 0;
        for (size_t i = 0; i < c->n; i++) {
            if (line < c->scripts[i].n) {
                wire_say(w, &c->people[i], c->people[i].direct, c->scripts[i].lines[line] + 2,
                         post);
                spoke++;
            }
        }
        c->n_said += (int64_t)spoke;
        if (line == 3) {
            wire_bot_reload(w);
        }
    }
}

static int play_crowd(const char *name) {
    static struct crowd c;
    gather(&c);
    struct wire *w = wire_create(kizuki, fake);
    if (c.n < CROWD) {
        wire_fail(w, "only %zu transcripts for %d people", c.n, CROWD);
    }
    wire_bot_start(w);
    for (size_t i = 0; i < c.n; i++) {
        char who[32];
        snprintf(who, sizeof(who), "user%zu", i + 1);
        wire_person(w, who, &c.people[i]);
        wire_direct(w, &c.people[i]);
    }
    wire_await_log(w, CAUGHT_UP, 1);
    int64_t begin = wire_now_ms();
    all_talk(w, &c);
    if (!wire_await(w, all_answered, &c)) {
        wire_fail(w, "not everybody is answered");
    }
    int64_t took = wire_now_ms() - begin;
    wire_bot_stop(w);
    story_check_whole(w);
    for (size_t i = 0; i < c.n; i++) {
        char db[96];
        snprintf(db, sizeof(db), "%s/%zu.db", wire_dir(w), i);
        transcript_play(w, kizuki, &c.scripts[i], db, wire_has_cards(w));
        compare(w, db, c.people[i].id, STORY_ALL, c.scripts[i].path);
        story_check_posts(w, &c.people[i], c.people[i].direct, c.people[i].id, true);
        transcript_free(&c.scripts[i]);
    }
    wire_check_server(w);
    printf("%s: %lld messages in %lld ms", name, (long long)c.n_said, (long long)took);
    wire_destroy(w);
    return 0;
}

/* ---- all of it ---- */

static bool is_cards_server(void) {
    const char *slash = strrchr(fake, '/');
    return strcmp(slash ? slash + 1 : fake, "slack") == 0;
}

int main(int argc, char **argv) {
    clicking = argc > 3 && strcmp(argv[3], "--clicks") == 0;
    int first = clicking ? 4 : 3;
    if (argc < 3) {
        fputs("Usage: test_golden_wire KIZUKI_BINARY FAKE_BINARY [--clicks] [TRANSCRIPT...]\n",
              stderr);
        return 2;
    }
    kizuki = argv[1];
    fake = argv[2];
    if (glob("tests/golden/*.txt", 0, NULL, &files) != 0) {
        fputs("no transcripts\n", stderr);
        return 2;
    }
    struct jobs j = {.n = 0};
    bool all = argc <= first;
    for (size_t i = 0; i < (all ? files.gl_pathc : (size_t)(argc - first)); i++) {
        jobs_begin(&j, play_transcript, all ? files.gl_pathv[i] : argv[(size_t)first + i]);
    }
    if (all && !clicking) {
        jobs_begin(&j, play_crowd, "twenty people at once");
    }
    jobs_finish(&j);
    size_t must_skip = is_cards_server() ? SKIPPED_WITH_CARDS : SKIPPED_WITHOUT_CARDS;
    if (all && j.skipped != must_skip) {
        printf("FAIL %zu transcripts skipped, not %zu\n", j.skipped, must_skip);
        j.failed++;
    }
    globfree(&files);
    printf("%zu passed, %zu skipped, %zu failed\n", j.passed, j.skipped, j.failed);
    return j.failed > 0 || j.passed == 0;
}
