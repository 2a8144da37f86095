"""Words that tell one part of a front page from another."""

import re

# An abstract's heading, alone on its line or with the text right behind it.
ABSTRACT = re.compile(
    r"^\W{0,3}(?:A\s?B\s?S\s?T\s?R\s?A\s?C\s?T|abstract|executive summary|summary|synopsis|"
    r"(?:(?:국\s*문|한\s*글|논\s*문|영\s*문)\s*)?(?:요\s*약\s*문?|초\s*록)|摘\s*要|提\s*要|要\s*旨|概\s*要|抄\s*録|あらまし|"
    r"r[ée]sum[ée]|zusammenfassung|resumen|resumo|riassunto)(?![a-z가-힣])",
    re.I,
)
# What closes an abstract.
AFTER_ABSTRACT = re.compile(
    r"^\W{0,3}(?:key\s?-?words?\b|key words and phrases|index terms|general terms|categories and subject|ccs concepts?|"
    r"subject (?:terms|classification|headings|areas?)|(?:\d{4} )?(?:mathematics )?(?:ams )?(?:subject )?classification|"
    r"acm (?:reference|classification|subject)|msc\b(?!\s*,)|jel\b|pacs\b|additional key|"
    r"author keywords|acm ccs|the authors? (?:is|are) with\b|"
    r"주\s*제\s*어|핵\s*심\s*어|키\s*워\s*드|색\s*인\s*어|중심어|주요어|关键词|关\s*键\s*词|關鍵詞|キーワード|中图分类|文献标[识志]码|"
    r"mots[- ]cl|palabras clave|palavras|schlagw|"
    r"permission to make|copyright|©|\(c\) \d{4}|table of contents|contents$|received\b|manuscript received|"
    r"이 논문은|본 연구는 .{0,40}지원)",
    re.I,
)
INTRODUCTION = re.compile(
    r"^\W{0,2}(?:(?:chapter|section)?\s*(?:[1IⅠ１]|一|第一章|제\s*1\s*장)?\s*[.:：、)\]-]*\s*"
    r"(?:introduction|i\s?n\s?t\s?r\s?o\s?d\s?u\s?c\s?t\s?i\s?o\s?n|서\s*론|머\s*리\s*말|들어가며|引\s*言|绪\s*论|緒\s*論|前\s*言|"
    r"序\s*論|序\s*言|はじめに|まえがき|einleitung|introducci[óo]n|introdu[çc][ãa]o|background|motivation|overview|"
    r"general introduction|prologue)\b\W*$)|^\W{0,2}introduction(?: and\b.{0,40}$|\s*[.:—–])",
    re.I,
)
# A numbered heading that opens the body: "1. Motivation", "I. THE PROBLEM", "Ⅰ. 서론"
FIRST_SECTION = re.compile(r"^(?:§\s*)?(?:1|I|Ⅰ|１)(?:\.0)?[.:)]?\s{1,4}\S|^(?:Ⅰ|１)[.\s]*\S")

# Small print that stands below or beside an abstract
SMALL_PRINT = re.compile(
    r"^\W{0,3}(?:permission to make|this work is licensed|licensed under|copyright|©|\(c\) (?:19|20)\d\d|all rights reserved|"
    r"e-?mail address|corresponding author|equal contribution|work done|work performed|proceedings of the|arxiv:|"
    r"to appear in|supported (?:in part )?by|this (?:work|research|project) (?:was|is) (?:partially |partly )?(?:supported|funded)|"
    r"doi\b|https?://doi|issn|isbn|received\b|accepted\b|article history|manuscript)|all rights reserved",
    re.I,
)

# What a figure or table says below or above itself
CAPTION = re.compile(r"^(?:fig(?:ure|\.)|table|algorithm|listing|그림|표|图|表|図)\s*\d+\s*[.:：]?", re.I)

