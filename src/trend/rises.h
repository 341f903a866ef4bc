/* rises.h - is this count more than what this series does at this time, and how sure are we?
 *
 * Read README.md beside this file for the method, its papers and where it fails.  Pure.
 */
#ifndef TREND_RISES_H
#define TREND_RISES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* One earlier window of the same series. */
struct rises_past {
    int32_t ago;   /* windows back; below 0: after the window asked about, for hindsight alone */
    double count;  /* people, copies collapsed */
    double volume; /* of everything heard in that window; 0: nothing was heard, a gap, not calm */
};

struct rises_question {
    double count, volume; /* the window asked about */
    int32_t period;       /* windows in a week: 7 for days, 168 for hours, 1 for weeks */
    int32_t risen; /* windows back at which a rise that still lasts was told first; 0: none */
    const struct rises_past *past;
    size_t past_count;
};

struct rises_answer {
    bool ready;      /* enough past to say anything */
    double expected; /* for this weekday (and hour), at this volume */
    double score;    /* standard deviations above it, variance-stabilised */
    double doubt;    /* variance beyond Poisson over expected^2: the spread, what is unknown */
    double p;        /* chance of so many or more, were nothing new going on */
};

/* Of a negative binomial count with mean `expected` and variance expected + doubt * expected^2:
 * the chance of `count` or more, and how many standard deviations `count` lies above. */
double rises_tail(double count, double expected, double doubt);
double rises_score(double count, double expected, double doubt);

/* Looks at what lies before the window alone. */
struct rises_answer rises_ask(const struct rises_question *question);
/* Hindsight: the same of the window alone, with what lies after it as baseline too. */
struct rises_answer rises_between(const struct rises_question *question);
/* The windows after it up to the n-th, together, against what was expected before it: as if the
 * rise had not been.  `expected` is of their sum. */
struct rises_answer rises_after(const struct rises_question *question, int32_t n);

/* False-discovery control (Benjamini, Hochberg 1995): q[i] for p[i].  n questions asked together.
 */
void rises_control(const double *p, size_t n, double *q, struct arena *scratch);

/* The alarm rule: q at most this, from where hindsight.h moves it, and at least this many times the
 * expected. */
enum { RISES_MIN_PAST = 14 }; /* days heard before a series may alarm; 168 hours, 4 weeks */
extern const double rises_q_max, rises_ratio_min;

#endif
