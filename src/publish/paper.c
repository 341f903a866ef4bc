/* paper.c - text in columns, with colours where the terminal has them; see paper.h. */
#include "publish/paper.h"

#include "publish/columns.h"

void paper_add(struct paper *paper, struct str text)
{
    buf_add(paper->out, text);
}

void paper_ink_on(struct paper *paper, enum ink ink)
{
    static const char *const codes[] = {"\033[1;36m", "\033[1m", "\033[1;33m", "\033[2m"};

    if (paper->colour)
        paper_add(paper, str_of(codes[ink]));
}

void paper_ink_off(struct paper *paper)
{
    if (paper->colour)
        paper_add(paper, STR("\033[0m"));
}

void paper_spaces(struct paper *paper, int n)
{
    columns_cell(paper->out, STR(""), n, false);
}

void paper_paragraph(struct paper *paper, struct str text, int indent)
{
    if (!text.n)
        return;
    paper_spaces(paper, indent);
    columns_wrap(paper->out, text, paper->width, indent, indent);
    buf_add_byte(paper->out, '\n');
}

void paper_faint(struct paper *paper, struct str text, int indent)
{
    paper_ink_on(paper, INK_FAINT);
    paper_paragraph(paper, text, indent);
    paper_ink_off(paper);
}

void paper_heading(struct paper *paper, enum word word)
{
    struct str text = TELL_WORD(paper->teller, word);
    int left = paper->width - columns_width(text) - 4;

    buf_add_byte(paper->out, '\n');
    paper_ink_on(paper, INK_HEADING);
    paper_add(paper, STR("── "));
    paper_add(paper, text);
    buf_add_byte(paper->out, ' ');
    while (left-- > 0)
        paper_add(paper, STR("─"));
    paper_ink_off(paper);
    paper_add(paper, STR("\n\n"));
}

void paper_bar(struct paper *paper, uint64_t part, uint64_t whole, int columns)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    uint64_t length = whole ? part * 8 * (uint64_t)columns / whole : 0;
    int used = (int)(length / 8) + (length % 8 > 0);

    for (uint64_t i = 0; i < length / 8; i++)
        paper_add(paper, STR("█"));
    paper_add(paper, str_of(eighths[length % 8]));
    paper_spaces(paper, columns - used);
}

void paper_titles(struct paper *paper, const struct told_story *story, int indent)
{
    const struct teller *teller = paper->teller;

    for (size_t i = 0; i < story->title_count; i++) {
        const struct told_title *title = &story->titles[i];

        paper_spaces(paper, indent);
        paper_add(paper, i ? STR("") : TELL_WORD(teller, W_PUBLISHED));
        paper_add(paper, i ? STR("") : STR(":\n"));
        if (!i)
            paper_spaces(paper, indent);
        paper_add(paper, STR("– "));
        columns_wrap(paper->out, tell_words(teller, title->title), paper->width, indent + 2,
                     indent + 2);
        paper_add(paper, STR(" ("));
        paper_add(paper, title->publisher);
        paper_add(paper, STR(", "));
        paper_add(paper, tell_day(teller, title->day));
        paper_add(paper, STR(")\n"));
        if (title->url.n)
            paper_faint(paper, title->url, indent + 2);
    }
}
