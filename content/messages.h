/*
 * The sentences the bot says, by key: the texts themselves are in pack/messages.json, in both
 * languages. The third column names the placeholders a text may use as {name}.
 */
#ifndef KIZUKI_CONTENT_MESSAGES_H
#define KIZUKI_CONTENT_MESSAGES_H

#define MESSAGES(X)                                                                                \
    X(GREET_FIRST, "greet.first", "total")                                                         \
    X(LATE_MINUTES, "late.minutes", "n")                                                           \
    X(LATE_HOURS, "late.hours", "n")                                                               \
    X(LATE_DAYS, "late.days", "n")                                                                 \
    X(GREET_AGAIN, "greet.again", "")                                                              \
    X(GREET_OPEN, "greet.open", "")                                                                \
    X(GREET_DONE, "greet.done", "persona")                                                         \
    X(GREET_BACK, "greet.back", "done total title answer")                                         \
    X(GREET_BACK_NONE, "greet.back_none", "total")                                                 \
    X(GREET_CONTINUE, "greet.continue", "")                                                        \
    X(GREET_RESTART, "greet.restart", "")                                                          \
    X(HELP, "help", "")                                                                            \
    X(HELP_CHANNEL, "help.channel", "")                                                            \
    X(THANKS, "thanks", "")                                                                        \
    X(BYE, "bye", "")                                                                              \
    X(BYE_OPEN, "bye.open", "")                                                                    \
    X(FORGOT, "forgot", "")                                                                        \
    X(LATER, "later", "")                                                                          \
    X(LANGUAGE, "language", "")                                                                    \
    X(LANGUAGE_BACK, "language.back", "")                                                          \
    X(LANGUAGE_ACCOUNT, "language.account", "")                                                    \
    X(LANGUAGE_NO_ACCOUNT, "language.no_account", "")                                              \
    X(LANGUAGE_SUGGEST, "language.suggest", "")                                                    \
    X(SETTINGS_HEAD, "settings.head", "")                                                          \
    X(SETTINGS_LANG, "settings.lang", "")                                                          \
    X(SETTINGS_LANG_CHOSEN, "settings.lang_chosen", "")                                            \
    X(SETTINGS_LANG_ACCOUNT, "settings.lang_account", "")                                          \
    X(SETTINGS_HOW, "settings.how", "")                                                            \
    X(SETTINGS_HOW_ACCOUNT, "settings.how_account", "")                                            \
    X(SETTINGS_SAME, "settings.same", "")                                                          \
    X(SHEET_SETTINGS, "sheet.settings", "")                                                        \
    X(SHEET_SETTINGS_SUBMIT, "sheet.settings_submit", "")                                          \
    X(SHEET_CLOSE, "sheet.close", "")                                                              \
    X(SHEET_LANG, "sheet.lang", "")                                                                \
    X(SHEET_LANG_JA, "sheet.lang_ja", "")                                                          \
    X(SHEET_LANG_EN, "sheet.lang_en", "")                                                          \
    X(SHEET_LANG_ACCOUNT, "sheet.lang_account", "")                                                \
    X(SHEET_PICK, "sheet.pick", "")                                                                \
    X(EMPTY, "empty", "")                                                                          \
    X(TOO_LONG, "too_long", "")                                                                    \
    X(PRIVATE, "private", "")                                                                      \
    X(PRIVATE_INCIDENT, "private.incident", "")                                                    \
    X(VAGUE, "vague", "")                                                                          \
    X(CONSOLE, "console", "")                                                                      \
    X(NOT_SAVED, "not_saved", "")                                                                  \
    X(MISS_QUESTION, "miss.question", "said")                                                      \
    X(MISS_QUESTION_AGAIN, "miss.question_again", "")                                              \
    X(MISS, "miss", "said")                                                                        \
    X(MISS_AGAIN, "miss.again", "")                                                                \
    X(MISS_MANY, "miss.many", "n")                                                                 \
    X(ASK_VAGUE, "ask.vague", "")                                                                  \
    X(MEANT_START, "meant.start", "")                                                              \
    X(MEANT_RESUME, "meant.resume", "")                                                            \
    X(MEANT_RESTART, "meant.restart", "")                                                          \
    X(MEANT_BACK, "meant.back", "")                                                                \
    X(MEANT_SKIP, "meant.skip", "")                                                                \
    X(MEANT_PAUSE, "meant.pause", "")                                                              \
    X(MEANT_PROGRESS, "meant.progress", "")                                                        \
    X(MEANT_EXPLAIN, "meant.explain", "")                                                          \
    X(MEANT_ROLE_LIST, "meant.role_list", "")                                                      \
    X(MEANT_ROLE, "meant.role", "name")                                                            \
    X(MEANT_TKS, "meant.tks", "name")                                                              \
    X(MEANT_TERM, "meant.term", "name")                                                            \
    X(MEANT_SOURCE, "meant.source", "")                                                            \
    X(MEANT_RESULT, "meant.result", "")                                                            \
    X(MEANT_SELF_ASSESS, "meant.self_assess", "")                                                  \
    X(MEANT_SET_TARGET, "meant.set_target", "")                                                    \
    X(MEANT_GAP, "meant.gap", "")                                                                  \
    X(MEANT_PLAN, "meant.plan", "")                                                                \
    X(MEANT_PLAN_DONE, "meant.plan_done", "")                                                      \
    X(MEANT_RESOURCE, "meant.resource", "")                                                        \
    X(MEANT_SNOOZE, "meant.snooze", "")                                                            \
    X(MEANT_NUDGE_OFF, "meant.nudge_off", "")                                                      \
    X(MEANT_NUDGE_ON, "meant.nudge_on", "")                                                        \
    X(MEANT_NUDGE_SETTINGS, "meant.nudge_settings", "")                                            \
    X(MEANT_QUIZ, "meant.quiz", "")                                                                \
    X(MEANT_QUIZ_EXPLAIN, "meant.quiz_explain", "")                                                \
    X(MEANT_DIGEST, "meant.digest", "")                                                            \
    X(MEANT_PREVIEW, "meant.preview", "")                                                          \
    X(MEANT_IMPORT, "meant.import", "")                                                            \
    X(MEANT_PRIVACY, "meant.privacy", "")                                                          \
    X(MEANT_EXPORT, "meant.export", "")                                                            \
    X(MEANT_DELETE, "meant.delete", "")                                                            \
    X(MEANT_LANGUAGE, "meant.language", "")                                                        \
    X(MEANT_HELP, "meant.help", "")                                                                \
    X(MEANT_HUMAN, "meant.human", "")                                                              \
    X(MEANT_INCIDENT, "meant.incident", "")                                                        \
    X(MEANT_INCIDENT_HOWTO, "meant.incident_howto", "")                                            \
    X(MEANT_INCIDENT_STATUS, "meant.incident_status", "")                                          \
    X(MEANT_INCIDENT_WITHDRAW, "meant.incident_withdraw", "")                                      \
    X(MEANT_RETURN, "meant.return", "")                                                            \
    X(MEANT_OTHER, "meant.other", "")                                                              \
    X(MEANT_WHICH, "meant.which", "")                                                              \
    X(MEANT_ASK, "meant.ask", "said")                                                              \
    X(MEANT_ASK_ONE, "meant.ask_one", "said")                                                      \
    X(MENU_NUMBER, "menu.number", "number")                                                        \
    X(MENU_RETURN, "menu.return", "")                                                              \
    X(OTHER, "other", "name")                                                                      \
    X(SOURCE, "source", "citation notice disclaimer")                                              \
    X(LINK_CODE, "link.code", "code")                                                              \
    X(LINK_PLACES, "link.places", "count")                                                         \
    X(LINK_JOINED, "link.joined", "count")                                                         \
    X(LINK_LEFT, "link.left", "")                                                                  \
    X(LINK_ASK, "link.ask", "")                                                                    \
    X(LINK_YES, "link.yes", "")                                                                    \
    X(LINK_NO, "link.no", "")                                                                      \
    X(LINK_NOT_DONE, "link.not_done", "")                                                          \
    X(LINK_RESULT, "link.result", "persona")                                                       \
    X(LINK_OWN, "link.own", "")                                                                    \
    X(LINK_REFUSED, "link.refused", "")                                                            \
    X(LINK_LATER, "link.later", "")                                                                \
    X(LINK_SHAPE, "link.shape", "")                                                                \
    X(LINK_NOT_LINKED, "link.not_linked", "")                                                      \
    X(UNLINK, "unlink", "")                                                                        \
    X(UNLINK_YES, "unlink.yes", "")                                                                \
    X(UNLINK_NO, "unlink.no", "")                                                                  \
    X(UNLINK_DONE, "unlink.done", "")                                                              \
    X(UNLINK_KEPT, "unlink.kept", "")                                                              \
    X(PRIVACY, "privacy", "")                                                                      \
    X(PRIVACY_SITE, "privacy.site", "text")                                                        \
    X(PRIVACY_NO_SITE, "privacy.no_site", "")                                                      \
    X(INCIDENT, "incident", "")                                                                    \
    X(INCIDENT_HOWTO, "incident.howto", "")                                                        \
    X(INCIDENT_REPORT, "incident.report", "")                                                      \
    X(INCIDENT_STEPS, "incident.steps", "")                                                        \
    X(INCIDENT_STEPS_PHISHING_CLICK, "incident.steps.phishing_click", "")                          \
    X(INCIDENT_STEPS_CREDENTIAL_ENTERED, "incident.steps.credential_entered", "")                  \
    X(INCIDENT_STEPS_LOST_DEVICE, "incident.steps.lost_device", "")                                \
    X(INCIDENT_STEPS_RANSOMWARE, "incident.steps.ransomware", "")                                  \
    X(INCIDENT_STEPS_MALWARE, "incident.steps.malware", "")                                        \
    X(INCIDENT_STEPS_UNAUTHORIZED_ACCESS, "incident.steps.unauthorized_access", "")                \
    X(INCIDENT_STEPS_MISDIRECTED_EMAIL, "incident.steps.misdirected_email", "")                    \
    X(INCIDENT_STEPS_BEC, "incident.steps.bec", "")                                                \
    X(INCIDENT_STEPS_AI_DATA_LEAK, "incident.steps.ai_data_leak", "")                              \
    X(INCIDENT_STEPS_DATA_EXPOSURE, "incident.steps.data_exposure", "")                            \
    X(INCIDENT_STEPS_SUSPICIOUS_MAIL, "incident.steps.suspicious_mail", "")                        \
    X(INCIDENT_CONTACT, "incident.contact", "contact")                                             \
    X(INCIDENT_NO_CONTACT, "incident.no_contact", "")                                              \
    X(INCIDENT_TELL, "incident.tell", "")                                                          \
    X(INCIDENT_COPY, "incident.copy", "")                                                          \
    X(INCIDENT_FOOT, "incident.foot", "")                                                          \
    X(SHEET_INCIDENT, "sheet.incident", "")                                                        \
    X(SHEET_INCIDENT_FIRST, "sheet.incident_first", "contact")                                     \
    X(SHEET_INCIDENT_FIRST_ANYONE, "sheet.incident_first_anyone", "")                              \
    X(SHEET_INCIDENT_INTRO, "sheet.incident_intro", "")                                            \
    X(SHEET_INCIDENT_SUBMIT, "sheet.incident_submit", "")                                          \
    X(SHEET_CANCEL, "sheet.cancel", "")                                                            \
    X(SHEET_WHAT, "sheet.what", "")                                                                \
    X(SHEET_WHAT_LINK, "sheet.what_link", "")                                                      \
    X(SHEET_WHAT_PASSWORD, "sheet.what_password", "")                                              \
    X(SHEET_WHAT_LOST, "sheet.what_lost", "")                                                      \
    X(SHEET_WHAT_LEAK, "sheet.what_leak", "")                                                      \
    X(SHEET_WHAT_ODD, "sheet.what_odd", "")                                                        \
    X(SHEET_WHAT_OTHER, "sheet.what_other", "")                                                    \
    X(SHEET_WHEN, "sheet.when", "")                                                                \
    X(SHEET_WHEN_HINT, "sheet.when_hint", "")                                                      \
    X(SHEET_DETAILS, "sheet.details", "")                                                          \
    X(SHEET_DETAILS_HINT, "sheet.details_hint", "")                                                \
    X(SHEET_DETAILS_MISSING, "sheet.details_missing", "")                                          \
    X(SHEET_REACH, "sheet.reach", "")                                                              \
    X(SHEET_REACH_HINT, "sheet.reach_hint", "")                                                    \
    X(REPORT_HEAD, "report.head", "")                                                              \
    X(REPORT_WHAT, "report.what", "what")                                                          \
    X(REPORT_WHEN, "report.when", "when")                                                          \
    X(REPORT_DETAILS, "report.details", "details")                                                 \
    X(REPORT_REACH, "report.reach", "reach")                                                       \
    X(ASK_BEGIN, "ask.begin", "total")                                                             \
    X(ASK_BEGIN_AGAIN, "ask.begin_again", "persona")                                               \
    X(ASK_HEAD, "ask.head", "place total text")                                                    \
    X(HOME_PERSONA, "home.persona", "persona")                                                     \
    X(HOME_OWN, "home.own", "")                                                                    \
    X(HOME_PERSONA_SOURCE, "home.persona_source", "persona")                                       \
    X(HOME_PERSONA_GONE, "home.persona_gone", "")                                                  \
    X(HOME_NO_PERSONA, "home.no_persona", "")                                                      \
    X(SHEET_LOADING_TITLE, "sheet.loading_title", "")                                              \
    X(SHEET_LOADING, "sheet.loading", "")                                                          \
    X(HOME_ASKING, "home.asking", "total done")                                                    \
    X(HOME_PARKED, "home.parked", "total done")                                                    \
    X(HOME_REVIEW, "home.review", "total")                                                         \
    X(HOME_DONE, "home.done", "")                                                                  \
    X(HOME_GAPS, "home.gaps", "")                                                                  \
    X(HOME_NEXT_START, "home.next_start", "total")                                                 \
    X(HOME_NEXT_RESUME, "home.next_resume", "")                                                    \
    X(HOME_NEXT_REVIEW, "home.next_review", "")                                                    \
    X(HOME_NEXT_RESULT, "home.next_result", "")                                                    \
    X(HOME_NEXT_PICK, "home.next_pick", "")                                                        \
    X(HOME_URGENT, "home.urgent", "contact")                                                       \
    X(HOME_URGENT_ANYONE, "home.urgent_anyone", "")                                                \
    X(HOME_FOOT, "home.foot", "")                                                                  \
    X(ASK_SETTLED, "ask.settled", "answer")                                                        \
    X(WORD_BACK, "word.back", "")                                                                  \
    X(WORD_SKIP, "word.skip", "")                                                                  \
    X(WORD_PAUSE, "word.pause", "")                                                                \
    X(WORD_CLOSE, "word.close", "")                                                                \
    X(WORD_START, "word.start", "")                                                                \
    X(WORD_RESUME, "word.resume", "")                                                              \
    X(WORD_RESULT, "word.result", "")                                                              \
    X(WORD_CHANGE_RESULT, "word.change_result", "")                                                \
    X(WORD_HELP, "word.help", "")                                                                  \
    X(WORD_HUMAN, "word.human", "")                                                                \
    X(WORD_OTHER_LANGUAGE, "word.other_language", "")                                              \
    X(WORD_SETTINGS, "word.settings", "")                                                          \
    X(WORD_REPORT, "word.report", "")                                                              \
    X(ASK_HOW_SINGLE, "ask.how_single", "")                                                        \
    X(ASK_HOW_MULTI, "ask.how_multi", "")                                                          \
    X(ASK_TICKED, "ask.ticked", "numbers first other")                                             \
    X(ASK_TICKED_SINGLE, "ask.ticked_single", "numbers first other")                               \
    X(ASK_RETURN, "ask.return", "")                                                                \
    X(ASK_CHOSEN, "ask.chosen", "labels")                                                          \
    X(ASK_UNSURE, "ask.unsure", "")                                                                \
    X(ASK_SKIPPED, "ask.skipped", "place")                                                         \
    X(ASK_EARLIER, "ask.earlier", "answer")                                                        \
    X(ASK_NO_ANSWERS, "ask.no_answers", "")                                                        \
    X(ASK_KEPT, "ask.kept", "")                                                                    \
    X(ASK_DROPPED, "ask.dropped", "titles")                                                        \
    X(ASK_AGAIN, "ask.again", "titles")                                                            \
    X(ASK_HINT, "ask.hint", "example")                                                             \
    X(ASK_WHY, "ask.why", "why")                                                                   \
    X(ASK_EXAMPLE, "ask.example", "example")                                                       \
    X(ASK_RANGE, "ask.range", "number min max")                                                    \
    X(ASK_EITHER, "ask.either", "labels")                                                          \
    X(ASK_EITHER_MULTI, "ask.either_multi", "labels numbers")                                      \
    X(ASK_SEVERAL, "ask.several", "labels")                                                        \
    X(ASK_CONFLICT, "ask.conflict", "label")                                                       \
    X(ASK_PARTLY, "ask.partly", "labels")                                                          \
    X(ASK_YES_WHICH, "ask.yes_which", "")                                                          \
    X(ASK_FIRST, "ask.first", "")                                                                  \
    X(ASK_EDIT, "ask.edit", "place title")                                                         \
    X(ASK_CANNOT_EDIT, "ask.cannot_edit", "place total")                                           \
    X(ASK_NOT_TICKED, "ask.not_ticked", "labels")                                                  \
    X(ASK_UNTICKED, "ask.unticked", "labels")                                                      \
    X(ASK_ADDED, "ask.added", "labels")                                                            \
    X(ASK_NOTHING_CHOSEN, "ask.nothing_chosen", "")                                                \
    X(ASK_OLD, "ask.old", "")                                                                      \
    X(ASK_PAUSED, "ask.paused", "done total")                                                      \
    X(ASK_RESUMED, "ask.resumed", "")                                                              \
    X(ASK_NOTHING_OPEN, "ask.nothing_open", "")                                                    \
    X(ASK_WRONG, "ask.wrong", "")                                                                  \
    X(ASK_WRONG_SINGLE, "ask.wrong_single", "")                                                    \
    X(ASK_NEITHER, "ask.neither", "")                                                              \
    X(ASK_PARKED, "ask.parked", "done total")                                                      \
    X(ASK_ALREADY_OPEN, "ask.already_open", "")                                                    \
    X(ASK_PROGRESS, "ask.progress", "done total left")                                             \
    X(ASK_RESTART, "ask.restart", "done")                                                          \
    X(ASK_RESTART_YES, "ask.restart_yes", "")                                                      \
    X(ASK_RESTART_NO, "ask.restart_no", "")                                                        \
    X(ASK_RESTARTED, "ask.restarted", "")                                                          \
    X(REVIEW_HEAD, "review.head", "")                                                              \
    X(REVIEW_SO_FAR, "review.so_far", "")                                                          \
    X(REVIEW_LINE, "review.line", "place title answer")                                            \
    X(REVIEW_FOOT, "review.foot", "")                                                              \
    X(REVIEW_DONE, "review.done", "")                                                              \
    X(REVIEW_EDIT, "review.edit", "")                                                              \
    X(REVIEW_RESTART, "review.restart", "")                                                        \
    X(REVIEW_COMPLETE, "review.complete", "")                                                      \
    X(REVIEW_QUESTION, "review.question", "")                                                      \
    X(REVIEW_ANSWER, "review.answer", "")                                                          \
    X(REVIEW_WHICH, "review.which", "")                                                            \
    X(ANSWER_UNSURE, "answer.unsure", "")                                                          \
    X(ANSWER_SKIPPED, "answer.skipped", "")                                                        \
    X(RESULT_NEAREST, "result.nearest", "persona")                                                 \
    X(RESULT_CHOSEN, "result.chosen", "persona")                                                   \
    X(RESULT_SECOND, "result.second", "personas")                                                  \
    X(RESULT_TIED, "result.tied", "personas first")                                                \
    X(RESULT_UNDECIDED, "result.undecided", "")                                                    \
    X(RESULT_OPTION, "result.option", "persona summary")                                           \
    X(RESULT_DECIDED, "result.decided", "labels")                                                  \
    X(RESULT_IF_ALSO, "result.if_also", "labels persona")                                          \
    X(RESULT_IF_NOT, "result.if_not", "labels persona")                                            \
    X(RESULT_CLOSER, "result.closer", "labels persona")                                            \
    X(RESULT_FIRM, "result.firm", "")                                                              \
    X(RESULT_ROLES, "result.roles", "roles")                                                       \
    X(RESULT_ROLES_INFERRED, "result.roles_inferred", "roles")                                     \
    X(RESULT_NO_ROLES, "result.no_roles", "")                                                      \
    X(RESULT_KIND, "result.kind", "kind labels count")                                             \
    X(RESULT_KIND_OURS, "result.kind_ours", "")                                                    \
    X(RESULT_AROUND, "result.around", "")                                                          \
    X(RESULT_AROUND_LINE, "result.around_line", "persona what")                                    \
    X(RESULT_NEXT, "result.next", "persona tks")                                                   \
    X(RESULT_OWN, "result.own", "persona")                                                         \
    X(RESULT_LAST, "result.last", "persona")                                                       \
    X(RESULT_WRONG, "result.wrong", "")                                                            \
    X(RESULT_LEFT, "result.left", "")                                                              \
    X(RESULT_NOT_YET, "result.not_yet", "")                                                        \
    X(RESULT_NONE, "result.none", "")                                                              \
    X(RESULT_PICK, "result.pick", "")                                                              \
    X(RESULT_GONE, "result.gone", "")                                                              \
    X(SCORES_HEAD, "scores.head", "")                                                              \
    X(SCORES_LINE, "scores.line", "persona points")                                                \
    X(SCORES_FOOT, "scores.foot", "")                                                              \
    X(SCORES_CHART, "scores.chart", "")                                                            \
    X(SCORES_NONE, "scores.none", "")                                                              \
    X(KIND_TASK, "kind.task", "")                                                                  \
    X(KIND_KNOWLEDGE, "kind.knowledge", "")                                                        \
    X(KIND_SKILL, "kind.skill", "")                                                                \
    X(ONE_TASK, "one.task", "")                                                                    \
    X(ONE_KNOWLEDGE, "one.knowledge", "")                                                          \
    X(ONE_SKILL, "one.skill", "")                                                                  \
    X(INFERRED, "inferred", "")                                                                    \
    X(ROLES_HEAD, "roles.head", "")                                                                \
    X(ROLES_FOOT, "roles.foot", "")                                                                \
    X(ROLE_NAME, "role.name", "mark name other")                                                   \
    X(ROLE_GLOSS, "role.gloss", "gloss")                                                           \
    X(ROLE_REFERENCES, "role.references", "")                                                      \
    X(ROLE_REFERENCE, "role.reference", "framework names")                                         \
    X(ROLE_NO_REFERENCE, "role.no_reference", "")                                                  \
    X(ROLE_PERSONAS, "role.personas", "personas")                                                  \
    X(ROLE_NO_PERSONAS, "role.no_personas", "")                                                    \
    X(ROLE_ABSENT, "role.absent", "")                                                              \
    X(ROLE_NEXT, "role.next", "number name")                                                       \
    X(ROLE_TKS_ABSENT, "role.tks_absent", "mark name what")                                        \
    X(ROLE_TKS_SOURCE, "role.tks_source", "count")                                                 \
    X(ROLE_TKS_INFERRED, "role.tks_inferred", "count")                                             \
    X(ROLE_TKS_NONE, "role.tks_none", "")                                                          \
    X(ROLE_UNKNOWN, "role.unknown", "number")                                                      \
    X(ALL_KINDS, "all_kinds", "")                                                                  \
    X(TKS_CARD, "tks.card", "id kind name other label")                                            \
    X(TKS_HINT, "tks.hint", "hint")                                                                \
    X(TKS_THEME, "tks.theme", "theme")                                                             \
    X(TKS_PERSONAS, "tks.personas", "personas")                                                    \
    X(TKS_ROLES, "tks.roles", "roles")                                                             \
    X(TKS_NO_ROLES, "tks.no_roles", "")                                                            \
    X(TKS_SAME, "tks.same", "ids")                                                                 \
    X(TKS_LEVELS, "tks.levels", "")                                                                \
    X(TKS_LINE, "tks.line", "id label")                                                            \
    X(TKS_LIST, "tks.list", "kind count from to")                                                  \
    X(TKS_SEARCH, "tks.search", "said count from to")                                              \
    X(TKS_FOOT, "tks.foot", "id")                                                                  \
    X(TKS_UNKNOWN, "tks.unknown", "id")                                                            \
    X(LIST_MORE, "list.more", "left")                                                              \
    X(LIST_MORE_DIRECT, "list.more_direct", "left")                                                \
    X(MORE_NOTHING, "more.nothing", "")                                                            \
    X(PERSONAS_HEAD, "personas.head", "")                                                          \
    X(PERSONAS_LINE, "personas.line", "name summary")                                              \
    X(PERSONAS_FOOT, "personas.foot", "")                                                          \
    X(PERSONA_NAME, "persona.name", "name other")                                                  \
    X(PERSONA_TKS, "persona.tks", "name kind count")                                               \
    X(PERSONA_TKS_OURS, "persona.tks_ours", "name kind count")                                     \
    X(PERSONA_TKS_NONE, "persona.tks_none", "name kind")                                           \
    X(PERSONA_EXTRA, "persona.extra", "")                                                          \
    X(PERSONA_NEXT, "persona.next", "name")                                                        \
    X(TERM, "term", "name other definition")                                                       \
    X(TERM_TKS, "term.tks", "ids")                                                                 \
    X(TERM_OURS, "term.ours", "")                                                                  \
    X(TERMS_HEAD, "terms.head", "")                                                                \
    X(TERMS_FOOT, "terms.foot", "")                                                                \
    X(LINKS_HEAD, "links.head", "")                                                                \
    X(LINKS_NO_URL, "links.no_url", "")                                                            \
    X(LINKS_LINE, "links.line", "name url note")                                                   \
    X(RESOURCE_EXAM, "resource.exam", "")                                                          \
    X(RESOURCE_COURSE, "resource.course", "")                                                      \
    X(RESOURCE_EXERCISE, "resource.exercise", "")                                                  \
    X(RESOURCE_DOCUMENT, "resource.document", "")                                                  \
    X(RESOURCE_VIDEO, "resource.video", "")                                                        \
    X(RESOURCE_AND, "resource.and", "")                                                            \
    X(RESOURCE_TOPIC, "resource.topic", "said")                                                    \
    X(RESOURCE_WITHIN, "resource.within", "minutes")                                               \
    X(RESOURCE_HEAD, "resource.head", "what count")                                                \
    X(RESOURCE_OTHER_KINDS, "resource.other_kinds", "what")                                        \
    X(RESOURCE_KIND_ONLY, "resource.kind_only", "what kind")                                       \
    X(RESOURCE_NONE, "resource.none", "what")                                                      \
    X(RESOURCE_ALL, "resource.all", "count")                                                       \
    X(RESOURCE_TYPE, "resource.type", "type names")                                                \
    X(RESOURCE_NAME, "resource.name", "name type provider")                                        \
    X(RESOURCE_NAME_ONLY, "resource.name_only", "name type")                                       \
    X(RESOURCE_SUMMARY, "resource.summary", "summary")                                             \
    X(RESOURCE_WHY, "resource.why", "why")                                                         \
    X(RESOURCE_WHY_WORDS, "resource.why_words", "")                                                \
    X(RESOURCE_FOR, "resource.for", "persona")                                                     \
    X(RESOURCE_OURS, "resource.ours", "")                                                          \
    X(RESOURCE_MINUTES, "resource.minutes", "minutes")                                             \
    X(RESOURCE_MINUTES_UNKNOWN, "resource.minutes_unknown", "")                                    \
    X(RESOURCE_URL, "resource.url", "url")                                                         \
    X(RESOURCE_URL_OURS, "resource.url_ours", "url")                                               \
    X(RESOURCE_REST, "resource.rest", "names")                                                     \
    X(RESOURCE_TIME_UNKNOWN, "resource.time_unknown", "")                                          \
    X(RESOURCE_TIME_UNSURE, "resource.time_unsure", "minutes")                                     \
    X(RESOURCE_FEES, "resource.fees", "")                                                          \
    X(RESOURCE_NARROW, "resource.narrow", "commands")                                              \
    X(RESOURCE_NARROW_KIND, "resource.narrow_kind", "topic kind")                                  \
    X(RESOURCE_NARROW_TOPIC, "resource.narrow_topic", "kind")                                      \
    X(RESOURCE_HOW, "resource.how", "")                                                            \
    X(READERS_HEAD, "readers.head", "")                                                            \
    X(READERS_FOOT, "readers.foot", "")                                                            \
    X(NAMED_TOPIC, "named.topic", "name")                                                          \
    X(NAMED_ROLE, "named.role", "name")                                                            \
    X(NAMED_PERSONA, "named.persona", "name")                                                      \
    X(NAMED_TERM, "named.term", "name")                                                            \
    X(NAMED_ONLY, "named.only", "said")                                                            \
    X(SEARCH_HOW, "search.how", "")                                                                \
    X(UNKNOWN, "unknown", "said")                                                                  \
    X(TARGET_SET, "target.set", "id name level")                                                   \
    X(TARGET_BEFORE, "target.before", "level")                                                     \
    X(TARGET_FOOT, "target.foot", "id")                                                            \
    X(TARGET_BACK, "target.back", "id name")                                                       \
    X(TARGET_NOT_SET, "target.not_set", "id name")                                                 \
    X(TARGET_WHICH, "target.which", "")                                                            \
    X(TARGET_UNKNOWN, "target.unknown", "id")                                                      \
    X(TARGET_ONE_BY_ONE, "target.one_by_one", "")                                                  \
    X(TARGET_HOW_MUCH, "target.how_much", "id name")                                               \
    X(TARGET_RANGE, "target.range", "id name")                                                     \
    X(TARGET_LEVEL, "target.level", "level name")                                                  \
    X(TKS_TARGET, "tks.target", "level")                                                           \
    X(WISH_SNOOZE, "wish.snooze", "")                                                              \
    X(WISH_NUDGE_OFF, "wish.nudge_off", "")                                                        \
    X(WISH_NUDGE_ON, "wish.nudge_on", "")                                                          \
    X(WISH_NUDGE_SETTINGS, "wish.nudge_settings", "")                                              \
    X(WISH_QUIZ, "wish.quiz", "")                                                                  \
    X(WISH_QUIZ_EXPLAIN, "wish.quiz_explain", "")                                                  \
    X(WISH_DIGEST, "wish.digest", "")                                                              \
    X(WISH_PREVIEW, "wish.preview", "")                                                            \
    X(WISH_IMPORT, "wish.import", "")                                                              \
    X(WISH_EXPORT, "wish.export", "")                                                              \
    X(WISH_DELETE, "wish.delete", "")                                                              \
    X(WISH_HUMAN, "wish.human", "contact")                                                         \
    X(WISH_HUMAN_NONE, "wish.human_none", "")                                                      \
    X(HANDOFF_OFFER, "handoff.offer", "")                                                          \
    X(HANDOFF_YES, "handoff.yes", "")                                                              \
    X(HANDOFF_NO, "handoff.no", "")                                                                \
    X(HANDOFF_WRITE, "handoff.write", "max")                                                       \
    X(HANDOFF_LONG, "handoff.long", "count max")                                                   \
    X(HANDOFF_CHECK, "handoff.check", "said")                                                      \
    X(HANDOFF_SEND, "handoff.send", "")                                                            \
    X(HANDOFF_REWRITE, "handoff.rewrite", "")                                                      \
    X(HANDOFF_STOP, "handoff.stop", "")                                                            \
    X(HANDOFF_SENT, "handoff.sent", "")                                                            \
    X(HANDOFF_LEFT, "handoff.left", "")                                                            \
    X(HANDOFF_GONE, "handoff.gone", "")                                                            \
    X(HANDOFF_NONE, "handoff.none", "")                                                            \
    X(HANDOFF_DESK, "handoff.desk", "said")                                                        \
    X(WISH_INCIDENT_STATUS, "wish.incident_status", "")                                            \
    X(WISH_INCIDENT_WITHDRAW, "wish.incident_withdraw", "")                                        \
    X(ASSESS_LEVEL, "assess.level", "name behaviour")                                              \
    X(ASSESS_QUESTION, "assess.question", "id name hint")                                          \
    X(ASSESS_WHY, "assess.why", "persona level name")                                              \
    X(ASSESS_HOW, "assess.how", "")                                                                \
    X(ASSESS_EARLIER, "assess.earlier", "level")                                                   \
    X(ASSESS_UNSURE, "assess.unsure", "")                                                          \
    X(ASSESS_OFFER, "assess.offer", "persona")                                                     \
    X(ASSESS_QUICK, "assess.quick", "n minutes")                                                   \
    X(ASSESS_FULL, "assess.full", "n minutes")                                                     \
    X(ASSESS_OPEN, "assess.open", "n minutes")                                                     \
    X(ASSESS_NO_PERSONA, "assess.no_persona", "")                                                  \
    X(ASSESS_LEFT, "assess.left", "")                                                              \
    X(ASSESS_BEGIN, "assess.begin", "")                                                            \
    X(ASSESS_GAVE_WAY, "assess.gave_way", "done total")                                            \
    X(ASK_GAVE_WAY, "ask.gave_way", "done total")                                                  \
    X(ASSESS_REVIEW_DONE, "assess.review_done", "")                                                \
    X(ASSESS_DONE, "assess.done", "")                                                              \
    X(ASSESS_BACK_TO_QUESTIONS, "assess.back_to_questions", "")                                    \
    X(GAP_NONE, "gap.none", "")                                                                    \
    X(GAP_HEAD, "gap.head", "persona")                                                             \
    X(GAP_LINE, "gap.line", "place id label current required")                                     \
    X(GAP_REQUIRED, "gap.required", "level")                                                       \
    X(GAP_REQUIRED_OWN, "gap.required_own", "level")                                               \
    X(GAP_REASON, "gap.reason", "reason")                                                          \
    X(GAP_BECAUSE_WHO, "gap.because_who", "who")                                                   \
    X(GAP_BECAUSE_INCIDENT, "gap.because_incident", "")                                            \
    X(GAP_BECAUSE_BASE, "gap.because_base", "")                                                    \
    X(GAP_BECAUSE_STEPS, "gap.because_steps", "n")                                                 \
    X(GAP_NOTHING, "gap.nothing", "")                                                              \
    X(GAP_MORE, "gap.more", "n")                                                                   \
    X(GAP_STRENGTHS, "gap.strengths", "labels count")                                              \
    X(GAP_UNSURE, "gap.unsure", "labels count")                                                    \
    X(GAP_UNANSWERED, "gap.unanswered", "labels count")                                            \
    X(GAP_OLD, "gap.old", "days")                                                                  \
    X(GAP_FOOT, "gap.foot", "")                                                                    \
    X(GAP_ALL_HEAD, "gap.all_head", "")                                                            \
    X(GAP_THEME, "gap.theme", "theme")                                                             \
    X(GAP_ITEM, "gap.item", "id label current required who gap")                                   \
    X(GAP_ITEM_SHORT, "gap.item_short", "id label current required who gap")                       \
    X(GAP_OPEN, "gap.open", "")                                                                    \
    X(GAP_ROLES, "gap.roles", "")                                                                  \
    X(GAP_ROLE, "gap.role", "mark name n gaps")                                                    \
    X(GAP_ALL_FOOT, "gap.all_foot", "")                                                            \
    X(WHO_UNKNOWN, "who.unknown", "")                                                              \
    X(WHO_HEAD, "who.head", "persona")                                                             \
    X(WHO_ITEM, "who.item", "id label who level")                                                  \
    X(WHO_ITEM_OWN, "who.item_own", "id label who level")                                          \
    X(WHO_FOOT, "who.foot", "names")                                                               \
    X(WHO_SET, "who.set", "id label who level")                                                    \
    X(WHO_BACK, "who.back", "id label who level")                                                  \
    X(WHO_NOT_MINE, "who.not_mine", "id")                                                          \
    X(WORD_PLAN, "word.plan", "")                                                                  \
    X(WORD_GAP_ALL, "word.gap_all", "")                                                            \
    X(DRAWING_GAP, "drawing.gap", "persona")                                                       \
    X(DRAWING_GROWTH, "drawing.growth", "persona")                                                 \
    X(DRAWING_NOW, "drawing.now", "")                                                              \
    X(DRAWING_GOAL, "drawing.goal", "")                                                            \
    X(DRAWING_FIRST, "drawing.first", "")                                                          \
    X(DRAWING_AND, "drawing.and", "")                                                              \
    X(DRAWING_BAR, "drawing.bar", "label current required before")                                 \
    X(DRAWING_GREW, "drawing.grew", "label current required before")                               \
    X(DRAWING_ALT, "drawing.alt", "title bars")                                                    \
    X(GROWTH_NONE, "growth.none", "")                                                              \
    X(GROWTH_HEAD, "growth.head", "date")                                                          \
    X(GROWTH_UP, "growth.up", "id label first level")                                              \
    X(GROWTH_DOWN, "growth.down", "id label first level")                                          \
    X(GROWTH_SAME, "growth.same", "count")                                                         \
    X(GROWTH_STEPS, "growth.steps", "done open")                                                   \
    X(GROWTH_REACHED, "growth.reached", "reached total")                                           \
    X(GROWTH_FOOT, "growth.foot", "")                                                              \
    X(DATE, "date", "month day weekday")                                                           \
    X(MONTH_1, "month.1", "")                                                                      \
    X(MONTH_2, "month.2", "")                                                                      \
    X(MONTH_3, "month.3", "")                                                                      \
    X(MONTH_4, "month.4", "")                                                                      \
    X(MONTH_5, "month.5", "")                                                                      \
    X(MONTH_6, "month.6", "")                                                                      \
    X(MONTH_7, "month.7", "")                                                                      \
    X(MONTH_8, "month.8", "")                                                                      \
    X(MONTH_9, "month.9", "")                                                                      \
    X(MONTH_10, "month.10", "")                                                                    \
    X(MONTH_11, "month.11", "")                                                                    \
    X(MONTH_12, "month.12", "")                                                                    \
    X(DAY_SUN, "day.sun", "")                                                                      \
    X(DAY_MON, "day.mon", "")                                                                      \
    X(DAY_TUE, "day.tue", "")                                                                      \
    X(DAY_WED, "day.wed", "")                                                                      \
    X(DAY_THU, "day.thu", "")                                                                      \
    X(DAY_FRI, "day.fri", "")                                                                      \
    X(DAY_SAT, "day.sat", "")                                                                      \
    X(GAP_ITEM_OPEN, "gap.item_open", "id label current required who gap")                         \
    X(PLAN_HEAD, "plan.head", "minutes")                                                           \
    X(PLAN_STEP, "plan.step", "number id label level date")                                        \
    X(PLAN_STEP_DONE, "plan.step_done", "number id label")                                         \
    X(PLAN_RESOURCE_FROM, "plan.resource_from", "name provider")                                   \
    X(PLAN_RESOURCE, "plan.resource", "name provider")                                             \
    X(PLAN_URL, "plan.url", "url")                                                                 \
    X(PLAN_URL_OURS, "plan.url_ours", "url")                                                       \
    X(PLAN_FIRST, "plan.first", "step")                                                            \
    X(PLAN_RETIRED, "plan.retired", "")                                                            \
    X(PLAN_FOOT, "plan.foot", "")                                                                  \
    X(PLAN_FOOT_EXPORT, "plan.foot_export", "")                                                    \
    X(PLAN_PACE_WHICH, "plan.pace_which", "")                                                      \
    X(PLAN_PACE, "plan.pace", "minutes")                                                           \
    X(PLAN_PACE_SET, "plan.pace_set", "minutes")                                                   \
    X(PLAN_NO_GAPS, "plan.no_gaps", "")                                                            \
    X(PLAN_MADE, "plan.made", "n")                                                                 \
    X(PLAN_SAME, "plan.same", "n")                                                                 \
    X(PLAN_DONE, "plan.done", "label")                                                             \
    X(PLAN_DONE_ALREADY, "plan.done_already", "label")                                             \
    X(PLAN_OPEN_ALREADY, "plan.open_already", "label")                                             \
    X(PLAN_DONE_NONE, "plan.done_none", "")                                                        \
    X(PLAN_LEVEL_UP, "plan.level_up", "label level")                                               \
    X(PLAN_LEVEL_YES, "plan.level_yes", "")                                                        \
    X(PLAN_LEVEL_NO, "plan.level_no", "")                                                          \
    X(PLAN_LEVEL_SET, "plan.level_set", "label level")                                             \
    X(PLAN_LEVEL_KEPT, "plan.level_kept", "")                                                      \
    X(PLAN_NEXT, "plan.next", "")                                                                  \
    X(PLAN_ALL_DONE, "plan.all_done", "")                                                          \
    X(PLAN_UNDONE, "plan.undone", "label")                                                         \
    X(PLAN_NO_OTHER, "plan.no_other", "label")                                                     \
    X(PLAN_SWAPPED, "plan.swapped", "")                                                            \
    X(PLAN_PUT_OFF, "plan.put_off", "label date")                                                  \
    X(PLAN_UNKNOWN, "plan.unknown", "")                                                            \
    X(PLAN_WHICH, "plan.which", "")                                                                \
    X(PLAN_WHICH_LINE, "plan.which_line", "number label")                                          \
    X(PLAN_FILE, "plan.file", "name")                                                              \
    X(PLAN_FILE_TITLE, "plan.file_title", "")                                                      \
    X(PLAN_FILE_SUMMARY, "plan.file_summary", "id label")                                          \
    X(PLAN_FILE_BODY, "plan.file_body", "level resource step source")                              \
    X(PLAN_LATER, "plan.later", "")                                                                \
    X(HOME_GAPS_HEAD, "home.gaps_head", "")                                                        \
    X(HOME_GAPS_LINE, "home.gaps_line", "id label current required")                               \
    X(HOME_GAPS_NONE, "home.gaps_none", "")                                                        \
    X(HOME_PLAN, "home.plan", "open date")                                                         \
    X(WORD_ASSESS, "word.assess", "")                                                              \
    X(WORD_GAP, "word.gap", "")                                                                    \
    X(NICE_HEAD, "nice.head", "roles tasks knowledge skills")                                      \
    X(NICE_NONE, "nice.none", "")                                                                  \
    X(NICE_WORK_ROLE, "nice.work_role", "")                                                        \
    X(NICE_LINE, "nice.line", "id text")                                                           \
    X(NICE_CARD, "nice.card", "id kind title text")                                                \
    X(NICE_STATEMENT, "nice.statement", "id kind text")                                            \
    X(NICE_ROLES, "nice.roles", "roles")                                                           \
    X(NICE_HITS, "nice.hits", "")                                                                  \
    X(NICE_SOURCE, "nice.source", "name version day")                                              \
    X(SHEET_HEAD, "sheet.head", "mark name kind count")                                            \
    X(SHEET_LINE, "sheet.line", "text")                                                            \
    X(SHEET_HITS, "sheet.hits", "")                                                                \
    X(SHEET_ROLE, "sheet.role", "tasks knowledge skills")                                          \
    X(SHEET_SOURCE, "sheet.source", "file day")                                                    \
    X(NICE_CANDIDATES, "nice.candidates", "names")                                                 \
    X(EXAM_HEAD, "exam.head", "name count from to")                                                \
    X(EXAM_ROW, "exam.row", "field examples items")                                                \
    X(EXAM_ROLES, "exam.roles", "")                                                                \
    X(EXAM_PAGE, "exam.page", "page")                                                              \
    X(EXAM_ITEM, "exam.item", "id")                                                                \
    X(EXAM_WORD, "exam.word", "exam")                                                              \
    X(EXAM_HINT, "exam.hint", "exam")                                                              \
    X(COVERS_HEAD, "covers.head", "id label")                                                      \
    X(COVERS_EXAMS, "covers.exams", "")                                                            \
    X(COVERS_EXAM, "covers.exam", "name field page")                                               \
    X(COVERS_NO_EXAM, "covers.no_exam", "")                                                        \
    X(COVERS_OTHERS, "covers.others", "")                                                          \
    X(COVERS_RESOURCE, "covers.resource", "name mark")                                             \
    X(COVERS_NONE, "covers.none", "")                                                              \
    X(TKS_EXAMS, "tks.exams", "exams")                                                             \
    X(TKS_EXAM, "tks.exam", "name field page")                                                     \
    X(TKS_RESOURCES, "tks.resources", "names")                                                     \
    X(TKS_RESOURCES_MORE, "tks.resources_more", "count id")                                        \
    X(LABELS_MORE, "labels.more", "count")                                                         \
    X(PERSONA_ITEMS, "persona.items", "kind count labels")                                         \
    X(PERSONA_AROUND, "persona.around", "persona what mark")                                       \
    X(PERSONA_GAPS, "persona.gaps", "page mark")                                                   \
    X(PERSONA_GAP, "persona.gap", "kind gap remedy")                                               \
    X(PERSONA_TRAINING, "persona.training", "page mark")                                           \
    X(PERSONA_TRAINING_ITEMS, "persona.training_items", "items")                                   \
    X(PERSONA_TRAINING_WITH, "persona.training_with", "names")                                     \
    X(PERSONA_NO_EXAMPLES, "persona.no_examples", "")                                              \
    X(NAMED_RESOURCE, "named.resource", "name")                                                    \
    X(NAMED_LINK, "named.link", "name")                                                            \
    X(NAMED_LEFT, "named.left", "left")                                                            \
    X(SIMILAR, "similar", "said")                                                                  \
    X(PERSONA_WHOSE, "persona.whose", "") \
    X(PLAN_FIELD, "plan.field", "field")

enum msg {
#define X(name, key, placeholders) MSG_##name,
    MESSAGES(X)
#undef X
        MSG__COUNT
};

struct message_key {
    const char *key;
    const char *placeholders; /* separated by one space */
};

extern const struct message_key message_keys[MSG__COUNT];

/* The message of that key, or -1. */
int message_find(const char *key);

#endif
