/* redact_recall.c - 100,000 invented identifiers of every type and form: how many are taken out.
 *
 * An identifier counts as found when the text around it stands unchanged and a placeholder of its
 * own type stands in its place: what is left of it, taken too much of it, or of another type, is a
 * miss.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/redact_identifiers.h"
#include "text/nfc.h"

enum { IDENTIFIERS = 100000, SHOWN = 3 };

static const unsigned least_of_1000[FORMS] = {999, 990, 950};

struct score {
    unsigned made, found;
};

static bool is_found(struct rng *rng, enum redaction kind, enum form form, struct arena *batch,
                     bool show)
{
    struct redaction_counts counts = {{0}};
    struct planted planted;
    char written[1200], wanted[1200];
    const char *carrier = identifier_carriers[rng_below(rng, IDENTIFIER_CARRIERS)];
    struct text text, composed;

    identifier_plant(rng, kind, form, &planted);
    identifier_carry(carrier, planted.written, written, sizeof written);
    identifier_carry(carrier, planted.wanted, wanted, sizeof wanted);
    text = redact_text(nfc_text(str_of(written), batch, NULL), REDACT_PEOPLE, batch, &counts);
    composed = nfc_text(str_of(wanted), batch, NULL);
    if (str_eq((struct str){text.p, text.n}, (struct str){composed.p, composed.n}))
        return true;
    if (show)
        print_message("missed: %s -> %.*s\n", written, (int)text.n, text.p);
    return false;
}

static void every_type_in_every_form(void **state)
{
    struct score scores[FORMS][REDACTIONS + 1] = {{{0}}};
    struct arena batch;
    struct rng rng;
    bool good = true;

    (void)state;
    rng_seed(&rng, 2026);
    arena_init(&batch, "batch", (size_t)1 << 24);
    for (int i = 0; i < IDENTIFIERS; i++) {
        enum redaction kind = (enum redaction)(i % REDACTIONS);
        enum form form = (enum form)(i / REDACTIONS % FORMS);
        struct score *score = &scores[form][kind], *all = &scores[form][REDACTIONS];
        bool found = is_found(&rng, kind, form, &batch, score->made - score->found < SHOWN);

        score->made++, all->made++;
        score->found += found, all->found += found;
        arena_reset(&batch);
    }
    print_message("%-10s %9s %9s %9s\n", "recall", "plain", "separated", "disguised");
    for (int kind = 0; kind <= REDACTIONS; kind++) {
        print_message("%-10s", kind < REDACTIONS ? redaction_name((enum redaction)kind) : "all");
        for (int form = 0; form < FORMS; form++) {
            struct score s = scores[form][kind];

            print_message(" %9.4f", (double)s.found / s.made);
            good = good && s.found * 1000ull >= (uint64_t)s.made * least_of_1000[form];
        }
        print_message("\n");
    }
    arena_free(&batch);
    assert_true(good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_type_in_every_form)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
