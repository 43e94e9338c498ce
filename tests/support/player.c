#include "tests/support/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "bot/emoji.h"
#include "tests/support/wire_story.h"

#define TEXT_MAX ((size_t)4 * 1024 * 1024)

/*
 * What everybody does: "+2", "-2" and "+ok" are reactions to the newest question or clicks in it,
 * "=word" is a word that may be clicked, "home" is a look at the page of one's own. "+1" is
 * "IT systems" the second time, which is another branch: an answer falls away, two questions come.
 */
static const char *const script[STORY_STEPS] = {"診断",
                                                "home",
                                                "+2",
                                                "+1",
                                                "+3",
                                                "-1",
                                                "+2",
                                                "+ok",
                                                "4も",
                                                "検索 ログ",
                                                "リンクを踏んだかも",
                                                "=スキップ",
                                                "わからない",
                                                "わからない",
                                                "1問目を直したい",
                                                "+1",
                                                "1と2",
                                                "=中断",
                                                "K-006",
                                                "再開",
                                                "2",
                                                "確認",
                                                "4問目を直したい",
                                                "+1",
                                                "+ok",
                                                "進み具合",
                                                "1",
                                                "私の結果",
                                                "結果を変える",
                                                "+6",
                                                "ありがとう"};

/* What must be true of the undisturbed ones; the script is there to bring these about. */
static const struct {
    const char *name;
    const char *sql;
    bool cards; /* only where there are some */
} covered[] = {
    {"a skipped question", "SELECT count(*) FROM answer WHERE value = ':skipped'", false},
    {"an unsure answer", "SELECT count(*) FROM answer_history WHERE value = ':unsure'", false},
    {"an answer taken away", "SELECT count(*) FROM answer_history WHERE value IS NULL", false},
    {"a finished run", "SELECT count(*) FROM run WHERE state = 'done'", false},
    {"a result found by scoring", "SELECT count(*) FROM result WHERE by_hand = 0", false},
    {"a result chosen by hand", "SELECT count(*) FROM result WHERE by_hand = 1", false},
    {"a post that changed", "SELECT count(*) FROM outbox WHERE replaces <> ''", false},
    {"a message of two replies", "SELECT count(*) FROM outbox WHERE key LIKE '%:1'", false},
    {"a question that shows its answer", "SELECT count(*) FROM outbox WHERE kind = 'settle'", true},
    {"a page of one's own", "SELECT count(*) > 5 FROM outbox WHERE kind = 'home'", true},
    {"a word clicked", "SELECT count(*) > 1 FROM inbox WHERE event_id LIKE '%/word:%'", true},
    {"a list ticked", "SELECT count(*) > 4 FROM inbox WHERE event_id LIKE '%/tick/%'", true},
};

static bool is_mark(const char *step) {
    return step[0] == '+' || step[0] == '-';
}

static bool is_home(const char *step) {
    return strcmp(step, "home") == 0;
}

static const char *emoji_for(const char *step) {
    return strcmp(step + 1, "ok") == 0 ? EMOJI_CLOSE : emoji_of((int)strtol(step + 1, NULL, 10));
}

static const char *words_of(const char *step) {
    return step + (step[0] == '=');
}

void player_join(struct stage *s, struct player *p, enum manner manner) {
    char name[32];
    *p = (struct player){.manner = manner};
    snprintf(name, sizeof(name), "user%u", ++s->n_came);
    wire_person(s->w, name, &p->wire);
    wire_direct(s->w, &p->wire);
}

const char *player_step(const struct player *p) {
    return p->at < STORY_STEPS ? script[p->at] : "the end";
}

int64_t player_clicks(const struct stage *s, const struct player *p) {
    static const char sql[] = "SELECT count(*) FROM inbox"
                              " WHERE event_id LIKE 'click/' || ?1 || '/%'";
    return wire_int(wire_db(s->w), sql, (const char *[]){p->wire.id, NULL});
}

/* ---- doing something ---- */

void player_say(struct stage *s, struct player *p, const char *text) {
    char post[WIRE_ID_LEN + 1];
    wire_say(s->w, &p->wire, p->wire.direct, text, post);
    s->n_said++;
}

void player_do(struct stage *s, struct player *p, const char *offer) {
    const char *step = script[p->at];
    if (is_home(step)) {
        if (p->manner == CLICKING) {
            wire_open_home(s->w, &p->wire);
        }
    } else if (offer) {
        if (!wire_click(s->w, &p->wire, p->target, offer, 1, p->click)) {
            wire_fail(s->w, "\"%s\" is not there to be clicked at step %zu", offer, p->at);
        }
        s->n_clicks++;
    } else if (is_mark(step)) {
        wire_react(s->w, &p->wire, p->target, emoji_for(step), step[0] == '+');
        s->n_marked++;
    } else {
        player_say(s, p, words_of(step));
    }
}

bool player_lacks_home(const struct stage *s, const struct player *p) {
    return p->at > 0 && is_home(script[p->at - 1]) && p->manner == CLICKING &&
           !wire_home(s->w, &p->wire, NULL);
}

char *player_home(const struct stage *s, const struct player *p) {
    struct buf page;
    buf_init(&page, TEXT_MAX);
    if (p->manner == CLICKING) {
        wire_home(s->w, &p->wire, &page);
    }
    char *text = xstrdup(buf_text(&page));
    buf_free(&page);
    return text;
}

/* ---- waiting ---- */

/* What was delivered again may have counted more than once. */
static bool all_is_said(struct wire *w, void *ctx) {
    const struct stage *s = ctx;
    static const char ticks[] = "SELECT coalesce(sum(changes), 0) FROM tick";
    return story_messages(w) == s->n_said && wire_int(wire_db(w), ticks, NULL) >= s->n_marked &&
           wire_settled(w);
}

