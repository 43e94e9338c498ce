/*
 * Who is behind a user id: person or bot, still there or not, and which language. A cache that is
 * forgotten at each reconnection, since changes may have been missed.
 */
#ifndef KIZUKI_BOT_MATTERMOST_PEOPLE_H
#define KIZUKI_BOT_MATTERMOST_PEOPLE_H

#include <stdbool.h>

struct mattermost;
struct mm_people;
struct mm_user;

struct mm_person {
    char id[27];
    char username[65]; /* "" for nobody the server knows */
    char locale[8];
    char channel[27]; /* the direct one with us, "" while unknown */
    bool bot;
    bool deactivated;
};

struct mm_people *mm_people_create(struct mattermost *m);
void mm_people_destroy(struct mm_people *p);

/* NULL where we do not know yet; the pointer holds until anything else is called here. */
const struct mm_person *mm_people_find(const struct mm_people *p, const char *id);

/* Asks the server for it, with others asked for at the same time, when mm_people_ask is called. */
void mm_people_want(struct mm_people *p, const char *id);
void mm_people_ask(struct mm_people *p);

/* That person and we talk in that direct channel. */
void mm_people_talk_in(struct mm_people *p, const char *id, const char *channel);

/* The server told us without being asked. */
void mm_people_update(struct mm_people *p, const struct mm_user *user);
void mm_people_forget(struct mm_people *p);

#endif
