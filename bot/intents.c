/*
 * "intents explain", "intents eval" and "intents check": what a message would be taken for, how
 * well that goes, and what is in conflict with a site's own sentences.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "bot/command.h"
#include "bot/intents_check.h"
#include "bot/reading.h"
#include "bot/startup.h"
#include "intents/trial.h"

static const char usage[] =
    "Usage: kizuki intents explain TEXT [--pending QUESTION] [--config FILE | --intents-dir DIR]\n"
    "       kizuki intents eval FILE.tsv [--json] [--config FILE | --intents-dir DIR]\n"
    "       kizuki intents check [--config FILE | DIR]\n"
    "\n"
    "explain shows what a message is taken for: how it is compared, which rule or guess decides,\n"
    "and what else it might be. QUESTION is the id of a question that is open, such as q1.\n"
    "eval reads lines of language, utterance, intent and slots, separated by tabs, below a line\n"
    "with these names, and counts what is understood. An error costs 1, a missed incident 10, a\n"
    "false one 2.\n"
    "check compares your own example sentences (in DIR, or in the intents_dir of the "
    "configuration,\n"
    "\"config\" if none is named) with the rules, each other and Kizuki's own, a line for each\n"
    "conflict. Exit status: 0 none, 1 conflicts, 2 files that cannot be used.\n"
    "\n"
    "Options:\n"
    "  -c, --config FILE       with the content_dir and intents_dir of this configuration\n"
    "  -d, --intents-dir DIR   with the example sentences in DIR\n"
    "  -h, --help              this text\n"
    "\n"
    "Intents, each with a file of its name and .tsv in DIR:\n";

static void print_usage(FILE *f) {
    fputs(usage, f);
    for (size_t i = 0, at = 0; i < LABEL__COUNT; i++) {
        at += strlen(label_names[i]) + 2;
        bool wraps = at > 92;
        fprintf(f, "%s%s", i == 0 || wraps ? (i == 0 ? "  " : ",\n  ") : ", ", label_names[i]);
        at = wraps ? strlen(label_names[i]) + 2 : at;
    }
    fputs("\n", f);
}

struct setup {
    struct faults faults;
    struct config config;
    const char *intents_dir; /* as asked for, or as configured */
    struct reading reading;
};

