"""Syllables, sentences and grades against counts made by hand."""

from __future__ import annotations

import pytest

from handouts.reading import grade, hardest, long_sentences, sentences, syllables

# Counted by ear: easy and hard words of the kind that the content uses.
COUNTED = {
    1: "scan trained used moves use year years soon their breathe breath you whole",
    2: "patient patients about every career degree college machine machines picture pictures scanned needed passes "
    "people muscle little table because science quiet being schedule careful something baby create outside union",
    3: "imaging images ultrasound medical medicine nuclear idea area hospital pregnancy physician magnetic "
    "resonance computed equipment different specialty employer iodine various video",
    4: "technologist sonographer education certificate associate radiation experience anatomy mammography tomography "
    "diagnosis usually interested reliable",
    5: "radiology radiographer radiologist examination",
}
BY_HAND = {word: count for count, words in COUNTED.items() for word in words.split()}


def test_syllables_come_within_five_percent_of_a_count_by_hand() -> None:
    assert len(BY_HAND) >= 60
    counted, by_hand = sum(map(syllables, BY_HAND)), sum(BY_HAND.values())
    assert abs(counted / by_hand - 1) <= 0.05
    assert sum(syllables(word) == count for word, count in BY_HAND.items()) >= 0.8 * len(BY_HAND)
    assert all(abs(syllables(word) - count) <= 1 for word, count in BY_HAND.items())


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("$89,340", 1),
        ("2024-34", 1),
        ("57%", 1),
        ("CT", 2),
        ("MRI", 3),
        ("RDMS", 4),
        ("U.S", 2),
        ("R.T", 2),
        ("X-ray", 2),
        ("part-time", 2),
        ("image's", 2),
        ("they’ll", 1),
        ("sonographers’", 4),
        ("a", 1),
        ("hmm", 1),
    ],
)
def test_figures_abbreviations_and_joined_words(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Skills\nA steady hand\nYou listen. You learn.", ["Skills", "A steady hand", "You listen.", "You learn."]),
        ("\n--\n1 / 2\n", ["1 / 2"]),
        ("The U.S. pays well.", ["The U.S. pays well."]),
        ("They work in the U.S. Census counts them.", ["They work in the U.S. Census counts them."]),
        ("They work in the U.S. Most like it.", ["They work in the U.S.", "Most like it."]),
        ("She is an R.T. (R) now.", ["She is an R.T. (R) now."]),
        ("Then you are an R.T. You may sign so.", ["Then you are an R.T.", "You may sign so."]),
        ("It takes 7.5 h. Pay grew 3.5%. 12 of 20 stay.", ["It takes 7.5 h.", "Pay grew 3.5%.", "12 of 20 stay."]),
        ("From 7 a.m. to 3 p.m. on weekdays.", ["From 7 a.m. to 3 p.m. on weekdays."]),
        ("You start at 7 a.m. The day is long.", ["You start at 7 a.m.", "The day is long."]),
        ("Ask Dr. Most first. He knows.", ["Ask Dr. Most first.", "He knows."]),
        ("Is it safe? No. Ask. See No. 5 there.", ["Is it safe?", "No.", "Ask.", "See No. 5 there."]),
        ("“Hold still.” Then it is over.", ["“Hold still.”", "Then it is over."]),
        ("Wait... Now breathe.", ["Wait...", "Now breathe."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "found", "spoken"),
    [
        # the cat sat on the mat
        ("The cat sat on the mat.", 6, 1, 6),
        # you take pic-tures of the heart | they help the doc-tor see it
        ("You take pictures of the heart. They help the doctor see it.", 12, 2, 14),
        # your pay | ra-di-og-ra-phers earn a mid-dle pay of $78,980 in the U-S
        ("Your pay\nRadiographers earn a middle pay of $78,980 in the U.S.", 12, 2, 18),
        # ul-tra-sound us-es no ra-di-a-tion | M-R-I us-es a strong mag-net
        ("Ultrasound uses no radiation. MRI uses a strong magnet.", 9, 2, 19),
    ],
)
def test_grades_worked_out_by_hand(text: str, words: int, found: int, spoken: int) -> None:
    assert grade(text) == pytest.approx(0.39 * words / found + 11.8 * spoken / words - 15.59)


def test_a_grade_as_a_number() -> None:
    # six words of one syllable: 0.39 x 6 + 11.8 x 1 - 15.59
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    # the tech-nol-o-gist sat on the mat a-gain: 0.39 x 7 + 11.8 x 11/7 - 15.59
    assert grade("The technologist sat on the mat again.") == pytest.approx(5.683, abs=0.001)


@pytest.mark.parametrize("text", ["", "\n\n", "--\n* * *"])
def test_no_words(text: str) -> None:
    assert grade(text) == 0.0
    assert sentences(text) == hardest(text, 3) == long_sentences(text) == []


def test_familiar_terms_count_two_syllables_a_word() -> None:
    # the so-nog-ra-pher | uses 4 syllables, and 2 if it is in the glossary: 11.8 x 2 / 4 less
    text = "The sonographer helps you."
    assert grade(text) - grade(text, ["sonographer"]) == pytest.approx(11.8 * 2 / 4)
    assert grade(text.replace("sonographer", "Sonographers"), {"sonographer"}) == pytest.approx(
        grade(text, {"sonographer"})
    )


def test_a_familiar_term_of_two_words_is_known_as_a_whole() -> None:
    # nu-cle-ar med-i-cine: one syllable each is let off; "medicine" alone stays hard
    text = "You like nuclear medicine."
    assert grade(text) - grade(text, ["nuclear medicine"]) == pytest.approx(11.8 * 2 / 4)
    assert grade("You take medicine.", ["nuclear medicine"]) == grade("You take medicine.")


def test_a_familiar_term_is_not_found_inside_a_word() -> None:
    assert grade("Radiography needs care.", ["radio"]) == grade("Radiography needs care.")


def test_hardest_sentences_first_and_no_headings() -> None:
    text = (
        "Certification\nYou take the test once a year.\n"
        "Accreditation organizations periodically evaluate educational institutions.\n"
        "Radiographers usually examine several patients daily."
    )
    assert [sentence for _, sentence in hardest(text, 2)] == [
        "Accreditation organizations periodically evaluate educational institutions.",
        "Radiographers usually examine several patients daily.",
    ]
    assert hardest(text, 1)[0][0] == pytest.approx(grade(hardest(text, 1)[0][1]))
    assert len(hardest(text, 99)) == 3


def test_long_sentences() -> None:
    at_limit, over = " ".join(["word"] * 25) + ".", " ".join(["word"] * 26) + "."
    assert long_sentences(f"{at_limit}\n{over}") == [over]
    assert long_sentences("One two three.\nOne two.", limit=2) == ["One two three."]
