/* chronicle.c - counts of the stories being told; see chronicle.h.
 *
 * A story gets cells of its own at its third item: most stories are one message long, and a cell
 * for each would cost more than everything else.  The people of the first two wait in `early`, in
 * memory, and are counted then.
 */
#include "engine/chronicle.h"

#include "base/map.h"
#include "base/vec.h"
#include "engine/naming.h"

#include <stdlib.h>
#include <string.h>

enum { VOTED_TOPICS = 4, KEPT_LONGEST = 1024 };

/* What a killed run counted in the store, until it is read again. */
struct owed {
    uint32_t messages, copies, publications;
};

struct told {
    uint64_t id, merged_into; /* 0, or the story that took it in */
    int64_t first, last;
    uint32_t messages, copies, publications;
    struct owed owed;
    struct {
        uint32_t topic, votes;
    } votes[VOTED_TOPICS];
    struct counted early[CHRONICLE_EARLY];
    uint8_t early_count;
    bool changed, has_cells;
    uint64_t touched;
    struct naming *naming;
    struct story_phrase *kept; /* [STORY_PHRASES], what the store holds, or a publication's title */
    uint32_t kept_count;
};

struct chronicle {
    struct chronicle_config config;
    uint64_t clock;
    uint64_t noted_items, noted_stories; /* before the killed run: its own are from here on */
    struct map index;                    /* story -> slot */
    struct told *told;                   /* [CHRONICLE_STORIES] */
    uint32_t *changed;                   /* [CHRONICLE_STORIES] slots */
    uint32_t n, named, changed_count;
};

struct chronicle *chronicle_new(const struct chronicle_config *config, struct arena *process)
{
    struct chronicle *chronicle = arena_alloc(process, sizeof *chronicle);

    chronicle->config = *config;
    map_init(&chronicle->index, CHRONICLE_STORIES);
    chronicle->told = calloc(CHRONICLE_STORIES, sizeof *chronicle->told);
    chronicle->changed = calloc(CHRONICLE_STORIES, sizeof *chronicle->changed);
    MUST(chronicle->told && chronicle->changed);
    return chronicle;
}

static void forget_names(struct chronicle *chronicle, struct told *told)
{
    chronicle->named -= told->naming != NULL;
    naming_free(told->naming);
    told->naming = NULL;
}

static void forget(struct chronicle *chronicle, struct told *told)
{
    forget_names(chronicle, told);
    for (uint32_t i = 0; i < told->kept_count; i++)
        free((char *)told->kept[i].text.p);
    free(told->kept);
}

void chronicle_free(struct chronicle *chronicle)
{
    for (uint32_t i = 0; i < chronicle->n; i++)
        forget(chronicle, &chronicle->told[i]);
    free(chronicle->told);
    free(chronicle->changed);
    map_free(&chronicle->index);
}

static int by_touched(const void *a, const void *b)
{
    const struct told *x = a, *y = b;

    return (x->touched < y->touched) - (x->touched > y->touched);
}

/* Keeps the first `most` that go on since `time`, and what changed since the last commit. */
static void sift(struct chronicle *chronicle, uint32_t most, int64_t time)
{
    uint32_t kept = 0, n = chronicle->n;

    map_clear(&chronicle->index);
    chronicle->changed_count = 0;
    for (uint32_t i = 0; i < chronicle->n; i++) {
        struct told *told = &chronicle->told[i];

        if (!told->changed && (i >= most || told->last < time)) {
            forget(chronicle, told);
            continue;
        }
        if (told->changed)
            chronicle->changed[chronicle->changed_count++] = kept;
        *map_put(&chronicle->index, told->id, NULL) = kept;
        chronicle->told[kept++] = *told;
    }
    chronicle->n = kept;
    memset(chronicle->told + kept, 0, (n - kept) * sizeof *chronicle->told);
}

/* Keeps the half that was touched last. */
static void make_room(struct chronicle *chronicle)
{
    qsort(chronicle->told, chronicle->n, sizeof *chronicle->told, by_touched);
    sift(chronicle, CHRONICLE_STORIES / 2, TIME_UNKNOWN);
}

