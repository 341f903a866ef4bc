/* seal.c - record stream, compression and encryption of batches; see seal.h.
 *
 * A record: numbers as LEB128 varints (signed ones zigzag), most of them as differences to the
 * record before, then language and text behind their lengths.  Level 3 of zstd packs 200-byte
 * Vietnamese posts to about 40 %; 1 saves a third of the time and costs a fifth more bytes.
 */
#include "store/seal.h"

#include "ledger/ledger.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum {
    FORMAT = 1,
    LEVEL = 3,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    MAC = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    RECORD_NUMBERS = 10, /* varints of one record, at most 10 bytes each */
    PLAIN_MAX = 256 * 1024 * 1024,
    SALT = 16,
};

struct seal {
    const struct codes *codes;
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
};

enum rc seal_open(const struct codes *codes, struct arena *process, struct seal **out,
                  struct err *err)
{
    struct seal *seal = arena_alloc(process, sizeof *seal);

    seal->codes = codes;
    seal->pack = ZSTD_createCCtx();
    seal->unpack = ZSTD_createDCtx();
    if (!seal->pack || !seal->unpack) {
        seal_close(seal);
        return err_set(err, RC_FULL, "out of memory for compression");
    }
    *out = seal;
    return RC_OK;
}

void seal_close(struct seal *seal)
{
    ZSTD_freeCCtx(seal->pack);
    ZSTD_freeDCtx(seal->unpack);
}

struct writer {
    unsigned char *at;
};

static void put_number(struct writer *writer, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *writer->at++ = (unsigned char)(number | 0x80);
    *writer->at++ = (unsigned char)number;
}

/* Zigzag of the difference, modulo 2^64: any two numbers will do. */
static void put_difference(struct writer *writer, uint64_t number, uint64_t from)
{
    uint64_t difference = number - from;

    put_number(writer, (difference << 1) ^ (0 - (difference >> 63)));
}

static void put_bytes(struct writer *writer, const char *p, size_t n)
{
    put_number(writer, n);
    if (n)
        memcpy(writer->at, p, n);
    writer->at += n;
}

struct reader {
    const unsigned char *at, *end;
    bool bad;
};

static uint64_t get_number(struct reader *reader)
{
    uint64_t number = 0;

    for (unsigned shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
        unsigned char byte = *reader->at++;

        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return number;
    }
    reader->bad = true;
    return 0;
}

static uint64_t get_difference(struct reader *reader, uint64_t from)
{
    uint64_t zigzag = get_number(reader);

    return from + ((zigzag >> 1) ^ (0 - (zigzag & 1)));
}

static struct text get_text(struct reader *reader)
{
    uint64_t n = get_number(reader);
    struct text text = {(const char *)reader->at, (size_t)n};

    if (n > (size_t)(reader->end - reader->at)) {
        reader->bad = true;
        return (struct text){"", 0};
    }
    reader->at += n;
    return text;
}

static void put_record(struct writer *writer, const struct codes *codes,
                       const struct stored_item *item, const struct stored_item *before)
{
    const struct post *post = item->post;
    struct redacted_view text = redacted_view(post->text);

    put_difference(writer, item->item, before ? before->item : 0);
    put_difference(writer, item->first, item->item);
    put_number(writer, item->story);
    put_number(writer, item->replaces);
    put_difference(writer, (uint64_t)post->heard, before ? (uint64_t)before->post->heard : 0);
    put_difference(writer, (uint64_t)post->time, (uint64_t)post->heard);
    put_number(writer, (uint64_t)post->kind << 1 | (post->replayed ? 1 : 0));
    put_number(writer, code_number(codes, CODE_SOURCE, post->source));
    put_number(writer, code_number(codes, CODE_PLACE, post->place));
    put_bytes(writer, post->lang.tag, strnlen(post->lang.tag, sizeof post->lang.tag));
    put_bytes(writer, text.p, text.n);
}

