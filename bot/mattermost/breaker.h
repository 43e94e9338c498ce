/* Stops two bots from talking with each other: too many answers a minute mute a conversation. */
#ifndef KIZUKI_BOT_MATTERMOST_BREAKER_H
#define KIZUKI_BOT_MATTERMOST_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define MM_BREAKER_SLOTS 1024

struct mm_breaker {
    int limit; /* answers a minute */
    struct mm_breaker_slot {
        uint64_t key;
        int64_t since_ms; /* when its minute began */
        int64_t muted_until_ms;
        int n;
        int trips; /* each mutes for twice as long */
    } slots[MM_BREAKER_SLOTS];
};

void mm_breaker_init(struct mm_breaker *b, int limit);

bool mm_breaker_muted(struct mm_breaker *b, const char *conversation);
/* Counts one answer in that conversation; one too many mutes it, which is logged. */
void mm_breaker_count(struct mm_breaker *b, const char *conversation, const char *workspace);

#endif
