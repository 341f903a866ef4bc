/* names.c - names of people behind the words that announce them; see recognise.h and PRIVACY P7.
 *
 * "anh Hùng", "bà Nguyễn Thị Lan", "tôi là Tuấn", "Họ tên: …": behind such a word, up to five
 * capitalised syllables of which the first is one of the lists below, written from general
 * knowledge of family and given names.  Names that no word announces stay: redaction of names is
 * never complete (SECURITY.md).  Places and streets named after people stay too: "cầu Ông Lãnh".
 */
#include "intake/names.h"

#include "intake/recognise.h"
#include "intake/trigger_words.h"
#include "text/fold.h"

#include <stdlib.h>
#include <string.h>

enum { SYLLABLES_MOST = 5, LETTERS_MOST = 7 };

/* Lower case, sorted by bytes. */
static const char written[][10] = {
    "an",     "anh",    "bin",    "bo",     "bá",     "bách",   "bân",    "bình",   "bích",
    "bùi",    "bạch",   "bảo",    "bằng",   "bống",   "bửu",    "cao",    "chi",    "chiêu",
    "chiến",  "chiểu",  "chu",    "chung",  "chuyên", "chuẩn",  "chánh",  "châu",   "chí",
    "chương", "chấn",   "cát",    "cù",     "cúc",    "cương",  "cường",  "cảnh",   "cẩm",
    "cẩn",    "dao",    "dinh",   "diên",   "diễm",   "diệp",   "diệu",   "doanh",  "doãn",
    "du",     "dung",   "duy",    "duyên",  "duyến",  "dũng",   "dư",     "dương",  "dưỡng",
    "dự",     "gia",    "giang",  "giàu",   "giáp",   "gấm",    "hanh",   "hinh",   "hiên",
    "hiêu",   "hiếu",   "hiền",   "hiển",   "hiệp",   "hoa",    "hoan",   "hoà",    "hoài",
    "hoàn",   "hoàng",  "hoạch",  "hoạt",   "huy",    "huyền",  "huân",   "huấn",   "huế",
    "huệ",    "huỳnh",  "hà",     "hàn",    "hân",    "hãn",    "hòa",    "hùng",   "hưng",
    "hương",  "hướng",  "hường",  "hưởng",  "hạ",     "hạnh",   "hạo",    "hải",    "hảo",
    "hậu",    "hằng",   "hồ",     "hồng",   "hợi",    "hứa",    "hữu",    "hỷ",     "kha",
    "khang",  "khanh",  "khiêm",  "khiết",  "khoa",   "khoan",  "khoát",  "khuyên", "khuê",
    "khánh",  "khâm",   "khôi",   "khôn",   "khúc",   "khương", "khả",    "khải",   "khổng",
    "kim",    "kiêm",   "kiên",   "kiều",   "kiệt",   "kỳ",     "kỷ",     "lai",    "lam",
    "lan",    "linh",   "liêm",   "liên",   "liểu",   "liễu",   "liệu",   "loan",   "long",
    "luyên",  "luyến",  "luyện",  "luân",   "luận",   "ly",     "lài",    "lành",   "lâm",
    "lân",    "lãm",    "lê",     "lò",     "lý",     "lưu",    "lương",  "lường",  "lượng",
    "lại",    "lập",    "lệ",     "lộc",    "lợi",    "lụa",    "lục",    "lữ",     "lực",
    "mai",    "mi",     "minh",   "miên",   "muội",   "my",     "mão",    "mùi",    "mơ",
    "mạc",    "mạnh",   "mầu",    "mẫn",    "mận",    "mừng",   "mỹ",     "na",     "nam",
    "nga",    "nghi",   "nghiêm", "nghiệp", "nghĩa",  "nghị",   "ngoan",  "nguyên", "nguyễn",
    "nguyện", "nguyệt", "ngà",    "ngát",   "ngân",   "ngãi",   "ngô",    "ngôn",   "ngạn",
    "ngần",   "ngọ",    "ngọc",   "ngữ",    "nhi",    "nhiên",  "nho",    "nhung",  "nhuận",
    "nhàn",   "nhâm",   "nhân",   "nhã",    "như",    "nhường", "nhạn",   "nhẫn",   "nhật",
    "nhị",    "nhớ",    "nhựt",   "ninh",   "nông",   "nương",  "oanh",   "phan",   "phi",
    "phong",  "phát",   "phí",    "phùng",  "phú",    "phúc",   "phương", "phước",  "phượng",
    "phạm",   "phổ",    "phụng",  "quang",  "quyên",  "quyết",  "quyền",  "quàng",  "quách",
    "quân",   "quý",    "quản",   "quảng",  "quế",    "quốc",   "quới",   "quỳnh",  "rin",
    "rạng",   "sa",     "sang",   "sen",    "son",    "sâm",    "sĩ",     "sơn",    "sương",
    "sỹ",     "thanh",  "thao",   "thi",    "thiên",  "thiện",  "thiệu",  "thoa",   "thoan",
    "thu",    "thuý",   "thuần",  "thuận",  "thuật",  "thuỳ",   "thuỵ",   "thuỷ",   "thy",
    "thành",  "thái",   "thân",   "thêu",   "thìn",   "thùy",   "thúy",   "thăng",  "thơ",
    "thơm",   "thư",    "thương", "thạch",  "thạnh",  "thảo",   "thắm",   "thắng",  "thế",
    "thị",    "thới",   "thục",   "thụy",   "thủy",   "thức",   "tiên",   "tiêu",   "tiến",
    "tiềm",   "tiệp",   "toan",   "toàn",   "toán",   "toại",   "toản",   "trang",  "trinh",
    "triêm",  "triết",  "triều",  "triển",  "triệu",  "trung",  "truyền", "trà",    "tràm",
    "trác",   "trâm",   "trân",   "trí",    "trúc",   "trương", "trạch",  "trần",   "trịnh",
    "trọng",  "trực",   "tuyên",  "tuyến",  "tuyết",  "tuyền",  "tuyển",  "tuân",   "tuấn",
    "tuất",   "tài",    "tâm",    "tân",    "tèo",    "tí",     "tín",    "tô",     "tôn",
    "tùng",   "tú",     "tăng",   "tường",  "tưởng",  "tạ",     "tấn",    "tịnh",   "tống",
    "tủn",    "từ",     "tửu",    "tỷ",     "uyên",   "uyển",   "vang",   "vi",     "vinh",
    "viên",   "viễn",   "việt",   "vy",     "vân",    "võ",     "văn",    "vĩ",     "vĩnh",
    "vũ",     "vương",  "vượng",  "vẹn",    "vịnh",   "vọng",   "vỹ",     "xoan",   "xoài",
    "xuyến",  "xuân",   "yên",    "yến",    "ánh",    "ân",     "âu",     "út",     "ý",
    "đan",    "đinh",   "điền",   "điệp",   "đoan",   "đoàn",   "đài",    "đàm",    "đào",
    "đình",   "đính",   "đô",     "đôn",    "đông",   "đăng",   "đương",  "đượm",   "đạo",
    "đạt",    "đặng",   "đỉnh",   "định",   "đỗ",     "đức",    "ơn",
};

