"""The first group, as it met in spring 2022, moved to dates around today: what a new visitor looks around in.

김민규, 김지욱 and 이하윤 read three papers for the second session; two are shared already, one is still to come.
"""

from datetime import date, datetime, time, timedelta
from io import BytesIO

from django.db import transaction

from members.models import Group, Member, Membership
from members.time_zones import zone_of
from papers import library, processing
from papers.demo_pdf import DemoPaper, write_pdf
from schedule.models import Session, Term
from schedule.planning import term_plan, turns
from schedule.transfer import group_deletion

SLUG = "cv-reading"
TUESDAY = 1
PEOPLE = (("김민규", "mingyu"), ("김지욱", "jiwook"), ("이하윤", "hayun"))
EMAIL_DOMAIN = "demo.invalid"


def is_filled() -> bool:
    return Group.objects.filter(slug=SLUG).exists()


def empty() -> None:
    """Take the demo group and its people away, with everything that is theirs."""
    for group in Group.objects.filter(slug=SLUG):
        group_deletion.delete_group(group)
    Member.objects.filter(email__endswith=f"@{EMAIL_DOMAIN}").delete()


def fill(now: datetime) -> Group:
    """Make the demo group as of `now`; the papers are added and read like any upload."""
    with transaction.atomic():
        group = Group.objects.create(
            name="CV Reading Study 1", club="CUAI", slug=SLUG, language="ko", timezone="Asia/Seoul"
        )
        mingyu, jiwook, hayun = (_join(group, *person, order) for order, person in enumerate(PEOPLE, 1))
    giraffe, bit, grad_cam = (
        _shelve(group, by, front, name) for by, (name, front) in zip((jiwook, mingyu, hayun), FRONTS, strict=True)
    )
    with transaction.atomic():
        term = _plan(group, by=mingyu, now=now)
        kick_off, second = term.sessions.order_by("number")[:2]
        kick_off.presentations.all().delete()
        Session.objects.filter(pk=kick_off.pk).update(
            state=Session.HELD, notes="첫 모임. 요일과 장소, 발표 규칙을 함께 정했다."
        )
        for presenter, paper in ((jiwook, giraffe), (mingyu, bit)):
            turns.share(second.presentations.get(presenter=presenter), paper, by=presenter, now=now - timedelta(days=1))
        library.wish(grad_cam, by=hayun, note="모델이 어디를 보고 판단하는지 궁금해요.")
    return group


def second_session_day(today: date) -> date:
    """The first Tuesday at least a week ahead, so that the day to share papers is today or still to come."""
    week_ahead = today + timedelta(days=7)
    return week_ahead + timedelta(days=(TUESDAY - week_ahead.weekday()) % 7)


def _join(group, name, mailbox, order):
    member = Member.objects.create_user(f"{mailbox}@{EMAIL_DOMAIN}", name=name, language="ko", timezone="Asia/Seoul")
    role = Membership.ORGANIZER if order == 1 else Membership.MEMBER
    return Membership.objects.create(group=group, member=member, role=role, colour=order)


def _shelve(group, by, front, name):
    paper = library.add_paper(BytesIO(write_pdf(front)), group=group, by=by, name=name).paper
    processing.read(paper)
    paper.lookups.all().delete()  # a look around asks no catalogue
    paper.refresh_from_db()
    return paper


def _plan(group, *, by, now):
    first_day = second_session_day(now.astimezone(zone_of(group)).date()) - timedelta(days=14)
    season = "봄 학기" if first_day.month in range(2, 8) else "가을 학기"
    term = Term(
        group=group, name=f"{first_day.year} {season}", first_day=first_day, time=time(10), timezone="Asia/Seoul",
        every_weeks=2, count=6, presenters=None, place="상도역 근처 카페", share_days=7, created_by=by,
    )  # fmt: skip
    term_plan.plan_term(term, by=by, now=now)
    term_plan.publish(term, by=by, now=now, quietly=True)
    return term


def _front(title, authors, arxiv, stamp, abstract):
    return DemoPaper(
        title,
        tuple(authors.split(", ")),
        abstract,
        f"arXiv:{arxiv} {stamp}",
        f"This sheet was set from the paper's public record, so that a new group has something to look at. "
        f"The paper itself is at arxiv.org/abs/{arxiv.partition('v')[0]}: download it there and add it as a new version.",
    )


