/* positions.c - geographic positions, finer than any address; see recognise.h and PRIVACY P7.
 *
 * "16.0544, 108.2022", "108.2022 16.0544", "16°03'15\"N 108°12'08\"E": a latitude and a longitude
 * of the country, side by side, each to a hundred metres or finer.  Four decimals are wanted (with
 * three "16.054, 108.202" may be two prices) unless a word announces a position.  Links to maps are
 * in accounts.c.
 */
#include "intake/recognise.h"

enum { DECIMALS_LEAST = 4, DECIMALS_TOLD = 3, DECIMALS_MOST = 15, WORD_MOST = 6 };

/* One of the two numbers of a position. */
struct angle {
    int degrees;
    size_t decimals, end;
};

/* Up to `most` digits at *at: their value, *at moved behind them; -1: none or more. */
static int digits_at(const struct shadow *shadow, size_t *at, size_t most)
{
    int value = 0;
    size_t n = 0;

    for (; n <= most && shadow_is_digit(shadow_code(shadow, *at + n)); n++)
        value = value * 10 + shadow_code(shadow, *at + n) - '0';
    if (!n || n > most)
        return -1;
    *at += n;
    return value;
}

/* How many digits stand behind a point (or comma) at `at`. */
static size_t decimals_at(const struct shadow *shadow, size_t at)
{
    size_t n = 0;

    if (!shadow_is_one_of(shadow_code(shadow, at), ".,"))
        return 0;
    while (n < DECIMALS_MOST && shadow_is_digit(shadow_code(shadow, at + 1 + n)))
        n++;
    return n;
}

/* The sign of degrees, however it is written, at `at`: its length. */
static size_t degree_sign(const struct shadow *shadow, size_t at)
{
    unsigned char c = shadow_code(shadow, at);

    return c == SHADOW_OTHER || c == 'o';
}

static size_t minute_sign(const struct shadow *shadow, size_t at)
{
    unsigned char c = shadow_code(shadow, at);

    return c == SHADOW_OTHER || shadow_is_one_of(c, "'\"`");
}

/* Behind the letter of a direction: N, S, E, W, B(ắc), N(am), Đ(ông), T(ây). */
static size_t skip_direction(const struct shadow *shadow, size_t at)
{
    size_t letter = at + (shadow_code(shadow, at) == ' ');

    return shadow_is_one_of(shadow_code(shadow, letter), "nsewbdt") &&
                   !shadow_is_alnum(shadow_code(shadow, letter + 1))
               ? letter + 1
               : at;
}

/* "03'15\"", "03.25'" behind the degrees: minutes with seconds or decimals. */
static bool read_minutes(const struct shadow *shadow, size_t at, struct angle *angle)
{
    int seconds;

    if (digits_at(shadow, &at, 2) < 0)
        return false;
    if (decimals_at(shadow, at) >= 2) {
        at += 1 + decimals_at(shadow, at);
        angle->end = at + minute_sign(shadow, at);
        return true;
    }
    if (!minute_sign(shadow, at))
        return false;
    at += 1u + (shadow_code(shadow, at + 1) == ' ');
    seconds = digits_at(shadow, &at, 2);
    if (seconds < 0)
        return false;
    if (decimals_at(shadow, at))
        at += 1 + decimals_at(shadow, at);
    at += minute_sign(shadow, at);
    angle->end = at + minute_sign(shadow, at); /* two single signs */
    return true;
}

/* A number of degrees at `at`, with decimals or with minutes. */
static bool read_angle(const struct shadow *shadow, size_t at, struct angle *angle)
{
    angle->degrees = digits_at(shadow, &at, 3);
    angle->decimals = decimals_at(shadow, at);
    if (angle->degrees < 0)
        return false;
    if (angle->decimals) {
        angle->end = at + 1 + angle->decimals;
        angle->end += degree_sign(shadow, angle->end) && shadow_code(shadow, angle->end) != 'o';
    } else {
        if (!degree_sign(shadow, at) ||
            !read_minutes(shadow, at + 1u + (shadow_code(shadow, at + 1) == ' '), angle))
            return false;
        angle->decimals = DECIMALS_MOST;
    }
    angle->end = skip_direction(shadow, angle->end);
    return true;
}

static bool is_latitude(int degrees)
{
    return degrees >= 8 && degrees <= 23;
}

static bool is_longitude(int degrees)
{
    return degrees >= 102 && degrees <= 117;
}

/* Does a word before i announce a position: "tọa độ", "GPS:", "vị trí"? */
static bool is_told(const struct shadow *shadow, size_t i)
{
    static const char *const cues[] = {"độ", "gps", "trí", "vị", "map", "maps", NULL};
    size_t end = i, from;

    while (i - end < 3 && end > 0 && shadow_is_one_of(shadow_code(shadow, end - 1), " :,(=@"))
        end--;
    for (from = end; end - from <= WORD_MOST && shadow_is_letter(shadow_code(shadow, from - 1));)
        from--;
    return from < end && shadow_any_cue(shadow, from, cues);
}

bool positions_take(struct shadow *shadow, size_t i)
{
    struct angle first, second;
    enum joined joined = run_joined(shadow, i);
    size_t at, least;

    if ((joined != JOINED_FREE && joined != JOINED_TO_WORD) || !read_angle(shadow, i, &first) ||
        !(is_latitude(first.degrees) || is_longitude(first.degrees)))
        return false;
    for (at = first.end; at < first.end + 3 && shadow_is_one_of(shadow_code(shadow, at), " ,;/-");)
        at++;
    if (at == first.end || !read_angle(shadow, at, &second) ||
        !(is_latitude(first.degrees) ? is_longitude(second.degrees) : is_latitude(second.degrees)))
        return false;
    least = is_told(shadow, i) ? DECIMALS_TOLD : DECIMALS_LEAST;
    if (first.decimals < least || second.decimals < least ||
        shadow_is_digit(shadow_code(shadow, second.end)))
        return false;
    shadow_take(shadow, i, second.end, REDACTION_ADDRESS);
    return true;
}
