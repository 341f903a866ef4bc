/* shorthand.c - the list, and where it applies; see shorthand.h.
 *
 * Forms are found by their folded key, then compared as written (without case): "hông" is read,
 * "hong" is not.  The task is lexical normalisation (T. Baldwin et al., "Shared Tasks of the 2015
 * Workshop on Noisy User-generated Text", 2015; for Vietnamese T.-N. Nguyen et al., "ViLexNorm",
 * EACL 2024, whose neural model has an error reduction rate of .577); a list was chosen because a
 * person can read why a suggestion is made, and add to it.
 * Measured on ViLexNorm, dev (nothing of it was learned), with restore.h behind: error reduction
 * rate .520, precision .733; of 13,650 words 138 that needed nothing were changed, and 316 became
 * another word than was meant; nearly half of these are single letters (t: tao or tôi; m: mày or
 * mình).
 */
#include "text/shorthand.h"

#include "base/table.h"
#include "text/fold.h"
#include "text/nfc.h"
#include "text/syllable.h"

#include <string.h>

enum {
    SLOTS = 4096,
    SEEN = 1 << 15, /* bits that tell most words without a form from the others */
    FORMS_MAX = SLOTS / 2,
    SYLLABLES_MAX = 6, /* of a reading */
    BESIDE_MAX = 16,   /* words that decide for it */
    AROUND = 3,        /* words on either side that tell whether this is Vietnamese */
    WORD_MAX = 64,     /* bytes; what is longer is no word that somebody drew out */
    DRAWN_OUT = 3      /* times that a letter of an unmarked word must stand */
};

/* One thing that a form stands for. */
struct sense {
    struct str text;
    uint64_t keys[SYLLABLES_MAX], beside[BESIDE_MAX];
    uint8_t syllables, besides;
    bool last; /* of its form */
};

struct form {
    struct str written;
    uint32_t sense;  /* index of the first */
    uint32_t next;   /* index + 1 of another form with the same folded key */
    bool one_letter; /* ... which means a thing only where no number or name is near */
};

struct shorthand {
    uint64_t seen[SEEN / 64];
    struct {
        uint64_t key;
        uint32_t form; /* index + 1; 0: free */
    } slots[SLOTS];
    struct form *form;
    struct sense *sense;
    uint32_t senses;
};

/* What is read at the moment. */
struct page {
    const struct shorthand *shorthand;
    struct text text;
    const struct tokens *tokens;
};

/* A token that is read otherwise than written: as a sense, or (NULL) as a word. */
struct change {
    uint32_t token;
    const struct sense *sense;
    struct str word;
};

struct changes {
    struct change *v;
    uint32_t n, added; /* ... and how many tokens more they make */
};

/* Where a folded key stands, or would. */
static uint32_t slot_of(const struct shorthand *shorthand, uint64_t key)
{
    uint32_t at = (uint32_t)(key % SLOTS);

    while (shorthand->slots[at].form && shorthand->slots[at].key != key)
        at = (at + 1) % SLOTS;
    return at;
}

/* Of a folded key, and how many bytes are written: those of a mark tell "hỏng" from "hong". */
static inline uint32_t seen_bit(uint64_t key, size_t length)
{
    return (uint32_t)((key >> 40) + length * (SEEN / 64)) % SEEN;
}

/* False: no form has this folded key and is written in so many bytes. */
static inline bool may_have_form(const struct shorthand *shorthand, uint64_t key, size_t length)
{
    uint32_t bit = seen_bit(key, length);

    return shorthand->seen[bit / 64] >> bit % 64 & 1;
}

/* Another case of the letters has as many bytes, but for the long s, which has one more than s. */
static void note_seen(struct shorthand *shorthand, uint64_t key, struct str written)
{
    size_t longest = written.n;

    for (size_t i = 0; i < written.n; i++)
        longest += written.p[i] == 's';
    for (size_t length = written.n; length <= longest; length++) {
        uint32_t bit = seen_bit(key, length);

        shorthand->seen[bit / 64] |= (uint64_t)1 << bit % 64;
    }
}

