/* soundings.h - reads text of any kind, Vietnamese first: clean, fold, split, tell the language.
 *
 *     struct sdg_room *room;
 *     struct sdg_text folded;
 *
 *     if (sdg_room_open(0, &room) == SDG_OK) {
 *         if (sdg_fold("Ngập NƯỚC", strlen("Ngập NƯỚC"), room, &folded) == SDG_OK)
 *             puts(folded.p);                                          // ngap nuoc
 *         sdg_room_close(room);
 *     }
 *
 * Text is given as a pointer and a length, may be any bytes (NULL with length 0 too), and is never
 * changed or kept.  Every text that comes back is valid UTF-8 with a NUL behind it, and lives in
 * the room that was given, until sdg_room_clear or sdg_room_close; so the result of one call may be
 * given to the next.
 *
 * A function that can fail returns SDG_OK or what went wrong; then its output is untouched, and the
 * room may be used again.  Time is linear in the length.  The
 * same bytes give the same result on every machine.  The library has no global state, reads no
 * file, environment, clock or locale, and writes nothing.  A room belongs to one thread at a time;
 * a `struct sdg` is read only and may be used by all at once.
 *
 * Compile and link: cc program.c $(pkg-config --cflags --libs soundings).  See soundings(3).
 */
#ifndef SOUNDINGS_H
#define SOUNDINGS_H

#include <stddef.h>
#include <stdint.h>

/* Of this header; the library tells its own by sdg_version.  The number in the soname, 0, grows
 * when programs have to be compiled again. */
#define SDG_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif
#if defined __GNUC__
#pragma GCC visibility push(default)
#endif

enum sdg_code {
    SDG_OK = 0,
    SDG_NOMEM = 1,    /* the machine's memory, or what the room may hold, does not suffice */
    SDG_TOO_LONG = 2, /* more than SDG_LONGEST bytes at once: give them in parts */
    SDG_BROKEN = 3,   /* the data inside the library cannot be read: it was built wrongly */
    SDG_CLOSED = 4    /* the model that this needs was not opened: ask sdg_open for it */
};

enum { SDG_LONGEST = 16 * 1024 * 1024 };

/* What a code means, in English, without a newline at its end. */
const char *sdg_message(enum sdg_code code);
/* As SDG_VERSION, of the library that runs. */
const char *sdg_version(void);

/* --- Rooms: where results lie --------------------------------------------------------------- */

struct sdg_room;

/* Largest number of bytes that the room may take from the system; 0 stands for 1 GiB.  A call may
 * need up to 40 times its text for a moment; sdg_syllables, sdg_words and sdg_restore 120 times. */
enum sdg_code sdg_room_open(size_t max, struct sdg_room **out);
/* All results in the room are gone; its memory is kept for the next ones. */
void sdg_room_clear(struct sdg_room *room);
/* Gives everything back; NULL is nothing to close. */
void sdg_room_close(struct sdg_room *room);

struct sdg_text {
    const char *p; /* p[n] is NUL; there may be none before */
    size_t n;
};

/* --- What needs no model --------------------------------------------------------------------- */

/* The text as it was meant: UTF-8 in NFC (Unicode 15); text in VNI, TCVN3, VISCII, VIQR or
 * windows-1258, and UTF-8 encoded twice, read; tone marks in one place (hoà becomes hòa); what has
 * no width, is full-width or of another script and only looks Latin, replaced.  Twice is once. */
enum sdg_code sdg_normalise(const char *text, size_t n, struct sdg_room *room,
                            struct sdg_text *out);
/* Normalised, in lower case, without diacritics, d for đ: the form to match by, not to show. */
enum sdg_code sdg_fold(const char *text, size_t n, struct sdg_room *room, struct sdg_text *out);
/* Normalised, in lower case, with its diacritics: for those who want "má" apart from "mã". */
enum sdg_code sdg_lower(const char *text, size_t n, struct sdg_room *room, struct sdg_text *out);

