/* redact_digits.h - how the invented identifiers of redact_identifiers.h write their digits. */
#ifndef RUN_REDACT_DIGITS_H
#define RUN_REDACT_DIGITS_H

#include "base/rng.h"
#include "intake/redact.h"
#include "text/token.h"

#include <stdio.h>
#include <string.h>

enum form { FORM_PLAIN, FORM_SEPARATED, FORM_DISGUISED, FORMS };
static const char *const form_names[FORMS] = {"plain", "separated", "disguised"};

enum { PLANTED_ROOM = 640 };

/* The identifier with the words that announce it, as written and as it must become. */
struct planted {
    char written[PLANTED_ROOM], wanted[PLANTED_ROOM];
};

static const char *one_of(struct rng *rng, const char *const *list, size_t n)
{
    return list[rng_below(rng, n)];
}
#define ONE_OF(rng, ...)                                                                           \
    one_of(rng, (const char *const[]){__VA_ARGS__},                                                \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static inline void append(char *out, const char *s)
{
    size_t n = strlen(out);

    snprintf(out + n, PLANTED_ROOM - n, "%s", s);
}

enum disguise { WIDE, KEYCAP, CIRCLED, ARABIC, INVISIBLE, EMOJI, LETTERS, NAMED, MIXED, DISGUISES };

static inline void append_code_point(char *out, uint32_t code_point)
{
    char bytes[5] = {0};

    utf8_put(bytes, code_point);
    append(out, bytes);
}

static inline void append_named(struct rng *rng, char *out, int digit, bool marks)
{
    static const char *const with[] = {"không", "một", "hai", "ba",  "bốn",
                                       "năm",   "sáu", "bảy", "tám", "chín"};
    static const char *const without[] = {"khong", "mot", "hai", "ba",  "bon",
                                          "nam",   "sau", "bay", "tam", "chin"};

    (void)rng;
    append(out, marks ? with[digit] : without[digit]);
}

static inline void append_digit(struct rng *rng, char *out, int digit, enum disguise how)
{
    static const uint32_t zero[] = {[WIDE] = 0xFF10, [ARABIC] = 0x660};
    char ascii[2] = {(char)('0' + digit), 0};

    switch (how) {
    case WIDE:
    case ARABIC:
        append_code_point(out, zero[how] + (uint32_t)digit);
        return;
    case CIRCLED:
        append_code_point(out, digit ? 0x2460 + (uint32_t)digit - 1 : 0x24EA);
        return;
    case LETTERS:
        append(out, digit == 0   ? ONE_OF(rng, "o", "O", "0")
                    : digit == 1 ? ONE_OF(rng, "l", "I", "1")
                                 : ascii);
        return;
    default:
        append(out, ascii);
        if (how == KEYCAP)
            append(out, "\xEF\xB8\x8F\xE2\x83\xA3");
    }
}

/* The digits of `plain` in disguise, the rest as it is. */
static inline void append_disguised(struct rng *rng, char *out, const char *plain,
                                    enum disguise how)
{
    const char *between = how == INVISIBLE ? ONE_OF(rng, "\xE2\x80\x8B", "\xC2\xAD", "\xE2\x81\xA0")
                          : how == EMOJI   ? ONE_OF(rng, "👍", "✨", " 📞 ", "❤")
                          : how >= NAMED   ? ONE_OF(rng, " ", " ", ", ", "-")
                                           : "";
    bool marks = rng_below(rng, 2), spoken = how == NAMED;

    for (const char *p = plain; *p; p++) {
        char other[2] = {*p, 0};

        if (*p < '0' || *p > '9') {
            append(out, other);
            continue;
        }
        if (how == MIXED)
            spoken = rng_below(rng, 2);
        if (spoken)
            append_named(rng, out, *p - '0', marks);
        else
            append_digit(rng, out, *p - '0', how);
        if (p[1] >= '0' && p[1] <= '9')
            append(out, how == EMOJI && rng_below(rng, 3) ? "" : between);
    }
}

/* Groups as people make them, one separator throughout. */
static inline void append_separated(struct rng *rng, char *out, const char *plain)
{
    const char *separator =
        ONE_OF(rng, " ", ".", "-", " - ", ". ", "–", "\xC2\xA0", "‑", "·", "_", " . ");
    size_t n = strlen(plain), next = 3 + rng_below(rng, 2);

    for (size_t i = 0; i < n; i++) {
        char c[2] = {plain[i], 0};

        if (i == next && n - i >= 2) {
            append(out, separator);
            next = i + 2 + rng_below(rng, 3);
        }
        append(out, c);
    }
}

static inline void append_form(struct rng *rng, char *out, const char *plain, enum form form)
{
    if (form == FORM_PLAIN)
        append(out, plain);
    else if (form == FORM_SEPARATED)
        append_separated(rng, out, plain);
    else
        append_disguised(rng, out, plain, (enum disguise)rng_below(rng, DISGUISES));
}

#endif
