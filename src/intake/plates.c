/* plates.c - number plates of vehicles; see recognise.h and the table of PRIVACY P7.
 *
 * Civil: a province (11 to 99), one or two letters, four or five digits: "29A-123.45", "59X1
 * 234.56".  Red army: two letters, two pairs.  Diplomatic: a province, a country, NG, QT, NN or CV,
 * a number.  Without a word that announces a plate, the letters must be capitals or the grouping
 * that of a plate, so that bus lines, prices ("50k") and times ("10h 12345") stay.
 */
#include "intake/recognise.h"

#include <string.h>

enum { SERIAL_LEAST = 4, SERIAL_MOST = 6, VEHICLE_REACH = 10 };
/* What the words before say: nothing, "xe", "biển số". */
enum evidence { EVIDENCE_NONE, EVIDENCE_VEHICLE, EVIDENCE_PLATE };

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '-' || c == '.' || c == SHADOW_OTHER;
}

static size_t skip_spaces(const struct shadow *shadow, size_t at)
{
    size_t end = at;

    while (end < at + RUN_SEPARATORS && is_space(shadow_code(shadow, end)))
        end++;
    return end;
}

/* Codes of provinces; 80 is the ministries'. */
static bool is_province(int code)
{
    return code >= 11 && code <= 99 && code != 13 && code != 42 && code != 44 && code != 45 &&
           code != 46 && code != 87 && code != 91 && code != 96 && code != 10;
}

static int two_digits(const struct shadow *shadow, size_t i)
{
    if (!shadow_is_digit(shadow_code(shadow, i)) || !shadow_is_digit(shadow_code(shadow, i + 1)) ||
        shadow_is_digit(shadow_code(shadow, i + 2)))
        return -1;
    return (shadow_code(shadow, i) - '0') * 10 + shadow_code(shadow, i + 1) - '0';
}

/* How many digits of the run are the serial of a plate: 6 are a series' digit and five. */
static size_t serial_length(const struct shadow *shadow, const struct run *run)
{
    for (size_t n = SERIAL_MOST; n >= SERIAL_LEAST; n--)
        if (run_ends_at(run, n, 1) && run->end[n - 1] == run->index[n - 1] + 1 &&
            shadow_ends_at(shadow, run->end[n - 1]))
            return n; /* "53S5-3720 nằm": the last digit is no word */
    return 0;
}

/* Does what no word for plates announced look like one by itself? */
static bool looks_civil(const struct shadow *shadow, size_t letter, size_t serial,
                        const struct run *run, size_t n)
{
    bool upper = shadow_is_upper(shadow, letter), dotted = false;
    unsigned char behind = shadow_code(shadow, serial - 1);
    int year = run_number(run, 0, 2);

    for (size_t g = 1; g < run->groups; g++)
        dotted = dotted || (run->size[g] == 2 && run->size[g - 1] == 3);
    if (n == SERIAL_LEAST)
        return upper && behind == '-' && year != 19 && year != 20; /* "12A-2019" */
    if (upper || dotted || behind == '-')
        return true;
    return !shadow_is_one_of(shadow_code(shadow, letter), "dghklmpt") && run->size[0] == n;
}

/* Where the civil plate that begins at i ends; 0: none does. */
static size_t civil_end(const struct shadow *shadow, size_t i, enum evidence evidence)
{
    size_t letter, serial, n;
    struct run run;

    if (!is_province(two_digits(shadow, i)))
        return 0;
    letter = skip_spaces(shadow, i + 2);
    if (!shadow_is_letter(shadow_code(shadow, letter)))
        return 0;
    serial = letter + 1;
    serial += shadow_is_letter(shadow_code(shadow, serial));
    serial = skip_spaces(shadow, serial);
    if (!run_gather(shadow, serial, &run))
        return 0;
    n = serial_length(shadow, &run);
    if (!n || (evidence < EVIDENCE_PLATE && !looks_civil(shadow, letter, serial, &run, n) &&
               !(evidence && shadow_is_upper(shadow, letter))))
        return 0;
    return run.end[n - 1];
}

/* "41-291-NG-01", "80 NG 123 45". */
static size_t diplomatic_end(const struct shadow *shadow, size_t i, bool announced)
{
    static const char *const kinds[] = {"ng", "qt", "nn", "cv"};
    struct run run;
    size_t at, k = 0;

    if (!run_gather(shadow, i, &run) || run.n < 2 || run.n > 6 || run.size[0] < 2)
        return 0;
    at = skip_spaces(shadow, run.end[run.n - 1]);
    while (k < 4 && !shadow_spells(shadow, at, kinds[k]))
        k++;
    if (k == 4 || !(announced || (shadow_is_upper(shadow, at) && shadow_is_upper(shadow, at + 1))))
        return 0;
    at = skip_spaces(shadow, at + 2);
    if (!run_gather(shadow, at, &run))
        return 0;
    for (size_t n = 5; n >= 2; n--)
        if (run_ends_at(&run, n, 2) && shadow_ends_at(shadow, run.end[n - 1]))
            return run.end[n - 1];
    return 0;
}

/* "TM-12-34". */
static size_t army_end(const struct shadow *shadow, size_t i, bool announced)
{
    static const char first[] = "abcdhkmnpqtv";
    size_t at = skip_spaces(shadow, i + 2);
    struct run run;

    if (!shadow_is_letter(shadow_code(shadow, i)) ||
        !shadow_is_letter(shadow_code(shadow, i + 1)) || two_digits(shadow, at) < 0)
        return 0;
    if (!announced && (!shadow_is_one_of(shadow_code(shadow, i), first) ||
                       !shadow_is_upper(shadow, i) || !shadow_is_upper(shadow, i + 1)))
        return 0;
    run_gather(shadow, at, &run);
    if (run.groups < 2 || run.size[0] != 2 || run.size[1] != 2 || run.disguised)
        return 0;
    if (!announced && (run.separator[0] != '-' || shadow_code(shadow, at - 1) != '-'))
        return 0;
    return run.n == 4 && shadow_ends_at(shadow, run.end[3]) ? run.end[3] : 0;
}

static enum evidence evidence_at(const struct shadow *shadow, size_t i,
                                 const struct announced *announced)
{
    if (announced->kind != REDACTION_PLATE || !papers_is_announced(shadow, i, announced))
        return EVIDENCE_NONE;
    if (announced->strong)
        return EVIDENCE_PLATE;
    return i - announced->end <= VEHICLE_REACH ? EVIDENCE_VEHICLE : EVIDENCE_NONE;
}

bool plates_take(struct shadow *shadow, size_t i, const struct announced *announced)
{
    enum evidence evidence = evidence_at(shadow, i, announced);
    bool told = evidence == EVIDENCE_PLATE;
    enum joined joined = run_joined(shadow, i);
    size_t end;

    if (joined != JOINED_FREE && !(told && joined == JOINED_TO_WORD))
        return false;
    if (shadow_is_digit(shadow_code(shadow, i))) {
        end = civil_end(shadow, i, evidence);
        end = end ? end : diplomatic_end(shadow, i, told);
    } else {
        end = army_end(shadow, i, told);
    }
    if (!end)
        return false;
    shadow_take(shadow, i, end, REDACTION_PLATE);
    return true;
}
