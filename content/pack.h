/*
 * The content pack: roles, tasks/knowledge/skills, personas, the questionnaire, glossary, links,
 * learning resources, basics, attribution and every sentence the bot says, in both languages, with
 * provenance. Read-only after loading; owned by whoever called pack_load.
 */
#ifndef KIZUKI_CONTENT_PACK_H
#define KIZUKI_CONTENT_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "content/assess.h"
#include "content/fault.h"
#include "content/form.h"
#include "content/lang.h"
#include "content/messages.h"
#include "content/node.h"

#define PACK_ROLES      13 /* the handbook's p.10 */
#define PACK_FRAMEWORKS 4

enum tks_kind { TKS_TASK, TKS_KNOWLEDGE, TKS_SKILL, TKS__COUNT };

extern const char *const tks_kind_names[TKS__COUNT]; /* "task", "knowledge", "skill" */

/* What people call a resource when they ask for one. */
enum resource_kind {
    RESOURCE_EXAM,
    RESOURCE_COURSE,
    RESOURCE_EXERCISE,
    RESOURCE_DOCUMENT,
    RESOURCE_VIDEO,
    RESOURCE__COUNT
};

extern const char *const resource_kind_names[RESOURCE__COUNT]; /* "exam", "course", … */

/* A reference to another item by its id, and how sure it is. */
struct ref {
    const char *id;
    int number; /* roles: the role's number; 0 otherwise */
    enum confidence confidence;
};

struct ref_list {
    const struct ref *items;
    size_t n;
};

struct framework {
    const char *id;
    struct l10n name;
};

struct role {
    int number;       /* 1 to 13 */
    const char *mark; /* "①" */
    struct l10n name;
    struct string_list aliases;
    struct l10n gloss; /* ours, not an official definition */
    struct string_list references[PACK_FRAMEWORKS];
    struct l10n references_note; /* "" where there is nothing to say */
    struct string_list nice;     /* work roles that may correspond: our guess, not official */
    struct ref_list personas;
    struct ref_list tks;
};

struct theme {
    const char *id;
    struct l10n name;
};

struct tks {
    const char *id; /* "K-006" */
    enum tks_kind kind;
    struct l10n name;
    struct l10n label;
    struct l10n hint;
    size_t theme;
    struct ref_list roles;
    struct ref_list personas; /* .confidence source: the persona's own table */
    const char *same_group;   /* NULL: none */
    struct l10n kind_note;
};

struct persona_neighbour {
    const char *with; /* persona id */
    struct l10n what;
    enum confidence confidence;
};

struct persona_item {
    const char *tks;
    bool core; /* in the persona's own table of the handbook */
};

struct persona {
    const char *id;
    const char *mark;
    bool core; /* one of the three the handbook describes in full */
    struct l10n name;
    struct l10n brief; /* what the bot calls it in sentences */
    struct string_list aliases;
    struct l10n summary;
    struct l10n work;
    const struct l10n *duties;
    size_t n_duties;
    struct ref_list roles;
    struct l10n roles_note;
    const struct persona_item *items;
    size_t n_items;
    const struct persona_neighbour *around;
    size_t n_around;
};

struct term {
    const char *id;
    struct l10n name;
    struct string_list aliases;
    struct l10n definition;
    struct string_list tks;
    bool in_source;
};

struct link {
    const char *id;
    struct l10n name;
    const char *url; /* NULL: the handbook gives none */
    struct l10n note;
};

struct resource_type {
    const char *id;
    struct l10n name;
};

/* Something to learn with. */
struct resource {
    const char *id;
    struct l10n name;
    struct l10n label; /* the name in short */
    struct string_list aliases;
    struct l10n provider; /* "" where there is none */
    size_t type;
    unsigned kinds;                 /* bit: enum resource_kind */
    const char *url;                /* NULL: none is known */
    enum confidence url_confidence; /* source: the handbook gives it */
    int minutes;                    /* 0: not known */
    struct l10n summary;
    struct ref_list closes;   /* tasks, knowledge and skills it helps with */
    struct ref_list personas; /* for whom it is an example */
};

