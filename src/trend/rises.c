/* rises.c - expected counts, their spread, and the chance of so many; see rises.h and README.md.
 *
 * A series is a share of what is heard.  Its share at this phase of the week is drawn towards its
 * share over all phases by `prior` events, so that young series borrow and old ones do not.  Past
 * windows far above what the others expect of them are cut down to the edge, so that one rise does
 * not hide the next (Farrington et al. 1996; Noufaily et al. 2013).  A count is negative binomial:
 * Poisson, the spread that the past showed, and what we do not know of the mean.
 *
 * Two questions are put at once: is this window high, and are the last days together high?  The
 * second finds what grows too slowly for any one window.  The smaller chance counts, twice.
 */
#include "trend/rises.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double rises_q_max = 0.02, rises_ratio_min = 1.5;

static const double prior = 8;           /* events lent to a phase by the others */
static const double unseen = 0.5;        /* events every series is given before it began */
static const double spread_least = 0.02; /* squared coefficient of variation that is always there */
static const double spread_belief = 4;   /* windows' worth of belief in it */
static const double caution = 1.25;      /* a spread learned from a few weeks is too small */
static const double edge = 3;            /* standard deviations at which the past is cut */
static const double spread_first = 1;    /* taken before anything was learned */
static const double half_life = 3;       /* weeks after which a past window weighs a half */
enum { PAST_MAX = 2048, PASSES = 8, DAYS = 7, LEAST_WEEKS = 4, TERMS_MAX = 1000 };

/* Weighted sums over windows; `events` are unweighted: the evidence. */
struct sums {
    double count, volume, events;
};

/* The baseline: usable windows before the run of the last days. */
struct baseline {
    size_t n;
    size_t phase_count; /* the others are never looked at, and clearing them was half the cost */
    double count[PAST_MAX], cut[PAST_MAX], volume[PAST_MAX], weight[PAST_MAX];
    int32_t phase[PAST_MAX];
    double spread; /* variance of a count beyond Poisson, over the square of its expectation */
    struct sums all, phases[PAST_MAX];
};

struct forecast {
    double expected, variance;
    double doubt; /* variance beyond Poisson over the square of the expectation */
};

/* Windows that are judged together: a week of days, a day of hours, one week. */
static int32_t run_of(int32_t period)
{
    return period == DAYS ? DAYS : period > DAYS ? period / DAYS : 1;
}

static size_t least_past(int32_t period)
{
    if (period == DAYS)
        return RISES_MIN_PAST;
    return period > DAYS ? (size_t)period : LEAST_WEEKS;
}

static int32_t phase_of(int32_t ago, int32_t period)
{
    return (ago % period + period) % period % PAST_MAX;
}

static bool heard(const struct rises_past *window)
{
    return window->ago > 0 && window->volume > 0;
}

static void collect(const struct rises_question *question, bool both, struct baseline *baseline)
{
    int32_t run = run_of(question->period) + question->risen;

    baseline->n = 0;
    baseline->phase_count = question->period < PAST_MAX ? (size_t)question->period : PAST_MAX;
    for (size_t i = 0; i < question->past_count && baseline->n < PAST_MAX; i++) {
        const struct rises_past *window = &question->past[i];
        bool after = both && window->ago < 0 && window->volume > 0;
        int32_t far = after ? -window->ago : window->ago - question->risen;
        size_t n = baseline->n;

        if (!after && (!heard(window) || window->ago < run))
            continue;
        baseline->count[n] = baseline->cut[n] = window->count;
        baseline->volume[n] = window->volume;
        baseline->weight[n] = exp2(-(double)far / question->period / half_life);
        baseline->phase[n] = phase_of(window->ago, question->period);
        baseline->n++;
    }
}

static void add(struct sums *sums, const struct baseline *baseline, size_t i, double sign)
{
    sums->count += sign * baseline->weight[i] * baseline->cut[i];
    sums->volume += sign * baseline->weight[i] * baseline->volume[i];
    sums->events += sign * baseline->cut[i];
}

