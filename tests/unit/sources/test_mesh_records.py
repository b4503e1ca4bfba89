"""What registry records' own MeSH terms teach, and what they leave open."""

from __future__ import annotations

from equipoise.records.study import MeshTerm, Study
from equipoise.sources.mesh_records import records_vocabulary
from equipoise.terms.lexicon import Code, lexicon
from equipoise.terms.vocabulary import Vocabulary

# Of headings that our tables know by MeSH's identifier.
IDS = {"Infections": "D007239", "Neoplasms": "D009369", "Lung Diseases": "D008171", "Pneumonia": "D011014"}
IDS |= {"Skin Diseases": "D012871", "Hernia": "D006547", "Asthma": "D001249"}


def study(*terms: str, above: tuple[str, ...] = ()) -> Study:
    """Return a study with these terms and the headings above them."""
    return Study(
        number="NCT99000901",
        condition_terms=tuple(MeshTerm(IDS.get(term, f"D99{place}"), term) for place, term in enumerate(terms)),
        condition_ancestors=tuple(MeshTerm(IDS.get(term, f"D98{term}"), term) for term in above),
    )


def learned(*studies: Study) -> Vocabulary:
    return records_vocabulary(studies, lexicon())


def test_a_new_condition_is_named_as_it_is_spoken() -> None:
    """With MeSH's identifier."""
    [concept] = learned(study("Disease, Kite, Acute")).concepts
    assert (concept.kind, concept.name, concept.codes) == ("condition", "acute kite disease", (Code("mesh", "D990"),))


def test_one_term_tells_its_classes() -> None:
    """Under the names that we ship, and those that are new as concepts of their own."""
    found = learned(study("Disease, Kite", above=("Infections", "Kite Disorders")))
    assert found.parents == {"kite disease": ("infection", "kite disorders")}
    assert [one.name for one in found.concepts] == ["kite disease", "kite disorders"]


def test_several_terms_tell_no_classes() -> None:
    """Which heading is above which term is not stated."""
    found = learned(study("Disease, Kite", "Asthma", above=("Infections",)))
    assert found.parents == {}
    assert [one.name for one in found.concepts] == ["kite disease"]


def test_our_classes_are_not_turned_upside_down() -> None:
    """A heading above a term of which it is a kind, in our tables, is passed over; so is what they know already."""
    assert learned(study("Infections", above=("Pneumonia",))).parents == {}
    assert lexicon().is_a("asthma", "lung disease")
    assert "asthma" not in learned(study("Asthma", above=("Lung Diseases",))).parents


def test_what_its_form_says_stays_true() -> None:
    """A carcinoma that is listed is still a cancer."""
    found = learned(study("Carcinoma, Kite", "Asthma"))
    assert found.added_to(lexicon()).is_a("kite carcinoma", "malignant tumor")


def test_two_records_cannot_make_a_circle() -> None:
    """Who is above whom is taken from the first."""
    found = learned(
        study("Disease, Kite", above=("Kite Disorders",)), study("Kite Disorders", above=("Disease, Kite",))
    )
    assert found.parents == {"kite disease": ("kite disorders",)}


def test_what_the_tree_files_for_want_of_a_better_place_is_no_class() -> None:
    """A cancer of the breast is no disease of the skin."""
    above = ("Neoplasms", "Breast Diseases", "Skin Diseases", "Skin and Connective Tissue Diseases")
    classes = learned(study("Carcinoma, Kite", above=above)).parents["kite carcinoma"]
    assert "neoplasm" in classes and "skin disease" not in classes
    assert "hernia" not in str(learned(study("Intervertebral Disc Displacement", above=("Hernia",))).parents)


def test_what_no_criterion_asks_for_is_counted() -> None:
    """A word that says nothing by itself, one that names another kind of thing, and one that names no disease."""
    found = learned(study("Disease"), study("Aspirin"), study("Kite Behavior"), Study(number="NCT99000902"))
    assert (found.concepts, found.left_out, found.file) == ((), 3, "4 studies")


def test_what_is_near_is_not_the_same() -> None:
    """Our tables find the lungs where a text says respiratory; a heading of that name is not the lungs' for that."""
    heading = "Respiratory Tract Diseases"
    assert (found := lexicon().find("respiratory tract disease")) is None or Code("mesh", "D012140") not in found.codes
    assert "lung disease" not in learned(study("Disease, Kite", above=(heading,))).parents.get("kite disease", ())


def test_the_order_of_studies_does_not_matter() -> None:
    """The same library gives the same file."""
    one, two = study("Disease, Kite", above=("Infections",)), study("Syndrome, Green Grub")
    assert learned(one, two) == learned(two, one)
