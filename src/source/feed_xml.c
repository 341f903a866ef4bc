/* feed_xml.c - what the elements of a feed mean; see feed_xml.h.
 *
 * A feed is read by the local names of its elements and the *family* of their namespaces; elements
 * in the namespace of the root belong to the root's family whatever its URI says, and an undeclared
 * prefix counts as the one it is always used for.  Authors, contributors and credits are in no
 * table here, so nothing can read them.
 */
#include "source/feed_xml.h"

#include "base/utf8.h"
#include "source/xml_bounds.h"
#include "source/xml_decode.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

enum { CHUNK = 8 * 1024, DEPTH_MAX = 256 };

enum family {
    FAMILY_OTHER = 0,
    FAMILY_RSS = 1,
    FAMILY_ATOM = 2,
    FAMILY_SITEMAP = 4,
    FAMILY_NEWS = 8,
    FAMILY_DC = 16,
    FAMILY_TERMS = 32,
    FAMILY_CONTENT = 64,
    FAMILY_XHTML = 128,
};

struct feed_xml {
    struct feed_items *items;
    struct str document;
    struct buf decoded; /* owner of its bytes when they had to be decoded */
    bool strict, scouting, stopped;
    xmlParserCtxt *parser;
    xmlSAXHandler sax;
    xmlEntity html_entity;
    xmlChar html_bytes[5];
    size_t fed;
    unsigned long error_line;
    /* where we are */
    unsigned depth, entry_depth, channel_depth, capture_depth;
    enum family root;
    const xmlChar *root_uri; /* interned by the parser */
    enum slot capture;
    bool escape, own_link, own_lang;
};

static const struct {
    const char *uri;
    enum family family;
} namespaces[] = {
    {"http://purl.org/rss/1.0/", FAMILY_RSS},
    {"http://my.netscape.com/rdf/simple/0.9/", FAMILY_RSS},
    {"http://channel.netscape.com/rdf/simple/0.9/", FAMILY_RSS},
    {"http://backend.userland.com/rss2", FAMILY_RSS},
    {"http://backend.userland.com/RSS2", FAMILY_RSS},
    {"http://purl.org/net/rss1.1#", FAMILY_RSS},
    {"http://www.w3.org/2005/Atom", FAMILY_ATOM},
    {"http://purl.org/atom/ns#", FAMILY_ATOM},
    {"http://www.sitemaps.org/schemas/sitemap/0.9", FAMILY_SITEMAP},
    {"http://www.google.com/schemas/sitemap-news/0.9", FAMILY_NEWS},
    {"http://purl.org/dc/elements/1.1/", FAMILY_DC},
    {"http://purl.org/dc/elements/1.0/", FAMILY_DC},
    {"http://purl.org/dc/terms/", FAMILY_TERMS},
    {"http://purl.org/rss/1.0/modules/content/", FAMILY_CONTENT},
    {"http://www.w3.org/1999/xhtml", FAMILY_XHTML},
};

static const struct {
    const char *prefix;
    enum family family;
} prefixes[] = {
    {"atom", FAMILY_ATOM},     {"news", FAMILY_NEWS},       {"dc", FAMILY_DC},
    {"dcterms", FAMILY_TERMS}, {"content", FAMILY_CONTENT}, {"xhtml", FAMILY_XHTML},
};

static const struct {
    const char *name;
    enum family root;
} roots[] = {
    {"rss", FAMILY_RSS},     {"RDF", FAMILY_RSS},   {"Channel", FAMILY_RSS},
    {"channel", FAMILY_RSS}, {"feed", FAMILY_ATOM}, {"urlset", FAMILY_SITEMAP},
};