/* What a field of an exam gives: an item, for the people in these roles where they are named. */
struct exam_entry {
    const char *tks;
    struct ref_list roles;
    enum confidence confidence;
};

/* A field of an exam, in the words of the exam. */
struct exam_row {
    const char *id;
    const char *exam; /* resource id */
    struct l10n field;
    struct l10n examples; /* of what is asked there */
    const struct exam_entry *entries;
    size_t n_entries;
    int source_page;
    enum confidence confidence;
};

struct exam {
    const char *resource;
    const char *code; /* "SG": what it is called in short */
    struct string_list aliases;
    struct l10n beside; /* what it asks beside these fields; "" where that is not said */
    const struct exam_row *rows;
    size_t n_rows;
};

/* An example of what somebody lacks, and what helps. */
struct gap_example {
    const char *id;
    struct ref persona; /* how sure it is that it is about that one */
    enum tks_kind kind; /* of what is lacking */
    const char *task;
    struct l10n gap;
    struct l10n remedy;
    struct string_list resources;
    struct ref_list closes;
    int source_page;
};

/* An example of what a persona is trained in, and how. */
struct training_example {
    const char *id;
    struct ref persona;
    struct ref_list roles;
    struct string_list tks;
    struct ref_list resources;
    int source_page;
};

struct topic_point {
    struct l10n title;
    struct l10n text;
};

struct topic {
    const char *id;
    struct l10n title;
    struct string_list aliases;
    struct l10n body;
    const struct topic_point *points;
    size_t n_points;
};

struct handbook {
    const char *id;
    struct l10n name;
};

#define PACK_MAX_HANDBOOKS 8

struct reader {
    const char *id;
    struct l10n name;
    const char *marks[PACK_MAX_HANDBOOKS]; /* by handbook index: "◎", "○", "△", "—" */
    struct l10n notes[PACK_MAX_HANDBOOKS]; /* "" where there is none */
};

struct legend {
    const char *mark;
    struct l10n meaning;
};

struct disclaimer {
    const char *id;
    struct l10n text;
};

struct attribution {
    int year; /* the day the content was taken in */
    int month;
    int day;
    struct l10n citation; /* with {date} */
    struct l10n brief;    /* with {date} */
    struct l10n notice;
    const struct disclaimer *disclaimers;
    size_t n_disclaimers;
    struct l10n bot_disclaimer;
};

struct pack {
    struct arena arena;
    struct framework frameworks[PACK_FRAMEWORKS];
    struct role roles[PACK_ROLES]; /* index = number - 1 */
    const struct theme *themes;
    size_t n_themes;
    const struct tks *tks;
    size_t n_tks;
    const struct persona *personas;
    size_t n_personas;
    const struct term *terms;
    size_t n_terms;
    const struct link *links;
    size_t n_links;
    const struct resource_type *resource_types;
    size_t n_resource_types;
    const struct resource *resources;
    size_t n_resources;
    const struct exam *exams;
    size_t n_exams;
    const struct gap_example *gaps;
    size_t n_gaps;
    const struct training_example *trainings;
    size_t n_trainings;
    const struct topic *topics;
    size_t n_topics;
    const struct handbook *handbooks;
    size_t n_handbooks;
    const struct reader *readers;
    size_t n_readers;
    const struct legend *legends;
    size_t n_legends;
    struct attribution attribution;
    struct assess assess;
    struct l10n messages[MSG__COUNT];
    struct form *form; /* the persona questionnaire */
    /* The self-assessments, two for each persona, NULL until asked for (intents/assess_form.h). */
    struct form **assess_forms;
    struct search *search; /* see search.h */
};

/*
 * Loads and checks the pack in `dir`, or the one inside the binary for NULL or "". Returns NULL
 * with *faults filled if anything is wrong. Free with pack_free (NULL is fine).
 */
struct pack *pack_load(const char *dir, struct faults *faults);
void pack_free(struct pack *pack);

/* NULL where there is none of that id. */
const struct tks *pack_tks(const struct pack *pack, const char *id);
const struct persona *pack_persona(const struct pack *pack, const char *id);
const struct role *pack_role(const struct pack *pack, int number);
const struct resource *pack_resource(const struct pack *pack, const char *id);

#endif
