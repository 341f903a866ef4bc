/* redact.c - identifiers go, everything else stays: recall, traps, scopes, idempotence. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/redact.h"
#include "run/redact_identifiers.h"
#include "text/nfc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct arena batch;
static struct redaction_counts counts;

static int set_up(void **state)
{
    (void)state;
    arena_init(&batch, "batch", (size_t)256 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    return 0;
}

static struct str redacted(struct str s, enum redact_scope scope)
{
    struct text text = redact_text(nfc_text(s, &batch, NULL), scope, &batch, &counts);

    return (struct str){text.p, text.n};
}

static void assert_redacts(const char *from, const char *to)
{
    struct str got = redacted(str_of(from), REDACT_PEOPLE);

    if (!str_eq(got, str_of(to)))
        fail_msg("\"%s\" became \"%.*s\"", from, STR_ARG(got));
    if (!str_eq(redacted(got, REDACT_PEOPLE), got))
        fail_msg("\"%s\" changes when redacted twice", from);
}

static void assert_stays(const char *s)
{
    assert_redacts(s, s);
}

/* The first look shows the recognisers a part of a text.  With something invisible at its end it
 * shows them all: what they take must be the same. */
static void assert_same_in_whole(struct str s)
{
    static const char invisible[] = "\n\xE2\x80\x8B";
    char *whole = arena_alloc(&batch, s.n + sizeof invisible);
    struct str part = redacted(s, REDACT_PEOPLE), all;

    memcpy(whole, s.p, s.n);
    memcpy(whole + s.n, invisible, sizeof invisible);
    all = redacted((struct str){whole, s.n + sizeof invisible - 1}, REDACT_PEOPLE);
    if (all.n != part.n + sizeof invisible - 1 || memcmp(all.p, part.p, part.n) != 0)
        fail_msg("\"%.*s\" becomes \"%.*s\", and in whole \"%.*s\"", STR_ARG(s), STR_ARG(part),
                 STR_ARG(all));
}

static void phones(void **state)
{
    (void)state;
    assert_redacts("gọi 0912345678 nhé", "gọi [SĐT] nhé");
    assert_redacts("gọi 0912.345.678, 0987 654 321 hoặc 035-1234-567",
                   "gọi [SĐT], [SĐT] hoặc [SĐT]");
    assert_redacts("+84 912 345 678 / (+84)912345678", "[SĐT] / ([SĐT]");
    assert_redacts("84912345678 0084-91-234-5678 +84 (0) 912345678", "[SĐT] [SĐT] [SĐT]");
    assert_redacts("(024) 3825 1234; 028.38251234", "[SĐT]; [SĐT]");
    assert_redacts("sđt0912345678, LH-0912 345 678. ĐT:0912345678", "sđt[SĐT], LH-[SĐT]. ĐT:[SĐT]");
    assert_redacts("0912345678-0987654321", "[SĐT]-[SĐT]");
    assert_redacts("0912345678gặp Hoa", "[SĐT]gặp Hoa");
    assert_redacts("1. 0912345678\n2. 0987654321", "1. [SĐT]\n2. [SĐT]");
    assert_redacts("call +1 415 555 2671 now", "call [SĐT] now");
    assert_redacts("gọi +123456789012345 nhé", "gọi [SĐT] nhé"); /* the longest of any country */
    assert_redacts("gọi 0562345678 hay 0582345678 nhé", "gọi [SĐT] hay [SĐT] nhé");
    assert_stays("biên nhận 0541234567 nhé"); /* begins like no phone */
    assert_redacts("09 12 34 56 78 nhé", "[SĐT] nhé");
    assert_redacts("0 9 1 2 3 4 5 6 7 8", "[SĐT]");
}

