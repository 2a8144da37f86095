"""Titles that were made to be hard to compare cost no more than others, and slips of the pen are still found."""

import random

import pytest

from papers import duplicates
from papers.duplicates import LONGEST, nearly

LETTERS = ("ab", "abcd", "abcdefghij")


def shuffled(letters: str, seed: int) -> str:
    signs = list(letters * (490 // len(letters)))
    random.Random(seed).shuffle(signs)
    return "".join(signs)


class Letter(str):
    """A letter that counts how often it is compared."""

    compared = 0

    def __eq__(self, other):
        Letter.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("length", [LONGEST, 490])
def test_titles_of_the_same_letters_are_given_up_after_few_comparisons(letters, length):
    """All pairs of letters are 14,400 and 240,100."""
    Letter.compared = 0
    one, other = ([Letter(sign) for sign in shuffled(letters, seed)[:length]] for seed in (1, 2))
    assert not duplicates._differ_by(one, other, length // 7)
    assert Letter.compared < 2_000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Deep Residual Learning for Image Recognition", "Deep Residual Lerning for Image Recogntion", True),
        ("Deep Residual Learning for Image Recognition", "deep residual learning: for image recognition.", True),
        ("Attention Is All You Need", "Attention Is Not All You Need", False),
        ("Grad-CAM", "Grad-CAM++", False),
        ("GPT-3 and What It Knows", "GPT-4 and What It Knows", False),
        ("한국어 언어 모델의 사전 학습 방법에 관한 연구", "한국어 언어 모델의 사전 학습 방법에 관한 연구", True),
        ("Generative Adversarial Networks", "Generative Adverserial Networks", True),
        ("A Survey of Deep Learning " * 15 + "One", "A Survey of Deep Learning " * 15 + "Two", False),
    ],
)
def test_slips_are_found_and_other_papers_are_not(one, other, same):
    assert nearly(one, other) is nearly(other, one) is same
