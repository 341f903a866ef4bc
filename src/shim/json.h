/* json.h - strict JSON (RFC 8259) reading through simdjson's DOM.
 *
 * One parser object a thread; a document's strings live until the next parse.  A key that stands
 * twice gives two events: the last wins.  Integers of up to 64 bits are exact, an integer that does
 * not fit is an error.  Depth at most 1,024.  Cost: linear; about 15 bytes of memory a byte at
 * worst.
 */
#ifndef SHIM_JSON_H
#define SHIM_JSON_H

#include "base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_parser;

enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_INT,
    JSON_UINT,
    JSON_DOUBLE,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* One event of a walk over the document in order.  Containers give an event at both ends. */
struct json_event {
    enum json_type type;
    bool end;        /* the closing event of an array or object */
    bool truth;      /* JSON_BOOL */
    int64_t integer; /* JSON_INT; JSON_UINT as its bits */
    double number;   /* JSON_DOUBLE */
    struct str key;  /* name within an object, else p == NULL */
    struct str string;
};

struct json_parser *json_parser_new(void); /* NULL when out of memory */
void json_parser_free(struct json_parser *parser);
/* NULL when the document is well-formed, else a short reason (static). */
const char *json_parse(struct json_parser *parser, struct str document);
/* Calls `event` for each value of the last document parsed, in order; stops when it returns false.
 */
void json_walk(struct json_parser *parser, bool (*event)(void *context, const struct json_event *),
               void *context);

#ifdef __cplusplus
}
#endif
#endif