struct sdg_syllable {
    size_t offset, length;  /* where it stands in the bytes given */
    struct sdg_text folded; /* as sdg_fold; never empty */
    uint64_t key; /* a hash of it, the same on every machine and in all releases of one soname */
};

struct sdg_syllables {
    const struct sdg_syllable *at; /* [n], in order, none over another */
    size_t n;
};

/* Runs of letters, marks and digits: what is between spaces and punctuation in Vietnamese and in
 * English; of scripts without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) every character. */
enum sdg_code sdg_syllables(const char *text, size_t n, struct sdg_room *room,
                            struct sdg_syllables *out);

enum sdg_writer {
    SDG_PERSON = 0, /* everything that identifies somebody goes */
    SDG_PUBLICATION =
        1 /* what belongs to offices and to the news stays: fixed lines, names, mail */
};

/* In NFC, with what identifies a person replaced by typed placeholders: [SĐT] for phone numbers,
 * [EMAIL], [TÀI KHOẢN] for handles and links to profiles, [CCCD] for identity numbers, and more as
 * soundings(3) tells, as they are written in Vietnam.  Twice is once.  It finds nearly all, which
 * is not all. */
enum sdg_code sdg_redact(const char *text, size_t n, enum sdg_writer writer, struct sdg_room *room,
                         struct sdg_text *out);

/* --- What needs models ----------------------------------------------------------------------- */

struct sdg;

/* Models to open, added up, and the memory that each takes. */
enum {
    SDG_LANGUAGES = 1, /* 2 MiB */
    SDG_SPELLING = 2,  /* 9 MiB */
    SDG_WORDS = 4,     /* 2 MiB */
    SDG_ALL = 7
};

/* Reads models that are inside the library: up to 50 ms, once in a program. */
enum sdg_code sdg_open(unsigned models, struct sdg **out);
/* NULL is nothing to close. */
void sdg_close(struct sdg *sdg);

struct sdg_language {
    char tag[16];      /* BCP 47 ("vi", "en", "zh"); "und" when it cannot be told */
    double confidence; /* 0 to 1; 0 with "und" alone */
};

/* SDG_LANGUAGES.  By the first 200 bytes or so.  Vietnamese is known with and without its
 * diacritics. */
enum sdg_code sdg_language(const struct sdg *sdg, const char *text, size_t n, struct sdg_room *room,
                           struct sdg_language *out);

struct sdg_word {
    size_t offset, length; /* in `text` of the struct below */
};

struct sdg_words {
    struct sdg_text text;      /* what was given, normalised */
    const struct sdg_word *at; /* [n], in order: all but the spaces between them */
    size_t n;
};

/* SDG_WORDS.  Vietnamese words, of one syllable or several ("thành phố"); signs are words too. */
enum sdg_code sdg_words(const struct sdg *sdg, const char *text, size_t n, struct sdg_room *room,
                        struct sdg_words *out);

/* What sdg_restore may read, added up. */
enum { SDG_MARKS = 1, SDG_SHORTHAND = 2 };

struct sdg_suggestion {
    size_t offset, length; /* in `text` of the struct below */
    struct sdg_text reads; /* what may stand there instead */
};

struct sdg_restored {
    struct sdg_text text;            /* what was given, normalised */
    struct sdg_text restored;        /* ... with all suggestions taken */
    const struct sdg_suggestion *at; /* [n], in order, none over another */
    size_t n;
};

/* SDG_SPELLING.  Vietnamese as its writer may have meant it: the diacritics that it lacks
 * (SDG_MARKS: "ngap nuoc", ngập nước), social spelling written out (SDG_SHORTHAND: "ko dc", không
 * được).  A suggestion for a person to take, or for search; never a correction in silence. */
enum sdg_code sdg_restore(const struct sdg *sdg, const char *text, size_t n, unsigned what,
                          struct sdg_room *room, struct sdg_restored *out);

#if defined __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
