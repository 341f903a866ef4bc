/* telling.h - the facts of a briefing as sentences, the same for every face.
 *
 * All results live in the teller's job.  Pure.
 */
#ifndef PUBLISH_TELLING_H
#define PUBLISH_TELLING_H

#include "publish/facts.h"
#include "publish/wording.h"

struct teller {
    const struct brief_facts *facts;
    bool english;
    struct arena *job;
};

/* TELL(teller, W_X, part, part …): a sentence of the table. */
#define TELL(teller, word, ...)                                                                    \
    wording((teller)->english, (word), (const struct str[]){__VA_ARGS__},                          \
            sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str), (teller)->job)
#define TELL_WORD(teller, word) wording((teller)->english, (word), NULL, 0, (teller)->job)

/* Whether a number stands there, rather than "<k". */
bool tell_shown(const struct released *released);
/* "1.234", "dưới 20", "ít nhất 40", "150–170". */
struct str tell_number(const struct teller *teller, const struct released *released);
/* Cells of the table "where".  A hidden sum above a shown part is plainly not below k: "hidden". */
struct str tell_sum(const struct teller *teller, const struct told_topic *topic, size_t group);
struct str tell_city_sum(const struct teller *teller, const struct told_topic *topic);
struct str tell_where_key(const struct teller *teller);
/* For a table: "1.234", "<20", "≥40", "150–170". */
struct str tell_cell(const struct teller *teller, const struct released *released);
struct str tell_plain(const struct teller *teller, uint64_t number);
struct str tell_id(const struct teller *teller, uint64_t id); /* as it is typed: "1234" */
/* Words of people or of a publisher, in one line: control characters are spaces. */
struct str tell_words(const struct teller *teller, const struct released *released);
struct str tell_day(const struct teller *teller, int64_t day);      /* "22/11", "22 November" */
struct str tell_long_day(const struct teller *teller, int64_t day); /* with weekday and year */
struct str tell_week(const struct teller *teller, int64_t start);   /* its first and last day */
struct str tell_topic(const struct teller *teller, uint32_t topic);
struct str tell_place(const struct teller *teller, uint32_t place);

struct str tell_title(const struct teller *teller);
struct str tell_range(const struct teller *teller);
struct str tell_heard(const struct teller *teller, const struct told_counts *counts,
                      enum word word);
struct str tell_summary(const struct teller *teller);

struct str tell_rise_title(const struct teller *teller, const struct told_rise *rise);
struct str tell_rise_tag(const struct teller *teller, const struct told_rise *rise);
struct str tell_rise_people(const struct teller *teller, const struct told_rise *rise);
struct str tell_rise_counts(const struct teller *teller, const struct told_rise *rise);
struct str tell_rise_sources(const struct teller *teller, const struct told_rise *rise);
struct str tell_rise_since(const struct teller *teller, const struct told_rise *rise);
/* How many of the latest alarms proved right. */
struct str tell_score(const struct teller *teller);
/* How to ask why it fired. */
struct str tell_rise_why(const struct teller *teller, const struct told_rise *rise);
struct str tell_sure(const struct teller *teller, double q_at_most);
/* Where else it rose, and the wards with most people; empty without any. */
struct str tell_rise_places(const struct teller *teller, const struct told_rise *rise);
struct str tell_rise_wards(const struct teller *teller, const struct told_rise *rise);
/* The phrases of a story in quotation marks; empty without any. */
struct str tell_phrases(const struct teller *teller, const struct told_story *story);
/* What a chart of days shows. */
struct told_trend {
    const struct told_day *days;  /* [TREND_DAYS] */
    const struct released *usual; /* may be NULL */
    uint32_t place;
};
struct told_trend tell_trend_of_rise(const struct told_rise *rise);
struct str tell_trend(const struct teller *teller, const struct told_trend *trend);

struct str tell_story_label(const struct teller *teller, const struct told_story *story);
struct str tell_story_counts(const struct teller *teller, const struct told_story *story);
struct str tell_campaign(const struct teller *teller, const struct told_story *story);

struct str tell_source(const struct teller *teller, const struct told_source *source);
/* The sentences below the sources: bad lines, gaps, interruptions, places; and how to read. */
enum { TOLD_NOTES = 7 };
size_t tell_unheard(const struct teller *teller, struct str notes[TOLD_NOTES]);
size_t tell_how(const struct teller *teller, struct str notes[TOLD_NOTES]);

#endif