static uint32_t index_or_none(const struct codes *codes, enum code_kind kind, uint64_t number)
{
    uint32_t index = number <= UINT32_MAX ? code_index(codes, kind, (uint32_t)number) : CODE_GONE;

    return index == CODE_GONE ? 0 : index;
}

static void get_record(struct reader *reader, const struct codes *codes,
                       const struct stored_item *before, struct stored_item *item,
                       struct arena *batch)
{
    struct post *post = arena_alloc(batch, sizeof *post);
    uint64_t kind;
    struct text lang;

    item->item = get_difference(reader, before ? before->item : 0);
    item->first = get_difference(reader, item->item);
    item->story = get_number(reader);
    item->replaces = get_number(reader);
    post->heard = (int64_t)get_difference(reader, before ? (uint64_t)before->post->heard : 0);
    post->time = (int64_t)get_difference(reader, (uint64_t)post->heard);
    kind = get_number(reader);
    post->replayed = kind & 1;
    reader->bad |= kind >> 1 >= KINDS;
    post->kind = (enum kind)(kind >> 1);
    post->source = index_or_none(codes, CODE_SOURCE, get_number(reader));
    post->place = index_or_none(codes, CODE_PLACE, get_number(reader));
    lang = get_text(reader);
    reader->bad |= lang.n >= sizeof post->lang.tag;
    if (!reader->bad)
        memcpy(post->lang.tag, lang.p, lang.n);
    post->text = redacted_make_(get_text(reader), batch);
    item->post = post;
}

static struct str write_records(const struct codes *codes, const struct stored_item *const *items,
                                size_t n, struct arena *batch)
{
    size_t room = 1 + 10;
    struct writer writer;
    unsigned char *bytes;

    for (size_t i = 0; i < n; i++)
        room += 10 * (RECORD_NUMBERS + 1) + sizeof items[i]->post->lang.tag +
                redacted_length(items[i]->post->text);
    bytes = arena_alloc(batch, room);
    writer.at = bytes;
    *writer.at++ = FORMAT;
    put_number(&writer, n);
    for (size_t i = 0; i < n; i++)
        put_record(&writer, codes, items[i], i ? items[i - 1] : NULL);
    return (struct str){(const char *)bytes, (size_t)(writer.at - bytes)};
}

/* The associated data: what the bytes are for, and where they belong. */
struct bound {
    unsigned char bytes[8 + 8 + 8];
};

static struct bound bound_of(const char purpose[8], int64_t day, uint64_t number)
{
    struct bound bound;

    memcpy(bound.bytes, purpose, 8);
    for (int i = 0; i < 8; i++) {
        bound.bytes[8 + i] = (unsigned char)((uint64_t)day >> (8 * i));
        bound.bytes[16 + i] = (unsigned char)(number >> (8 * i));
    }
    return bound;
}

/* nonce || ciphertext || tag */
static struct str encrypt(const struct day_key *key, struct bound bound, struct str plain,
                          struct arena *arena)
{
    unsigned char *out = arena_alloc(arena, NONCE + plain.n + MAC);

    randombytes_buf(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, (const unsigned char *)plain.p,
                                               plain.n, bound.bytes, sizeof bound.bytes, NULL, out,
                                               key->seal);
    return (struct str){(const char *)out, NONCE + plain.n + MAC};
}

static bool decrypt(const struct day_key *key, struct bound bound, struct str sealed,
                    struct arena *arena, struct str *plain)
{
    const unsigned char *in = (const unsigned char *)sealed.p;
    unsigned char *out;

    if (sealed.n < NONCE + MAC)
        return false;
    out = arena_alloc(arena, sealed.n - NONCE - MAC);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + NONCE, sealed.n - NONCE,
                                                   bound.bytes, sizeof bound.bytes, in,
                                                   key->seal) != 0)
        return false;
    *plain = (struct str){(const char *)out, sealed.n - NONCE - MAC};
    return true;
}

