/*
 * One reply in the making: the context every conversation part needs, and the text and choices it
 * appends to. Begun by the dialogue, filled by its parts, closed with talk_send.
 */
#ifndef KIZUKI_INTENTS_TALK_H
#define KIZUKI_INTENTS_TALK_H

#include "base/buf.h"
#include "content/say.h"
#include "intents/step.h"

#define TALK_MAX_CHOICES 20
#define TALK_MAX_WORDS   8
#define TALK_MAX_BYTES   ((size_t)32 * 1024)

struct talk {
    const struct step_input *in;
    const struct pack *pack;
    const struct phrases *phrases;
    const struct site *site;
    const struct event *event;
    struct arena *arena;
    struct step *out;
    struct session *s; /* out->next, changed as the conversation goes */
    struct buf text;
    struct choice choices[TALK_MAX_CHOICES];
    size_t n_choices;
    const char *question;
    bool closes;
    bool refreshes;
    bool urgent;       /* something happened: nothing beside the point is said */
    const char *close; /* "" for none */
    size_t place;
    size_t total;
    struct word words[TALK_MAX_WORDS];
    size_t n_words;
    const struct table *table;
    const struct chart *chart;
    const struct drawing *drawing;
    const struct attachment *file;
};

void talk_begin(struct talk *t, const struct step_input *in, struct arena *arena, struct step *out);

/* Appends the message; pairs as for say(). talk_line puts it on a line of its own. */
#define talk_say(t, ...)  say(&(t)->text, (t)->pack, (t)->s->lang, __VA_ARGS__, (char *)NULL)
#define talk_line(t, ...) (talk_break(t), talk_say(t, __VA_ARGS__))
#define talk_l10n(t, x)   ((x).in[(t)->s->lang])

void talk_break(struct talk *t);     /* to a new line, unless at the start of one */
void talk_paragraph(struct talk *t); /* a blank line between what was said and what follows */
void talk_text(struct talk *t, const char *text);
void talk_clear(struct talk *t); /* takes back the reply begun, with its choices */
void talk_choice(struct talk *t, int number, const char *label, bool ticked);
void talk_choice_line(struct talk *t, int number, const char *label, bool ticked);

/* Offers something to say by a click: the label is what would be typed, too. */
void talk_word(struct talk *t, const char *label);
/* Offers a sheet. */
void talk_sheet_word(struct talk *t, const char *label, const char *sheet, bool urgent);

/* The message as a string in the arena, for use inside another one. */
#define talk_string(t, ...) talk_string_of(t, __VA_ARGS__, (char *)NULL)
const char *talk_string_of(struct talk *t, enum msg msg, ...) SENTINEL;

/* The user's words, harmless and short. */
const char *talk_quote(struct talk *t, const char *words);

/* A number as a string in the arena. */
const char *talk_number(struct talk *t, int64_t n);

/* The short source line every lookup ends with. */
const char *talk_source(struct talk *t);
void talk_attribution(struct talk *t);

/* Whether a menu waits that takes numbers and is shown again after side questions (menu.h). */
bool talk_menu_waits(const struct session *s);

/* Names this place, in TALK_HERE_LEN bytes, without telling any other one who is here. */
#define TALK_HERE_LEN 16
const char *talk_here(struct talk *t);

/* The name in the other language in brackets, "" where both are the same. */
const char *talk_other(struct talk *t, struct l10n name);

/* The reply begun answers a cry for help. */
void talk_send_urgent(struct talk *t, enum audience audience);

/* Closes the reply; an empty one is dropped. Ready for the next one. */
void talk_send(struct talk *t, enum audience audience);

struct change *talk_change(struct talk *t, enum change_kind kind);

/* Joins: "「a」「b」" in Japanese, "“a”, “b”" in English. */
void talk_join_quoted(struct talk *t, struct buf *out, const char *item);

/* Moves the text of a buffer into the arena and frees the buffer. */
const char *talk_take(struct talk *t, struct buf *b);

void talk_end(struct talk *t);

#endif