void chronicle_forget(struct chronicle *chronicle, int64_t time)
{
    sift(chronicle, CHRONICLE_STORIES, time);
}

/* Keeps a phrase; an equal one is raised instead. */
static void keep_phrase(struct told *told, struct story_phrase phrase)
{
    struct str text = {phrase.text.p, phrase.text.n};
    char *copy;

    if (!told->kept)
        told->kept = calloc(STORY_PHRASES, sizeof *told->kept);
    MUST(told->kept);
    for (uint32_t i = 0; i < told->kept_count; i++)
        if (str_eq(text, (struct str){told->kept[i].text.p, told->kept[i].text.n})) {
            if (phrase.voices > told->kept[i].voices)
                told->kept[i].voices = phrase.voices;
            return;
        }
    if (told->kept_count == STORY_PHRASES)
        return;
    copy = malloc(text.n + 1);
    MUST(copy);
    memcpy(copy, text.p, text.n);
    phrase.text.p = copy;
    told->kept[told->kept_count++] = phrase;
}

static void load_row(struct told *told, const struct story_row *row)
{
    told->merged_into = row->merged_into;
    told->first = row->first;
    told->last = row->last;
    told->messages = row->messages;
    told->copies = row->copies;
    told->publications = row->publications;
    told->votes[0].topic = row->topic;
    told->votes[0].votes = row->topic ? (row->messages - row->copies) / 2 + 1 : 0;
    told->has_cells = row->messages > CHRONICLE_EARLY;
    for (uint32_t i = 0; i < row->phrase_count; i++)
        keep_phrase(told, row->phrases[i]);
}

/* All that a story of the killed run has is what that noted. */
static void owe_row(struct told *told, const struct story_row *row)
{
    told->merged_into = row->merged_into;
    told->owed = (struct owed){row->messages - told->messages, row->copies - told->copies,
                               row->publications - told->publications};
    for (uint32_t i = 0; i < row->phrase_count; i++)
        keep_phrase(told, row->phrases[i]);
}

/* What was not read again before something new came stays counted, and told no closer. */
static void give_up(struct told *told)
{
    if (!told->owed.messages && !told->owed.publications)
        return;
    told->messages += told->owed.messages;
    told->copies += told->owed.copies;
    told->publications += told->owed.publications;
    told->owed = (struct owed){0};
    told->has_cells = told->messages > CHRONICLE_EARLY;
    told->early_count = 0;
}

static enum rc find_told(struct chronicle *chronicle, uint64_t story, struct told **out,
                         struct err *err)
{
    const uint64_t *slot = map_find(&chronicle->index, story);
    struct story_row row;
    struct arena request;
    enum rc rc = RC_ABSENT;

    if (!slot) {
        if (chronicle->n == CHRONICLE_STORIES)
            make_room(chronicle);
        arena_init(&request, "request", 1024 * 1024);
        if (story < chronicle->config.next_story) /* the store has no other */
            rc = chronicle->config.store->driver->story(chronicle->config.store, story, &request,
                                                        &row, err);
        if (rc != RC_OK && rc != RC_ABSENT) {
            arena_free(&request);
            return rc;
        }
        *map_put(&chronicle->index, story, NULL) = chronicle->n;
        chronicle->told[chronicle->n] = (struct told){.id = story, .first = TIME_UNKNOWN};
        if (rc == RC_OK && chronicle->noted_stories && story >= chronicle->noted_stories)
            owe_row(&chronicle->told[chronicle->n], &row);
        else if (rc == RC_OK)
            load_row(&chronicle->told[chronicle->n], &row);
        chronicle->n++;
        if (story >= chronicle->config.next_story)
            chronicle->config.next_story = story + 1;
        arena_free(&request);
        slot = map_find(&chronicle->index, story);
    }
    *out = &chronicle->told[*slot];
    (*out)->touched = ++chronicle->clock;
    return RC_OK;
}

static void mark_changed(struct chronicle *chronicle, struct told *told)
{
    if (!told->changed)
        chronicle->changed[chronicle->changed_count++] = (uint32_t)(told - chronicle->told);
    told->changed = true;
}

