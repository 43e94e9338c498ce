#include "intents/wish.h"

#include "base/attr.h"

/* What is said to a wish for which there are no rules, or not yet. */
static const struct {
    enum label label;
    enum msg msg;
} wishes[] = {
    {LABEL_SNOOZE, MSG_WISH_SNOOZE},
    {LABEL_NUDGE_OFF, MSG_WISH_NUDGE_OFF},
    {LABEL_NUDGE_ON, MSG_WISH_NUDGE_ON},
    {LABEL_NUDGE_SETTINGS, MSG_WISH_NUDGE_SETTINGS},
    {LABEL_QUIZ, MSG_WISH_QUIZ},
    {LABEL_QUIZ_EXPLAIN, MSG_WISH_QUIZ_EXPLAIN},
    {LABEL_DIGEST, MSG_WISH_DIGEST},
    {LABEL_PREVIEW, MSG_WISH_PREVIEW},
    {LABEL_IMPORT, MSG_WISH_IMPORT},
    {LABEL_EXPORT, MSG_WISH_EXPORT},
    {LABEL_DELETE, MSG_WISH_DELETE},
    {LABEL_INCIDENT_STATUS, MSG_WISH_INCIDENT_STATUS},
    {LABEL_INCIDENT_WITHDRAW, MSG_WISH_INCIDENT_WITHDRAW},
};

bool wish_answer(struct talk *t, enum label label) {
    for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
        if (wishes[i].label == label) {
            talk_line(t, wishes[i].msg);
            return true;
        }
    }
    return false;
}
