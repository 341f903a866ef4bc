/* language.c - the language of sentences, of short messages, and of what is in none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/language.h"
#include "base/embedded.h"

#include <stdio.h>
#include <string.h>

static struct arena process;
static const struct language_model *model;

static int set_up(void **state)
{
    struct err err;

    (void)state;
    arena_init(&process, "process", 1 << 26);
    return language_read(
               embedded_file("data/languages.tsv"), embedded_file("data/models/syllables.tsv"),
               embedded_file("data/models/languages.bin"), &process, &model, &err) != RC_OK;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&process);
    return 0;
}

struct expected {
    const char *tag, *text;
};

static void check_all(const struct expected *expected, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct language_guess guess = language_of(model, str_of(expected[i].text));

        if (!str_eq(guess.tag, str_of(expected[i].tag)))
            fail_msg("%s, not %.*s (%.2f): %s", expected[i].tag, STR_ARG(guess.tag),
                     guess.confidence, expected[i].text);
        assert_true(guess.confidence <= 1);
        assert_true(str_eq(guess.tag, STR("und")) ? guess.confidence == 0
                                                  : guess.confidence >= 0.5);
    }
}
#define CHECK(list) check_all(list, sizeof(list) / sizeof *(list))

static void vietnamese(void **state)
{
    static const struct expected list[] = {
        {"vi", "ngập nước"},
        {"vi", "Đường ngập"},
        {"vi", "MẤT ĐIỆN TỪ SÁNG"},
        {"vi", "Sáng nay nước lên tới đầu gối, xe máy chết hết cả dãy"},
        {"vi", "Cho em hỏi khi nào có nước lại ạ?"},
        {"vi", "ngap nuoc"},
        {"vi", "nuoc len toi dau goi roi moi nguoi oi"},
        {"vi", "Cho em hoi khi nao co nuoc lai a"},
        {"vi", "DUONG TRUOC CHO NGAP NANG QUA"},
        {"vi", "ko co nuoc 3 ngay r"},
        {"vi", "hok bik khi nao co dien lun"},
        {"vi", "nha mk mat dien tu trua, dc bao la toi co lai"},
        {"vi", "hum nay xe rac ko toi nhe mn"},
        {"vi", "Xe bus so 5 lai tre"},
        {"vi", "Wifi ở chung cư Green Home yếu quá"},
        {"vi", "Gọi [SĐT] để báo nước bẩn"},
        {"vi", "Nguyen Van Nam bao nuoc duc"},
        {"vi", "e dg o dau z"},
        {"vi", "k bik s hnay dt nha mk mat r"},
        {"vi", "đường ngập nặng, [TÀI KHOẢN] ơi"},
    };

    (void)state;
    CHECK(list);
}

static void english(void **state)
{
    static const struct expected list[] = {
        {"en", "The road is flooded again"},
        {"en", "there has been no water since Monday"},
        {"en", "Please fix the street lights near the market"},
        {"en", "who do we call about the noise at night?"},
        {"en", "no can do, the bus is too long"},
        {"en", "Traffic lights still broken at Cafe Noir"},
    };

    (void)state;
    CHECK(list);
}

static void latin(void **state)
{
    static const struct expected list[] = {
        {"id", "Jalan di depan pasar banjir karena hujan dan belum ada yang datang"},
        {"ms", "Kami tak boleh keluar kerana jalan itu banjir dan awak tidak datang"},
        {"tl", "Walang tubig dito sa amin, hindi namin alam kung bakit"},
        {"fr", "Il n'y a plus d'eau dans notre rue depuis ce matin"},
        {"es", "No hay agua en nuestra calle desde esta mañana"},
        {"pt", "Não há água na nossa rua desde esta manhã"},
        {"it", "Non c'è acqua nella nostra via da questa mattina"},
        {"de", "Seit heute Morgen gibt es in unserer Straße kein Wasser"},
        {"nl", "Er is sinds vanochtend geen water meer in onze straat"},
        {"pl", "Od rana nie ma wody na naszej ulicy, kiedy będzie?"},
        {"cs", "Od rána neteče v naší ulici voda, kdy už bude?"},
        {"sk", "Od rána netečie v našej ulici voda, kedy už bude?"},
        {"tr", "Sabahtan beri sokağımızda su yok, ne zaman gelecek?"},
        {"sv", "Det finns inget vatten på vår gata och ingen vet när det kommer"},
        {"no", "Det er ikke vann i gaten vår etter i går, når kommer det?"},
        {"da", "Der er ikke vand i vores gade efter i går, hvornår kommer det af sig selv?"},
        {"fi", "Kadullamme ei ole ollut vettä aamusta lähtien, mutta kukaan ei tiedä"},
        {"hu", "Reggel óta nincs víz az utcánkban, és nem tudjuk, hogy mikor lesz"},
        {"ro", "De azi dimineață nu este apă pe strada noastră"},
        {"hr", "Od jutra nema vode u našoj ulici, tko će to popraviti i kada će biti?"},
        {"sl", "Od jutra ni vode v naši ulici, kdaj bo spet in zakaj še ni?"},
        {"et", "Meie tänaval ei ole hommikust saadik vett, kuid keegi ei tea"},
        {"lv", "Kopš rīta mūsu ielā nav ūdens, un neviens nezina, kad tas būs"},
        {"lt", "Nuo ryto mūsų gatvėje nėra vandens, kada jis bus?"},
        {"sw", "Hakuna maji katika mtaa wetu tangu leo asubuhi"},
        {"ca", "No hi ha aigua al nostre carrer des d'aquest matí, per què?"},
        {"sq", "Nuk ka ujë në rrugën tonë që nga mëngjesi"},
        {"az", "Səhərdən küçəmizdə su yoxdur, nə vaxt olacaq?"},
        {"af", "Daar is vandag geen water in ons straat nie en niemand weet hoekom nie"},
        {"cy", "Does dim dŵr yn ein stryd ni ers y bore ac nid oes neb yn gwybod pam"},
        {"ga", "Níl aon uisce ar an tsráid seo ó mhaidin agus níl a fhios ag aon duine cén fáth"},
        {"eu", "Gaur goizetik ez dago urik gure kalean eta inork ez daki noiz izango den"},
        {"gl", "Non hai auga na nosa rúa dende esta mañá e ninguén di cando vai haber"},
        {"is", "Það er ekkert vatn í götunni okkar og enginn veit hvað er að"},
        {"mt", "M'hemmx ilma fit-triq tagħna u ħadd ma jaf meta se jkun hemm"},
        {"eo", "En nia strato ne estas akvo kaj neniu scias kial ĝi mankas"},
        {"ht", "Pa gen dlo nan lari nou an epi pèsonn pa konnen ki lè li pral genyen"},
        {"ha", "Babu ruwa a cikin wannan wurin kuma ba wanda ya san yaushe"},
        {"yo", "Kò sí omi ní inú ìlú yìí láti àárọ̀ gbogbo ènìyàn sì ti wà ní ibẹ̀"},
        {"ig", "Enweghị mmiri n'ebe a taa, onye ọ bụla na ndị niile nọ ebe a"},
        {"zu", "Akukho manzi namhlanje futhi wonke umuntu uyabuza ukuthi kuphi"},
        {"so", "Ma jiraan biyo maanta waxaana dadka oo dhan ay leeyihiin maxay"},
        {"rw", "Nta mazi ari muri uyu muhanda kandi abantu bose barabaza impamvu"},
        {"mg", "Tsy misy rano eto amin'ny lalana ary tsy fantatry ny olona ny antony"},
        {"jv", "Ora ana banyu ing kene wiwit isuk lan wong kabeh padha takon kapan"},
        {"ceb", "Walay tubig dinhi karon ug ang tanan nga tawo wala makahibalo kon ngano"},
        {"uz",
         "Bizning mahallada bugun suv yoq va hech kim qachon boladi deb aytmaydi, lekin kerak"},
        {"ku", "Îro li kolana me av tune ye û kes nizane çi dibe"},
    };

    (void)state;
    CHECK(list);
}

static void other_scripts(void **state)
{
    static const struct expected list[] = {
        {"ru", "С утра на нашей улице нет воды"},
        {"uk", "Зранку на нашій вулиці немає води"},
        {"be", "З раніцы на нашай вуліцы няма вады, калі гэта будзе ўжо"},
        {"bg", "От сутринта няма вода на нашата улица, кога ще има"},
        {"sr", "Од јутра нема воде у нашој улици, када ће бити"},
        {"mk", "Од утрово нема вода на нашата улица, кога ќе има"},
        {"kk", "Таңертеңнен бері біздің көшеде су жоқ"},
        {"ky", "Бүгүн биздин көчөдө суу жок жана эч ким билбейт"},
        {"tg", "Аз субҳ дар кӯчаи мо об нест ва ҳеҷ кас намедонад"},
        {"tt", "Бүген безнең урамда су юк һәм беркем дә белми"},
        {"mn", "Өглөөнөөс хойш манай гудамжинд ус байхгүй байна"},
        {"ar", "لا يوجد ماء في شارعنا منذ الصباح"},
        {"fa", "از صبح در کوچه ما آب نیست و چرا"},
        {"ur", "صبح سے ہماری گلی میں پانی نہیں ہے"},
        {"he", "אין מים ברחוב שלנו מהבוקר"},
        {"yi", "אין אונדזער גאַס איז ניטאָ קיין וואַסער און מיר ווייסן ניט"},
        {"hi", "सुबह से हमारी गली में पानी नहीं है"},
        {"mr", "सकाळपासून आमच्या गल्लीत पाणी नाही आणि कधी येणार"},
        {"ne", "बिहानदेखि हाम्रो गल्लीमा पानी छैन"},
        {"bn", "সকাল থেকে আমাদের রাস্তায় পানি নেই"},
        {"as", "ৰাতিপুৱাৰ পৰা আমাৰ ৰাস্তাত পানী নাই"},
        {"th", "น้ำไม่ไหลตั้งแต่เช้า"},
        {"lo", "ບໍ່ມີນ້ຳແຕ່ເຊົ້າ"},
        {"km", "គ្មានទឹកតាំងពីព្រឹក"},
        {"my", "မနက်ကတည်းက ရေမလာဘူး"},
        {"zh", "从早上开始停水"},
        {"ja", "朝から水が出ません"},
        {"ko", "아침부터 물이 안 나와요"},
        {"el", "Δεν έχουμε νερό από το πρωί"},
        {"ta", "காலை முதல் தண்ணீர் இல்லை"},
        {"te", "ఉదయం నుండి నీళ్లు లేవు"},
        {"kn", "ಬೆಳಿಗ್ಗೆಯಿಂದ ನೀರು ಇಲ್ಲ"},
        {"ml", "രാവിലെ മുതൽ വെള്ളമില്ല"},
        {"gu", "સવારથી પાણી નથી"},
        {"pa", "ਸਵੇਰ ਤੋਂ ਪਾਣੀ ਨਹੀਂ ਹੈ"},
        {"or", "ସକାଳୁ ପାଣି ନାହିଁ"},
        {"si", "උදේ ඉඳන් වතුර නැහැ"},
        {"ka", "დილიდან წყალი არ არის"},
        {"hy", "Առավոտից ջուր չկա"},
        {"am", "ከጠዋት ጀምሮ ውሃ የለም"},
        {"bo", "ཞོགས་པ་ནས་ཆུ་མི་འདུག"},
        {"ckb", "لە بەیانییەوە ئاو نییە لە کۆڵانەکەمان و کەس نازانێت بۆ"},
        {"ps", "نن په کوڅه کې اوبه نشته او هیڅوک نه پوهېږي چې ولې"},
        {"chr", "ᎠᎹ ᎥᏝ ᎪᎱᏍᏗ"},
        {"iu", "ᐃᒪᖅ ᐱᑕᖃᙱᑦᑐᖅ"},
        {"dv", "ހެނދުނުން ފެށިގެން ފެނެއް ނެތް"},
    };

    (void)state;
    CHECK(list);
}

static void nobody_knows(void **state)
{
    static const struct expected list[] = {
        {"und", ""},
        {"und", "2026 12/3 5h30 q12 0,5"},
        {"und", "😀😀 👍🏽 !!! ..."},
        {"und", "Tom Becker"},
        {"und", "zzxq wvkk"},
        {"und", "[TÀI KHOẢN] [TÀI KHOẢN] [TÀI KHOẢN]"},
        {"und", "la"},
        {"und", "[SĐT] [CCCD]"},
        {"und", "https://the.example/is/not/what/you/have"},
        {"und", "@the_people_of_this"},
        {"und", "\xff\xfe\x80\xc3"},
    };

    (void)state;
    CHECK(list);
}

static void mixed(void **state)
{
    static const struct expected list[] = {
        {"vi", "Quán 东京 ở đầu hẻm bật nhạc to quá, cả xóm không ngủ được"},
        {"vi", "deadline dí mà mất điện, sếp ơi cứu em với"},
        {"zh", "我们这里 no water 已经三天没有水了请尽快修理"},
        {"ja", "東京都水道局"
               "から連絡がありました"},
        {"ru", "В доме wifi не работает и воды нет"},
    };

    (void)state;
    CHECK(list);
}

/* What stands behind the bytes that are read changes nothing; one foreign word lowers trust. */
static void reads_a_beginning(void **state)
{
    char text[LANGUAGE_READS * 3];
    struct language_guess a, b;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "nuoc ngap "[i % 10];
    a = language_of(model, (struct str){text, LANGUAGE_READS});
    memset(text + LANGUAGE_READS, 'w', sizeof text - LANGUAGE_READS);
    b = language_of(model, (struct str){text, sizeof text});
    assert_true(str_eq(a.tag, STR("vi")) && str_eq(b.tag, STR("vi")));
    assert_true(a.confidence == b.confidence);
    a = language_of(model, STR("mực nước đường dưới chợ vượt ngưỡng của ngày"));
    b = language_of(model, STR("mực nước đường dưới chợ vượt ngưỡng của ngày nobody reads this"));
    assert_true(str_eq(b.tag, STR("vi")) && a.confidence == b.confidence);
    a = language_of(model, STR("nước ngập quá"));
    b = language_of(model, STR("nước ngập quá беда"));
    assert_true(b.confidence < a.confidence);
}

