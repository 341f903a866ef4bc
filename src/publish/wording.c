/* wording.c - the sentences of a briefing; see wording.h.
 *
 * Vietnamese first: each sentence was read aloud, and its English twin says the same, no more.
 * "Rising" (nổi lên) is said only with three kinds of sources or more; with fewer, "more than
 * usual" (nhiều hơn thường lệ).
 */
#include "publish/wording.h"

#include "base/buf.h"
#include "base/err.h"

struct twin {
    const char *vi, *en;
};

static const struct twin head[] = {
    [W_TITLE] = {"Bản tin lắng nghe · {0}", "Listening brief · {0}"},
    [W_RANGE] = {"{0} và tuần {1}", "{0}, and the week of {1}"},
    [W_RANGE_DAY] = {"{0}", "{0}"},
    [W_NO_DAY] = {"Chưa có ngày nào kết thúc kể từ khi bắt đầu nghe.",
                  "No day has ended yet since listening began."},
    [W_HEARD_DAY] = {"Trong ngày: {0} người lên tiếng, {1} tin, trong đó {2} bản chép lại; {3}.",
                     "In the day: {0} people spoke, {1} messages, {2} of them copies; {3}."},
    [W_HEARD_WEEK] = {"Trong tuần: {0} người lên tiếng, {1} tin, trong đó {2} bản chép lại; {3}.",
                      "In the week: {0} people spoke, {1} messages, {2} of them copies; {3}."},
    [W_HEARD_HIDDEN_DAY] = {"Trong ngày: không nêu số, vì có {0} người lên tiếng.",
                            "In the day: not told, because {0} people spoke."},
    [W_HEARD_HIDDEN_WEEK] = {"Trong tuần: không nêu số, vì có {0} người lên tiếng.",
                             "In the week: not told, because {0} people spoke."},
    [W_HEARD_CHART] = {"Số người lên tiếng mỗi ngày, toàn thành phố",
                       "People who spoke each day, whole city"},
    [W_K] = {"Số nào có {0} người đứng sau thì không nêu.",
             "Numbers with {0} people behind them are not told."},
    [W_REPLAYED] = {"Phát lại: giờ nghe được lấy theo giờ ghi trong tin.",
                    "Replayed: each item counts at the time written in it."},
    [W_STALE] = {"Không nghe được gì từ sau ngày {0}.", "Nothing has been heard since {0}."},
    [W_SUM_NONE] = {"{0} không có việc gì nổi lên khác thường.",
                    "{0} nothing rose beyond the usual."},
    [W_SUM_DAY_ONE] = {"{0} nổi lên một việc: {1}.", "{0} one thing rose: {1}."},
    [W_SUM_DAY] = {"{0} nổi lên {1} việc: {2}.", "{0} {1} things rose: {2}."},
    [W_SUM_WEEK] = {"Tính cả tuần {0} thì còn nổi lên: {1}.",
                    "Over the week of {0} there rose as well: {1}."},
    [W_SUM_PAST] = {"Mấy ngày trước đó đã nổi lên, nay không vượt mức dự tính nữa: {0}.",
                    "In the days before there rose, and no longer exceed what was expected: {0}."},
    [W_SUM_ENTRY] = {"{0} ở {1} ({2} người, thường {3})", "{0} in {1} ({2} people, usually {3})"},
    [W_SUM_ENTRY_WITHIN] = {"{0}, mạnh nhất ở {1} ({4}: {2} người, thường {3})",
                            "{0}, most of all in {1} ({4}: {2} people, usually {3})"},
    [W_SUM_MORE] = {"{0} việc khác", "{0} more"},
    [W_SUM_ENTRY_HIDDEN] = {"{0} ở {1}", "{0} in {1}"},
    [W_SUM_FEW] =
        {"Ngoài ra {0} việc được nhắc nhiều hơn thường lệ, nhưng mới nghe từ một hoặc "
         "hai loại nguồn.",
         "Besides, {0} spoken of more than usual, but in one or two kinds of sources only."},
    [W_SUM_QUIET_SOURCES] =
        {"Lưu ý: {0} nguồn đang im hoặc ít tin, nên yên ắng chưa chắc là bình "
         "yên.",
         "Mind: {0} of the sources silent or low, so quiet need not mean calm."},
    [W_YESTERDAY] = {"Hôm qua", "Yesterday"},
    [W_ON_DAY] = {"Ngày {0}", "On {0}"},
    [W_S_RISING] = {"Việc gì đang nổi lên", "What is rising"},
    [W_S_WHERE] = {"Ở đâu", "Where"},
    [W_S_TALKED] = {"Được nói đến nhiều nhất", "Most talked about"},
    [W_S_UNHEARD] = {"Những gì không nghe được", "What was not heard"},
    [W_S_HOW] = {"Cách đọc bản tin này", "How to read this"},
};

