/*
 * The one source of wall-clock time. Milliseconds since 1970-01-01 UTC. The console and tests move
 * it; nothing else in the project reads the system's clock for anything but measuring.
 */
#ifndef KIZUKI_BASE_CLOCK_H
#define KIZUKI_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_now_ms(void);

/* Shifts the clock by ms (negative: back) from now on. */
void clock_shift_ms(int64_t ms);

/* Stops the clock at this instant: from now on only clock_shift_ms moves it. */
void clock_freeze_at_ms(int64_t at_ms);

/* "2026-11-23", "2026-11-23T09:00" or with seconds, UTC; false if it is none of these. */
bool clock_parse_iso(const char *s, int64_t *ret_ms);

/* "90s", "15m", "2h", "6d", "1w", also with a leading minus; false if it is none of these. */
bool clock_parse_span(const char *s, int64_t *ret_ms);

/* Writes "2026-11-23T09:00:00.000Z". */
void clock_format_iso(int64_t at_ms, char out[32]);

#endif
