/* "kizuki content": checks a pack, takes frameworks in from files. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "bot/command.h"
#include "bot/config.h"
#include "content/imported.h"
#include "content/pack.h"
#include "store/store.h"

#define PIECE 100 /* rows of one transaction: a few milliseconds */

static const char help[] =
    "Usage: kizuki content check [DIR]\n"
    "       kizuki content import-nice FILE [--db FILE]\n"
    "       kizuki content import-framework FILE.csv [--db FILE]\n"
    "\n"
    "check: the content pack in DIR, or the one inside this program. Every fault is named with "
    "its\n"
    "file and JSON path (or line, where the file is not JSON).\n"
    "\n"
    "import-nice: takes in NIST's export of the NICE Framework Components (CPRT form, JSON, from\n"
    "version 2 on), so that work roles and statements can be looked up.\n"
    "\n"
    "import-framework: takes in a sheet of the framework itself, CSV in UTF-8 with the header\n"
    "\"role,kind,statement,nice\": the number of a role (1 to 13), task, knowledge or skill, the\n"
    "statement, NICE ids with spaces between or nothing. Each role then shows its statements.\n"
    "\n"
    "The bot may go on meanwhile; it has the new ones with the next message. A file with a fault\n"
    "changes nothing, and a new file takes the place of the last one of its sort.\n"
    "\n"
    "Options:\n"
    "  -d, --db FILE   database (default: as for \"kizuki chat\")\n"
    "  -h, --help      this text\n";

/* ---- check ---- */

static int check(const char *dir) {
    struct faults faults = {.n = 0};
    struct pack *pack = pack_load(dir, &faults);
    command_print_faults(&faults);
    if (pack) {
        printf("%s: no faults (%d roles, %zu tasks/knowledge/skills, %zu personas, %zu terms, "
               "%zu questions, %d messages)\n",
               dir ? dir : "the content inside this program", PACK_ROLES, pack->n_tks,
               pack->n_personas, pack->n_terms, pack->form->n_questions, MSG__COUNT);
    }
    int code = pack ? EXIT_OK : EXIT_FAILED;
    pack_free(pack);
    faults_free(&faults);
    return code;
}

/* ---- the file ---- */

/* The whole file in the arena; NULL after saying why not. */
static const char *read_file(struct arena *arena, const char *path, size_t *ret_n) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerrordesc_np(errno));
        if (fd >= 0) {
            close(fd);
        }
        return NULL;
    }
    char *text = NULL;
    if (!S_ISREG(st.st_mode)) {
        fprintf(stderr, "%s: this is not a regular file\n", path);
    } else if ((size_t)st.st_size > IMPORT_MAX_BYTES) {
        fprintf(stderr, "%s: the file has %lld MiB; such a file has at most %zu\n", path,
                (long long)st.st_size >> 20, IMPORT_MAX_BYTES >> 20);
    } else {
        text = arena_alloc(arena, (size_t)st.st_size + 1);
        size_t n = 0;
        ssize_t got = 1;
        while (n < (size_t)st.st_size && (got = read(fd, text + n, (size_t)st.st_size - n)) > 0) {
            n += (size_t)got;
        }
        *ret_n = n;
        if (got < 0) {
            fprintf(stderr, "%s: %s\n", path, strerrordesc_np(errno));
            text = NULL;
        }
    }
    close(fd);
    return text;
}

/* ---- the database ---- */

static int sweep(struct store *s, bool staged) {
    bool more = true;
    int rc = 0;
    while (rc == 0 && more) {
        rc = store_import_sweep(s, staged, PIECE, &more);
    }
    return rc;
}

static int stage(struct store *s, int64_t id, const struct import_set *set) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < set->n_items; i += PIECE) {
        struct store_import_item rows[PIECE];
        size_t n = set->n_items - i < PIECE ? set->n_items - i : PIECE;
        for (size_t k = 0; k < n; k++) {
            const struct import_item *it = &set->items[i + k];
            rows[k] = (struct store_import_item){.kind = import_kind_names[it->kind],
                                                 .code = it->code,
                                                 .title = it->title,
                                                 .text = it->text,
                                                 .roles = it->roles};
        }
        rc = store_import_add(s, id, i, rows, n);
    }
    return rc;
}

