/* http_address.c - which addresses are public: the table behind the SSRF guard; see http.h.
 *
 * IANA's special-purpose registries (RFC 6890 and its updates).  An IPv6 address that carries an
 * IPv4 one (mapped, NAT64, 6to4) is judged by what it carries.
 */
#include "source/http.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

struct block4 {
    uint32_t base;
    unsigned bits;
};

struct block6 {
    unsigned char base[16];
    unsigned bits;
};

static const struct block4 reserved4[] = {
    {0x00000000, 8},  /* this network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* shared by carriers */
    {0x7F000000, 8},  /* loopback */
    {0xA9FE0000, 16}, /* link-local: metadata services of clouds */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* protocol assignments */
    {0xC0000200, 24}, /* documentation */
    {0xC0586300, 24}, /* 6to4 relays */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* benchmarks */
    {0xC6336400, 24}, /* documentation */
    {0xCB007100, 24}, /* documentation */
    {0xE0000000, 4},  /* multicast */
    {0xF0000000, 4},  /* reserved, broadcast */
};

static const struct block6 reserved6[] = {
    {{0}, 96},                               /* unspecified, loopback, IPv4-compatible */
    {{0x00, 0x64, 0xFF, 0x9B, 0x00, 1}, 48}, /* private NAT64 */
    {{0x01}, 64},                            /* discard */
    {{0x20, 0x01}, 23},                      /* protocol assignments, Teredo */
    {{0x20, 0x01, 0x0D, 0xB8}, 32},          /* documentation */
    {{0x3F, 0xFF}, 20},                      /* documentation */
    {{0x5F}, 16},                            /* segment routing */
    {{0xFC}, 7},                             /* unique local */
    {{0xFE, 0x80}, 10},                      /* link-local */
    {{0xFE, 0xC0}, 10},                      /* site-local */
    {{0xFF}, 8},                             /* multicast */
};

static const struct {
    struct block6 block;
    unsigned at; /* where the IPv4 address begins */
} carriers[] = {
    {{{[10] = 0xFF, 0xFF}, 96}, 12},      /* mapped */
    {{{0x00, 0x64, 0xFF, 0x9B}, 96}, 12}, /* NAT64 */
    {{{[8] = 0xFF, 0xFF}, 96}, 12},       /* translated */
    {{{0x20, 0x02}, 16}, 2},              /* 6to4 */
};

static bool public4(uint32_t address)
{
    for (size_t i = 0; i < sizeof reserved4 / sizeof *reserved4; i++)
        if ((address ^ reserved4[i].base) >> (32 - reserved4[i].bits) == 0)
            return false;
    return true;
}

static bool inside6(const unsigned char address[16], const struct block6 *block)
{
    unsigned whole = block->bits / 8, rest = block->bits % 8;

    if (memcmp(address, block->base, whole) != 0)
        return false;
    return rest == 0 || (address[whole] ^ block->base[whole]) >> (8 - rest) == 0;
}

static bool public6(const unsigned char address[16])
{
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++) {
        const unsigned char *carried = address + carriers[i].at;

        if (inside6(address, &carriers[i].block))
            return public4((uint32_t)carried[0] << 24 | (uint32_t)carried[1] << 16 |
                           (uint32_t)carried[2] << 8 | carried[3]);
    }
    for (size_t i = 0; i < sizeof reserved6 / sizeof *reserved6; i++)
        if (inside6(address, &reserved6[i]))
            return false;
    return true;
}

bool http_address_is_public(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return public4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        return public6(v6.sin6_addr.s6_addr);
    }
    return false;
}
