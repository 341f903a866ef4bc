/* ledger.c - the chain of leaves; see ledger.h.
 *
 * Canonical bytes of a leaf: index and time as 8 bytes little-endian, then the name of the action
 * and the detail, each behind its length in 4 bytes.  Names rather than enum values, so that a
 * reader needs no table of ours; lengths, so that no two leaves have the same bytes.
 */
#include "ledger/ledger.h"

#include "base/utf8.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char *const names[LEDGER_ACTIONS] = {"opened", "search", "read",  "export", "release",
                                                  "alarm",  "brief",  "purge", "judge",  "change"};

const char *ledger_action_name(enum ledger_action action)
{
    return names[action];
}

static void add_number(crypto_generichash_state *state, uint64_t number, size_t bytes)
{
    unsigned char little[8];

    for (size_t i = 0; i < bytes; i++)
        little[i] = (unsigned char)(number >> (8 * i));
    crypto_generichash_update(state, little, bytes);
}

static void add_text(crypto_generichash_state *state, struct str text)
{
    add_number(state, text.n, 4);
    crypto_generichash_update(state, (const unsigned char *)text.p, text.n);
}

/* lint: exports: outsiders verify with it */
void ledger_hash(const unsigned char previous[LEDGER_HASH], const struct ledger_leaf *leaf,
                 unsigned char out[LEDGER_HASH])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, LEDGER_HASH);
    crypto_generichash_update(&state, previous, LEDGER_HASH);
    add_number(&state, leaf->index, 8);
    add_number(&state, (uint64_t)leaf->time, 8);
    add_text(&state, str_of(names[leaf->action]));
    add_text(&state, leaf->detail);
    crypto_generichash_final(&state, out, LEDGER_HASH);
}

static bool printable(struct str s)
{
    bool ok = true;

    for (size_t at = 0; ok && at < s.n;) {
        uint32_t c = utf8_next(s, &at, &ok);

        ok = ok && c >= 0x20 && (c < 0x7F || c > 0x9F);
    }
    return ok;
}

enum rc ledger_append(struct ledger *ledger, int64_t time, enum ledger_action action,
                      struct str detail, struct err *err)
{
    struct ledger_leaf leaf = {.time = time, .action = action, .detail = detail};
    enum rc rc = RC_OK;

    MUST(action < LEDGER_ACTIONS && detail.n <= LEDGER_DETAIL_MAX && printable(detail));
    if (ledger->prepare)
        rc = ledger->prepare(ledger->context, ledger, err);
    if (rc != RC_OK)
        return rc;
    leaf.index = ledger->length;
    ledger_hash(ledger->head, &leaf, leaf.hash);
    rc = ledger->sink(ledger->context, &leaf, err);
    if (rc != RC_OK)
        return rc;
    ledger->length++;
    memcpy(ledger->head, leaf.hash, LEDGER_HASH);
    return RC_OK;
}

enum rc ledger_verify_next(struct ledger *ledger, const struct ledger_leaf *leaf, struct err *err)
{
    unsigned char hash[LEDGER_HASH];

    if (leaf->index != ledger->length)
        return err_set(err, RC_BROKEN, "the log lacks leaf %llu: it was cut or reordered",
                       (unsigned long long)ledger->length);
    ledger_hash(ledger->head, leaf, hash);
    if (memcmp(hash, leaf->hash, LEDGER_HASH) != 0)
        return err_set(err, RC_BROKEN, "leaf %llu of the log was changed, or one before it",
                       (unsigned long long)leaf->index);
    ledger->length++;
    memcpy(ledger->head, hash, LEDGER_HASH);
    return RC_OK;
}

void ledger_commitment(struct str term, const unsigned char salt[16], char out[65])
{
    crypto_generichash_state state;
    unsigned char hash[32];

    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, salt, 16);
    crypto_generichash_update(&state, (const unsigned char *)term.p, term.n);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, 65, hash, sizeof hash);
}
