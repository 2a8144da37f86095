import pytest

from papers.duplicates import bare_arxiv_id, nearly, same_paper
from tests import make


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Attention Is All You Need", "Attention is all you need."),
        ("Deep Residual Learning for Image Recognition", "Deep Residual Leaming for Image Recognition"),
        ("Pre-training of Deep Transformers", "Pretraining of deep transformers"),
        ("GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields", "Giraffe – Representing scenes as compositional generative neural feature ﬁelds"),
        ("트랜스포머를 이용한 한국어 요약", "트랜스포머를  이용한 한국어 요약"),
    ],
)  # fmt: skip
def test_the_same_title_with_slips_of_the_pen(one, other):
    assert nearly(one, other) and nearly(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Grad-CAM", "Grad-CAM++"),
        ("Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", "Grad-CAM++: Visual Explanations from Deep Networks via Gradient-based Localization"),
        ("YOLOv3: An Incremental Improvement of Everything", "YOLOv4: An Incremental Improvement of Everything"),
        ("Notes on Learning, Part I: The Beginning of a Theory", "Notes on Learning, Part II: The Beginning of a Theory"),
        ("Supervised Learning of Visual Representations", "Unsupervised Learning of Visual Representations by Play"),
        ("Learning with Labels in Large Neural Networks", "Learning without Labels in Large Neural Networks"),
        ("Attention Is All You Need", "Attention Is Not All You Need"),
        ("", "Attention"),
    ],
)  # fmt: skip
def test_another_paper_with_a_similar_title(one, other):
    assert not nearly(one, other) and not nearly(other, one)


def test_versions_of_a_preprint_are_one_number():
    assert [bare_arxiv_id(i) for i in ("2011.12100v2", "arXiv:2011.12100", "cs.LG/0101001v12", "")] == [
        "2011.12100", "2011.12100", "cs.LG/0101001", "",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_paper_is_known_by_doi_number_or_title_within_its_group(study):
    group = study["group"]
    here = make.paper(group, "Big Transfer (BiT)", doi="10.1007/978-3-030-58558-7_29", arxiv_id="1912.11370")
    make.paper(study["mallory"].group, "Grad-CAM", doi="10.1109/ICCV.2017.74")
    assert same_paper(make.paper(group, "X", doi="10.1007/978-3-030-58558-7_29")) == here
    assert same_paper(make.paper(group, "Y", doi="10.1007/978-3-030-58558-7_29".upper())) == here
    assert same_paper(make.paper(group, "Z", arxiv_id="1912.11370v3")) == here
    assert same_paper(make.paper(group, "Big transfer: BiT")) == here
    assert same_paper(make.paper(group, "Grad-CAM", doi="10.1109/ICCV.2017.74")) is None
    assert same_paper(make.paper(group, "")) is None


@pytest.mark.django_db
def test_a_paper_in_the_trash_is_no_paper_here(study):
    make.paper(study["group"], "Big Transfer (BiT)", deleted_at="2026-01-01T00:00Z")
    assert same_paper(make.paper(study["group"], "Big Transfer (BiT)")) is None


@pytest.mark.django_db
def test_two_preprints_with_two_numbers_are_two_papers(study):
    make.paper(study["group"], "A Survey of Large Models", arxiv_id="2101.00001")
    assert same_paper(make.paper(study["group"], "A Survey of Large Models", arxiv_id="2102.00002")) is None