/* Children of an entry. */
static const struct {
    unsigned families;
    const char *name;
    enum slot slot;
} fields[] = {
    {FAMILY_RSS | FAMILY_ATOM | FAMILY_DC | FAMILY_NEWS, "title", SLOT_TITLE},
    {FAMILY_RSS | FAMILY_DC, "description", SLOT_SUMMARY},
    {FAMILY_RSS, "guid", SLOT_ID},
    {FAMILY_RSS, "link", SLOT_LINK},
    {FAMILY_RSS, "pubDate", SLOT_TIME},
    {FAMILY_CONTENT, "encoded", SLOT_CONTENT},
    {FAMILY_XHTML, "body", SLOT_CONTENT},
    {FAMILY_XHTML, "div", SLOT_CONTENT},
    {FAMILY_ATOM, "summary", SLOT_SUMMARY},
    {FAMILY_ATOM, "content", SLOT_CONTENT},
    {FAMILY_ATOM, "id", SLOT_ID},
    {FAMILY_ATOM, "published", SLOT_TIME},
    {FAMILY_ATOM, "issued", SLOT_TIME},
    {FAMILY_ATOM, "updated", SLOT_LATER},
    {FAMILY_ATOM, "modified", SLOT_LATER},
    {FAMILY_ATOM, "created", SLOT_LATER},
    {FAMILY_DC, "date", SLOT_LATER},
    {FAMILY_DC | FAMILY_NEWS, "language", SLOT_LANG},
    {FAMILY_TERMS, "created", SLOT_LATER},
    {FAMILY_TERMS, "issued", SLOT_LATER},
    {FAMILY_TERMS, "modified", SLOT_LATER},
    {FAMILY_SITEMAP, "loc", SLOT_LINK},
    {FAMILY_SITEMAP, "lastmod", SLOT_LATER},
    {FAMILY_NEWS, "publication_date", SLOT_TIME},
};

static bool is(const xmlChar *name, const char *wanted)
{
    return xmlStrEqual(name, BAD_CAST wanted);
}

static struct str str_of_xml(const xmlChar *from, const xmlChar *to)
{
    return (struct str){(const char *)from, (size_t)(to - from)};
}

static enum family family_of(const struct feed_xml *xml, const xmlChar *prefix, const xmlChar *uri)
{
    for (size_t i = 0; uri && i < sizeof namespaces / sizeof *namespaces; i++)
        if (is(uri, namespaces[i].uri))
            return namespaces[i].family;
    for (size_t i = 0; prefix && !uri && i < sizeof prefixes / sizeof *prefixes; i++)
        if (is(prefix, prefixes[i].prefix))
            return prefixes[i].family;
    if (prefix && !uri)
        return FAMILY_OTHER;
    return !uri || xmlStrEqual(uri, xml->root_uri) ? xml->root : FAMILY_OTHER;
}

/* An attribute without a prefix (or, for "lang", with xml:); the view is in the parser's hands.  In
 * SAX libxml2 leaves an ampersand of an attribute written as &#38;. */
static struct str attribute(int n, const xmlChar **attributes, const char *name)
{
    for (int i = 0; i < n; i++, attributes += 5)
        if (is(attributes[0], name))
            return str_of_xml(attributes[3], attributes[4]);
    return (struct str){NULL, 0};
}

static void add_url(struct buf *out, struct str url)
{
    while (url.n) {
        size_t at = str_find(url, STR("&#38;"));

        buf_add(out, str_part(url, 0, at));
        if (at < url.n)
            buf_add_byte(out, '&');
        url = str_from(url, at + 5);
    }
}

static bool is_html_slot(enum slot slot)
{
    return slot == SLOT_TITLE || slot == SLOT_SUMMARY || slot == SLOT_CONTENT;
}

/* Whether characters of this construct mean themselves, from Atom's type (1.0) and mode (0.3). */
static bool atom_escapes(int n, const xmlChar **attributes)
{
    struct str type = attribute(n, attributes, "type"), mode = attribute(n, attributes, "mode");

    if (mode.p)
        return !str_eq(mode, STR("escaped"));
    return !str_eq_nocase(type, STR("html")) && !str_eq_nocase(type, STR("text/html"));
}

/* Content that is no text: another media type, base64, or kept elsewhere. */
static bool atom_unreadable(int n, const xmlChar **attributes)
{
    struct str type = attribute(n, attributes, "type");

    if (attribute(n, attributes, "src").p ||
        str_eq(attribute(n, attributes, "mode"), STR("base64")))
        return true;
    return str_find_byte(type, '/') < type.n &&
           !str_eq_nocase(str_part(type, 0, 5), STR("text/")) &&
           !str_eq_nocase(type, STR("application/xhtml+xml"));
}

static void capture(struct feed_xml *xml, enum slot slot, bool escape)
{
    xml->capture = slot;
    xml->capture_depth = xml->depth;
    xml->escape = escape;
}

