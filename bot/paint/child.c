#include "bot/paint/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bot/paint/paint.h"

#define ITSELF "/proc/self/exe"

static const char no_library[] = "the libraries that paint are missing: install the Debian "
                                 "package libpangocairo-1.0-0";
static const char no_font[] = "no font here shows its Japanese: install the Debian package "
                              "fonts-ipaexfont-gothic or fonts-noto-cjk";

/* ---- beginning ---- */

/* Tokens may be in the environment: the child gets what fonts are found with, and no more. */
static void pick_environment(char *ret[], size_t max) {
    static const char *const names[] = {"HOME=",   "XDG_CACHE_HOME=",  "XDG_CONFIG_HOME=",
                                        "LC_ALL=", "XDG_DATA_HOME=",   "FONTCONFIG_FILE=",
                                        "LANG=",   "FONTCONFIG_PATH=", "ASAN_OPTIONS="};
    size_t n = 0;
    for (char **e = environ; *e; e++) {
        for (size_t i = 0; i < ARRAY_LEN(names) && n + 1 < max; i++) {
            if (strncmp(*e, names[i], strlen(names[i])) == 0) {
                ret[n++] = *e;
            }
        }
    }
    ret[n] = NULL;
}

/* A file that is nowhere: unlike a pipe it never makes us wait. */
static int file_of(const char *json) {
    size_t n = strlen(json);
    int fd = memfd_create("drawing", MFD_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    if (write(fd, json, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0) {
        close(fd);
        return -EIO;
    }
    return fd;
}

static int spawn(const char *program, int in, int out, pid_t *ret) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t none;
    sigset_t all;
    char *environment[16];
    char *argv[] = {(char *)"kizuki", (char *)"paint", NULL};
    pick_environment(environment, ARRAY_LEN(environment));
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    int rc = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    rc = rc ? rc : posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    rc = rc ? rc
            : posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    rc = rc ? rc : posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    rc = rc ? rc : posix_spawnattr_setsigmask(&attr, &none);
    rc = rc ? rc : posix_spawnattr_setsigdefault(&attr, &all);
    rc = rc ? rc : posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    rc = rc ? rc : posix_spawn(ret, program, &actions, &attr, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    return -rc;
}

int paint_child_start(const char *program, const char *json, struct paint_child *ret) {
    int in = file_of(json);
    if (in < 0) {
        return in;
    }
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) {
        int err = -errno;
        close(in);
        return err;
    }
    struct paint_child c = {.png = out[0], .ended = -1};
    int rc = spawn(program ? program : ITSELF, in, out[1], &c.pid);
    close(in);
    close(out[1]);
    if (rc == 0) {
        c.ended = pidfd_open(c.pid, 0);
        rc = c.ended < 0 || fcntl(c.png, F_SETFL, O_NONBLOCK) != 0 ? -errno : 0;
        if (rc != 0) {
            kill(c.pid, SIGKILL);
            (void)waitpid(c.pid, NULL, 0);
        }
    }
    if (rc != 0) {
        close(c.png);
        if (c.ended >= 0) {
            close(c.ended);
        }
        return rc;
    }
    buf_init(&c.out, PAINT_PNG_MAX);
    *ret = c;
    return 0;
}

/* ---- under way ---- */

bool paint_child_read(struct paint_child *c) {
    char chunk[16384];
    while (c->png >= 0) {
        ssize_t n = read(c->png, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 && errno == EAGAIN) {
            return true;
        }
        if (n > 0) {
            buf_add(&c->out, chunk, (size_t)n);
        }
        if (n <= 0 || c->out.overflow) {
            close(c->png);
            c->png = -1;
        }
    }
    return false;
}

void paint_child_kill(const struct paint_child *c) {
    kill(c->pid, SIGKILL); /* not reaped yet: the number is still its own */
}

/* ---- the end ---- */

/* From its signature to its last chunk. */
static bool is_whole(const struct buf *png) {
    static const char first[] = "\x89PNG\r\n\x1a\n";
    static const char last[] = "IEND\xae\x42\x60\x82";
    size_t n = sizeof(first) - 1;
    size_t m = sizeof(last) - 1;
    return !png->overflow && png->len > n + m && memcmp(png->p, first, n) == 0 &&
           memcmp(png->p + png->len - m, last, m) == 0;
}

static const char *meaning_of(int status) {
    if (WIFSIGNALED(status)) {
        return WTERMSIG(status) == SIGKILL ? "painting took too long" : "painting crashed";
    }
    switch (WEXITSTATUS(status)) {
    case PAINTED:
        return NULL;
    case PAINT_NO_LIBRARY:
        return no_library;
    case PAINT_NO_FONT:
        return no_font;
    case PAINT_BAD_INPUT:
        return "it is no drawing";
    default:
        return "painting failed";
    }
}

const char *paint_child_end(struct paint_child *c) {
    int status = 0;
    pid_t pid;
    (void)paint_child_read(c);
    do {
        pid = waitpid(c->pid, &status, 0);
    } while (pid < 0 && errno == EINTR);
    close(c->ended);
    if (c->png >= 0) {
        close(c->png); /* somebody else still has its other end */
    }
    c->png = -1;
    const char *why = pid == c->pid ? meaning_of(status) : "painting failed";
    return c->out.overflow              ? "the picture is too big"
           : !why && !is_whole(&c->out) ? "what was painted is no whole picture"
                                        : why;
}

bool paint_wants_package(const char *why) {
    return why == no_library || why == no_font;
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *paint_now(const char *json, struct buf *ret) {
    struct paint_child c = {.png = -1, .ended = -1};
    if (paint_child_start(NULL, json, &c) != 0) {
        buf_init(ret, 1);
        return "painting cannot be started";
    }
    int64_t until_ms = now_ms() + PAINT_LIMIT_MS;
    struct pollfd fds[2] = {{.fd = c.ended, .events = POLLIN}, {.events = POLLIN}};
    do {
        (void)paint_child_read(&c);
        fds[1].fd = c.png; /* one below zero is not looked at */
        int64_t left = until_ms - now_ms();
        (void)poll(fds, 2, left > 0 ? (int)left : 0);
    } while (!(fds[0].revents & POLLIN) && now_ms() < until_ms);
    paint_child_kill(&c);
    const char *why = paint_child_end(&c);
    *ret = c.out;
    if (why) {
        buf_clear(ret);
    }
    return why;
}