/* The same of those that, without marks, are seldom another word. */
static const char plain[][7] = {
    "an",     "anh",    "au",     "ba",     "bach",  "ban",    "bang",   "bao",    "bich",
    "bin",    "binh",   "bong",   "bui",    "buu",   "cam",    "can",    "canh",   "cao",
    "cat",    "chan",   "chanh",  "chau",   "chi",   "chien",  "chieu",  "chu",    "chuan",
    "chung",  "chuong", "chuyen", "cu",     "cuc",   "cuong",  "dam",    "dan",    "dang",
    "dao",    "dat",    "diem",   "dien",   "diep",  "dieu",   "dinh",   "do",     "doan",
    "doanh",  "don",    "dong",   "du",     "duc",   "dung",   "duom",   "duy",    "duyen",
    "gam",    "gia",    "giang",  "giap",   "giau",  "ha",     "hai",    "han",    "hang",
    "hanh",   "hao",    "hau",    "hien",   "hiep",  "hieu",   "hinh",   "ho",     "hoa",
    "hoach",  "hoai",   "hoan",   "hoang",  "hoat",  "hoi",    "hong",   "hua",    "huan",
    "hue",    "hung",   "huong",  "huu",    "huy",   "huyen",  "huynh",  "hy",     "kha",
    "khai",   "kham",   "khang",  "khanh",  "khiem", "khiet",  "khoa",   "khoan",  "khoat",
    "khoi",   "khon",   "khong",  "khuc",   "khue",  "khuong", "khuyen", "kiem",   "kien",
    "kiet",   "kieu",   "kim",    "ky",     "lai",   "lam",    "lan",    "lanh",   "lap",
    "le",     "liem",   "lien",   "lieu",   "linh",  "loan",   "loc",    "loi",    "long",
    "lu",     "lua",    "luan",   "luc",    "luong", "luu",    "luyen",  "ly",     "mac",
    "mai",    "man",    "manh",   "mao",    "mau",   "mi",     "mien",   "minh",   "mui",
    "mung",   "muoi",   "nam",    "nga",    "ngai",  "ngan",   "ngat",   "nghi",   "nghia",
    "nghiem", "nghiep", "ngo",    "ngoan",  "ngoc",  "ngon",   "ngu",    "nguyen", "nguyet",
    "nha",    "nham",   "nhan",   "nhat",   "nhi",   "nhien",  "nho",    "nhu",    "nhuan",
    "nhung",  "nhuong", "nhut",   "ninh",   "nuong", "oanh",   "pham",   "phan",   "phat",
    "phi",    "pho",    "phong",  "phu",    "phuc",  "phung",  "phuoc",  "phuong", "quach",
    "quan",   "quang",  "que",    "quoc",   "quoi",  "quy",    "quyen",  "quyet",  "quynh",
    "rang",   "rin",    "sam",    "sang",   "sen",   "si",     "son",    "suong",  "sy",
    "ta",     "tai",    "tam",    "tan",    "tang",  "teo",    "thach",  "thai",   "tham",
    "than",   "thang",  "thanh",  "thao",   "the",   "theu",   "thi",    "thien",  "thieu",
    "thin",   "tho",    "thoa",   "thoan",  "thoi",  "thom",   "thu",    "thuan",  "thuat",
    "thuc",   "thuong", "thuy",   "thy",    "ti",    "tiem",   "tien",   "tiep",   "tieu",
    "tinh",   "toai",   "toan",   "ton",    "tong",  "tra",    "trac",   "trach",  "tram",
    "tran",   "trang",  "tri",    "triem",  "trien", "triet",  "trieu",  "trinh",  "trong",
    "truc",   "trung",  "truong", "truyen", "tuan",  "tuat",   "tun",    "tung",   "tuong",
    "tuu",    "tuyen",  "tuyet",  "ty",     "ut",    "uyen",   "van",    "vang",   "ven",
    "vien",   "viet",   "vinh",   "vo",     "vong",  "vu",     "vuong",  "vy",     "xoai",
    "xoan",   "xuan",   "xuyen",  "y",      "yen",
};

