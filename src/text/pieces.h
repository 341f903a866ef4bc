/* pieces.h - a text as the pieces that words are made of: syllables, numbers, signs.
 *
 * A piece is a syllable; or what stays whole: a number ("1.000.000", "12/5", "3G", "43H-016"), an
 * abbreviation with its full stops ("TP.", "v.v."), an address (URL, e-mail, domain), a typed
 * placeholder of redaction; or a sign of punctuation (a run of the same sign is one piece); or one
 * character of a script without spaces.  Pieces cover every byte that is no space, in order, and do
 * not overlap.  (tokens of text/token.h cover syllables alone, with keys that forget tones: for
 * matching.  Keys here keep marks and tones and forget case and the place of the tone mark, so that
 * "Hoà" and "hòa" are one.)
 * Cost: one pass; some 5 bytes of array a byte of text, 50 at worst.  Pure.
 */
#ifndef TEXT_PIECES_H
#define TEXT_PIECES_H

#include "base/arena.h"
#include "text/fold.h"
#include "text/token.h"

/* What a piece looks like: three bits. */
enum {
    PIECE_LOW, /* lower case */
    PIECE_CAPITAL,
    PIECE_CAPITALS,    /* two capitals or more and nothing else */
    PIECE_ONE_CAPITAL, /* a single capital letter */
    PIECE_MIXED,
    PIECE_NUMBER,
    PIECE_SIGN,
    PIECE_END, /* . ! ? … and the like: a sentence may end here; also beyond both ends of the text
                */
    PIECE_LOOKS,
};
/* Flags of `space`, what stands before a piece. */
enum {
    PIECE_SPACED = 1, /* spaces or a line break, or it is the first */
    PIECE_BROKEN = 2, /* ... among them a line break, or it is the first */
    PIECE_APART = 4,  /* never of a word of several: a character of a script without spaces, an
                         abbreviation, an address, what redaction left */
};

/* What is known of each letter: with marks and tones, and without. */
struct piece_letters {
    uint64_t entry[2][FOLD_TABLE];
    uint64_t abbreviations[8]; /* a set, by hash: words that may go on with a full stop */
};

struct pieces {
    uint32_t n;
    uint64_t *key;             /* [n] of a syllable; arbitrary for other pieces */
    uint32_t *offset, *length; /* [n] bytes */
    uint8_t *look, *space;     /* [n] */
    uint32_t letters, marked,
        capitals; /* how many have letters; ... not ASCII; ... capitals alone */
};

void piece_letters_init(struct piece_letters *letters);
/* Arrays live in `batch`.  `bare`: keys forget all marks, so that "ngập" and "ngap" are one. */
struct pieces pieces_of(const struct piece_letters *letters, struct text text, bool bare,
                        struct arena *batch);
/* The same, not bare; and into *tokens what tokens_of() gives, for a quarter of its cost. */
struct pieces pieces_and_tokens(const struct piece_letters *letters, struct text text,
                                struct tokens *tokens, struct arena *batch);

#endif