/* "không", "ko", "ba" and "o" (ở) are digits too, but not behind a number that is whole. */
static void words_behind_numbers_stay(void **state)
{
    (void)state;
    assert_redacts("gọi 028 3829 5678 không ai nghe", "gọi [SĐT] không ai nghe");
    assert_redacts("gọi 02838295678 ba lần", "gọi [SĐT] ba lần");
    assert_redacts("gọi 0912345678 một hai lần", "gọi [SĐT] một hai lần");
    assert_redacts("goi 028 3829 5678 o day", "goi [SĐT] o day");
    assert_redacts("09 12 34 56 78 không ai nghe", "[SĐT] không ai nghe");
    assert_redacts("CMND cũ là 024123456 không đúng", "CMND cũ là [CCCD] không đúng");
    assert_redacts("số 024123456 không đúng", "số [CCCD] không đúng");
    assert_redacts("hộ chiếu B1234567 không có", "hộ chiếu [HỘ CHIẾU] không có");
    assert_redacts("0912 345 67 tám nhé, 0912 345 o78 nhé", "[SĐT] nhé, [SĐT] nhé");
}

static void disguises(void **state)
{
    (void)state;
    assert_redacts("０９１２３４５６７８", "[SĐT]");
    assert_redacts("0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣ nha",
                   "[SĐT] nha");
    assert_redacts("09\xE2\x80\x8B"
                   "12\xE2\x80\x8D"
                   "345\xC2\xAD"
                   "678",
                   "[SĐT]");
    assert_redacts("⓪⑨①②③④⑤⑥⑦⑧", "[SĐT]");
    assert_redacts("٠٩١٢٣٤٥٦٧٨", "[SĐT]");
    assert_redacts("0912–345—678", "[SĐT]");
    assert_redacts("0912\xC2\xA0"
                   "345・678",
                   "[SĐT]");
    assert_redacts("hoa＠gmail。com", "[EMAIL]");
    assert_redacts("zalo．me／hoa", "[TÀI KHOẢN]");
}

/* Disguises of which every byte but a sign looks harmless: the first look must not pass them. */
static void disguised_signs(void **state)
{
    (void)state;
    assert_redacts("facebook。com/hoa", "[TÀI KHOẢN]");
    assert_redacts("facebook\xC2\xB7"
                   "com/hoa",
                   "[TÀI KHOẢN]");
    assert_redacts("fb•com/hoa", "[TÀI KHOẢN]");
    assert_redacts("DID:PLC:abc234", "[TÀI KHOẢN]");
    assert_redacts("hoa﹫gmail.com", "[EMAIL]");
    assert_redacts("𝟎𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", "[SĐT]");
    assert_redacts("⁰⁹¹²³⁴⁵⁶⁷⁸", "[SĐT]");
}

static void accounts(void **state)
{
    (void)state;
    assert_redacts("viết cho hoa.nguyen+x@mail.example.org.", "viết cho [EMAIL].");
    assert_redacts("hoa @ gmail.com, hoa@gmail", "[EMAIL], [EMAIL]");
    assert_redacts("@hoa.nguyen ơi, @Đặng_92!", "[TÀI KHOẢN] ơi, [TÀI KHOẢN]!");
    assert_redacts("@Nguyễn Văn A bạn ơi, @Mai Anh nói", "[TÀI KHOẢN] bạn ơi, [TÀI KHOẢN] nói");
    assert_redacts("@hoa Nguyễn Trãi ngập, @Lan đường Láng",
                   "[TÀI KHOẢN] Nguyễn Trãi ngập, [TÀI KHOẢN] đường Láng");
    assert_redacts("@hoa@mang.example kể", "[TÀI KHOẢN] kể");
    assert_redacts("xem https://www.facebook.com/hoa.nguyen.92?x=1.", "xem [TÀI KHOẢN].");
    assert_redacts("(fb.com/hoa) zalo.me/0912345678", "([TÀI KHOẢN]) [TÀI KHOẢN]");
    assert_redacts("https://bsky.app/profile/hoa.bsky.social/post/3k", "[TÀI KHOẢN]");
    assert_redacts("did:plc:abc234 viết", "[TÀI KHOẢN] viết");
    assert_redacts("https://mang.example/@hoa/1134", "[TÀI KHOẢN]");
    assert_redacts("https://m.facebook.com/groups/3/user/4/", "[TÀI KHOẢN]");
}

static void identity_numbers(void **state)
{
    (void)state;
    assert_redacts("CCCD 001099012345 nhé", "CCCD [CCCD] nhé");
    assert_redacts("số 001 099 012 345", "số [CCCD]");
    assert_redacts("079201000123", "[CCCD]");
    assert_redacts("CMND: 023456789.", "CMND: [CCCD].");
    assert_redacts("cmnd 023 456 789", "cmnd [CCCD]");
    assert_redacts("căn cước 202603021530", "căn cước [CCCD]"); /* the word outweighs the look */
}