static void vote(struct told *told, uint32_t topic, uint32_t votes)
{
    int least = 0;

    if (!topic)
        return;
    for (int i = 0; i < VOTED_TOPICS; i++) {
        if (told->votes[i].topic == topic) {
            told->votes[i].votes += votes;
            return;
        }
        if (told->votes[i].votes < told->votes[least].votes)
            least = i;
    }
    told->votes[least].topic = topic;
    told->votes[least].votes += votes;
}

/* The topic that at least a third of the story's items name, more than any other.  Copies have no
 * vote: a text that is pasted a thousand times says what one person says. */
static uint32_t topic_of(const struct told *told)
{
    int best = 0;

    for (int i = 1; i < VOTED_TOPICS; i++)
        if (told->votes[i].votes > told->votes[best].votes)
            best = i;
    return told->votes[best].votes * 3 >= told->messages - told->copies + told->publications
               ? told->votes[best].topic
               : 0;
}

/* What an item says itself goes before what its story is mostly about: when stories merge, or their
 * votes turn, no service rises by it.  (Of the simulated city's 24,000 items with a service 98.5 %
 * have the right one and .8 % a wrong one; by the story alone 90.5 and 3.5.)  Where it was said
 * is counted of stories that carry a service alone (PRIVACY P11). */
static void assign(const struct told *told, struct counted *counted)
{
    uint32_t service = topic_of(told);

    counted->topic = counted->topic ? counted->topic : service;
    counted->place = service ? counted->place : 0;
}

static void see_time(struct told *told, int64_t heard)
{
    if (told->first == TIME_UNKNOWN || heard < told->first)
        told->first = heard;
    if (told->last < heard || told->messages + told->publications == 0)
        told->last = heard;
}

static struct told *least_named(struct chronicle *chronicle)
{
    struct told *least = NULL;

    for (uint32_t i = 0; i < chronicle->n; i++)
        if (chronicle->told[i].naming && (!least || chronicle->told[i].touched < least->touched))
            least = &chronicle->told[i];
    return least;
}

static void note_phrases(struct chronicle *chronicle, struct told *told,
                         const struct batch_item *item)
{
    if (!told->naming) {
        if (chronicle->named == CHRONICLE_NAMED)
            forget_names(chronicle, least_named(chronicle));
        told->naming = naming_new(chronicle->config.secret ^ told->id, chronicle->config.k);
        MUST(told->naming);
        chronicle->named++;
    }
    naming_note(told->naming,
                &(struct utterance){.tokens = &item->tokens,
                                    .text = redacted_view(item->gated.post.text),
                                    .voice = item->gated.voice,
                                    .everyday = chronicle->config.everyday,
                                    .function_words = chronicle->config.function_words});
}

static struct counted early_of(const struct counted *counted)
{
    struct counted early = *counted;

    early.early = true;
    early.known = false;
    early.item = 0;
    return early;
}

enum rc chronicle_note(struct chronicle *chronicle, const struct batch_item *item,
                       struct counted *counted, struct chapter *chapter, struct err *err)
{
    struct told *told;
    enum rc rc = find_told(chronicle, counted->story, &told, err);

    if (rc != RC_OK)
        return rc;
    if (counted->known) {
        told->owed.messages--;
        told->owed.copies -= told->owed.copies && counted->copy;
    } else {
        give_up(told);
    }
    see_time(told, counted->heard);
    told->messages++;
    told->copies += counted->copy;
    if (!counted->copy)
        vote(told, item->topic, 1);
    assign(told, counted);
    mark_changed(chronicle, told);
    *chapter = (struct chapter){0};
    if (!told->has_cells && told->messages <= CHRONICLE_EARLY) {
        if (told->early_count < CHRONICLE_EARLY)
            told->early[told->early_count++] = early_of(counted);
        return RC_OK;
    }
    if (!told->has_cells) {
        chapter->early = told->early;
        chapter->early_count = told->early_count;
    }
    told->has_cells = chapter->has_cells = true;
    note_phrases(chronicle, told, item);
    return RC_OK;
}

