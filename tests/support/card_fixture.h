/*
 * For the tests of messages on Slack: replies shown as cards, each of them checked. The fixture
 * owns `a` and the blocks of `card`: gone after each test.
 */
#ifndef KIZUKI_TESTS_SUPPORT_CARD_FIXTURE_H
#define KIZUKI_TESTS_SUPPORT_CARD_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bot/slack/blocks.h"
#include "tests/support/block_kit.h"
#include "tests/support/owed_rows.h"

#define REF   "0123456789abcdef0123456789abcdef/q2"
#define Q_REF "q:" REF
#define W_REF "w:" REF

#define CARD(f) cmocka_unit_test_teardown(f, forget_card)

extern struct arena a;
extern struct slack_card card; /* shown last */

int forget_card(void **state);

/* The n-th part of the row's text; its last part, with tables and charts or without. */
void show_part(const struct store_out *row, const char *part, bool last, bool rich);
void show(const struct reply *reply);
void show_rich(const struct reply *reply);

/* A question with these choices, the lines for them in the text as the dialogue writes them. */
struct reply question(const char *text, const struct choice *choices, size_t n);
/* Choices from 1 with that label and a number of its own behind. */
struct reply question_of(size_t n, const char *label);

const char *repeated(const char *s, size_t n);

void expect_sections(const char *text);

#endif
