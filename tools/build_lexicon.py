"""
Rebuild the derived rows of the lexicon's tables; rows whose source is ``own`` are kept as they are.

    pip download --no-deps -d DOWNLOADS simple-icd-10-cm drug-named-entity-recognition
    python tools/build_lexicon.py DOWNLOADS ../shared/corpus

What is taken from where, and under which licence, is written in docs/explanation/lexicon.md. The packages
are read as archives and never imported; the one pickle is checked to hold plain data before it is read.
"""

from __future__ import annotations

import bz2
import io
import json
import pickle
import pickletools
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lexicon_lists import ICD_CLASSES, INN_CLASSES, NOT_CONDITIONS, NOT_DRUGS, ORGAN_CANCERS
from lxml import etree

from equipoise.terms.words import HEADS, QUALIFIERS, Stems, unseen

try:
    from equipoise.terms.spelling import normal
except ImportError:  # until that module is there
    import unicodedata

    _US = [
        ("haem", "hem"),
        ("oedema", "edema"),
        ("tumour", "tumor"),
        ("leukaem", "leukem"),
        ("anaem", "anem"),
        ("oestr", "estr"),
        ("paedi", "pedi"),
        ("dyspnoea", "dyspnea"),
        ("coeliac", "celiac"),
        ("anaesth", "anesth"),
        ("sulph", "sulf"),
        ("behaviour", "behavior"),
        (" oesoph", " esoph"),
        ("aemia", "emia"),
        ("aemic", "emic"),
        ("diarrhoea", "diarrhea"),
        ("foet", "fet"),
        ("gynaec", "gynec"),
        ("orthopaed", "orthoped"),
        ("ischaem", "ischem"),
        ("caesar", "cesar"),
        ("α", "alpha"),
        ("β", "beta"),
        ("γ", "gamma"),
        ("δ", "delta"),
        ("ε", "epsilon"),
    ]

    def normal(word: str) -> str:
        """Return *word* in lower case, US spelling, without accents."""
        text = unicodedata.normalize("NFKD", word.lower().replace("-", " "))
        text = " " + "".join(mark for mark in text if not unicodedata.combining(mark))
        for british, american in _US:
            text = text.replace(british, american)
        return text.strip()


DATA = Path(__file__).parent.parent / "src" / "equipoise" / "terms" / "data"
STEMS = Stems()
Row = dict[str, str]


def main() -> None:
    """Read the sources named on the command line and write the tables."""
    downloads, corpus = Path(sys.argv[1]), Path(sys.argv[2])
    seen = Corpus(corpus)
    tables = {name: own_rows(name) for name in ("conditions", "drugs", "procedures", "classes", "genes", "events")}
    taken = {
        key_of(p): row for name, rows in tables.items() if name != "events" for row in rows for p in phrases_of(row)
    }
    icd = list(icd_rows(next(downloads.glob("simple_icd_10_cm*.whl"))))
    mesh = {uninverted(term): code for term, code in seen.mesh.items()}
    drugs = list(drug_rows(next(downloads.glob("drug_named_entity*.whl")), seen))
    conditions = merge([*cancers(), *icd_conditions(icd), *mesh_conditions(mesh), *corpus_conditions(seen)], taken)
    tables["drugs"] += merge(drugs, taken)
    tables["procedures"] += merge(corpus_procedures(seen), taken)
    codes = add_codes(tables["conditions"] + tables["classes"], icd, mesh)  # when each row has all its phrases
    tables["conditions"] += conditions
    for row in tables["conditions"]:
        add_parents(row, icd_parents(row["codes"]))
    for row in tables["drugs"]:
        add_parents(row, [klass for pattern, klass in INN_CLASSES if re.search(pattern, row["name"])])
    for name in ("conditions", "drugs", "procedures", "classes"):
        for row in tables[name]:
            above = [taken[key_of(one)]["name"] for one in row["parents"].split(" | ") if one]
            row["parents"] = ""
            add_parents(row, above)
        write(name, tables[name])
    counts = ", ".join(f"{len(rows)} {name}" for name, rows in tables.items())
    sys.stdout.write(f"{codes} own rows have codes; {counts}\n")


def key_of(phrase: str) -> str:
    """Return the key under which the lexicon files a phrase."""
    phrase = phrase.lstrip("?").replace(" of the ", " of ")
    return phrase if phrase.isupper() and " " not in phrase else " ".join(STEMS[word] for word in phrase.split())


def phrases_of(row: Row) -> list[str]:
    """Return a row's name and its other phrases."""
    return [row["name"], *(row["phrases"].split(" | ") if row["phrases"] else [])]


