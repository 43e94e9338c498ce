#include "bot/console/directive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "bot/console/look.h"
#include "intents/answer.h"

const char directive_help[] =
    "  :as NAME          go on as another person\n"
    "  :channel NAME     speak in a channel; \":channel direct\" goes back to the direct message\n"
    "  :react N          react to the last question with number N; \":react ok\" for the check "
    "mark\n"
    "  :unreact N        take that reaction back\n"
    "  :select 1,3       tick exactly these in a list; \":select none\" for nothing\n"
    "  :word N           click the Nth word under the last reply (with --cards)\n"
    "  :home [N]         open the page of one's own, which is shown when it has changed; with N,\n"
    "                    click the Nth word on it (with --cards)\n"
    "  :again            click or hand in the same once more, as it was shown then\n"
    "  :sheet NAME       open a form: settings, incident\n"
    "  :submit NAME FIELD=TEXT|FIELD=TEXT\n"
    "                    hand a form in\n"
    "  :advance 6d       move the clock (s, m, h, d, w; \"-1h\" sets it back); due work happens\n"
    "  :id ID            give the next line this message id; the same id twice is one message\n"
    "  :reload           read content and configuration again, as SIGHUP does\n"
    "  :crash            die at once, as by kill -9\n"
    "  :quit             end\n";

void simulation_init(struct simulation *sim, const char *user) {
    *sim = (struct simulation){.n_shown = 0};
    snprintf(sim->user, sizeof(sim->user), "%s", user);
}

static void free_shown(struct shown *s) {
    free(s->question);
    free(s->under);
    free(s->controls);
    free(s->home);
}

void simulation_free(struct simulation *sim) {
    for (size_t i = 0; i < sim->n_shown; i++) {
        free_shown(&sim->shown[i]);
    }
    sim->n_shown = 0;
    arena_free(&sim->arena);
    arena_free(&sim->kept);
}

static struct shown *find_shown(struct simulation *sim, const char *user) {
    for (size_t i = 0; i < sim->n_shown; i++) {
        if (strcmp(sim->shown[i].user, user) == 0) {
            return &sim->shown[i];
        }
    }
    return NULL;
}

/* What that person sees, moved behind all others; whoever saw something longest ago makes room. */
static struct shown *now_shown(struct simulation *sim, const char *user) {
    struct shown s = {.user = ""};
    struct shown *old = find_shown(sim, user);
    if (old) {
        s = *old;
    } else if (sim->n_shown == SIMULATION_PEOPLE_MAX) {
        old = sim->shown;
        free_shown(old);
    }
    snprintf(s.user, sizeof(s.user), "%s", user);
    if (old) {
        sim->n_shown--;
        memmove(old, old + 1, (size_t)(sim->shown + sim->n_shown - old) * sizeof(*old));
    }
    sim->shown[sim->n_shown] = s;
    return &sim->shown[sim->n_shown++];
}

static void replace(char **text, const char *with) {
    free(*text);
    *text = xstrdup(with);
}

void simulation_saw(struct simulation *sim, const struct store_out *row) {
    if (row->kind == STORE_SETTLE) {
        return;
    }
    struct shown *s = now_shown(sim, row->recipient);
    if (row->kind == STORE_HOME) {
        replace(&s->home, row->controls);
        return;
    }
    replace(&s->under, row->question);
    replace(&s->controls, row->controls);
    if (*row->question) {
        replace(&s->question, row->question);
    }
}

static enum directive bad(const char **why, const char *what) {
    *why = what;
    return DIRECTIVE_BAD;
}

bool simulation_name_fits(const char *name) {
    size_t n = strlen(name);
    if (n == 0 || n > SIMULATION_NAME_MAX || strpbrk(name, " \t\n")) {
        return false;
    }
    struct arena arena = {0};
    bool clean = strcmp(text_clean(&arena, name, n, n, NULL), name) == 0;
    arena_free(&arena);
    return clean;
}

static bool set_name(char out[SIMULATION_NAME_MAX + 1], const char *name) {
    if (!simulation_name_fits(name)) {
        return false;
    }
    memcpy(out, name, strlen(name) + 1);
    return true;
}

static enum directive channel(struct simulation *sim, const char *arg, UNUSED struct event *event,
                              const char **why) {
    if (*arg == '\0' || strcmp(arg, "direct") == 0) {
        sim->channel[0] = '\0';
        return DIRECTIVE_DONE;
    }
    return set_name(sim->channel, *arg == '#' ? arg + 1 : arg)
               ? DIRECTIVE_DONE
               : bad(why, ":channel: give a name without spaces");
}

