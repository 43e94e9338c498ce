/* The commands of the command line; each gets argv from its own name on, returns the exit code. */
#ifndef KIZUKI_BOT_COMMAND_H
#define KIZUKI_BOT_COMMAND_H

#define KIZUKI_VERSION "0.1.0"

struct faults;

/* Exit codes: 0 done, 1 it failed, 2 the command line or configuration can never work. */
enum exit_code { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

int command_run(int argc, char **argv);
int command_chat(int argc, char **argv);
int command_check_config(int argc, char **argv);
int command_content(int argc, char **argv);
int command_intents(int argc, char **argv);
int command_paint(int argc, char **argv); /* hidden: see bot/paint/command.c */

/* For the commands: what is wrong with a content pack, a line each, to stderr. */
void command_print_faults(const struct faults *faults);

#endif
