from papers.search.bigrams import fold, grams, query_grams, query_words, spans


def test_a_word_is_taken_from_each_of_its_letters_on():
    assert set(grams("논문을").split()) == {"논문을", "논문", "논", "문을", "문", "을"}
    assert set(grams("CNNs").split()) == {"cnns", "cn", "c", "nns", "nn", "n", "ns", "s"}


def test_a_long_word_is_taken_eight_letters_far():
    assert [g for g in grams("representation").split() if len(g) == 8] == [
        "represen", "epresent", "presenta", "resentat", "esentati", "sentatio", "entation",
    ]  # fmt: skip


def test_letters_fold_to_one_form():
    assert fold("Ｇómez") == "gomez"
    assert fold("ﬁnding") == "finding"
    assert fold("Straße") == "strasse"
    assert fold("논문") == "논문"
    assert fold("İstanbul") == "istanbul"


def test_a_word_broken_at_the_end_of_a_line_is_one_word():
    assert "represen" in grams("repre-\nsentation").split()


def test_pieces_stop_at_the_limit():
    assert len(grams(" ".join(f"word{n}" for n in range(10_000)), limit=5_000).encode()) <= 5_000


def test_a_query_is_looked_up_by_its_length():
    assert query_words("  NeRF: 논문, NERF ") == ["nerf", "논문"]
    assert query_grams("논") == [("논", False)]
    assert query_grams("net") == [("net", True)]
    assert query_grams("represent") == [("represen", False), ("epresent", False)]


def test_spans_point_into_the_text_as_it_is_written():
    assert spans("ResNet and net", ["net"]) == [(3, 6), (11, 14)]
    assert spans("Straße", ["strasse"]) == [(0, 6)]
    assert spans("aaaa", ["aa", "aaa"]) == [(0, 4)]
    assert spans("nothing here", ["논"]) == []
