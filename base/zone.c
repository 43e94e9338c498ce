#include "base/zone.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FOLDER       "/usr/share/zoneinfo/"
#define NAME_MAX_LEN 64
#define HOUR_MS      ((int64_t)60 * 60 * 1000)

/* Offsets change on full quarters of an hour, so one found holds for the rest of the hour's. */
static struct {
    char name[NAME_MAX_LEN];
    int64_t quarter;
    int64_t offset_ms;
    bool known;
} last;

/* A name, not a path out of the folder or a rule of its own. */
static bool is_zone(const char *name) {
    char path[sizeof(FOLDER) + NAME_MAX_LEN];
    size_t n = strlen(name);
    if (n == 0 || n >= NAME_MAX_LEN || strstr(name, "..") || name[0] == '/' ||
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") != n) {
        return false;
    }
    snprintf(path, sizeof(path), FOLDER "%s", name);
    return access(path, R_OK) == 0;
}

static int64_t local_offset_ms(int64_t at_ms) {
    time_t at = (time_t)(at_ms / 1000);
    struct tm tm;
    return localtime_r(&at, &tm) ? (int64_t)tm.tm_gmtoff * 1000 : 0;
}

/*
 * The variable is changed in place: setenv might move the environment while a thread of a library,
 * a resolver for one, looks into it.
 */
static int64_t offset_in(const char *name, int64_t at_ms) {
    static char variable[sizeof("TZ=:") + NAME_MAX_LEN];
    static char *own; /* what TZ was at first */
    static bool begun;
    if (!begun) {
        const char *tz = getenv("TZ");
        own = tz ? strdup(tz) : NULL;
        begun = true;
    }
    snprintf(variable, sizeof(variable), "TZ=:%s", name);
    if (putenv(variable) != 0) {
        return local_offset_ms(at_ms);
    }
    tzset();
    int64_t offset_ms = local_offset_ms(at_ms);
    if (own && strlen(own) < NAME_MAX_LEN) {
        snprintf(variable, sizeof(variable), "TZ=%s", own);
    } else {
        snprintf(variable, sizeof(variable), "TZ=:/etc/localtime");
    }
    tzset();
    return offset_ms;
}

int64_t zone_offset_ms(const char *name, int64_t at_ms) {
    const char *zone = is_zone(name) ? name : "";
    int64_t quarter = at_ms / (HOUR_MS / 4);
    if (!last.known || last.quarter != quarter || strcmp(last.name, zone) != 0) {
        last.offset_ms = *zone ? offset_in(zone, at_ms) : local_offset_ms(at_ms);
        snprintf(last.name, sizeof(last.name), "%s", zone);
        last.quarter = quarter;
        last.known = true;
    }
    return last.offset_ms;
}
