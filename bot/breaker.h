/* Stops two bots from talking with each other: too many answers a minute mute a conversation. */
#ifndef KIZUKI_BOT_BREAKER_H
#define KIZUKI_BOT_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_SLOTS 1024

struct breaker {
    int limit; /* answers a minute */
    struct breaker_slot {
        uint64_t key;
        int64_t since_ms; /* when its minute began */
        int64_t muted_until_ms;
        int n;
        int trips; /* each mutes for twice as long */
        int cries; /* that were heard since it was muted */
    } slots[BREAKER_SLOTS];
};

void breaker_init(struct breaker *b, int limit);

bool breaker_muted(struct breaker *b, const char *conversation);
/* Whether a cry for help is heard all the same: some are, while it is muted. Counts this one. */
bool breaker_hears_cry(struct breaker *b, const char *conversation);
/* Counts one answer in that conversation; one too many mutes it, which is logged. */
void breaker_count(struct breaker *b, const char *conversation, const char *workspace);

#endif
