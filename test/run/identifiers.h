/* identifiers.h - invented identifiers of people, and sentences that carry them; for tests.
 *
 * A carrier holds one '%'.  Every draw depends only on the generator given.
 */
#ifndef TEST_IDENTIFIERS_H
#define TEST_IDENTIFIERS_H

#include "base/rng.h"

#include <stdio.h>
#include <string.h>

enum identifier {
    ID_MOBILE,
    ID_MOBILE_INTL,
    ID_FIXED,
    ID_EMAIL,
    ID_HANDLE,
    ID_PROFILE,
    ID_CITIZEN,
    ID_CARD9,
    IDENTIFIERS
};

static const char *const carriers[] = {
    "Nước yếu quá, ai sửa gọi giúp em % với ạ",
    "liên hệ %",
    "Nhà mình mất điện từ 5h sáng, số của mình: %. Cảm ơn!",
    "%",
    "alo tổng đài ơi, em là Hoa (%), đường ngập 30 cm rồi",
    "hố ga trước số nhà 12 bốc mùi, báo mãi không ai trả lời, lh % nhe moi nguoi",
    "Ba hôm nay xe rác không tới\n%\nmong phường xem lại",
    "mình trả 250.000 đ tiền nước tháng 3 mà vẫn bị cắt, nhắn % giúp mình",
    "Please call back: % — the street light is out since 12/03/2026",
    "ai mất thẻ xe ở bến Đò thì hỏi %, mình nhặt được",
    "Đèn đỏ ngã tư hỏng, đã báo lúc 07:45 ngày 02-03-2026; cần thêm thì tìm %!",
};
enum { CARRIERS = sizeof carriers / sizeof *carriers };

static char digit(struct rng *rng)
{
    return (char)('0' + rng_below(rng, 10));
}

static void digits(struct rng *rng, char *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = digit(rng);
    out[n] = '\0';
}

static const char *pick(struct rng *rng, const char *const *list, size_t n)
{
    return list[rng_below(rng, n)];
}
#define PICK(rng, list) pick(rng, list, sizeof(list) / sizeof *(list))

/* Without the 0: nine digits of a mobile, ten of a fixed line. */
static void national(struct rng *rng, enum identifier kind, char out[16])
{
    static const char *const mobile[] = {"32", "35", "38",  "39",  "56",  "58", "59", "70",
                                         "76", "79", "81",  "85",  "88",  "90", "91", "93",
                                         "97", "98", "522", "559", "896", "993"};
    static const char *const fixed[] = {"243", "246", "283", "287", "225",
                                        "236", "292", "254", "203", "218"};
    const char *prefix = kind == ID_FIXED ? PICK(rng, fixed) : PICK(rng, mobile);
    size_t n = strlen(prefix);

    memcpy(out, prefix, n);
    digits(rng, out + n, (kind == ID_FIXED ? 10u : 9u) - n);
}

/* Puts separators into a run of digits: groups as people make them. */
static void separate(struct rng *rng, const char *plain, char *out)
{
    static const char *const separators[] = {" ", ".", "-", " - ", ". ", "–", "\xC2\xA0", "‑", "·"};
    const char *separator = PICK(rng, separators);
    size_t n = strlen(plain), next = 2 + rng_below(rng, 3), o = 0;

    for (size_t i = 0; i < n; i++) {
        if (i == next && n - i >= 2) {
            memcpy(out + o, separator, strlen(separator));
            o += strlen(separator);
            next = i + 2 + rng_below(rng, 3);
        }
        out[o++] = plain[i];
    }
    out[o] = '\0';
}

static void make_account(struct rng *rng, enum identifier kind, char out[128])
{
    static const char *const names[] = {"hoa.nguyen", "tuan_92", "bepnha",   "an.khanh.pham",
                                        "linhchi99",  "be_na",   "quang1987"};
    static const char *const hosts[] = {"gmail.com", "yahoo.com.vn", "hotmail.com",
                                        "song-xanh.example", "mail.example.org"};
    static const char *const links[] = {"https://www.facebook.com/%s",
                                        "fb.com/%s",
                                        "https://zalo.me/%s",
                                        "t.me/%s",
                                        "https://www.tiktok.com/@%s?lang=vi",
                                        "instagram.com/%s/",
                                        "https://x.com/%s/status/17",
                                        "twitter.com/%s",
                                        "https://youtube.com/@%s",
                                        "https://mastodon.example/@%s/11",
                                        "https://bsky.app/profile/%s.bsky.social",
                                        "threads.net/@%s",
                                        "https://m.facebook.com/profile.php?id=1000%s"};
    const char *name = PICK(rng, names);

    if (kind == ID_EMAIL)
        snprintf(out, 128, "%s%d@%s", name, (int)rng_below(rng, 1000), PICK(rng, hosts));
    else if (kind == ID_HANDLE)
        snprintf(out, 128, rng_below(rng, 4) ? "@%s" : "@%s@mang.example", name);
    else {
        const char *link = PICK(rng, links), *at = strstr(link, "%s");

        snprintf(out, 128, "%.*s%s%s", (int)(at - link), link, name, at + 2);
    }
}

/* One identifier; `separated` where separators are usual. */
static void make_identifier(struct rng *rng, enum identifier kind, bool separated, char out[128])
{
    static const char *const abroad[] = {"+84", "84", "0084", "+84 ", "(+84) "};
    char body[32] = "0", whole[64];

    switch (kind) {
    case ID_MOBILE:
    case ID_FIXED:
        national(rng, kind, body + 1);
        break;
    case ID_MOBILE_INTL:
        national(rng, ID_MOBILE, body);
        break;
    case ID_CITIZEN: /* province 001..096, century and sex, year, serial */
        snprintf(body, sizeof body, "0%02d%d", 1 + (int)rng_below(rng, 96), (int)rng_below(rng, 4));
        digits(rng, body + 4, 8);
        break;
    case ID_CARD9:
        digits(rng, body, 9);
        body[8] = (char)('1' + rng_below(rng, 9)); /* three zeros at the end read as money */
        snprintf(out, 128, "CMND %s", body);
        return;
    default:
        make_account(rng, kind, out);
        return;
    }
    if (separated)
        separate(rng, body, whole);
    else
        memcpy(whole, body, sizeof body);
    snprintf(out, 128, "%s%s", kind == ID_MOBILE_INTL ? PICK(rng, abroad) : "", whole);
    if (kind == ID_CITIZEN && separated)
        snprintf(out, 128, "CCCD %s", whole);
}

/* `carrier` with `identifier` in it; returns the length. */
static size_t fill_carrier(const char *carrier, const char *identifier, char *out, size_t room)
{
    const char *at = strchr(carrier, '%');

    return (size_t)snprintf(out, room, "%.*s%s%s", (int)(at - carrier), carrier, identifier,
                            at + 1);
}

#endif
