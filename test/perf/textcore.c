/* textcore.c - MB/s of the text core and of the gate on our own Vietnamese text; run by hand.
 *
 *   make B=/tmp/b /tmp/b/libcore.a
 *   cc -O2 -std=c17 -D_GNU_SOURCE -Isrc test/perf/textcore.c /tmp/b/libcore.a -lxxhash -licuuc \
 *       -lxml2 -lsodium -lm -o /tmp/b/textcore && /tmp/b/textcore 64
 */
#include "base/clock.h"
#include "intake/gate.h"
#include "intake/html.h"
#include "text/nfc.h"
#include "text/normalise.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static const char *const lines[] = {
    "Từ sáng tới giờ nước yếu lắm, tầng hai không có giọt nào, mong công ty kiểm tra giúp.",
    "Đèn đường trước cổng trường tắt ba hôm rồi, tối đi học về các cháu sợ.",
    "Hố ga đầu ngõ bốc mùi, mưa xuống là tràn ra sân nhà dân, báo từ hôm 12/3 chưa thấy ai tới.",
    "Cho em hỏi lịch cắt điện tuần này ở phường Bến Đò với ạ, nhà em có người bệnh.",
    "ai biet khi nao xe rac quay lai khong, rac chat ca dong hai ngay nay roi",
    "Cảm ơn các anh chị đã sửa ống nước rất nhanh, chiều nay nước lại chảy mạnh “như xưa”.",
    "Xe buýt số 3 lại trễ hai mươi phút, đứng chờ dưới nắng mệt quá 😓",
    "The bus stop by the market has had no roof since the storm last week.",
    "Tuyến cống dài 420 m xong trước mùa mưa, kinh phí 1.200.000.000 đồng; phản ánh gọi 1022.",
};
enum { LINES = sizeof lines / sizeof *lines, POST = 220, ROUND = 512 };

static const char places[] = "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
                             "SX\tSông Xanh\tcity\t-\t-\t-\t-\t-\n"
                             "SX-01\tBến Đò\tward\tSX\tp. bến đò\t-\t-\t-\n"
                             "SX-02\tCầu Mây\tward\tSX\tp. cầu mây\t-\t-\t-\n";

struct corpus {
    char *bytes;
    struct str *posts; /* of about POST bytes */
    size_t n, size;
};

static void make_corpus(struct corpus *corpus, size_t want)
{
    size_t at = 0, start = 0;

    corpus->bytes = malloc(want + 1024);
    corpus->posts = malloc((want / POST + 2) * sizeof *corpus->posts);
    corpus->n = 0;
    for (size_t i = 0; at < want; i++) {
        const char *line = lines[i * 7 % LINES];
        size_t length = strlen(line);

        memcpy(corpus->bytes + at, line, length);
        at += length;
        corpus->bytes[at++] = '\n';
        if (at - start >= POST) {
            corpus->posts[corpus->n++] = (struct str){corpus->bytes + start, at - start};
            start = at;
        }
    }
    corpus->size = start;
}

static struct gate gate;

static size_t run_nfc(struct str post, struct arena *batch, uint64_t i)
{
    (void)i;
    return nfc_text(post, batch, NULL).n;
}

static size_t run_normalise(struct str post, struct arena *batch, uint64_t i)
{
    struct normalise_counts counts = {{0}};

    (void)i;
    return normalise_text(post, batch, &counts).n;
}

/* What normalise is measured against: NFC alone, by way of UTF-16 and back. */
static size_t run_icu(struct str post, struct arena *batch, uint64_t i)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t room = (int32_t)post.n * 3 + 1, n = 0;
    UChar *wide = arena_array(batch, (size_t)room, sizeof *wide);
    UChar *composed = arena_array(batch, (size_t)room, sizeof *composed);
    char *out = arena_alloc(batch, (size_t)room);

    (void)i;
    u_strFromUTF8(wide, room, &n, post.p, (int32_t)post.n, &status);
    n = unorm2_normalize(unorm2_getNFCInstance(&status), wide, n, composed, room, &status);
    u_strToUTF8(out, room, &n, composed, n, &status);
    return U_SUCCESS(status) ? (size_t)n : 0;
}