static const struct twin rise[] = {
    [W_RISE_NONE] = {"Trong bảy ngày không có gì vượt hẳn mức thường lệ.",
                     "In seven days nothing went clearly beyond the usual."},
    [W_RISE_TITLE] = {"{0} · {1}", "{0} · {1}"},
    [W_TAG_RISING] = {"đang nổi lên", "rising"},
    [W_TAG_ROSE] = {"đã nổi lên", "rose"},
    [W_TAG_ONE_SOURCE] = {"nhiều hơn thường lệ, một nguồn", "more than usual, one source"},
    [W_TAG_TWO_SOURCES] = {"nhiều hơn thường lệ, hai nguồn", "more than usual, two sources"},
    [W_IN_CITY] = {"trong cả thành phố", "in the whole city"},
    [W_IN_PLACE] = {"ở {0}", "in {0}"},
    [W_WHOLE_CITY] = {"cả thành phố", "whole city"},
    [W_PEOPLE] = {"{0} người {3} {1}, thường {2}.", "{0} people {3} {1}, usually {2}."},
    [W_PEOPLE_OWN] = {"{0} người {3} nói bằng lời của mình {1}, thường {2}.",
                      "{0} people {3} spoke in words of their own {1}, usually {2}."},
    [W_PEOPLE_HIDDEN] = {"Nhiều hơn thường lệ {0}; không nêu con số, vì từ nó có thể suy ra ô có "
                         "{1} người.",
                         "More than usual {0}; the number is not told, for it would give away a "
                         "cell of {1} people."},
    [W_WHEN_HOUR] = {"trong giờ {0}", "in the hour from {0}"},
    [W_WHEN_DAY] = {"trong ngày {0}", "on {0}"},
    [W_WHEN_WEEK] = {"trong tuần {0}", "in the week of {0}"},
    [W_COUNTS] = {"{0} tin, {1} bản chép lại, {2} người.", "{0} messages, {1} copies, {2} people."},
    [W_COUNTS_ALL] = {"Tính cả bản chép lại: {0} tin, {1} bản chép, {2} người.",
                      "Copies included: {0} messages, {1} copies, {2} people."},
    [W_COUNTS_HIDDEN] = {"Số tin và số bản chép lại không nêu.",
                         "Messages and copies are not told."},
    [W_SOURCES_ONE] = {"Mới nghe từ một loại nguồn.", "Heard in one kind of source only."},
    [W_SOURCES_TWO] = {"Mới nghe từ hai loại nguồn.", "Heard in two kinds of sources only."},
    [W_SOURCES_MORE] = {"Nghe từ {0} loại nguồn độc lập.",
                        "Heard in {0} independent kinds of sources."},
    [W_SINCE] = {"Bắt đầu từ {0}.", "Since {0}."},
    [W_SINCE_TODAY] = {"Mới từ {0}.", "New on {0}."},
    [W_OVER] = {"Sau {0} không còn vượt mức dự tính.",
                "No longer above what was expected after {0}."},
    [W_RISE_WHY] = {"Vì sao báo động: soundings rises show {0}",
                    "Why it fired: soundings rises show {0}"},
    [W_SCORE] = {"Bốn tuần qua, trong {1} báo động đã xét được có {0} lần đúng.",
                 "{0} of {1} judged alarms of the last four weeks proved right."},
    [W_SCORE_NONE] = {"Các báo động của bốn tuần qua còn quá mới để biết có đúng không.",
                      "The alarms of the last four weeks are too recent to know whether they were "
                      "right."},
    [W_SURE_ALMOST] = {"Gần như chắc chắn: 1.000 báo động như thế thì chưa đến 1 lần nhầm.",
                       "Almost certain: of 1,000 alarms like this fewer than 1 is mistaken."},
    [W_SURE_VERY] = {"Rất chắc: 100 báo động như thế thì chưa đến 1 lần nhầm.",
                     "Very sure: of 100 alarms like this fewer than 1 is mistaken."},
    [W_SURE_FAIRLY] = {"Khá chắc: 100 báo động như thế thì nhiều nhất 5 lần nhầm.",
                       "Fairly sure: of 100 alarms like this at most 5 are mistaken."},
    [W_SURE_MAYBE] = {"Có thể: 100 báo động như thế thì nhiều nhất 10 lần nhầm.",
                      "Possible: of 100 alarms like this at most 10 are mistaken."},
    [W_PLACES_MOST] = {"Tăng mạnh nhất ở: {0}.", "Strongest in: {0}."},
    [W_PLACES] = {"Cũng tăng rõ ở: {0}.", "Clearly up as well in: {0}."},
    [W_WARDS] = {"Nhiều người nhất trong tuần: {0}.", "Most people in the week: {0}."},
    [W_PLACE_PEOPLE] = {"{0} ({1} người)", "{0} ({1} people)"},
    [W_PEOPLE_SAY] = {"Người dân nói: {0}.", "In people's words: {0}."},
    [W_PUBLISHED] = {"Đã đăng", "Published"},
    [W_RISE_REPLAYED] = {"phát lại", "replayed"},
    [W_CHART_TITLE] = {"{0} ở {1}, số người mỗi ngày", "{0} in {1}, people a day"},
    [W_CHART_SENTENCE] = {"Trong 28 ngày, cao nhất {2} là {0} người, vào {1}.",
                          "Within 28 days the highest {2} was {0} people on {1}."},
    [W_CHART_ALL_HIDDEN] = {"Trong 28 ngày, không ngày nào nêu được số {0}.",
                            "Within 28 days no day {0} can be told in numbers."},
    [W_CHART_HIDDEN_DAYS] = {"{0} ngày không nêu số.", "Days not told: {0}."},
    [W_CHART_EMPTY_DAYS] = {"{0} ngày không nghe được gì.",
                            "Days on which nothing was heard: {0}."},
    [W_CHART_BASELINE] = {"Mức thường lệ khoảng {0} người.", "Usual: about {0} people."},
    [W_CHART_BASELINE_BELOW] = {"Mức thường lệ {0} người.", "Usual: {0} people."},
    [W_CHART_TABLE] = {"Xem bảng số", "The numbers as a table"},
    [W_CHART_KEY] = {"cột: số người · ░ không nêu số · trống: không nghe được gì",
                     "bars: people · ░ not told · blank: nothing heard"},
    [W_LEGEND_SHOWN] = {"số người", "people"},
    [W_LEGEND_HIDDEN] = {"không nêu số", "not told"},
    [W_LEGEND_OWN] = {"tin riêng", "messages of their own"},
    [W_LEGEND_COPY] = {"bản chép lại", "copies"},
    [W_LEGEND_USUAL] = {"mức thường lệ", "the usual"},
    [W_LEGEND_EMPTY] = {"không nghe được gì", "nothing heard"},
};

