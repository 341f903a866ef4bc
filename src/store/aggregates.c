/* aggregates.c - rows of numbers, publications and words, written in an open transaction. */
#include "store/sqlite_store.h"
#include "store/words.h"

#include <string.h>

static struct str bytes_of(struct text text)
{
    return (struct str){text.p, text.n};
}

/* Words stand under an even row for a story, an odd one for a publication. */
static enum rc keep_words(struct sqlite_store *s, int64_t row_number, struct str folded,
                          struct err *err)
{
    sqlite3_stmt *statement = sql_ask(&s->sql, WORDS_OF, "i", row_number);
    bool row, same = false;
    enum rc rc = sql_next(&s->sql, WORDS_OF, &row, err);

    if (rc != RC_OK)
        return rc;
    if (row) {
        same = str_eq(folded, sql_bytes(statement, 0, &s->vault.scratch));
        sql_end(&s->sql, WORDS_OF);
        if (!same)
            rc = sql_do(&s->sql, err, DROP_WORDS, "i", row_number);
    }
    return rc == RC_OK && !same && folded.n
               ? sql_do(&s->sql, err, PUT_WORDS, "it", row_number, folded)
               : rc;
}

static enum rc write_publication(struct sqlite_store *s, const struct stored_publication *p,
                                 const struct tag_record *tag, struct err *err)
{
    struct packed one = {.n = 1, .run = (struct tag_record *)tag};
    enum rc rc = sql_do(&s->sql, err, ADD_PUBLICATION, tag->item ? "iiiiittttb" : "iiiiitttt0",
                        (int64_t)p->item, (int64_t)p->story, p->time, p->heard,
                        (int64_t)code_number(&s->vault.codes, CODE_SOURCE, p->source),
                        p->publication.id, p->publication.url, bytes_of(p->publication.title),
                        bytes_of(p->publication.summary), vault_run_bytes(&one, &s->vault.scratch));

    return rc == RC_OK ? keep_words(s, (int64_t)p->item * 2 + 1,
                                    words_of_publication(&p->publication, &s->vault.scratch), err)
                       : rc;
}

static enum rc write_publications(struct sqlite_store *s, const struct commit *commit,
                                  const struct packing *packing, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < commit->publication_count; i++)
        rc = write_publication(s, &commit->publications[i], &packing->publication_tags[i], err);
    for (size_t i = 0; rc == RC_OK && i < commit->item_count; i++) {
        const struct stored_item *item = &commit->items[i];

        if (!item->replaces ||
            (item->post->kind != KIND_PUBLICATION && item->identity->content != CONTENT_DELETED))
            continue;
        rc = sql_do(&s->sql, err, DROP_PUBLICATION, "i", (int64_t)item->replaces);
        if (rc == RC_OK)
            rc = sql_do(&s->sql, err, DROP_WORDS, "i", (int64_t)item->replaces * 2 + 1);
    }
    return rc;
}

static enum rc write_story(struct sqlite_store *s, const struct story_row *row, struct err *err)
{
    enum rc rc =
        sql_do(&s->sql, err, PUT_STORY, "iiiiiiii", (int64_t)row->id, (int64_t)row->merged_into,
               row->first, row->last, (int64_t)code_number(&s->vault.codes, CODE_TOPIC, row->topic),
               (int64_t)row->messages, (int64_t)row->copies, (int64_t)row->publications);
    struct str words = {0}; /* what was merged is found by the words of the other */

    MUST(row->id > 0 && row->phrase_count <= STORY_PHRASES);
    if (row->merged_into) {
        if (rc == RC_OK)
            rc = sql_do(&s->sql, err, MERGE_ON, "ii", (int64_t)row->id, (int64_t)row->merged_into);
        if (rc == RC_OK)
            rc = sql_do(&s->sql, err, MERGE_ALONG, "i", (int64_t)row->id);
    } else {
        words = words_of_story(row, &s->vault.scratch);
    }
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, DROP_PHRASES, "i", (int64_t)row->id);
    for (uint32_t i = 0; rc == RC_OK && i < row->phrase_count; i++)
        rc = sql_do(&s->sql, err, ADD_PHRASE, "iitii", (int64_t)row->id, (int64_t)i,
                    bytes_of(row->phrases[i].text), (int64_t)row->phrases[i].voices,
                    (int64_t)row->phrases[i].published);
    return rc == RC_OK ? keep_words(s, (int64_t)row->id * 2, words, err) : rc;
}

static enum rc write_cell(struct sqlite_store *s, const struct cell *cell, struct err *err)
{
    const struct codes *codes = &s->vault.codes;

    return sql_do(&s->sql, err, PUT_CELL, "iiiiiiiiiiiiiiii", (int64_t)cell->key.window,
                  (int64_t)cell->key.story, cell->key.start,
                  (int64_t)code_number(codes, CODE_PLACE, cell->key.place),
                  (int64_t)code_number(codes, CODE_TOPIC, cell->key.topic), (int64_t)cell->messages,
                  (int64_t)cell->copies, (int64_t)cell->tokenless, (int64_t)cell->sources,
                  (int64_t)cell->top_source, (int64_t)cell->voices, (int64_t)cell->voices_sum,
                  (int64_t)cell->fresh, (int64_t)cell->parts, (int64_t)cell->interrupted,
                  (int64_t)cell->replayed);
}