/* Sweeps before, too: what an import that was killed has left behind. */
static int take_in(struct store *s, const char *source, const char *file,
                   const struct import_set *set) {
    struct store_import_set row = {
        .source = source, .name = set->name, .version = set->version, .file = file};
    int64_t id = 0;
    int rc = sweep(s, true);
    if (rc == 0) {
        rc = store_import_begin(s, &row, clock_now_ms(), &id);
    }
    if (rc == 0) {
        rc = stage(s, id, set);
    }
    if (rc == 0) {
        rc = store_import_swap(s, id);
    }
    return rc == 0 ? sweep(s, false) : rc;
}

static void print_counts(const char *file, const struct import_set *set) {
    printf("%s: %zu tasks, %zu knowledge, %zu skills", file, set->counts[IMPORT_TASK],
           set->counts[IMPORT_KNOWLEDGE], set->counts[IMPORT_SKILL]);
    if (set->counts[IMPORT_WORK_ROLE] > 0) {
        printf(", %zu work roles", set->counts[IMPORT_WORK_ROLE]);
    }
    printf("%s%s\n", *set->version ? ", version " : "", set->version);
}

static int import_into(const char *db, const char *source, const char *path,
                       const struct import_set *set) {
    struct arena arena = {0};
    struct store *store = NULL;
    const char *base = strrchr(path, '/');
    const char *file = base ? base + 1 : path;
    const char *name = db ? db : config_default_database(&arena);
    int code = EXIT_USAGE;
    if (!name) {
        fputs("kizuki: neither XDG_DATA_HOME nor HOME names a folder for the database; give one "
              "with --db\n",
              stderr);
    } else if (store_open_beside(name, &store) != 0 || take_in(store, source, file, set) != 0) {
        fprintf(stderr, "kizuki: %s\n", store_message(store));
        code = EXIT_FAILED;
    } else {
        print_counts(file, set);
        code = EXIT_OK;
    }
    store_close(store);
    arena_free(&arena);
    return code;
}

static int import(bool nice, const char *path, const char *db) {
    struct arena arena = {0};
    struct faults faults = {.n = 0};
    struct import_set set;
    size_t n = 0;
    const char *text = read_file(&arena, path, &n);
    int code = EXIT_FAILED;
    if (text &&
        (nice ? import_read_nice : import_read_framework)(&arena, text, n, path, &set, &faults)) {
        code = import_into(db, nice ? "nice" : "framework", path, &set);
    } else if (text) {
        command_print_faults(&faults);
        fputs("kizuki: nothing was taken in, and what was there stays\n", stderr);
    }
    faults_free(&faults);
    arena_free(&arena);
    return code;
}

/* ---- the command ---- */

int command_content(int argc, char **argv) {
    static const struct option options[] = {
        {"db", required_argument, NULL, 'd'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    const char *db = NULL;
    int opt;
    while ((opt = getopt_long(argc, argv, "d:h", options, NULL)) != -1) {
        if (opt == 'h') {
            fputs(help, stdout);
            return EXIT_OK;
        }
        if (opt != 'd') {
            return EXIT_USAGE;
        }
        db = optarg;
    }
    int n = argc - optind;
    const char *what = n > 0 ? argv[optind] : "";
    if (strcmp(what, "check") == 0 && n <= 2 && !db) {
        return check(n == 2 ? argv[optind + 1] : NULL);
    }
    bool nice = strcmp(what, "import-nice") == 0;
    if ((nice || strcmp(what, "import-framework") == 0) && n == 2) {
        return import(nice, argv[optind + 1], db);
    }
    fputs("kizuki: the command is \"content check [DIR]\", \"content import-nice FILE\" or "
          "\"content import-framework FILE\"\n",
          stderr);
    return EXIT_USAGE;
}
