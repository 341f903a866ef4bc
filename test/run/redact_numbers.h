/* redact_numbers.h - invented identifiers made of digits, for redact_identifiers.h. */
#ifndef RUN_REDACT_NUMBERS_H
#define RUN_REDACT_NUMBERS_H

#include "run/redact_digits.h"

/* --- identifiers made of digits ----------------------------------------------------------------
 */

/* '#' any digit, others as they are. */
static inline void fill_digits(struct rng *rng, const char *pattern, char out[64])
{
    size_t n = 0;

    for (; pattern[n] && n < 63; n++)
        out[n] = pattern[n] == '#' ? (char)('0' + rng_below(rng, 10)) : pattern[n];
    out[n] = '\0';
    if (n > 3 && strcmp(out + n - 3, "000") == 0)
        out[n - 1] = '7'; /* three zeros at the end read as a sum */
}

static inline void make_phone(struct rng *rng, char out[64])
{
    fill_digits(rng,
                ONE_OF(rng, "032#######", "035#######", "039#######", "056#######", "058#######",
                       "070#######", "076#######", "079#######", "081#######", "085#######",
                       "088#######", "090#######", "091#######", "093#######", "097#######",
                       "098#######", "0522######", "0559######", "0896######", "0993######",
                       "0243#######", "0246#######", "0283#######", "0287#######", "0225#######",
                       "0236#######", "0292#######", "0254#######"),
                out);
}

static inline void make_tax(struct rng *rng, char out[64])
{
    static const int weights[9] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum, check;

    do {
        fill_digits(rng, ONE_OF(rng, "01########", "03########", "10########", "80########"), out);
        sum = 0;
        for (int i = 0; i < 9; i++)
            sum += (out[i] - '0') * weights[i];
        check = 10 - sum % 11;
    } while (check > 9);
    out[9] = (char)('0' + check);
}

static inline void make_card(struct rng *rng, char out[64])
{
    int sum = 0;

    fill_digits(rng, ONE_OF(rng, "4###############", "5###############", "9704############"), out);
    for (int i = 0; i < 15; i++) {
        int d = out[14 - i] - '0';

        if (i % 2 == 0)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    out[15] = (char)('0' + (10 - sum % 10) % 10);
}

static inline void make_citizen(struct rng *rng, char out[64])
{
    fill_digits(rng,
                ONE_OF(rng, "001##9######", "079#########", "0360########", "0401########",
                       "0012########", "0303########"),
                out);
    out[3] = (char)('0' + rng_below(rng, 4));
}

static const char *cue_of(struct rng *rng, enum redaction kind)
{
    switch (kind) {
    case REDACTION_PHONE:
        return ONE_OF(rng, "", "", "sđt ", "LH: ", "gọi ", "zalo ", "ĐT: ", "số của mình ");
    case REDACTION_ID:
        return ONE_OF(rng, "CCCD ", "căn cước: ", "số CCCD ", "cccd: ", "số định danh ");
    case REDACTION_TAX:
        return ONE_OF(rng, "MST ", "mã số thuế: ", "mst: ");
    case REDACTION_INSURANCE:
        return ONE_OF(rng, "BHXH ", "mã số BHXH: ", "thẻ BHYT ", "số bảo hiểm: ");
    case REDACTION_LICENCE:
        return ONE_OF(rng, "GPLX ", "bằng lái số ", "giấy phép lái xe: ");
    case REDACTION_ACCOUNT:
        return ONE_OF(rng, "STK ", "số tài khoản: ", "stk VCB ", "tk Techcombank: ", "Số TK ",
                      "chuyển khoản vào tài khoản ");
    case REDACTION_CARD:
        return ONE_OF(rng, "thẻ ", "", "số thẻ: ");
    default:
        return "";
    }
}

static inline void make_number(struct rng *rng, enum redaction kind, char out[64])
{
    switch (kind) {
    case REDACTION_PHONE:
        make_phone(rng, out);
        return;
    case REDACTION_ID:
        make_citizen(rng, out);
        return;
    case REDACTION_TAX:
        make_tax(rng, out);
        return;
    case REDACTION_CARD:
        make_card(rng, out);
        return;
    case REDACTION_INSURANCE:
        fill_digits(rng, "79########", out);
        return;
    case REDACTION_LICENCE:
        fill_digits(rng, ONE_OF(rng, "79##########", "01##########", "48##########"), out);
        return;
    default:
        fill_digits(rng,
                    ONE_OF(rng, "0071#########", "1903##########", "9###############",
                           "060########", "2######", "3100########", "10########"),
                    out);
    }
}

static inline void plant_number(struct rng *rng, enum redaction kind, enum form form,
                                struct planted *out)
{
    const char *cue = cue_of(rng, kind);
    char plain[64];

    if (kind == REDACTION_ID && form == FORM_PLAIN && rng_below(rng, 3) == 0) {
        cue = ONE_OF(rng, "CMND ", "cmnd: ", "chứng minh nhân dân ");
        fill_digits(rng, "2#######1", plain);
    } else {
        make_number(rng, kind, plain);
    }
    append(out->written, cue);
    append(out->wanted, cue);
    if (kind == REDACTION_CARD && form == FORM_SEPARATED) {
        const char *separator = ONE_OF(rng, " ", "-", ".", " - ", "\xC2\xA0");
        char fours[96];

        snprintf(fours, sizeof fours, "%.4s%s%.4s%s%.4s%s%s", plain, separator, plain + 4,
                 separator, plain + 8, separator, plain + 12);
        append(out->written, fours);
    } else if (kind == REDACTION_PHONE && rng_below(rng, 4) == 0 && form != FORM_DISGUISED) {
        append(out->written, ONE_OF(rng, "+84", "+84 ", "0084"));
        append_form(rng, out->written, plain + 1, form);
    } else {
        append_form(rng, out->written, plain, form);
    }
    append(out->wanted, placeholders[kind].p);
}

#endif
