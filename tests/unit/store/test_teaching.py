"""Other names are learnt from records, with evidence, and never where they may mean something else."""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.store.evidence import Said
from equipoise.store.teaching import learn
from equipoise.terms.lexicon import lexicon


def taught(*said: Said) -> dict[str, str]:
    """Return the names that these records teach, with what each is a name of."""
    return {one.name: one.thing for one in learn(enumerate(said), lexicon())}


def listed(sponsor: str, *names: str) -> Said:
    return Said(sponsor, lists=(names,))


def about(condition: str, *terms: str, sponsors: Iterable[str]) -> list[Said]:
    return [Said(sponsor, condition, terms) for sponsor in sponsors]


def test_two_sponsors_agree_on_a_name():
    """One sponsor may be wrong, and one that says it twice is still one."""
    assert taught(listed("A", "cisplatin", "Zorbacis"), listed("B", "cis-platinum", "Zorbacis")) == {
        "Zorbacis": "cisplatin"
    }
    assert taught(listed("A", "cisplatin", "Zorbacis"), listed("A", "cisplatin", "Zorbacis")) == {}


def test_a_list_with_two_known_names_is_one_of_names():
    """What stands beside cisplatin and cis-platinum is a third name."""
    assert taught(listed("A", "cisplatin", "cis-platinum", "Zorbacis")) == {"Zorbacis": "cisplatin"}


def test_a_makers_code_needs_no_second_sponsor():
    """No two things have the same code."""
    assert taught(listed("A", "cisplatin", "ZQX-12345")) == {"ZQX-12345": "cisplatin"}


def test_a_code_beside_words_about_a_drug_is_another_thing():
    """A polymer with paclitaxel in it is not paclitaxel."""
    assert taught(listed("A", "ZQX-12345", "polymer of paclitaxel")) == {}


def test_a_list_of_two_drugs_teaches_nothing():
    """Nobody knows which of them has the name."""
    mixed = [listed(one, "cisplatin", "etoposide", "Zorbacis") for one in "ABC"]
    assert taught(*mixed) == {}
    joined = [listed(one, "Zorbacis and Fizzle", "cisplatin", "Wobble") for one in "ABC"]
    assert taught(*joined) == {}


def test_a_name_of_several_drugs_is_none_of_either():
    """Regimens and makers are named beside many drugs."""
    said = [listed(one, drug, "Zorbacis") for one in "AB" for drug in ("cisplatin", "etoposide")]
    assert taught(*said) == {}


def test_a_class_and_its_members_are_not_one_thing():
    """A list under the name of a class lists what belongs to it; a class has no other names from such lists."""
    assert taught(*[listed(one, "Estrogen therapy", "Zorbacis", "ethinyl estradiol") for one in "AB"]) == {}
    assert taught(*[listed(one, "statin", "Zorbacis") for one in "AB"]) == {}


def test_a_name_with_a_known_name_in_it_is_left():
    """What stands beside the known name narrows it, or says how it is given."""
    assert taught(*[listed(one, "cisplatin", "cisplatin zorba") for one in "AB"]) == {}


def test_nothing_is_another_name_of_placebo():
    """Nor of what is no thing to search for."""
    assert taught(*[listed(one, "Placebo", "Zorbacis") for one in "AB"]) == {}


def test_names_that_nobody_knew_are_names_of_each_other():
    """Where two sponsors list them together; the thing goes by the name, not by the code."""
    assert taught(listed("A", "zorbatinib", "ZQX-12345"), listed("B", "ZQX-12345", "zorbatinib")) == {
        "ZQX-12345": "zorbatinib"
    }


def test_the_registrys_term_is_another_name_where_both_go_together():
    """Insomnia is known; the heading for it is not."""
    others = [Said("X", f"Other {one}", (f"Something {one}",)) for one in range(20)]
    said = about("Insomnia", "Sleep Initiation and Maintenance Disorders", sponsors="ABC")
    assert taught(*said, *others) == {"Sleep Initiation and Maintenance Disorders": "insomnia"}
    assert taught(*said[:2], *others) == {}


def test_a_wider_term_is_no_other_name():
    """Cancer is not one cancer; what narrows a name, or has a known name in it, is left."""
    others = [Said("X", f"Other {one}", (f"Something {one}",)) for one in range(20)]
    for narrow, wide in (
        ("Cancer", "Carcinoma, Non-Small-Cell Lung"),
        ("Melanoma of the Zorba", "Melanoma"),
        ("Severe Zorbitis", "Zorbic Inflammation"),
        ("Zorbitis Type 2", "Zorbic Inflammation"),
    ):
        assert taught(*about(narrow, wide, sponsors="ABCD"), *others) == {}, narrow


def test_a_name_with_several_terms_is_a_name_of_none():
    """Four of five studies of a name must have the term."""
    others = [Said("X", f"Other {one}", (f"Something {one}",)) for one in range(20)]
    said = about("Zorbitis", "Zorbic Inflammation", sponsors="ABC")
    assert taught(*said, *others) == {"Zorbitis": "Zorbic Inflammation"}
    assert taught(*said, *about("Zorbitis", "Fizzle", sponsors="AB"), *others) == {}


def test_the_order_of_records_does_not_matter():
    """The same records teach the same."""
    said = [
        listed("A", "cisplatin", "Zorbacis"),
        listed("B", "cis-platinum", "ZORBACIS"),
        listed("C", "etoposide", "VZ 123"),
    ]
    pairs = list(enumerate(said))
    assert learn(pairs, lexicon()) == learn(reversed(pairs), lexicon())
