/*
 * "paint", which nobody needs to know of: a drawing as JSON on the standard input, its PNG on the
 * standard output. Its exit status is one of enum painted. It opens big libraries and big fonts,
 * and is the only process of ours that does.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "bot/command.h"
#include "bot/paint/drawing_json.h"
#include "bot/paint/paint.h"

#define CPU_S        5
#define MEMORY_BYTES ((rlim_t)1024 * 1024 * 1024) /* of addresses: fonts are mapped */
#define FILE_BYTES   ((rlim_t)32 * 1024 * 1024)   /* fontconfig may keep a cache */
#define FILES        64
#define NICE         10

static bool limit(__rlimit_resource_t what, rlim_t most) {
    struct rlimit r;
    if (getrlimit(what, &r) != 0) {
        return false;
    }
    r.rlim_max = r.rlim_max < most ? r.rlim_max : most;
    r.rlim_cur = r.rlim_max;
    return setrlimit(what, &r) == 0;
}

static bool limit_all(void) {
#ifndef __SANITIZE_ADDRESS__ /* its shadow takes terabytes of addresses */
    if (!limit(RLIMIT_AS, MEMORY_BYTES)) {
        return false;
    }
#endif
    (void)setpriority(PRIO_PROCESS, 0, NICE); /* answers come first; it may be lower already */
    return limit(RLIMIT_CPU, CPU_S) && limit(RLIMIT_FSIZE, FILE_BYTES) &&
           limit(RLIMIT_NOFILE, FILES) && limit(RLIMIT_CORE, 0) &&
           prctl(PR_SET_PDEATHSIG, SIGKILL) == 0; /* no use for it without the bot */
}

static bool read_input(struct buf *in) {
    char chunk[4096];
    ssize_t n;
    while ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) != 0) {
        if (n > 0) {
            buf_add(in, chunk, (size_t)n);
        } else if (errno != EINTR) {
            return false;
        }
        if (in->overflow) {
            return false;
        }
    }
    return true;
}

static int write_out(UNUSED void *ctx, const void *p, size_t n) {
    const char *at = p;
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, at, n);
        if (done < 0 && errno != EINTR) {
            return -1;
        }
        at += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
    return 0;
}

int command_paint(int argc, UNUSED char **argv) {
    struct buf in;
    struct arena arena = {0};
    struct drawing d;
    const char *why = "the input cannot be read, or is too long";
    if (argc > 1) {
        fputs("kizuki: paint takes no arguments\n", stderr);
        return EXIT_USAGE;
    }
    if (!limit_all()) {
        fputs("kizuki: paint: its limits cannot be set\n", stderr);
        return PAINT_FAILED;
    }
    buf_init(&in, DRAWING_JSON_MAX + 1);
    enum painted painted = PAINT_BAD_INPUT;
    if (read_input(&in) && drawing_json_read(&arena, buf_text(&in), in.len, &d, &why)) {
        painted = paint_png(&d, write_out, NULL);
    } else {
        fprintf(stderr, "kizuki: paint: %s\n", why);
    }
    _exit((int)painted); /* the libraries would take their time to tidy up */
}