static void papers(void **state)
{
    (void)state;
    assert_redacts("MST 0100112437, mst: 0100112437-011", "MST [MST], mst: [MST]");
    assert_redacts("BHXH 7912345678 và BHYT DN4797912345678", "BHXH [BHXH] và BHYT [BHXH]");
    assert_redacts("hộ chiếu B1234567 / passport: c 1234567",
                   "hộ chiếu [HỘ CHIẾU] / passport: [HỘ CHIẾU]");
    assert_redacts("bằng lái số 790123456789", "bằng lái số [GPLX]");
    assert_redacts("STK VCB 0071001234567 chủ tk Hoa", "STK VCB [STK] chủ tk Hoa");
    assert_redacts("số tài khoản: 1903 6789 0123 45", "số tài khoản: [STK]");
    assert_redacts("thẻ 4111 1111 1111 1111.", "thẻ [THẺ].");
    assert_redacts("GB29 NWBK 6016 1331 9268 19", "[STK]");
    assert_redacts("0100112437", "[MST]"); /* the check digit alone tells it */
    assert_redacts("mst 0912345678", "mst [MST]");
    assert_redacts("0912345678", "[SĐT]");
    assert_stays("tài khoản trừ 1.500.000 đ; TK 500000");
    assert_stays("thẻ 4111 1111 1111 1112");
    assert_stays("BIDV gọi 19001234, vietcombank hotline 1900545413");
    assert_stays("0100112438, bảo hiểm từ 20.000-40.000 đồng");
}

static void plates(void **state)
{
    (void)state;
    assert_redacts("29A-123.45 đụng 51F1 234.56", "[BIỂN SỐ] đụng [BIỂN SỐ]");
    assert_redacts("xe biển số 57K – 4599, xe 29 S – 9377", "xe biển số [BIỂN SỐ], xe [BIỂN SỐ]");
    assert_redacts("biển số 80-2.1-NG-01", "biển số [BIỂN SỐ]");
    assert_redacts("biển số 29a12345, xe 37A-0145", "biển số [BIỂN SỐ], xe [BIỂN SỐ]");
    assert_redacts("xe TM-12-34, xe 41-291-NG-01", "xe [BIỂN SỐ], xe [BIỂN SỐ]");
    assert_stays("xe buýt 29A, tuyến 53-2, lớp 12A-2019, 50k 12000, 15h30 12345");
}

static void addresses(void **state)
{
    (void)state;
    assert_redacts("số nhà 12 đường Láng", "[ĐỊA CHỈ] đường Láng");
    assert_redacts("nhà ở số 5, ngách 12/4, ngõ 45 Láng Hạ", "nhà ở [ĐỊA CHỈ] Láng Hạ");
    assert_redacts("hẻm 14 Giếng Đá ngập", "[ĐỊA CHỈ] Giếng Đá ngập");
    assert_redacts("ở 12/5 Nguyễn Trãi", "ở [ĐỊA CHỈ] Nguyễn Trãi");
    assert_redacts("nha so 17 hem 14 duong Giong", "[ĐỊA CHỈ] duong Giong");
    assert_redacts("hem 14 duong Giong ngap", "[ĐỊA CHỈ] duong Giong ngap");
    assert_redacts("to 5 khu pho 3 phuong 5", "[ĐỊA CHỈ] phuong 5");
    assert_redacts("o ap 2 xa Gieng", "o [ĐỊA CHỈ] xa Gieng");
    assert_stays("em hem 14 tuoi, chia to 3 ban, ap 2 lan, to 5 xa qua nha, hem 2 p nua");
    assert_stays("đường Láng ngập, Lý Thường Kiệt 1, nông thôn 2, hẻm 3 m, tổ 3 người, ngõ vắng");
    assert_stays("xe buýt số 3, số 10 Công Phượng, Nghị định số 12/2020, tỷ số 2-1, được 1/2");
}

