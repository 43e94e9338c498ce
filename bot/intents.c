/* "intents explain" and "intents eval": what a message would be taken for, and how well that goes.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "bot/command.h"
#include "content/pack.h"
#include "intents/phrases.h"
#include "intents/trial.h"

static const char usage[] =
    "Usage: kizuki intents explain TEXT [--pending QUESTION]\n"
    "       kizuki intents eval FILE.tsv [--json]\n"
    "\n"
    "explain shows what a message is taken for: how it is compared, which rule or guess decides,\n"
    "and what else it might be. QUESTION is the id of a question that is open, such as q1.\n"
    "eval reads lines of language, utterance, intent and slots, separated by tabs, below a line\n"
    "with these names, and counts what is understood. An error costs 1, a missed incident 10, a\n"
    "false one 2.\n";

struct setup {
    struct faults faults;
    struct pack *pack;
    struct phrases *phrases;
    struct guesser *guesser;
};

static bool set_up(struct setup *s) {
    static const char path[] = "intents/phrases.tsv";
    const struct embedded_file *f = embed_find(path);
    s->pack = pack_load(NULL, &s->faults);
    s->phrases = f ? phrases_load(f->data, (size_t)(f->end - f->data), path, &s->faults) : NULL;
    s->guesser = guesser_load();
    if (s->pack && s->phrases && s->guesser && s->faults.n == 0) {
        return true;
    }
    command_print_faults(&s->faults);
    fputs("kizuki: this binary's own content cannot be used\n", stderr);
    return false;
}

static void tear_down(struct setup *s) {
    guesser_free(s->guesser);
    phrases_free(s->phrases);
    pack_free(s->pack);
    faults_free(&s->faults);
}

static const struct form_question *find_question(const struct setup *s, const char *id) {
    int i = form_find_question(s->pack->form, id);
    return i >= 0 ? &s->pack->form->questions[i] : NULL;
}

/* ---- explain ---- */

static void explain_slots(const struct setup *s, const struct understood *u, const char *folded) {
    static const char *const tks[TKS__COUNT] = {"task", "knowledge", "skill"};
    float sure;
    enum incident_kind kind = guess_kind(s->guesser, folded, &sure);
    if (meaning_label(u) == LABEL_INCIDENT) {
        printf("kind         %s %.2f\n", incident_kind_names[kind], (double)sure);
    }
    if (trial_role(u) > 0) {
        printf("role         r%02d\n", trial_role(u));
    }
    if (u->kind >= 0 && u->kind < TKS__COUNT) {
        printf("kind         %s\n", tks[u->kind]);
    }
    if (u->found.kind == FOUND_TERM) {
        printf("term         %s\n", s->pack->terms[u->found.index].name.in[LANG_JA]);
    }
    for (int o = 0; u->intent == INTENT_ANSWER && o < FORM_MAX_OPTIONS; o++) {
        if (u->answer.mask & (1u << o)) {
            printf("choice       %d\n", o + 1);
        }
    }
}

static void explain(const struct setup *s, const struct form_question *open, const char *text) {
    struct arena arena = {0};
    struct understood u;
    const char *clean = text_clean(&arena, text, strlen(text), 10000, &(bool){false});
    meaning_of(s->pack, s->phrases, s->guesser, &arena, open, clean, &u);
    struct guess best[GUESSES];
    const char *folded = text_fold(&arena, clean);
    guess(s->guesser, folded, best);
    printf("compared as  %s\n", folded);
    printf("taken for    %s (%s)\n", label_names[meaning_label(&u)],
           u.guessed ? "the likeliest guess"
           : u.firm  ? "a rule"
                     : "words that stand in it, or nothing");
    for (size_t i = 0; i < GUESSES; i++) {
        printf("guess %zu      %-20s %.2f\n", i + 1, label_names[best[i].label],
               (double)best[i].share);
    }
    explain_slots(s, &u, folded);
    arena_free(&arena);
}

/* ---- eval ---- */

struct row {
    enum lang lang;
    const char *text;
    enum label label;
    const char *slots;
};

