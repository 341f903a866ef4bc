/* http_account.c - whether a URL names an account: such a feed is one person's voice; see http.h.
 *
 * Three signs: a path in the form that networks give to profiles (/@name, /users/name, did:…), a
 * query that asks for somebody (?author=, ?channel_id=), or a network on which the first part of
 * the path is a name.  A section of a newspaper has none of them.
 */
#include "source/http.h"

static bool one_of(struct str s, const struct str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(s, list[i]))
            return true;
    return false;
}

#define ONE_OF(s, list) one_of((s), (list), sizeof(list) / sizeof *(list))

/* Folders whose members are people. */
static const struct str folders[] = {
    STR("users"),   STR("user"),    STR("u"),       STR("profile"),  STR("profiles"),
    STR("author"),  STR("authors"), STR("account"), STR("accounts"), STR("member"),
    STR("members"), STR("actor"),   STR("actors"),  STR("tac-gia"),
};
/* What may stand behind such a folder's name without naming a member. */
static const struct str formats[] = {
    STR("feed"),    STR("rss"),      STR("atom"),      STR("feed.xml"),
    STR("rss.xml"), STR("atom.xml"), STR("index.xml"), STR("feed.json"),
};
static const struct str queries[] = {
    STR("author"),  STR("user"),       STR("user_id"),     STR("username"),    STR("account"),
    STR("acct"),    STR("actor"),      STR("handle"),      STR("did"),         STR("channel_id"),
    STR("list_id"), STR("wantedDids"), STR("screen_name"), STR("author_name"),
};
static const struct str networks[] = {
    STR("facebook.com"), STR("fb.com"),     STR("instagram.com"), STR("twitter.com"),
    STR("x.com"),        STR("tiktok.com"), STR("threads.net"),   STR("threads.com"),
    STR("t.me"),         STR("zalo.me"),    STR("linkedin.com"),  STR("vk.com"),
    STR("weibo.com"),    STR("nitter.net"),
};
/* On these networks the first part of the path is a name, unless it is one of: */
static const struct str common_rooms[] = {
    STR("hashtag"), STR("search"), STR("explore"), STR("groups"),
    STR("events"),  STR("tag"),    STR("tags"),    STR("news"),
};
static const struct str video_folders[] = {STR("channel"), STR("c")};

static bool on_host(struct str host, struct str domain)
{
    if (host.n > domain.n && host.p[host.n - domain.n - 1] == '.')
        host = str_from(host, host.n - domain.n);
    return str_eq_nocase(host, domain);
}

static bool on_network(struct str host)
{
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        if (on_host(host, networks[i]))
            return true;
    return false;
}

static bool begins_with_name(struct str part)
{
    return str_starts(part, STR("@")) || str_starts(part, STR("%40")) ||
           str_eq_nocase(str_part(part, 0, 4), STR("did:")) ||
           str_eq_nocase(str_part(part, 0, 6), STR("did%3A"));
}

static bool path_names_account(struct str path, struct str host)
{
    struct str before = {NULL, 0};
    bool first = true, videos = on_host(host, STR("youtube.com"));

    while (path.p) {
        struct str part = str_cut(&path, '/');

        if (!part.n)
            continue;
        if (begins_with_name(part))
            return true;
        if (first && on_network(host) && !ONE_OF(part, common_rooms))
            return true;
        if (ONE_OF(before, folders) && !ONE_OF(part, formats))
            return true;
        if (videos && ONE_OF(before, video_folders))
            return true;
        if (str_eq_nocase(before, STR("timelines")) &&
            (str_eq_nocase(part, STR("list")) || str_eq_nocase(part, STR("home"))))
            return true;
        before = part;
        first = false;
    }
    return false;
}

static bool query_names_account(struct str query)
{
    while (query.p) {
        struct str value = str_cut(&query, '&'), key = str_cut(&value, '=');

        if (value.n && ONE_OF(key, queries))
            return true;
    }
    return false;
}

bool http_url_names_account(struct str url)
{
    struct str host, query, path = str_trim(url);
    size_t scheme = str_find(path, STR("://"));

    if (str_eq_nocase(str_part(path, 0, 5), STR("acct:")) ||
        str_eq_nocase(str_part(path, 0, 5), STR("at://")))
        return true;
    if (scheme < path.n)
        path = str_from(path, scheme + 3);
    else if (str_starts(path, STR("//")))
        path = str_from(path, 2);
    query = path;
    path = str_cut(&query, '?');
    host = str_cut(&path, '/');
    while (str_find_byte(host, '@') < host.n)
        str_cut(&host, '@');
    host = str_cut(&host, ':');
    return path_names_account(path, host) || query_names_account(query);
}
