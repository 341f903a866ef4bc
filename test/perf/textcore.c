/* textcore.c - MB/s of the text core and the gate on our own Vietnamese text; run by hand.
 *
 *   make B=… && cc … test/perf/textcore.c …; textcore [MiB]
 */
#include "base/clock.h"
#include "text/nfc.h"
#include "text/token.h"
#include "text/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const lines[] = {
    "Từ sáng tới giờ nước yếu lắm, tầng hai không có giọt nào, mong công ty kiểm tra giúp.",
    "Đèn đường trước cổng trường tắt ba hôm rồi, tối đi học về các cháu sợ.",
    "Hố ga đầu ngõ bốc mùi, mưa xuống là tràn ra sân nhà dân.",
    "Cho em hỏi lịch cắt điện tuần này ở phường Bến Đò với ạ, nhà em có người bệnh.",
    "ai biet khi nao xe rac quay lai khong, rac chat ca dong hai ngay nay roi",
    "Cảm ơn các anh chị đã sửa ống nước rất nhanh, chiều nay nước lại chảy mạnh.",
    "Xe buýt số 3 lại trễ hai mươi phút, đứng chờ dưới nắng mệt quá.",
    "The bus stop by the market has had no roof since the storm last week.",
};
enum { LINES = sizeof lines / sizeof *lines, POSTS_IN_BATCH = 512 };

static void tell(const char *what, size_t bytes, uint64_t from)
{
    double seconds = (double)(clock_ticks_ns() - from) / 1e9;

    printf("%-10s %8.0f MB/s\n", what, (double)bytes / 1e6 / seconds);
}

int main(int argc, char **argv)
{
    size_t want = (argc > 1 ? strtoul(argv[1], NULL, 10) : 64) << 20, n = 0;
    char *all = malloc(want + 256);
    struct arena batch;
    uint64_t from, sum = 0;
    size_t piece = 16 * 1024;

    arena_init(&batch, "batch", (size_t)1 << 30);
    for (size_t i = 0; n < want; i++, n++) {
        size_t length = strlen(lines[i * 7 % LINES]);

        memcpy(all + n, lines[i * 7 % LINES], length);
        n += length;
        all[n] = '\n';
    }
    from = clock_ticks_ns();
    for (size_t at = 0; at + piece < n;) {
        size_t cut = utf8_cut((struct str){all + at, n - at}, piece);

        sum += nfc_text((struct str){all + at, cut}, &batch, NULL).n;
        at += cut;
    }
    tell("nfc", n, from);
    from = clock_ticks_ns();
    for (size_t at = 0; at + piece < n;) {
        size_t cut = utf8_cut((struct str){all + at, n - at}, piece);
        struct tokens t = tokens_of((struct text){all + at, cut}, &batch);

        sum += t.folded[t.n / 2];
        at += cut;
        arena_reset(&batch);
    }
    tell("token", n, from);
    printf("%llu\n", (unsigned long long)sum);
    arena_free(&batch);
    free(all);
    return 0;
}
