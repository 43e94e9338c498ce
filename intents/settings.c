#include "intents/settings.h"

#include "intents/language.h"
#include "intents/sheets.h"

bool settings_account(const struct talk *t, enum lang *ret) {
    return lang_parse(t->s->locale, ret);
}

void settings_state(struct talk *t) {
    enum lang account;
    bool follows = !t->s->lang_chosen && settings_account(t, &account);
    talk_line(t, t->s->lang_chosen ? MSG_SETTINGS_LANG_CHOSEN
                 : follows         ? MSG_SETTINGS_LANG_ACCOUNT
                                   : MSG_SETTINGS_LANG);
}

void settings_show(struct talk *t) {
    enum lang account;
    talk_line(t, MSG_SETTINGS_HEAD);
    settings_state(t);
    talk_line(t, MSG_SETTINGS_HOW);
    if (t->s->lang_chosen && settings_account(t, &account)) {
        talk_line(t, MSG_SETTINGS_HOW_ACCOUNT);
    }
    talk_word(t, talk_string(t, MSG_WORD_OTHER_LANGUAGE));
    talk_sheet_word(t, talk_string(t, MSG_WORD_SETTINGS), SHEETS_SETTINGS, false);
    talk_send(t, AUDIENCE_DIRECT);
}

void settings_choose(struct talk *t, enum lang lang) {
    t->s->lang = lang;
    t->s->lang_chosen = true;
    t->s->other_lines = LANGUAGE_SUGGESTED; /* who has chosen needs no suggestion */
}

void settings_follow(struct talk *t) {
    enum lang account;
    if (!settings_account(t, &account)) {
        talk_line(t, MSG_LANGUAGE_NO_ACCOUNT);
        return;
    }
    t->s->lang = account;
    t->s->lang_chosen = false;
    talk_line(t, MSG_LANGUAGE_ACCOUNT);
}
