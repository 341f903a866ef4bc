/* html.c - a linear walk over tags; see html.h.
 *
 * libxml2's HTML parser was tried first.  Its end-tag matching walks the stack of open elements:
 * 50,000 <div> and as many stray </b> (550 KB) take 5.2 s, twice that takes four times as long; it
 * also stops at depth 256 or needs XML_PARSE_HUGE, which takes its other limits away.  Text needs
 * no tree, so only its table of character references is used.
 *
 * Linear by memory of failure: when a '>', a quote, a "-->" or an end tag is not found ahead of one
 * position, it is not looked for again from a later one.
 */
#include "intake/html.h"

#include "base/utf8.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

enum search {
    SEARCH_GREATER,
    SEARCH_QUOTE,
    SEARCH_APOSTROPHE,
    SEARCH_COMMENT,
    SEARCH_CDATA,
    SEARCH_SCRIPT, /* the ends of elements without text, in the order of `silent` */
    SEARCH_STYLE,
    SEARCH_TEMPLATE,
    SEARCH_HEAD,
    SEARCHES
};

struct walk {
    const char *p;
    size_t n;
    char *out;
    size_t length;
    bool space;          /* white space is due before the next character */
    bool line;           /* ... and it is a newline */
    unsigned pre;        /* open <pre> */
    bool none[SEARCHES]; /* not found ahead */
};

static const char *const silent[] = {"</script", "</style", "</template", "</head"};

