/* columns.c - widths of text on a terminal; see columns.h. */
#include "publish/columns.h"

#include "base/utf8.h"

struct range {
    uint32_t from, to;
    int width;
};

static int columns_of(uint32_t c)
{
    static const struct range ranges[] = {
        {0x0300, 0x036F, 0}, {0x1100, 0x115F, 2},   {0x200B, 0x200F, 0},   {0x2E80, 0xA4CF, 2},
        {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2},   {0xFE00, 0xFE0F, 0},   {0xFE30, 0xFE6F, 2},
        {0xFF00, 0xFF60, 2}, {0x1F300, 0x1FAFF, 2}, {0x20000, 0x3FFFD, 2},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return ranges[i].width;
    return 1;
}

int columns_width(struct str text)
{
    int width = 0;

    for (size_t at = 0; at < text.n;)
        width += columns_of(utf8_next(text, &at, NULL));
    return width;
}

/* The longest prefix of at most `width` columns. */
static struct str prefix(struct str text, int width)
{
    size_t at = 0;

    while (at < text.n) {
        size_t next = at;

        width -= columns_of(utf8_next(text, &next, NULL));
        if (width < 0)
            break;
        at = next;
    }
    return str_part(text, 0, at);
}

static void pad(struct buf *out, int columns)
{
    while (columns-- > 0)
        buf_add_byte(out, ' ');
}

void columns_cell(struct buf *out, struct str text, int width, bool right)
{
    bool cut = columns_width(text) > width;
    struct str shown = cut ? prefix(text, width - 1) : text;
    int left = width - columns_width(shown) - cut;

    if (right)
        pad(out, left);
    buf_add(out, shown);
    if (cut)
        buf_add(out, STR("…"));
    if (!right)
        pad(out, left);
}

void columns_wrap(struct buf *out, struct str text, int width, int indent, int at)
{
    bool behind = false;

    for (struct str rest = text; rest.p && rest.n;) {
        struct str word = str_cut(&rest, ' ');
        int wide = columns_width(word);

        if (behind && at + 1 + wide > width) {
            buf_add_byte(out, '\n');
            pad(out, indent);
            at = indent;
        } else if (behind) {
            buf_add_byte(out, ' ');
            at++;
        }
        buf_add(out, word);
        at += wide;
        behind = true;
    }
}
