/* papers.c - numbers of papers, accounts and cards; see recognise.h and the table of PRIVACY P7.
 *
 * Most of these numbers look like any other, so a word must announce them: "STK", "mã số thuế",
 * "hộ chiếu".  By themselves stand: 12 digits that begin as a citizen's number does, 9 digits
 * alone, cards (Luhn), tax codes (check digit) that are no phone, IBAN (mod 97).
 */
#include "intake/recognise.h"

#include <string.h>

enum {
    ACCOUNT_LEAST = 6,
    ACCOUNT_MOST = 19,
    BANKED_LEAST = 8,
    SUM_LONGEST = 12, /* nobody writes of sums with more digits */
    IBAN_LEAST = 15,
    IBAN_MOST = 34,
};

static const struct {
    const char *word; /* folded */
    enum redaction kind;
    bool strong;
} announcing[] = {
    {"cccd", REDACTION_ID, true},
    {"cmnd", REDACTION_ID, true},
    {"cmtnd", REDACTION_ID, true},
    {"cmt", REDACTION_ID, true},
    {"can cuoc", REDACTION_ID, true},
    {"chung minh", REDACTION_ID, true},
    {"dinh danh", REDACTION_ID, true},
    {"ho chieu", REDACTION_PASSPORT, true},
    {"passport", REDACTION_PASSPORT, true},
    {"mst", REDACTION_TAX, true},
    {"ma so thue", REDACTION_TAX, true},
    {"tax code", REDACTION_TAX, true},
    {"bhxh", REDACTION_INSURANCE, true},
    {"bhyt", REDACTION_INSURANCE, true},
    {"bao hiem", REDACTION_INSURANCE, true},
    {"gplx", REDACTION_LICENCE, true},
    {"blx", REDACTION_LICENCE, true},
    {"bang lai", REDACTION_LICENCE, true},
    {"giay phep lai", REDACTION_LICENCE, true},
    {"driving licence", REDACTION_LICENCE, true},
    {"bien so", REDACTION_PLATE, true},
    {"bien kiem soat", REDACTION_PLATE, true},
    {"bien xe", REDACTION_PLATE, true},
    {"bks", REDACTION_PLATE, true},
    {"bsx", REDACTION_PLATE, true},
    {"xe", REDACTION_PLATE, false},
    {"o to", REDACTION_PLATE, false},
    {"stk", REDACTION_ACCOUNT, true},
    {"so tk", REDACTION_ACCOUNT, true},
    {"tai khoan", REDACTION_ACCOUNT, true},
    {"tk", REDACTION_ACCOUNT, true},
    {"account", REDACTION_ACCOUNT, true},
    {"vcb", REDACTION_ACCOUNT, false},
    {"vietcombank", REDACTION_ACCOUNT, false},
    {"tcb", REDACTION_ACCOUNT, false},
    {"techcombank", REDACTION_ACCOUNT, false},
    {"agribank", REDACTION_ACCOUNT, false},
    {"bidv", REDACTION_ACCOUNT, false},
    {"vietinbank", REDACTION_ACCOUNT, false},
    {"mbbank", REDACTION_ACCOUNT, false},
    {"mb bank", REDACTION_ACCOUNT, false},
    {"acb", REDACTION_ACCOUNT, false},
    {"sacombank", REDACTION_ACCOUNT, false},
    {"vpbank", REDACTION_ACCOUNT, false},
    {"tpbank", REDACTION_ACCOUNT, false},
    {"vib", REDACTION_ACCOUNT, false},
};

bool papers_is_announced(const struct shadow *shadow, size_t at, const struct announced *announced)
{
    if (!announced->end || at < announced->end || at - announced->end > ANNOUNCED_REACH)
        return false;
    for (size_t i = announced->end; i < at; i++)
        if (shadow_code(shadow, i) == SHADOW_TAKEN)
            return false;
    return true;
}

