#include "intents/resource.h"

#include <string.h>

#include "base/text.h"
#include "intents/exam.h"
#include "intents/resource_find.h"

#define SHOWN_MAX 5

static const enum msg kind_names[RESOURCE__COUNT] = {
    [RESOURCE_EXAM] = MSG_RESOURCE_EXAM,         [RESOURCE_COURSE] = MSG_RESOURCE_COURSE,
    [RESOURCE_EXERCISE] = MSG_RESOURCE_EXERCISE, [RESOURCE_DOCUMENT] = MSG_RESOURCE_DOCUMENT,
    [RESOURCE_VIDEO] = MSG_RESOURCE_VIDEO,
};

/* What was looked for and what came of it. */
struct looking {
    const char *text; /* the message */
    struct resource_wish wish;
    struct resource_matches found;
};

/* ---- what is looked for ---- */

static void add_part(struct talk *t, struct buf *out, const char *part) {
    if (out->len > 0) {
        buf_adds(out, talk_string(t, MSG_RESOURCE_AND));
    }
    buf_adds(out, part);
}

static const char *name_kinds(struct talk *t, unsigned kinds) {
    struct buf b;
    buf_init(&b, 512);
    for (int k = 0; k < RESOURCE__COUNT; k++) {
        if (kinds & 1u << k) {
            add_part(t, &b, talk_string(t, kind_names[k]));
        }
    }
    return talk_take(t, &b);
}

static const char *quote_topic(struct talk *t, const struct looking *l, size_t i) {
    return talk_quote(t, resource_typed(t->arena, l->text, l->wish.topics[i]));
}

/* Whether the time of something found is not known: then nothing is claimed of it. */
static bool time_unknown(const struct looking *l) {
    for (size_t i = 0; i < l->found.n; i++) {
        if (l->found.items[i].resource->minutes == 0) {
            return true;
        }
    }
    return false;
}

/* "「ログ」・演習・30分以内" */
static const char *say_what(struct talk *t, const struct looking *l) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < l->wish.n_topics; i++) {
        if (l->found.n > 0 && l->found.topics != 0 && !(l->found.topics & 1u << i)) {
            continue; /* of no help, and mostly no topic either */
        }
        add_part(t, &b, talk_string(t, MSG_RESOURCE_TOPIC, "said", quote_topic(t, l, i)));
    }
    if (l->wish.kinds != 0) {
        add_part(t, &b, name_kinds(t, l->wish.kinds));
    }
    if (l->wish.max_minutes > 0 && !time_unknown(l)) {
        const char *minutes = talk_number(t, l->wish.max_minutes);
        add_part(t, &b, talk_string(t, MSG_RESOURCE_WITHIN, "minutes", minutes));
    }
    return talk_take(t, &b);
}

/* ---- a resource ---- */

static void add_doubt(struct talk *t, struct buf *b, enum confidence c) {
    if (c != CONF_SOURCE) {
        buf_adds(b, talk_string(t, c == CONF_INFERRED ? MSG_INFERRED : MSG_RESOURCE_OURS));
    }
}

/* Why it is among those found: what it helps with, or where the words stand. */
static void say_why(struct talk *t, const struct resource_match *m) {
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < m->n_reasons; i++) {
        const struct tks *item = pack_tks(t->pack, m->reasons[i]->id);
        buf_addf(&b, "%s%s %s", i > 0 ? " / " : "", item->id, talk_l10n(t, item->label));
        add_doubt(t, &b, m->reasons[i]->confidence);
    }
    if (m->example) {
        const struct persona *p = pack_persona(t->pack, m->example->id);
        buf_addf(&b, "%s%s", b.len > 0 ? " / " : "",
                 talk_string(t, MSG_RESOURCE_FOR, "persona", talk_l10n(t, p->brief)));
        add_doubt(t, &b, m->example->confidence);
    }
    const char *why = talk_take(t, &b);
    if (*why) {
        talk_line(t, MSG_RESOURCE_WHY, "why", why);
    } else if (m->named) {
        talk_line(t, MSG_RESOURCE_WHY_WORDS);
    }
}

static void say_resource(struct talk *t, const struct resource_match *m, bool times) {
    const struct resource *r = m->resource;
    const char *name = talk_l10n(t, r->name);
    const char *type = talk_l10n(t, t->pack->resource_types[r->type].name);
    const char *provider = talk_l10n(t, r->provider);
    if (*provider) {
        talk_line(t, MSG_RESOURCE_NAME, "name", name, "type", type, "provider", provider);
    } else {
        talk_line(t, MSG_RESOURCE_NAME_ONLY, "name", name, "type", type);
    }
    talk_line(t, MSG_RESOURCE_SUMMARY, "summary", talk_l10n(t, r->summary));
    say_why(t, m);
    if (r->minutes > 0) {
        talk_line(t, MSG_RESOURCE_MINUTES, "minutes", talk_number(t, r->minutes));
    } else if (times) {
        talk_line(t, MSG_RESOURCE_MINUTES_UNKNOWN);
    }
    const struct exam *exam = exam_of(t->pack, r->id);
    if (exam && m->called) {
        talk_line(t, MSG_EXAM_HINT, "exam", exam->code);
    }
    if (r->url) {
        bool ours = r->url_confidence != CONF_SOURCE;
        talk_line(t, ours ? MSG_RESOURCE_URL_OURS : MSG_RESOURCE_URL, "url", r->url);
    }
}

/* ---- what is not known ---- */

