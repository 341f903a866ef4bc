/* gate.c - any fields as an item: accepted and clean, or refused without a byte of it in the
 * message.
 *
 * Fields are separated by the byte 0xFF; the first byte says what is HTML, a feed's date, history.
 */
#include "base/err.h"
#include "intake/gate.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char table[] = "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
                            "LX\tLạc Xuyên\tcity\t-\t-\t-\t-\t-\n"
                            "LX-1\tBến Phà\tward\tLX\tp. bến phà|ben pha\t-\t-\t-\n";

static enum rc content_name(void *context, struct str *name, struct err *err)
{
    (void)context;
    (void)err;
    *name = STR("content");
    return RC_OK;
}

static void check(const struct gated *out, struct arena *batch)
{
    struct redacted_view view = redacted_view(out->post.text);
    struct redaction_counts counts = {{0}};
    enum redact_scope scope =
        out->post.kind == KIND_PUBLICATION ? REDACT_PUBLICATION : REDACT_PEOPLE;

    MUST(utf8_valid((struct str){view.p, view.n}) && view.n > 0 && view.n <= GATE_TEXT_MAX + 64);
    redact_text((struct text){view.p, view.n}, scope, batch, &counts);
    for (int i = 0; i < REDACTIONS; i++)
        MUST(counts.n[i] == 0);
    for (size_t i = 0; i < out->shown_id.n; i++)
        MUST(strchr("._-", out->shown_id.p[i]) ||
             (out->shown_id.p[i] >= '0' && out->shown_id.p[i] <= 'z'));
    MUST(out->post.heard <= 1772409600000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char key[32] = {1};
    struct source_settings sources[] = {{.name = {"file", 4}},
                                        {.name = {"bao", 3}, .publisher = {"Báo", 4}}};
    struct settings settings = {.retention_days = 30, .sources = sources, .source_count = 2};
    struct gate gate = {.settings = &settings,
                        .voice_key = key,
                        .now = 1772409600000,
                        .shows_ids = true,
                        .content_name = content_name};
    struct str rest = {(const char *)data + (size > 0), size - (size > 0)};
    struct raw_item raw = {.line = 1};
    struct str *fields[] = {&raw.text,    &raw.id,   &raw.time,        &raw.source,
                            &raw.kind,    &raw.lang, &raw.place,       &raw.title,
                            &raw.summary, &raw.url,  &raw.author_token};
    struct locator *locator;
    struct arena process, batch;
    struct gated out;
    struct err err;

    if (!size)
        return 0;
    arena_init(&process, "process", (size_t)1 << 24);
    arena_init(&batch, "batch", (size_t)1 << 30);
    MUST(gazetteer_read(STR(table), &process, &settings.places, &err) == RC_OK);
    gate.locator = locator = locator_new(&settings.places, &process);
    gate.history = data[0] & 1;
    raw.html = data[0] & 2;
    raw.feed_dates = data[0] & 4;
    for (size_t i = 0; i < sizeof fields / sizeof *fields && rest.p; i++)
        *fields[i] = str_cut(&rest, '\xFF');
    gate_init(&gate);
    if (gate_item(&gate, &raw, &batch, &out, &err) == RC_OK)
        check(&out, &batch);
    else
        MUST(err.rc == RC_BAD);
    gate_free(&gate);
    locator_free(locator);
    arena_free(&process);
    arena_free(&batch);
    return 0;
}
