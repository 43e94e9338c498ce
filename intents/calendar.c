#include "intents/calendar.h"

#include <time.h>

#define DAY_S  ((int64_t)24 * 60 * 60)
#define DAY_MS (DAY_S * 1000)

int calendar_day(const struct talk *t, int64_t at_ms) {
    int64_t local = at_ms + t->in->utc_offset_ms;
    return (int)(local / DAY_MS - (local % DAY_MS < 0));
}

int calendar_today(const struct talk *t) {
    return calendar_day(t, t->event->at_ms);
}

static struct tm date_of(int day) {
    time_t at = (time_t)(day * DAY_S);
    struct tm tm = {.tm_mday = 1};
    (void)gmtime_r(&at, &tm);
    return tm;
}

const char *calendar_date(struct talk *t, int day) {
    static const enum msg months[] = {MSG_MONTH_1, MSG_MONTH_2,  MSG_MONTH_3,  MSG_MONTH_4,
                                      MSG_MONTH_5, MSG_MONTH_6,  MSG_MONTH_7,  MSG_MONTH_8,
                                      MSG_MONTH_9, MSG_MONTH_10, MSG_MONTH_11, MSG_MONTH_12};
    static const enum msg days[] = {MSG_DAY_SUN, MSG_DAY_MON, MSG_DAY_TUE, MSG_DAY_WED,
                                    MSG_DAY_THU, MSG_DAY_FRI, MSG_DAY_SAT};
    struct tm tm = date_of(day);
    return talk_string(t, MSG_DATE, "month", talk_string(t, months[tm.tm_mon]), "day",
                       talk_number(t, tm.tm_mday), "weekday", talk_string(t, days[tm.tm_wday]));
}

const char *calendar_plain(struct arena *arena, int day) {
    struct tm tm = date_of(day);
    return arena_printf(arena, "%04d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}
