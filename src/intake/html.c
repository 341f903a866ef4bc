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

/* Names of character references and what they stand for, in the order of bytes.  The oldest may do
 * without the semicolon. */
static const char *const oldest[] = {
    "AElig c6",  "AMP 26",    "Aacute c1", "Acirc c2",  "Agrave c0", "Aring c5",  "Atilde c3",
    "Auml c4",   "COPY a9",   "Ccedil c7", "ETH d0",    "Eacute c9", "Ecirc ca",  "Egrave c8",
    "Euml cb",   "GT 3e",     "Iacute cd", "Icirc ce",  "Igrave cc", "Iuml cf",   "LT 3c",
    "Ntilde d1", "Oacute d3", "Ocirc d4",  "Ograve d2", "Oslash d8", "Otilde d5", "Ouml d6",
    "QUOT 22",   "REG ae",    "THORN de",  "Uacute da", "Ucirc db",  "Ugrave d9", "Uuml dc",
    "Yacute dd", "aacute e1", "acirc e2",  "acute b4",  "aelig e6",  "agrave e0", "amp 26",
    "aring e5",  "atilde e3", "auml e4",   "brvbar a6", "ccedil e7", "cedil b8",  "cent a2",
    "copy a9",   "curren a4", "deg b0",    "divide f7", "eacute e9", "ecirc ea",  "egrave e8",
    "eth f0",    "euml eb",   "frac12 bd", "frac14 bc", "frac34 be", "gt 3e",     "iacute ed",
    "icirc ee",  "iexcl a1",  "igrave ec", "iquest bf", "iuml ef",   "laquo ab",  "lt 3c",
    "macr af",   "micro b5",  "middot b7", "nbsp a0",   "not ac",    "ntilde f1", "oacute f3",
    "ocirc f4",  "ograve f2", "ordf aa",   "ordm ba",   "oslash f8", "otilde f5", "ouml f6",
    "para b6",   "plusmn b1", "pound a3",  "quot 22",   "raquo bb",  "reg ae",    "sect a7",
    "shy ad",    "sup1 b9",   "sup2 b2",   "sup3 b3",   "szlig df",  "thorn fe",  "times d7",
    "uacute fa", "ucirc fb",  "ugrave f9", "uml a8",    "uuml fc",   "yacute fd", "yen a5",
    "yuml ff"};

/* What HTML 5 added to the table of HTML 4 and writes a letter, a sign of ASCII or punctuation, a
 * space or nothing at all: what Vietnamese or a disguise would use. */
static const char *const late[] = {
    "Abreve 102",  "Amacr 100",    "Aogon 104",   "Cacute 106",  "Ccaron 10c",  "Ccirc 108",
    "Cdot 10a",    "Dcaron 10e",   "Dstrok 110",  "ENG 14a",     "Ecaron 11a",  "Edot 116",
    "Emacr 112",   "Eogon 118",    "Gbreve 11e",  "Gcedil 122",  "Gcirc 11c",   "Gdot 120",
    "Hat 5e",      "Hcirc 124",    "Hstrok 126",  "IJlig 132",   "Idot 130",    "Imacr 12a",
    "Iogon 12e",   "Itilde 128",   "Jcirc 134",   "Kcedil 136",  "Lacute 139",  "Lcaron 13d",
    "Lcedil 13b",  "Lmidot 13f",   "Lstrok 141",  "Nacute 143",  "Ncaron 147",  "Ncedil 145",
    "NewLine a",   "NoBreak 2060", "Odblac 150",  "Omacr 14c",   "Racute 154",  "Rcaron 158",
    "Rcedil 156",  "Sacute 15a",   "Scedil 15e",  "Scirc 15c",   "Tab 9",       "Tcaron 164",
    "Tcedil 162",  "Tstrok 166",   "Ubreve 16c",  "Udblac 170",  "Umacr 16a",   "UnderBar 5f",
    "Uogon 172",   "Uring 16e",    "Utilde 168",  "Wcirc 174",   "Ycirc 176",   "Zacute 179",
    "Zcaron 17d",  "Zdot 17b",     "abreve 103",  "af 2061",     "amacr 101",   "aogon 105",
    "apos 27",     "ast 2a",       "bsol 5c",     "bullet 2022", "cacute 107",  "ccaron 10d",
    "ccirc 109",   "cdot 10b",     "colon 3a",    "comma 2c",    "commat 40",   "dash 2010",
    "dcaron 10f",  "dollar 24",    "dstrok 111",  "ecaron 11b",  "edot 117",    "emacr 113",
    "emsp13 2004", "emsp14 2005",  "eng 14b",     "eogon 119",   "equals 3d",   "excl 21",
    "gbreve 11f",  "gcirc 11d",    "gdot 121",    "grave 60",    "hairsp 200a", "hcirc 125",
    "horbar 2015", "hstrok 127",   "hyphen 2010", "ic 2063",     "ijlig 133",   "imacr 12b",
    "imath 131",   "inodot 131",   "iogon 12f",   "it 2062",     "itilde 129",  "jcirc 135",
    "kcedil 137",  "kgreen 138",   "lacute 13a",  "lbrace 7b",   "lbrack 5b",   "lcaron 13e",
    "lcedil 13c",  "lcub 7b",      "ldquor 201e", "lmidot 140",  "lowbar 5f",   "lpar 28",
    "lsqb 5b",     "lsquor 201a",  "lstrok 142",  "midast 2a",   "mldr 2026",   "nacute 144",
    "napos 149",   "ncaron 148",   "ncedil 146",  "nldr 2025",   "num 23",      "numsp 2007",
    "odblac 151",  "omacr 14d",    "percnt 25",   "period 2e",   "plus 2b",     "puncsp 2008",
    "quest 3f",    "racute 155",   "rbrace 7d",   "rbrack 5d",   "rcaron 159",  "rcedil 157",
    "rcub 7d",     "rdquor 201d",  "rpar 29",     "rsqb 5d",     "rsquor 2019", "sacute 15b",
    "scedil 15f",  "scirc 15d",    "semi 3b",     "sol 2f",      "tcaron 165",  "tcedil 163",
    "tstrok 167",  "ubreve 16d",   "udblac 171",  "umacr 16b",   "uogon 173",   "uring 16f",
    "utilde 169",  "verbar 7c",    "vert 7c",     "wcirc 175",   "ycirc 177",   "zacute 17a",
    "zcaron 17e",  "zdot 17c"};