enum rc seal_items(struct seal *seal, const struct seal_place *place,
                   const struct stored_item *const *items, size_t n, struct str *sealed,
                   struct err *err)
{
    struct str records = write_records(seal->codes, items, n, place->batch);
    size_t room = ZSTD_compressBound(records.n), packed_size;
    char *packed = arena_alloc(place->batch, room);

    packed_size = ZSTD_compressCCtx(seal->pack, packed, room, records.p, records.n, LEVEL);
    if (ZSTD_isError(packed_size))
        return err_set(err, RC_FULL, "a batch of %zu items cannot be packed: %s", n,
                       ZSTD_getErrorName(packed_size));
    *sealed = encrypt(place->key, bound_of("sdgbatch", place->key->day, place->number),
                      (struct str){packed, packed_size}, place->batch);
    return RC_OK;
}

static enum rc no_batch(const struct seal_place *place, const char *why, struct err *err)
{
    return err_set(err, RC_BROKEN,
                   "batch %llu does not open: %s; restore a backup, or let retention take it",
                   (unsigned long long)place->number, why);
}

static bool read_records(const struct codes *codes, struct reader *reader, struct arena *batch,
                         struct stored_item **items, size_t *n)
{
    uint64_t count;
    struct stored_item *read;

    if (reader->at == reader->end || *reader->at++ != FORMAT)
        return false;
    count = get_number(reader);
    if (reader->bad || count > SEAL_ITEMS_MAX)
        return false;
    read = arena_array(batch, (size_t)count, sizeof *read);
    for (size_t i = 0; i < count && !reader->bad; i++)
        get_record(reader, codes, i ? &read[i - 1] : NULL, &read[i], batch);
    if (reader->bad || reader->at != reader->end)
        return false;
    *items = read;
    *n = (size_t)count;
    return true;
}

enum rc unseal_items(struct seal *seal, const struct seal_place *place, struct str sealed,
                     struct stored_item **items, size_t *n, struct err *err)
{
    struct str packed;
    unsigned long long size;
    struct reader reader;
    unsigned char *plain;

    if (!decrypt(place->key, bound_of("sdgbatch", place->key->day, place->number), sealed,
                 place->batch, &packed))
        return no_batch(place, "it was changed since it was sealed", err);
    size = ZSTD_getFrameContentSize(packed.p, packed.n);
    if (size > PLAIN_MAX)
        return no_batch(place, "its size is unknown", err);
    plain = arena_alloc(place->batch, (size_t)size);
    if (ZSTD_decompressDCtx(seal->unpack, plain, (size_t)size, packed.p, packed.n) != size)
        return no_batch(place, "it cannot be unpacked", err);
    reader = (struct reader){plain, plain + size, false};
    if (!read_records(seal->codes, &reader, place->batch, items, n))
        return no_batch(place, "it was written by another version", err);
    return RC_OK;
}

struct str seal_opening(const struct day_key *key, const struct search_opening *opening,
                        struct arena *request)
{
    struct str plain = {arena_alloc(request, SALT + opening->term.n), SALT + opening->term.n};
    char *at = (char *)plain.p;

    memcpy(at, opening->salt, SALT);
    if (opening->term.n)
        memcpy(at + SALT, opening->term.p, opening->term.n);
    return encrypt(key, bound_of("sdgterm ", key->day, 0), plain, request);
}

bool seal_opening_holds(const struct day_key *key, struct str commitment, struct str sealed,
                        struct arena *request)
{
    struct str plain;
    unsigned char salt[SALT];
    char again[65];

    if (!decrypt(key, bound_of("sdgterm ", key->day, 0), sealed, request, &plain) || plain.n < SALT)
        return false;
    memcpy(salt, plain.p, SALT);
    ledger_commitment(str_from(plain, SALT), salt, again);
    return str_eq(commitment, str_of(again));
}
