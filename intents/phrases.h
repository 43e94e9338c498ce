/*
 * The table of things people type, loaded from phrases.tsv inside the binary, and matching against
 * it. Exact and explainable; shared by all conversations. Read-only after loading.
 */
#ifndef KIZUKI_INTENTS_PHRASES_H
#define KIZUKI_INTENTS_PHRASES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "content/fault.h"

/* The names in phrases.tsv, in this order. */
#define PHRASE_INTENTS(X)                                                                          \
    X(ENDING, "ending")                                                                            \
    X(START, "start")                                                                              \
    X(RESUME, "resume")                                                                            \
    X(RESTART, "restart")                                                                          \
    X(BACK, "back")                                                                                \
    X(SKIP, "skip")                                                                                \
    X(PAUSE, "pause")                                                                              \
    X(CLOSE, "close")                                                                              \
    X(REVIEW, "review")                                                                            \
    X(PROGRESS, "progress")                                                                        \
    X(WHY, "why")                                                                                  \
    X(EXAMPLE, "example")                                                                          \
    X(ALL, "all")                                                                                  \
    X(NONE_OF, "none_of")                                                                          \
    X(UNSURE, "unsure")                                                                            \
    X(YES, "yes")                                                                                  \
    X(NO, "no")                                                                                    \
    X(VAGUE, "vague")                                                                              \
    X(WRONG, "wrong")                                                                              \
    X(UNTICK, "untick")                                                                            \
    X(TICK, "tick")                                                                                \
    X(ROLE_LIST, "role_list")                                                                      \
    X(PERSONA_LIST, "persona_list")                                                                \
    X(TERM_LIST, "term_list")                                                                      \
    X(LINKS, "links")                                                                              \
    X(HANDBOOKS, "handbooks")                                                                      \
    X(RESOURCES, "resources")                                                                      \
    X(SEARCH, "search")                                                                            \
    X(DEFINE, "define")                                                                            \
    X(KIND_TASK, "kind_task")                                                                      \
    X(KIND_KNOWLEDGE, "kind_knowledge")                                                            \
    X(KIND_SKILL, "kind_skill")                                                                    \
    X(SOURCE, "source")                                                                            \
    X(MY_RESULT, "my_result")                                                                      \
    X(CHANGE_RESULT, "change_result")                                                              \
    X(SCORES, "scores")                                                                            \
    X(PRIVACY, "privacy")                                                                          \
    X(LANGUAGE_EN, "language_en")                                                                  \
    X(LANGUAGE_JA, "language_ja")                                                                  \
    X(LANGUAGE_NOT, "language_not")                                                                \
    X(LANGUAGE_ACCOUNT, "language_account")                                                        \
    X(SETTINGS, "settings")                                                                        \
    X(LINK, "link")                                                                                \
    X(UNLINK, "unlink")                                                                            \
    X(HELP, "help")                                                                                \
    X(FORGOT, "forgot")                                                                            \
    X(HUMAN, "human")                                                                              \
    X(PASS_ON, "pass_on")                                                                          \
    X(SEND, "send")                                                                                \
    X(REWRITE, "rewrite")                                                                          \
    X(GREET, "greet")                                                                              \
    X(BYE, "bye")                                                                                  \
    X(THANKS, "thanks")                                                                            \
    X(MORE, "more")                                                                                \
    X(EDIT, "edit")                                                                                \
    X(SELF_ASSESS, "self_assess")                                                                  \
    X(QUICK, "quick")                                                                              \
    X(GAP, "gap")                                                                                  \
    X(GAP_ALL, "gap_all")                                                                          \
    X(WHO, "who")                                                                                  \
    X(WHO_BACK, "who_back")                                                                        \
    X(GROWTH, "growth")                                                                            \
    X(PLAN, "plan")                                                                                \
    X(PLAN_AGAIN, "plan_again")                                                                    \
    X(PLAN_DONE, "plan_done")                                                                      \
    X(PLAN_UNDO, "plan_undo")                                                                      \
    X(PLAN_SWAP, "plan_swap")                                                                      \
    X(PLAN_PUT_OFF, "plan_put_off")                                                                \
    X(PLAN_PACE, "plan_pace")                                                                      \
    X(PLAN_CALENDAR, "plan_calendar")                                                              \
    X(PLAN_DOCUMENT, "plan_document")                                                              \
    X(PLAN_WORD, "plan_word")                                                                      \
    X(LATER, "later")                                                                              \
    X(TARGET, "target")                                                                            \
    X(TARGET_BACK, "target_back")                                                                  \
    X(REPORT, "report")                                                                            \
    X(REPORT_HOW, "report_how")                                                                    \
    X(INCIDENT, "incident")                                                                        \
    X(HYPOTHETICAL, "hypothetical")                                                                \
    X(CONDITIONAL, "conditional")                                                                  \
    X(HEDGED, "hedged")                                                                            \
    X(REVISES, "revises")                                                                          \
    X(CREDENTIAL, "credential")                                                                    \
    X(HEARSAY, "hearsay")                                                                          \
    X(OWN, "own")                                                                                  \
    X(DENIED, "denied")                                                                            \
    X(WHOLE_ALL, "whole_all")                                                                      \
    X(WHOLE_EACH, "whole_each")                                                                    \
    X(WHOLE_BOTH, "whole_both")                                                                    \
    X(WHOLE_TWO, "whole_two")                                                                      \
    X(WHOLE_ANY, "whole_any")                                                                      \
    X(WHOLE_NONE, "whole_none")                                                                    \
    X(WHOLE_DOES, "whole_does")                                                                    \
    X(WHOLE_NOT, "whole_not")                                                                      \
    X(WHOLE_SMALL, "whole_small")                                                                  \
    X(POINTER, "pointer")                                                                          \
    X(RESOURCE_EXAM, "resource_exam")                                                              \
    X(RESOURCE_COURSE, "resource_course")                                                          \
    X(RESOURCE_EXERCISE, "resource_exercise")                                                      \
    X(RESOURCE_DOCUMENT, "resource_document")                                                      \
    X(RESOURCE_VIDEO, "resource_video")                                                            \
    X(RESOURCE_TRAINING, "resource_training")                                                      \
    X(RESOURCE_ANY, "resource_any")                                                                \
    X(RESOURCE_FREE, "resource_free")                                                              \
    X(RESOURCE_FILLER, "resource_filler")                                                          \
    X(COVERAGE, "coverage")                                                                        \
    X(COVERAGE_BY, "coverage_by")                                                                  \
    X(COVERAGE_FILLER, "coverage_filler")

