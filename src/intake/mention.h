/* mention.h - where a text writes the name of a place, and which places are written so.
 *
 * A mention is a name with what announces it ("phường", "p.", "quận", "tp"), a number glued to its
 * cue ("P12", "Q1"), or a bare name of two syllables or more; the longest name counts.  Names are
 * compared folded, by the hashes of token.h; how well the diacritics agree is told apart
 * afterwards, syllable by syllable, wherever the tone mark stands.  Method: two bitmaps of 256
 * Ki bits say whether a syllable may be a cue or a pair of them begin a name, so that most
 * syllables cost two loads.  Linear.  Pure.
 */
#ifndef INTAKE_MENTION_H
#define INTAKE_MENTION_H

#include "model/place.h"
#include "text/token.h"

enum { NAME_LONGEST = 8 }; /* syllables of a name */

/* What kind of unit a cue announces, or a name bears: bits. */
enum unit_kind {
    KIND_PHUONG = 1 << 0,
    KIND_XA = 1 << 1,
    KIND_TOWN = 1 << 2,  /* thị trấn */
    KIND_ISLES = 1 << 3, /* đặc khu */
    KIND_QUAN = 1 << 4,
    KIND_HUYEN = 1 << 5,
    KIND_THI_XA = 1 << 6,
    KIND_CLUSTER = 1 << 7, /* a desk's own group of wards */
    KIND_CITY = 1 << 8,    /* of a province, or a province itself */
    KIND_TINH = 1 << 9,
    KINDS_WARD = KIND_PHUONG | KIND_XA | KIND_TOWN | KIND_ISLES,
    KINDS_GROUP = KIND_QUAN | KIND_HUYEN | KIND_THI_XA | KIND_CLUSTER | KIND_CITY,
    KINDS_PROVINCE = KIND_CITY | KIND_TINH,
};

/* One way to write a place. */
struct variant {
    uint32_t place;
    uint32_t next;     /* another variant that folds to the same syllables, or 0 */
    uint32_t spelling; /* first of its syllables in the index's spellings */
    uint16_t kinds;    /* what a cue before it may be */
    uint8_t syllables;
    uint8_t rank;   /* KINDS_WARD, KINDS_GROUP, KINDS_PROVINCE as 1, 2, 3 */
    bool only_cued; /* a number, one syllable, an alias written with its cue */
    bool glued;     /* "p12" */
    bool initials;  /* "PN": the first letters of a name */
    bool plain;     /* written without the diacritics that belong there */
};

struct mention_index;

enum spelling { SPELLING_OTHER, SPELLING_PLAIN, SPELLING_EXACT };

struct mention {
    uint32_t variant;    /* first of its chain */
    uint32_t begin, end; /* syllables, the cue among them */
    uint16_t kinds;      /* of the cue; 0 for a bare name */
    bool short_cue;      /* "p", "x", "khu": a cue that may be something else */
    bool capital;        /* every syllable begins with one */
    bool after_street;   /* "đường X", "chợ X": something else that bears the name */
    bool after_name;     /* a capital right before: a person's name, perhaps */
    bool after_at;       /* "ở X", "tại X" */
    bool marked;         /* some syllable is written with diacritics */
    bool former;         /* "X cũ" */
    uint64_t spelling[NAME_LONGEST];
};

/* Lives in `process`, its tables until mention_index_free; `gazetteer` must live as long. */
struct mention_index *mention_index_new(const struct gazetteer *gazetteer, struct arena *process);
void mention_index_free(struct mention_index *index);
const struct variant *mention_variant(const struct mention_index *index, uint32_t variant);
/* A place by its code, or 0. */
uint32_t mention_code(const struct mention_index *index, struct str code);
/* The first mention at or after syllable *from, which then is the one behind it; false when there
 * is none.  `field`: one syllable is a name as well. */
bool mention_next(const struct mention_index *index, struct text text, const struct tokens *tokens,
                  uint32_t *from, bool field, struct mention *out);
enum spelling mention_spelling(const struct mention_index *index, const struct mention *mention,
                               const struct variant *variant);

#endif
