/* feed_items.c - from slots to items: which field of a feed becomes which field of ours.
 *
 * The full content is the text and the description the summary; without content the description is
 * the text; the gate is content with a title alone.  An entry without an id goes by its link and
 * title.
 */
#include "source/feed_items.h"

#include "source/http.h"
#include "source/input.h"

enum { READY_MAX = 4 * JSON_DOCUMENT_MAX };

void feed_items_init(struct feed_items *items, struct arena *job)
{
    *items = (struct feed_items){.job = job};
    for (int i = 0; i < SLOTS; i++)
        buf_init(&items->slots[i], RECORD_MAX);
    buf_init(&items->lang, 64);
    buf_init(&items->ready, READY_MAX);
}

void feed_items_free(struct feed_items *items)
{
    for (int i = 0; i < SLOTS; i++)
        buf_free(&items->slots[i]);
    buf_free(&items->lang);
    buf_free(&items->ready);
}

void feed_items_escape(struct buf *slot, struct str bytes)
{
    size_t from = 0;

    for (size_t i = 0; i < bytes.n; i++) {
        char c = bytes.p[i];

        if (c != '<' && c != '>' && c != '&')
            continue;
        buf_add(slot, str_part(bytes, from, i - from));
        buf_add(slot, c == '<' ? STR("&lt;") : c == '>' ? STR("&gt;") : STR("&amp;"));
        from = i + 1;
    }
    buf_add(slot, str_from(bytes, from));
}

void feed_items_own_link(struct feed_items *items, struct str url)
{
    items->refused = items->refused || http_url_names_account(url);
}

void feed_items_begin(struct feed_items *items)
{
    for (int i = 0; i < SLOTS; i++)
        buf_clear(&items->slots[i]);
}

void feed_items_end(struct feed_items *items)
{
    struct feed_entry *entry = vec_push(&items->entries, items->job);
    struct buf *id = &items->slots[SLOT_ID];
    size_t total = 0;

    *entry = (struct feed_entry){.start = items->ready.n};
    if (!str_trim(buf_str(id)).n) {
        buf_clear(id);
        buf_add(id, STR("link: ")); /* with a colon no filter prints it */
        buf_add(id, buf_str(&items->slots[SLOT_LINK]));
        buf_add_byte(id, ' ');
        buf_add(id, buf_str(&items->slots[SLOT_TITLE]));
    }
    if (!items->slots[SLOT_LANG].n)
        buf_add(&items->slots[SLOT_LANG], buf_str(&items->lang));
    for (int i = 0; i < SLOTS; i++) {
        total += items->slots[i].n;
        entry->too_long = entry->too_long || items->slots[i].full || total > RECORD_MAX;
    }
    for (int i = 0; i < SLOTS && !entry->too_long; i++) {
        entry->n[i] = items->slots[i].n;
        buf_add(&items->ready, buf_str(&items->slots[i]));
    }
    if (items->ready.full) {
        items->ready.full = false;
        items->ready.n = entry->start;
        entry->too_long = true;
    }
    feed_items_begin(items);
}

static void fill_item(struct raw_item *item, const struct str field[SLOTS])
{
    *item = (struct raw_item){.html = true, .feed_dates = true};
    item->title = field[SLOT_TITLE];
    item->id = field[SLOT_ID];
    item->url = field[SLOT_LINK];
    item->lang = field[SLOT_LANG];
    item->time = field[SLOT_TIME].n ? field[SLOT_TIME] : field[SLOT_LATER];
    item->text = field[SLOT_CONTENT];
    if (item->text.n)
        item->summary = field[SLOT_SUMMARY];
    else
        item->text = field[SLOT_SUMMARY];
}

bool feed_items_next(struct feed_items *items, struct raw_item *item, bool *too_long)
{
    struct str field[SLOTS];
    const struct feed_entry *entry;
    size_t at;

    if (items->handed_on == items->entries.n) {
        items->handed_on = items->entries.n = 0;
        buf_clear(&items->ready);
        return false;
    }
    entry = &items->entries.v[items->handed_on++];
    at = entry->start;
    for (int i = 0; i < SLOTS; i++) {
        struct str whole = str_part(buf_str(&items->ready), at, entry->n[i]);

        field[i] = str_trim(whole);
        if (!field[i].n)
            field[i] = (struct str){NULL, 0};
        at += entry->n[i];
    }
    fill_item(item, field);
    *too_long = entry->too_long;
    return true;
}