static const char *const late_and_long[] = {
    "ApplyFunction 2061",      "DiacriticalGrave 60",    "InvisibleComma 2063",
    "InvisibleTimes 2062",     "MediumSpace 205f",       "NegativeMediumSpace 200b",
    "NegativeThickSpace 200b", "NegativeThinSpace 200b", "NegativeVeryThinSpace 200b",
    "NonBreakingSpace a0",     "ThinSpace 2009",         "VerticalLine 7c",
    "VeryThinSpace 200a",      "ZeroWidthSpace 200b"};

static int by_name(const void *name, const void *entry)
{
    const struct str *wanted = name;
    struct str rest = str_of(*(const char *const *)entry);

    return str_cmp(*wanted, str_cut(&rest, ' '));
}

static uint32_t find_name(const char *const *names, size_t n, struct str name)
{
    const char *const *found = bsearch(&name, names, n, sizeof *names, by_name);
    uint32_t cp = 0;

    if (found)
        str_to_hex(str_from(str_of(*found), name.n + 1), &cp);
    return cp;
}

/* What the name, a semicolon behind it, stands for; 0: it is none. */
static uint32_t named_entity(const char *name)
{
    const htmlEntityDesc *early = htmlEntityLookup((const xmlChar *)name);
    uint32_t cp = early ? early->value : find_name(late, sizeof late / sizeof *late, str_of(name));

    return cp ? cp
              : find_name(late_and_long, sizeof late_and_long / sizeof *late_and_long,
                          str_of(name));
}

/* What the oldest name stands for that `s` begins with ("nbsp0912"), and its length; 0: none. */
static uint32_t oldest_entity(struct str s, size_t *length)
{
    enum { SHORTEST = 2, LONGEST = 6 };
    uint32_t cp = 0;

    for (*length = s.n < LONGEST ? s.n : LONGEST; *length >= SHORTEST; --*length) {
        cp = find_name(oldest, sizeof oldest / sizeof *oldest, str_part(s, 0, *length));
        if (cp)
            break;
    }
    return cp;
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
    char name[24] = "";
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
    while (i + n < s.n && n < sizeof name - 1 && is_alnum(s.p[i + n])) {
        name[n] = s.p[i + n];
        n++;
    }
    cp = n && i + n < s.n && s.p[i + n] == ';' ? named_entity(name) : 0;
    if (!cp)
        cp = oldest_entity((struct str){name, n}, &n);
    if (cp)
        *at = i + n + (i + n < s.n && s.p[i + n] == ';');
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

/* "<!…", "<?…", "</ …" at `at`: comment, CDATA, declaration, processing instruction. */
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

    if (next == '!' || next == '?' || (next == '/' && at + 2 < w->n && !is_letter(w->p[at + 2])))
        return declaration(w, at); /* "</>" too is a comment to whoever shows it */
    if (is_letter(next) || (next == '/' && at + 2 < w->n))
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