bool papers_announced(const struct shadow *shadow, size_t i, struct announced *announced)
{
    unsigned char first = shadow_code(shadow, i);

    for (size_t k = 0; k < sizeof announcing / sizeof *announcing; k++) {
        size_t n = 0;

        if ((unsigned char)announcing[k].word[0] == first &&
            shadow_spells(shadow, i, announcing[k].word))
            n = strlen(announcing[k].word);
        if (!n || shadow_is_letter(shadow_code(shadow, i + n)))
            continue;
        if (!announcing[k].strong && announced->strong && papers_is_announced(shadow, i, announced))
            announced->end = i + n; /* "STK VCB …": the bank of the account */
        else
            *announced = (struct announced){announcing[k].kind, i + n, announcing[k].strong};
        return true;
    }
    return false;
}

/* How many digits belong together: one group, or groups of two and more with one separator, or all
 * when they stand digit by digit. */
static size_t account_digits(const struct run *run)
{
    size_t n = run->size[0];

    if ((n == 1 && run->size[1] == 1) || memchr(run->separator, SHADOW_OTHER, run->groups))
        return run->n;
    for (size_t g = 1; g < run->groups; g++) {
        if (run->size[g] == 1 || run->separator[g - 1] != run->separator[0] ||
            n + run->size[g] > ACCOUNT_MOST)
            break;
        n += run->size[g];
    }
    return n;
}

static bool is_hotline(const struct run *run, size_t n)
{
    return (n == 8 || n == 10) &&
           (memcmp(run->digit, "1800", 4) == 0 || memcmp(run->digit, "1900", 4) == 0);
}

static size_t account_length(const struct shadow *shadow, const struct run *run, bool strong)
{
    size_t n = account_digits(run);

    if (n < (strong ? ACCOUNT_LEAST : BANKED_LEAST) || n > ACCOUNT_MOST || !run->last[n - 1] ||
        run_begins_with_date(run) || (!strong && run_is_moment(run)) || is_hotline(run, n))
        return 0;
    return n < SUM_LONGEST && run_is_money(shadow, run, n) ? 0 : n;
}

/* 10 digits whose last is their check digit, or these and "-001". */
static size_t tax_length(const struct run *run)
{
    static const int weights[9] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0;

    if (run->n < 10 || run->digit[9] - '0' < 0)
        return 0;
    for (int i = 0; i < 9; i++)
        sum += (run->digit[i] - '0') * weights[i];
    if (10 - sum % 11 != run->digit[9] - '0')
        return 0;
    if (run->n >= 13 && run->last[12] && memcmp(run->digit + 10, "000", 3) != 0)
        return 13;
    return run->last[9] ? 10 : 0;
}

/* Twelve digits of a citizen's number: province 001..096, century and sex, year of birth. */
static bool is_citizen_number(const struct run *run)
{
    int province = run_number(run, 0, 3);

    return province >= 1 && province <= 96 && run->digit[3] <= '3';
}

static size_t announced_length(const struct shadow *shadow, const struct run *run,
                               const struct announced *announced)
{
    switch (announced->kind) {
    case REDACTION_ACCOUNT:
        return account_length(shadow, run, announced->strong);
    case REDACTION_TAX:
        if (tax_length(run))
            return tax_length(run);
        return run->size[0] == 10 ? 10 : 0;
    case REDACTION_INSURANCE:
        return run_ends_at(run, 10, 1) && !run_is_money(shadow, run, 10) ? 10 : 0;
    case REDACTION_LICENCE:
        return run_ends_at(run, 12, 1) ? 12 : 0;
    case REDACTION_ID:
        if (run_ends_at(run, 12, 1))
            return 12;
        return run_ends_at(run, 9, 1) ? 9 : 0;
    default:
        return 0;
    }
}