static void begin_field(struct feed_xml *xml, enum family family, const xmlChar *name, int n,
                        const xmlChar **attributes)
{
    unsigned within = xml->depth - xml->entry_depth;

    if (family == FAMILY_ATOM && within == 1 && is(name, "link")) {
        struct str rel = attribute(n, attributes, "rel");

        if ((!rel.p || str_eq(rel, STR("alternate"))) && !xml->items->slots[SLOT_LINK].n)
            add_url(&xml->items->slots[SLOT_LINK], attribute(n, attributes, "href"));
        return;
    }
    if (within != 1 && !(family == FAMILY_NEWS && within <= 3))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!(fields[i].families & family) || !is(name, fields[i].name))
            continue;
        if (xml->items->slots[fields[i].slot].n ||
            (family == FAMILY_ATOM && is_html_slot(fields[i].slot) &&
             atom_unreadable(n, attributes)))
            return;
        capture(xml, fields[i].slot,
                family == FAMILY_ATOM ? atom_escapes(n, attributes)
                                      : family != FAMILY_RSS && family != FAMILY_CONTENT);
        return;
    }
}

static void own_link(struct feed_xml *xml, struct str href)
{
    struct buf *url = &xml->items->slots[SLOT_LINK];

    buf_clear(url);
    add_url(url, href);
    feed_items_own_link(xml->items, buf_str(url));
}

/* What the feed says of itself: its language and its links. */
static void begin_own(struct feed_xml *xml, enum family family, const xmlChar *name, int n,
                      const xmlChar **attributes)
{
    unsigned top = xml->channel_depth ? xml->channel_depth : 1;

    if (xml->depth != top + 1)
        return;
    xml->own_link = family == FAMILY_RSS && is(name, "link");
    xml->own_lang = (family == FAMILY_RSS || family == FAMILY_DC) && is(name, "language") &&
                    !xml->items->lang.n;
    if (xml->own_link || xml->own_lang)
        capture(xml, SLOT_LATER, false);
    if (family == FAMILY_ATOM && is(name, "link")) {
        struct str rel = attribute(n, attributes, "rel");

        if (!rel.p || str_eq(rel, STR("self")) || str_eq(rel, STR("alternate")))
            own_link(xml, attribute(n, attributes, "href"));
    }
}

static bool begins_entry(const struct feed_xml *xml, enum family family, const xmlChar *name)
{
    return (family == FAMILY_RSS && is(name, "item")) ||
           (family == FAMILY_ATOM && is(name, "entry")) ||
           (family == FAMILY_SITEMAP && xml->root == FAMILY_SITEMAP && is(name, "url"));
}

static void begin_entry(struct feed_xml *xml, int n, const xmlChar **attributes)
{
    struct feed_items *items = xml->items;

    xml->entry_depth = xml->depth;
    if (xml->scouting)
        return;
    feed_items_begin(items);
    buf_add(&items->slots[SLOT_ID], attribute(n, attributes, "about"));
    buf_add(&items->slots[SLOT_LANG], attribute(n, attributes, "lang"));
}

static void end_entry(struct feed_xml *xml)
{
    xml->entry_depth = 0;
    xml->capture = SLOT_NONE;
    if (!xml->scouting)
        feed_items_end(xml->items);
}

static void begin_root(struct feed_xml *xml, const xmlChar *name, const xmlChar *uri, int n,
                       const xmlChar **attributes)
{
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (is(name, roots[i].name))
            xml->root = roots[i].root;
    xml->root_uri = uri;
    if (xml->scouting)
        buf_add(&xml->items->lang, attribute(n, attributes, "lang"));
    if (is(name, "channel") || is(name, "Channel"))
        xml->channel_depth = 1;
}

/* Markup inside a captured element stays markup: it tells paragraphs and pictures apart. */
static void markup(struct feed_xml *xml, const xmlChar *name, struct str alt, bool closing)
{
    struct buf *slot = &xml->items->slots[xml->capture];

    if (!is_html_slot(xml->capture))
        return;
    buf_add(slot, closing ? STR("</") : STR("<"));
    buf_add(slot, str_of((const char *)name));
    if (alt.n && str_find_byte(alt, '"') == alt.n) {
        buf_add(slot, STR(" alt=\""));
        buf_add(slot, alt);
        buf_add_byte(slot, '"');
    }
    buf_add_byte(slot, '>');
}

