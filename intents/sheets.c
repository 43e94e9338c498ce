#include "intents/sheets.h"

#include <string.h>

#include "base/text.h"
#include "intents/incident.h"
#include "intents/settings.h"

#define LINE_CHARS    100
#define DETAILS_CHARS 2000 /* whatever they are, less than an event may hold */
#define ERRORS_MAX    4

/* ---- fields as they come back ---- */

/* Without white space around, "" where nothing was written. */
static const char *entry(const struct talk *t, const char *field) {
    for (size_t i = 0; i < t->event->n_entries; i++) {
        if (strcmp(t->event->entries[i].field, field) == 0) {
            return text_trim(t->arena, t->event->entries[i].value);
        }
    }
    return "";
}

static void refuse(struct talk *t, const char *field, enum msg why) {
    struct sheet_error *all = arena_alloc(t->arena, ERRORS_MAX * sizeof(*all));
    if (t->out->n_errors == ERRORS_MAX) {
        return;
    }
    for (size_t i = 0; i < t->out->n_errors; i++) {
        all[i] = t->out->errors[i];
    }
    all[t->out->n_errors++] = (struct sheet_error){.field = field, .text = talk_string(t, why)};
    t->out->errors = all;
}

static bool is_option(const struct sheet_field *field, const char *value) {
    for (size_t i = 0; i < field->n_options; i++) {
        if (strcmp(field->options[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- settings ---- */

static const char lang_field[] = "lang";
static const char as_account[] = "account";

/* What the choice of the language stands at. */
static const char *lang_now(const struct talk *t) {
    enum lang account;
    bool follows = !t->s->lang_chosen && settings_account(t, &account);
    return follows ? as_account : lang_codes[t->s->lang];
}

static struct sheet_field *settings_fields(struct talk *t, size_t *ret_n) {
    static const enum msg names[LANG__COUNT] = {MSG_SHEET_LANG_JA, MSG_SHEET_LANG_EN};
    struct sheet_option *options = arena_alloc(t->arena, (LANG__COUNT + 1) * sizeof(*options));
    size_t n = 0;
    for (int i = 0; i < LANG__COUNT; i++) {
        options[n++] =
            (struct sheet_option){.value = lang_codes[i], .label = talk_string(t, names[i])};
    }
    enum lang account;
    if (settings_account(t, &account)) {
        options[n++] = (struct sheet_option){.value = as_account,
                                             .label = talk_string(t, MSG_SHEET_LANG_ACCOUNT)};
    }
    struct sheet_field *fields = arena_alloc(t->arena, sizeof(*fields));
    fields[0] = (struct sheet_field){.name = lang_field,
                                     .kind = SHEET_CHOICE,
                                     .label = talk_string(t, MSG_SHEET_LANG),
                                     .hint = "",
                                     .value = lang_now(t),
                                     .options = options,
                                     .n_options = n};
    *ret_n = 1;
    return fields;
}

static void build_settings(struct talk *t, struct sheet *ret) {
    ret->title = talk_string(t, MSG_SHEET_SETTINGS);
    ret->submit = talk_string(t, MSG_SHEET_SETTINGS_SUBMIT);
    ret->cancel = talk_string(t, MSG_SHEET_CLOSE);
    ret->fields = settings_fields(t, &ret->n_fields);
}

static void take_settings(struct talk *t) {
    const char *value = entry(t, lang_field);
    size_t n;
    enum lang lang;
    if (!is_option(&settings_fields(t, &n)[0], value)) {
        refuse(t, lang_field, MSG_SHEET_PICK);
    } else if (strcmp(value, lang_now(t)) == 0) {
        talk_line(t, MSG_SETTINGS_SAME);
    } else if (lang_parse(value, &lang)) {
        settings_choose(t, lang);
        talk_line(t, MSG_LANGUAGE_BACK);
    } else {
        settings_follow(t);
    }
}

/* ---- the report of an incident ---- */

static const char what_field[] = "what";
static const char when_field[] = "when";
static const char details_field[] = "details";
static const char reach_field[] = "reach";

static const struct {
    const char *value;
    enum msg label;
    enum incident_kind kind;
} kinds[] = {{"link", MSG_SHEET_WHAT_LINK, KIND_PHISHING_CLICK},
             {"password", MSG_SHEET_WHAT_PASSWORD, KIND_CREDENTIAL_ENTERED},
             {"lost", MSG_SHEET_WHAT_LOST, KIND_LOST_DEVICE},
             {"leak", MSG_SHEET_WHAT_LEAK, KIND_MISDIRECTED_EMAIL},
             {"odd", MSG_SHEET_WHAT_ODD, KIND__COUNT},
             {"other", MSG_SHEET_WHAT_OTHER, KIND__COUNT}};

static struct sheet_field text_field(struct talk *t, const char *name, enum msg label,
                                     enum msg hint) {
    return (struct sheet_field){.name = name,
                                .kind = SHEET_LINE,
                                .label = talk_string(t, label),
                                .hint = talk_string(t, hint),
                                .value = "",
                                .max_chars = LINE_CHARS,
                                .optional = true};
}

static struct sheet_field *incident_fields(struct talk *t, size_t *ret_n) {
    struct sheet_option *options = arena_alloc(t->arena, ARRAY_LEN(kinds) * sizeof(*options));
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        options[i] =
            (struct sheet_option){.value = kinds[i].value, .label = talk_string(t, kinds[i].label)};
    }
    struct sheet_field details =
        text_field(t, details_field, MSG_SHEET_DETAILS, MSG_SHEET_DETAILS_HINT);
    details.kind = SHEET_TEXT;
    details.max_chars = DETAILS_CHARS;
    details.optional = false;
    struct sheet_field *fields = arena_alloc(t->arena, 4 * sizeof(*fields));
    fields[0] = (struct sheet_field){.name = what_field,
                                     .kind = SHEET_CHOICE,
                                     .label = talk_string(t, MSG_SHEET_WHAT),
                                     .hint = "",
                                     .value = "",
                                     .options = options,
                                     .n_options = ARRAY_LEN(kinds)};
    fields[1] = text_field(t, when_field, MSG_SHEET_WHEN, MSG_SHEET_WHEN_HINT);
    fields[2] = details;
    fields[3] = text_field(t, reach_field, MSG_SHEET_REACH, MSG_SHEET_REACH_HINT);
    *ret_n = 4;
    return fields;
}

static void build_incident(struct talk *t, struct sheet *ret) {
    const char *contact = talk_l10n(t, t->site->security_contact);
    const char *first = *contact ? talk_string(t, MSG_SHEET_INCIDENT_FIRST, "contact", contact)
                                 : talk_string(t, MSG_SHEET_INCIDENT_FIRST_ANYONE);
    ret->title = talk_string(t, MSG_SHEET_INCIDENT);
    ret->intro = arena_printf(t->arena, "%s\n%s", first, talk_string(t, MSG_SHEET_INCIDENT_INTRO));
    ret->submit = talk_string(t, MSG_SHEET_INCIDENT_SUBMIT);
    ret->cancel = talk_string(t, MSG_SHEET_CANCEL);
    ret->fields = incident_fields(t, &ret->n_fields);
}

/* All that was written in it, harmless wherever it is sent on to. */
static const char *written(struct talk *t, const char *field, size_t max_chars) {
    return text_defuse(t->arena, text_clip(t->arena, entry(t, field), max_chars));
}

static const char *incident_copy(struct talk *t, const char *what) {
    struct buf copy;
    buf_init(&copy, TALK_MAX_BYTES);
    buf_adds(&copy, talk_string(t, MSG_REPORT_HEAD));
    buf_addf(&copy, "\n%s", talk_string(t, MSG_REPORT_WHAT, "what", what));
    const char *when = written(t, when_field, LINE_CHARS);
    if (*when) {
        buf_addf(&copy, "\n%s", talk_string(t, MSG_REPORT_WHEN, "when", when));
    }
    buf_addf(
        &copy, "\n%s",
        talk_string(t, MSG_REPORT_DETAILS, "details", written(t, details_field, DETAILS_CHARS)));
    const char *reach = written(t, reach_field, LINE_CHARS);
    if (*reach) {
        buf_addf(&copy, "\n%s", talk_string(t, MSG_REPORT_REACH, "reach", reach));
    }
    return talk_take(t, &copy);
}

static void take_incident(struct talk *t) {
    const char *kind = entry(t, what_field);
    const char *what = "";
    enum incident_kind happened = KIND__COUNT;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kinds[i].value, kind) == 0) {
            what = talk_string(t, kinds[i].label);
            happened = kinds[i].kind;
        }
    }
    if (*what == '\0') {
        refuse(t, what_field, MSG_SHEET_PICK);
    }
    if (*entry(t, details_field) == '\0') {
        refuse(t, details_field, MSG_SHEET_DETAILS_MISSING);
    }
    if (t->out->n_errors == 0) {
        incident_written(t, happened, incident_copy(t, what));
    }
}

/* ---- all of them ---- */

static const struct form_to_fill {
    const char *name;
    void (*build)(struct talk *t, struct sheet *ret); /* all but the name */
    void (*take)(struct talk *t);
} sheets[] = {{SHEETS_SETTINGS, build_settings, take_settings},
              {SHEETS_INCIDENT, build_incident, take_incident}};

static const struct form_to_fill *find(const char *name) {
    for (size_t i = 0; i < ARRAY_LEN(sheets); i++) {
        if (strcmp(sheets[i].name, name) == 0) {
            return &sheets[i];
        }
    }
    return NULL;
}

void sheets_show(struct talk *t) {
    const struct form_to_fill *found = find(t->event->text);
    if (found) {
        struct sheet *sheet = arena_alloc(t->arena, sizeof(*sheet));
        *sheet = (struct sheet){.name = found->name, .intro = ""};
        found->build(t, sheet);
        t->out->sheet = sheet;
    }
}

bool sheets_take(struct talk *t) {
    const struct form_to_fill *found = find(t->event->text);
    if (!found) {
        return false;
    }
    found->take(t);
    return t->out->n_errors == 0;
}