def own_rows(table: str) -> list[Row]:
    """Return the hand-written rows of a table as it stands, without what an earlier run derived."""
    head, *lines = (DATA / f"{table}.tsv").read_text("utf-8").splitlines()
    rows = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
    return [row for row in rows if row["source"] == "own"]


def write(table: str, rows: list[Row]) -> None:
    """Write a table: hand-written rows first, each part sorted by name."""
    path = DATA / f"{table}.tsv"
    head = path.read_text("utf-8").partition("\n")[0]
    lines = ["\t".join(row.get(key, "") for key in head.split("\t")) for row in ranked(rows)]
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")


def ranked(rows: list[Row]) -> list[Row]:
    """Return rows by source and name."""
    return sorted(rows, key=lambda row: (row["source"] != "own", row["name"]))


def new_row(name: str, source: str, *, codes: str = "", phrases: Iterable[str] = (), parents: str = "") -> Row:
    """Return a derived row."""
    return {"name": name, "source": source, "codes": codes, "phrases": " | ".join(phrases), "parents": parents}


def merge(rows: Iterable[Row], taken: dict[str, Row]) -> list[Row]:
    """
    Return the rows whose names are new, without the phrases that another row has; *taken* grows.

    "Abscess of the liver" and "liver abscess" are one: whichever comes second becomes a phrase of the first.
    """
    kept = []
    for row in rows:
        forms = list(dict.fromkeys(form for phrase in phrases_of(row) for form in (phrase, *turned(phrase))))
        fresh = [form for form in forms if key_of(form) not in taken]
        home = next(
            (taken[key_of(form)] for form in forms[: 1 + len(turned(row["name"]))] if key_of(form) in taken), None
        )
        if home is not None:
            if row["source"] != "rule":
                fresh = [form for form in fresh if form in {row["name"], *turned(row["name"])}]
            elif home["name"] not in row["parents"]:
                add_parents(home, row["parents"].split(" | "))
            home["phrases"] = " | ".join(filter(None, [home["phrases"], *fresh]))
            taken.update({key_of(form): home for form in fresh})
        elif fresh:
            new = {**row, "phrases": " | ".join(form for form in fresh if form != row["name"])}
            taken.update({key_of(form): new for form in fresh})
            kept.append(new)
    return kept


def turned(phrase: str) -> tuple[str, ...]:
    """Return "liver abscess" for "abscess of the liver", or nothing."""
    match = re.fullmatch(r"(\w+(?: \w+)?) of (?:the )?((?:\w+ )?\w+)", phrase)
    return (f"{match[2]} {match[1]}",) if match and match[1].split()[-1] in HEADS else ()


def add_parents(row: Row, classes: Iterable[str]) -> None:
    """Name the classes that a code or a stem gives, unless they are there."""
    known = [name for name in row["parents"].split(" | ") if name]
    row["parents"] = " | ".join(dict.fromkeys([*known, *(c for c in classes if c != row["name"])]))


# ---------------------------------------------------------------- the corpus