static enum rc write_alarm(struct sqlite_store *s, const struct alarm *alarm, struct err *err)
{
    const struct codes *codes = &s->vault.codes;

    return sql_do(&s->sql, err, ADD_ALARM, "iiiiiiiiiddddidddii", (int64_t)alarm->id, alarm->known,
                  (int64_t)alarm->window, alarm->start,
                  (int64_t)code_number(codes, CODE_PLACE, alarm->place),
                  (int64_t)code_number(codes, CODE_TOPIC, alarm->topic), (int64_t)alarm->story,
                  (int64_t)alarm->observed, (int64_t)alarm->sources, alarm->expected, alarm->score,
                  alarm->p, alarm->q, (int64_t)alarm->replayed, alarm->doubt, alarm->q_max,
                  alarm->ratio_min, (int64_t)alarm->verdict, (int64_t)alarm->desk);
}

static enum rc write_release(struct sqlite_store *s, const struct release_row *row, struct err *err)
{
    const struct codes *codes = &s->vault.codes;
    enum rc rc = sql_do(&s->sql, err, ADD_RELEASE, "iiiiiiiiiiii", (int64_t)row->key.window,
                        row->key.start, (int64_t)code_number(codes, CODE_PLACE, row->key.place),
                        (int64_t)code_number(codes, CODE_TOPIC, row->key.topic),
                        (int64_t)row->shown, (int64_t)row->k, (int64_t)row->voices,
                        (int64_t)row->voices_upper, (int64_t)row->messages, (int64_t)row->copies,
                        (int64_t)row->sources, (int64_t)row->replayed);

    if (rc == RC_BROKEN && sqlite3_extended_errcode(s->sql.db) == SQLITE_CONSTRAINT_PRIMARYKEY)
        return err_set(err, RC_BROKEN,
                       "this cell was released already: a release never changes, what came later "
                       "counts in the next one");
    return rc;
}

static enum rc write_coverage(struct sqlite_store *s, const struct coverage *coverage,
                              struct err *err)
{
    return sql_do(&s->sql, err, ADD_COVERAGE, "tiiiii", coverage->source, coverage->day,
                  (int64_t)coverage->items, (int64_t)coverage->bad, (int64_t)coverage->failures,
                  coverage->last_heard);
}

static enum rc drop_held(struct sqlite_store *s, struct held_window window, struct err *err)
{
    return sql_do(&s->sql, err, DROP_HELD, "ii", (int64_t)window.window, window.start);
}

static enum rc write_held(struct sqlite_store *s, const struct commit *commit, struct err *err)
{
    struct held_chunk chunk;
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < commit->closed_count; i++)
        rc = drop_held(s, commit->closed[i], err);
    while (rc == RC_OK && commit->held && commit->held->next(commit->held->context, &chunk)) {
        if (chunk.part == 0)
            rc = drop_held(s, chunk.of, err);
        if (rc == RC_OK)
            rc = sql_do(&s->sql, err, ADD_HELD, "iiib", (int64_t)chunk.of.window, chunk.of.start,
                        (int64_t)chunk.part, chunk.sealed);
    }
    return rc;
}

enum rc aggregates_write(struct sqlite_store *s, const struct commit *commit,
                         const struct packing *packing, struct err *err)
{
    enum rc rc = write_publications(s, commit, packing, err);

    for (size_t i = 0; rc == RC_OK && i < commit->turn_count; i++)
        rc = sql_do(&s->sql, err, ADD_TURN, "iiii", (int64_t)commit->turns[i].item,
                    (int64_t)commit->turns[i].from, (int64_t)commit->turns[i].into,
                    (int64_t)commit->turns[i].split);
    for (size_t i = 0; rc == RC_OK && i < commit->story_count; i++)
        rc = write_story(s, &commit->stories[i], err);
    for (size_t i = 0; rc == RC_OK && i < commit->cell_count; i++)
        rc = write_cell(s, &commit->cells[i], err);
    for (size_t i = 0; rc == RC_OK && i < commit->alarm_count; i++)
        rc = write_alarm(s, &commit->alarms[i], err);
    for (size_t i = 0; rc == RC_OK && i < commit->judgement_count; i++)
        rc = sql_do(&s->sql, err, JUDGE_ALARM, "ii", (int64_t)commit->judgements[i].verdict,
                    (int64_t)commit->judgements[i].id);
    for (size_t i = 0; rc == RC_OK && i < commit->setting_count; i++)
        rc = sql_do(&s->sql, err, PUT_SETTING, "ti", commit->settings[i].name,
                    commit->settings[i].value);
    for (size_t i = 0; rc == RC_OK && i < commit->release_count; i++)
        rc = write_release(s, &commit->releases[i], err);
    for (size_t i = 0; rc == RC_OK && i < commit->coverage_count; i++)
        rc = write_coverage(s, &commit->coverage[i], err);
    return rc == RC_OK ? write_held(s, commit, err) : rc;
}
