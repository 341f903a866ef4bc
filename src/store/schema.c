/* schema.c - tables and statements; see schema.h.
 *
 * Names that come from elsewhere, so that a reader of the database finds his way:
 *   code        a code of the gazetteer, of the topic table or of a registered source; `number` is
 *               what the other tables say instead of it (kind 0 place, 1 topic, 2 source)
 *   span        enum window: 0 five minutes, 1 hour, 2 day, 3 week (WINDOW is a word of SQL)
 *   batch       sealed text of items; `tags` is a run of tag records (tag.h), one a slot
 *   tombstone   a slot whose item was edited or deleted, until its batch is rewritten
 *   leaf        the transparency log; hash is BLAKE2b-256 as ledger.h says
 *   opening     what opens the commitment of a search, sealed under the day's key
 *   turn        item with which a story (source) merged into another (target), or split from it
 *   words       FTS5: folded words of what may be seen, rowid 2 * story or 2 * item + 1
 *   setting     a number that decides what may be seen or what alarms, as it was set last
 *   held        open windows between two runs, sealed under secrets that no disk holds
 *   state       one row: the next numbers, the day up to which a purge is on its way, and a random
 *               number that tells this database from others
 * Days are days of the desk's zone since 1970-01-01, times are milliseconds UTC.  Releases and
 * leaves never change: triggers say so to whoever opens the file.
 *
 * No column may name a person.  The allow-list is doc/schema-columns; test/lint/schema compares.
 */
#include "store/schema.h"