static const struct twin body[] = {
    [W_WHERE_LEAD] = {"Số người lên tiếng trong tuần {0}, theo lĩnh vực và cụm phường.",
                      "People who spoke in the week of {0}, by topic and group of wards."},
    [W_WHERE_NONE] = {"Chưa có tuần nào kết thúc, nên chưa có bảng theo nơi.",
                      "No week has ended yet, so there is no table of places."},
    [W_WHERE_KEY] =
        {"“{0}”: {1} người, hoặc con số mà từ đó suy được một ô như vậy; “{2}” khi đã "
         "thấy rõ là trường hợp sau.",
         "“{0}”: {1} people, or a number that would give away such a cell; “{2}” where it "
         "is plainly the latter."},
    [W_WHERE_HIDDEN] = {"{0} lĩnh vực không nêu được số ở nơi nào.",
                        "Topics that cannot be told in numbers anywhere: {0}."},
    [W_ALL_TOPICS] = {"Tất cả", "All"},
    [W_TOPIC] = {"Lĩnh vực", "Topic"},
    [W_CITY] = {"Toàn thành phố", "Whole city"},
    [W_TALKED_LEAD] = {"Tuần {0}, theo số người. Bản chép lại được đếm riêng.",
                       "Week of {0}, by people. Copies are counted apart."},
    [W_TALKED_NONE] = {"Không có chuyện nào đủ {0} người kể.",
                       "No story was told by {0} people or more."},
    [W_STORY_COUNTS] = {"{0} người và {1} tin, trong đó {2} bản chép lại; {3}.",
                        "{0} people and {1} messages, {2} of them copies; {3}."},
    [W_KIND_ONE] = {"một loại nguồn", "one kind of source"},
    [W_KINDS] = {"{0} loại nguồn", "{0} kinds of sources"},
    [W_CAMPAIGN] = {"Chép lại hàng loạt: {0} tin là bản chép, trung bình mỗi người gửi hơn hai "
                    "tin; đừng đọc số tin như số ý kiến.",
                    "Copied in bulk: {0} messages are copies, more than two messages a person on "
                    "average; do not read messages as opinions."},
    [W_CAMPAIGN_MANY] = {"Nhiều người gửi cùng một lời: một nửa số tin trở lên là bản chép của "
                         "nhau.",
                         "Many people sent the same words: half of the messages or more are copies "
                         "of each other."},
    [W_UNNAMED] = {"Chuyện chưa có tên chung", "A story without a common name"},
    [W_SHARE_COPIES] = {"một nửa trở lên là bản chép", "half or more are copies"},
    [W_UNHEARD_OK] = {"Mọi nguồn đã đăng ký đều lên tiếng như thường lệ.",
                      "Every registered source was heard as usual."},
    [W_SOURCE_SILENT] = {"im {0} ngày; trước nay chưa im quá {1} ngày",
                         "silent for {0} days; its longest pause before was {1}"},
    [W_SOURCE_LOW] = {"chưa bằng nửa thường lệ", "less than half of the usual"},
    [W_SOURCE_NEVER] = {"chưa nghe được gì", "nothing heard yet"},
    [W_SOURCE_USUAL] = {"như thường lệ", "as usual"},
    [W_SOURCE] = {"Nguồn", "Source"},
    [W_STATE] = {"Tình trạng", "State"},
    [W_LAST_HEARD] = {"Nghe lần cuối", "Last heard"},
    [W_LAST_DAYS] = {"28 ngày qua", "Last 28 days"},
    [W_BAD] = {"Bảy ngày qua có {0} dòng hỏng không đọc được và {1} lần lấy tin thất bại.",
               "Bad lines in the last seven days: {0}; failed fetches: {1}."},
    [W_BAD_NONE] = {"Bảy ngày qua không có dòng nào hỏng, không lần lấy tin nào thất bại.",
                    "In the last seven days no line was bad and no fetch failed."},
    [W_GAPS] = {"Những ngày không nghe được gì: {0}.", "Days on which nothing was heard: {0}."},
    [W_GAPS_NONE] = {"Trong 28 ngày, ngày nào cũng nghe được.",
                     "Something was heard on each of the 28 days."},
    [W_INTERRUPTED] = {"{0} ngày bị ngắt quãng giữa chừng: số người của những ngày đó là một "
                       "khoảng.",
                       "Interrupted days: {0}; their numbers of people are ranges."},
    [W_PLACED] = {"Trong {0} tin về dịch vụ của tuần, {1} tin kể được theo cụm phường. Phần còn "
                  "lại không rõ nơi, hoặc thuộc ô không nêu số.",
                  "Of the week's {0} messages about services, {1} can be told by group of wards. "
                  "The rest name no place or fall in cells that are not told."},
    [W_PLACED_HIDDEN] = {"Tin về dịch vụ trong tuần chưa đủ để kể theo cụm phường.",
                         "The week's messages about services are too few to be told by place."},
    [W_STRIP_KEY] = {"█ như thường · ▄ ít · ∙ không có gì", "█ usual · ▄ little · ∙ nothing"},
    [W_HOW_K] =
        {"“{0}” nghĩa là: có {1} người, kể cả không ai; hoặc nêu ra thì sẽ suy được ô "
         "khác có {1} người. Nơi công khai hay nội bộ đều theo mức này.",
         "“{0}” means: {1} people, perhaps nobody; or a number that would give away another "
         "cell of {1} people. The rule is the same for staff and public."},
    [W_HOW_WINDOWS] =
        {"Ngày bắt đầu lúc 0 giờ, tuần bắt đầu thứ hai, giờ {0}. Số chỉ có sau khi "
         "ngày hoặc tuần kết thúc một giờ, và không đổi nữa.",
         "Days begin at midnight, weeks on Monday, {0}. A number exists one hour after "
         "its day or week has ended, and never changes."},
    [W_HOW_COUNTED] =
        {"Mỗi người được đếm một lần trong mỗi ô (trên 256 người là ước lượng, sai số chừng 3 %); "
         "bản chép lại là tin, không thêm người mới vào mức nổi lên.",
         "Each person counts once in a cell (above 256 an estimate, good to some 3 %); a copy is a "
         "message and adds nobody to a "
         "rise."},
    [W_HOW_EXPECTED] =
        {"“Thường” là mức của cùng thứ trong tuần ở những tuần trước, ứng với lượng "
         "tin nghe được hôm đó.",
         "“Usually” is the level of the same weekday in earlier weeks, at that day's "
         "amount of listening."},
    [W_HOW_STORIES] =
        {"Số của từng chuyện ghi “ít nhất” vì được làm tròn xuống bội số của {0}, để không ai lấy "
         "tổng trừ đi mà lộ ra một nhóm nhỏ.",
         "Numbers of single stories say “at least”: they are rounded down to multiples of {0}, so "
         "that nobody can subtract them from a total and lay a small group bare."},
    [W_HOW_RELEASES] =
        {"Mọi số đều lấy từ {0} dòng đã công bố và lưu lại; ai có bản xuất dữ liệu "
         "(soundings export) đều tính lại được.",
         "Every number comes from {0} released and stored rows; whoever has an export "
         "(soundings export) can compute it again."},
    [W_HOW_LOG] = {"Nhật ký minh bạch: {0} dòng, mã đầu {1}.", "Transparency log: {0} leaves, head "
                                                               "{1}."},
    [W_BELOW] = {"dưới {0}", "fewer than {0}"},
    [W_BELOW_SHORT] = {"<{0}", "<{0}"},
    [W_AT_LEAST] = {"ít nhất {0}", "at least {0}"},
    [W_AT_LEAST_FIRST] = {"Ít nhất {0}", "At least {0}"},
    [W_AT_LEAST_SHORT] = {"≥{0}", "≥{0}"},
    [W_NUMBER_RANGE] = {"{0}–{1}", "{0}–{1}"},
    [W_DATE_SHORT] = {"{0}/{1}", "{0} {2}"},
    [W_DATE_LONG] = {"{3} {0}/{1}/{4}", "{3} {0} {2} {4}"},
    [W_DAYS_RANGE] = {"{0} – {1}", "{0} – {1}"},
    [W_DAY] = {"Ngày", "Day"},
    [W_PEOPLE_COLUMN] = {"Số người", "People"},
    [W_HIDDEN_CELL] = {"không nêu ({0})", "not told ({0})"},
    [W_HIDDEN] = {"ẩn", "hidden"},
    [W_NOTHING_CELL] = {"không nghe được gì", "nothing heard"},
    [W_AND] = {" và ", " and "},
    [W_NEVER] = {"–", "–"},
};