class Corpus:
    """What the registry records in a folder name: conditions, interventions, MeSH terms; and their texts' words."""

    def __init__(self, folder: Path) -> None:
        self.conditions: Counter[str] = Counter()
        self.keywords: Counter[str] = Counter()
        self.interventions: Counter[tuple[str, str]] = Counter()
        self.mesh: dict[str, str] = {}
        self.grams: Counter[str] = Counter()
        for name in ("ctg-studies.json.zip", "text-only-studies.json.zip"):
            with zipfile.ZipFile(folder / name) as archive:
                for item in archive.namelist():
                    if item.endswith(".json"):
                        self._json(json.loads(archive.read(item)))
        with zipfile.ZipFile(folder / "AllPublicXML-part.zip") as archive:
            for item in archive.namelist():
                if item.endswith(".xml"):
                    self._xml(etree.fromstring(archive.read(item)))

    def _study(self, conditions: Iterable[str], keywords: Iterable[str], text: str) -> None:
        self.conditions.update({clean(one) for one in conditions})
        self.keywords.update({clean(one) for one in keywords})
        words = re.findall(r"[a-z0-9'/+]+", normal(text))
        self.grams.update({" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)})

    def _json(self, study: dict) -> None:
        protocol = study["protocolSection"]
        module = protocol.get("conditionsModule", {})
        text = protocol.get("eligibilityModule", {}).get("eligibilityCriteria", "")
        self._study(module.get("conditions", []), module.get("keywords", []), text)
        for one in protocol.get("armsInterventionsModule", {}).get("interventions", []):
            self._intervention(one.get("type", ""), [one.get("name", ""), *one.get("otherNames", [])])
        browse = study.get("derivedSection", {}).get("conditionBrowseModule", {})
        for term in [*browse.get("meshes", []), *browse.get("ancestors", [])]:
            self.mesh[term["term"]] = term["id"]

    def _xml(self, study: etree._Element) -> None:
        texts = {tag: [e.text or "" for e in study.findall(tag)] for tag in ("condition", "keyword")}
        text = study.findtext("eligibility/criteria/textblock") or ""
        self._study(texts["condition"], texts["keyword"], text)
        for one in study.findall("intervention"):
            names = [one.findtext("intervention_name") or "", *(e.text or "" for e in one.findall("other_name"))]
            self._intervention(one.findtext("intervention_type") or "", names)
        for element in study.findall("condition_browse/mesh_term"):
            self.mesh.setdefault((element.text or "").strip(), "")

    def _intervention(self, kind: str, names: list[str]) -> None:
        self.interventions.update({(kind.upper().replace(" ", "_"), clean(name)) for name in names})


def clean(name: str) -> str:
    """Return a record's wording as a phrase: normalized, uninverted, without what stands in brackets."""
    text = re.sub(r"[(\[][^)\]]*[)\]]", " ", name)
    return " ".join(re.sub(r"[^\w\s'/+,.]", " ", normal(uninverted(text))).replace(",", " ").split()).strip(". ")


def uninverted(term: str) -> str:
    """Return "Carcinoma, Non-Small-Cell Lung" as it is spoken."""
    parts = [normal(part).strip() for part in term.split(", ")]
    return " ".join(reversed(parts)) if len(parts) == 2 else " ".join(parts)


GOOD_NAME = re.compile(r"[a-z][a-z0-9' ]+")


def is_name(phrase: str, *, words: int = 6) -> bool:
    """Return whether a derived phrase may stand in a table at all."""
    parts = phrase.split()
    return (
        1 <= len(parts) <= words
        and len(phrase) > 4
        and GOOD_NAME.fullmatch(phrase) is not None
        and phrase not in NOT_CONDITIONS
        and parts[0] not in QUALIFIERS - {"acute", "chronic", "primary", "secondary", "malignant"}
        and parts[0] not in {"adult", "childhood", "pediatric", "previously", "abuse", "absence", "age"}
        and parts[-1] not in {"of", "the", "in", "to", "for", "remission", "relapse"}
        and not {
            "and",
            "or",
            "with",
            "without",
            "other",
            "nos",
            "nec",
            "unspecified",
            "due",
            "stage",
            "phase",
            "causing",
        }
        & set(parts)
    )


def corpus_conditions(seen: Corpus) -> Iterator[Row]:
    """Yield names of conditions in three studies or more; a keyword only if its form says that it is one."""
    for name, count in seen.conditions.items():
        if count >= 3 and is_name(name) and (count >= 8 or says_condition(name)):
            yield new_row(name, "corpus")
    for name, count in seen.keywords.items():
        if count >= 3 and is_name(name, words=4) and says_condition(name):
            yield new_row(name, "corpus")


def says_condition(name: str) -> bool:
    """Return whether the form of the words alone says that they name a condition."""
    words = name.split()
    return any(unseen(words, start) == ("condition", len(words) - start) for start in range(len(words)))


def corpus_procedures(seen: Corpus) -> Iterator[Row]:
    """Yield procedures of three studies or more whose form says what they are."""
    for (kind, name), count in seen.interventions.items():
        words = name.split()
        shaped = any(unseen(words, start) == ("procedure", len(words) - start) for start in range(len(words)))
        if kind == "PROCEDURE" and count >= 3 and is_name(name, words=4) and shaped:
            yield new_row(name, "corpus")


# ---------------------------------------------------------------- conditions


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
            parents="malignancy",
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


def add_codes(rows: list[Row], icd: list[tuple[str, str, list[str]]], mesh: dict[str, str]) -> int:
    """Give hand-written conditions the code of the title or term that says the same; return how many have one."""
    titles: dict[str, str] = {}
    for code, title, _ in icd:
        for name in spoken(title) if code[0] not in "VWXYZ" else ():
            titles.setdefault(key_of(name), code)
    terms = {key_of(term): code for term, code in mesh.items() if code}
    for row in rows:
        if row.get("kind", "condition") != "condition":
            continue
        keys = [key_of(phrase) for phrase in phrases_of(row) if not phrase.startswith("?")]
        for system, known in (("icd10cm", titles), ("mesh", terms)):
            code = next((known[key] for key in keys if key in known), "")
            if code and f"{system}:" not in row["codes"]:
                row["codes"] = f"{row['codes']} {system}:{code}".strip()
    return sum(bool(row["codes"]) for row in rows)


# ---------------------------------------------------------------- drugs


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


if __name__ == "__main__":
    main()
