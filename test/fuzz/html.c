/* html.c - any bytes as HTML: never longer than the input, and what has no markup stays whole. */
#include "base/err.h"
#include "intake/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str html = {(const char *)data, size}, text;
    struct arena batch;
    size_t written = 0, kept = 0;

    arena_init(&batch, "batch", (size_t)1 << 30);
    text = html_to_text(html, &batch);
    MUST(text.n <= html.n);
    if (str_find_byte(html, '<') == html.n && str_find_byte(html, '&') == html.n) {
        for (size_t i = 0; i < html.n; i++)
            written += (unsigned char)html.p[i] > ' ';
        for (size_t i = 0; i < text.n; i++)
            kept += (unsigned char)text.p[i] > ' ';
        MUST(written == kept);
    }
    arena_free(&batch);
    return 0;
}