/* lint: parameters: the signature of libxml2's startElementNs */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespace_list, int n, int defaulted,
                     const xmlChar **attributes)
{
    struct feed_xml *xml = context;
    enum family family;

    (void)namespace_count, (void)namespace_list, (void)defaulted;
    if (++xml->depth > DEPTH_MAX) { /* libxml2 has a bound of its own for trees only */
        xml->stopped = true;
        xml->error_line = (unsigned long)xmlSAX2GetLineNumber(xml->parser);
        xmlStopParser(xml->parser);
        return;
    }
    if (xml->depth == 1) {
        begin_root(xml, name, uri, n, attributes);
        return;
    }
    family = family_of(xml, prefix, uri);
    if (begins_entry(xml, family, name)) {
        if (xml->entry_depth) /* the one before was never closed */
            end_entry(xml);
        begin_entry(xml, n, attributes);
    } else if (xml->capture != SLOT_NONE) {
        markup(xml, name, is(name, "img") ? attribute(n, attributes, "alt") : (struct str){NULL, 0},
               false);
    } else if (xml->entry_depth && !xml->scouting) {
        begin_field(xml, family, name, n, attributes);
    } else if (!xml->entry_depth && xml->scouting) {
        if (!xml->channel_depth && family == FAMILY_RSS && is(name, "channel"))
            xml->channel_depth = xml->depth;
        else
            begin_own(xml, family, name, n, attributes);
    }
}

static void end_own(struct feed_xml *xml)
{
    struct buf *said = &xml->items->slots[SLOT_LATER];
    struct str value = str_trim(buf_str(said));

    if (xml->own_link)
        feed_items_own_link(xml->items, value);
    if (xml->own_lang)
        buf_add(&xml->items->lang, value);
    buf_clear(said);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct feed_xml *xml = context;

    (void)prefix, (void)uri;
    if (xml->capture != SLOT_NONE && xml->depth == xml->capture_depth) {
        xml->capture = SLOT_NONE;
        if (xml->scouting)
            end_own(xml);
    } else if (xml->capture != SLOT_NONE) {
        markup(xml, name, (struct str){NULL, 0}, true);
    }
    if (xml->entry_depth && xml->depth == xml->entry_depth)
        end_entry(xml);
    xml->depth--;
}

static void on_characters(void *context, const xmlChar *bytes, int n)
{
    struct feed_xml *xml = context;
    struct str s = str_of_xml(bytes, bytes + n);

    if (xml->capture == SLOT_NONE)
        return;
    if (xml->escape && is_html_slot(xml->capture))
        feed_items_escape(&xml->items->slots[xml->capture], s);
    else
        buf_add(&xml->items->slots[xml->capture], s);
}

/* The five names of XML and those that HTML has for characters; every other entity is unknown.
 * libxml2 passes over all references, even &amp;, once it has seen an error: it is told to forget.
 */
static xmlEntity *on_entity(void *context, const xmlChar *name)
{
    struct feed_xml *xml = context;
    xmlEntity *predefined = xmlGetPredefinedEntity(name);
    const htmlEntityDesc *known;
    char bytes[4];

    if (predefined || xml->strict) {
        xml->parser->wellFormed |= !xml->strict;
        return predefined;
    }
    known = htmlEntityLookup(name);
    if (!known)
        return NULL;
    xml->parser->wellFormed = 1;
    xml->html_entity = (xmlEntity){.type = XML_ENTITY_DECL,
                                   .name = name,
                                   .etype = XML_INTERNAL_PREDEFINED_ENTITY,
                                   .content = xml->html_bytes};
    xml->html_entity.length = (int)utf8_put(bytes, known->value);
    memcpy(xml->html_bytes, bytes, sizeof bytes);
    xml->html_bytes[xml->html_entity.length] = '\0';
    return &xml->html_entity;
}

static void on_error(void *context, xmlError *error)
{
    struct feed_xml *xml = context;

    if (!xml->error_line && error->level == XML_ERR_FATAL)
        xml->error_line = error->line > 0 ? (unsigned long)error->line : 1;
}

