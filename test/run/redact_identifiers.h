/* redact_identifiers.h - invented identifiers of people in every form, inside sentences of our own.
 *
 * Seeded: the same seed gives the same identifiers.  Every maker writes what stands in the text and
 * what must stand there after redaction, so that a test can ask for the exact result.  A '#' in a
 * pattern is a digit; what is not between '<' and '>' stays.
 */
#ifndef RUN_REDACT_IDENTIFIERS_H
#define RUN_REDACT_IDENTIFIERS_H

#include "run/redact_places.h"

static const char *const identifier_carriers[] = {
    "Nước yếu quá, ai sửa giúp với % ạ",
    "%",
    "Nhà mình mất điện từ 5h sáng, xin ghi lại: %. Cảm ơn!",
    "alo tổng đài ơi (%), đường ngập 30 cm rồi",
    "hố ga đầu chợ bốc mùi, báo mãi không ai trả lời, % nhe moi nguoi",
    "Ba hôm nay xe rác không tới\n%\nmong phường xem lại",
    "mình trả 250.000 đ tiền nước tháng 3 mà vẫn bị cắt, %, xin giúp",
    "Please help: % — the street light is out since 12/03/2026",
    "ai nhặt được thì trả lại nhé, %, cảm ơn nhiều 🙏",
    "Đèn đỏ ngã tư hỏng, đã báo lúc 07:45 ngày 02-03-2026; %!",
    "đã báo 1022 và 1900 1234 mà không ai tới; %",
    "giá 1.200.000 đ là quá cao, hồ sơ SX-2026-000123, %",
};
enum { IDENTIFIER_CARRIERS = sizeof identifier_carriers / sizeof *identifier_carriers };

/* --- identifiers with letters ------------------------------------------------------------------
 */

static enum disguise any_sign_disguise(struct rng *rng)
{
    static const enum disguise signs[] = {WIDE, KEYCAP, CIRCLED, ARABIC, INVISIBLE};

    return signs[rng_below(rng, sizeof signs / sizeof *signs)];
}

static inline void plant_lettered(struct rng *rng, enum redaction kind, enum form form,
                                  struct planted *out)
{
    const char *cue = kind == REDACTION_PASSPORT
                          ? ONE_OF(rng, "hộ chiếu ", "passport: ", "hộ chiếu số ")
                          : ONE_OF(rng, "thẻ BHYT ", "BHYT số ", "bảo hiểm y tế: ");
    const char *letters = kind == REDACTION_PASSPORT ? ONE_OF(rng, "B", "C", "P", "N")
                                                     : ONE_OF(rng, "DN", "HS", "GD", "TE", "HT");
    char plain[64];

    fill_digits(rng, kind == REDACTION_PASSPORT ? "#######" : "4############", plain);
    append(out->written, cue);
    append(out->wanted, cue);
    append(out->written, letters);
    if (form == FORM_SEPARATED)
        append(out->written, ONE_OF(rng, " ", "-", ""));
    if (form == FORM_DISGUISED)
        append_disguised(rng, out->written, plain, any_sign_disguise(rng));
    else
        append_form(rng, out->written, plain, form);
    append(out->wanted, placeholders[kind].p);
}

static inline void plant_plate(struct rng *rng, enum form form, struct planted *out)
{
    const char *cue = ONE_OF(rng, "biển số ", "xe máy ", "BKS: ", "ô tô ", "xe biển ");
    const char *plain =
        ONE_OF(rng, "29A-###.##", "51F-###.##", "30H#####", "59X1-###.##", "43B 011.##", "37A-####",
               "29AB-###.##", "80A-###.##", "TM-12-34", "KV-45-67", "80-NG-###-##", "41-291-NG-##");
    const char *loose = ONE_OF(rng, "29A - ### ##", "51F ### ##", "59 X1 ###.##", "30 H-##### ",
                               "29-A1 ###.##", "43B–011.##");
    char digits[64];

    fill_digits(rng, form == FORM_SEPARATED ? loose : plain, digits);
    if (digits[strlen(digits) - 1] == ' ')
        digits[strlen(digits) - 1] = '\0';
    if (form == FORM_SEPARATED)
        cue = ONE_OF(rng, "biển số ", "BKS: ", "biển kiểm soát ");
    append(out->written, cue);
    append(out->wanted, cue);
    if (form == FORM_DISGUISED)
        append_disguised(rng, out->written, digits, any_sign_disguise(rng));
    else
        append(out->written, digits);
    append(out->wanted, placeholders[REDACTION_PLATE].p);
}

static inline void plant_mail(struct rng *rng, enum form form, struct planted *out)
{
    const char *name = ONE_OF(rng, "hoa.nguyen", "tuan_92", "bepnha", "an.khanh.pham", "linhchi99",
                              "be_na", "quang1987");
    const char *host = ONE_OF(rng, "gmail", "yahoo", "hotmail", "song-xanh", "outlook");
    const char *top = ONE_OF(rng, "com", "vn", "org", "net");
    const char *sign = "@", *dot = ".";

    if (form == FORM_SEPARATED) {
        sign = ONE_OF(rng, " @ ", " @", "@ ");
        dot = ONE_OF(rng, ".", " . ", ". ");
    } else if (form == FORM_DISGUISED) {
        sign = ONE_OF(rng, "(at)", "[at]", " (at) ", " a còng ", "＠", "\xE2\x80\x8B@", "{at}",
                      " a cong ", "(a còng)");
        dot = ONE_OF(rng, ".", "(dot)", "[dot]", " chấm ", "[.]", " dot ", "。", " cham ");
    }
    snprintf(out->written, PLANTED_ROOM, "%s%s%s%s%s", name, sign, host, dot, top);
    append(out->wanted, placeholders[REDACTION_EMAIL].p);
}