static void lanes_and_rooms(void **state)
{
    (void)state;
    assert_redacts("ship về K30/5 Lê Độ, k 12/7 đường Ông Ích Khiêm",
                   "ship về [ĐỊA CHỈ] Lê Độ, "
                   "[ĐỊA CHỈ] đường Ông Ích Khiêm");
    assert_redacts("nhà ở H30/5/2 Trần Cao Vân, ở k30/05 nước yếu",
                   "nhà ở [ĐỊA CHỈ] Trần Cao Vân, ở [ĐỊA CHỈ] nước yếu");
    assert_redacts("phòng 305 chung cư Sông Xanh, phòng 12 nhà trọ cô Tám mất nước",
                   "[ĐỊA CHỈ] chung cư Sông Xanh, [ĐỊA CHỈ] nhà trọ cô Tám mất nước");
    assert_redacts("chung cư Sông Xanh, tầng 3 phòng 305; trọ phòng 7, P.1205 tòa B",
                   "chung cư Sông Xanh, tầng 3 [ĐỊA CHỈ]; trọ [ĐỊA CHỈ], [ĐỊA CHỈ] tòa B");
    assert_redacts("số nhà 12, tầng 3, phòng 305, tòa 2, lô 5, block 3, căn 4 nóng lắm",
                   "[ĐỊA CHỈ] nóng lắm");
    assert_stays("họp ở phòng 305, thi phòng số 12, P.5, Q.3, k30, K2/5 buổi, 5h30/8h30, H5/N1");
    assert_stays("p12/3/1990 chung cư mới, p B305 tòa");
    assert_stays("chuyến K12/7 về ga trễ, lớp K30/2 thi lại");
    assert_stays("tổ 3 lớp 5A trực nhật, tổ 2, lớp 4B; lớp 5A tổ 1 vắng, tổ 4 xưởng may");
    assert_redacts("tổ 3 phường Bến Đò", "[ĐỊA CHỈ] phường Bến Đò");
}

static void positions(void **state)
{
    (void)state;
    assert_redacts("nhà em ở 16.0544, 108.2022 nha", "nhà em ở [ĐỊA CHỈ] nha");
    assert_redacts("tọa độ 21.028511, 105.804817 và 10.762622 106.660172",
                   "tọa độ [ĐỊA CHỈ] và [ĐỊA CHỈ]");
    assert_redacts("(16.0544,108.2022), GPS: 108.202 16.054, 16,05441; 108,20221",
                   "([ĐỊA CHỈ]), GPS: [ĐỊA CHỈ], [ĐỊA CHỈ]");
    assert_redacts("16°03'15\"N 108°12'08\"E, 16°03′15,2″B, 108°12′08,4″Đ.",
                   "[ĐỊA CHỈ], [ĐỊA CHỈ].");
    assert_redacts("16o03'15\"N, 108o12'08\"E; 16°03.253'N 108°12.134'E", "[ĐỊA CHỈ]; [ĐỊA CHỈ]");
    assert_redacts("https://www.google.com/maps/@16.0544,108.2022,15z đó", "[ĐỊA CHỈ] đó");
    assert_redacts("https://maps.google.com/?q=16.0544,108.2022, https://maps.app.goo.gl/AbC12 nhé",
                   "[ĐỊA CHỈ], [ĐỊA CHỈ] nhé");
    assert_redacts("http://ban-do.example/?ll=16.0544,108.2022&z=9",
                   "http://ban-do.example/?ll=[ĐỊA CHỈ]&z=9");
    assert_stays("https://www.google.com/search?q=maps, goo.gl/abc");
}

