/*
 * What people want, as the examples and the evaluation name it. The names are those of the files
 * intents/examples/NAME.tsv and of the third column of an evaluation file.
 */
#ifndef KIZUKI_INTENTS_LABELS_H
#define KIZUKI_INTENTS_LABELS_H

#include <stddef.h>

#define LABELS(X)                                                                                  \
    X(START, "start_questionnaire")                                                                \
    X(RESUME, "resume")                                                                            \
    X(RESTART, "restart")                                                                          \
    X(BACK, "back")                                                                                \
    X(SKIP, "skip")                                                                                \
    X(PAUSE, "pause")                                                                              \
    X(PROGRESS, "progress")                                                                        \
    X(EXPLAIN, "explain_question")                                                                 \
    X(ANSWER, "answer")                                                                            \
    X(ROLE_LIST, "role_list")                                                                      \
    X(ROLE, "role_lookup")                                                                         \
    X(TKS, "tks_lookup")                                                                           \
    X(TERM, "term_lookup")                                                                         \
    X(SOURCE, "source_info")                                                                       \
    X(MY_RESULT, "my_result")                                                                      \
    X(SELF_ASSESS, "self_assess_start")                                                            \
    X(SET_TARGET, "set_target")                                                                    \
    X(GAP, "gap_show")                                                                             \
    X(PLAN, "plan_show")                                                                           \
    X(PLAN_DONE, "plan_done")                                                                      \
    X(RESOURCE, "resource_search")                                                                 \
    X(SNOOZE, "snooze")                                                                            \
    X(NUDGE_OFF, "nudge_off")                                                                      \
    X(NUDGE_ON, "nudge_on")                                                                        \
    X(NUDGE_SETTINGS, "nudge_settings")                                                            \
    X(QUIZ, "quiz_start")                                                                          \
    X(QUIZ_EXPLAIN, "quiz_explain")                                                                \
    X(DIGEST, "digest_now")                                                                        \
    X(PREVIEW, "admin_preview")                                                                    \
    X(IMPORT, "admin_import")                                                                      \
    X(PRIVACY, "privacy_info")                                                                     \
    X(EXPORT, "export_data")                                                                       \
    X(DELETE, "delete_data")                                                                       \
    X(LANGUAGE, "set_language")                                                                    \
    X(HELP, "help")                                                                                \
    X(HUMAN, "human_handoff")                                                                      \
    X(GREET, "greet")                                                                              \
    X(THANKS, "thanks")                                                                            \
    X(INCIDENT, "incident_report")                                                                 \
    X(INCIDENT_HOWTO, "incident_howto")                                                            \
    X(INCIDENT_STATUS, "incident_status")                                                          \
    X(INCIDENT_WITHDRAW, "incident_withdraw")                                                      \
    X(NONE, "none")

enum label {
#define X(name, word) LABEL_##name,
    LABELS(X)
#undef X
        LABEL__COUNT
};

extern const char *const label_names[LABEL__COUNT];

/* LABEL__COUNT where no label has that name of n bytes. */
enum label label_find(const char *name, size_t n);

/* What happened, as the slot `kind` of examples and evaluation names it. */
#define INCIDENT_KINDS(X)                                                                          \
    X(PHISHING_CLICK, "phishing_click")                                                            \
    X(CREDENTIAL_ENTERED, "credential_entered")                                                    \
    X(LOST_DEVICE, "lost_device")                                                                  \
    X(RANSOMWARE, "ransomware")                                                                    \
    X(MALWARE, "malware")                                                                          \
    X(UNAUTHORIZED_ACCESS, "unauthorized_access")                                                  \
    X(MISDIRECTED_EMAIL, "misdirected_email")                                                      \
    X(BEC, "bec")                                                                                  \
    X(AI_DATA_LEAK, "ai_data_leak")                                                                \
    X(DATA_EXPOSURE, "data_exposure")                                                              \
    X(SUSPICIOUS_MAIL, "suspicious_mail")

enum incident_kind {
#define X(name, word) KIND_##name,
    INCIDENT_KINDS(X)
#undef X
        KIND__COUNT
};

extern const char *const incident_kind_names[KIND__COUNT];

/* What an answer says in words of its own, where no rule can read it. */
enum sense {
    SENSE_YES,
    SENSE_NO,
    SENSE_ALL,
    SENSE_NONE,
    SENSE_UNSURE,
    SENSE_IT,     /* does a job in IT */
    SENSE_NON_IT, /* does another one */
    SENSE_NUMBER, /* a number stands in it */
    SENSE_LEVEL,  /* a level from 0 to 4 without its number: this and the next four */
    SENSE__COUNT = SENSE_LEVEL + 5
};

#endif