# Institutions, places of work and addresses: no part of a name. Countries and states only where a piece ends with them:
# Israel, Virginia and Chad are names as well.
AFFILIATION = re.compile(
    r"\b(?i:univ(?:ersity|ersit\w+|ersidad\w*|\.)?|institut\w*|inst\.|dep(?:artment|artamento|t)\b\.?|d[ée]partement|school|"
    r"facult\w+|college|academy|laborato\w*|labs?\b|cent(?:er|re|ro)\b|research|division|group\b|team\b|"
    r"inc\b\.?|corp(?:oration)?\b\.?|ltd\b\.?|llc\b|gmbh\b|company|co\., |s\.a\.|"
    r"science and|sciences?\b|engineering|technolog\w+|informatics|computing|hospital|ministry|"
    r"foundation|national|state key|polytechnic\w*|politecnico|[ée]cole|hochschule|universit[äa]t|"
    r"google|microsoft|facebook|deepmind|openai|nvidia|amazon|alibaba|tencent|baidu|huawei|adobe|"
    r"bytedance|meta ai|samsung|yahoo|linkedin|salesforce|"
    r"street|avenue|blvd|p\.?\s?o\.? box|building|campus|"
    r"jiao\s?tong|georgia tech|caltech|carnegie|mellon|max planck|bell labs?|tsinghua|peking univ|"
    r"new york|san francisco|san diego|san jose|los angeles|palo alto|mountain view|menlo park|ann arbor|santa barbara|"
    r"santa cruz|los alamos|new jersey|hong kong|tel aviv|johns hopkins|technion|weizmann|sorbonne|t[ée]l[ée]com|"
    r"academi[ae]|consort\w+|council|agency|museum|observator\w+|hewlett|packard|pharma\w*|industries|associates|studios?|"
    r"imperial|royal|federal|robotics|solutions|consulting|capital|bank)\b"
    r"|\b(?:IBM|MIT|M\.I\.T\.|CMU|ETH|EPFL|CNRS|INRIA|Inria|KAIST|POSTECH|UNIST|GIST|CSAIL|UCLA|UCSD|NYU|NASA|AT&T|TU|UC|"
    r"NAVER|Kakao|Intel|Apple|Uber|Twitter|Xerox|Sony|Toyota|Disney|RIKEN|NTT|NEC|USC|UIUC|USTC|UT|UNC|UMass|ENS|AI|Tech|SUNY|CUNY|State|Penn State)\b"
    r"|(?i:(?:^|[,;(])\s*(?:(?:the )?(?:usa?|u\.\s?s\.\s?a?\.?|united states(?: of america)?|united kingdom|u\.?k\.?|england|scotland|"
    r"germany|france|italy|spain|(?:the )?netherlands|switzerland|austria|belgium|denmark|sweden|norway|finland|poland|"
    r"portugal|greece|ireland|israel|india|(?:p\.?\s?r\.? )?china|japan|(?:south |republic of )?korea|taiwan|singapore|australia|"
    r"canada|brazil|mexico|russia|turkey|iran|egypt|saudi arabia|uae|vietnam|thailand|malaysia|indonesia|pakistan|chile|argentina|"
    r"hungary|romania|bulgaria|ukraine|croatia|slovenia|serbia|czech republic|luxembourg|new zealand|south africa|"
    r"california|massachusetts|texas|illinois|pennsylvania|virginia|michigan|maryland|connecticut|washington|oregon|ohio|"
    r"paris|oxford|cambridge|edinburgh|berlin|m[üu]nchen|munich|z[üu]rich|lausanne|wien|vienna|amsterdam|delft|eindhoven|"
    r"stockholm|copenhagen|helsinki|oslo|prague|warsaw|budapest|barcelona|madrid|lisbon|rome|milano?|moscow|"
    r"tokyo|kyoto|osaka|seoul|daejeon|pohang|beijing|shanghai|hangzhou|nanjing|shenzhen|taipei|hsinchu|bangalore|mumbai|"
    r"sydney|melbourne|toronto|montr[ée]al|vancouver|waterloo|boston|chicago|seattle|pittsburgh|philadelphia|atlanta|"
    r"stanford|princeton|harvard|purdue|rutgers|berkeley|"
    r"[a-z]{2} \d{5})\s*(?:$|[.,;:)\d])))",
)
AFFILIATION_CJK = re.compile(
    r"대학교|대학원|대학$|연구소|연구원|연구실|학과|학부|공학|과학|주식회사|\(주\)|전자|센터|병원|교수|"
    r"大学|大學|学院|學院|研究所|研究院|研究室|实验室|實驗室|公司|中心|系$|学部|会社|センター"
)
EMAIL = re.compile(r"\S+@\S+|@|\{[^}]*\}\s*$|e-?mail|https?:|www\.", re.I)
PARTICLES = {
    *"van von der den de del della di da dos das do du la le lo el al bin ibn ben ter ten te zu zur af av of y e und".split(),
    *"van't 't d' vander vanden st. st san santa mac".split(),
}
DEGREES = re.compile(
    r"(?:,?\s*\b(?:ph\.?\s?d\.?|m\.?d\.?|m\.?sc\.?|b\.?sc\.?|m\.?s\.|b\.?s\.|m\.?a\.|dr\.-ing\.|esq\.?|frs|ieee|acm))+\s*$",
    re.I,
)
MEMBERSHIP = re.compile(
    r"(?:,\s*|\b)(?:(?:life|senior|student|graduate student|associate|founding)\s+)*(?:member|fellow)s?\b,?\s*(?:of the )?"
    r"(?:ieee|acm|osa|spie)?\b|,\s*(?:IEEE|ACM|OSA|SPIE)\b(?! trans)"
    r"|,\s*(?:(?:life|senior|student|graduate|associate)\s*)+$",  # the line ends before "Member"
    re.I,
)
HONOURS = re.compile(
    r"^\W*(?:(?:by|written by|presented by|authors?|dr\.?|prof\.?|professor|mr\.|ms\.|mrs\.)(?=[\s:：])|"
    r"(?:저\s*자|글쓴이|지은이|작성자|제출자|연구자|발표자|作\s*者|著\s*者)\s*(?=[\s:：]))[\s:：]*",
    re.I,
)
# Words of titles, notes and dates: no part of a name.
NOT_NAMES = re.compile(
    r"\b(?i:equal(?:ly)?|contribut\w+|correspond\w+|abstract|introduction|keywords?|paper|report|thesis|dissertation|version|"
    r"draft|preprint|submitted|accepted|received|revised|published|presented|prepared|copyright|proceedings|conference|"
    r"workshop|symposium|journal|transactions|volume|chapter|section|table|figure|invited|extended|technical|memo|"
    r"lectures?|notes?|handout|homework|slides|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"systems?|networks?|learning|models?|data|analysis|methods?|theory|algorithms?|approach(?:es)?|applications?|framework|"
    r"mathematics|mathematical|physics|statistics|economics|chemistry|biology|psychology|linguistics|philosophy|medicine|"
    r"electronics?|electrical|mechanical|business|management|education|"
    r"distributed|parallel|neural|machine|artificial|intelligence|computers?|software|programming|language|languages|"
    r"advis[eo]r|supervis\w+|committee|editor|edited|reviewer|students?|fellow|authors?|"
    r"project|program|office|international|library|open access|special issue|article|original|"
    r"collaboration|supplementary|appendix|tutorial|survey|review|overview|summary|contents|acknowledg\w+|"
    r"toward|towards|using|via|with|from)\b"
    r"|\b(?:the|for|on|in|an|is|are|we|our|this|that|how|why|what|when|to|of|by|as|at|or|not|be|can|into|under|over)\b"
    r"|\b(?:THE|FOR|WITH|FROM|USING|OF|ON|IN|TO|BY|The|For|Of|How|Why|What|When|This|Our|We)\b"
    r"|지도\s*교수|심사|논문|석사|박사|학위|발표|학술|대회|요약|초록|서론|目次",
)

# A line that is a date
DATED = re.compile(
    r"^\W*(?:\d{1,2}\.?\s+)?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}\W*$"
    r"|^\W*(?:spring|summer|fall|autumn|winter)\W+\d{4}\W*$|^\W*\d{4}\s*[년年./-].{0,12}$",
    re.I,
)

# What stands behind names and is none
ORCID = re.compile(r"[(\[]?\b\d{4}[-‐–−]\d{4}[-‐–−]\d{4}[-‐–−]\d{3}[\dXx]\b[)\]]?")
ON_BEHALF = re.compile(
    r",?\s*\b(?:on behalf of\b.*|(?:for|and)\s+the\s.*\b(?:collaboration|group|consortium|team|network|investigators)\b)",
    re.I,
)