static enum directive as(struct simulation *sim, const char *arg, UNUSED struct event *event,
                         const char **why) {
    return set_name(sim->user, arg) ? DIRECTIVE_DONE : bad(why, ":as: give a name without spaces");
}

static enum directive id(struct simulation *sim, const char *arg, UNUSED struct event *event,
                         const char **why) {
    return set_name(sim->next_id, arg) ? DIRECTIVE_DONE
                                       : bad(why, ":id: give an id without spaces");
}

static enum directive react_or_not(struct simulation *sim, const char *what, bool on,
                                   struct event *event, const char **why) {
    const struct shown *s = find_shown(sim, sim->user);
    if (!s || !s->question) {
        return bad(why, ":react: no question has been shown to this person since the start");
    }
    event->kind = on ? EVENT_TICK : EVENT_UNTICK;
    event->question = s->question;
    event->text = "";
    if (on && (strcmp(what, "ok") == 0 || strcmp(what, "✅") == 0)) {
        event->kind = EVENT_CLOSE;
        return DIRECTIVE_EVENT;
    }
    event->choice = answer_number(&sim->arena, what);
    return event->choice > 0 || strcmp(what, "0") == 0 ? DIRECTIVE_EVENT : bad(why, ":react: give a number or \"ok\"");
}

static enum directive react(struct simulation *sim, const char *arg, struct event *event,
                            const char **why) {
    return react_or_not(sim, arg, true, event, why);
}

static enum directive unreact(struct simulation *sim, const char *arg, struct event *event,
                              const char **why) {
    return react_or_not(sim, arg, false, event, why);
}

static enum directive selected(struct simulation *sim, const char *arg, struct event *event,
                               const char **why) {
    const struct shown *s = find_shown(sim, sim->user);
    if (!s || !s->question) {
        return bad(why, ":select: no question has been shown to this person since the start");
    }
    int *numbers = arena_alloc(&sim->arena, EVENT_SELECTED_MAX * sizeof(*numbers));
    size_t n = 0;
    arg = strcmp(arg, "none") == 0 ? "" : arg;
    for (const char *at = arg; *at && n < EVENT_SELECTED_MAX; n++) {
        size_t len = strcspn(at, ",");
        numbers[n] = answer_number(&sim->arena, arena_strndup(&sim->arena, at, len));
        if (numbers[n] <= 0) {
            return bad(why, ":select: give numbers like 1,3 or \"none\"");
        }
        at += len + (at[len] == ',');
    }
    event->kind = EVENT_SELECT;
    event->question = s->question;
    event->text = "";
    event->selected = numbers;
    event->n_selected = n;
    return DIRECTIVE_EVENT;
}

/* The number-th word of these controls was clicked. */
static enum directive click(struct simulation *sim, const char *controls, const char *number,
                            struct event *event, const char **why) {
    struct word word;
    if (!controls || !look_word(&sim->arena, controls, answer_number(&sim->arena, number), &word)) {
        return bad(why, "there is no such word to click; words are shown with --cards");
    }
    event->kind = *word.sheet ? EVENT_SHEET : EVENT_WORD;
    event->text = *word.sheet ? word.sheet : word.text;
    return DIRECTIVE_EVENT;
}

static enum directive click_word(struct simulation *sim, const char *arg, struct event *event,
                                 const char **why) {
    const struct shown *s = find_shown(sim, sim->user);
    event->question = s && s->under ? s->under : "";
    return click(sim, s ? s->controls : NULL, arg, event, why);
}

static enum directive home(struct simulation *sim, const char *arg, struct event *event,
                           const char **why) {
    if (*arg) {
        const struct shown *s = find_shown(sim, sim->user);
        return click(sim, s ? s->home : NULL, arg, event, why);
    }
    if (!sim->cards) {
        return bad(why, ":home: pages are shown with --cards");
    }
    event->kind = EVENT_HOME;
    event->text = "";
    return DIRECTIVE_EVENT;
}

static enum directive sheet(struct simulation *sim, const char *arg, struct event *event,
                            const char **why) {
    event->kind = EVENT_SHEET;
    event->text = arena_strdup(&sim->arena, arg);
    return *arg ? DIRECTIVE_EVENT : bad(why, ":sheet: give the name of a form");
}