static const struct twin why[] = {
    [W_WHY_TITLE] = {"Báo động {0}: {1}", "Alarm {0}: {1}"},
    [W_WHY_KNOWN] = {"Biết được từ {0}.", "Known from {0} on."},
    [W_WHY_USUAL] = {"Từ {0} đến {1} người thì không có gì khác thường.",
                     "From {0} to {1} people would have been nothing unusual."},
    [W_WHY_USUAL_UP_TO] = {"Đến {1} người thì vẫn không có gì khác thường.",
                           "Up to {1} people would have been nothing unusual."},
    [W_WHY_SHORT] = {"Số của kỳ ngắn hơn một ngày không bao giờ nêu; dưới đây là số của cả ngày.",
                     "Windows shorter than a day are never told in numbers; what follows is of the "
                     "whole day."},
    [W_WHY_SHARE] = {"Nguồn nhiều tin nhất gửi chừng {0} % số tin.",
                     "The source that sent most sent some {0}% of the messages."},
    [W_WHY_OVER_HALF] = {"Hơn một nửa số tin đến từ một nguồn.",
                         "More than half of the messages came from one source."},
    [W_WHY_RULE] =
        {"Luật khi ấy: báo động khi có từ {2} người, gấp ít nhất {1} lần mức dự tính, và "
         "trong các báo động như thế nhiều nhất {0} % là nhầm.",
         "The rule then: an alarm takes {2} people or more, at least {1} times the "
         "expected, and at most {0}% of such alarms mistaken."},
    [W_WHY_DAYS] = {"Số người mỗi ngày", "People a day"},
    [W_WHY_WEEKS] = {"Số người mỗi tuần", "People a week"},
    [W_WHY_KEY] = {"█ số người · ░ đến mức không có gì khác thường",
                   "█ people · ░ up to what would be nothing unusual"},
    [W_WHY_BEFORE] = {"Trước đó, con số cao nhất là {0} người ({1}).",
                      "Before that the highest number was {0} people ({1})."},
    [W_WHY_BEFORE_HIDDEN] = {"Trước đó không kỳ nào nêu được số.",
                             "Before that no window can be told in numbers."},
    [W_WHY_FIRED] = {"◀ báo động này", "◀ this alarm"},
    [W_WHY_ROSE] = {"△ cũng báo động", "△ an alarm as well"},
    [W_WHY_WORDS] = {"Người ta nói gì", "What people say"},
    [W_WHY_VERDICT] = {"Báo động ấy có đúng không", "Was it right"},
    [W_VERDICT_EARLY] = {"Còn quá sớm để biết.", "It is too early to tell."},
    [W_VERDICT_RIGHT] =
        {"Đúng: những kỳ sau đó vẫn cao hơn mức lẽ ra phải có, hoặc đặt giữa trước và "
         "sau nó vẫn nổi bật.",
         "Right: what came after stayed above what there would have been without "
         "it, or it stands out against both sides."},
    [W_VERDICT_WRONG] = {"Nhầm: đặt giữa trước và sau thì không có gì khác thường.",
                         "Wrong: between what came before and after it was nothing unusual."},
    [W_VERDICT_UNSURE] = {"Không rõ: có nổi bật, nhưng chỉ trong một kỳ và một loại nguồn.",
                          "Unsure: it stands out, but in one window and one kind of source only."},
    [W_DESK_RIGHT] = {"Bàn trực đã xét: đúng.", "The desk has judged: right."},
    [W_DESK_WRONG] = {"Bàn trực đã xét: nhầm.", "The desk has judged: wrong."},
    [W_DESK_UNSURE] = {"Bàn trực đã xét: không rõ.", "The desk has judged: unsure."},
};

