"""What the packages and the form of names yield: cancers by organ, ICD-10-CM, MeSH terms, drugs."""

from __future__ import annotations

import bz2
import io
import pickle
import pickletools
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lexicon_corpus import Corpus
from lexicon_lists import ICD_CLASSES, NOT_DRUGS, ORGAN_CANCERS
from lexicon_text import STEMS, Row, clean, is_name, new_row, says_condition
from lxml import etree

from equipoise.terms.spelling import normal
from equipoise.terms.words import HEADS, unseen


def cancers() -> Iterator[Row]:
    """Yield the cancers of each organ, in the words that stand for cancer; a tumor may be benign and stays apart."""
    for organ in sorted(ORGAN_CANCERS):
        of = {"gastric": "stomach", "pancreatic": "pancreas", "renal": "kidney", "oral": "mouth"}.get(organ, organ)
        malign = ["carcinoma", "malignancy", "adenocarcinoma"]
        yield new_row(
            f"{organ} cancer",
            "rule",
            phrases=[
                f"cancer of {of}",
                f"cancer of the {of}",
                f"{organ} carcinoma",
                f"carcinoma of {of}",
                f"carcinoma of the {of}",
                f"{organ} malignancy",
                f"malignancy of the {of}",
                f"malignant {organ} neoplasm",
                f"malignant neoplasm of {of}",
                f"malignant neoplasm of the {of}",
                f"malignant {organ} tumor",
                f"malignant tumor of the {of}",
                f"{organ} malignant tumor",
                f"{organ} malignant neoplasm",
            ],
            parents="malignant tumor",
        )
        yield new_row(
            f"{organ} adenocarcinoma",
            "rule",
            phrases=[f"adenocarcinoma of {of}", f"adenocarcinoma of the {of}"],
            parents=f"{organ} cancer",
        )
        yield new_row(
            f"metastatic {organ} cancer",
            "rule",
            phrases=[f"metastatic {organ} {word}" for word in malign],
            parents=f"{organ} cancer | metastatic disease",
        )
        yield new_row(
            f"{organ} tumor",
            "rule",
            phrases=[f"{organ} neoplasm", f"tumor of {of}", f"tumor of the {of}", f"neoplasm of the {of}"],
            parents="neoplasm",
        )


