/*
 * Reading frames of Slack in tests: from memory that ends where the text does, so that the
 * sanitizer sees a byte read too far, and from tests/recorded/slack. Strings live in the arena.
 */
#ifndef KIZUKI_TESTS_SUPPORT_SLACK_FRAMES_H
#define KIZUKI_TESTS_SUPPORT_SLACK_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "bot/slack/wire.h"

/* As slack_frame_read; a refusal without a reason fails the test. */
bool frame_reads(struct arena *a, const char *text, size_t n, struct slack_frame *ret,
                 const char **why);

/* The sample of that name, which has to be readable. */
void frame_recorded(struct arena *a, const char *name, struct slack_frame *ret);

/* Fails the test where something in a frame that was read has not the form the header promises. */
void assert_sound(const struct slack_frame *f);

/* Fails the test where the two of a pair differ. */
void assert_texts(const char *name, const char *const pairs[][2], size_t n);

#endif
