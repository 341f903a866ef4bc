/* wellformed.c - one walk with libxml2's reader; see wellformed.h. */
#include "source/wellformed.h"
#include "source/source.h"
#include "source/xml_bounds.h"
#include "source/xml_declaration.h"
#include "source/xml_decode.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlreader.h>
#include <string.h>

/* EXPANSION_COST: libxml2 loses its way in the internal subset soon after 10,000 expansions. */
enum { EXPANDED_MAX = 1024 * 1024, EXPANSION_COST = 256 };

static void on_error(void *context, xmlError *error)
{
    int *line = context;

    if (!*line && error->level >= XML_ERR_ERROR)
        *line = error->line > 0 ? error->line : 1;
}

static struct str name_of(xmlTextReader *reader)
{
    return str_of((const char *)xmlTextReaderConstLocalName(reader));
}

/* The depth of the outermost open element that names an author, 0 outside of one. */
static void visit(xmlTextReader *reader, struct xml_facts *facts, uint32_t *author)
{
    uint32_t depth = (uint32_t)xmlTextReaderDepth(reader) + 1;

    switch (xmlTextReaderNodeType(reader)) {
    case XML_READER_TYPE_ELEMENT:
        if (!facts->elements++)
            buf_add(&facts->root, name_of(reader));
        if (depth > facts->depth)
            facts->depth = depth;
        if (!*author && !xmlTextReaderIsEmptyElement(reader) &&
            source_field_names_author(name_of(reader)))
            *author = depth;
        break;
    case XML_READER_TYPE_END_ELEMENT:
        if (depth == *author)
            *author = 0;
        if (facts->text.n && facts->text.p[facts->text.n - 1] != '\n')
            buf_add_byte(&facts->text, '\n');
        break;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
        if (!*author)
            buf_add(&facts->text, str_of((const char *)xmlTextReaderConstValue(reader)));
        break;
    default:
        break;
    }
}

/* Counts what parameter entities of the internal subset come to.  libxml2 guards general entities
 * against exponential growth, not these. */
static xmlEntity *count_expansion(void *context, const xmlChar *name)
{
    xmlParserCtxt *parser = context;
    size_t *expanded = parser->_private;
    xmlEntity *entity = xmlSAX2GetParameterEntity(parser, name);

    *expanded += EXPANSION_COST + (entity && entity->length > 0 ? (size_t)entity->length : 0);
    return *expanded > EXPANDED_MAX ? NULL : entity;
}

/* lint: parameters: the signature of libxml2's startElementNs */
static void stop_at_root(void *context, const xmlChar *name, const xmlChar *prefix,
                         const xmlChar *uri, int namespace_count, const xmlChar **namespaces, int n,
                         int defaulted, const xmlChar **attributes)
{
    (void)name, (void)prefix, (void)uri, (void)namespace_count, (void)namespaces, (void)n;
    (void)defaulted, (void)attributes;
    xmlStopParser(context);
}

static void ignore_error(void *context, xmlError *error)
{
    (void)context, (void)error; /* the reader will meet it again */
}

/* Reads the document as far as its root. */
static bool expands_too_far(struct str document)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    size_t expanded = 0;

    if (!parser)
        return true;
    parser->_private = &expanded;
    parser->sax->getParameterEntity = count_expansion;
    parser->sax->startElementNs = stop_at_root;
    parser->sax->serror = ignore_error;
    xmlFreeDoc(xmlCtxtReadMemory(parser, document.p, (int)document.n, NULL, NULL, XML_PARSE_NONET));
    xmlFreeParserCtxt(parser);
    return expanded > EXPANDED_MAX;
}

enum rc wellformed_read(struct str document, struct xml_facts *facts, struct err *err)
{
    const char *broken = xml_bounds_broken(document);
    int more, line = 0;
    uint32_t author = 0;
    xmlTextReader *reader;

    if (!document.n)
        return err_set(err, RC_BAD, "not XML: nothing is in it");
    xml_keep_quiet();
    if (broken)
        return err_set(err, RC_BAD, "not read: %s", broken);
    if ((document.n <= XML_OPAQUE_MAX || str_find(document, STR("<!ENTITY")) < document.n) &&
        expands_too_far(document))
        return err_set(err, RC_BAD, "not read: its parameter entities come to more than 1 MiB");
    if (xml_encoding_contradicts(document))
        return err_set(err, RC_BAD,
                       "not well-formed XML: the byte order mark is of another encoding "
                       "than it declares");
    reader = xmlReaderForMemory(document.p, (int)document.n, NULL, NULL, XML_PARSE_NONET);
    if (!reader)
        return err_set(err, RC_FULL, "out of memory for an XML document");
    xmlTextReaderSetStructuredErrorHandler(reader, on_error, &line);
    while ((more = xmlTextReaderRead(reader)) == 1)
        visit(reader, facts, &author);
    xmlFreeTextReader(reader);
    if (more < 0)
        return err_set(err, RC_BAD, "not well-formed XML at line %d", line);
    return RC_OK;
}
