/* locate.c - any text as a place: one of today, with a probability, the same twice. */
#include "base/embedded.h"
#include "base/err.h"
#include "intake/locate.h"
#include "model/country.h"
#include "text/nfc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct desk {
    struct arena process;
    struct gazetteer places;
    struct locator *locator;
};

/* A city and the country, made once: the tables are large. */
static const struct desk *desk_of(bool country)
{
    static struct desk desks[2];
    struct desk *desk = &desks[country];
    struct err err;

    if (desk->locator)
        return desk;
    arena_init(&desk->process, "process", (size_t)1 << 28);
    MUST(country_cut(embedded_file("data/places.tsv"), country ? STR("VN") : STR("79"),
                     &desk->process, &desk->places, &err) == RC_OK);
    desk->locator = locator_new(&desk->places, &desk->process);
    return desk;
}

static void check(const struct desk *desk, struct located located)
{
    MUST(located.place < desk->places.n);
    MUST(located.place ? located.probability >= 0.5 && located.probability <= 1
                       : located.probability == 0);
    MUST(!located.place || !desk->places.places[located.place].successor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct desk *desk = desk_of(size && data[0] & 1);
    struct arena batch;
    struct text text;
    struct tokens tokens;
    struct located once, again;

    if (!size)
        return 0;
    arena_init(&batch, "batch", (size_t)1 << 30);
    text = nfc_text((struct str){(const char *)data + 1, size - 1}, &batch, NULL);
    tokens = tokens_of(text, &batch);
    once = locate_text(desk->locator, text, &tokens);
    again = locate_text(desk->locator, text, &tokens);
    check(desk, once);
    MUST(once.place == again.place && once.probability == again.probability);
    check(desk, locate_field(desk->locator, text, &batch));
    arena_free(&batch);
    return 0;
}