static void accounts_behind_networks(void **state)
{
    (void)state;
    assert_redacts("ig vana_sg nha, fb hoa.nguyen, zalo linhchi99",
                   "ig [TÀI KHOẢN] nha, fb "
                   "[TÀI KHOẢN], zalo [TÀI KHOẢN]");
    assert_redacts("tele @vana, Telegram: vana.92, insta - be_na",
                   "tele [TÀI KHOẢN], Telegram: "
                   "[TÀI KHOẢN], insta - [TÀI KHOẢN]");
    assert_redacts("facebook của em là tuan-92, zalo: minhanhpham",
                   "facebook của em là [TÀI KHOẢN], "
                   "zalo: [TÀI KHOẢN]");
    assert_redacts("zalo/tele: hoa_92, nick quang1987!",
                   "zalo/tele: [TÀI KHOẢN], nick [TÀI KHOẢN]!");
    assert_redacts("zalo 0912345678, fb hoa_92@gmail.com", "zalo [SĐT], fb [EMAIL]");
    assert_redacts("chín ig com16°03'15", "chín ig [TÀI KHOẢN]°03'15");
    assert_same_in_whole(STR("chín ig com16°03'15"));
    assert_stays(
        "đăng lên fb và zalo nhóm lớp, tiktok: nhiều clip, zalo: khong, ig, tele 24h, fb 10k");
    assert_stays(
        "fb vnexpress.net đưa tin, tiktok on-line, facebook marketing, line 5, shop-fb hoa_92");
    assert_stays("hoa_92 thắng, H5N1, zalo của phường, fb v.v, vé tele4, hội zalo-oa, tele-na_1");
}

static void full_names(void **state)
{
    (void)state;
    assert_redacts("con trai Phạm Gia Huy, vợ Lê Thị Lan và bệnh nhân Trần Văn Ba",
                   "con trai [TÊN], vợ [TÊN] và bệnh nhân [TÊN]");
    assert_redacts("gap co Le Thi Hoa, ba Nguyen Thi Lan, be Ngo Bao An",
                   "gap co [TÊN], ba [TÊN], be [TÊN]");
    assert_redacts("chau Tran Gia Bao, mình tên Hoài, cháu tên là Phạm Mai",
                   "chau [TÊN], mình tên [TÊN], cháu tên là [TÊN]");
    assert_redacts("liên hệ Nguyễn Văn Nam, gặp Đỗ Thị Hà", "liên hệ [TÊN], gặp [TÊN]");
    assert_redacts("BS Trần Hải, Bs. Lê Thu Hà, cô giáo Đặng Thị Nga",
                   "BS [TÊN], Bs. [TÊN], cô giáo [TÊN]");
    assert_stays("trận gặp Hà Lan, ngã ba Phan Đăng Lưu, nga ba Tran Hung Dao, cau Do Ngang");
    assert_stays("con Mi, mẹ Việt Nam, nhà Nguyễn, co Ha Noi, ba Thang Hai, ban Tran nha");
}

static void births(void **state)
{
    (void)state;
    assert_redacts("sinh ngày 12/03/1990, sn 96", "sinh ngày [NGÀY SINH], sn [NGÀY SINH]");
    assert_redacts("sinh ngày 12 tháng 3 năm 1990 tại", "sinh ngày [NGÀY SINH] tại");
    assert_redacts("Năm sinh: 1990; born 1990-03-12", "Năm sinh: [NGÀY SINH]; born [NGÀY SINH]");
    assert_redacts("sinh 12031990, sinh ngày 31/1/1999, born 1900",
                   "sinh [NGÀY SINH], sinh ngày [NGÀY SINH], born [NGÀY SINH]");
    assert_stays("sinh 1203199, sinh 32131990, born 2100");
    assert_stays("hy sinh ngày 12/3/1968, phát sinh ngày 15/07/2017, sinh viên năm 2, môn sinh 10");
}

static void names(void **state)
{
    (void)state;
    assert_redacts("anh Hùng và chị Nguyễn Thị Lan", "anh [TÊN] và chị [TÊN]");
    assert_redacts("tôi là Trần Minh Tuấn, Họ tên: LÊ CÔNG PHỤNG", "tôi là [TÊN], Họ tên: [TÊN]");
    assert_redacts("chú Bảy Long, bà Nguyễn Văn A.", "chú [TÊN], bà [TÊN].");
    assert_redacts("bác sĩ Trần Minh Quân, cô giáo Lan, thầy giáo Hùng, BS. Hà",
                   "bác sĩ [TÊN], cô giáo [TÊN], thầy giáo [TÊN], BS. [TÊN]");
    assert_redacts("Mr. Hùng and my name is Khánh", "Mr. [TÊN] and my name is [TÊN]");
    assert_redacts("gọi 0912345678 giúp em. Toàn chuyện thật",
                   "gọi [SĐT] giúp em. Toàn chuyện thật");
    assert_stays("ai rảnh kết bạn. Thành phố nhỏ mà vui");
}