struct tally {
    size_t n;
    size_t right;
    size_t lang_n[LANG__COUNT];
    size_t lang_right[LANG__COUNT];
    size_t matrix[LABEL__COUNT][LABEL__COUNT]; /* meant, taken for */
    size_t in_scope;
    size_t asked_back; /* of those in scope: no guess is sure enough */
    size_t wrong;
    size_t wrong_unsure;
    size_t slots;
    size_t slots_right;
    size_t cost;
};

static size_t cost_of(enum label meant, enum label taken) {
    return meant == taken ? 0 : meant == LABEL_INCIDENT ? 10 : taken == LABEL_INCIDENT ? 2 : 1;
}

static void weigh_row(const struct setup *s, const struct row *row, bool show, struct tally *t) {
    struct trial trial;
    trial_run(s->pack, s->phrases, s->guesser, row->label, row->text, row->slots, &trial);
    bool right = trial.taken == row->label;
    t->n++;
    t->right += right;
    t->lang_n[row->lang]++;
    t->lang_right[row->lang] += right;
    t->matrix[row->label][trial.taken]++;
    t->in_scope += row->label != LABEL_NONE;
    t->asked_back += row->label != LABEL_NONE && trial.unsure;
    t->wrong += !right;
    t->wrong_unsure += !right && trial.unsure;
    t->cost += cost_of(row->label, trial.taken);
    t->slots += trial.slots;
    t->slots_right += trial.exact;
    if (show && (!right || trial.exact < trial.slots)) {
        printf("%s\t%s\t%s\t%s%s\n", row->text, label_names[row->label], label_names[trial.taken],
               row->slots, trial.unsure ? "\tunsure" : "");
    }
}

static double share_of(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 1;
}

static void add_label(cJSON *intents, cJSON *confusions, const struct tally *t, size_t label) {
    size_t meant = 0;
    size_t taken = 0;
    for (size_t i = 0; i < LABEL__COUNT; i++) {
        meant += t->matrix[label][i];
        taken += t->matrix[i][label];
        if (i != label && t->matrix[label][i] > 0) {
            cJSON *c = cJSON_CreateObject();
            cJSON_AddStringToObject(c, "meant", label_names[label]);
            cJSON_AddStringToObject(c, "taken", label_names[i]);
            cJSON_AddNumberToObject(c, "count", (double)t->matrix[label][i]);
            cJSON_AddItemToArray(confusions, c);
        }
    }
    if (meant + taken > 0) {
        cJSON *o = cJSON_AddObjectToObject(intents, label_names[label]);
        cJSON_AddNumberToObject(o, "precision", share_of(t->matrix[label][label], taken));
        cJSON_AddNumberToObject(o, "recall", share_of(t->matrix[label][label], meant));
        cJSON_AddNumberToObject(o, "count", (double)meant);
    }
}

static void print_json(const struct tally *t) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "accuracy", share_of(t->right, t->n));
    cJSON_AddNumberToObject(o, "cost", (double)t->cost);
    cJSON_AddNumberToObject(o, "slots_exact", share_of(t->slots_right, t->slots));
    cJSON_AddNumberToObject(o, "asked_back", share_of(t->asked_back, t->in_scope));
    cJSON_AddNumberToObject(o, "wrong_unsure", share_of(t->wrong_unsure, t->wrong));
    cJSON *languages = cJSON_AddObjectToObject(o, "languages");
    for (int i = 0; i < LANG__COUNT; i++) {
        cJSON *l = cJSON_AddObjectToObject(languages, lang_codes[i]);
        cJSON_AddNumberToObject(l, "accuracy", share_of(t->lang_right[i], t->lang_n[i]));
    }
    cJSON *intents = cJSON_AddObjectToObject(o, "intents");
    cJSON *confusions = cJSON_AddArrayToObject(o, "confusions");
    for (size_t i = 0; i < LABEL__COUNT; i++) {
        add_label(intents, confusions, t, i);
    }
    char *text = cJSON_PrintUnformatted(o);
    puts(text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(o);
}

