#include "intents/link.h"

#include <stdio.h>
#include <string.h>

#include "intents/ask.h"

#define CODE_DIGITS 8
#define CODE_END    UINT64_C(100000000)

#define DIGITS "0123456789"

/* Reads digits with spaces and dashes between them; *s moves behind the last one. */
static size_t take_digits(const char **s, char code[CODE_DIGITS + 1]) {
    static const char dash[] = "ー"; /* what a dash is where kana are typed */
    size_t n = 0;
    for (const char *p = *s; *p;) {
        if (strchr(DIGITS, *p)) {
            code[n < CODE_DIGITS ? n : CODE_DIGITS] = *p;
            n++;
            *s = ++p;
        } else if (*p == ' ') {
            p++;
        } else if (strncmp(p, dash, strlen(dash)) == 0) {
            p += strlen(dash);
        } else {
            break;
        }
    }
    code[n < CODE_DIGITS ? n : CODE_DIGITS] = '\0';
    return n;
}

/* Whether there may be digits, also wide ones, in a text that is not folded yet. */
static bool may_have_digits(const char *text) {
    return strpbrk(text, DIGITS) || strstr(text, "\xEF\xBC"); /* the first bytes of U+FFxx */
}

bool link_find_code(const struct phrases *phrases, struct arena *arena, const char *text,
                    const char **ret_code) {
    if (!may_have_digits(text)) {
        return false;
    }
    struct wording w = phrases_wording(phrases, arena, text);
    size_t head = strcspn(w.spaced, DIGITS);
    const char *rest = w.spaced + head;
    char code[CODE_DIGITS + 1];
    size_t n = take_digits(&rest, code);
    if (n == 0) {
        return false;
    }
    const char *words = arena_printf(arena, "%.*s %s", (int)head, w.spaced, rest);
    struct wording around = phrases_wording(phrases, arena, words);
    enum phrase_intent intent = phrases_whole(phrases, &around);
    bool whole = n == CODE_DIGITS;
    if (intent != PHRASE_LINK && !(whole && intent == PHRASE_LINKS)) {
        return false; /* "リンク" alone is a list of links */
    }
    *ret_code = whole ? arena_strdup(arena, code) : "";
    return true;
}

static const char *new_code(struct talk *t) {
    uint64_t number = 0;
    for (size_t i = 0; i < STEP_RANDOM_LEN; i++) {
        number = number << 8 | t->in->random[i];
    }
    return arena_printf(t->arena, "%08llu", (unsigned long long)(number % CODE_END));
}

static const char *places(struct talk *t) {
    return talk_number(t, (int64_t)t->in->places);
}

void link_offer(struct talk *t) {
    struct change *c = talk_change(t, CHANGE_LINK_CODE);
    c->code = new_code(t);
    if (t->in->places > 1) {
        talk_line(t, MSG_LINK_PLACES, "count", places(t));
    }
    talk_line(t, MSG_LINK_CODE, "code",
              arena_printf(t->arena, "%.4s %.4s", c->code, c->code + CODE_DIGITS / 2));
}

/* What there is to go on with; questions that are open follow anyway. */
static void say_shared(struct talk *t) {
    const struct persona *p = pack_persona(t->pack, t->s->result);
    if (t->s->run.phase == RUN_PARKED) {
        ask_say_closed(t);
    } else if (p && !ask_under_way(t->s)) {
        talk_line(t, MSG_LINK_RESULT, "persona", talk_l10n(t, p->brief));
    }
}

void link_say(struct talk *t) {
    t->s->menu = t->s->menu == MENU_LINK ? MENU_NONE : t->s->menu;
    switch (t->in->link) {
    case LINK_JOINED:
    case LINK_JOINED_LEFT:
        talk_line(t, MSG_LINK_JOINED, "count", places(t));
        if (t->in->link == LINK_JOINED_LEFT) {
            talk_line(t, MSG_LINK_LEFT);
        }
        say_shared(t);
        break;
    case LINK_OWN:
        talk_line(t, MSG_LINK_OWN);
        break;
    case LINK_LATER:
        talk_line(t, MSG_LINK_LATER);
        break;
    default:
        talk_line(t, MSG_LINK_REFUSED);
        break;
    }
}

/* ---- questions that wait where they were asked ---- */

/* Whether something is said, and not only a page or a form looked at. */
static bool is_said(const struct event *e) {
    switch (e->kind) {
    case EVENT_HOME:
    case EVENT_SHEET:
    case EVENT_SUBMIT:
    case EVENT_ACCOUNT:
        return false;
    default:
        return true;
    }
}

static bool waits_in_one_place(enum menu menu) {
    switch (menu) {
    case MENU_LINK:
    case MENU_UNLINK:
    case MENU_HANDOFF:
    case MENU_HANDOFF_TEXT:
    case MENU_HANDOFF_SEND:
        return true;
    default:
        return false;
    }
}

void link_forget_elsewhere(struct talk *t) {
    if (waits_in_one_place(t->s->menu) && is_said(t->event) &&
        strncmp(t->s->menu_arg, talk_here(t), TALK_HERE_LEN) != 0) {
        t->s->menu = MENU_NONE;
        t->s->menu_arg = "";
    }
}

void link_ask_again(struct talk *t) {
    talk_line(t, MSG_LINK_ASK);
    talk_choice(t, 1, talk_string(t, MSG_LINK_YES), false);
    talk_choice(t, 2, talk_string(t, MSG_LINK_NO), false);
}

void link_enter(struct talk *t, const char *code) {
    if (*t->s->result == '\0' && *t->s->run_id == '\0') {
        t->out->code = code;
    } else {
        t->s->menu = MENU_LINK;
        t->s->menu_arg = arena_printf(t->arena, "%s/%s", talk_here(t), code);
        link_ask_again(t);
    }
}

void link_confirm(struct talk *t) {
    t->out->code = t->s->menu_arg + TALK_HERE_LEN + 1;
    t->s->menu = MENU_NONE;
}

void link_stay_apart(struct talk *t) {
    t->s->menu = MENU_NONE;
    talk_line(t, MSG_LINK_NOT_DONE);
    ask_return(t);
}

void link_ask_leave(struct talk *t) {
    if (t->in->places < 2) {
        talk_line(t, MSG_LINK_NOT_LINKED);
        ask_return(t);
        return;
    }
    talk_line(t, MSG_UNLINK);
    talk_choice(t, 1, talk_string(t, MSG_UNLINK_YES), false);
    talk_choice(t, 2, talk_string(t, MSG_UNLINK_NO), false);
    t->s->menu = MENU_UNLINK;
    t->s->menu_arg = talk_here(t);
}

void link_leave(struct talk *t) {
    talk_change(t, CHANGE_UNLINK);
    *t->s = (struct session){.lang = t->s->lang,
                             .lang_chosen = t->s->lang_chosen,
                             .locale = t->s->locale,
                             .greeted = t->s->greeted,
                             .last_event_ms = t->s->last_event_ms,
                             .form = t->pack->form,
                             .menu_arg = "",
                             .result = ""};
    talk_line(t, MSG_UNLINK_DONE);
}

void link_stay(struct talk *t) {
    t->s->menu = MENU_NONE;
    talk_line(t, MSG_UNLINK_KEPT);
    ask_return(t);
}
