/* grammar.h - the hand-written corpus: stories, and the parts that their sentences are made of.
 *
 * Tables: data/demo/stories.tsv and grammar.tsv, columns described in data/demo/SOURCE.  A story
 * that has parts of its own of some sort uses those, any other the shared ones.  A part is a
 * pattern: "[a|b|]" is one of a, b and nothing, "{ward}" a slot to fill.  Pure.
 */
#ifndef SIM_GRAMMAR_H
#define SIM_GRAMMAR_H

#include "base/table.h"
#include "model/place.h"

enum shape {
    SHAPE_SUDDEN,
    SHAPE_SLOW,
    SHAPE_SEASONAL,
    SHAPE_CLAIM,
    SHAPE_CAMPAIGN,
    SHAPE_STEADY,
    SHAPE_NOISE,
    SHAPES /* how many there are */
};

enum part {
    PART_OPENER,
    PART_BODY,
    PART_DETAIL,
    PART_REMARK,
    PART_CLOSER,
    PART_TIME,
    PART_WHEN,
    PART_DAYS,
    PART_COPY,
    PART_EDIT,
    PART_PII,
    PARTS /* how many there are */
};

enum slot {
    SLOT_WARD,
    SLOT_TIME, /* a pattern of PART_TIME, without slots */
    SLOT_WHEN, /* likewise; a point in time, where SLOT_TIME may be since when */
    SLOT_DAYS,
    SLOT_ME,
    SLOT_PHONE,
    SLOT_EMAIL,
    SLOT_HANDLE,
    SLOT_CCCD,
    SLOT_NAME,
    SLOTS /* how many there are */
};

struct parts {
    struct str *texts; /* an opener, remark or closer may be empty */
    uint32_t n;
};

struct sim_story {
    struct str code, concern, unit;
    enum shape shape;
    double weight;                /* items a day, relative to the other stories */
    uint32_t *wards, ward_count;  /* places that it happens in */
    struct parts parts[PARTS][2]; /* [part][english] */
};

struct grammar {
    struct sim_story *stories;
    uint32_t n;
    struct parts shared[PARTS][2];
};

/* RC_BAD names the table and the line: an unknown story, part, shape, ward or slot, brackets that
 * do not match or lie within each other, a story without sentences. */
enum rc grammar_read(struct str stories, struct str sentences, const struct gazetteer *places,
                     struct arena *job, struct grammar *out, struct err *err);
/* Index of a story's code, or out->n. */
uint32_t grammar_story(const struct grammar *grammar, struct str code);
enum slot grammar_slot(struct str name); /* SLOTS: none of that name */
const struct parts *grammar_parts(const struct grammar *grammar, uint32_t story, enum part part,
                                  bool english);

#endif