static bool passes_luhn(const struct run *run, size_t n)
{
    int sum = 0;

    for (size_t i = 0; i < n; i++) {
        int digit = run->digit[n - 1 - i] - '0';

        if (i & 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* How the digits of a card are grouped: all in one, or fours (4-6-5, 4-6-4 of two makes); digit by
 * digit when they are disguised. */
static bool is_grouped_as_card(const struct run *run, size_t n)
{
    int years = 0;

    if (run->size[0] == n || (run->size[0] == 1 && run->size[1] == 1) ||
        memchr(run->separator, SHADOW_OTHER, run->groups))
        return true;
    if (run->size[0] != 4 || run->groups < 3)
        return false;
    for (size_t i = 0; i < n; i += 4)
        years += run->digit[i] == '2' && run->digit[i + 1] == '0';
    return n < 16 ? run->size[1] == 6 : run->size[1] == 4 && run->size[2] == 4 && years < 3;
}

static size_t card_length(const struct run *run)
{
    const char *d = run->digit;

    for (size_t n = 19; n >= 14; n--) {
        bool issued = n == 16   ? d[0] >= '2' && !run_is_moment(run)
                      : n == 19 ? memcmp(d, "9704", 4) == 0
                      : n == 15 ? d[0] == '1' || (d[0] == '3' && (d[1] == '4' || d[1] == '7'))
                      : n == 14 ? d[0] == '3' && strchr("0689", d[1])
                                : false;

        if (issued && run_ends_at(run, n, 1) && is_grouped_as_card(run, n) && passes_luhn(run, n))
            return n;
    }
    return 0;
}

/* An identity number that nothing announced. */
static size_t bare_identity_length(const struct shadow *shadow, const struct run *run)
{
    if (run->size[0] == 9 && !run->disguised)
        return run_is_money(shadow, run, 9) ? 0 : 9;
    if (run->n < 12 || !is_citizen_number(run) || (run->size[0] == 12 && run_is_moment(run)))
        return 0;
    return run_ends_at(run, 12, run->disguised ? 1 : 3) ? 12 : 0;
}

static bool take_if_alone(struct shadow *shadow, const struct run *run, size_t length,
                          enum redaction kind)
{
    if (!length || !shadow_ends_at(shadow, run->end[length - 1]))
        return false;
    shadow_take(shadow, run->index[0], run->end[length - 1], kind);
    return true;
}

/* A publisher may print accounts and tax codes of firms and funds. */
static bool is_in_scope(enum redaction kind, enum redact_scope scope)
{
    return scope == REDACT_PEOPLE || (kind != REDACTION_ACCOUNT && kind != REDACTION_TAX);
}

bool papers_take(struct shadow *shadow, const struct run *run, const struct announced *announced,
                 enum redact_scope scope)
{
    size_t at = run->index[0];
    enum joined joined = run_joined(shadow, at);
    bool told = papers_is_announced(shadow, at, announced);

    if ((joined != JOINED_FREE && (joined != JOINED_TO_WORD || !told)) ||
        shadow_code(shadow, at - 1) == '#')
        return false;
    if (told && is_in_scope(announced->kind, scope) &&
        take_if_alone(shadow, run, announced_length(shadow, run, announced), announced->kind))
        return true;
    return take_if_alone(shadow, run, card_length(run), REDACTION_CARD) ||
           take_if_alone(shadow, run, bare_identity_length(shadow, run), REDACTION_ID);
}

bool papers_take_tax(struct shadow *shadow, const struct run *run)
{
    size_t length = run->size[0] == 10 || run->size[0] == 13 ? tax_length(run) : 0;
    bool dashed = length == 13 && run->size[0] == 10 && run->separator[0] == '-';

    if (length == 13 && run->size[0] == 10 && !dashed)
        length = 10;
    if (!length || run->disguised || run_joined(shadow, run->index[0]) != JOINED_FREE ||
        shadow_code(shadow, run->index[0] - 1) == '#' || run_is_money(shadow, run, length))
        return false;
    return take_if_alone(shadow, run, length, REDACTION_TAX);
}

/* The two letters in front of a health insurance number: whom it insures. */
static bool is_insured_group(const struct shadow *shadow, size_t i)
{
    static const char groups[] =
        " dn hx ch nn tk hc xk ht tb no ct xb tn cs qn ca cy xn ms cc ck cb kc hd te bt hn dt dk "
        "xd ts tc tq ta ty hg ls pv hs sv gb gd th tv td tu ba ";
    char group[] = {' ', (char)shadow_code(shadow, i), (char)shadow_code(shadow, i + 1), ' ', 0};

    return strstr(groups, group) && shadow_is_upper(shadow, i) && shadow_is_upper(shadow, i + 1);
}

/* Where the IBAN that begins at i ends; 0: none does. */
static size_t iban_end(const struct shadow *shadow, size_t i)
{
    unsigned char value[IBAN_MOST];
    size_t n = 0, at = i, end = 0;

    while (n < IBAN_MOST) {
        unsigned char c = shadow_code(shadow, at);
        unsigned sum = 0;

        if ((c == ' ' || c == '-') && n % 4 == 0)
            c = shadow_code(shadow, ++at);
        if (!shadow_is_digit(c) && (c < 'a' || c > 'z'))
            break;
        value[n++] = (unsigned char)(shadow_is_digit(c) ? c - '0' : c - 'a' + 10);
        at++;
        if (n < IBAN_LEAST || shadow_is_alnum(shadow_code(shadow, at)))
            continue;
        for (size_t k = 0; k < n; k++) {
            unsigned v = value[(k + 4) % n];

            sum = (sum * (v < 10 ? 10 : 100) + v) % 97;
        }
        end = sum == 1 ? at : end;
    }
    return end;
}

static bool take_iban(struct shadow *shadow, size_t i)
{
    size_t end;

    if (!shadow_is_letter(shadow_code(shadow, i + 1)) ||
        !shadow_is_digit(shadow_code(shadow, i + 2)) ||
        !shadow_is_digit(shadow_code(shadow, i + 3)) || !shadow_is_upper(shadow, i))
        return false;
    end = iban_end(shadow, i);
    if (!end || !shadow_ends_at(shadow, end))
        return false;
    shadow_take(shadow, i, end, REDACTION_ACCOUNT);
    return true;
}

/* Passport and health insurance: one or two letters, then digits. */
static bool take_lettered(struct shadow *shadow, size_t i, const struct announced *announced)
{
    bool told = papers_is_announced(shadow, i, announced);
    size_t letters = 1 + shadow_is_letter(shadow_code(shadow, i + 1)), at = i + letters, length = 0;
    enum redaction kind = letters == 1 ? REDACTION_PASSPORT : REDACTION_INSURANCE;
    struct run run;

    while (at < i + letters + RUN_SEPARATORS && shadow_is_one_of(shadow_code(shadow, at), " -."))
        at++;
    if (!shadow_is_digit(shadow_code(shadow, at)) || !run_gather(shadow, at, &run))
        return false;
    if (letters == 1)
        length = !told || announced->kind != kind ? 0 : run_ends_at(&run, 8, 1) ? 8 : 7;
    else if (run.digit[0] >= '1' && run.digit[0] <= '5' &&
             ((told && announced->kind == kind) || is_insured_group(shadow, i)))
        length = 13;
    if (!length || !run_ends_at(&run, length, 1) || !shadow_ends_at(shadow, run.end[length - 1]))
        return false;
    shadow_take(shadow, i, run.end[length - 1], kind);
    return true;
}

bool papers_take_lettered(struct shadow *shadow, size_t i, const struct announced *announced,
                          enum redact_scope scope)
{
    return run_joined(shadow, i) == JOINED_FREE &&
           (take_lettered(shadow, i, announced) ||
            (scope == REDACT_PEOPLE && take_iban(shadow, i)));
}
