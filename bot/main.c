#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/log.h"
#include "bot/command.h"

static const char usage[] =
    "Usage: kizuki COMMAND [OPTION]...\n"
    "A chat bot that makes ordinary employees safer at work.\n"
    "\n"
    "Commands:\n"
    "  run            start the bot; without a configuration, a chat in this terminal\n"
    "  chat           talk to the bot in this terminal or through a pipe\n"
    "  check-config   check the configuration file; with --online, also try each workspace\n"
    "  content        check a content pack, take frameworks in from files\n"
    "  intents        show what messages are taken for, and how well that goes\n"
    "  version        print the version\n"
    "\n"
    "\"kizuki COMMAND --help\" explains a command.\n"
    "Exit status: 0 done, 1 it failed, 2 the command line or configuration cannot work.\n";

static int command_version(int argc, char **argv) {
    (void)argv;
    if (argc > 1) {
        fputs("kizuki: version takes no arguments\n", stderr);
        return EXIT_USAGE;
    }
    puts("kizuki " KIZUKI_VERSION);
    return EXIT_OK;
}

static int command_help(int argc, char **argv) {
    (void)argc;
    (void)argv;
    fputs(usage, stdout);
    return EXIT_OK;
}

/*
 * Where a standard descriptor was closed, the next file opened would take its place and be written
 * into, a database for one. Instead: nothing to read, and writing fails.
 */
static bool fill_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = {
        {"run", command_run},
        {"chat", command_chat},
        {"content", command_content},
        {"intents", command_intents},
        {"check-config", command_check_config},
        {"paint", command_paint},
        {"version", command_version},
        {"--version", command_version},
        {"--help", command_help},
        {"-h", command_help},
        {"help", command_help},
    };
    if (!fill_standard_descriptors()) {
        return EXIT_FAILED;
    }
    umask(077);
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is to be met as a full disk is */
    log_setup(stderr, LOG_WARN, LOG_AUTO);
    if (argc < 2) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "kizuki: unknown command \"%s\"; \"kizuki --help\" lists them\n", argv[1]);
    return EXIT_USAGE;
}