/* '=': another word without marks. */
static const char *const addressing[] = {
    "bs",    "bác sĩ", "cô giáo", "thầy giáo", "anh",   "=chị", "ông",  "=bà", "=cô",
    "=chú",  "=bạn",   "em",      "=bác",      "=thím", "=dì",  "=cậu", "=mợ", "=dượng",
    "=thầy", "=cháu",  "=bé",     "=cụ",       "chị",   "mr",   "mrs",  "ms",  NULL};
/* Behind these, a family name and another: what is without marks may be another word (then all of
 * the name is without, too), and a role may stand before a street. */
static const char *const unmarked[] = {"ba",   "co",   "chu",  "ban", "bac",
                                       "thim", "thay", "chau", "be",  NULL};
static const char *const roles[] = {
    "=con trai", "=con gái", "con",     "=mẹ",       "=bố",        "=má",       "=vợ",
    "=chồng",    "=y tá",    "=tài xế", "=học sinh", "=bệnh nhân", "=nạn nhân", "=chủ nhà",
    "ts",        "ths",      "gs",      "pgs",       "=chủ trọ",   "=hàng xóm", NULL};
/* Behind these, one of three syllables: a team or a lake can be met, too. */
static const char *const meeting[] = {"=gặp", "=liên hệ", "lh", NULL};
static const char *const naming[] = {
    "họ và tên", "họ tên",        "tên tôi là", "tên em là", "tên mình là", "tên là",
    "=tên",      "tôi tên là",    "tôi tên",    "tôi là",    "em tên là",   "em tên",
    "em là",     "mình là",       "mình tên",   "con là",    "cháu là",     "my name is",
    "i am",      "chủ tài khoản", "người gửi",  NULL};
/* Behind these words a name is that of a place, or of many. */
static const char placing[] =
    " cac may nhung nhieu cai doi duong pho cau cho phuong xa quan huyen tp tinh den chua thon ap "
    "hem ngo kenh truong nui ho dinh tuyen ben ga nga ";
