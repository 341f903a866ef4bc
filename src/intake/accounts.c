/* accounts.c - e-mail addresses, handles and links to profiles; see shadow.h and PRIVACY P7.
 *
 * Everything is found from an '@' or a '/' outwards, a bounded way back and as far forward as is
 * then taken, so the whole is linear.
 */
#include "intake/recognise.h"

#include "intake/names.h"

#include <string.h>

enum {
    LOCAL_LONGEST = 320,
    HOST_LONGEST = 80,
    DOMAIN_LONGEST = 253,
    LABEL_LONGEST = 63,
    LABELS_MOST = 5,
    LETTERS_OF_WORD = 5, /* few unmarked words have more */
    SYLLABLE_LONGEST = 7,
    NAME_SHORTEST = 4,
    PHONE_FEWEST = 9,
    FILLERS_MOST = 3,
};

static bool is_local(unsigned char c)
{
    return shadow_is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

static bool is_handle(unsigned char c)
{
    return shadow_is_alnum(c) || c == '.' || c == '_' || c == '-';
}

static bool is_mail_host(const struct shadow *shadow, size_t at)
{
    static const char *const hosts[] = {"gmail", "yahoo", "hotmail", "outlook", "icloud"};

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (shadow_spells(shadow, at, hosts[i]) &&
            !shadow_is_alnum(shadow_code(shadow, at + strlen(hosts[i]))))
            return true;
    return false;
}

/* Where a domain with a top level of at least two letters that begins at `at` ends; `at`: none. */
static size_t domain_end(const struct shadow *shadow, size_t at)
{
    size_t i = at, end = at, label = at;
    bool letters = true, dot = false;

    for (; i < at + DOMAIN_LONGEST; i++) {
        unsigned char c = shadow_code(shadow, i);

        if (shadow_is_alnum(c) || c == '-') {
            letters = letters && c >= 'a';
            continue;
        }
        if (i == label)
            break;
        if (dot && (letters || shadow_spells(shadow, label, "xn--")) && i - label >= 2)
            end = i;
        if (c != '.')
            break;
        dot = letters = true;
        label = i + 1;
    }
    return end;
}

/* Behind the name of a handle that begins at `at`; `at` when it has too few letters to be one. */
static size_t handle_end(const struct shadow *shadow, size_t at)
{
    size_t end = at, letters = 0, last = at;

    for (; is_handle(shadow_code(shadow, end)); end++) {
        letters += shadow_is_letter(shadow_code(shadow, end));
        if (shadow_is_alnum(shadow_code(shadow, end)) || shadow_code(shadow, end) == '_')
            last = end + 1;
    }
    return letters >= 2 ? last : at;
}

/* "name@host" around the sign: a local part and a domain, or a mail host without its top level. */
static bool find_mail(const struct shadow *shadow, size_t at, size_t *from, size_t *end)
{
    size_t start = at, stop = domain_end(shadow, at + 1);

    while (at - start < LOCAL_LONGEST && is_local(shadow_code(shadow, start - 1)))
        start--;
    while (start < at && !shadow_is_alnum(shadow_code(shadow, start)) &&
           shadow_code(shadow, start) != '_')
        start++;
    if (stop == at + 1 && is_mail_host(shadow, at + 1))
        while (shadow_is_alnum(shadow_code(shadow, stop)))
            stop++;
    *from = start;
    *end = stop;
    return start < at && stop > at + 1;
}

static void take_handle(struct shadow *shadow, size_t at)
{
    size_t end = handle_end(shadow, at + 1);

    if (end == at + 1)
        return;
    if (shadow_code(shadow, end) == '@' && domain_end(shadow, end + 1) > end + 1)
        end = domain_end(shadow, end + 1); /* @user@instance */
    else if (names_end(shadow, at + 1) > end)
        end = names_end(shadow, at + 1); /* "@Nguyễn Văn A ơi": as networks show a mention */
    shadow_take(shadow, at, end, REDACTION_HANDLE);
}

static size_t skip_space(const struct shadow *shadow, size_t i)
{
    return i + (shadow_code(shadow, i) == ' ');
}

/* Where what stands for a sign at i ends: the sign itself, or the sign or a word for it in
 * brackets, or, where it may be `bare`, the word alone; i: nothing does. */
static size_t sign_form_end(const struct shadow *shadow, size_t i, unsigned char sign,
                            const char *const *words, bool bare)
{
    size_t n, at = i;

    if (shadow_code(shadow, i) == sign)
        return i + 1;
    if (shadow_is_one_of(shadow_code(shadow, i), "([{<")) {
        at = skip_space(shadow, i + 1);
        n = shadow_code(shadow, at) == sign ? 1 : shadow_any_cue(shadow, at, words);
        at = skip_space(shadow, at + n);
        return n && shadow_is_one_of(shadow_code(shadow, at), ")]}>") ? at + 1 : i;
    }
    return bare ? i + shadow_any_cue(shadow, i, words) : i;
}

/* "(at)", "[at]", " a còng ". */
static size_t at_form_end(const struct shadow *shadow, size_t i)
{
    static const char *const words[] = {"a còng", "acong", "a móc", "at", NULL};

    return sign_form_end(shadow, i, '@', words, !shadow_is_alnum(shadow_code(shadow, i - 1)));
}

/* "(dot)", "[.]", " chấm ". */
static size_t dot_form_end(const struct shadow *shadow, size_t i)
{
    static const char *const words[] = {"chấm", "dot", "phẩy", NULL};

    return sign_form_end(shadow, i, '.', words, true);
}

/* Where a domain ends whose dots may be written out and stand between spaces: "gmail chấm com",
 * "gmail(dot)com", "mail . example . org"; `at`: none stands there. */
static size_t loose_domain_end(const struct shadow *shadow, size_t at)
{
    static const char *const tops[] = {"com", "vn",  "net", "org",     "edu", "gov", "info",
                                       "io",  "biz", "me",  "example", "co",  NULL};
    size_t end = at, label = at;

    for (int labels = 0; labels < LABELS_MOST; labels++) {
        size_t stop = label, next;

        while (stop - label < LABEL_LONGEST &&
               (shadow_is_alnum(shadow_code(shadow, stop)) || shadow_code(shadow, stop) == '-'))
            stop++;
        if (stop == label || stop - label == LABEL_LONGEST)
            break;
        if (labels && shadow_any_cue(shadow, label, tops) == stop - label)
            end = stop;
        next = dot_form_end(shadow, skip_space(shadow, stop));
        if (next == skip_space(shadow, stop))
            break;
        label = skip_space(shadow, next);
    }
    return end;
}

/* Where the local part before `sign` begins, dots of it written out or not; sign: there is none. */
static size_t loose_local(const struct shadow *shadow, size_t sign)
{
    size_t from = sign - (shadow_code(shadow, sign - 1) == ' '), end = from;

    while (end - from < LOCAL_LONGEST && is_local(shadow_code(shadow, from - 1)))
        from--;
    while (from < end && !shadow_is_alnum(shadow_code(shadow, from)) &&
           shadow_code(shadow, from) != '_')
        from++;
    if (from == end)
        return sign;
    if (from >= 6 &&
        (shadow_spells(shadow, from - 6, " cham ") || shadow_spells(shadow, from - 5, " dot "))) {
        size_t first = from - (shadow_code(shadow, from - 2) == 'm' ? 6 : 5), start = first;

        while (first - start < LOCAL_LONGEST && is_local(shadow_code(shadow, start - 1)))
            start--;
        from = start < first ? start : from;
    }
    return from;
}

/* What stands before " @" may be a word of the sentence: "đuôi @live.com". */
static bool is_spaced_local(const struct shadow *shadow, size_t from, size_t sign, size_t host)
{
    bool marked = false, plain = true;

    if (shadow_code(shadow, sign - 1) != ' ' || shadow_code(shadow, sign) != '@')
        return true;
    for (size_t i = from; i < sign - 1; i++) {
        plain = plain && shadow_written(shadow, i) < 0x80;
        marked = marked || !shadow_is_letter(shadow_code(shadow, i));
    }
    return plain && (marked || sign - 1 - from > LETTERS_OF_WORD || is_mail_host(shadow, host));
}

/* "hoa (at) gmail (dot) com", "hoa a còng gmail", "hoa@gmail chấm com". */
static bool take_loose_mail(struct shadow *shadow, size_t sign)
{
    size_t host = at_form_end(shadow, sign), from, end;

    if (host == sign)
        return false;
    host = skip_space(shadow, host);
    if (shadow_spells(shadow, sign, "at ") && !is_mail_host(shadow, host))
        return false; /* "meet at example.com" */
    from = loose_local(shadow, sign);
    end = loose_domain_end(shadow, host);
    if (end == host && is_mail_host(shadow, host))
        while (shadow_is_alnum(shadow_code(shadow, end)))
            end++;
    if (from == sign || end == host || !is_spaced_local(shadow, from, sign, host))
        return false;
    shadow_take(shadow, from, end, REDACTION_EMAIL);
    return true;
}

static void take_at_sign(struct shadow *shadow, size_t at, enum redact_scope scope)
{
    unsigned char before = shadow_code(shadow, at - 1);
    size_t from, end;

    if (find_mail(shadow, at, &from, &end)) {
        if (loose_domain_end(shadow, at + 1) > end)
            end = loose_domain_end(shadow, at + 1); /* "hoa@gmail chấm com" */
        if (scope == REDACT_PEOPLE)
            shadow_take(shadow, from, end, REDACTION_EMAIL);
        return;
    }
    if (scope == REDACT_PEOPLE && take_loose_mail(shadow, at))
        return;
    if (shadow_is_alnum(before) || before == '_' || before == SHADOW_TAKEN)
        return; /* "5kg@chợ": no handle begins within a word */
    take_handle(shadow, at);
}

/* How the first part of a path tells a profile, or a place on a map. */
struct profile_host {
    const char *host;
    const char *only;   /* parts that make it a profile, beside one that begins with '@' */
    const char *except; /* when `only` is NULL: parts that do not */
    bool map;
};

static const struct profile_host profile_hosts[] = {
    {"facebook.com", NULL,
     " events watch hashtag share sharer sharer.php help policies marketplace gaming login ",
     false},
    {"fb.com", NULL, " events watch hashtag ", false},
    {"fb.me", NULL, " e ", false},
    {"m.me", NULL, "", false},
    {"messenger.com", NULL, "", false},
    {"zalo.me", NULL, " pc ", false},
    {"t.me", NULL, "", false},
    {"telegram.me", NULL, "", false},
    {"wa.me", NULL, "", false},
    {"instagram.com", NULL, " p reel reels explore tv accounts ", false},
    {"twitter.com", NULL, " hashtag search i home explore intent share ", false},
    {"x.com", NULL, " hashtag search i home explore intent share ", false},
    {"tiktok.com", "", NULL, false},
    {"threads.net", "", NULL, false},
    {"threads.com", "", NULL, false},
    {"youtube.com", " channel c user ", NULL, false},
    {"bsky.app", " profile ", NULL, false},
    {"linkedin.com", " in ", NULL, false},
    {"reddit.com", " u user ", NULL, false},
    {"maps.google.com", NULL, "", true},
    {"google.com", " maps ", NULL, true},
    {"maps.app.goo.gl", NULL, "", true},
    {"goo.gl", " maps ", NULL, true},
};

static bool is_url(unsigned char c)
{
    return c > SHADOW_TAKEN ? c > ' ' && !strchr("\"'<>`|", c) : c == SHADOW_LETTER;
}

static bool is_host(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || shadow_is_digit(c) || c == '.' || c == '-';
}

static size_t url_end(const struct shadow *shadow, size_t at)
{
    size_t end = at;

    while (is_url(shadow_code(shadow, end)))
        end++;
    while (end > at && shadow_is_one_of(shadow_code(shadow, end - 1), ".,;:!?)]}"))
        end--;
    return end;
}

/* The scheme before a host belongs to what is taken. */
static size_t url_start(const struct shadow *shadow, size_t host)
{
    size_t from = host;

    if (shadow_code(shadow, from - 1) != '/' || shadow_code(shadow, from - 2) != '/' ||
        shadow_code(shadow, from - 3) != ':')
        return host;
    from -= 3;
    for (int n = 0;
         n < 8 && shadow_code(shadow, from - 1) >= 'a' && shadow_code(shadow, from - 1) <= 'z'; n++)
        from--;
    return from;
}

/* Is the part of a path that begins at `at` one of the words in `list`? */
static bool is_listed(const struct shadow *shadow, size_t at, const char *list)
{
    char part[20] = " ";
    size_t n = 1;

    for (; is_url(shadow_code(shadow, at)) && !shadow_is_one_of(shadow_code(shadow, at), "/?#&");
         at++) {
        if (n == sizeof part - 2)
            return false;
        part[n++] = (char)shadow_code(shadow, at);
    }
    part[n] = ' ';
    return strstr(list, part) != NULL;
}

/* What the path that begins with `slash` behind a host leads to: somebody's profile
 * (REDACTION_HANDLE), a spot on a map (REDACTION_ADDRESS); REDACTIONS: neither. */
static enum redaction path_kind(const struct shadow *shadow, size_t from, size_t slash)
{
    unsigned char next = shadow_code(shadow, slash + 1);

    if (!is_url(next) || shadow_is_one_of(next, ".,;:!)]}/#"))
        return REDACTIONS;
    for (size_t i = 0; i < sizeof profile_hosts / sizeof *profile_hosts; i++) {
        const struct profile_host *known = &profile_hosts[i];
        size_t length = strlen(known->host), start = slash - length;

        if (slash - from < length || !shadow_spells(shadow, start, known->host) ||
            (start > from ? shadow_code(shadow, start - 1) != '.'
                          : shadow_code(shadow, start - 1) == SHADOW_TAKEN))
            continue;
        if (known->only
                ? !(next == '@' && !known->map) && !is_listed(shadow, slash + 1, known->only)
            : next == '?' ? !known->map
                          : is_listed(shadow, slash + 1, known->except))
            return REDACTIONS;
        return known->map ? REDACTION_ADDRESS : REDACTION_HANDLE;
    }
    return next == '@' && handle_end(shadow, slash + 2) > slash + 2 ? REDACTION_HANDLE
                                                                    : REDACTIONS; /* "/@user" */
}

static void take_slash(struct shadow *shadow, size_t slash, enum redact_scope scope)
{
    enum redaction kind;
    size_t from = slash;

    while (slash - from < HOST_LONGEST && is_host(shadow_code(shadow, from - 1)))
        from--;
    kind = from < slash ? path_kind(shadow, from, slash) : REDACTIONS;
    if (kind == REDACTION_HANDLE || (kind == REDACTION_ADDRESS && scope == REDACT_PEOPLE))
        shadow_take(shadow, url_start(shadow, from), url_end(shadow, slash), kind);
}

/* did:plc:… and did:web:…, the names under which Bluesky knows people. */
static void take_did(struct shadow *shadow, size_t colon)
{
    size_t from = colon - 3, end = colon + 1;

    if (colon < 3 || !shadow_spells(shadow, from, "did") ||
        shadow_is_alnum(shadow_code(shadow, from - 1)) ||
        shadow_code(shadow, from - 1) == SHADOW_TAKEN ||
        (!shadow_spells(shadow, end, "plc:") && !shadow_spells(shadow, end, "web:")))
        return;
    end += 4;
    if (!shadow_is_alnum(shadow_code(shadow, end)))
        return;
    while (is_handle(shadow_code(shadow, end)) || shadow_code(shadow, end) == '%')
        end++;
    while (!shadow_is_alnum(shadow_code(shadow, end - 1)))
        end--;
    shadow_take(shadow, from, end, REDACTION_HANDLE);
}

void accounts_take(struct shadow *shadow, enum redact_scope scope)
{
    for (size_t i = 0; i < shadow->n; i++)
        if (shadow_code(shadow, i) == '/')
            take_slash(shadow, i, scope);
        else if (shadow_code(shadow, i) == ':')
            take_did(shadow, i);
    for (size_t i = 0; i < shadow->n; i++)
        switch (shadow_code(shadow, i)) {
        case '@':
            take_at_sign(shadow, i, scope);
            break;
        case '(':
        case '[':
        case '{':
        case '<':
        case 'a':
            if (scope == REDACT_PEOPLE)
                take_loose_mail(shadow, i);
            break;
        default:
            break;
        }
}

/* Does the character at k tell that a name of an account is around it, for no word has it there: a
 * sign or a digit behind letters? */
static bool tells_account(const struct shadow *shadow, size_t from, size_t k)
{
    unsigned char c = shadow_code(shadow, k), before = k > from ? shadow_code(shadow, k - 1) : ' ';

    if (c == '.')
        return shadow_is_letter(before) && shadow_is_letter(shadow_code(shadow, k + 1));
    if (shadow_is_digit(c) && k > from + 1 && shadow_is_one_of(before, "._-"))
        before = shadow_code(shadow, k - 2);
    return c == '_' || (shadow_is_digit(c) && shadow_is_letter(before));
}

/* Where a name of an account that begins at `at` ends; `at`: a word may stand there.  Where it was
 * told outright, more letters than a syllable can have are enough. */
static size_t account_name_end(const struct shadow *shadow, size_t at, bool outright)
{
    size_t end = at, letters = 0, last = at;
    bool told = false;
    struct run run;

    if (run_gather(shadow, at, &run) && run.n >= PHONE_FEWEST)
        return at; /* "o912345678": a number */
    for (; end < at + LABEL_LONGEST && is_handle(shadow_code(shadow, end)); end++) {
        unsigned char c = shadow_code(shadow, end);

        if (shadow_is_letter(c) && shadow_written(shadow, end) >= 0x80)
            return at;
        letters += shadow_is_letter(c);
        told = told || tells_account(shadow, at, end);
        last = shadow_is_alnum(c) || c == '_' ? end + 1 : last;
    }
    if (end == at + LABEL_LONGEST || last - at < NAME_SHORTEST || letters < 2 ||
        shadow_is_digit(shadow_code(shadow, at)) ||
        shadow_is_one_of(shadow_code(shadow, end), "/@:%") || loose_domain_end(shadow, at) == last)
        return at;
    return told || (outright && last - at > SYLLABLE_LONGEST) ? last : at;
}

/* "ig hoa_92", "fb của mình là hoa.nguyen92", "zalo: minhanhpham". */
bool accounts_take_named(struct shadow *shadow, size_t i)
{
    static const char *const networks[] = {
        "facebook", "face",     "fb",       "instagram", "insta",   "ig",
        "zalo",     "telegram", "tele",     "tiktok",    "threads", "twitter",
        "viber",    "wechat",   "skype",    "discord",   "line",    "snapchat",
        "nick",     "acc",      "whatsapp", "messenger", NULL};
    static const char *const fillers[] = {"là",  "của em", "của mình", "của tôi", "của anh",
                                          "em",  "mình",   "tên",      "id",      "nick",
                                          "acc", "tôi",    "của chị",  NULL};
    size_t n = shadow_any_cue(shadow, i, networks), at = i + n, end, filler;
    bool outright = false;

    if (!n || shadow_is_one_of(shadow_code(shadow, i - 1), ".-_#"))
        return false; /* "shop-fb" is one word */
    for (int k = 0; k <= FILLERS_MOST; k++) {
        outright = shadow_code(shadow, at) == ':';
        if (shadow_code(shadow, at) == '-')
            return false; /* "tele-na_1" is one name */
        for (end = at + 3; at < end && shadow_is_one_of(shadow_code(shadow, at), " :=-");)
            at++;
        filler = k < FILLERS_MOST ? shadow_any_cue(shadow, at, fillers) : 0;
        if (!filler)
            break;
        at += filler;
    }
    end = at > i + n ? account_name_end(shadow, at, outright) : at;
    if (end == at)
        return false;
    shadow_take(shadow, at, end, REDACTION_HANDLE);
    return true;
}