static inline void plant_handle(struct rng *rng, enum form form, struct planted *out)
{
    const char *name = ONE_OF(rng, "hoa.nguyen", "tuan_92", "bepnha", "linhchi99", "quang1987");
    const char *plain =
        ONE_OF(rng, "@%", "@%@mang.example", "https://www.facebook.com/%", "fb.com/%",
               "https://zalo.me/%", "t.me/%", "https://www.tiktok.com/@%?lang=vi",
               "instagram.com/%/", "https://x.com/%/status/17", "https://youtube.com/@%",
               "https://mastodon.example/@%/11", "https://bsky.app/profile/%.bsky.social",
               "threads.net/@%", "https://m.facebook.com/profile.php?id=1000%", "did:plc:%");
    const char *network =
        ONE_OF(rng, "ig ", "fb ", "zalo ", "tele ", "Telegram: ", "insta: ", "fb của em là ",
               "nick zalo là ", "facebook: ", "zalo/tele: ");
    bool named = form != FORM_DISGUISED && rng_below(rng, 3) == 0;
    const char *loose = ONE_OF(rng, "＠%", "facebook。com/%", "fb•com/%", "zalo．me／%",
                               "face\xE2\x80\x8B"
                               "book.com/%",
                               "@\xE2\x80\x8B%", "ｆｂ.com/%", "t·me/%");
    const char *pattern = form == FORM_DISGUISED ? loose : named ? "%" : plain;
    const char *at = strchr(pattern, '%');

    if (named) {
        append(out->written, network);
        append(out->wanted, network);
        name =
            ONE_OF(rng, "hoa.nguyen", "tuan_92", "vana_sg", "linhchi99", "be.na92", "quang-1987");
    }
    snprintf(out->written + strlen(out->written), PLANTED_ROOM / 2, "%.*s%s%s", (int)(at - pattern),
             pattern, name, at + 1);
    append(out->wanted, placeholders[REDACTION_HANDLE].p);
}

/* What stands between '<' and '>' goes. */
static inline void plant_pattern(struct rng *rng, enum redaction kind, const char *pattern,
                                 bool disguised, struct planted *out)
{
    const char *open = strchr(pattern, '<'), *close = strchr(pattern, '>');
    char part[64], filled[64], kept[64];

    snprintf(kept, sizeof kept, "%.*s", (int)(open - pattern), pattern);
    snprintf(part, sizeof part, "%.*s", (int)(close - open - 1), open + 1);
    for (size_t n = 0; part[n]; n++) /* the first digit of a house is none of zero */
        if (part[n] == '#' && (n == 0 || part[n - 1] == ' ' || part[n - 1] == '/'))
            part[n] = (char)('1' + rng_below(rng, 9));
    fill_digits(rng, part, filled);
    append(out->written, kept);
    if (disguised)
        append_disguised(rng, out->written, filled, any_sign_disguise(rng));
    else
        append(out->written, filled);
    append(out->written, close + 1);
    append(out->wanted, kept);
    append(out->wanted, placeholders[kind].p);
    append(out->wanted, close + 1);
}

static inline void identifier_plant(struct rng *rng, enum redaction kind, enum form form,
                                    struct planted *out)
{
    bool disguised = form == FORM_DISGUISED;

    out->written[0] = out->wanted[0] = '\0';
    switch (kind) {
    case REDACTION_EMAIL:
        plant_mail(rng, form, out);
        return;
    case REDACTION_HANDLE:
        plant_handle(rng, form, out);
        return;
    case REDACTION_PASSPORT:
        plant_lettered(rng, kind, form, out);
        return;
    case REDACTION_PLATE:
        plant_plate(rng, form, out);
        return;
    case REDACTION_ADDRESS:
        plant_pattern(rng, kind, address_pattern(rng, form), disguised, out);
        return;
    case REDACTION_BIRTH:
        plant_pattern(rng, kind, birth_pattern(rng, form), disguised, out);
        return;
    case REDACTION_NAME:
        plant_pattern(rng, kind, name_pattern(rng, form), false, out);
        return;
    case REDACTION_INSURANCE:
        if (rng_below(rng, 2)) {
            plant_lettered(rng, kind, form, out);
            return;
        }
        break;
    default:
        break;
    }
    plant_number(rng, kind, form, out);
}

/* A carrier with `inside` at its '%'; returns the length. */
static inline size_t identifier_carry(const char *carrier, const char *inside, char *out,
                                      size_t room)
{
    const char *at = strchr(carrier, '%');

    return (size_t)snprintf(out, room, "%.*s%s%s", (int)(at - carrier), carrier, inside, at + 1);
}

#endif