/* Two syllables with which no name of a person goes on or begins. */
static const char *const places[] = {
    "hà nội",    "việt nam",    "sài gòn",  "đà nẵng",  "hải phòng", "cần thơ",   "trung quốc",
    "hàn quốc",  "thái lan",    "đài loan", "an giang", "hải dương", "thái bình", "nam định",
    "ninh bình", "hà nam",      "hà tĩnh",  "hà giang", "thanh hóa", "việt kiều", "tiền giang",
    "hậu giang", "kiên giang",  "long an",  "lâm đồng", "hưng yên",  "phú thọ",   "yên bái",
    "lai châu",  "cao bằng",    "lạng sơn", "thủ đức",  "tân bình",  "phú nhuận", "trung tâm",
    "công ty",   "nông nghiệp", "thành đô", "hà tiên",  "tân phú",   "phú yên",   "khánh hòa",
    "việt cộng", "trung ương",  "hà lan",   NULL};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The letters at i in lower case; how many there are, 0 when too many or none. */
static size_t lower_syllable(const struct shadow *shadow, size_t i, char out[4 * LETTERS_MOST + 1],
                             bool *marked)
{
    size_t n = 0, length = 0;

    *marked = false;
    for (; shadow_is_letter(shadow_code(shadow, i + n)); n++) {
        uint32_t cp;

        if (n == LETTERS_MOST)
            return 0;
        cp = shadow_written(shadow, i + n);
        *marked = *marked || cp >= 0x80;
        length += utf8_put(out + length, fold_case(cp));
    }
    out[length] = '\0';
    return shadow_is_digit(shadow_code(shadow, i + n)) ? 0 : n;
}

/* How many letters the capitalised syllable of names at i has; 0: none stands there. */
static size_t syllable_length(const struct shadow *shadow, size_t i)
{
    char syllable[4 * LETTERS_MOST + 1];
    bool marked;
    size_t n;

    if (!shadow_is_upper(shadow, i) || shadow_is_alnum(shadow_code(shadow, i - 1)))
        return 0;
    n = lower_syllable(shadow, i, syllable, &marked);
    if (n < 2)
        return 0;
    if (bsearch(syllable, written, sizeof written / sizeof *written, sizeof *written, by_bytes))
        return n;
    return !marked &&
                   bsearch(syllable, plain, sizeof plain / sizeof *plain, sizeof *plain, by_bytes)
               ? n
               : 0;
}

bool names_is_syllable(const struct shadow *shadow, size_t i)
{
    return syllable_length(shadow, i) > 0;
}

/* What the first look knows of the word at i. */
static unsigned word_says(const struct shadow *shadow, size_t i)
{
    uint64_t letters = 0;

    for (unsigned char c; shadow_is_letter(c = shadow_code(shadow, i)); i++)
        letters = letters << 8 | c;
    return trigger_word_says(letters);
}

static bool is_town(const struct shadow *shadow, size_t i)
{
    return word_says(shadow, i) & TRIGGER_SAYS_TOWN && shadow_any_cue(shadow, i, places);
}

/* Family names that most people bear: behind one of them any capitalised syllable belongs to the
 * name. */
static bool is_family(const struct shadow *shadow, size_t i)
{
    static const char *const families[] = {
        "nguyễn", "trần",  "lê",     "phạm", "hoàng", "huỳnh", "phan", "vũ",    "võ",
        "đặng",   "bùi",   "đỗ",     "hồ",   "ngô",   "dương", "lý",   "đào",   "đinh",
        "trịnh",  "mai",   "lâm",    "đoàn", "hà",    "cao",   "tạ",   "phùng", "tô",
        "thái",   "lương", "trương", "kiều", "lưu",   NULL};

    return word_says(shadow, i) & TRIGGER_SAYS_FAMILY && shadow_any_cue(shadow, i, families) > 0;
}

/* "chú Bảy Long": the rank among brothers and sisters in front of a name; "chú Bảy" alone tells
 * nobody. */
static size_t rank_length(const struct shadow *shadow, size_t i)
{
    static const char *const ranks[] = {"hai",  "ba",  "=tư",  "=năm", "=sáu",
                                        "=bảy", "tám", "chín", "cả",   NULL};
    size_t n = shadow_is_upper(shadow, i) ? shadow_any_cue(shadow, i, ranks) : 0;

    return n && shadow_code(shadow, i + n) == ' ' && names_is_syllable(shadow, i + n + 1) ? n : 0;
}

