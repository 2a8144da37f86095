"""Words that tell one part of a front page from another."""

import re

# An abstract's heading, alone on its line or with the text right behind it.
ABSTRACT = re.compile(
    r"^\W{0,3}(?:A\s?B\s?S\s?T\s?R\s?A\s?C\s?T|abstract|executive summary|summary|synopsis|"
    r"국\s*문\s*초\s*록|국\s*문\s*요\s*약|논\s*문\s*요\s*약|요\s*약\s*문|요\s*약|초\s*록|摘\s*要|提\s*要|要\s*旨|概\s*要|抄\s*録|あらまし|"
    r"r[ée]sum[ée]|zusammenfassung|resumen|resumo|riassunto)(?![a-z가-힣])",
    re.I,
)
# What closes an abstract.
AFTER_ABSTRACT = re.compile(
    r"^\W{0,3}(?:key\s?-?words?\b|key words and phrases|index terms|general terms|categories and subject|ccs concepts?|"
    r"subject (?:terms|classification|headings|areas?)|(?:\d{4} )?(?:mathematics )?(?:ams )?(?:subject )?classification|"
    r"acm (?:reference|classification|subject)|msc\b|jel\b|pacs\b|additional key|"
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
    r"general introduction|prologue)\b\W*$)",
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

# Institutions, places of work and addresses: no part of a name.
AFFILIATION = re.compile(
    r"\b(?:univ(?:ersity|ersit\w+|ersidad\w*|\.)?|institut\w*|inst\.|dep(?:artment|artamento|t)\b\.?|d[ée]partement|school|"
    r"facult\w+|college|academy|laborator\w*|labs?\b|cent(?:er|re|ro)\b|research|division|group\b|team\b|"
    r"inc\b\.?|corp(?:oration)?\b\.?|ltd\b\.?|llc\b|gmbh\b|company|co\., |s\.a\.|"
    r"science and|sciences?\b|engineering|technolog\w+|informatics|computing|hospital|ministry|"
    r"foundation|national|state key|polytechnic\w*|politecnico|[ée]cole|hochschule|universit[äa]t|"
    r"google|microsoft|facebook|deepmind|openai|nvidia|ibm\b|intel\b|amazon|alibaba|tencent|baidu|huawei|adobe|apple\b|"
    r"bytedance|meta ai|naver|kakao|samsung|yahoo|twitter|linkedin|salesforce|uber\b|"
    r"cnrs|inria|mit\b|cmu\b|eth\b|epfl|kaist|postech|unist|gist|csail|ucla|nyu\b|"
    r"street|avenue|road\b|blvd|p\.?\s?o\.? box|building|campus|"
    r"usa|u\.s\.a|united states|united kingdom|germany|france|italy|spain|netherlands|switzerland|austria|belgium|denmark|"
    r"sweden|norway|finland|poland|portugal|greece|israel|india|china|japan|korea|taiwan|singapore|hong kong|australia|"
    r"canada|brazil|mexico|russia|turkey|iran|republic of)\b",
    re.I,
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
    r"(?:ieee|acm|osa|spie)?\b|,\s*(?:IEEE|ACM)\b(?! trans)",
    re.I,
)
HONOURS = re.compile(
    r"^\W*(?:(?:by|written by|presented by|authors?|dr\.?|prof\.?|professor|mr\.|ms\.|mrs\.)(?=[\s:：])|"
    r"(?:저\s*자|글쓴이|지은이|작성자|제출자|연구자|발표자|作\s*者|著\s*者)\s*(?=[\s:：]))[\s:：]*",
    re.I,
)
# Words of titles, notes, dates and places: no part of a name.
NOT_NAMES = re.compile(
    r"\b(?:equal(?:ly)?|contribut\w+|correspond\w+|abstract|introduction|keywords?|paper|report|thesis|dissertation|version|draft|"
    r"preprint|submitted|accepted|received|revised|published|presented|prepared|copyright|proceedings|conference|workshop|"
    r"symposium|journal|transactions|volume|part|chapter|section|table|figure|page|invited|extended|technical|memo|"
    r"january|february|march|april|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|"
    r"the|for|with|from|using|via|towards?|on|in|an|is|are|we|our|this|that|how|why|what|when|"
    r"systems?|networks?|learning|models?|data|analysis|methods?|theory|algorithms?|approach|applications?|framework|"
    r"distributed|parallel|neural|deep|machine|artificial|intelligence|computer|software|programming|language|languages|"
    r"advis[eo]r|supervis\w+|committee|editor|edited|reviewer|chair|student|members?|fellow|authors?|"
    r"project|program|office|international|press|library|open access|special issue|article|research|original|"
    r"supplementary|appendix|tutorial|survey|review|overview|summary|contents|acknowledg\w+|"
    r"beijing|shanghai|hangzhou|shenzhen|guangzhou|nanjing|wuhan|chengdu|tianjin|xi'an|seoul|daejeon|busan|tokyo|kyoto|osaka|"
    r"new york|san francisco|san diego|san jose|los angeles|palo alto|mountain view|menlo park|redmond|seattle|"
    r"pittsburgh|boston|chicago|austin|atlanta|london|cambridge|oxford|edinburgh|paris|grenoble|munich|berlin|"
    r"zurich|zürich|lausanne|amsterdam|barcelona|madrid|milan|rome|toronto|montreal|montréal|vancouver|waterloo|"
    r"ann arbor|santa barbara|santa cruz|los alamos|new jersey|massachusetts|california|washington|"
    r"pennsylvania|virginia|illinois|michigan|connecticut|carnegie|mellon|stanford|berkeley|princeton|harvard|cornell|"
    r"tsinghua|peking|fudan|zhejiang|jiao tong|georgia tech|caltech|max planck|bell labs?|xerox)\b|"
    r"지도\s*교수|심사|논문|석사|박사|학위|발표|학술|대회|요약|초록|서론|目次",
    re.I,
)