static bool add_keys(struct str text, uint64_t *keys, uint8_t max, uint8_t *n,
                     struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct tokens tokens = tokens_of(nfc_text(text, scratch, NULL), scratch);
    bool fits = tokens.n && *n + tokens.n <= max;

    for (uint32_t i = 0; fits && i < tokens.n; i++)
        keys[(*n)++] = tokens.folded[i];
    arena_rewind(scratch, mark);
    return fits;
}

/* "nước/mất,cúp": what it stands for, and the words beside it that say so. */
static bool read_sense(struct str cell, struct sense *sense, struct arena *scratch)
{
    struct str rest = cell;

    sense->text = str_cut(&rest, '/');
    if (!add_keys(sense->text, sense->keys, SYLLABLES_MAX, &sense->syllables, scratch))
        return false;
    while (rest.n)
        if (!add_keys(str_cut(&rest, ','), sense->beside, BESIDE_MAX, &sense->besides, scratch))
            return false;
    return true;
}

static bool add_form(struct shorthand *shorthand, uint32_t index, struct str readings,
                     struct arena *scratch)
{
    struct form *form = &shorthand->form[index];
    uint64_t key = token_key(form->written, scratch);
    uint32_t slot = slot_of(shorthand, key);

    if (!key || !readings.n)
        return false;
    for (uint32_t other = shorthand->slots[slot].form; other;
         other = shorthand->form[other - 1].next)
        if (str_eq(shorthand->form[other - 1].written, form->written))
            return false;
    form->next = shorthand->slots[slot].form;
    form->sense = shorthand->senses;
    note_seen(shorthand, key, form->written);
    shorthand->slots[slot].key = key;
    shorthand->slots[slot].form = index + 1;
    while (readings.n)
        if (!read_sense(str_cut(&readings, '|'), &shorthand->sense[shorthand->senses++], scratch))
            return false;
    shorthand->sense[shorthand->senses - 1].last = true;
    return true;
}

static uint32_t count_senses(const struct table *table, size_t readings)
{
    uint32_t n = 0;

    for (size_t row = 0; row < table->rows; row++) {
        struct str rest = table_cell(table, row, readings);

        while (rest.p) {
            str_cut(&rest, '|');
            n++;
        }
    }
    return n;
}

enum rc shorthand_read(struct str bytes, struct arena *process, const struct shorthand **out,
                       struct err *err)
{
    struct shorthand *shorthand;
    struct table table;
    size_t written, readings, when;
    enum rc rc = table_read(bytes, process, &table, err);

    if (rc == RC_OK)
        rc = table_column(&table, "written", &written, err);
    if (rc == RC_OK)
        rc = table_column(&table, "readings", &readings, err);
    if (rc == RC_OK)
        rc = table_column(&table, "when", &when, err);
    if (rc != RC_OK)
        return rc;
    if (table.rows > FORMS_MAX)
        return err_set(err, RC_BAD, "more than %d forms", FORMS_MAX);
    shorthand = arena_alloc(process, sizeof *shorthand);
    shorthand->form = arena_array(process, table.rows, sizeof *shorthand->form);
    shorthand->sense =
        arena_array(process, count_senses(&table, readings), sizeof *shorthand->sense);
    for (uint32_t row = 0; row < table.rows; row++) {
        struct str condition = table_cell(&table, row, when);

        shorthand->form[row].written = table_cell(&table, row, written);
        shorthand->form[row].one_letter = str_eq(condition, STR("letter"));
        if ((condition.n && !shorthand->form[row].one_letter) ||
            !add_form(shorthand, row, table_cell(&table, row, readings), process))
            return err_set(err, RC_BAD,
                           "line %u: a form stands once, with readings of up to %d syllables "
                           "and %d words beside them; `when` is letter or -",
                           table.lines[row], SYLLABLES_MAX, BESIDE_MAX);
    }
    *out = shorthand;
    return RC_OK;
}

