/* schema.h - the tables of the SQLite database, and every statement that runs on them.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

enum { SCHEMA_VERSION = 4, SCHEMA_ID = 0x53444E47 /* "SDNG", application_id */ };

extern const char schema_sql[];

enum statement {
    BEGIN_READ,
    BEGIN_WRITE,
    COMMIT,
    ROLLBACK,
    CODES,
    ADD_CODE,
    STATE,
    SET_STATE,
    SET_PURGING,
    DATABASE,
    ADD_BATCH,
    DROP_BATCH,
    BATCH,
    BATCHES_FROM,
    BATCHES_WITH_ITEM,
    BATCHES_WITH_TOMBSTONES,
    TAGS,
    TAGS_OF_STRETCH,
    TOMBSTONES,
    TOMBSTONES_OF,
    ADD_TOMBSTONE,
    DROP_TOMBSTONES,
    LOST_DAYS,
    PURGE_TOMBSTONES,
    PURGE_BATCHES,
    PURGE_WORDS,
    PURGE_STORIES,
    HAS_SEALED,
    BATCH_OF_DAY,
    COUNT_ITEMS,
    COUNT_ROWS,
    ADD_PUBLICATION,
    DROP_PUBLICATION,
    PUBLICATION,
    PUBLICATIONS,
    PUBLICATIONS_OF,
    PUBLICATION_TAGS,
    PUT_STORY,
    DROP_PHRASES,
    ADD_PHRASE,
    STORY,
    STORIES_ID,
    STORIES_LAST,
    STORIES_MESSAGES,
    MERGERS,
    MERGE_ON,
    MERGE_ALONG,
    ADD_TURN,
    TURNS,
    PHRASES,
    PUT_CELL,
    CELLS_OF_PLACES,
    CELLS_OF_STORY,
    CELLS_OF_STORIES,
    ADD_ALARM,
    JUDGE_ALARM,
    OVERRULE_ALARM,
    ALARMS,
    ADD_RELEASE,
    RELEASES,
    ADD_COVERAGE,
    COVERAGE,
    WORDS_OF,
    PUT_WORDS,
    DROP_WORDS,
    SEARCH,
    CHECK_WORDS,
    ADD_LEAF,
    LAST_LEAF,
    LEAVES,
    ADD_OPENING,
    SETTING,
    PUT_SETTING,
    FIND_VISIT,
    PUT_VISIT,
    OPENINGS,
    DROP_OPENINGS,
    ADD_HELD,
    HELD,
    DROP_HELD,
    CHECKPOINT,
    INTEGRITY,
    STATEMENTS
};

/* Text of a statement, and what it does, for messages: "writing a cell". */
struct statement_text {
    const char *sql, *doing;
};
extern const struct statement_text statement_texts[STATEMENTS];

#endif