/* Elements whose begin and end break the line. */
static bool is_block(struct str name)
{
    static const char list[] =
        " address article aside blockquote body br caption center dd details dialog dir div dl dt "
        "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav "
        "ol optgroup option p pre section select summary table tbody textarea tfoot thead title "
        "tr ul ";
    char padded[16] = " ";

    if (name.n > sizeof padded - 3)
        return false;
    for (size_t i = 0; i < name.n; i++)
        padded[i + 1] = (char)(name.p[i] | (name.p[i] >= 'A' && name.p[i] <= 'Z' ? 0x20 : 0));
    padded[name.n + 1] = ' ';
    return strstr(list, padded) != NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_alnum(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

static void emit(struct walk *w, const char *bytes, size_t n)
{
    if (w->space && w->length)
        w->out[w->length++] = w->line ? '\n' : ' ';
    w->space = w->line = false;
    memcpy(w->out + w->length, bytes, n);
    w->length += n;
}

static void emit_blank(struct walk *w, char c)
{
    if (w->pre && w->length && !w->space) {
        w->out[w->length++] = c;
        return;
    }
    w->space = true;
    w->line = w->line || (w->pre && c == '\n');
}

static void break_line(struct walk *w)
{
    w->space = w->line = true;
}

/* Offset of `what` at or behind `at`, ASCII case ignored when it begins an end tag; n: none. */
static size_t find_ahead(struct walk *w, size_t at, enum search which, const char *what)
{
    struct str html = {w->p, w->n}, wanted = str_of(what);

    if (w->none[which])
        return w->n;
    for (; at < w->n; at++) {
        at += str_find_byte(str_from(html, at), what[0]);
        if (str_eq_nocase(str_part(html, at, wanted.n), wanted))
            return at;
    }
    w->none[which] = true;
    return w->n;
}

/* Names that HTML 5 added to the table of HTML 4 and that Vietnamese or a disguise would use. */
static uint32_t late_entity(const char *name)
{
    static const struct {
        const char *name;
        uint32_t cp;
    } late[] = {{"apos", '\''},     {"commat", '@'},   {"period", '.'},   {"num", '#'},
                {"sol", '/'},       {"colon", ':'},    {"comma", ','},    {"lowbar", '_'},
                {"hyphen", 0x2010}, {"dash", 0x2010},  {"plus", '+'},     {"equals", '='},
                {"excl", '!'},      {"quest", '?'},    {"semi", ';'},     {"lpar", '('},
                {"rpar", ')'},      {"percnt", '%'},   {"ast", '*'},      {"dollar", '$'},
                {"Tab", '\t'},      {"NewLine", '\n'}, {"abreve", 0x103}, {"Abreve", 0x102},
                {"dstrok", 0x111},  {"Dstrok", 0x110}, {"itilde", 0x129}, {"Itilde", 0x128},
                {"utilde", 0x169},  {"Utilde", 0x168}, {"AMP", '&'},      {"LT", '<'},
                {"GT", '>'},        {"QUOT", '"'}};

    for (size_t i = 0; i < sizeof late / sizeof *late; i++)
        if (strcmp(name, late[i].name) == 0)
            return late[i].cp;
    return 0;
}

static uint32_t named_entity(const char *name)
{
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);

    return entity ? entity->value : late_entity(name);
}

/* What a number stands for: windows-1252 where it names a C1 control (HTML standard, 13.2.5.80). */
static uint32_t numbered_entity(uint32_t number)
{
    static const uint16_t windows1252[32] = {
        0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
        0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

    if (number >= 0x80 && number < 0xA0)
        return windows1252[number - 0x80];
    return number ? number : UTF8_REPLACEMENT;
}

/* The digits of "&#…" behind *at; UINT32_MAX when there are none. */
static uint32_t read_number(struct str s, size_t *at)
{
    bool hex = *at < s.n && (s.p[*at] | 0x20) == 'x';
    uint32_t number = 0, digit;
    size_t from = *at += hex;

    for (; *at < s.n; ++*at) {
        char c = s.p[*at];

        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            break;
        number = number > 0x110000 ? number : number * (hex ? 16 : 10) + digit;
    }
    return *at == from ? UINT32_MAX : number;
}

/* The code point of a character reference at `at`, which then points behind it; 0: it is none. */
static uint32_t reference(struct str s, size_t *at)
{
    char name[16] = "";
    size_t i = *at + 1, n = 0;
    uint32_t cp;

    if (i < s.n && s.p[i] == '#') {
        i++;
        cp = read_number(s, &i);
        if (cp == UINT32_MAX)
            return 0;
        *at = i + (i < s.n && s.p[i] == ';');
        return numbered_entity(cp);
    }
    while (i < s.n && n < sizeof name - 1 && is_alnum(s.p[i]))
        name[n++] = s.p[i++];
    cp = n ? named_entity(name) : 0;
    if (!cp || (cp > 0xFF && !(i < s.n && s.p[i] == ';')))
        return 0; /* only the oldest names may do without the semicolon */
    *at = i + (i < s.n && s.p[i] == ';');
    return cp;
}

/* Text without tags. */
static void emit_text(struct walk *w, struct str s)
{
    for (size_t at = 0, from; at < s.n;) {
        char bytes[4];
        uint32_t cp = 0;

        from = at;
        if (is_blank(s.p[at])) {
            emit_blank(w, s.p[at++]);
            continue;
        }
        if (s.p[at] == '&')
            cp = reference(s, &at);
        if (cp && cp < 0x80 && is_blank((char)cp))
            emit_blank(w, (char)cp);
        else if (cp)
            emit(w, bytes, utf8_put(bytes, cp));
        else {
            for (at++; at < s.n && !is_blank(s.p[at]) && s.p[at] != '&';)
                at++;
            emit(w, s.p + from, at - from);
        }
    }
}

/* The value behind the '=' at *at, which then points behind it; false when it opens a quote that is
 * never closed, which is then an ordinary character. */
static bool attribute_value(struct walk *w, size_t *at, struct str *value)
{
    size_t from = *at + 1, end;
    char quote;

    while (from < w->n && is_blank(w->p[from]))
        from++;
    quote = from < w->n ? w->p[from] : '\0';
    if (quote == '"' || quote == '\'') {
        end = find_ahead(w, from + 1, quote == '"' ? SEARCH_QUOTE : SEARCH_APOSTROPHE,
                         quote == '"' ? "\"" : "'");
        *at = end < w->n ? end + 1 : from;
        *value = (struct str){w->p + from + 1, end - from - 1};
        return end < w->n;
    }
    for (end = from; end < w->n && !is_blank(w->p[end]) && w->p[end] != '>';)
        end++;
    *value = (struct str){w->p + from, end - from};
    *at = end;
    return true;
}

/* Behind the '>' that ends the tag whose attributes begin at `at`; 0 when there is none.  *alt gets
 * the value of an attribute of that name. */
static size_t attributes(struct walk *w, size_t at, struct str *alt)
{
    struct str name = {NULL, 0}, value;
    size_t nearest = find_ahead(w, at, SEARCH_GREATER, ">"), from;

    if (nearest == w->n)
        return 0;
    while (at < w->n && w->p[at] != '>') {
        from = at;
        if (is_alnum(w->p[at])) {
            while (at < w->n && (is_alnum(w->p[at]) || w->p[at] == '-'))
                at++;
            name = (struct str){w->p + from, at - from};
        } else if (w->p[at] != '=') {
            at++;
        } else if (attribute_value(w, &at, &value) && str_eq_nocase(name, STR("alt"))) {
            *alt = value;
        }
    }
    if (at < w->n)
        return at + 1;
    /* Every '>' ahead stands within quotes: from here on quotes are ordinary characters. */
    w->none[SEARCH_QUOTE] = w->none[SEARCH_APOSTROPHE] = true;
    *alt = (struct str){NULL, 0};
    return nearest + 1;
}

/* Behind "</name…>" of a silent element that was opened before `at`; `at` when it is not closed. */
static size_t skip_silent(struct walk *w, size_t at, enum search which)
{
    size_t end = find_ahead(w, at, which, silent[which - SEARCH_SCRIPT]), greater;

    if (end == w->n)
        return at;
    greater = find_ahead(w, end, SEARCH_GREATER, ">");
    return greater < w->n ? greater + 1 : w->n;
}

/* A start or end tag at `at`; returns where reading goes on, `at` when it is no tag. */
static size_t tag(struct walk *w, size_t at)
{
    bool end = w->p[at + 1] == '/';
    size_t from = at + 1 + end, i = from, behind;
    struct str name, alt = {NULL, 0};

    while (i < w->n && is_alnum(w->p[i]))
        i++;
    name = (struct str){w->p + from, i - from};
    behind = attributes(w, i, &alt);
    if (!behind)
        return at;
    if (is_block(name))
        break_line(w);
    if (str_eq_nocase(name, STR("td")) || str_eq_nocase(name, STR("th")))
        w->space = true;
    if (str_eq_nocase(name, STR("pre")))
        w->pre = end ? w->pre - (w->pre > 0) : w->pre + 1;
    if (str_eq_nocase(name, STR("img")) && alt.n) {
        w->space = true;
        emit_text(w, alt);
        w->space = true;
    }
    for (enum search which = SEARCH_SCRIPT; !end && which < SEARCHES; which++)
        if (str_eq_nocase(name, str_of(silent[which - SEARCH_SCRIPT] + 2)))
            return skip_silent(w, behind, which);
    return behind;
}

/* "<!…" or "<?…" at `at`: comment, CDATA, declaration, processing instruction. */
static size_t declaration(struct walk *w, size_t at)
{
    struct str rest = str_from((struct str){w->p, w->n}, at);
    size_t end;

    if (str_starts(rest, STR("<!--"))) {
        end = find_ahead(w, at + 2, SEARCH_COMMENT, "-->");
        if (end < w->n)
            return end + 3;
    }
    if (str_starts(rest, STR("<![CDATA["))) {
        end = find_ahead(w, at + 9, SEARCH_CDATA, "]]>");
        if (end < w->n) {
            emit_text(w, (struct str){w->p + at + 9, end - at - 9});
            return end + 3;
        }
    }
    end = find_ahead(w, at, SEARCH_GREATER, ">");
    return end < w->n ? end + 1 : at;
}

/* What begins with '<' at `at`; returns where reading goes on, `at` when it is text. */
static size_t markup(struct walk *w, size_t at)
{
    char next = at + 1 < w->n ? w->p[at + 1] : ' ';

    if (next == '!' || next == '?')
        return declaration(w, at);
    if (is_letter(next) || (next == '/' && at + 2 < w->n && is_letter(w->p[at + 2])))
        return tag(w, at);
    return at;
}

struct str html_to_text(struct str html, struct arena *batch)
{
    /* Nothing that is written is longer than what stands for it, and white space is due only where
     * some was read or a tag stood. */
    struct walk w = {.p = html.p, .n = html.n, .out = arena_alloc(batch, html.n + 1)};

    for (size_t at = 0, behind; at < html.n; at = behind) {
        size_t text = str_find_byte(str_from(html, at), '<');

        emit_text(&w, str_part(html, at, text));
        at += text;
        if (at == html.n)
            break;
        behind = markup(&w, at);
        if (behind == at) {
            emit(&w, "<", 1);
            behind++;
        }
    }
    return (struct str){w.out, w.length};
}
