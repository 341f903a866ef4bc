/* fts5.c - a tokenizer for SQLite's full-text search, on top of soundings.h alone.
 *
 *     .load libsoundings_fts5
 *     CREATE VIRTUAL TABLE posts USING fts5(text, tokenize = 'soundings');
 *     SELECT highlight(posts, 0, '[', ']') FROM posts WHERE posts MATCH 'ngap nuoc';
 *
 * A token is a folded syllable: "ngập nước", "NGẬP NƯỚC", its decomposed form and "ngap nuoc" are
 * the same to insert and to ask.  Offsets are those of the text as it was written.
 *
 * With tokenize = 'soundings exact 1' a syllable that has diacritics is indexed twice at one place:
 * folded, and lower-cased with its diacritics.  In a query such a syllable stands for itself alone,
 * and one without diacritics for all that fold to it: who writes marks means them.  An index grows
 * by about half.  Both at once, marks first, are: '(ngập nước) OR (ngap nuoc)' ORDER BY rank.
 * (Emitting both in a query instead would make them synonyms, which bm25 cannot tell apart.)
 *
 * Bigrams and words are no tokens here: FTS5 splits a query at its blanks before a tokenizer sees
 * it, so a token that spans two words would never be asked for.  A phrase, '"ngap nuoc"', does it.
 */
#include <soundings.h>

#include <sqlite3ext.h>
#include <string.h>

SQLITE_EXTENSION_INIT1

__attribute__((visibility("default"))) int
sqlite3_soundingsfts_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

struct Fts5Tokenizer {
    struct sdg_room *room;
    int exact;
};

typedef int token_fn(void *context, int flags, const char *token, int n, int start, int end);

/* What FTS5 gave to one call. */
struct sink {
    void *context;
    token_fn *token;
    int asked; /* a query, not a row */
};

static int rc_of(enum sdg_code code)
{
    return code == SDG_OK ? SQLITE_OK : code == SDG_TOO_LONG ? SQLITE_TOOBIG : SQLITE_NOMEM;
}

static void destroy(Fts5Tokenizer *tokenizer)
{
    sdg_room_close(tokenizer->room);
    sqlite3_free(tokenizer);
}

/* 'exact 1' or 'exact 0', and nothing else. */
static int read_options(const char **options, int n, int *exact)
{
    for (int i = 0; i < n; i += 2) {
        if (i + 1 == n || sqlite3_stricmp(options[i], "exact") != 0 ||
            (strcmp(options[i + 1], "0") != 0 && strcmp(options[i + 1], "1") != 0))
            return SQLITE_ERROR;
        *exact = options[i + 1][0] == '1';
    }
    return SQLITE_OK;
}

static int create(void *context, const char **options, int n, Fts5Tokenizer **out)
{
    Fts5Tokenizer *tokenizer;
    int exact = 0, rc = read_options(options, n, &exact);

    (void)context;
    if (rc != SQLITE_OK)
        return rc;
    tokenizer = sqlite3_malloc(sizeof *tokenizer);
    if (!tokenizer)
        return SQLITE_NOMEM;
    *tokenizer = (struct Fts5Tokenizer){.exact = exact};
    rc = rc_of(sdg_room_open(0, &tokenizer->room));
    if (rc == SQLITE_OK)
        *out = tokenizer;
    else
        destroy(tokenizer);
    return rc;
}

/* One token for one syllable. */
static int emit(const struct sink *sink, int flags, struct sdg_text token,
                const struct sdg_syllable *at)
{
    return sink->token(sink->context, flags, token.p, (int)token.n, (int)at->offset,
                       (int)(at->offset + at->length));
}

/* The tokens of one syllable where diacritics count. */
static int emit_exact(Fts5Tokenizer *tokenizer, const struct sink *sink, const char *text,
                      const struct sdg_syllable *at)
{
    struct sdg_text lower;
    int rc;

    if (at->folded.n == at->length && memcmp(at->folded.p, text + at->offset, at->length) == 0)
        return emit(sink, 0, at->folded, at);
    rc = rc_of(sdg_lower(text + at->offset, at->length, tokenizer->room, &lower));

    if (rc != SQLITE_OK)
        return rc;
    if (lower.n == at->folded.n && memcmp(lower.p, at->folded.p, lower.n) == 0)
        return emit(sink, 0, at->folded, at);
    if (sink->asked)
        return emit(sink, 0, lower, at);
    rc = emit(sink, 0, at->folded, at);
    return rc == SQLITE_OK ? emit(sink, FTS5_TOKEN_COLOCATED, lower, at) : rc;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int n,
                    token_fn *token)
{
    struct sink sink = {context, token, (flags & FTS5_TOKENIZE_QUERY) != 0};
    struct sdg_syllables syllables;
    int rc;

    sdg_room_clear(tokenizer->room);
    rc = rc_of(sdg_syllables(text, n < 0 ? 0 : (size_t)n, tokenizer->room, &syllables));
    for (size_t i = 0; rc == SQLITE_OK && i < syllables.n; i++)
        rc = tokenizer->exact ? emit_exact(tokenizer, &sink, text, &syllables.at[i])
                              : emit(&sink, 0, syllables.at[i].folded, &syllables.at[i]);
    return rc;
}

/* FTS5 of this connection; NULL when it was built without. */
static fts5_api *find_fts5(sqlite3 *db)
{
    fts5_api *found = NULL;
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, (void *)&found, "fts5_api_ptr", NULL);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return found;
}

/* lint: exports: SQLite finds it by this name in libsoundings_fts5, or gets it from a program */
int sqlite3_soundingsfts_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
    static const fts5_tokenizer soundings = {create, destroy, tokenize};
    fts5_tokenizer copy = soundings; /* FTS5 asks for one it could change, and does not */
    fts5_api *fts5;

    SQLITE_EXTENSION_INIT2(api);
    fts5 = find_fts5(db);
    if (!fts5 || fts5->iVersion < 2) {
        *message = sqlite3_mprintf("soundings: this SQLite has no FTS5");
        return SQLITE_ERROR;
    }
    return fts5->xCreateTokenizer(fts5, "soundings", NULL, &copy, NULL);
}
