/* brief.c - a briefing: the leaf, the facts, the face; see brief.h. */
#include "publish/brief.h"

#include "publish/faces.h"

#include <stdio.h>

/* The leaf comes before anything is read (PRIVACY P10). */
static enum rc write_leaf(struct store *store, const struct settings *settings,
                          const struct brief_options *options, struct err *err)
{
    static const char *const faces[] = {"text", "html", "json"};
    char detail[128], until[TIME_TEXT];
    int n = snprintf(detail, sizeof detail, "face=%s until=%s", faces[options->face],
                     time_format(options->now, settings->zone, until));

    return ledger_append(&store->ledger, options->now, LEDGER_BRIEF,
                         (struct str){detail, (size_t)n}, err);
}

enum rc brief_write(struct store *store, const struct settings *settings,
                    const struct brief_options *options, struct arena *job, struct buf *out,
                    struct err *err)
{
    struct brief_facts facts;
    struct teller teller = {.facts = &facts, .english = options->english, .job = job};
    enum rc rc = write_leaf(store, settings, options, err);

    if (rc == RC_OK)
        rc = store_freeze(store, err);
    if (rc != RC_OK)
        return rc;
    rc = facts_gather(store, settings, options->now, job, &facts, err);
    store_thaw(store);
    if (rc != RC_OK)
        return rc;
    if (options->face == BRIEF_HTML)
        brief_html(&teller, out);
    else if (options->face == BRIEF_JSON)
        brief_json(&teller, out);
    else
        brief_text(&teller, options, out);
    if (out->full)
        return err_set(err, RC_FULL, "the briefing does not fit into %zu bytes", out->max);
    return RC_OK;
}
