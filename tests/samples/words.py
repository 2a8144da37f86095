"""Words to fill pages with; nobody's paper."""

ABSTRACT = (
    "We study how a reading group can share its attention fairly when every member brings a different background. "
    "Our method assigns each session to one presenter and keeps the number of turns balanced over a whole term. "
    "In experiments with twelve synthetic groups the longest waiting time fell by forty percent, while preferences "
    "for particular dates were respected in almost every case. We release the implementation together with all of "
    "the measurements that are needed to repeat the comparison."
)
BODY = (
    "Groups that meet regularly have to decide who speaks next. The question looks simple, yet every rule that has been "
    "proposed favours somebody. Members who join late wait longer, and members who answer quickly receive the better dates. "
    "A schedule that is drawn at random repairs the average but not the individual case, and people remember the individual "
    "case. In this work we take the complaint seriously and ask for an arrangement that nobody would exchange for another. "
    "The remainder of the text describes the model, the measurements and the limits of both. "
)
ABSTRACT_KO = (
    "본 연구에서는 스터디 모임에서 발표 순서를 공정하게 정하는 방법을 제안한다. 제안하는 방법은 각 회차를 한 명의 발표자에게 "
    "배정하면서 학기 전체의 발표 횟수를 고르게 유지한다. 열두 개의 가상 모임을 대상으로 실험한 결과 가장 긴 대기 시간이 크게 "
    "줄었으며 대부분의 경우 구성원이 원하는 날짜가 지켜졌다."
)
BODY_KO = (
    "정기적으로 만나는 모임은 다음에 누가 발표할지를 정해야 한다. 간단해 보이는 문제이지만 지금까지 제안된 규칙은 모두 누군가에게 "
    "유리하다. 늦게 합류한 사람은 오래 기다리고 빨리 답한 사람은 좋은 날짜를 얻는다. 이 글에서는 모형과 측정 결과를 차례로 설명한다. "
)
ABSTRACT_ZH = (
    "本文研究读书小组如何公平地安排报告顺序。所提出的方法把每次活动分配给一名报告人，并在整个学期内保持报告次数的均衡。"
    "对十二个模拟小组的实验表明，最长等待时间明显缩短，绝大多数成员的日期偏好得到满足。"
)
ABSTRACT_JA = (
    "本研究では、輪読会における発表順を公平に決める方法を提案する。提案手法は各回を一人の発表者に割り当て、学期全体での発表回数を"
    "均等に保つ。十二の仮想的な会を対象とした実験により、最長の待ち時間が大きく短縮されることを示した。"
)
