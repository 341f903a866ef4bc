/* phones_peer.cc - the phone recogniser beside libphonenumber, on a million strings; run by hand.
 *
 *   make B=/tmp/b /tmp/b/libcore.a
 *   g++ -O2 -std=c++17 -Isrc test/perf/phones_peer.cc /tmp/b/libcore.a -lphonenumber -lxxhash \
 *       -licuuc -o /tmp/b/phones_peer && /tmp/b/phones_peer 1000000
 *
 * Debian's libphonenumber-dev 8.12.57.  A string is "0" and 8 to 11 digits, half of them with a
 * prefix that is in use.  Both must agree whether it is a mobile or fixed number of Vietnam; exit
 * status 1 when they do not.
 */
#include <cstdio>
#include <cstdlib>
#include <string>

#include <phonenumbers/phonenumberutil.h>
#define _Noreturn [[noreturn]]
#define _Static_assert static_assert
extern "C" {
#include "base/rng.h"
#include "intake/redact.h"
}

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static bool is_theirs(const std::string &digits)
{
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;

    if (util->Parse(digits, "VN", &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
        !util->IsValidNumberForRegion(number, "VN"))
        return false;
    switch (util->GetNumberType(number)) {
    case PhoneNumberUtil::MOBILE:
    case PhoneNumberUtil::FIXED_LINE:
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
        return true;
    default:
        return false;
    }
}

static bool is_ours(const std::string &digits, arena *batch)
{
    redaction_counts counts = {};

    redact_text(text{digits.data(), digits.size()}, REDACT_PEOPLE, batch, &counts);
    return counts.n[REDACTION_PHONE] > 0;
}

int main(int argc, char **argv)
{
    std::int64_t wanted = 1000000, differ = 0, phones = 0;
    arena batch;
    rng rng;

    if (argc > 1 && !str_to_int(str_of(argv[1]), &wanted))
        return 2;
    arena_init(&batch, "batch", std::size_t(1) << 24);
    rng_seed(&rng, 8);
    for (std::int64_t i = 0; i < wanted; i++) {
        std::string digits = "0";
        std::size_t length = 9 + rng_below(&rng, 4);

        if (rng_below(&rng, 2))
            digits += "235789"[rng_below(&rng, 6)];
        while (digits.size() < length)
            digits += char('0' + rng_below(&rng, 10));
        bool theirs = is_theirs(digits), ours = is_ours(digits, &batch);

        phones += theirs;
        if (ours != theirs && differ++ < 20)
            std::printf("%s: %s\n", digits.c_str(), theirs ? "missed" : "false");
        arena_reset(&batch);
    }
    std::printf("%lld strings, %lld phone numbers, %lld disagreements\n", (long long)wanted,
                (long long)phones, (long long)differ);
    return differ > 0;
}
