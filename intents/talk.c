#include "intents/talk.h"

#include <stdarg.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

#define QUOTE_MAX 24 /* user-perceived characters of the user's own words shown back */

const char *const menu_names[MENU__COUNT] = {
    "none",         "welcome_back", "restart", "edit",   "pick",    "change",
    "roles",        "list",         "link",    "unlink", "meant",   "handoff",
    "handoff_text", "handoff_send", "assess",  "pace",   "level_up"};

void talk_begin(struct talk *t, const struct step_input *in, struct arena *arena,
                struct step *out) {
    *t = (struct talk){
        .in = in,
        .pack = in->pack,
        .phrases = in->phrases,
        .site = in->site,
        .event = in->event,
        .arena = arena,
        .out = out,
        .s = &out->next,
        .question = "",
        .close = "",
    };
    buf_init(&t->text, TALK_MAX_BYTES);
}

void talk_end(struct talk *t) {
    buf_free(&t->text);
}

void talk_break(struct talk *t) {
    if (t->text.len > 0 && t->text.p[t->text.len - 1] != '\n') {
        buf_adds(&t->text, "\n");
    }
}

void talk_paragraph(struct talk *t) {
    if (t->text.len > 0) {
        talk_break(t);
        buf_adds(&t->text, "\n");
    }
}

void talk_text(struct talk *t, const char *text) {
    buf_adds(&t->text, text);
}

void talk_clear(struct talk *t) {
    buf_clear(&t->text);
    t->n_choices = 0;
    t->question = "";
    t->closes = false;
    t->refreshes = false;
    t->close = "";
    t->place = 0;
    t->total = 0;
    t->n_words = 0;
    t->table = NULL;
    t->chart = NULL;
    t->drawing = NULL;
    t->file = NULL;
}

static void add_word(struct talk *t, struct word word) {
    if (t->n_words < TALK_MAX_WORDS) {
        t->words[t->n_words++] = word;
    }
}

void talk_word(struct talk *t, const char *label) {
    add_word(t, (struct word){.label = label, .text = label, .sheet = ""});
}

void talk_sheet_word(struct talk *t, const char *label, const char *sheet, bool urgent) {
    add_word(t, (struct word){.label = label, .text = "", .sheet = sheet, .urgent = urgent});
}

void talk_choice(struct talk *t, int number, const char *label, bool ticked) {
    if (t->n_choices < TALK_MAX_CHOICES) {
        t->choices[t->n_choices++] =
            (struct choice){.number = number, .label = label, .description = "", .ticked = ticked};
    }
}

void talk_choice_line(struct talk *t, int number, const char *label, bool ticked) {
    talk_break(t);
    buf_addf(&t->text, "%d. %s%s", number, ticked ? "✓ " : "", label);
    talk_choice(t, number, label, ticked);
}

bool talk_menu_waits(const struct session *s) {
    switch (s->menu) {
    case MENU_WELCOME_BACK:
    case MENU_RESTART:
    case MENU_EDIT:
    case MENU_PICK:
    case MENU_CHANGE:
    case MENU_LINK:
    case MENU_UNLINK:
    case MENU_MEANT:
    case MENU_HANDOFF:
    case MENU_HANDOFF_TEXT:
    case MENU_HANDOFF_SEND:
    case MENU_ASSESS:
    case MENU_PACE:
    case MENU_LEVEL_UP:
        return true;
    default:
        return false;
    }
}

const char *talk_here(struct talk *t) {
    const char *name =
        arena_printf(t->arena, "%s/%s/%s", t->event->platform, t->event->workspace, t->event->user);
    char hex[HASH_HEX_LEN + 1];
    hash_hex(name, strlen(name), hex);
    return arena_strndup(t->arena, hex, TALK_HERE_LEN);
}

const char *talk_other(struct talk *t, struct l10n name) {
    const char *own = talk_l10n(t, name);
    const char *other = name.in[t->s->lang == LANG_JA ? LANG_EN : LANG_JA];
    return strcmp(own, other) == 0 ? "" : talk_string(t, MSG_OTHER, "name", other);
}

const char *talk_take(struct talk *t, struct buf *b) {
    const char *s = arena_strdup(t->arena, buf_text(b));
    buf_free(b);
    return s;
}

const char *talk_string_of(struct talk *t, enum msg msg, ...) {
    struct buf b;
    buf_init(&b, TALK_MAX_BYTES);
    va_list ap;
    va_start(ap, msg);
    say_list(&b, t->pack, t->s->lang, msg, ap);
    va_end(ap);
    return talk_take(t, &b);
}

const char *talk_quote(struct talk *t, const char *words) {
    return text_quote(t->arena, words, QUOTE_MAX);
}

const char *talk_number(struct talk *t, int64_t n) {
    return arena_printf(t->arena, "%lld", (long long)n);
}

const char *talk_source(struct talk *t) {
    struct buf date;
    struct buf line;
    buf_init(&date, 64);
    buf_init(&line, 4096);
    say_date(&date, t->pack, t->s->lang);
    say_template(&line, talk_l10n(t, t->pack->attribution.brief), "date", talk_take(t, &date),
                 (char *)NULL);
    return talk_take(t, &line);
}

void talk_attribution(struct talk *t) {
    talk_break(t);
    talk_text(t, talk_source(t));
}

void talk_send(struct talk *t, enum audience audience) {
    if (t->text.len > 0 && t->out->n_replies < STEP_MAX_REPLIES) {
        struct choice *choices = arena_alloc(t->arena, (t->n_choices + 1) * sizeof(*choices));
        memcpy(choices, t->choices, t->n_choices * sizeof(*choices));
        struct word *words = arena_alloc(t->arena, (t->n_words + 1) * sizeof(*words));
        memcpy(words, t->words, t->n_words * sizeof(*words));
        t->out->replies[t->out->n_replies++] = (struct reply){
            .audience = audience,
            .text = arena_strdup(t->arena, buf_text(&t->text)),
            .choices = choices,
            .n_choices = t->n_choices,
            .question = t->question,
            .closes = t->closes,
            .refreshes = t->refreshes,
            .close = t->close,
            .place = (int)t->place,
            .total = (int)t->total,
            .words = words,
            .n_words = t->n_words,
            .table = t->table,
            .chart = t->chart,
            .drawing = t->drawing,
            .file = t->file,
        };
    }
    talk_clear(t);
}

void talk_send_urgent(struct talk *t, enum audience audience) {
    size_t before = t->out->n_replies;
    talk_send(t, audience);
    if (t->out->n_replies > before) {
        t->out->replies[before].urgent = true;
    }
}

struct change *talk_change(struct talk *t, enum change_kind kind) {
    /* One event changes at most one answer, its dependants and the run: far below the limit. */
    struct change *c = &t->out->changes[t->out->n_changes];
    if (t->out->n_changes + 1 < STEP_MAX_CHANGES) {
        t->out->n_changes++;
    }
    *c = (struct change){.kind = kind,
                         .run_id = arena_strdup(t->arena, t->s->run_id),
                         .persona = "",
                         .code = "",
                         .item = ""};
    return c;
}

void talk_join_quoted(struct talk *t, struct buf *out, const char *item) {
    if (t->s->lang == LANG_JA) {
        buf_addf(out, "「%s」", item);
    } else {
        buf_addf(out, "%s“%s”", out->len > 0 ? ", " : "", item);
    }
}
