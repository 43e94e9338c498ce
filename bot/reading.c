#include "bot/reading.h"

#include "base/embed.h"
#include "bot/site_examples.h"

static const char phrases_path[] = "intents/phrases.tsv";

static struct phrases *load_phrases(struct faults *faults) {
    const struct embedded_file *f = embed_find(phrases_path);
    if (!f) {
        fault_add(faults, phrases_path, "file", "the file is missing in this binary");
        return NULL;
    }
    return phrases_load(f->data, (size_t)(f->end - f->data), phrases_path, faults);
}

static struct guesser *load_guesser(const char *intents_dir, struct faults *faults) {
    struct guesser *g = guesser_load();
    struct examples site = {.n = 0};
    if (!g) {
        fault_add(faults, "intents/labels.model", "file", "this binary has no fitting model");
        return NULL;
    }
    if (intents_dir && *intents_dir) {
        site_examples_read(intents_dir, &site, faults);
    }
    if (faults->n == 0) {
        guesser_learn(g, &site);
    }
    examples_free(&site);
    return g;
}

bool reading_load(struct reading *ret, const char *content_dir, const char *intents_dir,
                  struct faults *faults) {
    ret->phrases = load_phrases(faults);
    ret->guesser = load_guesser(intents_dir, faults);
    ret->pack = pack_load(content_dir, faults);
    bool good = ret->phrases && ret->guesser && ret->pack && faults->n == 0;
    if (!good) {
        reading_free(ret);
    }
    return good;
}

void reading_free(struct reading *r) {
    phrases_free(r->phrases);
    guesser_free(r->guesser);
    pack_free(r->pack);
    *r = (struct reading){.pack = NULL};
}
