/* xml_decode.c - guessing and undoing encodings; see xml_decode.h. */
#include "source/xml_decode.h"

#include "base/utf8.h"
#include "source/xml_declaration.h"

#include <errno.h>
#include <iconv.h>
#include <libxml/xmlerror.h>
#include <string.h>

enum { NAME_MAX_BYTES = 32, CHUNK = 64 * 1024 };

static const struct str replacement = {"\xEF\xBF\xBD", 3};

/* The encoding of a document whose first bytes hold zeros or a byte order mark of such; or NULL. */
static const char *wide_encoding(struct str document)
{
    static const struct {
        struct str start;
        const char *encoding;
    } starts[] = {
        {{"\xFF\xFE\0\0", 4}, "UTF-32LE"}, {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
        {{"<\0\0\0", 4}, "UTF-32LE"},      {{"\0\0\0<", 4}, "UTF-32BE"},
        {{"\xFF\xFE", 2}, "UTF-16LE"},     {{"\xFE\xFF", 2}, "UTF-16BE"},
        {{"<\0", 2}, "UTF-16LE"},          {{"\0<", 2}, "UTF-16BE"},
    };

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts(document, starts[i].start))
            return starts[i].encoding;
    return NULL;
}

/* Counts characters above ASCII that are UTF-8 and ill-formed parts. */
static void count_utf8(struct str document, size_t *good, size_t *bad)
{
    *good = *bad = 0;
    for (size_t at = 0; at < document.n;) {
        bool ok = true;
        uint32_t character = utf8_next(document, &at, &ok);

        *good += ok && character >= 0x80;
        *bad += !ok;
    }
}

static void repair_utf8(struct str document, struct buf *out)
{
    size_t good_from = 0;

    for (size_t at = 0; at < document.n;) {
        size_t from = at;
        bool ok = true;

        utf8_next(document, &at, &ok);
        if (ok)
            continue;
        buf_add(out, str_part(document, good_from, from - good_from));
        buf_add(out, replacement);
        good_from = at;
    }
    buf_add(out, str_from(document, good_from));
}

/* A name that is an encoding's and no option of iconv's ("//IGNORE"). */
static bool name_of_encoding(struct str declared, char name[NAME_MAX_BYTES])
{
    if (!declared.n || declared.n >= NAME_MAX_BYTES || str_eq_nocase(declared, STR("utf-8")) ||
        str_eq_nocase(declared, STR("us-ascii")) || str_find_byte(declared, '/') < declared.n ||
        str_eq_nocase(str_part(declared, 0, 6), STR("utf-16")) ||
        str_eq_nocase(str_part(declared, 0, 6), STR("utf-32")))
        return false;
    memcpy(name, declared.p, declared.n);
    name[declared.n] = '\0';
    return true;
}

/* False: iconv does not know the encoding. */
static bool decode_from(const char *encoding, struct str document, struct buf *out)
{
    iconv_t iconv_state = iconv_open("UTF-8", encoding);
    char chunk[CHUNK], *in, *to;
    size_t left = document.n, room;

    if (iconv_state == (iconv_t)-1)
        return false;
    memcpy(&in, &document.p, sizeof in); /* iconv takes char ** and writes nothing through it */
    while (left) {
        size_t converted;

        to = chunk;
        room = sizeof chunk;
        converted = iconv(iconv_state, &in, &left, &to, &room);
        buf_add(out, (struct str){chunk, sizeof chunk - room});
        if (converted == (size_t)-1 && errno != E2BIG) {
            buf_add(out, replacement);
            in++;
            left--;
        }
    }
    to = chunk;
    room = sizeof chunk;
    iconv(iconv_state, NULL, NULL, &to, &room); /* what it held back, in case a mark followed */
    buf_add(out, (struct str){chunk, sizeof chunk - room});
    iconv_close(iconv_state);
    return true;
}

static bool speaks_vietnamese(struct str document)
{
    struct str head = str_part(document, 0, 4096);

    return str_find(head, STR(">vi")) < head.n || str_find(head, STR("lang=\"vi")) < head.n;
}

struct str xml_decode(struct str document, struct buf *out)
{
    const char *wide = wide_encoding(document);
    char name[NAME_MAX_BYTES];
    size_t good, bad;
    bool named = name_of_encoding(xml_declared_encoding(document), name);

    if (wide && decode_from(wide, document, out))
        return buf_str(out);
    count_utf8(document, &good, &bad);
    if (!bad && (good || !named)) /* pure ASCII may be ISO-2022-JP or UTF-7 */
        return document;
    if (named && decode_from(name, document, out))
        return buf_str(out);
    if (!bad)
        return document;
    if (good > bad)
        repair_utf8(document, out);
    else
        decode_from(speaks_vietnamese(document) ? "WINDOWS-1258" : "WINDOWS-1252", document, out);
    return buf_str(out);
}

static void drop(void *context, xmlError *error)
{
    (void)context, (void)error;
}

void xml_keep_quiet(void)
{
    xmlSetStructuredErrorFunc(NULL, drop);
}