static void assert_refused(const char *languages, const char *syllables, struct str words,
                           const char *part)
{
    const struct language_model *out = NULL;
    struct err err;

    assert_int_equal(
        language_read(str_of(languages), str_of(syllables), words, &process, &out, &err), RC_BAD);
    assert_null(out);
    if (!strstr(err.text, part))
        fail_msg("\"%s\" does not say \"%s\"", err.text, part);
}

static void bad_tables(void **state)
{
    static const char head[] = "tag\tscript\tletters\twords\tendings\tprior\n";
    static const char rates[] = "word\tvi\ten\nba\t1\t2\n";
    const struct language_model *out = NULL;
    const struct str none = {NULL, 0};
    struct err err;
    char text[200];

    (void)state;
    assert_refused("tag\tscript\n", rates, none, "languages");
    assert_refused(head, "word\tvi\nba\t1\n", none, "syllables");
    assert_refused(head, "word\tvi\ten\nba\t1\tx\n", none, "line 2");
    assert_refused(head, "word\tvi\ten\nba\t-1\t1\n", none, "line 2");
    assert_refused(head, "word\tvi\ten\nba\t1\t1000001\n", none, "line 2");
    snprintf(text, sizeof text, "%s%s", head, "xx\tlatvian\t-\ta\t-\t-\n");
    assert_refused(text, rates, none, "line 2: a script");
    snprintf(text, sizeof text, "%s%s", head,
             "xx\tlatin\t-\ta\t-\t-\nyy\tarabic\tی\t-\t-\t-\nzz\tlatin\t-\tb\t-\t-\n");
    assert_refused(text, rates, none, "line 4");
    snprintf(text, sizeof text, "%s%s", head, "th\tthai\t-\t-\t-\t-\nxx\tthai\t-\t-\t-\t-\n");
    assert_refused(text, rates, none, "line 3");
    snprintf(text, sizeof text, "%s%s", head, "xx\tlatin\t-\ta\t-\t4\n");
    assert_refused(text, rates, none, "line 2");
    snprintf(text, sizeof text, "%s%s", head, "xx\tlatin\t-\ta\t-\t-\n");
    assert_refused(text, rates, (struct str){"xx\0\0\2\0\0\0abcd", 12}, "damaged");
    assert_refused(text, rates, (struct str){"xx\0\0\1\0\0", 7}, "damaged");
    assert_refused(text, rates, (struct str){"yy\0\0\1\0\0\0abcd", 12}, "damaged");
    assert_refused(text, rates, (struct str){"xx\0\0\1\0\0\0`bcd", 12}, "damaged");
    assert_int_equal(language_read(str_of(text), str_of(rates),
                                   (struct str){"xx\0\0\1\0\0\0abca", 12}, &process, &out, &err),
                     RC_OK);
    assert_int_equal(language_read(str_of(head), str_of(rates), none, &process, &out, &err), RC_OK);
    assert_true(str_eq(language_of(out, STR("ba ba ba")).tag, STR("und")));
    assert_true(str_eq(language_of(out, STR("น้ำไม่ไหล")).tag, STR("und")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese), cmocka_unit_test(english),
        cmocka_unit_test(latin),      cmocka_unit_test(other_scripts),
        cmocka_unit_test(mixed),      cmocka_unit_test(nobody_knows),
        cmocka_unit_test(bad_tables), cmocka_unit_test(reads_a_beginning),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
