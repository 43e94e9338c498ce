#include "intents/about.h"

void about_source(struct talk *t) {
    const struct attribution *a = &t->pack->attribution;
    struct buf date;
    buf_init(&date, 64);
    say_date(&date, t->pack, t->s->lang);
    struct buf line;
    buf_init(&line, 4096);
    say_template(&line, talk_l10n(t, a->citation), "date", talk_take(t, &date), (char *)NULL);
    const char *citation = talk_take(t, &line);
    talk_line(t, MSG_SOURCE, "citation", citation, "notice", talk_l10n(t, a->notice), "disclaimer",
              talk_l10n(t, a->bot_disclaimer));
    for (size_t i = 0; i < a->n_disclaimers; i++) {
        talk_break(t);
        talk_text(t, "- ");
        talk_text(t, talk_l10n(t, a->disclaimers[i].text));
    }
}

void about_privacy(struct talk *t) {
    talk_line(t, MSG_PRIVACY);
    const char *text = talk_l10n(t, t->site->privacy_text);
    if (*text) {
        talk_line(t, MSG_PRIVACY_SITE, "text", text);
    } else {
        talk_line(t, MSG_PRIVACY_NO_SITE);
    }
}
