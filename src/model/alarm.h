/* alarm.h - one alarm: a series that rose in a window, and whether that proved right.
 */
#ifndef MODEL_ALARM_H
#define MODEL_ALARM_H

#include <stdbool.h>
#include <stdint.h>

/* Was it right?  It is the alarm that is judged: never a view, never a person. */
enum verdict {
    VERDICT_NONE,   /* nobody has judged yet; of the rule: too early */
    VERDICT_RIGHT,  /* it went on, or stands out against both sides */
    VERDICT_WRONG,  /* with both sides as baseline it was nothing unusual */
    VERDICT_UNSURE, /* not counted either way */
    VERDICTS
};

struct alarm {
    uint64_t id;
    int64_t known; /* ms: when it could first be known (end of the window, or when k was passed) */
    uint32_t window; /* enum window */
    int64_t start;
    uint32_t place, topic;
    uint64_t story;
    uint32_t observed; /* people, copies collapsed */
    uint32_t sources;  /* families */
    double expected, score, p, q;
    double doubt; /* of the expectation: variance beyond Poisson over its square (rises.h) */
    double q_max, ratio_min; /* the rule's, when it fired */
    enum verdict verdict;    /* of the rule of trend/hindsight.h */
    enum verdict desk;       /* of a person of the desk: goes before it */
    bool replayed;
};

/* What holds: the desk's word, else the rule's. */
enum verdict alarm_verdict(const struct alarm *alarm);
const char *verdict_name(enum verdict verdict); /* "right", "wrong", "unsure", "early" */

#endif