# titles, authors and abstracts: arXiv metadata, CC0 1.0
FRONTS = (
    (
        "giraffe.pdf",
        _front(
            "GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields",
            "Michael Niemeyer, Andreas Geiger",
            "2011.12100v2",
            "[cs.CV] 29 Apr 2021",
            "Deep generative models allow for photorealistic image synthesis at high resolutions. But for many "
            "applications, this is not enough: content creation also needs to be controllable. While several recent works "
            "investigate how to disentangle underlying factors of variation in the data, most of them operate in 2D and "
            "hence ignore that our world is three-dimensional. Further, only few works consider the compositional nature "
            "of scenes. Our key hypothesis is that incorporating a compositional 3D scene representation into the "
            "generative model leads to more controllable image synthesis. Representing scenes as compositional generative "
            "neural feature fields allows us to disentangle one or multiple objects from the background as well as "
            "individual objects' shapes and appearances while learning from unstructured and unposed image collections "
            "without any additional supervision. Combining this scene representation with a neural rendering pipeline "
            "yields a fast and realistic image synthesis model. As evidenced by our experiments, our model is able to "
            "disentangle individual objects and allows for translating and rotating them in the scene as well as changing "
            "the camera pose.",
        ),
    ),
    (
        "big-transfer.pdf",
        _front(
            "Big Transfer (BiT): General Visual Representation Learning",
            "Alexander Kolesnikov, Lucas Beyer, Xiaohua Zhai, Joan Puigcerver, Jessica Yung, Sylvain Gelly, Neil Houlsby",
            "1912.11370v3",
            "[cs.CV] 5 May 2020",
            "Transfer of pre-trained representations improves sample efficiency and simplifies hyperparameter tuning when "
            "training deep neural networks for vision. We revisit the paradigm of pre-training on large supervised "
            "datasets and fine-tuning the model on a target task. We scale up pre-training, and propose a simple recipe "
            "that we call Big Transfer (BiT). By combining a few carefully selected components, and transferring using a "
            "simple heuristic, we achieve strong performance on over 20 datasets. BiT performs well across a surprisingly "
            "wide range of data regimes - from 1 example per class to 1M total examples. BiT achieves 87.5% top-1 accuracy "
            "on ILSVRC-2012, 99.4% on CIFAR-10, and 76.3% on the 19 task Visual Task Adaptation Benchmark (VTAB). On small "
            "datasets, BiT attains 76.8% on ILSVRC-2012 with 10 examples per class, and 97.0% on CIFAR-10 with 10 examples "
            "per class. We conduct detailed analysis of the main components that lead to high transfer performance.",
        ),
    ),
    (
        "grad-cam.pdf",
        _front(
            "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
            "Ramprasaath R. Selvaraju, Michael Cogswell, Abhishek Das, Ramakrishna Vedantam, Devi Parikh, Dhruv Batra",
            "1610.02391v4",
            "[cs.CV] 3 Dec 2019",
            "We propose a technique for producing 'visual explanations' for decisions from a large class of CNN-based "
            "models, making them more transparent. Our approach - Gradient-weighted Class Activation Mapping (Grad-CAM), "
            "uses the gradients of any target concept, flowing into the final convolutional layer to produce a coarse "
            "localization map highlighting important regions in the image for predicting the concept. Grad-CAM is "
            "applicable to a wide variety of CNN model-families: (1) CNNs with fully-connected layers, (2) CNNs used for "
            "structured outputs, (3) CNNs used in tasks with multimodal inputs or reinforcement learning, without any "
            "architectural changes or re-training. We combine Grad-CAM with fine-grained visualizations to create a "
            "high-resolution class-discriminative visualization and apply it to off-the-shelf image classification, "
            "captioning, and visual question answering (VQA) models, including ResNet-based architectures. In the context "
            "of image classification models, our visualizations (a) lend insights into their failure modes, (b) are robust "
            "to adversarial images, (c) outperform previous methods on localization, (d) are more faithful to the "
            "underlying model and (e) help achieve generalization by identifying dataset bias. For captioning and VQA, we "
            "show that even non-attention based models can localize inputs.",
        ),
    ),
)
