/* xml_bounds.c - a scan that knows where tags begin and end, and nothing else; see xml_bounds.h.
 *
 * It need not agree with a parser on documents that are not well-formed: what it takes for a tag
 * only has to be at least as long as what the parser takes for one.
 */
#include "source/xml_bounds.h"
#include "source/xml_declaration.h"

#include <string.h>

enum { DEPTH_MAX = 256 };

struct scan {
    struct str document;
    size_t at;
    const char *broken;
    unsigned depth, namespaces, declared[DEPTH_MAX]; /* declared: on each open element */
    unsigned references;
    uint64_t defaults; /* attributes that the DTD may add to an element: at most so many */
    uint64_t work;
};

/* Encodings in which the bytes of markup are those of ASCII and stand for nothing else. */
static bool shows_markup(struct str document)
{
    static const struct str plain[] = {
        STR("utf-8"),   STR("utf8"),   STR("us-ascii"), STR("ascii"), STR("iso-8859"),
        STR("iso8859"), STR("latin"),  STR("windows"),  STR("cp125"), STR("euc"),
        STR("gb"),      STR("big5"),   STR("shift"),    STR("sjis"),  STR("koi8"),
        STR("tis"),     STR("viscii"), STR("tcvn"),     STR("ks_c"),
    };
    struct str declared = xml_declared_encoding(document);
    struct str start = document;

    if (str_starts(start, STR("\xEF\xBB\xBF")))
        start = str_from(start, 3);
    start = str_trim(str_part(start, 0, 256));
    if (!str_starts(start, STR("<")) || str_find_byte(start, '\0') < start.n)
        return false;
    for (size_t i = 0; declared.n && i < sizeof plain / sizeof *plain; i++)
        if (str_eq_nocase(str_part(declared, 0, plain[i].n), plain[i]))
            return true;
    return !declared.n;
}

/* Behind the next `end`, or the end of the document. */
static void skip_to(struct scan *scan, struct str end)
{
    scan->at += str_find(str_from(scan->document, scan->at), end) + end.n;
}

/* The internal subset may hold quotes, comments and brackets; its own end is "]" and ">". */
static void skip_doctype(struct scan *scan)
{
    struct str head = str_part(scan->document, scan->at, XML_DTD_MAX);
    size_t open = str_find_byte(head, '['), close = str_find_byte(head, '>');

    if (open < close) {
        struct str subset = str_from(head, open);
        size_t end = 0;

        do /* a subset is at most 64 KiB, so trimming its tail again and again is cheap */
            end += 1 + str_find_byte(str_from(subset, end), ']');
        while (end < subset.n && !str_starts(str_trim(str_from(subset, end)), STR(">")));
        close = open + end;
    }
    if (str_find(str_part(head, 0, close), STR("ATTLIST")) < close ||
        str_find_byte(str_part(head, 0, close), '%') < close) /* a parameter entity may hide it */
        for (size_t i = 0; i < close && i < head.n; i++)
            scan->defaults += head.p[i] == '"' || head.p[i] == '\'';
    if (close >= head.n && scan->at + head.n < scan->document.n)
        scan->broken = "its DTD is longer than 64 KiB";
    scan->at += close;
}

static void open_element(struct scan *scan, unsigned namespaces, bool empty)
{
    scan->namespaces += namespaces;
    if (scan->namespaces > XML_NAMESPACES_MAX)
        scan->broken = "more than 128 namespaces are declared around one element";
    if (empty)
        scan->namespaces -= namespaces;
    else if (++scan->depth <= DEPTH_MAX)
        scan->declared[scan->depth - 1] = namespaces;
}

static void close_element(struct scan *scan)
{
    if (scan->depth && --scan->depth < DEPTH_MAX)
        scan->namespaces -= scan->declared[scan->depth];
}

/* From behind "<" to behind ">". */
static void scan_tag(struct scan *scan)
{
    struct str tag = str_part(scan->document, scan->at, XML_TAG_MAX);
    unsigned attributes = 0, namespaces = 0;
    uint64_t n;
    size_t i = 0;
    char quote = 0;

    for (; i < tag.n && (quote || tag.p[i] != '>'); i++) {
        char c = tag.p[i];

        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '=') {
            attributes++;
        } else if (c == 'x' && str_starts(str_from(tag, i), STR("xmlns"))) {
            namespaces++;
        }
    }
    if (i == XML_TAG_MAX)
        scan->broken = "a tag is longer than 64 KiB";
    if (attributes > XML_ATTRIBUTES_MAX)
        scan->broken = "an element has more than 128 attributes";
    if (tag.n && tag.p[0] == '/')
        close_element(scan);
    else
        open_element(scan, namespaces, i && i < tag.n && tag.p[i - 1] == '/');
    n = attributes + scan->defaults / 2;
    scan->work += n * n / 8 + scan->namespaces;
    if (scan->work > XML_WORK_MAX)
        scan->broken = "too many attributes or namespaces on too many elements";
    scan->at += i;
}

static bool is_known_reference(struct str name)
{
    static const struct str known[] = {STR("#"),   STR("amp;"),  STR("lt;"),
                                       STR("gt;"), STR("quot;"), STR("apos;")};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_starts(name, known[i]))
            return true;
    return false;
}

static void scan_reference(struct scan *scan)
{
    struct str name = str_part(scan->document, scan->at, XML_NAME_MAX);
    size_t n = 0;

    if (is_known_reference(name) && name.p[0] != '#')
        return;
    while (n < name.n && !strchr(" \t\r\n;<>&\"'", name.p[n]))
        n++;
    if (n == XML_NAME_MAX)
        scan->broken = "a reference has a name longer than 1 KiB";
    if (!is_known_reference(name) && ++scan->references > XML_REFERENCES_MAX)
        scan->broken = "it refers to entities more than 50,000 times";
}

static void scan_markup(struct scan *scan)
{
    struct str rest = str_from(scan->document, scan->at);

    if (str_starts(rest, STR("!--")))
        skip_to(scan, STR("-->"));
    else if (str_starts(rest, STR("![CDATA[")))
        skip_to(scan, STR("]]>"));
    else if (str_starts(rest, STR("?")))
        skip_to(scan, STR("?>"));
    else if (str_starts(rest, STR("!DOCTYPE")))
        skip_doctype(scan);
    else if (rest.n && !strchr(" \t\r\n=<>&0123456789", rest.p[0]))
        scan_tag(scan);
}

const char *xml_bounds_broken(struct str document)
{
    struct scan scan = {.document = document};

    if (!shows_markup(document))
        return document.n > XML_OPAQUE_MAX
                   ? "longer than 256 KiB in an encoding that is not ASCII's"
                   : NULL;
    while (scan.at < document.n && !scan.broken) {
        char c = document.p[scan.at++];

        if (c == '<')
            scan_markup(&scan);
        else if (c == '&')
            scan_reference(&scan);
    }
    return scan.broken;
}
