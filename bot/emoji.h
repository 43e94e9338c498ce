/* Reactions that stand for numbers; the platforms name them alike. */
#ifndef KIZUKI_BOT_EMOJI_H
#define KIZUKI_BOT_EMOJI_H

/* Reactions that stand for the numbers 0 to this, and the check mark that closes. */
#define EMOJI_NUMBERS_MAX 10
#define EMOJI_NONE        (-1)
#define EMOJI_CHECK       (-2)
#define EMOJI_CLOSE       "white_check_mark"

/* The name of the reaction for a number, NULL where there is none. */
const char *emoji_of(int number);
/* The number a reaction stands for, EMOJI_CHECK or EMOJI_NONE. */
int emoji_number(const char *name);

#endif
