/* identifiers.c - the recognisers beside the test cases of others: generic types of Presidio
 * (e-mail, cards, IBAN, phones with a country) and the tax codes of python-stdnum.
 *
 * A case of Presidio is a text and how many identifiers it holds: with one or more something must
 * go, with none nothing of that type may.  What the product does not look for (documents of other
 * countries, IP addresses, names) is left out.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "intake/redact.h"
#include "shim/json.h"
#include "source/input.h"
#include "text/nfc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What of its cases is right at least, of all that its suite has. */
struct suite {
    const char *source;
    enum redaction kind;
    unsigned right_least;
    unsigned cases, right;
};

struct walk {
    struct str source, text;
    bool in_rest, known;
    int64_t wanted;
};

static const char *shared;
static struct arena memory;
static unsigned tests, failures;

static void tell(bool good, const char *what)
{
    tests++;
    failures += !good;
    printf("%sok %u - %s\n", good ? "" : "not ", tests, what);
}

static struct str read_suite(const char *name)
{
    struct str bytes = {NULL, 0};
    struct input input;
    struct buf path;
    struct err err;

    buf_init(&path, 4096);
    buf_printf(&path, "%s/data/badinput/%s", shared, name);
    if (input_open(&input, path.p, &err) == RC_OK) {
        if (input_document(&input, DOCUMENT_MAX, &bytes, &err) == RC_OK)
            bytes.p = arena_copy(&memory, bytes.p, bytes.n);
        input_close(&input);
    }
    buf_free(&path);
    if (!bytes.p)
        printf("ok %u - %s # SKIP there is no such suite beside the repository\n", ++tests, name);
    return bytes;
}

static bool on_value(void *context, const struct json_event *event)
{
    struct walk *walk = context;

    if (event->type == JSON_STRING && str_eq(event->key, STR("src")))
        walk->source = event->string;
    else if (event->type == JSON_STRING && str_eq(event->key, STR("text")))
        walk->text = event->string;
    else if (event->type == JSON_ARRAY && str_eq(event->key, STR("rest")))
        walk->in_rest = true;
    else if (walk->in_rest && !walk->known && event->type == JSON_INT) {
        walk->wanted = event->integer;
        walk->known = true;
    }
    return true;
}

static uint32_t count_of(struct str s, enum redaction kind)
{
    struct redaction_counts counts = {{0}};

    redact_text(nfc_text(s, &memory, NULL), REDACT_PEOPLE, &memory, &counts);
    return counts.n[kind];
}

static void judge(struct suite *suite, const struct walk *walk)
{
    uint32_t found = count_of(walk->text, suite->kind);

    suite->cases++;
    suite->right += (found > 0) == (walk->wanted > 0);
}

static void presidio(void)
{
    struct suite suites[] = {
        {"test_email_recognizer.py", REDACTION_EMAIL, 8, 0, 0},
        {"test_credit_card_recognizer.py", REDACTION_CARD, 18, 0, 0},
        {"test_iban_recognizer.py", REDACTION_ACCOUNT, 290, 0, 0},
        {"test_phone_recognizer.py", REDACTION_PHONE, 12, 0, 0},
    };
    struct str rest = read_suite("pii-presidio/cases.jsonl");
    struct json_parser *parser = json_parser_new();
    char what[120];

    if (!rest.p) {
        json_parser_free(parser);
        return;
    }
    while (rest.p) {
        struct walk walk = {.in_rest = false};

        if (json_parse(parser, str_cut(&rest, '\n')))
            continue;
        json_walk(parser, on_value, &walk);
        for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
            if (walk.known && str_eq(walk.source, str_of(suites[i].source)))
                judge(&suites[i], &walk);
    }
    json_parser_free(parser);
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        printf("# measured: presidio %s: %u of %u as Presidio says\n", suites[i].source,
               suites[i].right, suites[i].cases);
        snprintf(what, sizeof what, "%s: at least %u right", suites[i].source,
                 suites[i].right_least);
        tell(suites[i].right >= suites[i].right_least, what);
    }
}

static void stdnum(void)
{
    struct str rest = read_suite("stdnum/vn_mst_valid.txt");
    unsigned cases = 0, right = 0, phones = 0, announced = 0;

    if (!rest.p)
        return;
    while (rest.p) {
        struct str code = str_trim(str_cut(&rest, '\n'));
        char line[64];

        if (!code.n)
            continue;
        cases++;
        right += count_of(code, REDACTION_TAX) == 1;
        phones += count_of(code, REDACTION_PHONE) == 1;
        snprintf(line, sizeof line, "MST: %.*s", STR_ARG(code));
        announced += count_of(str_of(line), REDACTION_TAX) == 1;
    }
    printf("# measured: stdnum: of %u tax codes %u found alone, %u taken for phone numbers, which "
           "they are too; %u found behind their word\n",
           cases, right, phones, announced);
    tell(announced == cases && cases > 0, "stdnum: every tax code behind its word");
    tell(right + phones == cases, "stdnum: none stays, alone");
}

int main(void)
{
    shared = getenv("SOUNDINGS_SHARED");
    if (!shared)
        shared = "../shared";
    arena_init(&memory, "job", (size_t)1 << 28);
    presidio();
    stdnum();
    arena_free(&memory);
    printf("1..%u\n", tests);
    return failures > 0;
}