static const char *template_of(bool english, enum word word)
{
    const struct twin *twin = word < W_RISE_NONE    ? &head[word]
                              : word < W_WHERE_LEAD ? &rise[word]
                              : word < W_WHY_TITLE  ? &body[word]
                                                    : &why[word];

    return english ? twin->en : twin->vi;
}

struct str wording(bool english, enum word word, const struct str *parts, size_t n,
                   struct arena *job)
{
    struct str template = str_of(template_of(english, word));
    struct buf out;
    struct str made;

    buf_init(&out, 65536);
    while (template.n) {
        size_t brace = str_find_byte(template, '{');

        buf_add(&out, str_part(template, 0, brace));
        template = str_from(template, brace);
        if (template.n) {
            size_t part = (size_t)(template.p[1] - '0');

            MUST(part < n);
            buf_add(&out, parts[part]);
            template = str_from(template, 3);
        }
    }
    made = (struct str){arena_copy(job, out.p ? out.p : "", out.n), out.n};
    buf_free(&out);
    return made;
}

struct str wording_weekday(bool english, int weekday)
{
    static const struct twin days[] = {
        {"thứ hai", "Monday"},   {"thứ ba", "Tuesday"}, {"thứ tư", "Wednesday"},
        {"thứ năm", "Thursday"}, {"thứ sáu", "Friday"}, {"thứ bảy", "Saturday"},
        {"chủ nhật", "Sunday"},
    };

    return str_of(english ? days[weekday].en : days[weekday].vi);
}

struct str wording_month(int month)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};

    return str_of(months[month - 1]);
}