enum phrase_intent {
#define X(name, word) PHRASE_##name,
    PHRASE_INTENTS(X)
#undef X
        PHRASE__COUNT,
    PHRASE_NOTHING = PHRASE__COUNT
};

enum phrase_how {
    PHRASE_IS,
    PHRASE_STARTS,
    PHRASE_ENDS,
    PHRASE_HAS,
    PHRASE_PART, /* no meaning of its own: looked for where the rest is understood */
    PHRASE_HOW__COUNT
};

/* A message in the forms that phrases are compared with: folded, and without punctuation. */
struct wording {
    const char *folded; /* with punctuation: text_fold */
    const char *spaced; /* words kept apart by one space */
    const char *tight;  /* no spaces */
    const char *plain;  /* `tight` without polite endings, never empty unless tight is */
};

struct phrases;

struct phrases *phrases_load(const char *tsv, size_t n, const char *file, struct faults *faults);
void phrases_free(struct phrases *p);

struct wording phrases_wording(const struct phrases *p, struct arena *arena, const char *text);

/* The intent of which a phrase is the whole message, or PHRASE_NOTHING. */
enum phrase_intent phrases_whole(const struct phrases *p, const struct wording *w);

/* The same of a single Latin word that is misspelt, if its first letter is right. */
enum phrase_intent phrases_near(const struct phrases *p, const struct wording *w);

/*
 * The intent of the longest phrase the message starts or ends with; *ret_rest (in the arena) is
 * what is left, in `spaced` form. PHRASE_NOTHING if there is none or nothing is left.
 */
enum phrase_intent phrases_around(const struct phrases *p, struct arena *arena,
                                  const struct wording *w, const char **ret_rest);

/* The intent of the longest phrase found anywhere, or PHRASE_NOTHING. */
enum phrase_intent phrases_within(const struct phrases *p, const struct wording *w);

/* Whether any phrase of that intent is found anywhere. */
bool phrases_has(const struct phrases *p, const struct wording *w, enum phrase_intent intent);

/* Like phrases_has, and *ret_rest is the message without the longest such phrase. */
bool phrases_take(const struct phrases *p, struct arena *arena, const struct wording *w,
                  enum phrase_intent intent, const char **ret_rest);

/* The longest PHRASE_PART of that intent in words kept apart: its place, or NULL. */
const char *phrases_part(const struct phrases *p, enum phrase_intent intent, const char *spaced,
                         size_t *ret_len);

/* The same without the PHRASE_PARTs of that intent at both ends, and the spaces there. */
const char *phrases_trim(const struct phrases *p, struct arena *arena, enum phrase_intent intent,
                         const char *spaced);

/* The bytes of the longest PHRASE_PART of that intent that it begins with; 0 for none. */
size_t phrases_head(const struct phrases *p, enum phrase_intent intent, const char *spaced);

#endif
