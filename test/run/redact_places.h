/* redact_places.h - invented addresses, positions, births and names, as patterns; see
 * redact_identifiers.h.
 *
 * A '#' is a digit; what stands between '<' and '>' goes.
 */
#ifndef RUN_REDACT_PLACES_H
#define RUN_REDACT_PLACES_H

#include "run/redact_numbers.h"

static inline const char *address_pattern(struct rng *rng, enum form form)
{
    if (form == FORM_SEPARATED)
        return ONE_OF(
            rng, "<số #, ngách 12/#, ngõ 4#> Láng Hạ", "<số nhà 1#, hẻm 2#> Lê Lợi",
            "nhà ở <số # ngõ #5> đường Láng", "<thôn #, tổ 2> xã mình", "<căn hộ 12##, tầng 12>",
            "<ngõ #>, phường Bến Đò", "<hẻm 1#/2#/3> đường Nguyễn Trãi", "<tổ #, khu phố 3>",
            "ship tới <K 3#/1#> Lê Độ giúp em", "<số 1#, tầng 3, phòng 30#> đường Hải Âu",
            "<phòng 30#, tầng 3> chung cư Sông Xanh", "chung cư Bến Đò, <P. 12##> mất nước",
            "ghim ở <16.05## ; 108.22##> đó", "<108.20###  16.05###> nước lên",
            "chỗ <16° 0#' 1#\" N, 108° 1#' 0#\" E> ngập");
    return ONE_OF(rng, "<số nhà 1#> đường Láng", "<ngõ 4#> ngập nặng", "<hẻm 1##/#> Lê Lợi",
                  "<kiệt #5> Trần Phú", "<thôn #> mất điện", "<tổ dân phố #> cúp nước",
                  "nhà ở <số 1#> Trần Phú", "ở <1#/5> Nguyễn Trãi", "<ngách 12/#> bị ngập",
                  "địa chỉ: <số #5> Lê Duẩn", "<nhà số #A> ngập", "<khu phố #> kẹt xe",
                  "ngụ <ấp #>", "tại <số 4#> đường Cầu Mây", "<K3#/#> Lê Độ nước yếu",
                  "nhà em ở <k1##/0#> hẻm tối om", "<H4#/1#/2> Trần Cao Vân tắc cống",
                  "<phòng 30#> chung cư Sông Xanh", "tòa B tầng 5 <phòng 50#> bị thấm",
                  "trọ <phòng 1#> mà nước chảy ri rỉ", "<P.12##> tòa nhà Hải Âu",
                  "nhà ở <16.05##, 108.22##> nha", "tọa độ <21.02####,105.80####>",
                  "<16°0#'1#\"N 108°1#'0#\"E> ngập sâu", "<10.76##, 106.66##> có ổ gà",
                  "xem <https://www.google.com/maps/@16.05##,108.22##,15z> giúp",
                  "<https://maps.app.goo.gl/Xa#bC##d> chỗ này ạ");
}

static inline const char *birth_pattern(struct rng *rng, enum form form)
{
    if (form == FORM_SEPARATED)
        return ONE_OF(rng, "sinh ngày <12 / 03 / 19##>", "ngày sinh: <1# - 05 - 199#>",
                      "sinh ngày <1# tháng 3 năm 198#>", "sinh <02. 11. 197#>",
                      "ngày tháng năm sinh: <1# 04 19##>");
    return ONE_OF(rng, "sinh ngày <12/03/19##>", "ngày sinh: <1#-05-199#>", "sn <199#>",
                  "sinh năm <19##>", "năm sinh: <198#>", "SN <8#>", "sinh <02.11.197#>",
                  "sinh ngày <1/2/200#>", "sinh nhật <1#/12>");
}

static inline const char *name_pattern(struct rng *rng, enum form form)
{
    if (form == FORM_DISGUISED)
        return ONE_OF(rng, "anh <Hung> ở đây", "chi <Lan> đã báo", "ong <Nguyen Van Minh> đã báo",
                      "anh <H\xE2\x80\x8Bùng> ở đây", "CHỊ <Nguyễn Thị Lan> đã báo",
                      "toi la <Tuan>", "gap co <Le Thi Hoa> o cho", "ba <Nguyen Thi Lan> hang xom",
                      "chau <Tran Gia Bao> lop ba", "be <Ngo Bao An> bi sot",
                      "minh ten <Pham Hoai>", "con <Do Minh Khoi> nha em",
                      "ten toi la <Tran Thi Hoa>", "anh <Ｈùng> ở đây",
                      "em <Nguye\xCC\x82\xCC\x83n Va\xCC\x86n Nam> đã báo");
    if (form == FORM_SEPARATED)
        return ONE_OF(rng, "Họ tên: <Phạm Văn Hùng>", "Họ và tên : <Lê Thị Mai>",
                      "người gửi: <Trần Quang Vinh>", "tên cháu là: <Phạm Gia Huy>",
                      "liên hệ: <Bùi Văn Toàn> nhé", "mình tên là : <Đặng Thu Hà>",
                      "tên em là: <Ngọc Anh>", "chị: <Nguyễn Thị Lan> đã báo");
    return ONE_OF(
        rng, "anh <Hùng> ở đây", "chị <Nguyễn Thị Lan> đã báo", "bà <Tư Hường> ở chợ",
        "tôi là <Trần Minh Tuấn>", "tên là <Phạm Văn Hùng>", "cô <Hạnh> dạy lớp một",
        "chú <Bảy Long> bán cá", "ông <Lê Công Vinh> đã báo", "em <Thảo> bị ốm",
        "bạn <Quỳnh Anh> đã báo", "em tên <Khánh>", "mình là <Vy>", "bác <Đỗ Hữu Phước> ký",
        "con trai <Phạm Gia Huy> bị lạc", "vợ <Lê Thị Lan> ốm", "bệnh nhân <Trần Văn Bình> nằm lâu",
        "gặp <Đỗ Thị Hà> ở quầy", "BS <Trần Hải> khám", "cháu <Ngô Bảo An> học lớp ba",
        "thầy <Vũ Đình Long> chủ nhiệm", "mình tên <Hoài> ở xóm dưới", "con <Mai Thùy Chi> nhà em");
}

#endif