static void names_that_are_none(void **state)
{
    (void)state;
    assert_stays("anh em, chị Google, em Hà Nội, bạn Việt Nam, các bạn Thái, có Hà, đường Láng");
    assert_stays("cầu Ông Lãnh, chợ Bà Chiểu, tỉnh Bà Rịa, đường Bà Triệu, trường Cô Giang");
    assert_stays("UBND phường Nguyễn Trãi, công ty Anh Sơn, ông Chủ tịch, tôi là sinh viên");
}

static void traps_survive(void **state)
{
    static const char *const traps[] = {
        "tọa độ sân 10.76, 106.66, giá từ 16.500, 108.200 đồng, tỷ lệ 16.0544 và 208.2022",
        "bão ở 16,5 độ vĩ bắc, 108,2 độ kinh đông, nhiệt độ 16°C, 108°F, 16°03, giá 22.0000 USD",
        "điểm thi 8.25 9.5 7.75 10, bảng điểm 0932 0.0006",
        "gọi 1900 1234 hoặc 1800.599.928, 18001090, 19001009",
        "113, 114, 115, 111, 1022",
        "giá 1.200.000 đ, 500k, 150000000 đồng, 2.500.000.000 VND, $912345678",
        "thu 123456789 đ và 987654321 VNĐ",
        "ngày 08.12.2025 - 15.12.2025, 08/12/2025, 2025-08-12 09:30",
        "07:45 02-03-2026 16:20:31, 202603021530",
        "mã SX-2026-000123, HS-2026-0912345678, hồ sơ 2026.0912345678",
        "550e8400-e29b-41d4-a716-446655440000 và 550e8400e29b41d4a716446655440000",
        "id 3f0912345678ab, 12345678901234567890, a123456789",
        "kết quả 05 12 23 31 40 44 51, 0.345678901 và 3,14159265358979",
        "xổ số 08 12 34 56 78 90",
        "IPv4 192.168.100.200, MAC 00-1A-2B-3C-4D-5E",
        "https://bao.example/tin-2026030212345.html và facebook.com/ x.com",
        "box.com/hoa dropbox.com/hoa https://facebook.com/events/12",
        "cà phê @20k, 5@, @ nhà, @@, @_@, a@b",
        "50.000.000.000 + 1.000.000.000, +1.200.000.000",
        "điểm 9, 10, 8, 7, 6, 9, 10, 5, 4, 8",
        "đơn #123456789, phiếu 000123",
        "100m², 20°C, ½ ngày, 30%",
        "0912345678901, 00912345678, 0912 345 6789",
    };

    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
        assert_stays(traps[i]);
}

static void publications_keep_offices(void **state)
{
    (void)state;
    struct str got = redacted(STR("Văn phòng: 024 3825 1234, vp@song-xanh.example; riêng "
                                  "0912345678, @hoa.ng, 001099012345"),
                              REDACT_PUBLICATION);

    assert_true(str_eq(
        got,
        STR("Văn phòng: 024 3825 1234, vp@song-xanh.example; riêng [SĐT], [TÀI KHOẢN], [CCCD]")));
}

static void windows_show_all_that_matters(void **state)
{
    static const char far[] = " Khu chợ sáng nay đông mà nước thì rút rất chậm. ";
    struct rng rng;

    (void)state;
    rng_seed(&rng, 11);
    for (int i = 0; i < 20000; i++) {
        char text[8 * PLANTED_ROOM];
        size_t n = 0;

        for (int k = 0; k < 3; k++) {
            struct planted planted;

            identifier_plant(&rng, (enum redaction)rng_below(&rng, REDACTIONS),
                             (enum form)rng_below(&rng, FORMS), &planted);
            n += identifier_carry(identifier_carriers[rng_below(&rng, IDENTIFIER_CARRIERS)],
                                  planted.written, text + n, sizeof text - n);
            for (uint64_t times = rng_below(&rng, 9); times; times--)
                n += (size_t)snprintf(text + n, sizeof text - n, "%s", far);
        }
        assert_same_in_whole((struct str){text, n});
        arena_reset(&batch);
    }
}

