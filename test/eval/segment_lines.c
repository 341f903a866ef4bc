/* segment_lines.c - lines of text on standard input, their words on standard output, a tab between
 * two: the segmenter alone, without the gate. */
#include "base/embedded.h"
#include "text/nfc.h"
#include "text/segment.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    const struct segmenter *segmenter;
    struct arena process, batch;
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    struct err err;

    arena_init(&process, "process", (size_t)1 << 24);
    arena_init(&batch, "batch", (size_t)1 << 28);
    if (segmenter_read(embedded_file("data/models/segment.bin"), &process, &segmenter, &err) !=
        RC_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    while ((n = getline(&line, &room, stdin)) > 0) {
        struct text text = nfc_text(str_trim((struct str){line, (size_t)n}), &batch, NULL);
        struct words words = segment_text(segmenter, text, &batch);

        for (uint32_t i = 0; i < words.n; i++)
            printf("%s%.*s", i ? "\t" : "", (int)words.length[i], text.p + words.offset[i]);
        putchar('\n');
        arena_reset(&batch);
    }
    free(line);
    arena_free(&batch);
    arena_free(&process);
    return 0;
}