enum rc chronicle_publish(struct chronicle *chronicle, const struct batch_item *item,
                          uint64_t story, struct err *err)
{
    struct told *told;
    enum rc rc = find_told(chronicle, story, &told, err);

    if (rc != RC_OK)
        return rc;
    if (told->owed.publications)
        told->owed.publications--;
    see_time(told, item->gated.post.heard);
    told->publications++;
    vote(told, item->topic, 1);
    if (item->gated.publication.title.n)
        keep_phrase(
            told, (struct story_phrase){.text = item->gated.publication.title, .published = true});
    mark_changed(chronicle, told);
    return RC_OK;
}

/* The phrases that may be seen of one story are the other's as well. */
static void hand_phrases(const struct chronicle *chronicle, const struct told *from,
                         struct told *into)
{
    struct story_phrase best[STORY_PHRASES];
    struct arena scratch;
    uint32_t n;

    for (uint32_t i = 0; i < from->kept_count; i++)
        keep_phrase(into, from->kept[i]);
    if (!from->naming)
        return;
    arena_init(&scratch, "scratch", 1024 * 1024);
    n = naming_best(from->naming, chronicle->config.everyday, best, &scratch);
    for (uint32_t i = 0; i < n; i++)
        keep_phrase(into, best[i]);
    arena_free(&scratch);
}

enum rc chronicle_merge(struct chronicle *chronicle, uint64_t from, uint64_t into,
                        struct chapter *chapter, struct err *err)
{
    struct told *source, *told;
    enum rc rc = find_told(chronicle, from, &source, err);

    *chapter = (struct chapter){0};
    if (rc == RC_OK)
        rc = find_told(chronicle, into, &told, err);
    if (rc == RC_OK) /* room for the second may have moved or dropped the first */
        rc = find_told(chronicle, from, &source, err);
    if (rc != RC_OK || source->merged_into ||
        (source->first == TIME_UNKNOWN &&
         told->first == TIME_UNKNOWN)) /* nobody was told of them */
        return rc;
    source->merged_into = into;
    if (source->first == TIME_UNKNOWN) {
        source->first = told->first;
        source->last = told->last;
    }
    see_time(told, source->first);
    see_time(told, source->last);
    told->messages += source->messages + source->owed.messages;
    told->copies += source->copies + source->owed.copies;
    told->publications += source->publications + source->owed.publications;
    for (int i = 0; i < VOTED_TOPICS; i++)
        vote(told, source->votes[i].topic, source->votes[i].votes);
    hand_phrases(chronicle, source, told);
    if (!source->has_cells && told->has_cells)
        *chapter = (struct chapter){true, source->early, source->early_count};
    mark_changed(chronicle, source);
    mark_changed(chronicle, told);
    return RC_OK;
}

enum rc chronicle_assign(struct chronicle *chronicle, struct counted *counted, struct err *err)
{
    struct told *told;
    enum rc rc = find_told(chronicle, counted->story, &told, err);

    if (rc == RC_OK)
        assign(told, counted);
    return rc;
}

static void withdraw_vote(struct told *told, uint32_t topic)
{
    for (int i = 0; topic && i < VOTED_TOPICS; i++)
        told->votes[i].votes -= told->votes[i].topic == topic && told->votes[i].votes;
}

/* Whoever of them it was waits no longer for the story's cells. */
static void withdraw_early(struct told *told, const struct counted *counted)
{
    for (uint8_t i = 0; i < told->early_count; i++) {
        const struct counted *early = &told->early[i];

        if (early->heard != counted->heard || early->source != counted->source)
            continue;
        memmove(&told->early[i], early + 1, (size_t)(--told->early_count - i) * sizeof *early);
        return;
    }
}

enum rc chronicle_withdraw(struct chronicle *chronicle, const struct counted *counted,
                           uint32_t named, struct err *err)
{
    struct told *told;
    enum rc rc;

    for (uint64_t story = counted->story; story; story = told->merged_into) {
        rc = find_told(chronicle, story, &told, err);
        if (rc != RC_OK)
            return rc;
        told->copies -= told->copies && counted->copy;
        told->messages -= told->messages > told->copies;
        if (!counted->copy)
            withdraw_vote(told, named);
        withdraw_early(told, counted);
        mark_changed(chronicle, told);
    }
    return RC_OK;
}