const char schema_sql[] =
    "CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), next_item INTEGER NOT NULL,"
    " next_story INTEGER NOT NULL, next_alarm INTEGER NOT NULL, next_batch INTEGER NOT NULL,"
    " last_heard INTEGER NOT NULL, purging INTEGER NOT NULL, database INTEGER NOT NULL) STRICT;"
    "CREATE TABLE code (kind INTEGER NOT NULL, number INTEGER NOT NULL, code TEXT NOT NULL,"
    " PRIMARY KEY (kind, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE batch (number INTEGER PRIMARY KEY, day INTEGER NOT NULL, items INTEGER NOT NULL,"
    " first_item INTEGER NOT NULL, last_item INTEGER NOT NULL, last_heard INTEGER NOT NULL,"
    " tags BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;"
    "CREATE INDEX batch_items ON batch (first_item, last_item, last_heard, day, items);"
    "CREATE INDEX batch_day ON batch (day);"
    "CREATE TABLE tombstone (batch INTEGER NOT NULL, slot INTEGER NOT NULL,"
    " PRIMARY KEY (batch, slot)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE publication (item INTEGER PRIMARY KEY, story INTEGER NOT NULL,"
    " time INTEGER NOT NULL, heard INTEGER NOT NULL, source INTEGER NOT NULL, id TEXT NOT NULL,"
    " url TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL, tag BLOB) STRICT;"
    "CREATE INDEX publication_story ON publication (story, item);"
    "CREATE INDEX publication_heard ON publication (heard, item);"
    "CREATE TABLE story (id INTEGER PRIMARY KEY, merged_into INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL, topic INTEGER NOT NULL,"
    " messages INTEGER NOT NULL, copies INTEGER NOT NULL, publications INTEGER NOT NULL) STRICT;"
    "CREATE INDEX story_last ON story (last DESC, id);"
    "CREATE INDEX story_messages ON story (messages DESC, id);"
    "CREATE INDEX story_merged ON story (merged_into) WHERE merged_into > 0;"
    "CREATE TABLE turn (item INTEGER PRIMARY KEY, source INTEGER NOT NULL,"
    " target INTEGER NOT NULL, split INTEGER NOT NULL) STRICT;"
    "CREATE TABLE phrase (story INTEGER NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL,"
    " voices INTEGER NOT NULL, published INTEGER NOT NULL, PRIMARY KEY (story, position))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE cell (span INTEGER NOT NULL, story INTEGER NOT NULL, start INTEGER NOT NULL,"
    " place INTEGER NOT NULL, topic INTEGER NOT NULL, messages INTEGER NOT NULL,"
    " copies INTEGER NOT NULL, tokenless INTEGER NOT NULL, sources INTEGER NOT NULL,"
    " top_source INTEGER NOT NULL, voices INTEGER NOT NULL, voices_sum INTEGER NOT NULL,"
    " fresh INTEGER NOT NULL, parts INTEGER NOT NULL, interrupted INTEGER NOT NULL,"
    " replayed INTEGER NOT NULL, PRIMARY KEY (span, story, start, place, topic))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE alarm (id INTEGER PRIMARY KEY, known INTEGER NOT NULL, span INTEGER NOT NULL,"
    " start INTEGER NOT NULL, place INTEGER NOT NULL, topic INTEGER NOT NULL,"
    " story INTEGER NOT NULL, observed INTEGER NOT NULL, sources INTEGER NOT NULL,"
    " expected REAL NOT NULL, score REAL NOT NULL, p REAL NOT NULL, q REAL NOT NULL,"
    " replayed INTEGER NOT NULL, doubt REAL NOT NULL, q_max REAL NOT NULL,"
    " ratio_min REAL NOT NULL, verdict INTEGER NOT NULL, desk INTEGER NOT NULL) STRICT;"
    "CREATE INDEX alarm_known ON alarm (known, id);"
    "CREATE TABLE release (span INTEGER NOT NULL, start INTEGER NOT NULL, place INTEGER NOT NULL,"
    " topic INTEGER NOT NULL, shown INTEGER NOT NULL, k INTEGER NOT NULL, voices INTEGER NOT NULL,"
    " voices_upper INTEGER NOT NULL, messages INTEGER NOT NULL, copies INTEGER NOT NULL,"
    " sources INTEGER NOT NULL, replayed INTEGER NOT NULL, PRIMARY KEY (span, start, place, topic))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER release_stays BEFORE UPDATE ON release"
    " BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;"
    "CREATE TRIGGER release_remains BEFORE DELETE ON release"
    " BEGIN SELECT RAISE(ABORT, 'a release never goes'); END;"
    "CREATE TABLE coverage (source TEXT NOT NULL, day INTEGER NOT NULL, items INTEGER NOT NULL,"
    " bad INTEGER NOT NULL, failures INTEGER NOT NULL, last_heard INTEGER NOT NULL,"
    " PRIMARY KEY (day, source)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE leaf (position INTEGER PRIMARY KEY, time INTEGER NOT NULL, action TEXT NOT NULL,"
    " detail TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE TRIGGER leaf_stays BEFORE UPDATE ON leaf"
    " BEGIN SELECT RAISE(ABORT, 'a leaf never changes'); END;"
    "CREATE TRIGGER leaf_remains BEFORE DELETE ON leaf"
    " BEGIN SELECT RAISE(ABORT, 'a leaf never goes'); END;"
    "CREATE TABLE opening (commitment TEXT PRIMARY KEY, day INTEGER NOT NULL,"
    " time INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE visit (source TEXT PRIMARY KEY, etag TEXT NOT NULL, modified TEXT NOT NULL,"
    " body_hash INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE held (span INTEGER NOT NULL, start INTEGER NOT NULL, part INTEGER NOT NULL,"
    " sealed BLOB NOT NULL, PRIMARY KEY (span, start, part)) STRICT;"
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE words USING fts5 (folded, tokenize = 'unicode61 remove_diacritics 0');"
    "INSERT INTO state VALUES (1, 1, 1, 1, 1, -9223372036854775808, -9223372036854775808,"
    " random() | 1);";

#define STORY_COLUMNS "id, merged_into, first, last, topic, messages, copies, publications"
#define PUBLICATION_COLUMNS "item, story, time, heard, source, id, url, title, summary"
#define CELL_COLUMNS                                                                               \
    "span, story, start, place, topic, messages, copies, tokenless, sources, top_source, voices, " \
    "voices_sum, fresh, parts, interrupted, replayed"
#define RELEASE_COLUMNS                                                                            \
    "span, start, place, topic, shown, k, voices, voices_upper, messages, copies, sources, "       \
    "replayed"
#define ALARM_COLUMNS                                                                              \
    "id, known, span, start, place, topic, story, observed, sources, expected, score, p, q, "      \
    "replayed, doubt, q_max, ratio_min, verdict, desk"