/* `known`: of how many of those shown the time is; `shown`: how many these are. */
static void say_unknown(struct talk *t, const struct looking *l, size_t known, size_t shown) {
    if (known < shown && l->wish.max_minutes > 0) {
        talk_line(t, MSG_RESOURCE_TIME_UNSURE, "minutes", talk_number(t, l->wish.max_minutes));
    } else if (known == 0) {
        talk_line(t, MSG_RESOURCE_TIME_UNKNOWN);
    }
    if (l->wish.fees) {
        talk_line(t, MSG_RESOURCE_FEES);
    }
}

/* ---- how to narrow it down ---- */

static size_t count_kind(const struct resource_matches *m, int kind) {
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        n += (m->items[i].resource->kinds & 1u << kind) != 0;
    }
    return n;
}

/* Commands that show fewer of these, each with something to show. */
static void say_narrow(struct talk *t, const struct looking *l) {
    if (l->wish.n_topics == 0) {
        int kind = 0;
        while (kind < RESOURCE__COUNT - 1 && !(l->wish.kinds & 1u << kind)) {
            kind++;
        }
        talk_line(t, MSG_RESOURCE_NARROW_TOPIC, "kind", talk_string(t, kind_names[kind]));
        return;
    }
    struct buf b;
    buf_init(&b, 2048);
    for (int k = 0; k < RESOURCE__COUNT && l->wish.n_topics == 1 && l->wish.kinds == 0; k++) {
        size_t n = count_kind(&l->found, k);
        if (n > 0 && n < l->found.n) {
            buf_adds(&b, talk_string(t, MSG_RESOURCE_NARROW_KIND, "topic", quote_topic(t, l, 0),
                                     "kind", talk_string(t, kind_names[k])));
        }
    }
    const char *commands = talk_take(t, &b);
    if (*commands) {
        talk_line(t, MSG_RESOURCE_NARROW, "commands", commands);
    }
}

/* ---- lists ---- */

static void say_rest(struct talk *t, const struct resource_matches *m) {
    struct buf b;
    buf_init(&b, 8192);
    for (size_t i = SHOWN_MAX; i < m->n; i++) {
        buf_addf(&b, "%s%s", i > SHOWN_MAX ? " / " : "", talk_l10n(t, m->items[i].resource->label));
    }
    const char *names = talk_take(t, &b);
    if (*names) {
        talk_line(t, MSG_RESOURCE_REST, "names", names);
    }
}

static void say_matches(struct talk *t, const struct looking *l) {
    size_t shown = l->found.n < SHOWN_MAX ? l->found.n : SHOWN_MAX;
    size_t known = 0;
    for (size_t i = 0; i < shown; i++) {
        known += l->found.items[i].resource->minutes > 0;
    }
    for (size_t i = 0; i < shown; i++) {
        say_resource(t, &l->found.items[i], known > 0);
    }
    say_rest(t, &l->found);
    say_unknown(t, l, known, shown);
    say_narrow(t, l);
    talk_attribution(t);
}

/* All there is, a line for each type. */
static void say_all(struct talk *t, const struct looking *l) {
    const struct pack *pack = t->pack;
    size_t known = 0;
    for (size_t k = 0; k < pack->n_resource_types; k++) {
        struct buf b;
        buf_init(&b, 8192);
        for (size_t i = 0; i < pack->n_resources; i++) {
            const struct resource *r = &pack->resources[i];
            if (r->type == k) {
                buf_addf(&b, "%s%s", b.len > 0 ? " / " : "", talk_l10n(t, r->label));
                known += r->minutes > 0;
            }
        }
        const char *names = talk_take(t, &b);
        if (*names) {
            talk_line(t, MSG_RESOURCE_TYPE, "type", talk_l10n(t, pack->resource_types[k].name),
                      "names", names);
        }
    }
    say_unknown(t, l, known, pack->n_resources);
    talk_line(t, MSG_RESOURCE_HOW);
    talk_attribution(t);
}

/* Finds what fits, or else what is nearest to it, and says which of both. */
static void look(struct talk *t, struct looking *l) {
    const struct resource_wish *wish = &l->wish;
    l->found = resource_find(t->pack, t->arena, wish, wish->kinds);
    const char *what = say_what(t, l);
    if (l->found.n > 0) {
        talk_line(t, MSG_RESOURCE_HEAD, "what", what, "count", talk_number(t, (int64_t)l->found.n));
        return;
    }
    if (wish->kinds != 0 && wish->n_topics > 0) {
        l->found = resource_find(t->pack, t->arena, wish, 0);
        if (l->found.n > 0) {
            talk_line(t, MSG_RESOURCE_OTHER_KINDS, "what", say_what(t, l));
            return;
        }
        l->wish.n_topics = 0;
        l->found = resource_find(t->pack, t->arena, wish, wish->kinds);
    }
    if (l->found.n > 0) {
        talk_line(t, MSG_RESOURCE_KIND_ONLY, "what", what, "kind", name_kinds(t, wish->kinds));
    } else {
        talk_line(t, MSG_RESOURCE_NONE, "what", what);
    }
}

void resource_answer(struct talk *t, const char *text, int role) {
    struct looking l = {.text = text};
    resource_read(t->phrases, t->arena, text, &l.wish);
    resource_trim(t->phrases, t->arena, &l.wish);
    l.wish.role = role;
    if (l.wish.n_topics == 0 && l.wish.kinds == 0) {
        talk_line(t, MSG_RESOURCE_ALL, "count", talk_number(t, (int64_t)t->pack->n_resources));
        say_all(t, &l);
        return;
    }
    look(t, &l);
    if (l.found.n > 0) {
        say_matches(t, &l);
    } else {
        say_all(t, &l);
    }
}
