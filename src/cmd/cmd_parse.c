/* cmd_parse.c - soundings parse: is this document acceptable, and what is left of it?
 *
 * The contract of every parser (PRIVACY.md): 0 and canonical JSON, or 2 and one line of reason.
 * Nothing is printed before the whole document has been accepted.
 */
#include "cmd/canonical.h"
#include "cmd/command.h"
#include "cmd/flags.h"
#include "source/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REJECTED = 2 };

/* More memory than any honest document takes is one more reason to reject. */
static void on_full(const char *lifetime, size_t wanted, size_t max)
{
    (void)lifetime, (void)wanted;
    fprintf(stderr, "soundings parse: rejected: takes more than %zu MiB of memory\n",
            max / (1024 * 1024));
    exit(REJECTED);
}

static int say(const struct err *err)
{
    fprintf(stderr, "soundings parse: %s\n", err->text);
    return err_exit_status(err->rc);
}

static int reject(const struct input *input, const struct err *err)
{
    fprintf(stderr, "%s: %s\n", input->name, err->text);
    return REJECTED;
}

static int parse(struct input *input, const struct canonical_kind *kind, bool strict,
                 struct buf *out)
{
    struct str document;
    struct arena job;
    struct err err;
    enum rc rc = input_document(input, kind->max, &document, &err);

    arena_init(&job, "job", CANONICAL_MEMORY);
    if (rc == RC_OK)
        rc = canonical_write(kind, document, strict, &job, out, &err);
    arena_free(&job);
    if (rc == RC_BAD || rc == RC_REFUSED)
        return reject(input, &err);
    return rc == RC_OK ? 0 : say(&err);
}

static int print(struct buf *out)
{
    struct err err;

    if (!out->n || out->p[out->n - 1] != '\n')
        buf_add_byte(out, '\n');
    if (fwrite(out->p, 1, out->n, stdout) == out->n && fflush(stdout) == 0)
        return 0;
    err_set(&err, RC_BROKEN, "standard output cannot be written: look for a full disk");
    return say(&err);
}

static int run(int argc, char **argv)
{
    const char *as = NULL;
    bool strict = false, lenient = false;
    const struct flag flags[] = {{.name = "as", .text = &as},
                                 {.name = "strict", .on = &strict},
                                 {.name = "lenient", .on = &lenient}};
    const struct canonical_kind *kind;
    struct input input;
    struct buf out;
    struct err err;
    int operands, status;
    enum rc rc = flags_read(argc, argv, flags, sizeof flags / sizeof *flags, &operands, &err);

    if (rc != RC_OK)
        return say(&err);
    kind = canonical_find(str_of(as));
    if (!kind || (strict && lenient) || argc - operands > 1) {
        err_set(&err, RC_USAGE, "give --as=KIND, --strict or --lenient, and one file; see --help");
        return say(&err);
    }
    rc = input_open(&input, operands < argc ? argv[operands] : "-", &err);
    if (rc != RC_OK)
        return say(&err);
    arena_on_full(on_full);
    buf_init(&out, CANONICAL_MAX);
    status = parse(&input, kind, !lenient, &out);
    if (status == 0)
        status = print(&out);
    buf_free(&out);
    input_close(&input);
    return status;
}

const struct command cmd_parse = {
    "parse", "accept or reject one document of a known kind",
    "Usage: soundings parse --as=KIND [--strict|--lenient] [FILE|-]\n"
    "\n"
    "Accepted: canonical JSON on standard output, in Unicode NFC, identifiers of people redacted,\n"
    "authors left out.  Rejected: one line of reason on standard error.\n"
    "\n"
    "  --as=json     one JSON document (RFC 8259), at most 2 MiB\n"
    "  --as=jsonl    items, one JSON object a line\n"
    "  --as=csv      a table with a header line (RFC 4180 and its dialects)\n"
    "  --as=feed     RSS, RDF, Atom, JSON Feed, news sitemap\n"
    "  --as=xml      any XML document: its root, its size, its text\n"
    "  --as=html     any HTML, to its text; at most 1 MiB\n"
    "  --as=utf8     plain text; at most 1 MiB\n"
    "  --strict      reject a document with anything wrong in it (the default)\n"
    "  --lenient     leave out bad lines, rows and entries; repair feeds and UTF-8\n"
    "\n"
    "Documents are at most 16 MiB, a line, row or entry at most 1 MiB.\n"
    "\n"
    "Example: soundings parse --as=feed --lenient news.xml | jq '.[].title'\n"
    "Exit status: 0 accepted, 2 rejected (or called wrongly), 4 no such file.\n",
    run};
