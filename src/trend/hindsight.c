/* hindsight.c - alarms judged by what came after them; see hindsight.h and README.md.
 *
 * Whether a window stands out between what lies on both sides of it says little: what chance threw
 * up stands out as well, or it would not have been an alarm.  What chance threw up does not go on.
 * So an alarm is right when the next window, or the next ones together, lie above what there would
 * have been without it; or when it is not the first of its rise and still stands out.
 */
#include "trend/hindsight.h"

#include <math.h>

static const double stayed_most = 0.05; /* chance, of two questions, that nothing stayed */
static const double event_most = 1e-6;  /* of one window that nobody can call chance so easily */
enum { EVENT_SOURCES = 2 };

int32_t hindsight_windows(int32_t period)
{
    switch (period) {
    case 1:
        return 2; /* weeks */
    case 7:
        return 7; /* days */
    case 168:
        return 24; /* hours */
    default:
        return 12; /* 5 minutes */
    }
}

/* Whether half of what came after was heard. */
static bool was_heard(const struct rises_question *question, int32_t n)
{
    int32_t heard = 0;

    for (size_t i = 0; i < question->past_count; i++)
        heard += question->past[i].ago < 0 && question->past[i].ago >= -n &&
                 question->past[i].volume > 0;
    return 2 * heard >= n;
}

enum verdict hindsight_judge(const struct rises_question *question, double q_max, uint32_t sources)
{
    int32_t n = hindsight_windows(question->period);
    double stayed = 2 * fmin(rises_after(question, 1).p, rises_after(question, n).p);
    double between;

    if (!was_heard(question, n))
        return VERDICT_UNSURE;
    if (stayed <= stayed_most)
        return VERDICT_RIGHT;
    between = rises_between(question).p;
    if (between > q_max)
        return VERDICT_WRONG;
    if (question->risen > 0)
        return VERDICT_RIGHT;
    return between <= event_most && sources >= EVENT_SOURCES ? VERDICT_UNSURE : VERDICT_WRONG;
}

uint32_t hindsight_threshold(const enum verdict *judged, size_t n, uint32_t q_max)
{
    uint32_t right = 0, wrong = 0;

    for (size_t i = n > HINDSIGHT_LATEST ? n - HINDSIGHT_LATEST : 0; i < n; i++) {
        right += judged[i] == VERDICT_RIGHT;
        wrong += judged[i] == VERDICT_WRONG;
    }
    if (right + wrong < HINDSIGHT_LEAST)
        return q_max;
    if (5 * right < 4 * (right + wrong))
        return q_max / 2 > HINDSIGHT_FLOOR ? q_max / 2 : HINDSIGHT_FLOOR;
    if (n >= HINDSIGHT_LATEST && 20 * right > 19 * (right + wrong))
        return 2 * q_max < HINDSIGHT_CEILING ? 2 * q_max : HINDSIGHT_CEILING;
    return q_max;
}