static void counts_are_told(void **state)
{
    (void)state;
    counts = (struct redaction_counts){{0}};
    redacted(STR("0912345678 0987654321 a.b@c.example @hoa 001099012345"), REDACT_PEOPLE);
    assert_int_equal(counts.n[REDACTION_PHONE], 2);
    assert_int_equal(counts.n[REDACTION_EMAIL], 1);
    assert_int_equal(counts.n[REDACTION_HANDLE], 1);
    assert_int_equal(counts.n[REDACTION_ID], 1);
    assert_string_equal(redaction_name(REDACTION_ID), "id");
}

static void clean_text_is_not_copied(void **state)
{
    static const char text[] = "Đường 30/4 ngập 2 ngày, 5 hộ, xem tin ở cổng.";

    (void)state;
    assert_ptr_equal(
        redact_text((struct text){text, sizeof text - 1}, REDACT_PEOPLE, &batch, &counts).p, text);
}

/* Redactions in texts of others from which numbers and handles were taken out before: those are
 * false.  Addresses, births and names were left in them; reading each (2026) found these true but
 * for 4 names, so that only their number is held here. */
static void false_redactions_are_rare(void **state)
{
    static const char *const files[] = {"vilexnorm_train", "vsfc_train", "utsbank_train"};
    const char *shared = getenv("SOUNDINGS_SHARED");
    static char line[1 << 16];
    size_t opened = 0;

    (void)state;
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        char path[512];
        size_t texts = 0, touched = 0, of_kind[REDACTIONS] = {0};
        FILE *file;

        snprintf(path, sizeof path, "%s/data/dev/%s.tsv", shared ? shared : "../shared", files[f]);
        file = fopen(path, "r");
        if (!file) {
            print_message("no %s: left out\n", path);
            continue;
        }
        for (; fgets(line, sizeof line, file); texts++) {
            counts = (struct redaction_counts){{0}};
            redacted(str_of(line), REDACT_PEOPLE);
            for (int kind = 0; kind < REDACTIONS; kind++)
                of_kind[kind] += counts.n[kind] && !memchr(line, '@', strlen(line));
            arena_reset(&batch);
        }
        fclose(file);
        opened++;
        for (int kind = 0; kind < REDACTION_ADDRESS; kind++)
            touched += of_kind[kind];
        print_message("%s: %zu of %zu texts changed; true ones: address %zu, birth %zu, name %zu\n",
                      files[f], touched, texts, of_kind[REDACTION_ADDRESS],
                      of_kind[REDACTION_BIRTH], of_kind[REDACTION_NAME]);
        assert_true(texts > 1000 && touched * 1000 <= texts);
        assert_true((of_kind[REDACTION_ADDRESS] + of_kind[REDACTION_BIRTH]) * 1000 <= texts * 2 &&
                    of_kind[REDACTION_NAME] * 1000 <= texts * 7);
    }
    if (!opened)
        skip();
}

static void long_hostile_text_is_linear(void **state)
{
    static const char *const units[] = {"0",
                                        "09",
                                        "@",
                                        "a@",
                                        "a.",
                                        "/",
                                        "/@a",
                                        "1-",
                                        "số ",
                                        "anh Hà ",
                                        "ngõ 1 ",
                                        "a còng ",
                                        "(at)",
                                        "chín ",
                                        "sinh 1",
                                        "29A-",
                                        "stk 1",
                                        "o",
                                        "123456789-",
                                        "a.b/",
                                        "+84 ",
                                        "://",
                                        "0.0 ",
                                        "fb.com/",
                                        "did:plc:",
                                        "@hoa",
                                        "cmnd 1",
                                        "[SĐT]",
                                        "k1/",
                                        "k1/2 ",
                                        "phòng 1 ",
                                        "phòng 305 tòa ",
                                        "16.0544, ",
                                        "16°03'",
                                        "108.2022,16.0544",
                                        "16o1'",
                                        "ig ",
                                        "zalo a_",
                                        "fb: ",
                                        "zalo của em là ",
                                        "a_b.c1",
                                        "goo.gl/",
                                        "tổ 1 ",
                                        "tổ 1 lớp ",
                                        "con Lê ",
                                        "Nguyễn ",
                                        "ba Nguyen ",
                                        "gặp Lê Lê ",
                                        "số tk ",
                                        "1, "};

    (void)state;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t length = strlen(units[u]), n = (1 << 20) / length * length;
        char *s = arena_alloc(&batch, n);
        clock_t from = clock();
        struct str once;

        for (size_t at = 0; at < n; at += length)
            memcpy(s + at, units[u], length);
        once = redacted((struct str){s, n}, REDACT_PEOPLE);
        if (clock() - from > 4 * CLOCKS_PER_SEC)
            fail_msg("a megabyte of \"%s\" takes over four seconds of processor time", units[u]);
        if (!str_eq(redacted(once, REDACT_PEOPLE), once))
            fail_msg("a megabyte of \"%s\" changes when redacted twice", units[u]);
        arena_reset(&batch);
    }
}