static void print_lines(const struct tally *t) {
    size_t incidents = 0;
    size_t false_ones = 0;
    for (size_t i = 0; i < LABEL__COUNT; i++) {
        incidents += t->matrix[LABEL_INCIDENT][i];
        false_ones += i == LABEL_INCIDENT ? 0 : t->matrix[i][LABEL_INCIDENT];
    }
    printf("%zu lines: %.1f %% right (ja %.1f %%, en %.1f %%), cost %zu\n", t->n,
           100 * share_of(t->right, t->n),
           100 * share_of(t->lang_right[LANG_JA], t->lang_n[LANG_JA]),
           100 * share_of(t->lang_right[LANG_EN], t->lang_n[LANG_EN]), t->cost);
    printf("incidents: %zu of %zu noticed, %zu false\n", t->matrix[LABEL_INCIDENT][LABEL_INCIDENT],
           incidents, false_ones);
    printf("slots kind, role, level and choices: %zu of %zu exact\n", t->slots_right, t->slots);
    printf("not sure enough: %zu of %zu in scope; of %zu wrong ones %zu\n", t->asked_back,
           t->in_scope, t->wrong, t->wrong_unsure);
}

/* The next of the fields, cut out of the line; "" behind the last. */
static const char *next_field(char **line) {
    char *field = *line;
    size_t n = strcspn(field, "\t");
    *line += n + (field[n] == '\t');
    field[n] = '\0';
    return field;
}

static bool read_row(char *line, const char *path, size_t number, struct row *ret) {
    const char *lang = next_field(&line);
    ret->text = next_field(&line);
    const char *name = next_field(&line);
    ret->slots = next_field(&line);
    ret->label = label_find(name, strlen(name));
    if (!lang_parse(lang, &ret->lang)) {
        fprintf(stderr, "%s: line %zu: the language must be ja or en\n", path, number);
    } else if (ret->label == LABEL__COUNT) {
        fprintf(stderr, "%s: line %zu: unknown intent \"%s\"\n", path, number, name);
    } else if (!text_valid(ret->text, strlen(ret->text))) {
        fprintf(stderr, "%s: line %zu: not valid UTF-8\n", path, number);
    } else {
        return true;
    }
    return false;
}

static int evaluate(const struct setup *s, const char *path, bool json) {
    static struct tally tally;
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    bool ok = f != NULL;
    if (!ok) {
        perror(path);
    }
    for (size_t number = 1; ok && getline(&line, &cap, f) >= 0; number++) {
        struct row row;
        line[strcspn(line, "\r\n")] = '\0';
        if (number > 1 && *line) {
            ok = read_row(line, path, number, &row);
            if (ok) {
                weigh_row(s, &row, !json, &tally);
            }
        }
    }
    free(line);
    if (f) {
        fclose(f);
    }
    if (ok && json) {
        print_json(&tally);
    } else if (ok) {
        print_lines(&tally);
    }
    return ok ? EXIT_OK : EXIT_FAILED;
}

int command_intents(int argc, char **argv) {
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"pending", required_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    static struct setup s;
    bool json = false;
    const char *pending = "";
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 'j':
            json = true;
            break;
        case 'p':
            pending = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return EXIT_OK;
        default:
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    bool explains = optind + 2 == argc && strcmp(argv[optind], "explain") == 0;
    bool evals = optind + 2 == argc && strcmp(argv[optind], "eval") == 0;
    if (!explains && !evals) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    int status = EXIT_FAILED;
    if (set_up(&s)) {
        const struct form_question *open = *pending ? find_question(&s, pending) : NULL;
        if (*pending && !open) {
            fprintf(stderr, "kizuki: there is no question \"%s\"\n", pending);
            status = EXIT_USAGE;
        } else if (explains) {
            explain(&s, open, argv[optind + 1]);
            status = EXIT_OK;
        } else {
            status = evaluate(&s, argv[optind + 1], json);
        }
    }
    tear_down(&s);
    return status;
}