/* Stories over before an instant of which nothing is kept that may be seen. */
#define ENDED_STORIES                                                                              \
    "FROM story WHERE last < ? AND publications = 0"                                               \
    " AND NOT EXISTS (SELECT 1 FROM phrase WHERE phrase.story = story.id)"                         \
    " AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.story = story.id)"

const struct statement_text statement_texts[STATEMENTS] = {
    [BEGIN_READ] = {"BEGIN", "beginning to read"},
    [BEGIN_WRITE] = {"BEGIN IMMEDIATE", "beginning to write"},
    [COMMIT] = {"COMMIT", "committing"},
    [ROLLBACK] = {"ROLLBACK", "rolling back"},
    [CODES] = {"SELECT kind, number, code FROM code", "reading codes"},
    [ADD_CODE] = {"INSERT INTO code VALUES (?, ?, ?)", "writing a code"},
    [STATE] = {"SELECT next_item, next_story, next_alarm, next_batch, last_heard, purging"
               " FROM state",
               "reading the state"},
    [SET_STATE] = {"UPDATE state SET next_item = ?, next_story = ?, next_alarm = ?,"
                   " next_batch = ?, last_heard = ?",
                   "writing the state"},
    [DATABASE] = {"SELECT database FROM state", "reading the state"},
    [SET_PURGING] = {"UPDATE state SET purging = ?", "marking a purge"},
    [ADD_BATCH] = {"INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "writing a batch"},
    [DROP_BATCH] = {"DELETE FROM batch WHERE number = ?", "removing a batch"},
    [BATCH] = {"SELECT day, tags, sealed FROM batch WHERE number = ?", "reading a batch"},
    [BATCHES_FROM] = {"SELECT number, first_item, last_item FROM batch INDEXED BY batch_items"
                      " WHERE last_item >= ? ORDER BY first_item",
                      "listing batches"},
    [BATCHES_WITH_ITEM] = {"SELECT number, tags FROM batch"
                           " WHERE first_item <= ?1 AND last_item >= ?1",
                           "finding an item"},
    [BATCHES_WITH_TOMBSTONES] = {"SELECT DISTINCT batch FROM tombstone ORDER BY batch LIMIT ?",
                                 "listing edited batches"},
    [TAGS] = {"SELECT number, day, first_item, last_item, tags FROM batch INDEXED BY batch_items"
              " ORDER BY first_item",
              "loading tags"},
    [TAGS_OF_STRETCH] = {"SELECT number, tags FROM batch INDEXED BY batch_items"
                         " WHERE first_item BETWEEN ?1 AND ?2 AND day = ?3",
                         "looking for tags"},
    [TOMBSTONES] = {"SELECT batch, slot FROM tombstone ORDER BY batch, slot", "loading tombstones"},
    [TOMBSTONES_OF] = {"SELECT slot FROM tombstone WHERE batch = ?", "reading tombstones"},
    [ADD_TOMBSTONE] = {"INSERT OR IGNORE INTO tombstone VALUES (?, ?)", "writing a tombstone"},
    [DROP_TOMBSTONES] = {"DELETE FROM tombstone WHERE batch = ?", "removing tombstones"},
    [LOST_DAYS] = {"SELECT DISTINCT day FROM batch ORDER BY day", "listing days"},
    [PURGE_TOMBSTONES] = {"DELETE FROM tombstone WHERE batch IN"
                          " (SELECT number FROM batch WHERE day < ?)",
                          "purging tombstones"},
    [PURGE_BATCHES] = {"DELETE FROM batch WHERE day < ?", "purging batches"},
    [PURGE_WORDS] = {"DELETE FROM words WHERE rowid IN (SELECT 2 * id " ENDED_STORIES ")",
                     "purging words"},
    [PURGE_STORIES] = {"DELETE " ENDED_STORIES, "purging stories"},
    [HAS_SEALED] = {"SELECT 1 WHERE EXISTS (SELECT 1 FROM batch) OR EXISTS (SELECT 1 FROM opening)"
                    " OR EXISTS (SELECT 1 FROM publication WHERE tag IS NOT NULL)",
                    "looking for what is sealed"},
    [BATCH_OF_DAY] = {"SELECT 1 FROM batch WHERE day = ? LIMIT 1", "looking for a day"},
    [COUNT_ITEMS] = {"SELECT coalesce(sum(items), 0) - (SELECT count(*) FROM tombstone),"
                     " coalesce(min(day), 0), coalesce(max(day), 0) FROM batch"
                     " INDEXED BY batch_items",
                     "counting items"},
    [COUNT_ROWS] = {"SELECT (SELECT count(*) FROM publication), (SELECT count(*) FROM story),"
                    " (SELECT count(*) FROM release),"
                    " (SELECT coalesce(max(position) + 1, 0) FROM leaf)",
                    "counting rows"},
    [ADD_PUBLICATION] = {"INSERT INTO publication VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         "writing a publication"},
    [DROP_PUBLICATION] = {"DELETE FROM publication WHERE item = ?", "replacing a publication"},
    [PUBLICATION] = {"SELECT " PUBLICATION_COLUMNS " FROM publication WHERE item = ?",
                     "reading a publication"},
    [PUBLICATIONS] = {"SELECT " PUBLICATION_COLUMNS " FROM publication"
                      " ORDER BY heard DESC, item DESC LIMIT ?",
                      "reading publications"},
    [PUBLICATIONS_OF] = {"SELECT " PUBLICATION_COLUMNS " FROM publication WHERE story = ?2"
                         " OR story IN (SELECT id FROM story"
                         " WHERE merged_into = ?2 AND merged_into > 0)"
                         " ORDER BY heard DESC, item DESC LIMIT ?1",
                         "reading publications of a story"},
    [PUBLICATION_TAGS] = {"SELECT tag FROM publication WHERE tag IS NOT NULL",
                          "loading tags of publications"},
    [PUT_STORY] = {"INSERT OR REPLACE INTO story VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                   "writing a story"},
    [DROP_PHRASES] = {"DELETE FROM phrase WHERE story = ?", "replacing phrases"},
    [ADD_PHRASE] = {"INSERT INTO phrase VALUES (?, ?, ?, ?, ?)", "writing a phrase"},
    [STORY] = {"SELECT " STORY_COLUMNS " FROM story WHERE id = ?", "reading a story"},
    [STORIES_ID] = {"SELECT " STORY_COLUMNS " FROM story ORDER BY id LIMIT ?", "reading stories"},
    [STORIES_LAST] = {"SELECT " STORY_COLUMNS " FROM story WHERE merged_into = 0"
                      " ORDER BY last DESC, id LIMIT ?",
                      "reading stories"},
    [STORIES_MESSAGES] = {"SELECT " STORY_COLUMNS " FROM story WHERE merged_into = 0"
                          " ORDER BY messages DESC, id LIMIT ?",
                          "reading stories"},
    [MERGERS] = {"SELECT id, merged_into FROM story WHERE merged_into > 0 ORDER BY id",
                 "reading mergers of stories"},
    [MERGE_ON] =
        {"UPDATE story SET merged_into = (SELECT merged_into FROM story WHERE id = ?2)"
         " WHERE id = ?1 AND EXISTS (SELECT 1 FROM story WHERE id = ?2 AND merged_into > 0)",
         "merging stories"},
    [MERGE_ALONG] = {"UPDATE story SET merged_into = (SELECT merged_into FROM story WHERE id = ?1)"
                     " WHERE merged_into = ?1 AND merged_into > 0",
                     "merging stories"},
    [ADD_TURN] = {"INSERT OR REPLACE INTO turn VALUES (?, ?, ?, ?)", "writing a turn of stories"},
    [TURNS] = {"SELECT item, source, target, split FROM turn WHERE item >= ? ORDER BY item",
               "reading turns of stories"},
    [PHRASES] = {"SELECT text, voices, published FROM phrase WHERE story = ? ORDER BY position",
                 "reading phrases"},
    [PUT_CELL] = {"INSERT OR REPLACE INTO cell VALUES"
                  " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "writing a cell"},
    [CELLS_OF_PLACES] = {"SELECT " CELL_COLUMNS " FROM cell WHERE span = ?1 AND story = 0"
                         " AND start >= ?2 AND start < ?3",
                         "reading cells"},
    [CELLS_OF_STORY] = {"SELECT " CELL_COLUMNS " FROM cell WHERE span = ?1 AND story IN"
                        " (SELECT ?4 UNION ALL SELECT id FROM story"
                        " WHERE merged_into = ?4 AND merged_into > 0)"
                        " AND start >= ?2 AND start < ?3",
                        "reading cells of a story"},
    [CELLS_OF_STORIES] = {"SELECT " CELL_COLUMNS " FROM cell WHERE span = ?1 AND story > 0"
                          " AND start >= ?2 AND start < ?3",
                          "reading cells of stories"},
    [ADD_ALARM] = {"INSERT INTO alarm VALUES"
                   " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "writing an alarm"},
    [JUDGE_ALARM] = {"UPDATE alarm SET verdict = ? WHERE id = ?", "judging an alarm"},
    [OVERRULE_ALARM] = {"UPDATE alarm SET desk = ? WHERE id = ?", "judging an alarm"},
    [ALARMS] = {"SELECT " ALARM_COLUMNS " FROM alarm WHERE known >= ? AND known < ?"
                " ORDER BY known, id",
                "reading alarms"},
    [ADD_RELEASE] = {"INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "writing a release"},
    [RELEASES] = {"SELECT " RELEASE_COLUMNS " FROM release WHERE span = ? AND start >= ?"
                  " AND start < ?",
                  "reading releases"},
    [ADD_COVERAGE] = {"INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                      " items = items + excluded.items, bad = bad + excluded.bad,"
                      " failures = failures + excluded.failures,"
                      " last_heard = max(last_heard, excluded.last_heard)",
                      "writing coverage"},
    [COVERAGE] = {"SELECT source, day, items, bad, failures, last_heard FROM coverage"
                  " WHERE day >= ? AND day < ? ORDER BY day, source",
                  "reading coverage"},
    [WORDS_OF] = {"SELECT folded FROM words WHERE rowid = ?", "reading words"},
    [PUT_WORDS] = {"INSERT INTO words (rowid, folded) VALUES (?, ?)", "writing words"},
    [DROP_WORDS] = {"DELETE FROM words WHERE rowid = ?", "removing words"},
    [SEARCH] = {"SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?"
                " ORDER BY bm25(words), rowid LIMIT ?",
                "searching"},
    [CHECK_WORDS] = {"INSERT INTO words (words) VALUES ('integrity-check')", "checking words"},
    [ADD_LEAF] = {"INSERT INTO leaf VALUES (?, ?, ?, ?, ?)", "writing a leaf"},
    [LAST_LEAF] = {"SELECT position, hash FROM leaf ORDER BY position DESC LIMIT 1",
                   "reading the last leaf"},
    [LEAVES] = {"SELECT position, time, action, detail, hash FROM leaf WHERE position >= ?"
                " ORDER BY position LIMIT ?",
                "reading leaves"},
    [SETTING] = {"SELECT value FROM setting WHERE name = ?", "reading a setting"},
    [PUT_SETTING] = {"INSERT OR REPLACE INTO setting VALUES (?, ?)", "keeping a setting"},
    [FIND_VISIT] = {"SELECT etag, modified, body_hash FROM visit WHERE source = ?",
                    "reading what a fetch left"},
    [PUT_VISIT] = {"INSERT OR REPLACE INTO visit VALUES (?, ?, ?, ?)", "keeping what a fetch left"},
    [ADD_OPENING] = {"INSERT OR REPLACE INTO opening VALUES (?, ?, ?, ?)", "keeping an opening"},
    [OPENINGS] = {"SELECT commitment, day, sealed FROM opening", "reading openings"},
    [DROP_OPENINGS] = {"DELETE FROM opening WHERE time < ? OR day < ?", "forgetting openings"},
    [ADD_HELD] = {"INSERT INTO held VALUES (?, ?, ?, ?)", "keeping an open window"},
    [HELD] = {"SELECT span, start, part, sealed FROM held ORDER BY span, start, part",
              "reading open windows"},
    [DROP_HELD] = {"DELETE FROM held WHERE span = ? AND start = ?", "forgetting a closed window"},
    [CHECKPOINT] = {"PRAGMA wal_checkpoint(TRUNCATE)", "emptying the write-ahead log"},
    [INTEGRITY] = {"PRAGMA integrity_check(20)", "checking the database"},
};