static struct str written_at(const struct page *page, uint32_t i)
{
    return (struct str){page->text.p + page->tokens->offset[i], page->tokens->length[i]};
}

static bool same_but_for_case(struct str a, struct str b)
{
    size_t i = 0, j;

    while (i < a.n && i < b.n && a.p[i] == b.p[i])
        i++;
    while (i && ((unsigned char)(i < a.n ? a.p[i] : 0) & 0xC0) == 0x80)
        i--;
    j = i;
    while (i < a.n && j < b.n)
        if (fold_case(utf8_next(a, &i, NULL)) != fold_case(utf8_next(b, &j, NULL)))
            return false;
    return i == a.n && j == b.n;
}

static const struct form *form_at(const struct page *page, uint32_t i)
{
    const struct shorthand *shorthand = page->shorthand;
    uint32_t at;

    if (!may_have_form(shorthand, page->tokens->folded[i], page->tokens->length[i]))
        return NULL;
    at = shorthand->slots[slot_of(shorthand, page->tokens->folded[i])].form;
    while (at && !same_but_for_case(shorthand->form[at - 1].written, written_at(page, i)))
        at = shorthand->form[at - 1].next;
    return at ? &shorthand->form[at - 1] : NULL;
}

/* 0: no letter is a capital, 1: some are, 2: all of two or more. */
static int capitals_of(struct str word)
{
    uint32_t letters = 0, capitals = 0;

    for (size_t at = 0; at < word.n; letters++) {
        uint32_t cp = utf8_next(word, &at, NULL);

        capitals += fold_case(cp) != cp;
    }
    return capitals == 0 ? 0 : capitals == letters && letters > 1 ? 2 : 1;
}

static bool is_number(struct str word)
{
    return word.n && word.p[0] >= '0' && word.p[0] <= '9';
}

/* A form in capitals is an abbreviation with a name of its own, unless all are capitals. */
static bool fits_case(const struct page *page, uint32_t i)
{
    return capitals_of(written_at(page, i)) < 2 ||
           (i > 0 && capitals_of(written_at(page, i - 1)) == 2) ||
           (i + 1 < page->tokens->n && capitals_of(written_at(page, i + 1)) == 2);
}

/* "5 k", "lớp A", "a)", "T.P", "I'm": letters that stand for themselves. */
static bool is_own_letter(const struct page *page, uint32_t i)
{
    uint32_t offset = page->tokens->offset[i], end = offset + page->tokens->length[i];
    char before = offset ? page->text.p[offset - 1] : ' ';
    char behind = end < page->text.n ? page->text.p[end] : ' ';

    if (!strchr(" \n\t\"(,", before) || !strchr(" \n\t\",.!?;:", behind) || !before || !behind)
        return true;
    if (behind == '.' && end + 1 < page->text.n && (unsigned char)page->text.p[end + 1] > ' ' &&
        page->text.p[end + 1] != '.')
        return true;
    if ((i > 0 && is_number(written_at(page, i - 1))) ||
        (i + 1 < page->tokens->n && is_number(written_at(page, i + 1))))
        return true;
    return capitals_of(written_at(page, i)) && i > 0 &&
           page->tokens->sentence[i] == page->tokens->sentence[i - 1];
}

/* Of the words around, at least as many could be Vietnamese as could not. */
static bool among_vietnamese(const struct page *page, uint32_t i)
{
    uint32_t from = i > AROUND ? i - AROUND : 0, to = i + AROUND + 1;
    struct syllable syllable;
    int balance = 0;

    to = to < page->tokens->n ? to : page->tokens->n;
    for (uint32_t j = from; j < to; j++) {
        struct str word = written_at(page, j);

        if (j != i && !is_number(word))
            balance += form_at(page, j) || syllable_read(word, &syllable) ? 1 : -1;
        if (balance >= (int)(to - j - 1))
            return true; /* the rest cannot outweigh it */
    }
    return balance >= 0;
}