/* An exit code, not EXIT_OK after saying why. */
static int set_up(struct setup *s, const char *config_path) {
    if (!startup_load_config(config_path, &s->config)) {
        return EXIT_USAGE;
    }
    if (!s->intents_dir) {
        s->intents_dir = s->config.intents_dir;
    }
    if (!reading_load(&s->reading, s->config.content_dir, s->intents_dir, &s->faults)) {
        command_print_faults(&s->faults);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

static void tear_down(struct setup *s) {
    reading_free(&s->reading);
    config_free(&s->config);
    faults_free(&s->faults);
}

static const struct form_question *find_question(const struct setup *s, const char *id) {
    int i = form_find_question(s->reading.pack->form, id);
    return i >= 0 ? &s->reading.pack->form->questions[i] : NULL;
}

/* ---- explain ---- */

static void explain_slots(const struct setup *s, const struct understood *u, const char *folded) {
    static const char *const tks[TKS__COUNT] = {"task", "knowledge", "skill"};
    float sure;
    enum incident_kind kind = guess_kind(s->reading.guesser, folded, &sure);
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
        printf("term         %s\n", s->reading.pack->terms[u->found.index].name.in[LANG_JA]);
    }
    for (int o = 0; u->intent == INTENT_ANSWER && o < FORM_MAX_OPTIONS; o++) {
        if (u->answer.mask & (1u << o)) {
            printf("choice       %d\n", o + 1);
        }
    }
}

/* The sentence of the site that the guesses lean to. */
static void explain_nearest(const struct setup *s, const char *folded) {
    float likeness;
    const struct example *x = guess_nearest(s->reading.guesser, folded, &likeness);
    if (x) {
        printf("near         %s/%s.tsv:%d %.2f %s\n", s->intents_dir, label_names[x->label],
               x->line, (double)likeness, x->text);
    }
}

static void explain(const struct setup *s, const struct form_question *open, const char *text) {
    struct arena arena = {0};
    struct understood u;
    const char *clean = text_clean(&arena, text, strlen(text), 10000, &(bool){false});
    meaning_of(s->reading.pack, s->reading.phrases, s->reading.guesser, &arena, open, clean, &u);
    struct guess best[GUESSES];
    const char *folded = text_fold(&arena, clean);
    struct guess sited[GUESSES];
    bool near = guess_both(s->reading.guesser, folded, best, sited);
    printf("compared as  %s\n", folded);
    printf("taken for    %s (%s)\n", label_names[meaning_label(&u)],
           u.guessed ? "the likeliest guess"
           : u.firm  ? "a rule"
                     : "words that stand in it, or nothing");
    for (size_t i = 0; i < GUESSES; i++) {
        printf("guess %zu      %-20s %.2f\n", i + 1, label_names[(near ? sited : best)[i].label],
               (double)(near ? sited : best)[i].share);
    }
    explain_nearest(s, folded);
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
    trial_run(s->reading.pack, s->reading.phrases, s->reading.guesser, row->label, row->text,
              row->slots, &trial);
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

/* ---- check ---- */

static int check(const struct setup *s) {
    const struct examples *site = guesser_site(s->reading.guesser);
    if (!*s->intents_dir) {
        fputs("kizuki: the configuration has no intents_dir; \"kizuki intents check DIR\" names a "
              "folder\n",
              stderr);
        return EXIT_USAGE;
    }
    size_t n = intents_check_print(&s->reading, s->intents_dir, "");
    printf("%s: %zu sentences, %zu conflicts\n", s->intents_dir, site->n, n);
    return n > 0 ? EXIT_FAILED : EXIT_OK;
}

/* ---- the command line ---- */

struct wanted {
    const char *config;      /* NULL: none */
    const char *pending;     /* NULL: no question is open */
    const char *intents_dir; /* NULL: as configured */
    bool json;
};

/* EXIT_OK with *ret_done where there is nothing more to do. */
static int read_options(int argc, char **argv, struct wanted *ret, bool *ret_done) {
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"pending", required_argument, NULL, 'p'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"intents-dir", required_argument, NULL, 'd'},
                                            {NULL, 0, NULL, 0}};
    for (int c; (c = getopt_long(argc, argv, "hc:d:", options, NULL)) != -1;) {
        switch (c) {
        case 'j':
            ret->json = true;
            break;
        case 'p':
            ret->pending = optarg;
            break;
        case 'c':
            ret->config = optarg;
            break;
        case 'd':
            ret->intents_dir = optarg;
            break;
        case 'h':
            print_usage(stdout);
            *ret_done = true;
            return EXIT_OK;
        default:
            print_usage(stderr);
            return EXIT_USAGE;
        }
    }
    return EXIT_OK;
}

static int explain_or_evaluate(struct setup *s, const struct wanted *w, bool explains,
                               const char *what) {
    const struct form_question *open = w->pending ? find_question(s, w->pending) : NULL;
    if (w->pending && !open) {
        fprintf(stderr, "kizuki: there is no question \"%s\"\n", w->pending);
        return EXIT_USAGE;
    }
    if (!explains) {
        return evaluate(s, what, w->json);
    }
    explain(s, open, what);
    return EXIT_OK;
}

int command_intents(int argc, char **argv) {
    static struct setup s;
    struct wanted w = {.pending = NULL};
    bool done = false;
    int status = read_options(argc, argv, &w, &done);
    if (done || status != EXIT_OK) {
        return status;
    }
    const char *verb = optind < argc ? argv[optind] : "";
    const char *what = optind + 1 < argc ? argv[optind + 1] : NULL;
    bool checks = strcmp(verb, "check") == 0;
    bool explains = strcmp(verb, "explain") == 0;
    bool fits = checks ? !(what && (w.config || w.intents_dir))
                       : what && (explains || strcmp(verb, "eval") == 0);
    if (!fits || optind + 2 < argc || (w.config && w.intents_dir)) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (checks && !what && !w.intents_dir && !w.config) {
        w.config = "config";
    }
    s.intents_dir = checks && what ? what : w.intents_dir;
    status = set_up(&s, w.config);
    if (status == EXIT_OK) {
        status = checks ? check(&s) : explain_or_evaluate(&s, &w, explains, what);
    }
    tear_down(&s);
    return status;
}
