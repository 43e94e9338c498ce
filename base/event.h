/*
 * What comes in and what goes out, without a word about any platform. Plain data shared by all
 * floors; strings live in the arena of the turn and are valid UTF-8, never NULL.
 */
#ifndef KIZUKI_BASE_EVENT_H
#define KIZUKI_BASE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/drawing.h"
#include "base/sheet.h"

enum event_kind {
    EVENT_MESSAGE, /* text was written */
    EVENT_TICK,    /* a choice of a shown question was clicked or reacted to */
    EVENT_UNTICK,  /* that reaction was taken back; choice below 0: the check mark was */
    EVENT_SELECT,  /* the choices that are ticked now, all of them, are `selected` */
    EVENT_CLOSE,   /* the ✅ under a question with several answers; may say what is `selected` */
    EVENT_WORD,    /* a word offered with a message was clicked, as if `text` were written */
    EVENT_HOME,    /* the person looks at the page of their own */
    EVENT_SHEET,   /* asks for the sheet named in `text`, to be shown at once */
    EVENT_SUBMIT,  /* the sheet named in `text` was handed in with `entries` */
    EVENT_ACCOUNT, /* the platform says something new of the person: locale, tz */
};

#define EVENT_SELECTED_MAX 32

enum place { PLACE_DIRECT, PLACE_CHANNEL };

struct event {
    enum event_kind kind;
    const char *platform; /* "console", … together with workspace and user: who */
    const char *workspace;
    const char *user;
    const char *id; /* of the platform; the same id again is the same event */
    enum place place;
    const char *channel;  /* the platform's id of the place; "" where place says it all */
    const char *thread;   /* the platform's id of the thread it was said in, "" for none */
    const char *text;     /* EVENT_MESSAGE */
    bool cut;             /* the text was longer; this is its beginning */
    int choice;           /* EVENT_TICK, EVENT_UNTICK: the number shown in front of the choice */
    const char *question; /* tick, untick, close: the asked question's reference, see reply */
    const char *shown;    /* or, with question "": the platform's id of the message asking it … */
    const char *mark;     /* … and the platform's name of the reaction to it */
    bool again;           /* such a reaction was delivered anew and may be outdated */
    const char *locale;   /* what the platform says of the person's language, "" for nothing */
    const char *tz;       /* and of their time zone, an IANA name, "" for nothing */
    bool whisper;         /* what is said in that channel is for this person's eyes only */
    bool has_selected;    /* EVENT_CLOSE: `selected` is said */
    const int *selected;  /* numbers of choices, at most EVENT_SELECTED_MAX */
    size_t n_selected;
    const struct sheet_entry *entries;
    size_t n_entries;
    int64_t at_ms;
    int64_t late_ms; /* how long ago it was said, 0 where it was just now */
};

struct choice {
    int number; /* shown in front and accepted as text */
    const char *label;
    const char *description; /* more about it, "" or NULL for nothing */
    bool ticked;
};

/* Something that can be said by a click: comes back as EVENT_WORD, or as EVENT_SHEET. */
struct word {
    const char *label;
    const char *text;  /* what it stands for */
    const char *sheet; /* or the name of the sheet it asks for, "" for none */
    bool urgent;
};

/* Values side by side; the text of the reply has them, too. */
struct table {
    const char *const *cells; /* row by row, the first row is the head */
    size_t columns;
    size_t rows;
};

struct chart {
    const char *title;
    const char *const *labels;
    const int *values;
    size_t n;
};

enum audience {
    AUDIENCE_DIRECT,
    AUDIENCE_HERE,
    AUDIENCE_DESK, /* those who read what people ask to be passed on; the adapter puts in front who
                    */
};

struct picture {
    const void *png;
    size_t n;
    const char *alt; /* what it shows, in words: sent along */
};

/* A file handed over with a message. */
struct attachment {
    const char *name; /* "kizuki-plan.ics" */
    const char *type; /* MIME */
    const void *data;
    size_t n;
};

struct reply {
    enum audience audience;
    const char *text; /* complete on its own; **bold** is the only markup */
    const struct choice *choices;
    size_t n_choices;
    const char *question; /* reference of the question asked, "" for none; comes back in events */
    const struct picture *picture; /* NULL for none */
    const struct attachment *file; /* NULL for none; not together with a picture */
    const struct drawing *drawing; /* to be made a picture before it is sent, NULL for none */
    bool closes;                   /* a check mark may end the answer to it */
    bool refreshes;    /* the question just reacted to with its new ticks: may replace it */
    const char *close; /* of a question that takes several choices: how ending it is called */
    int place;         /* how far a questionnaire has come, of `total`; 0: it is none */
    int total;
    const struct word *words;
    size_t n_words;
    const struct table *table; /* NULL for none */
    const struct chart *chart; /* NULL for none */
    bool urgent;               /* answers a cry for help: it cannot wait, whatever fails */
};

#endif