/* The sense that the words beside it tell, or the one that needs none; NULL: neither. */
static const struct sense *sense_at(const struct page *page, uint32_t i, const struct form *form)
{
    const struct sense *plain = NULL, *sense = &page->shorthand->sense[form->sense];
    const uint64_t *folded = page->tokens->folded;

    for (bool last = false; !last; sense++) {
        last = sense->last;
        if (!sense->besides && !plain)
            plain = sense;
        for (uint32_t j = 0; j < sense->besides; j++)
            if ((i > 0 && folded[i - 1] == sense->beside[j]) ||
                (i + 1 < page->tokens->n && folded[i + 1] == sense->beside[j]))
                return sense;
    }
    return plain;
}

static const struct sense *find_sense(const struct page *page, uint32_t i)
{
    const struct form *form = form_at(page, i);
    const struct sense *sense = form ? sense_at(page, i, form) : NULL;

    if (!sense || !fits_case(page, i) || (form->one_letter && is_own_letter(page, i)) ||
        reading_is_bound(page->text, page->tokens->offset[i], page->tokens->length[i]) ||
        !among_vietnamese(page, i))
        return NULL;
    return sense;
}

/* Whether a letter of Vietnamese stands twice in a row, whatever its marks.  Decoded here, because
 * many a word is asked: "cứu" has two. */
static bool has_double(struct str word)
{
    const unsigned char *p = (const unsigned char *)word.p, *end = p + word.n;
    uint32_t last = 0, folded;

    for (; p < end; last = folded) {
        uint32_t cp = *p++;

        if (cp >= 0xF0)
            return false; /* of no syllable */
        if (cp >= 0xE0) {
            cp = (cp & 0x0F) << 12 | (p[0] & 0x3Fu) << 6 | (p[1] & 0x3Fu);
            p += 2;
        } else if (cp >= 0x80) {
            cp = (cp & 0x1F) << 6 | (*p++ & 0x3Fu);
        }
        folded = cp < FOLD_TABLE ? fold_table[cp] : 0;
        if (folded == last && folded > '9')
            return true;
    }
    return false;
}

/* The word with every run of a letter (whatever its marks) as its first, and the longest run. */
static struct str draw_in(struct str word, char out[WORD_MAX], uint32_t *longest)
{
    uint32_t last = 0, run = 0;
    size_t n = 0;

    *longest = 0;
    for (size_t at = 0; at < word.n;) {
        size_t start = at;
        uint32_t folded = fold_code_point(utf8_next(word, &at, NULL));

        run = folded == last ? run + 1 : 1;
        *longest = run > *longest ? run : *longest;
        if (run == 1) {
            memcpy(out + n, word.p + start, at - start);
            n += at - start;
        }
        last = folded;
    }
    return (struct str){out, n};
}

/* "quáaaa": a syllable once the letters stand once.  Empty when there is nothing to draw in. */
static struct str short_form(const struct page *page, uint32_t i, struct arena *batch)
{
    struct str word = written_at(page, i), one;
    struct syllable syllable;
    char out[WORD_MAX];
    uint32_t longest;

    if (word.n < 3 || word.n > WORD_MAX || !has_double(word))
        return (struct str){NULL, 0};
    one = draw_in(word, out, &longest);
    if (longest < 2 || syllable_read(word, &syllable) || !syllable_read(one, &syllable) ||
        (longest < DRAWN_OUT && !syllable.marked))
        return (struct str){NULL, 0};
    return (struct str){arena_copy(batch, one.p, one.n), one.n};
}

/* What is read otherwise than written, in order; in `batch`. */
static struct changes find_changes(const struct page *page, struct arena *batch)
{
    const struct tokens *tokens = page->tokens;
    struct changes changes = {.v = arena_room(batch, tokens->n, sizeof *changes.v)};