static enum directive submit(struct simulation *sim, const char *arg, struct event *event,
                             const char **why) {
    static const char usage[] = ":submit: give a form and its fields: NAME FIELD=TEXT|FIELD=TEXT";
    size_t n = strcspn(arg, " ");
    struct sheet_entry *entries =
        arena_alloc(&sim->arena, SIMULATION_FIELDS_MAX * sizeof(*entries));
    event->kind = EVENT_SUBMIT;
    event->text = arena_strndup(&sim->arena, arg, n);
    event->entries = entries;
    for (const char *at = arg + n + strspn(arg + n, " "); *at;) {
        size_t len = strcspn(at, "|");
        const char *part = arena_strndup(&sim->arena, at, len);
        const char *value = strchr(part, '=');
        if (!value || event->n_entries == SIMULATION_FIELDS_MAX) {
            return bad(why, usage);
        }
        entries[event->n_entries++] = (struct sheet_entry){
            .field = arena_strndup(&sim->arena, part, (size_t)(value - part)), .value = value + 1};
        at += len + (at[len] == '|');
    }
    return n > 0 ? DIRECTIVE_EVENT : bad(why, usage);
}

/* Remembers a click as it was, whatever is shown since. */
static void keep(struct simulation *sim, const struct event *event) {
    struct arena *a = &sim->kept;
    arena_reset(a);
    sim->last = *event;
    sim->last.text = arena_strdup(a, event->text);
    sim->last.question = arena_strdup(a, event->question);
    int *selected = arena_alloc(a, (event->n_selected + 1) * sizeof(*selected));
    for (size_t i = 0; i < event->n_selected; i++) {
        selected[i] = event->selected[i];
    }
    struct sheet_entry *entries = arena_alloc(a, (event->n_entries + 1) * sizeof(*entries));
    for (size_t i = 0; i < event->n_entries; i++) {
        entries[i].field = arena_strdup(a, event->entries[i].field);
        entries[i].value = arena_strdup(a, event->entries[i].value);
    }
    sim->last.selected = selected;
    sim->last.entries = entries;
}

static enum directive again(struct simulation *sim, UNUSED const char *arg, struct event *event,
                            const char **why) {
    if (sim->last.kind == EVENT_MESSAGE) {
        return bad(why, ":again: nothing has been clicked yet");
    }
    *event = sim->last;
    return DIRECTIVE_EVENT;
}

static enum directive advance(UNUSED struct simulation *sim, const char *span,
                              UNUSED struct event *event, const char **why) {
    int64_t ms;
    if (!clock_parse_span(span, &ms)) {
        return bad(why, ":advance: give a time like 30m, 6h, 6d or 2w");
    }
    clock_shift_ms(ms);
    return DIRECTIVE_CLOCK;
}

static const struct {
    const char *word;
    enum directive (*obey)(struct simulation *sim, const char *arg, struct event *event,
                           const char **why);
    enum directive plain; /* where there is nothing to do here */
} directives[] = {
    {.word = ":as", .obey = as},
    {.word = ":channel", .obey = channel},
    {.word = ":react", .obey = react},
    {.word = ":unreact", .obey = unreact},
    {.word = ":select", .obey = selected},
    {.word = ":word", .obey = click_word},
    {.word = ":home", .obey = home},
    {.word = ":again", .obey = again},
    {.word = ":sheet", .obey = sheet},
    {.word = ":submit", .obey = submit},
    {.word = ":advance", .obey = advance},
    {.word = ":id", .obey = id},
    {.word = ":reload", .plain = DIRECTIVE_RELOAD},
    {.word = ":crash", .plain = DIRECTIVE_CRASH},
    {.word = ":quit", .plain = DIRECTIVE_QUIT},
};

enum directive simulation_directive(struct simulation *sim, const char *line, struct event *event,
                                    const char **why) {
    size_t n = strcspn(line, " ");
    const char *arg = line + n + strspn(line + n, " ");
    arena_reset(&sim->arena);
    const char *word = arena_strndup(&sim->arena, line, n);
    for (size_t i = 0; i < ARRAY_LEN(directives); i++) {
        if (strcmp(word, directives[i].word) != 0) {
            continue;
        }
        if (!directives[i].obey) {
            return directives[i].plain;
        }
        enum directive what = directives[i].obey(sim, arg, event, why);
        if (what == DIRECTIVE_EVENT && directives[i].obey != again) {
            keep(sim, event);
        }
        return what;
    }
    return bad(why, "unknown directive; \"kizuki chat --help\" lists them");
}
