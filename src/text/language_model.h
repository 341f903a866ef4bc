/* language_model.h - what language_read makes and language_of looks up; for these two files alone.
 *
 * Everything that is looked up by a word lies in one table of 8-byte slots: words, endings (under
 * keys of another kind) and the learned weights of Vietnamese and English.  The units that a word
 * gives to languages are two sets of 128 bits; equal ones are kept once.  A key is made of the
 * folded bytes of a word; its upper half is kept, with the learned units in the two lowest bits.
 */
#ifndef TEXT_LANGUAGE_MODEL_H
#define TEXT_LANGUAGE_MODEL_H

#include "text/fold.h"
#include "text/language.h"

#include <endian.h>
#include <string.h>

enum {
    SLOT_BITS = 16,
    BITS = 128,    /* languages of shared scripts */
    LETTERS = 256, /* letters that tell languages apart; 0 is none */
    BLOCK = 16,    /* code points of one script, everywhere in Unicode 15 but for strays */
    BLOCKS = 0x10000 / BLOCK,
    UNIT = 24,               /* weights are in 1/16 nat, and many are counted in units of this */
    UNKNOWN = 6,             /* what a word costs a language that does not list it */
    UNKNOWN_VIETNAMESE = 48, /* its syllables are a closed set */
    LEVEL_MOST = 3,          /* units of a word */
    PRIOR_MOST = 3           /* units before the first word; taken off again from all */
};

enum script {
    SCRIPT_NONE,
    LATIN,
    CYRILLIC,
    ARABIC,
    HEBREW,
    DEVANAGARI,
    BENGALI,
    HAN,
    KANA,
    HANGUL,
    THAI,
    LAO,
    KHMER,
    MYANMAR,
    GREEK,
    TAMIL,
    TELUGU,
    KANNADA,
    MALAYALAM,
    GUJARATI,
    GURMUKHI,
    ORIYA,
    SINHALA,
    GEORGIAN,
    ARMENIAN,
    ETHIOPIC,
    TIBETAN,
    THAANA,
    CHEROKEE,
    CANADIAN,
    YI,
    SYRIAC,
    SCRIPTS
};

typedef uint64_t set __attribute__((vector_size(BITS / 8)));

/* Units that a word gives to languages: one, two, or both together. */
struct units_of_word {
    set ones, twos;
};

struct slot {
    uint32_t check; /* 0: free */
    uint8_t vietnamese, english;
    uint16_t units; /* of the other languages that have it, by number; 0 is empty */
};

/* A code point of few bytes, folded. */
struct quick {
    uint8_t bytes[4], n; /* n of QUICK_NOT: it separates words, or has more bytes than before */
    uint8_t class;       /* of the letter */
};

enum { QUICK = 0x1000, QUICK_NOT = 4 };

struct language_model {
    struct slot *slots;
    struct units_of_word *units;
    uint32_t used; /* slots */
    uint32_t bits, letters;
    uint8_t letter[FOLD_TABLE];
    struct quick quick[QUICK];
    set letter_sets[LETTERS];
    uint8_t letter_units[LETTERS];
    uint8_t script[BLOCKS];
    struct str tags[SCRIPTS]; /* of a script's first language */
    struct str shared[BITS];  /* tags by bit */
    uint8_t first[SCRIPTS], count[SCRIPTS];
    set prior[2];                    /* planes of the units that languages begin with */
    set of_script[SCRIPTS], weighed; /* Vietnamese and English */
    uint32_t vietnamese, english;    /* bits; BITS when the table has none */
};

static const uint64_t language_spread = 0x9E3779B97F4A7C15u;

/* Bits from..127. */
static inline set bits_from(uint32_t from)
{
    return (set){from < 64 ? ~UINT64_C(0) << from : 0, from < 64     ? ~UINT64_C(0)
                                                       : from < BITS ? ~UINT64_C(0) << (from - 64)
                                                                     : 0};
}

/* Bits from..end-1. */
static inline set range_set(uint32_t from, uint32_t end)
{
    return bits_from(from) & ~bits_from(end);
}

static inline set bit_set(uint32_t bit)
{
    return range_set(bit, bit + 1);
}

static inline bool any(set s)
{
    return (s[0] | s[1]) != 0;
}

static inline uint64_t load(const unsigned char *p)
{
    uint64_t bytes;

    memcpy(&bytes, p, sizeof bytes);
    return le64toh(bytes);
}

/* The first n bytes, others 0. */
static inline uint64_t keep(uint64_t bytes, uint32_t n)
{
    return n >= 8 ? bytes : bytes & ((UINT64_C(1) << 8 * n) - 1);
}

/* Eight bytes may be read behind the word. */
static inline uint64_t key_of(const unsigned char *word, uint32_t n)
{
    uint64_t key = keep(load(word), n) * language_spread;

    for (uint32_t at = 8; at < n; at += 8)
        key = (key ^ key >> 32 ^ keep(load(word + at), n - at)) * language_spread;
    key = (key ^ key >> 32) * language_spread;
    return key;
}

/* Where the last three letters of a word begin. */
static inline uint32_t tail_of(const unsigned char *text, uint32_t from, uint32_t end)
{
    for (int letters = 0; letters < 3 && end > from; letters++)
        for (end--; end > from && text[end] >> 6 == 2;)
            end--;
    return end;
}

static inline uint64_t ending_key(const unsigned char *text, uint32_t from, uint32_t end)
{
    uint32_t tail = end - 3;

    if (end < from + 3 || (text[end - 1] | text[end - 2] | text[end - 3]) & 0x80)
        tail = tail_of(text, from, end);
    return (key_of(text + tail, end - tail) ^ language_spread) * language_spread;
}

/* Of the bits that learned words are kept in, but for those of their level. */
static inline uint32_t check_of(uint64_t key)
{
    return (uint32_t)(key >> 32) | LEVEL_MOST;
}

static inline uint32_t slot_of(const struct language_model *model, uint64_t key)
{
    uint32_t at = (uint32_t)(key >> (64 - SLOT_BITS)), check = check_of(key);

    while (model->slots[at].check && model->slots[at].check != check)
        at = (at + 1) & ((1u << SLOT_BITS) - 1);
    return at;
}

/* Writes the code point as it stands in the folded text, returns how many bytes. */
static inline uint32_t put_folded(unsigned char *out, uint32_t folded)
{
    if (folded < 0x80) {
        out[0] = (unsigned char)folded;
        return 1;
    }
    if (folded < 0x800) {
        out[0] = (unsigned char)(0xC0 | folded >> 6);
        out[1] = (unsigned char)(0x80 | (folded & 0x3F));
        return 2;
    }
    out[0] = (unsigned char)(0xE0 | (folded >> 12 & 0x0F));
    out[1] = (unsigned char)(0x80 | (folded >> 6 & 0x3F));
    out[2] = (unsigned char)(0x80 | (folded & 0x3F));
    return 3;
}

#endif
