/* accounts.c - e-mail addresses, handles and links to profiles; see shadow.h and PRIVACY P7.
 *
 * Everything is found from an '@' or a '/' outwards, a bounded way back and as far forward as is
 * then taken, so the whole is linear.
 */
#include "intake/shadow.h"

#include <string.h>

enum { LOCAL_LONGEST = 320, HOST_LONGEST = 80, DOMAIN_LONGEST = 253 };

static bool is_local(unsigned char c)
{
    return shadow_is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

static bool is_handle(unsigned char c)
{
    return shadow_is_alnum(c) || c == '.' || c == '_' || c == '-';
}

static bool is_one_of(unsigned char c, const char *set)
{
    return c > SHADOW_TAKEN && strchr(set, c) != NULL;
}

/* Do the characters from `at` on spell `word`? */
static bool spells(const struct shadow *shadow, size_t at, const char *word)
{
    for (; *word; word++, at++)
        if (shadow_code(shadow, at) != (unsigned char)*word)
            return false;
    return true;
}

static bool is_mail_host(const struct shadow *shadow, size_t at)
{
    static const char *const hosts[] = {"gmail", "yahoo", "hotmail", "outlook", "icloud"};

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (spells(shadow, at, hosts[i]) &&
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
        if (dot && letters && i - label >= 2)
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

/* "hoa @ gmail.com": a word, the sign and a mail host with spaces between. */
static bool take_spaced_mail(struct shadow *shadow, size_t at)
{
    size_t from = at, host = at + 1, end;

    host += shadow_code(shadow, host) == ' ';
    if (shadow_code(shadow, from - 1) == ' ')
        from--;
    if (!is_mail_host(shadow, host) || !is_local(shadow_code(shadow, from - 1)))
        return false;
    for (size_t n = 0; n < LOCAL_LONGEST && is_local(shadow_code(shadow, from - 1)); n++)
        from--;
    end = domain_end(shadow, host);
    if (end == host)
        return false;
    shadow_take(shadow, from, end, REDACTION_EMAIL);
    return true;
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
    shadow_take(shadow, at, end, REDACTION_HANDLE);
}

static void take_at_sign(struct shadow *shadow, size_t at, enum redact_scope scope)
{
    unsigned char before = shadow_code(shadow, at - 1);
    size_t from, end;

    if (find_mail(shadow, at, &from, &end)) {
        if (scope == REDACT_PEOPLE)
            shadow_take(shadow, from, end, REDACTION_EMAIL);
        return;
    }
    if (shadow_is_alnum(before) || before == '_' || before == SHADOW_TAKEN)
        return; /* "5kg@chợ": no handle begins within a word */
    if (scope == REDACT_PUBLICATION || !take_spaced_mail(shadow, at))
        take_handle(shadow, at);
}

/* How the first part of a path tells a profile. */
struct profile_host {
    const char *host;
    const char *only;   /* parts that make it a profile, beside one that begins with '@' */
    const char *except; /* when `only` is NULL: parts that do not */
};

static const struct profile_host profile_hosts[] = {
    {"facebook.com", NULL,
     " events watch hashtag share sharer sharer.php help policies marketplace gaming login "},
    {"fb.com", NULL, " events watch hashtag "},
    {"fb.me", NULL, " e "},
    {"m.me", NULL, ""},
    {"messenger.com", NULL, ""},
    {"zalo.me", NULL, " pc "},
    {"t.me", NULL, ""},
    {"telegram.me", NULL, ""},
    {"wa.me", NULL, ""},
    {"instagram.com", NULL, " p reel reels explore tv accounts "},
    {"twitter.com", NULL, " hashtag search i home explore intent share "},
    {"x.com", NULL, " hashtag search i home explore intent share "},
    {"tiktok.com", "", NULL},
    {"threads.net", "", NULL},
    {"threads.com", "", NULL},
    {"youtube.com", " channel c user ", NULL},
    {"bsky.app", " profile ", NULL},
    {"linkedin.com", " in ", NULL},
    {"reddit.com", " u user ", NULL},
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
    while (end > at && is_one_of(shadow_code(shadow, end - 1), ".,;:!?)]}"))
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

    for (; is_url(shadow_code(shadow, at)) && !is_one_of(shadow_code(shadow, at), "/?#&"); at++) {
        if (n == sizeof part - 2)
            return false;
        part[n++] = (char)shadow_code(shadow, at);
    }
    part[n] = ' ';
    return strstr(list, part) != NULL;
}

static bool is_profile(const struct shadow *shadow, size_t from, size_t slash)
{
    unsigned char next = shadow_code(shadow, slash + 1);

    if (!is_url(next) || is_one_of(next, ".,;:!?)]}/#"))
        return false;
    for (size_t i = 0; i < sizeof profile_hosts / sizeof *profile_hosts; i++) {
        const struct profile_host *known = &profile_hosts[i];
        size_t length = strlen(known->host), start = slash - length;

        if (slash - from < length || !spells(shadow, start, known->host) ||
            (start > from ? shadow_code(shadow, start - 1) != '.'
                          : shadow_code(shadow, start - 1) == SHADOW_TAKEN))
            continue;
        if (known->only)
            return next == '@' || is_listed(shadow, slash + 1, known->only);
        return !is_listed(shadow, slash + 1, known->except);
    }
    return next == '@' && handle_end(shadow, slash + 2) > slash + 2; /* any instance: /@user */
}

static void take_slash(struct shadow *shadow, size_t slash)
{
    size_t from = slash;

    while (slash - from < HOST_LONGEST && is_host(shadow_code(shadow, from - 1)))
        from--;
    if (from < slash && is_profile(shadow, from, slash))
        shadow_take(shadow, url_start(shadow, from), url_end(shadow, slash), REDACTION_HANDLE);
}

/* did:plc:… and did:web:…, the names under which Bluesky knows people. */
static void take_did(struct shadow *shadow, size_t colon)
{
    size_t from = colon - 3, end = colon + 1;

    if (colon < 3 || !spells(shadow, from, "did") ||
        shadow_is_alnum(shadow_code(shadow, from - 1)) ||
        shadow_code(shadow, from - 1) == SHADOW_TAKEN ||
        (!spells(shadow, end, "plc:") && !spells(shadow, end, "web:")))
        return;
    end += 4;
    if (!shadow_is_alnum(shadow_code(shadow, end)))
        return;
    while (is_handle(shadow_code(shadow, end)) || shadow_code(shadow, end) == '%')
        end++;
    shadow_take(shadow, from, end, REDACTION_HANDLE);
}

void accounts_take(struct shadow *shadow, enum redact_scope scope)
{
    for (size_t i = 0; i < shadow->n; i++)
        if (shadow_code(shadow, i) == '/')
            take_slash(shadow, i);
        else if (shadow_code(shadow, i) == ':')
            take_did(shadow, i);
    for (size_t i = 0; i < shadow->n; i++)
        if (shadow_code(shadow, i) == '@')
            take_at_sign(shadow, i, scope);
}
