/* language.h - in which language a text is written, or that this cannot be told.
 *
 * Method: letters are counted by script; a script of one language decides by itself.  Where letters
 * of Vietnamese alone (ơ, ư, those with two marks) are dense, they decide without a look-up.  Else
 * languages that share a script gather log-odds: from the letters that they have and others lack,
 * from words, listed by hand or learned, and from endings of words that nobody knows.  Vietnamese
 * and English have learned rates of folded syllables and words besides, so that "nuoc ngap qua dau
 * goi" is told from English, and a word that is no Vietnamese syllable speaks against Vietnamese.
 * No language is told when the best is not clearly ahead.  112 bytes are read; when they leave
 * doubt, LANGUAGE_READS.  Cost: one hashed look-up a word (two for an unknown one), 0.1 us for five
 * words, about 1 us at most; nothing is allocated.  Pure.
 */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"

enum { LANGUAGE_READS = 384 };

struct language_model;

struct language_guess {
    struct str tag;    /* BCP 47, "und" when unsure; lives as long as the model */
    double confidence; /* 0 to 1 in hundredths; 0 with "und" alone */
};

/* The model from data/languages.tsv, data/models/syllables.tsv and data/models/languages.bin
 * (learned words, as tools/languages writes them; may be empty); *out in `process`, with views into
 * `languages`.  RC_BAD: a column is missing, a script is not known or its languages do not stand
 * together, a rate is no number, or there are more languages or letters than fit. */
enum rc language_read(struct str languages, struct str syllables, struct str words,
                      struct arena *process, const struct language_model **out, struct err *err);
/* Ill-formed bytes separate words.  Marks that NFC would compose are not seen. */
struct language_guess language_of(const struct language_model *model, struct str text);

#endif
