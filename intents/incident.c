#include "intents/incident.h"

#include "intents/sheets.h"

static const enum msg first_steps[] = {
    [KIND_PHISHING_CLICK] = MSG_INCIDENT_STEPS_PHISHING_CLICK,
    [KIND_CREDENTIAL_ENTERED] = MSG_INCIDENT_STEPS_CREDENTIAL_ENTERED,
    [KIND_LOST_DEVICE] = MSG_INCIDENT_STEPS_LOST_DEVICE,
    [KIND_RANSOMWARE] = MSG_INCIDENT_STEPS_RANSOMWARE,
    [KIND_MALWARE] = MSG_INCIDENT_STEPS_MALWARE,
    [KIND_UNAUTHORIZED_ACCESS] = MSG_INCIDENT_STEPS_UNAUTHORIZED_ACCESS,
    [KIND_MISDIRECTED_EMAIL] = MSG_INCIDENT_STEPS_MISDIRECTED_EMAIL,
    [KIND_BEC] = MSG_INCIDENT_STEPS_BEC,
    [KIND_AI_DATA_LEAK] = MSG_INCIDENT_STEPS_AI_DATA_LEAK,
    [KIND_DATA_EXPOSURE] = MSG_INCIDENT_STEPS_DATA_EXPOSURE,
    [KIND_SUSPICIOUS_MAIL] = MSG_INCIDENT_STEPS_SUSPICIOUS_MAIL,
    [KIND__COUNT] = MSG_INCIDENT_STEPS,
};

static void steps(struct talk *t, enum msg head, enum incident_kind kind) {
    talk_line(t, head);
    talk_line(t, first_steps[kind]);
    const char *contact = talk_l10n(t, t->site->security_contact);
    if (*contact) {
        talk_line(t, MSG_INCIDENT_CONTACT, "contact", contact);
    } else {
        talk_line(t, MSG_INCIDENT_NO_CONTACT);
    }
}

static void foot(struct talk *t) {
    talk_line(t, MSG_INCIDENT_FOOT);
    talk_send_urgent(t, AUDIENCE_DIRECT);
}

static void offer_form(struct talk *t) {
    talk_sheet_word(t, talk_string(t, MSG_WORD_REPORT), SHEETS_INCIDENT, true);
}

void incident_said(struct talk *t, enum incident_kind kind) {
    steps(t, MSG_INCIDENT, kind);
    offer_form(t);
    foot(t);
}

void incident_what_if(struct talk *t, enum incident_kind kind) {
    steps(t, MSG_INCIDENT_HOWTO, kind);
    foot(t);
}

void incident_report(struct talk *t) {
    steps(t, MSG_INCIDENT_REPORT, KIND__COUNT);
    talk_line(t, MSG_INCIDENT_TELL);
    offer_form(t);
    foot(t);
}

void incident_written(struct talk *t, enum incident_kind kind, const char *copy) {
    steps(t, MSG_INCIDENT, kind);
    talk_line(t, MSG_INCIDENT_COPY);
    foot(t);
    talk_text(t, copy);
    talk_send(t, AUDIENCE_DIRECT);
}
