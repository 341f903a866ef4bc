/* wellformed.c - one walk with libxml2's reader; see wellformed.h. */
#include "source/wellformed.h"
#include "source/source.h"
#include "source/xml_bounds.h"
#include "source/xml_declaration.h"

#include <libxml/xmlreader.h>
#include <string.h>

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

enum rc wellformed_read(struct str document, struct xml_facts *facts, struct err *err)
{
    const char *broken = xml_bounds_broken(document);
    int more, line = 0;
    uint32_t author = 0;
    xmlTextReader *reader;

    if (!document.n)
        return err_set(err, RC_BAD, "not XML: nothing is in it");
    if (broken)
        return err_set(err, RC_BAD, "not read: %s", broken);
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
