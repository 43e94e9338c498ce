/*
 * What JSON objects of Block Kit may hold, as tables, and the check of an object against them. The
 * tables refer to each other without circles, so the check ends however the JSON is nested.
 */
#ifndef KIZUKI_TESTS_FAKE_SLACK_SCHEMA_H
#define KIZUKI_TESTS_FAKE_SLACK_SCHEMA_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "tests/fake/slack/web.h"

enum schema_kind {
    SCHEMA_TEXT,   /* a string of min to max code points */
    SCHEMA_URL,    /* one with a scheme */
    SCHEMA_CHOICE, /* one of those in `choices`, between spaces */
    SCHEMA_BOOL,
    SCHEMA_INT,
    SCHEMA_PLAIN,  /* a plain_text object with min to max code points */
    SCHEMA_WORDS,  /* plain_text or mrkdwn */
    SCHEMA_OBJECT, /* one of `shapes` */
    SCHEMA_LIST,   /* min to max of them */
    SCHEMA_TABLE,  /* lists of them */
    SCHEMA_ANY,
};

struct schema_shape;

struct schema_rule {
    const char *name; /* NULL: the end */
    enum schema_kind kind;
    bool required;
    int min;
    int max; /* 0: no limit */
    const char *choices;
    const struct schema_shape *shapes;
};

/* Ended by NULL rules. An object is of the shape whose type it has; without types, of the first. */
struct schema_shape {
    const char *type;
    const struct schema_rule *rules;
};

extern const struct schema_shape schema_blocks[];
extern const struct schema_shape schema_modal[];
extern const struct schema_shape schema_home[];

struct schema {
    struct web *web; /* whom to complain to */
    bool is_view;
    size_t n_wrong;
};

void schema_check(struct schema *s, const cJSON *o, const struct schema_shape *shapes,
                  const char *pointer);
void schema_complain(struct schema *s, const char *what, const char *pointer);

#endif
