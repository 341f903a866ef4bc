/* choose.c - which connector an input is for, and which field a name means; see source.h. */
#include "source/source.h"

#include <string.h>

enum { SNIFF_BYTES = 4096 };

static enum rc choose_named(struct str as, const struct source_driver **out, struct err *err)
{
    struct buf known;

    for (size_t i = 0; source_drivers[i]; i++) {
        if (str_eq(as, str_of(source_drivers[i]->name))) {
            *out = source_drivers[i];
            return RC_OK;
        }
    }
    buf_init(&known, 200);
    for (size_t i = 0; source_drivers[i]; i++)
        buf_printf(&known, "%s%s", i ? ", " : "", source_drivers[i]->name);
    err_set(err, RC_USAGE, "no such kind of input: --as takes %s", known.p);
    buf_free(&known);
    return RC_USAGE;
}

enum rc source_choose(struct input *input, struct str as, const struct source_driver **out,
                      struct err *err)
{
    const struct source_driver *best = NULL;
    enum sniff surest = SNIFF_NO;
    enum rc rc;

    if (as.n)
        return choose_named(as, out, err);
    rc = input_want(input, SNIFF_BYTES, err);
    if (rc != RC_OK)
        return rc;
    if (!input->unread.n) /* nothing at all is no items, in any format */
        return choose_named(STR("jsonl"), out, err);
    for (size_t i = 0; source_drivers[i]; i++) {
        enum sniff sure = source_drivers[i]->sniff(str_part(input->unread, 0, SNIFF_BYTES));

        if (sure > surest) {
            best = source_drivers[i];
            surest = sure;
        }
    }
    if (!best)
        return err_set(err, RC_BAD,
                       "%s: neither JSON Lines nor CSV with a text column nor a feed: "
                       "say which with --as",
                       input->name);
    *out = best;
    return RC_OK;
}

bool source_field_names_author(struct str name)
{
    static const struct str beginnings[] = {
        STR("author"), STR("account"), STR("user"),   STR("handle"),  STR("email"),
        STR("phone"),  STR("avatar"),  STR("e-mail"), STR("creator"), STR("contributor"),
    };
    static const struct str whole[] = {
        STR("did"),       STR("mail"),           STR("screen_name"), STR("display_name"),
        STR("nickname"),  STR("first_name"),     STR("last_name"),   STR("full_name"),
        STR("device_id"), STR("managingEditor"), STR("webMaster"),
    };
    struct str prefix = name;

    str_cut(&prefix, ':');
    if (prefix.p) /* the local part of dc:creator */
        name = prefix;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (str_eq_nocase(str_part(name, 0, beginnings[i].n), beginnings[i]))
            return true;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (str_eq_nocase(name, whole[i]))
            return true;
    return false;
}

void source_set_field(struct raw_item *item, struct str name, struct str value)
{
    static const struct str names[] = {
        STR("text"),  STR("id"),   STR("time"),  STR("source"), STR("kind"),    STR("author_token"),
        STR("place"), STR("lang"), STR("title"), STR("url"),    STR("summary"),
    };
    struct str *const places[] = {
        &item->text,  &item->id,   &item->time,  &item->source, &item->kind,    &item->author_token,
        &item->place, &item->lang, &item->title, &item->url,    &item->summary,
    };

    _Static_assert(sizeof names / sizeof *names == sizeof places / sizeof *places,
                   "a place for each name");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (name.n == names[i].n && !memcmp(name.p, names[i].p, name.n)) {
            *places[i] = value;
            return;
        }
    }
    if (str_eq(name, STR("deleted"))) { /* in a table truth is a word or a number */
        item->deleted = str_eq_nocase(str_trim(value), STR("true")) || str_eq(value, STR("1"));
        return;
    }
    if (source_field_names_author(name))
        return;
    item->unknown_fields++;
    if (value.p)
        source_note_extra(item, (struct raw_extra){.name = name, .value = value});
}

void source_note_extra(struct raw_item *item, struct raw_extra extra)
{
    if (item->extra_count < RAW_EXTRAS)
        item->extras[item->extra_count++] = extra;
}