void stage_await(struct stage *s, const char *what) {
    if (!wire_await(s->w, all_is_said, s)) {
        wire_fail(s->w, "\"%s\" is not answered", what);
    }
}

struct clicked {
    const struct stage *s;
    const struct player *p;
};

static bool is_taken(struct wire *w, void *ctx) {
    const struct clicked *c = ctx;
    return player_clicks(c->s, c->p) == c->p->n_clicks && wire_settled(w);
}

static bool has_home(struct wire *w, void *ctx) {
    const struct clicked *c = ctx;
    return wire_home(w, &c->p->wire, NULL) && wire_settled(w);
}

static void await_step(struct stage *s, struct player *p, const char *offer) {
    struct clicked c = {s, p};
    bool home = is_home(script[p->at]) && p->manner == CLICKING;
    p->n_clicks += offer != NULL;
    if (!offer && !home) {
        stage_await(s, script[p->at]);
    } else if (!wire_await(s->w, offer ? is_taken : has_home, &c)) {
        wire_fail(s->w, "\"%s\" is not answered", script[p->at]);
    }
}

/* ---- the undisturbed ones ---- */

/* With the place of the target, where there is one. */
static char *view_of(const struct stage *s, const struct player *p, const char *target,
                     size_t *ret_index) {
    struct buf view;
    char id[WIRE_ID_LEN + 1];
    buf_init(&view, TEXT_MAX);
    size_t n = story_view(s->w, &p->wire, &view, SIZE_MAX, id);
    for (size_t i = 0; *target && i < n; i++) {
        buf_clear(&view);
        story_view(s->w, &p->wire, &view, i, id);
        if (strcmp(id, target) == 0) {
            *ret_index = i;
        }
    }
    char *text = xstrdup(buf_text(&view));
    buf_free(&view);
    return text;
}

/* What somebody who clicks clicks at that step, NULL: they write. */
static const char *offer_for(const struct stage *s, struct player *p) {
    const char *step = script[p->at];
    if (p->manner == CLICKING && step[0] == '=') {
        return story_word(s->w, &p->wire, words_of(step), p->target);
    }
    return p->manner == CLICKING && is_mark(step) ? step + 1 : NULL;
}

static int64_t count_owed(const struct stage *s) {
    return wire_int(wire_db(s->w), "SELECT count(*) FROM outbox", NULL);
}

void reference_make(struct stage *s, enum manner manner, struct reference *ret) {
    struct player p;
    struct buf dump;
    player_join(s, &p, manner);
    for (p.at = 0; p.at < STORY_STEPS; p.at++) {
        story_question(s->w, &p.wire, p.target);
        const char *offer = offer_for(s, &p);
        bool aims = offer || is_mark(script[p.at]);
        int64_t owed = count_owed(s);
        ret->offers[p.at] = offer;
        ret->views[p.at] = view_of(s, &p, aims ? p.target : "", &ret->targets[p.at]);
        player_do(s, &p, offer);
        await_step(s, &p, offer);
        ret->ticks[p.at] = offer && owed == count_owed(s);
    }
    ret->views[STORY_STEPS] = view_of(s, &p, "", NULL);
    ret->home = player_home(s, &p);
    buf_init(&dump, TEXT_MAX);
    if (!story_dump(wire_db(s->w), p.wire.id, STORY_ALL, &dump)) {
        wire_fail(s->w, "the database cannot be read");
    }
    ret->dump = xstrdup(buf_text(&dump));
    buf_free(&dump);
    ret->n_posts = story_check_posts(s->w, &p.wire, p.wire.direct, p.wire.id, true);
    s->n_posts += (int64_t)ret->n_posts;
}

void reference_free(struct reference *ref) {
    for (size_t i = 0; i <= STORY_STEPS; i++) {
        free(ref->views[i]);
    }
    free(ref->home);
    free(ref->dump);
}

void reference_check(const struct stage *s) {
    for (size_t i = 0; i < ARRAY_LEN(covered); i++) {
        bool wanted = !covered[i].cards || wire_has_cards(s->w);
        if (wanted && wire_int(wire_db(s->w), covered[i].sql, NULL) < 1) {
            wire_fail(s->w, "the undisturbed do not bring about %s", covered[i].name);
        }
    }
}

/* ---- the others ---- */

bool reference_seen(const struct stage *s, const struct reference *ref, struct player *p) {
    struct buf view;
    buf_init(&view, TEXT_MAX);
    bool aims = p->at < STORY_STEPS && (ref->offers[p->at] || is_mark(script[p->at]));
    story_view(s->w, &p->wire, &view, aims ? ref->targets[p->at] : SIZE_MAX, p->target);
    bool same = strcmp(buf_text(&view), ref->views[p->at]) == 0;
    buf_free(&view);
    return same;
}

static bool takes_back(size_t step) {
    return script[step][0] == '-';
}

/*
 * Who reacts or clicks has to see where, unless they just did so there, and who clicked waits for
 * what that brings: a click may be lost. A reaction taken back leaves no trace of when that was:
 * what comes before and after it must have had its effect.
 */
bool reference_must_see(const struct reference *ref, const struct player *p, bool patient) {
    size_t at = p->at;
    if (at == STORY_STEPS || takes_back(at) || (at > 0 && takes_back(at - 1))) {
        return true;
    }
    if (is_home(script[at]) || (at > 0 && ref->offers[at - 1] && !ref->ticks[at - 1])) {
        return true;
    }
    bool there = at > 0 && is_mark(script[at - 1]) && ref->targets[at] == ref->targets[at - 1];
    return is_mark(script[at]) || ref->offers[at] ? !there : patient;
}
