#include "intents/plan_export.h"

#include <string.h>
#include <time.h>

#include "intents/calendar.h"
#include "intents/own.h"
#include "intents/plan_steps.h"

#define FILE_MAX_BYTES ((size_t)64 * 1024)
#define LINE_MAX_BYTES 75 /* RFC 5545, 3.1: longer lines are folded */

/* ---- iCalendar ---- */

static size_t char_len(const char *s) {
    size_t n = 1;
    while (((unsigned char)s[n] & 0xc0) == 0x80) {
        n++;
    }
    return n;
}

/* "NAME:value" with what has a meaning escaped, folded between characters. */
static void add_line(struct buf *out, const char *name, const char *value) {
    size_t used = strlen(name) + 1;
    buf_addf(out, "%s:", name);
    for (const char *p = value; *p;) {
        size_t n = char_len(p);
        bool escaped = strchr("\\;,\n", *p) != NULL;
        if (used + n + escaped > LINE_MAX_BYTES) {
            buf_adds(out, "\r\n ");
            used = 1;
        }
        if (escaped) {
            buf_addf(out, "\\%c", *p == '\n' ? 'n' : *p);
        } else {
            buf_addf(out, "%.*s", (int)n, p);
        }
        used += n + escaped;
        p += n;
    }
    buf_adds(out, "\r\n");
}

static const char *stamp(struct talk *t) {
    time_t at = (time_t)(t->event->at_ms / 1000);
    struct tm tm = {.tm_mday = 1};
    (void)gmtime_r(&at, &tm);
    return arena_printf(t->arena, "%04d%02d%02dT%02d%02d%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                        tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static const char *label_of(struct talk *t, const struct plan_step *step) {
    const struct tks *item = plan_item(t, step);
    return item ? talk_l10n(t, item->label) : talk_string(t, MSG_PLAN_RETIRED);
}

static const char *resource_of(struct talk *t, const struct plan_step *step) {
    int r = plan_resource(t->pack, step->resource);
    return r >= 0 ? talk_l10n(t, t->pack->resources[r].label) : "";
}

static const char *url_of(struct talk *t, const struct plan_step *step) {
    int r = plan_resource(t->pack, step->resource);
    return r >= 0 && t->pack->resources[r].url ? t->pack->resources[r].url : "";
}

static void add_event(struct talk *t, struct buf *out, const struct plan_step *step) {
    add_line(out, "BEGIN", "VEVENT");
    add_line(out, "UID", arena_printf(t->arena, "%s-%d@kizuki", step->item, step->to_level));
    add_line(out, "DTSTAMP", stamp(t));
    add_line(out, "DTSTART;VALUE=DATE", calendar_plain(t->arena, step->due_day));
    add_line(out, "DTEND;VALUE=DATE", calendar_plain(t->arena, step->due_day + 1));
    add_line(out, "SUMMARY",
             talk_string(t, MSG_PLAN_FILE_SUMMARY, "id", step->item, "label", label_of(t, step)));
    add_line(out, "DESCRIPTION",
             talk_string(t, MSG_PLAN_FILE_BODY, "level", own_level_name(t, step->to_level),
                         "resource", resource_of(t, step), "step", plan_first_step(t, step),
                         "source", talk_source(t)));
    if (*url_of(t, step)) {
        add_line(out, "URL", url_of(t, step));
    }
    add_line(out, "TRANSP", "TRANSPARENT");
    add_line(out, "END", "VEVENT");
}

static const char *calendar(struct talk *t, const struct plan_list *list) {
    struct buf out;
    buf_init(&out, FILE_MAX_BYTES);
    add_line(&out, "BEGIN", "VCALENDAR");
    add_line(&out, "VERSION", "2.0");
    add_line(&out, "PRODID", "-//Kizuki//Kizuki//JA");
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i]->state == STEP_OPEN) {
            add_event(t, &out, list->items[i]);
        }
    }
    add_line(&out, "END", "VCALENDAR");
    return talk_take(t, &out);
}

/* ---- markdown ---- */

static const char *document(struct talk *t, const struct plan_list *list) {
    struct buf out;
    buf_init(&out, FILE_MAX_BYTES);
    buf_addf(&out, "# %s\n\n", talk_string(t, MSG_PLAN_FILE_TITLE));
    for (size_t i = 0; i < list->n; i++) {
        const struct plan_step *step = list->items[i];
        const char *url = url_of(t, step);
        const char *resource = resource_of(t, step);
        buf_addf(&out, "- [%c] **%s %s** → %s, %s\n", step->state == STEP_DONE ? 'x' : ' ',
                 step->item, label_of(t, step), own_level_name(t, step->to_level),
                 calendar_date(t, step->due_day));
        if (*resource) {
            buf_addf(&out, *url ? "  - [%s](%s)\n" : "  - %s\n", resource, url);
        }
        buf_addf(&out, "  - %s\n", plan_first_step(t, step));
    }
    buf_addf(&out, "\n%s\n", talk_source(t));
    return talk_take(t, &out);
}

/* ---- both ---- */

static void export(struct talk *t, const char *name, const char *type,
                   const char *(*make)(struct talk *t, const struct plan_list *list)) {
    struct plan_list list;
    plan_list(t, &list);
    if (list.n == 0) {
        talk_line(t, MSG_PLAN_DONE_NONE);
        return;
    }
    const char *text = make(t, &list);
    struct attachment *file = arena_alloc(t->arena, sizeof(*file));
    *file = (struct attachment){.name = name, .type = type, .data = text, .n = strlen(text)};
    t->file = file;
    talk_line(t, MSG_PLAN_FILE, "name", name);
}

void plan_export_calendar(struct talk *t) {
    export(t, "kizuki-plan.ics", "text/calendar", calendar);
}

void plan_export_document(struct talk *t) {
    export(t, "kizuki-plan.md", "text/markdown", document);
}