    for (uint32_t i = 0; i < tokens->n; i++) {
        bool form = may_have_form(page->shorthand, tokens->folded[i], tokens->length[i]);
        bool doubled = tokens->doubled >> i % 64 & 1;
        struct change *change = &changes.v[changes.n];

        if (!(form | doubled))
            continue;
        *change = (struct change){.token = i, .sense = form ? find_sense(page, i) : NULL};
        if (!change->sense && doubled)
            change->word = short_form(page, i, batch);
        changes.n += change->sense || change->word.n;
        changes.added += change->sense ? change->sense->syllables - 1u : 0;
    }
    return changes;
}

/* Tokens `first` to `end` (not with it) behind those of `to`. */
static void copy_tokens(struct tokens *to, const struct tokens *from, uint32_t first, uint32_t end)
{
    size_t n = end - first;

    memcpy(to->folded + to->n, from->folded + first, n * sizeof *to->folded);
    memcpy(to->offset + to->n, from->offset + first, n * sizeof *to->offset);
    memcpy(to->length + to->n, from->length + first, n * sizeof *to->length);
    memcpy(to->sentence + to->n, from->sentence + first, n * sizeof *to->sentence);
    to->n += end - first;
}

/* A changed token: where there are several, the first has all that is written. */
static void add_change(struct tokens *to, const struct page *page, const struct change *change,
                       struct arena *batch)
{
    uint32_t at = to->n, i = change->token,
             syllables = change->sense ? change->sense->syllables : 1;

    for (uint32_t j = 0; j < syllables; j++)
        copy_tokens(to, page->tokens, i, i + 1);
    for (uint32_t j = 1; j < syllables; j++) {
        to->offset[at + j] += to->length[at];
        to->length[at + j] = 0;
    }
    if (change->sense)
        memcpy(to->folded + at, change->sense->keys, syllables * sizeof *to->folded);
    else
        to->folded[at] = token_key(change->word, batch);
}

static struct tokens change_tokens(const struct page *page, const struct changes *changes,
                                   struct arena *batch)
{
    size_t n = (size_t)page->tokens->n + changes->added;
    struct tokens tokens = {.folded = arena_room(batch, n, sizeof *tokens.folded),
                            .offset = arena_room(batch, n, sizeof *tokens.offset),
                            .length = arena_room(batch, n, sizeof *tokens.length),
                            .sentence = arena_room(batch, n, sizeof *tokens.sentence)};
    uint32_t from = 0;

    for (uint32_t i = 0; i < changes->n; i++) {
        copy_tokens(&tokens, page->tokens, from, changes->v[i].token);
        add_change(&tokens, page, &changes->v[i], batch);
        from = changes->v[i].token + 1;
    }
    copy_tokens(&tokens, page->tokens, from, page->tokens->n);
    return tokens;
}

struct tokens shorthand_tokens(const struct shorthand *shorthand, struct text text,
                               const struct tokens *tokens, struct arena *batch)
{
    struct page page = {shorthand, text, tokens};
    struct changes changes = find_changes(&page, batch);

    return changes.n ? change_tokens(&page, &changes, batch) : *tokens;
}

struct readings shorthand_readings(const struct shorthand *shorthand, struct text text,
                                   const struct tokens *tokens, struct arena *batch)
{
    struct page page = {shorthand, text, tokens};
    struct changes changes = find_changes(&page, batch);
    struct readings readings = {
        .tokens = changes.n ? change_tokens(&page, &changes, batch) : *tokens,
        .of = arena_array(batch, (size_t)tokens->n + changes.added, sizeof *readings.of)};
    struct reading *of = readings.of;

    for (uint32_t i = 0, before = 0; i < changes.n; i++) {
        const struct change *change = &changes.v[i];

        of += change->token - before;
        before = change->token + 1;
        if (!change->sense) {
            *of++ = (struct reading){.text = change->word};
            continue;
        }
        of->text = reading_in_case(change->sense->text, written_at(&page, change->token), batch);
        for (uint32_t j = 0; j < change->sense->syllables; j++)
            of++->settled = true;
    }
    return readings;
}