static size_t run_token(struct str post, struct arena *batch, uint64_t i)
{
    (void)i;
    return tokens_of((struct text){post.p, post.n}, batch).n;
}

static size_t run_redact(struct str post, struct arena *batch, uint64_t i)
{
    struct redaction_counts counts = {{0}};

    (void)i;
    return redact_text((struct text){post.p, post.n}, REDACT_PEOPLE, batch, &counts).n;
}

static size_t run_html(struct str post, struct arena *batch, uint64_t i)
{
    (void)i;
    return html_to_text(post, batch).n;
}

static size_t run_gate(struct str post, struct arena *batch, uint64_t i)
{
    char id[24], token[24];
    struct raw_item raw = {.text = post,
                           .source = STR("dien-dan"),
                           .time = STR("2026-03-01T10:00:00+07:00"),
                           .line = i};
    struct gated out;
    struct err err;

    raw.id = (struct str){id, (size_t)snprintf(id, sizeof id, "m%llu", (unsigned long long)i)};
    raw.author_token = (struct str){
        token, (size_t)snprintf(token, sizeof token, "u%llu", (unsigned long long)i % 999)};
    return gate_item(&gate, &raw, batch, &out, &err) == RC_OK ? redacted_length(out.post.text) : 0;
}

static void measure(const char *what, const struct corpus *corpus,
                    size_t (*run)(struct str, struct arena *, uint64_t))
{
    struct arena batch;
    uint64_t from = clock_ticks_ns();
    size_t kept = 0;
    double seconds;

    arena_init(&batch, "batch", (size_t)1 << 28);
    for (size_t i = 0; i < corpus->n; i++) {
        kept += run(corpus->posts[i], &batch, i);
        if (i % ROUND == 0)
            arena_reset(&batch);
    }
    seconds = (double)(clock_ticks_ns() - from) / 1e9;
    printf("%-9s %6.0f MB/s %10.0f posts/s   (%zu)\n", what, (double)corpus->size / 1e6 / seconds,
           (double)corpus->n / seconds, kept);
    arena_free(&batch);
}

int main(int argc, char **argv)
{
    static const unsigned char key[32] = {7};
    struct source_settings sources[] = {{.name = {"file", 4}}, {.name = {"dien-dan", 8}}};
    struct settings settings = {
        .retention_days = 30, .sources = sources, .source_count = 2, .zone = {7 * HOUR_MS}};
    struct corpus corpus;
    struct locator *locator;
    struct arena process;
    int64_t mebibytes = 64;
    struct err err;

    if (argc > 1 && (!str_to_int(str_of(argv[1]), &mebibytes) || mebibytes < 1))
        return 2;
    make_corpus(&corpus, (size_t)mebibytes << 20);
    arena_init(&process, "process", (size_t)1 << 24);
    if (sodium_init() < 0 || gazetteer_read(STR(places), &process, &settings.places, &err) != RC_OK)
        return 1;
    locator = locator_new(&settings.places, &process);
    gate = (struct gate){
        .settings = &settings, .locator = locator, .voice_key = key, .now = 1772409600000};
    gate_init(&gate);
    measure("icu nfc", &corpus, run_icu);
    measure("nfc", &corpus, run_nfc);
    measure("normalise", &corpus, run_normalise);
    measure("token", &corpus, run_token);
    measure("redact", &corpus, run_redact);
    measure("html", &corpus, run_html);
    measure("gate", &corpus, run_gate);
    gate_free(&gate);
    locator_free(locator);
    arena_free(&process);
    free(corpus.posts);
    free(corpus.bytes);
    return 0;
}