/* Letters of a capitalised word at i that may be a syllable; 0: none stands there. */
static size_t capital_length(const struct shadow *shadow, size_t i)
{
    size_t n = 0;

    if (!shadow_is_upper(shadow, i))
        return 0;
    while (n <= LETTERS_MOST && shadow_is_letter(shadow_code(shadow, i + n)))
        n++;
    return n <= LETTERS_MOST && !shadow_is_digit(shadow_code(shadow, i + n)) ? n : 0;
}

size_t names_end(const struct shadow *shadow, size_t i)
{
    size_t end = i, at = i;
    bool family = is_family(shadow, i);

    for (int k = 0; k < SYLLABLES_MOST && !is_town(shadow, at); k++) {
        size_t n = syllable_length(shadow, at);

        if (!n && !k)
            n = rank_length(shadow, at);
        if (!n && k && family)
            n = capital_length(shadow, at); /* "Lê Công Phụng", "Nguyễn Văn A" */
        if (!n)
            break;
        end = at + n;
        if (shadow_code(shadow, end) != ' ')
            break;
        at = end + 1;
    }
    return end;
}

/* The length of a cue at i behind which only a full name counts, of so many syllables at least;
 * 0: none stands there. */
static size_t weak_cue(const struct shadow *shadow, size_t i, size_t *least)
{
    size_t n = shadow_any_cue(shadow, i, roles);

    *least = 2;
    if (!n && (n = shadow_any_cue(shadow, i, meeting)) > 0)
        *least = 3;
    return n ? n : shadow_any_cue(shadow, i, unmarked);
}

/* Is the name from at to `end` a family name and others, and without marks behind a cue without? */
static bool is_full(const struct shadow *shadow, size_t i, size_t at, size_t end, size_t least)
{
    bool no_marks = shadow_any_cue(shadow, i, unmarked) > 0;
    size_t syllables = 1;

    for (size_t k = at; k < end; k++) {
        syllables += shadow_code(shadow, k) == ' ';
        if (no_marks && shadow_written(shadow, k) >= 0x80)
            return false;
    }
    return syllables >= least && is_family(shadow, at);
}

/* The word before i names a kind of place, or i is inside of a name: "chợ Bà Chiểu". */
static bool is_part_of_place(const struct shadow *shadow, size_t i)
{
    char word[10] = " ";
    size_t n = 0;

    if (shadow_code(shadow, i - 1) != ' ')
        return false;
    while (n < sizeof word - 3 && shadow_is_letter(shadow_code(shadow, i - 2 - n)))
        n++;
    for (size_t k = 0; k < n; k++)
        word[1 + k] = (char)shadow_code(shadow, i - 1 - n + k);
    word[1 + n] = ' ';
    return n > 0 && ((shadow_is_upper(shadow, i) && !shadow_is_upper(shadow, i + 1)) ||
                     strstr(placing, word));
}

/* Streets and sights that begin like somebody: "Bà Triệu", "Cô Giang". */
static bool is_sight(const struct shadow *shadow, size_t i)
{
    static const char *const sights[] = {"bà triệu", "bà huyện", "cô giang", "cô bắc",
                                         "bà chúa",  "ông ích",  "ông tạ",   NULL};

    return shadow_is_upper(shadow, i) && shadow_any_cue(shadow, i, sights);
}

/* May a full stop belong to the word at i: "Mr. Hùng", "BS. Hà"?  Behind others it ends a sentence:
 * "với em. Trong lúc". */
static bool has_stop(const struct shadow *shadow, size_t i)
{
    return shadow_code(shadow, i) == 'm' || shadow_spells(shadow, i, "bs");
}

bool names_take(struct shadow *shadow, size_t i, unsigned says)
{
    size_t n, at, end;
    size_t least = 0;

    n = says & TRIGGER_SAYS_NAMING ? shadow_any_cue(shadow, i, naming) : 0;
    if (n <= strlen("ten")) {
        if (!n && says & TRIGGER_SAYS_CALL)
            n = shadow_any_cue(shadow, i, addressing);
        if (!n && says & TRIGGER_SAYS_ROLE)
            n = weak_cue(shadow, i, &least);
        if (!n || is_part_of_place(shadow, i) || is_sight(shadow, i))
            return false;
        n += shadow_code(shadow, i + n) == '.' && has_stop(shadow, i);
    }
    at = shadow_skip_gap(shadow, i + n);
    end = at > i + n ? names_end(shadow, at) : at;
    if (end == at || (least && !is_full(shadow, i, at, end, least)))
        return false;
    shadow_take(shadow, at, end, REDACTION_NAME);
    return true;
}
