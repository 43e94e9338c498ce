#include "intents/incident.h"

#include "intents/sheets.h"

static void steps(struct talk *t, enum msg head) {
    talk_line(t, head);
    talk_line(t, MSG_INCIDENT_STEPS);
    const char *contact = talk_l10n(t, t->site->security_contact);
    if (*contact) {
        talk_line(t, MSG_INCIDENT_CONTACT, "contact", contact);
    } else {
        talk_line(t, MSG_INCIDENT_NO_CONTACT);
    }
}

static void foot(struct talk *t) {
    talk_line(t, MSG_INCIDENT_FOOT);
    talk_send(t, AUDIENCE_DIRECT);
}

static void offer_form(struct talk *t) {
    talk_sheet_word(t, talk_string(t, MSG_WORD_REPORT), SHEETS_INCIDENT, true);
}

void incident_said(struct talk *t) {
    steps(t, MSG_INCIDENT);
    offer_form(t);
    foot(t);
}

void incident_what_if(struct talk *t) {
    steps(t, MSG_INCIDENT_HOWTO);
    foot(t);
}

void incident_report(struct talk *t) {
    steps(t, MSG_INCIDENT_REPORT);
    talk_line(t, MSG_INCIDENT_TELL);
    offer_form(t);
    foot(t);
}

void incident_written(struct talk *t, const char *copy) {
    steps(t, MSG_INCIDENT);
    talk_line(t, MSG_INCIDENT_COPY);
    foot(t);
    talk_text(t, copy);
    talk_send(t, AUDIENCE_DIRECT);
}