static void close_parser(struct feed_xml *xml)
{
    if (xml->parser->myDoc)
        xmlFreeDoc(xml->parser->myDoc); /* holds declarations of entities, if there were any */
    xml->parser->myDoc = NULL;
    xmlFreeParserCtxt(xml->parser);
    xml->parser = NULL;
}

/* Begins a pass over the document.  False: out of memory. */
static bool open_parser(struct feed_xml *xml, bool scouting)
{
    int options = XML_PARSE_NONET; /* what was decoded is UTF-8, whatever it declares */
    size_t first = xml->document.n < 4 ? xml->document.n : 4;

    xml->scouting = scouting;
    xml->depth = xml->entry_depth = xml->channel_depth = 0;
    xml->capture = SLOT_NONE;
    xml->error_line = 0;
    xml->stopped = false;
    xml->fed = first;
    if (!xml->strict)
        options |= XML_PARSE_RECOVER | XML_PARSE_OLDSAX | XML_PARSE_IGNORE_ENC;
    xml_keep_quiet();
    xml->parser = xmlCreatePushParserCtxt(&xml->sax, xml, xml->document.p, (int)first, NULL);
    if (!xml->parser)
        return false;
    xmlCtxtUseOptions(xml->parser, options);
    return true;
}

bool feed_xml_more(struct feed_xml *xml)
{
    struct str left = str_from(xml->document, xml->fed);
    struct str chunk = str_part(left, 0, CHUNK);

    if (xml->parser->instate == XML_PARSER_EOF || xml->fed > xml->document.n)
        return false;
    xml_keep_quiet(); /* here, because this may be another thread than the one that opened */
    xmlParseChunk(xml->parser, chunk.p, (int)chunk.n, left.n == chunk.n);
    xml->fed += chunk.n + (left.n == chunk.n); /* past the end: done */
    return true;
}

unsigned long feed_xml_error_line(const struct feed_xml *xml)
{
    return xml->error_line;
}

static enum rc judge_scouting(struct feed_xml *xml, struct err *err)
{
    if (xml->items->refused)
        return err_set(err, RC_REFUSED,
                       "it is the feed of one account: Soundings reads feeds of publishers and "
                       "places");
    if (xml->strict && xml->stopped)
        return err_set(err, RC_BAD, "nested deeper than %d elements", DEPTH_MAX);
    if (xml->strict && !xml->parser->wellFormed)
        return err_set(err, RC_BAD, "not well-formed XML at line %lu", feed_xml_error_line(xml));
    if (!xml->root)
        return err_set(err, RC_BAD, "not a feed: no RSS, Atom, RDF or news sitemap in it");
    return RC_OK;
}

static enum rc scout(struct feed_xml *xml, struct err *err)
{
    const char *broken = xml_bounds_broken(xml->document);
    enum rc rc;

    if (broken)
        return err_set(err, RC_BAD, "not read: %s", broken);
    if (!open_parser(xml, true))
        return err_set(err, RC_FULL, "out of memory for a feed");
    while (feed_xml_more(xml))
        ;
    rc = judge_scouting(xml, err);
    close_parser(xml);
    return rc;
}

enum rc feed_xml_open(struct str document, bool strict, struct feed_items *items,
                      struct feed_xml **out, struct err *err)
{
    struct feed_xml *xml = arena_alloc(items->job, sizeof *xml);
    enum rc rc;

    *xml = (struct feed_xml){.items = items, .document = document, .strict = strict};
    xml->sax = (xmlSAXHandler){.initialized = XML_SAX2_MAGIC,
                               .startElementNs = on_start,
                               .endElementNs = on_end,
                               .characters = on_characters,
                               .cdataBlock = on_characters,
                               .getEntity = on_entity,
                               .serror = on_error};
    buf_init(&xml->decoded, 3 * document.n + 16);
    if (!strict)
        xml->document = xml_decode(document, &xml->decoded);
    rc = scout(xml, err);
    if (rc == RC_OK && !open_parser(xml, false))
        rc = err_set(err, RC_FULL, "out of memory for a feed");
    if (rc == RC_OK)
        *out = xml;
    else
        buf_free(&xml->decoded);
    return rc;
}

void feed_xml_close(struct feed_xml *xml)
{
    close_parser(xml);
    buf_free(&xml->decoded);
}
