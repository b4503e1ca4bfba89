"""What registry records' own MeSH terms teach, and what they leave open."""

from __future__ import annotations

from equipoise.records.study import MeshTerm, Study
from equipoise.sources.mesh_records import records_vocabulary
from equipoise.terms.lexicon import Code, lexicon
from equipoise.terms.vocabulary import Vocabulary


def study(*terms: str, above: tuple[str, ...] = ()) -> Study:
    """Return a study with these terms and the headings above them."""
    return Study(
        number="NCT99000901",
        condition_terms=tuple(MeshTerm(f"D99{place}", term) for place, term in enumerate(terms)),
        condition_ancestors=tuple(MeshTerm(None, term) for term in above),
    )


def learned(*studies: Study) -> Vocabulary:
    return records_vocabulary(studies, lexicon())


def test_a_new_condition_is_named_as_it_is_spoken() -> None:
    """With MeSH's identifier."""
    [concept] = learned(study("Malady, Kite, Acute")).concepts
    assert (concept.kind, concept.name, concept.codes) == ("condition", "acute kite malady", (Code("mesh", "D990"),))


def test_one_term_tells_its_classes() -> None:
    """Under the names that we ship, and those that are new as concepts of their own."""
    found = learned(study("Malady, Kite", above=("Infections", "Kite Disorders")))
    assert found.parents == {"kite malady": ("infection", "kite disorders")}
    assert [one.name for one in found.concepts] == ["kite disorders", "kite malady"]


def test_several_terms_tell_no_classes() -> None:
    """Which heading is above which term is not stated."""
    found = learned(study("Malady, Kite", "Asthma", above=("Infections",)))
    assert found.parents == {}
    assert [one.name for one in found.concepts] == ["kite malady"]


def test_our_classes_are_not_turned_upside_down() -> None:
    """A heading above a term of which it is a kind, in our tables, is passed over; so is what they know already."""
    assert learned(study("Infections", above=("Pneumonia",))).parents == {}
    assert lexicon().is_a("asthma", "lung disease")
    assert "asthma" not in learned(study("Asthma", above=("Lung Diseases",))).parents


def test_two_records_cannot_make_a_circle() -> None:
    """Who is above whom is taken from the first."""
    found = learned(study("Malady, Kite", above=("Kite Disorders",)), study("Kite Disorders", above=("Malady, Kite",)))
    assert found.parents == {"kite malady": ("kite disorders",)}


def test_what_the_tree_files_for_want_of_a_better_place_is_no_class() -> None:
    """A cancer of the breast is no disease of the skin."""
    above = ("Neoplasms", "Breast Diseases", "Skin Diseases", "Skin and Connective Tissue Diseases")
    assert "skin disease" not in learned(study("Kitoma, Breast", above=above)).parents["breast kitoma"]
    assert "hernia" not in str(learned(study("Intervertebral Disc Displacement", above=("Hernia",))).parents)


def test_what_no_criterion_asks_for_is_counted() -> None:
    """A word that says nothing by itself, and a phrase that names another kind of thing."""
    found = learned(study("Disease"), study("Aspirin"), Study(number="NCT99000902"))
    assert (found.concepts, found.left_out, found.file) == ((), 2, "3 studies")


def test_the_order_of_studies_does_not_matter() -> None:
    """The same library gives the same file."""
    one, two = study("Malady, Kite", above=("Infections",)), study("Grubs, Green")
    assert learned(one, two) == learned(two, one)