def icd_rows(wheel: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each ICD-10-CM category: its code, its title, and the inclusion terms below it."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(item for item in archive.namelist() if item.endswith(".xml"))
        root = etree.fromstring(archive.read(name))
    for category in root.iter("diag"):
        notes = [note.text or "" for note in category.findall("inclusionTerm/note")]
        yield category.findtext("name") or "", category.findtext("desc") or "", notes


_DROP = re.compile(
    r",? (?:unspecified|not elsewhere classified|NEC|NOS|site unspecified|initial encounter|subsequent encounter"
    r"|unspecified (?:site|trimester|eye|ear|side|organism|part|type|severity|cause|whether.*)|sequela"
    r"|(?:right|left|bilateral)\b.*|(?:first|second|third) trimester|uncomplicated|in (?:remission|relapse)"
    r"|multiple sites|in diseases classified.*)$"
)


def spoken(title: str) -> list[str]:
    """Return how a title of ICD-10-CM is spoken: without "unspecified" and codes, with and without brackets."""
    text = re.sub(r"\s*\[[^\]]*\]", "", title).replace("’", "'")
    text = re.sub(r"^(?:Unspecified|Other specified|Other) ", "", text)
    for _ in range(3):
        text = _DROP.sub("", text)
    if re.search(r",|;|:| with | without | and | or |due to|other|specified|classif| in |not | by |code", text):
        return []
    forms = [re.sub(r"\s*\([^)]*\)", "", text), re.sub(r"[()]", "", text)]
    return list(dict.fromkeys(" ".join(normal(form).replace("/", " ").split()) for form in forms))


def icd_conditions(icd: list[tuple[str, str, list[str]]]) -> Iterator[Row]:
    """Yield titles and inclusion terms that a person would say; only a title carries its code."""
    found: dict[str, Row] = {}
    for code, title, notes in icd:
        if code[0] in "VWXYZTP" or code[:3] in {"R68", "R69"} or (code[0] == "S" and len(code) > 5):
            continue
        names = [name for name in spoken(title) if is_name(name)]
        if names and names[0] not in found:
            found[names[0]] = new_row(names[0], "icd10cm", codes=f"icd10cm:{code}", phrases=names[1:])
        for note in notes if code[0] not in "ST" else ():
            for name in spoken(note)[:1]:
                if is_name(name, words=5) and name not in found and (" " in name or says_condition(name)):
                    found[name] = new_row(name, "icd10cm", parents=" | ".join(icd_parents(f"icd10cm:{code}")))
    yield from found.values()


def icd_parents(codes: str) -> list[str]:
    """Return the classes that an ICD-10-CM code decides."""
    match = re.search(r"icd10cm:(\w\d\w)", codes)
    return [klass for low, high, klass in ICD_CLASSES if match and low <= match[1] <= high]


def mesh_conditions(mesh: dict[str, str]) -> Iterator[Row]:
    """Yield the MeSH terms that records carry, with their identifiers."""
    for term, code in mesh.items():
        name = " ".join(re.sub(r"[^\w\s'/]", " ", term).split())
        head, _, last = name.rpartition(" ")
        name = f"{head} {STEMS[last]}".strip() if STEMS[last] in HEADS else name  # "movement disorder"
        if is_name(name):
            yield new_row(name, "mesh", codes=f"mesh:{code}" if code else "")


DRUG_KINDS = frozenset({"DRUG", "BIOLOGICAL", "DIETARY_SUPPLEMENT", "COMBINATION_PRODUCT", "RADIATION"})


class PlainUnpickler(pickle.Unpickler):
    """Reads numbers, texts, lists and dicts, and nothing that could run."""

    def find_class(self, module: str, name: str) -> object:
        """Refuse whatever is not plain data."""
        raise pickle.UnpicklingError(f"The dictionary asks for {module}.{name}; it should hold plain data only.")


def drug_rows(wheel: Path, seen: Corpus) -> Iterator[Row]:
    """
    Yield drugs with a DrugBank (CC0) or MeSH (public domain) identifier, and their other names.

    The package does not say which of its names came from Wikipedia (CC BY-SA). A name is a fact, but a
    collection is not ours to copy: we keep a name only where registry records use it too.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = bz2.decompress(archive.read("drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2"))
    treats = {name for (kind, name), _ in seen.interventions.items() if kind in DRUG_KINDS}
    used = {op.name for op, _, _ in pickletools.genops(data)}
    assert not used & {"GLOBAL", "STACK_GLOBAL", "REDUCE", "INST", "OBJ", "NEWOBJ", "BUILD"}, used
    plain = PlainUnpickler(io.BytesIO(data)).load()
    uses = seen.grams
    for (_, name), count in seen.interventions.items():
        uses[name] += count
    names: dict[str, list[str]] = {}
    for variant, canonical in plain["drug_variant_to_canonical"].items():
        for one in canonical[:1]:
            names.setdefault(one, []).append(clean(variant))
    for key, drug in plain["drug_canonical_to_data"].items():
        name = clean(drug.get("name", key))
        others = [other for other in dict.fromkeys(names.get(key, [])) if other != name and is_drug(other, uses)]
        if not (drug.get("drugbank_id") or drug.get("mesh_id")) or not is_drug(name, uses, known=bool(others)):
            continue
        if treats & {name, *others} or "medline_plus_id" in drug or unseen([name], 0) == ("drug", 1):
            code = f"drugbank:{drug['drugbank_id']}" if "drugbank_id" in drug else ""
            yield new_row(name, "drugbank" if code else "mesh", codes=code, phrases=others)
    for (kind, name), count in seen.interventions.items():
        if kind in {"DRUG", "BIOLOGICAL"} and count >= 3 and unseen([name], 0) == ("drug", 1):
            yield new_row(name, "corpus")


def is_drug(name: str, uses: Counter[str], *, known: bool = False) -> bool:
    """Return whether a name looks like a drug's and registry records use it, or are *known* to use another of it."""
    words = name.split()
    return (
        len(name) > 4
        and len(words) <= 3
        and re.fullmatch(r"[a-z][a-z0-9 ]+", name) is not None
        and name not in NOT_DRUGS
        and not {"and", "or", "of", "the", "acid solution"} & set(words)
        and (known or uses[name] >= 2)
    )
