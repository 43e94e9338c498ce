#include "intents/shipped.h"

#include <string.h>

#include "base/embed.h"

void shipped_examples(struct examples *ret, struct faults *faults) {
    static const char folder[] = "intents/examples/";
    for (const struct embedded_file *f = embedded_files; f->path; f++) {
        if (strncmp(f->path, folder, sizeof(folder) - 1) == 0) {
            examples_read(ret, f->data, (size_t)(f->end - f->data), f->path, faults);
        }
    }
}