static void sum_up(struct baseline *baseline)
{
    baseline->all = (struct sums){0};
    memset(baseline->phases, 0, baseline->phase_count * sizeof *baseline->phases);
    for (size_t i = 0; i < baseline->n; i++) {
        add(&baseline->all, baseline, i, 1);
        add(&baseline->phases[baseline->phase[i]], baseline, i, 1);
    }
}

static struct forecast forecast(const struct sums *all, const struct sums *phase, double volume,
                                double spread)
{
    double share = (all->count + unseen * all->volume / (all->volume + volume)) / all->volume;
    double lent = fmin(prior, all->events + unseen);
    double expected = (phase->count + lent) / (phase->volume + lent / share) * volume;
    double doubt = spread + 1 / (fmax(phase->events, 0) + lent);

    return (struct forecast){expected, expected + expected * expected * doubt, doubt};
}

/* One round: every window judged by the others, cut at the edge, and the spread learned anew. */
static void judge_past(struct baseline *baseline)
{
    double excess = 0, squares = 0, believed;

    sum_up(baseline);
    for (size_t i = 0; i < baseline->n; i++) {
        struct sums all = baseline->all, phase = baseline->phases[baseline->phase[i]];
        struct forecast it;
        double distance = baseline->cut[i];

        add(&all, baseline, i, -1);
        add(&phase, baseline, i, -1);
        if (all.volume <= 0)
            continue;
        it = forecast(&all, &phase, baseline->volume[i], baseline->spread);
        distance -= it.expected;
        excess += distance * distance - it.expected;
        squares += it.expected * it.expected;
        baseline->cut[i] = fmin(baseline->count[i], it.expected + edge * sqrt(it.variance) + 1);
    }
    believed = baseline->n ? spread_belief * squares / (double)baseline->n : 0;
    if (squares > 0)
        baseline->spread =
            fmax(spread_least, caution * (excess + believed * spread_least) / (squares + believed));
}

/* Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
static double beta_fraction(double x, double a, double b)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), h;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    h = d;
    for (int m = 1; m <= TERMS_MAX; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step;

        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        h *= d * (fabs(c) < tiny ? tiny : c);
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        step = d * c;
        h *= step;
        if (fabs(step - 1) < 1e-13)
            break;
    }
    return h;
}

static double log_gamma(double x)
{
    int sign; /* lgamma would keep it in a global */

    return lgamma_r(x, &sign);
}