/* Pieces of identifiers in random order: redacting twice is redacting once. */
static void twice_is_once(void **state)
{
    static const char *const pieces[] = {"0912345678", "123456789", "001099012345",
                                         "-",          ".",         " ",
                                         "@",          "hoa",       "gmail.com",
                                         "/",          "fb.com",    "84",
                                         "+",          "0",         "đ",
                                         "cmnd ",      "[SĐT]",     "[",
                                         "]",          "https://",  "1",
                                         "912",        "345",       "678",
                                         "#",          "_",         "\xE2\x80\x8B",
                                         "did:plc:",   "(",         ")",
                                         "anh ",       "Hùng",      "số ",
                                         "ngõ 12",     "sinh ",     "12/3/1990",
                                         "29A",        "stk ",      "mst",
                                         "TM-12-34",   "chín ",     "không ",
                                         "(at)",       " chấm ",    "com",
                                         "Lê ",        "ở ",        "o",
                                         ",",          "a1",        "zalo.me/",
                                         "@hoa",       "a@b.vn",    "\n",
                                         "k30/5 ",     "phòng 305", "tòa B ",
                                         "16.0544",    "108.2022",  "16°03'15\"",
                                         "ig ",        "zalo: ",    "hoa_92",
                                         "Nguyễn ",    "con ",      "ba Nguyen Thi ",
                                         "tổ 3 ",      "lớp ",      "goo.gl/maps/",
                                         "của em ",    "là ",       "số "};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 5);
    for (int round = 0; round < 200000; round++) {
        char s[512];
        size_t n = 0;
        struct str once, twice;

        for (uint64_t i = 1 + rng_below(&rng, 10); i > 0; i--) {
            const char *piece = pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)];

            memcpy(s + n, piece, strlen(piece));
            n += strlen(piece);
        }
        once = redacted((struct str){s, n}, REDACT_PEOPLE);
        twice = redacted(once, REDACT_PEOPLE);
        if (!str_eq(once, twice))
            fail_msg("\"%.*s\" -> \"%.*s\" -> \"%.*s\"", (int)n, s, STR_ARG(once), STR_ARG(twice));
        arena_reset(&batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phones),
        cmocka_unit_test(words_behind_numbers_stay),
        cmocka_unit_test(disguises),
        cmocka_unit_test(disguised_signs),
        cmocka_unit_test(accounts),
        cmocka_unit_test(identity_numbers),
        cmocka_unit_test(traps_survive),
        cmocka_unit_test(publications_keep_offices),
        cmocka_unit_test(windows_show_all_that_matters),
        cmocka_unit_test(counts_are_told),
        cmocka_unit_test(clean_text_is_not_copied),
        cmocka_unit_test(papers),
        cmocka_unit_test(plates),
        cmocka_unit_test(addresses),
        cmocka_unit_test(lanes_and_rooms),
        cmocka_unit_test(positions),
        cmocka_unit_test(accounts_behind_networks),
        cmocka_unit_test(full_names),
        cmocka_unit_test(births),
        cmocka_unit_test(names),
        cmocka_unit_test(names_that_are_none),
        cmocka_unit_test(false_redactions_are_rare),
        cmocka_unit_test(long_hostile_text_is_linear),
        cmocka_unit_test(twice_is_once),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
