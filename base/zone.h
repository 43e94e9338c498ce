/*
 * Time zones by their IANA name ("Asia/Tokyo"). Not thread-safe: the C library knows one zone at a
 * time, and this changes it for a moment.
 */
#ifndef KIZUKI_BASE_ZONE_H
#define KIZUKI_BASE_ZONE_H

#include <stdint.h>

/*
 * How far the zone's clock is ahead of UTC at that time, in milliseconds. "", or a name the system
 * does not have: the system's own zone.
 */
int64_t zone_offset_ms(const char *name, int64_t at_ms);

#endif