/* Regularised incomplete beta function I_x(a, b), a and b > 0, 0 <= x <= 1. */
static double beta_share(double x, double a, double b)
{
    double front;

    if (x <= 0 || x >= 1)
        return x >= 1;
    front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double rises_tail(double count, double expected, double doubt)
{
    double size = 1 / doubt;

    if (count < 1)
        return 1;
    return fmin(1, beta_share(expected / (expected + size), floor(count), size));
}

/* The chance of the last windows together, the one asked about included; 1 for a run of one. */
static double tail_of_run(const struct rises_question *question, const struct baseline *baseline)
{
    int32_t run = run_of(question->period);
    struct forecast sum = {0};
    double count = question->count;
    struct forecast now =
        forecast(&baseline->all, &baseline->phases[0], question->volume, baseline->spread);

    sum.expected = now.expected;
    for (size_t i = 0; i < question->past_count; i++) {
        const struct rises_past *window = &question->past[i];

        if (!heard(window) || window->ago >= run)
            continue;
        sum.expected +=
            forecast(&baseline->all, &baseline->phases[phase_of(window->ago, question->period)],
                     window->volume, baseline->spread)
                .expected;
        count += window->count;
    }
    sum.doubt = baseline->spread + 1 / (baseline->all.events + unseen);
    return run > 1 ? rises_tail(count, sum.expected, sum.doubt) : 1;
}

/* Variance-stabilised for the negative binomial (Anscombe 1948): inverse hyperbolic sine. */
static double stabilised(double count, double doubt)
{
    double x = sqrt(doubt * (count + 3.0 / 8));

    return 2 / sqrt(doubt) * log(x + sqrt(x * x + 1));
}

double rises_score(double count, double expected, double doubt)
{
    return stabilised(count, doubt) - stabilised(expected, doubt);
}

/* Whether there is enough past; the baseline is learned then. */
static bool learn(const struct rises_question *question, bool both, struct baseline *baseline)
{
    size_t usable = 0;

    for (size_t i = 0; i < question->past_count; i++)
        usable += heard(&question->past[i]);
    collect(question, both, baseline);
    if (usable < least_past(question->period) || !baseline->n || question->volume <= 0)
        return false;
    baseline->spread = spread_first;
    for (int pass = 0; pass < PASSES; pass++)
        judge_past(baseline);
    sum_up(baseline);
    return true;
}

static struct rises_answer answer_of(double count, const struct forecast *now, double p)
{
    return (struct rises_answer){.ready = true,
                                 .expected = now->expected,
                                 .score = rises_score(count, now->expected, now->doubt),
                                 .doubt = now->doubt,
                                 .p = p};
}

struct rises_answer rises_ask(const struct rises_question *question)
{
    struct baseline baseline;
    struct forecast now;

    if (!learn(question, false, &baseline))
        return (struct rises_answer){.p = 1};
    now = forecast(&baseline.all, &baseline.phases[0], question->volume, baseline.spread);
    return answer_of(question->count, &now,
                     fmin(1, 2 * fmin(rises_tail(question->count, now.expected, now.doubt),
                                      tail_of_run(question, &baseline))));
}

struct rises_answer rises_between(const struct rises_question *question)
{
    struct baseline baseline;
    struct forecast now;

    if (!learn(question, true, &baseline))
        return (struct rises_answer){.p = 1};
    now = forecast(&baseline.all, &baseline.phases[0], question->volume, baseline.spread);
    return answer_of(question->count, &now, rises_tail(question->count, now.expected, now.doubt));
}

struct rises_answer rises_after(const struct rises_question *question, int32_t n)
{
    struct baseline baseline;
    struct forecast sum = {0};
    double count = 0;

    if (!learn(question, false, &baseline))
        return (struct rises_answer){.p = 1};
    for (size_t i = 0; i < question->past_count; i++) {
        const struct rises_past *window = &question->past[i];
        int32_t phase = phase_of(window->ago, question->period);

        if (window->ago >= 0 || window->ago < -n || window->volume <= 0)
            continue;
        sum.expected +=
            forecast(&baseline.all, &baseline.phases[phase], window->volume, baseline.spread)
                .expected;
        count += window->count;
    }
    sum.doubt = baseline.spread + 1 / (baseline.all.events + unseen);
    if (sum.expected <= 0) /* nothing was heard since */
        return (struct rises_answer){.p = 1};
    return answer_of(count, &sum, rises_tail(count, sum.expected, sum.doubt));
}

struct ranked {
    double p;
    size_t at;
};

static int by_chance(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;

    return a->p < b->p ? -1 : a->p > b->p ? 1 : a->at < b->at ? -1 : a->at > b->at;
}

void rises_control(const double *p, size_t n, double *q, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct ranked *ranked = arena_array(scratch, n + 1, sizeof *ranked);
    double least = 1;

    for (size_t i = 0; i < n; i++)
        ranked[i] = (struct ranked){p[i], i};
    qsort(ranked, n, sizeof *ranked, by_chance);
    for (size_t rank = n; rank > 0; rank--) {
        least = fmin(least, ranked[rank - 1].p * (double)n / (double)rank);
        q[ranked[rank - 1].at] = least;
    }
    arena_rewind(scratch, mark);
}
