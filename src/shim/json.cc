/* json.cc - simdjson's DOM behind the C functions of json.h. */
#include "shim/json.h"

#include <simdjson.h>

namespace dom = simdjson::dom;
using event_fn = bool(void *, const json_event *);

struct json_parser {
    dom::parser dom;
    dom::element root;
};

static bool walk(dom::element at, str key, event_fn *event, void *context)
{
    json_event e{};
    std::string_view s;
    const bool array = at.is_array(), object = at.is_object();

    e.key = key;
    e.type = array ? JSON_ARRAY : object ? JSON_OBJECT : JSON_NULL;
    if (!at.get(s))
        e.type = JSON_STRING, e.string = {s.data(), s.size()};
    else if (!at.get(e.truth))
        e.type = JSON_BOOL;
    else if (!at.get(e.integer))
        e.type = JSON_INT;
    else if (uint64_t u; !at.get(u))
        e.type = JSON_UINT, e.integer = static_cast<int64_t>(u);
    else if (at.is_double())
        e.type = JSON_DOUBLE, e.number = at.get_double().value_unsafe();
    bool more = event(context, &e);
    if (array)
        for (dom::element child : dom::array(at))
            more = more && walk(child, str{}, event, context);
    if (object)
        for (dom::key_value_pair field : dom::object(at))
            more = more && walk(field.value, {field.key.data(), field.key.size()}, event, context);
    e.end = true;
    return more && ((!array && !object) || event(context, &e));
}
json_parser *json_parser_new(void)
{
    return new (std::nothrow) json_parser;
}
void json_parser_free(json_parser *parser)
{
    delete parser;
}
const char *json_parse(json_parser *parser, str document)
{
    const char *bytes = document.n ? document.p : "";
    auto error = parser->dom.parse(bytes, document.n, true).get(parser->root); /* copies: padding */

    return error ? simdjson::error_message(error) : nullptr;
}
void json_walk(json_parser *parser, event_fn *event, void *context)
{
    walk(parser->root, str{}, event, context);
}