enum rc chronicle_owes(struct chronicle *chronicle, uint64_t story, uint64_t item, bool publication,
                       bool *owes, struct err *err)
{
    struct told *told;
    enum rc rc;

    *owes = false;
    if (!chronicle->noted_items || item < chronicle->noted_items)
        return RC_OK;
    rc = find_told(chronicle, story, &told, err);
    if (rc == RC_OK)
        *owes = (publication ? told->owed.publications : told->owed.messages) > 0;
    return rc;
}

void chronicle_carry(struct chronicle *chronicle, uint64_t next_item, struct carrier *carrier,
                     bool *killed)
{
    uint64_t next_story = chronicle->config.next_story, given = next_item;

    carry_u64(carrier, &given);
    carry_u64(carrier, &next_story);
    carry_u64(carrier, &chronicle->config.secret);
    carry_u64(carrier, &chronicle->clock);
    *killed = given != next_item && !carrier->bad;
    if (*killed) {
        chronicle->noted_items = given;
        chronicle->noted_stories = next_story;
    }
}

static void carry_early(struct counted *early, struct carrier *carrier)
{
    carry_time(carrier, &early->heard);
    carry_u64(carrier, &early->story);
    carry_u64(carrier, &early->voice.h[0]);
    carry_u64(carrier, &early->voice.h[1]);
    carry_flag(carrier, &early->voice.known);
    carry_u32(carrier, &early->place);
    carry_u32(carrier, &early->topic);
    carry_u32(carrier, &early->source);
    carry_flag(carrier, &early->copy);
    carry_flag(carrier, &early->replayed);
    early->early = true;
}

/* Phrases that may be seen already; one longer than any headline is left behind. */
static void carry_kept(struct told *told, struct carrier *carrier)
{
    char text[KEPT_LONGEST];
    uint32_t n = told->kept_count;

    carry_u32(carrier, &n);
    for (uint32_t i = 0; i < n && !carrier->bad; i++) {
        struct story_phrase phrase = {0};
        uint32_t length;

        if (!carrier->reading)
            phrase = told->kept[i];
        length = phrase.text.n > KEPT_LONGEST ? 0 : (uint32_t)phrase.text.n;
        carry_u32(carrier, &length);
        carry_u32(carrier, &phrase.voices);
        carry_flag(carrier, &phrase.published);
        if (length > KEPT_LONGEST) {
            carrier->bad = true;
            return;
        }
        if (!carrier->reading)
            memcpy(text, phrase.text.p, length);
        carry_bytes(carrier, (unsigned char *)text, length);
        if (!carrier->reading || carrier->bad || !length)
            continue;
        phrase.text = (struct text){text, length};
        keep_phrase(told, phrase);
    }
}

static void carry_told(struct told *told, struct carrier *carrier)
{
    carry_u64(carrier, &told->id);
    carry_u64(carrier, &told->merged_into);
    carry_time(carrier, &told->first);
    carry_time(carrier, &told->last);
    carry_u32(carrier, &told->messages);
    carry_u32(carrier, &told->copies);
    carry_u32(carrier, &told->publications);
    for (int i = 0; i < VOTED_TOPICS; i++) {
        carry_u32(carrier, &told->votes[i].topic);
        carry_u32(carrier, &told->votes[i].votes);
    }
    carry_u8(carrier, &told->early_count);
    if (told->early_count > CHRONICLE_EARLY)
        carrier->bad = true;
    for (int i = 0; i < told->early_count && !carrier->bad; i++)
        carry_early(&told->early[i], carrier);
    carry_flag(carrier, &told->has_cells);
    carry_u64(carrier, &told->touched);
    carry_kept(told, carrier);
}

static void carry_naming(struct chronicle *chronicle, struct told *told, struct carrier *carrier)
{
    bool named = told->naming != NULL;

    carry_flag(carrier, &named);
    if (!named)
        return;
    if (carrier->reading && chronicle->named == CHRONICLE_NAMED) {
        carrier->bad = true;
        return;
    }
    if (carrier->reading) {
        told->naming = naming_new(chronicle->config.secret ^ told->id, chronicle->config.k);
        MUST(told->naming);
        chronicle->named++;
    }
    naming_carry(told->naming, carrier);
}

