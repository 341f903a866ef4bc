/* markup.c - HTML, escaped; see markup.h. */
#include "publish/markup.h"

#include "base/err.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>

static void finish_tag(struct markup *markup)
{
    if (markup->in_tag)
        buf_add_byte(markup->out, '>');
    markup->in_tag = false;
}

static void add_escaped(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.n;) {
        char bytes[4];
        uint32_t c = utf8_next(text, &at, NULL);

        switch (c) {
        case '&':
            buf_add(out, STR("&amp;"));
            break;
        case '<':
            buf_add(out, STR("&lt;"));
            break;
        case '>':
            buf_add(out, STR("&gt;"));
            break;
        case '"':
            buf_add(out, STR("&quot;"));
            break;
        case '\'':
            buf_add(out, STR("&#39;"));
            break;
        default:
            if (c < 0x20 || (c >= 0x7F && c < 0xA0))
                c = ' ';
            buf_add(out, (struct str){bytes, utf8_put(bytes, c)});
        }
    }
}

static void start(struct markup *markup, const char *element)
{
    finish_tag(markup);
    buf_add_byte(markup->out, '<');
    buf_add(markup->out, str_of(element));
    markup->in_tag = true;
}

void markup_open(struct markup *markup, const char *element)
{
    MUST(markup->depth < MARKUP_DEPTH);
    start(markup, element);
    markup->open[markup->depth++] = element;
}

void markup_void(struct markup *markup, const char *element)
{
    start(markup, element);
}

void markup_attr(struct markup *markup, const char *name, struct str value)
{
    MUST(markup->in_tag);
    buf_add_byte(markup->out, ' ');
    buf_add(markup->out, str_of(name));
    buf_add(markup->out, STR("=\""));
    add_escaped(markup->out, value);
    buf_add_byte(markup->out, '"');
}

void markup_number(struct markup *markup, const char *name, double value)
{
    long hundredths = lround(value * 100);

    MUST(markup->in_tag);
    buf_printf(markup->out, " %s=\"%s%ld", name, hundredths < 0 ? "-" : "", labs(hundredths) / 100);
    if (hundredths % 100)
        buf_printf(markup->out, ".%02ld", labs(hundredths) % 100);
    buf_add_byte(markup->out, '"');
}

void markup_text(struct markup *markup, struct str text)
{
    finish_tag(markup);
    add_escaped(markup->out, text);
}

void markup_close(struct markup *markup)
{
    MUST(markup->depth > 0);
    finish_tag(markup);
    buf_printf(markup->out, "</%s>", markup->open[--markup->depth]);
}

void markup_leaf(struct markup *markup, const char *element, const char *class_name,
                 struct str text)
{
    markup_open(markup, element);
    if (class_name)
        markup_attr(markup, "class", str_of(class_name));
    markup_text(markup, text);
    markup_close(markup);
}

void markup_style(struct markup *markup, const char *css)
{
    markup_open(markup, "style");
    finish_tag(markup);
    buf_add(markup->out, str_of(css));
    markup_close(markup);
}
