"""Korean, Chinese and Japanese front pages, each with what its card must say."""

from tests.samples.sheet import CJK, Sheet
from tests.samples.words import ABSTRACT, ABSTRACT_JA, ABSTRACT_KO, ABSTRACT_ZH, BODY_KO

TITLE_KO = "독서 모임의 공정한 발표 순서 배정에 관한 연구"


def _sheet(margin=60):
    return Sheet("a4", margin=margin).use(CJK, "serif")


def korean_conference():
    s = _sheet()
    s.at(190, "2021년 한국독서공학회 학술발표논문집", 9, y=30)
    s.y = 90
    s.center(TITLE_KO, 18).down(8).center("김민규^O^, 이하윤, 남궁민수*", 11).center(
        "북부대학교 컴퓨터공학과, *남부대학교 독서학과", 9
    )
    s.center("{mgkim, hylee}@north.example, msnam@south.example", 9).down(8)
    s.center("A Study on Fair Assignment of Presentation Turns in Reading Groups", 13).down(4)
    s.center("Mingyu Kim^O^, Hayoon Lee, Minsu Namgung*", 10).center(
        "Dept. of Computer Engineering, Northern University, *Southern University", 9
    ).down(14)
    s.center("요   약", 11, gap=1.8).para(ABSTRACT_KO, 9, x=90, width=415, leading=1.5).down(16)
    top = s.y
    column = s.column(0, top)
    s.left("1. 서 론", 11, x=column["x"], gap=1.8).para(BODY_KO * 2, 9, **column, leading=1.5)
    s.para(BODY_KO * 3, 9, **s.column(1, top), leading=1.5)
    return s, {
        "title": TITLE_KO,
        "authors": ("김민규", "이하윤", "남궁민수"),
        "abstract": ABSTRACT_KO,
        "year": 2021,
        "language": "ko",
    }


def korean_journal_bilingual():
    s = _sheet()
    s.at(60, "독서학회논문지 제45권 제3호(2018. 3)", 8, y=30).at(
        330, "https://doi.org/10.5626/JOK.2018.45.3.201", 8, y=30
    )
    s.y = 90
    s.left(TITLE_KO, 18).left("(Fair Assignment of Presentation Turns in Reading Groups)", 11).down(8)
    s.row(["김 민 규 †", "이 하 윤 †", "박 서 준 ††"], 11).row(
        ["(Mingyu Kim)", "(Hayoon Lee)", "(Seojun Park)"], 9
    ).down(12)
    s.para(ABSTRACT_KO, 9, heading="요 약", leading=1.5).down(4).para(
        "공정성, 발표 순서, 독서 모임", 9, heading="키워드:"
    ).down(8)
    s.para(ABSTRACT, 9, heading="Abstract", leading=1.4).down(4).para(
        "fairness, turns, reading groups", 9, heading="Keywords:"
    ).down(16)
    s.left("1. 서 론", 12, gap=1.8).para(BODY_KO * 2, 9, leading=1.5)
    s.foot("† 비회원 : 북부대학교 컴퓨터공학과", 7, up=70).foot(
        "논문접수 : 2017년 11월 2일, 심사완료 : 2018년 1월 12일", 7, up=60
    )
    s.foot("Copyright©2018 한국독서학회", 7, up=50)
    return s, {
        "title": TITLE_KO,
        "authors": ("김민규", "이하윤", "박서준"),
        "abstract": ABSTRACT_KO,
        "year": 2018,
        "doi": "10.5626/JOK.2018.45.3.201",
        "language": "ko",
    }


def korean_thesis():
    s = _sheet(90)
    s.y = 110
    s.center("석사학위논문", 14).down(40).center("독서 모임의 공정한", 22).center(
        "발표 순서 배정에 관한 연구", 22
    ).down(180)
    s.center("지도교수 이 하 윤", 14, gap=2).center("김 민 규", 16, gap=2).center(
        "북부대학교 대학원", 14, gap=2
    ).center("컴퓨터공학과", 14, gap=2).center("2020년 2월", 14)
    s.page().center("국문초록", 16, gap=2.2).para(ABSTRACT_KO, 11, leading=1.8)
    return s, {"title": TITLE_KO, "authors": ("김민규",), "abstract": ABSTRACT_KO, "year": 2020, "language": "ko"}


def chinese_journal():
    s = _sheet()
    s.at(60, "第 45 卷 第 3 期", 9, y=30).at(250, "计算机阅读学报", 9, y=30).at(460, "2018 年 3 月", 9, y=30)
    s.y = 90
    s.center("读书小组公平报告顺序研究", 20).down(8).center("王小明^1,2^，欧阳娜娜^1^，李 雷^2^", 12)
    s.center("（1. 北方大学 计算机学院，北京 100000；2. 南方大学 阅读研究所，广州 510000）", 9).down(10)
    s.para(ABSTRACT_ZH, 9, heading="摘 要：", leading=1.5).down(2).para(
        "公平性；报告顺序；读书小组", 9, heading="关键词："
    ).down(2)
    s.left("中图分类号：TP391    文献标志码：A    文章编号：1000-0000（2018）03-0201-08", 9).down(10)
    s.center("Fair Presentation Turns in Reading Groups", 13).center(
        "WANG Xiaoming^1,2^, OUYANG Nana^1^, LI Lei^2^", 10
    ).down(8)
    s.para(ABSTRACT, 9, heading="Abstract:").down(16).left("1 引言", 12, gap=1.6).para(ABSTRACT_ZH * 3, 10, leading=1.5)
    return s, {
        "title": "读书小组公平报告顺序研究",
        "authors": ("王小明", "欧阳娜娜", "李雷"),
        "abstract": ABSTRACT_ZH,
        "year": 2018,
        "language": "zh",
    }


def japanese_conference():
    s = _sheet()
    s.at(60, "情報読書学会 第80回全国大会 2018年", 9, y=30)
    s.y = 90
    s.center("輪読会における公平な発表順の決定手法", 18).down(8).center("山田 太郎^1^  佐々木 花子^2^", 12)
    s.center("^1^北部大学 情報工学科   ^2^南部研究所", 10).down(14)
    s.para(ABSTRACT_JA, 9, x=90, width=415, heading="概要：", leading=1.5).down(14)
    s.left("1. はじめに", 12, gap=1.8).para(ABSTRACT_JA * 3, 10, leading=1.5)
    return s, {
        "title": "輪読会における公平な発表順の決定手法",
        "authors": ("山田太郎", "佐々木花子"),
        "abstract": ABSTRACT_JA,
        "year": 2018,
        "language": "ja",
    }


def english_title_first():
    """A bilingual page whose English comes first: the first language printed is the card's."""
    s = _sheet()
    s.y = 80
    s.center("Fair Assignment of Presentation Turns", 18).down(4).center("Mingyu Kim and Hayoon Lee", 11).center(
        "Northern University", 9
    ).down(8)
    s.center(TITLE_KO, 14).center("김민규, 이하윤", 11).center("북부대학교", 9).down(12)
    s.center("Abstract", 11, gap=1.6).para(ABSTRACT, 9, x=90, width=415).down(12)
    s.left("1. Introduction", 12, gap=1.6).para(BODY_KO, 10, leading=1.5)
    return s, {
        "title": "Fair Assignment of Presentation Turns",
        "authors": ("Mingyu Kim", "Hayoon Lee"),
        "abstract": ABSTRACT,
    }


LAYOUTS = (
    korean_conference,
    korean_journal_bilingual,
    korean_thesis,
    chinese_journal,
    japanese_conference,
    english_title_first,
)