bool chronicle_rest(struct chronicle *chronicle, size_t *at, struct carrier *carrier)
{
    struct told *told;

    if (*at == chronicle->n)
        return false;
    told = &chronicle->told[(*at)++];
    give_up(told);
    if (told->has_cells) /* its early items are counted */
        told->early_count = 0;
    carry_told(told, carrier);
    carry_naming(chronicle, told, carrier);
    return true;
}

/* What the store says of a story more than it did when it was given. */
static enum rc owe(struct chronicle *chronicle, struct told *told, struct err *err)
{
    struct story_row row;
    struct arena request;
    enum rc rc;

    arena_init(&request, "request", 1024 * 1024);
    rc = chronicle->config.store->driver->story(chronicle->config.store, told->id, &request, &row,
                                                err);
    if (rc == RC_OK && row.messages >= told->messages && row.copies >= told->copies &&
        row.publications >= told->publications)
        owe_row(told, &row);
    arena_free(&request);
    return rc == RC_ABSENT ? RC_OK : rc;
}

enum rc chronicle_resume(struct chronicle *chronicle, struct carrier *carrier, bool killed,
                         struct err *err)
{
    struct told *told = &chronicle->told[chronicle->n];
    bool fresh;

    if (chronicle->n == CHRONICLE_STORIES)
        return err_set(err, RC_BROKEN, "more stories lie sealed than there can be");
    carry_told(told, carrier);
    carry_naming(chronicle, told, carrier);
    if (!carrier->bad)
        *map_put(&chronicle->index, told->id, &fresh) = chronicle->n;
    if (carrier->bad || !fresh) {
        forget(chronicle, told);
        *told = (struct told){0};
        return err_set(err, RC_BROKEN, "a story that lay sealed cannot be read");
    }
    chronicle->n++;
    return killed ? owe(chronicle, told, err) : RC_OK;
}

static int64_t day_of(const struct chronicle *chronicle, int64_t ms)
{
    return window_start(WINDOW_DAY, ms, chronicle->config.zone);
}

static void fill_row(const struct chronicle *chronicle, const struct told *told,
                     struct arena *batch, struct story_row *row)
{
    struct story_phrase best[STORY_PHRASES];
    uint32_t n =
        told->naming ? naming_best(told->naming, chronicle->config.everyday, best, batch) : 0;

    *row = (struct story_row){.id = told->id,
                              .merged_into = told->merged_into,
                              .first = day_of(chronicle, told->first),
                              .last = day_of(chronicle, told->last),
                              .topic = topic_of(told),
                              .messages = told->messages + told->owed.messages,
                              .copies = told->copies + told->owed.copies,
                              .publications = told->publications + told->owed.publications};
    for (uint32_t i = 0; i < n; i++)
        row->phrases[row->phrase_count++] = best[i];
    for (uint32_t i = 0; i < told->kept_count && row->phrase_count < STORY_PHRASES; i++) {
        const struct story_phrase *kept = &told->kept[i];
        bool there = false;

        for (uint32_t j = 0; j < n; j++)
            there |= str_eq((struct str){best[j].text.p, best[j].text.n},
                            (struct str){kept->text.p, kept->text.n});
        if (there)
            continue;
        row->phrases[row->phrase_count] = *kept;
        row->phrases[row->phrase_count++].text.p = arena_copy(batch, kept->text.p, kept->text.n);
    }
}

void chronicle_changed(struct chronicle *chronicle, struct arena *batch, struct story_row **rows,
                       size_t *n)
{
    *rows = arena_array(batch, chronicle->changed_count + 1, sizeof **rows);
    *n = chronicle->changed_count;
    for (uint32_t i = 0; i < chronicle->changed_count; i++) {
        struct told *told = &chronicle->told[chronicle->changed[i]];

        fill_row(chronicle, told, batch, &(*rows)[i]);
        told->changed = false;
    }
    chronicle->changed_count = 0;
}
