"""The lexicon: phrases find concepts, the longest first, and classes reason in the safe direction."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files

import pytest

from equipoise.terms.lexicon import TABLES, Code, Concept, Lexicon, lexicon
from equipoise.terms.spelling import normal
from equipoise.terms.tables import read_table
from equipoise.terms.words import Stems, stem, unseen


def found(text: str, start: int = 0, *, guess: bool = False) -> tuple[str, int] | None:
    hit = lexicon().longest(text.split(), start, guess=guess)
    return None if hit is None else (hit[0].name, hit[1])


@pytest.mark.parametrize(
    ("phrase", "kind", "name"),
    [
        ("type ii diabetes mellitus", "condition", "type 2 diabetes"),
        ("heart attack", "condition", "myocardial infarction"),
        ("nsclc", "condition", "non small cell lung cancer"),
        ("breastfeeding", "condition", "lactation"),
        ("current smoker", "condition", "smoking"),
        ("hepatic cirrhosis", "condition", "liver cirrhosis"),
        ("carcinoma of the lung", "condition", "lung cancer"),
        ("paracetamol", "drug", "acetaminophen"),
        ("anti tnf", "drug", "tumor necrosis factor inhibitor"),
        ("blood thinners", "drug", "blood thinner"),
        ("mfolfox6", "drug", "folfox"),
        ("live attenuated vaccines", "drug", "live vaccine"),
        ("kidney transplant", "procedure", "kidney transplantation"),
        ("participation in another clinical trial", "procedure", "participation in another trial"),
        ("birth control", "procedure", "contraception"),
        ("ct scan", "procedure", "computed tomography"),
        ("her 2", "gene", "HER2"),
        ("exon 19 deletion", "variant", "EGFR exon 19 deletion"),
    ],
)
def test_everyday_phrases_find_their_concept(phrase: str, kind: str, name: str) -> None:
    """What clinicians write leads to one canonical name."""
    concept = lexicon().find(phrase)
    assert concept is not None
    assert (concept.kind, concept.name) == (kind, name)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        # names as readers of criteria write them
        ("malignancies", "malignant tumor"),
        ("immunosuppressive therapy", "immunosuppressive agent"),
        ("psychiatric illness", "mental disorder"),
        ("anti tnf alpha", "tumor necrosis factor inhibitor"),
        ("nsaids", "non steroidal anti inflammatory drug"),
        ("impaired renal function", "renal insufficiency"),
        ("chronic inflammatory condition", "chronic inflammatory disorder"),
        ("hepatic insufficiency", "hepatic insufficiency"),
        # states and wishes
        ("planning to become pregnant", "planning pregnancy"),
        ("wish to conceive", "planning pregnancy"),
        ("able to become pregnant", "childbearing potential"),
        ("nursing mothers", "lactation"),
        ("wheelchair bound", "wheelchair dependence"),
        ("non smokers", "nonsmoker"),
        # symptoms and findings
        ("bilateral lung infiltrates", "bilateral opacities"),
        ("brady arrhythmia", "bradyarrhythmia"),
        ("tachyarrhythmias", "tachyarrhythmia"),
        ("t cell abnormality", "t lymphocyte abnormality"),
        ("difficulty breathing", "dyspnea"),
        ("prolonged qtc", "qt prolongation"),
        # drugs
        ("biotechnological agents", "biologic"),
        ("steroids", "corticosteroid"),
        ("systemic antibiotics", "systemic antibiotic"),
        ("over the counter medications", "over the counter drug"),
        ("herbal remedies", "herbal medicine"),
        ("interleukin 2", "aldesleukin"),
        # care, imaging, tests
        ("resynchronization therapy", "cardiac resynchronization therapy"),
        ("electrocardiograph", "electrocardiogram"),
        ("groin puncture", "arterial puncture"),
        ("endovascular therapy", "endovascular treatment"),
        ("artificial respiration", "mechanical ventilation"),
        ("kidney dialysis", "dialysis"),
        ("physiotherapy", "physical therapy"),
        ("blood transfusions", "blood transfusion"),
        ("valve surgery", "heart valve surgery"),
        ("urinary pregnancy test", "pregnancy test"),
        ("anti hcv", "hepatitis c antibody"),
    ],
)
def test_what_texts_say_most_is_known(phrase: str, name: str) -> None:
    """The words that were left over most often in thousands of texts lead to a concept."""
    concept = lexicon().find(phrase)
    assert concept is not None
    assert concept.name == name


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("low dose oral corticosteroid", "systemic corticosteroid"),
        ("non steroidal anti inflammatory drug", "anti inflammatory agent"),
        ("dobutamine", "inotrope"),
        ("norepinephrine", "vasoactive drug"),
        ("opioid use disorder", "drug abuse"),
        ("large vessel occlusion", "arterial occlusion"),
        ("bradyarrhythmia", "arrhythmia"),
        ("morbid obesity", "obesity"),
        ("systemic antibiotic", "antibiotic"),
        ("therapeutic anticoagulation", "anticoagulant"),
        ("recurrent miscarriage", "miscarriage"),
        ("chronic inflammatory disorder", "inflammation"),
        ("long qt syndrome", "qt prolongation"),
        ("thrombectomy", "endovascular treatment"),
        ("valve replacement", "heart valve surgery"),
        ("suicidal behavior", "suicidal ideation"),
        ("drug abuse", "substance abuse"),
        ("alcohol dependence", "substance dependence"),
        ("bowel perforation", "gastrointestinal perforation"),
        ("immunodeficiency", "immunosuppression"),
        ("left ventricular dysfunction", "cardiac dysfunction"),
        ("atopic dermatitis", "eczema"),
        ("amyotrophic lateral sclerosis", "motor neuron disease"),
        ("hip fracture", "femur fracture"),
        ("primary adrenal insufficiency", "adrenal insufficiency"),
        ("hemophilia a", "hemophilia"),
        ("coma", "unconsciousness"),
        ("edema", "swelling"),
        ("drug induced liver injury", "liver injury"),
        ("long acting insulin", "basal insulin"),
        ("prandial insulin", "insulin"),
        ("multivitamin", "vitamin"),
        ("4cmenb vaccine", "meningococcal vaccine"),
        ("extended release injectable naltrexone", "naltrexone"),
        ("depot medroxyprogesterone", "medroxyprogesterone"),
        ("thienopyridine", "p2y12 inhibitor"),
        ("disease modifying antirheumatic drug", "disease modifying drug"),
        ("cyclobenzaprine", "muscle relaxant"),
        ("montelukast", "leukotriene modifier"),
        ("tyrosine kinase inhibitor", "kinase inhibitor"),
        ("parenteral antibiotic", "systemic antibiotic"),
        ("mycophenolic acid", "mycophenolate"),
        ("therapeutic radiopharmaceutical", "radionuclide"),
        ("intravenous iron", "iron therapy"),
        ("whole brain radiotherapy", "cranial radiotherapy"),
        ("craniotomy", "brain surgery"),
        ("cataract surgery", "intraocular surgery"),
        ("trabeculectomy", "glaucoma surgery"),
        ("small bowel resection", "bowel resection"),
        ("hysterectomy", "surgical sterility"),
        ("nursing home residence", "institutionalization"),
        ("vegan diet", "vegetarian diet"),
        ("mechanical ventilation", "ventilatory support"),
        ("coronary stent", "stent"),
    ],
)
def test_what_is_narrower_is_no_synonym(narrow: str, wide: str) -> None:
    """A narrower name is a concept of its own, below the wider one and never above it."""
    assert lexicon().is_a(narrow, wide)
    assert not lexicon().is_a(wide, narrow)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("systemic disease", "comorbidity"),
        ("anti inflammatory drug", "non steroidal anti inflammatory drug"),
        ("inotropic agent", "vasopressor"),
        ("arterial puncture", "thrombolysis"),
        ("coagulation factor deficiency", "deficiency disease"),
        ("aggression", "agitation"),
        ("hypovolemia", "dehydration"),
        ("breastfed", "lactation"),
        ("cardiac ischemia", "coronary artery disease"),
        ("wheelchair bound", "immobility"),
        ("murine antibody", "recombinant protein"),
        ("study drug", "investigational drug"),
        ("test article", "investigational drug"),
        ("breathalyzer", "drug screen"),
        ("muscle relaxant", "neuromuscular blocker"),
        ("murine antibody", "recombinant protein"),
        ("local corticosteroid", "topical corticosteroid"),
        ("psychoactive substance", "psychotropic drug"),
    ],
)
def test_neighbors_are_told_apart(one: str, other: str) -> None:
    """What is near is not the same."""
    found = lexicon().find(one)
    assert found is not None
    assert found.name != other


@pytest.mark.parametrize("plural", ["ARDS", "ards", "SARS"])
def test_an_abbreviation_that_ends_in_s_is_no_plural(plural: str) -> None:
    """ARDS is a syndrome, and an ARD a device or another disease."""
    assert found(plural) is not None
    assert found(plural[:-1]) is None


@pytest.mark.parametrize(
    "word",
    ["pre", "cis", "fish", "fits", "tha", "hes", "std", "mmc", "prom", "des", "pad", "pap", "prep", "tee", "eps"],
)
def test_english_words_and_units_name_nothing(word: str) -> None:
    """An abbreviation that is also a word, a unit or a part of one is found in capitals only, or not at all."""
    assert found(word, guess=True) is None


@pytest.mark.parametrize(
    "phrase",
    [
        "disease", "condition", "symptoms", "drug", "agents", "therapy", "treatment", "regimen", "procedure",
        "surgical", "standard therapy", "adequate organ function", "normal renal function", "admission", "laboratory",
    ],
)  # fmt: skip
def test_general_words_are_no_concept(phrase: str) -> None:
    """A word that fits everyone, or a function without a limit, is left and never taken for a finding."""
    concept = lexicon().find(phrase)
    assert concept is None or concept.ambiguous


@pytest.mark.parametrize("name", ["malignant tumor", "heart failure", "dialysis", "electrocardiogram", "lactation"])
def test_the_best_known_synonyms_come_first(name: str) -> None:
    """Six synonyms are published: each of them is a name in its own right, and none is the name again."""
    concept = lexicon().find(name)
    assert concept is not None
    assert len(concept.synonyms) == 6
    assert name not in concept.synonyms


def test_the_longest_phrase_wins() -> None:
    """Hypertension does not match inside pulmonary arterial hypertension."""
    assert found("pulmonary arterial hypertension") == ("pulmonary arterial hypertension", 3)
    assert found("diabetic retinopathy grade 2") == ("diabetic retinopathy", 2)
    assert found("hypertension treated") == ("hypertension", 1)


def test_plurals_possessives_and_organ_adjectives_do_not_count() -> None:
    """One entry serves all forms of a phrase."""
    assert found("kidney failures") == found("renal failure") == ("renal failure", 2)
    assert found("crohn's disease") == found("crohn disease") == found("crohn’s disease") == ("crohn disease", 2)
    assert found("brain metastasis") == found("cerebral metastases") == ("brain metastases", 2)


def test_capitals_tell_abbreviations_from_words() -> None:
    """ALL, MET and CAP are found in capitals only; other words may be in capitals or not."""
    assert found("ALL") == ("acute lymphoblastic leukemia", 1)
    assert found("all") is None
    assert found("MET amplification") == ("MET", 2)
    assert found("met criteria") is None
    assert found("HCV") == found("hcv") == ("hepatitis c", 1)
    assert found("acute MI") is not None


def test_egfr_the_gene_is_not_egfr_the_rate() -> None:
    """EGFR is a gene; eGFR, a filtration rate, is none of ours."""
    assert found("EGFR") == ("EGFR", 1)
    assert found("eGFR") is None
    assert found("egfr") is None


def test_an_ambiguous_phrase_says_so() -> None:
    """PD may be Parkinson disease; the full name is."""
    short, full = lexicon().find("PD"), lexicon().find("parkinson disease")
    assert short is not None
    assert full is not None
    assert (short.name, short.ambiguous, full.ambiguous) == ("parkinson disease", True, False)


def test_a_narrower_name_is_not_a_synonym() -> None:
    """Hemophilia A is a kind of hemophilia, and knee osteoarthritis of osteoarthritis; none stands for the other."""
    assert lexicon().is_a("paroxysmal atrial fibrillation", "atrial fibrillation")
    assert found("oral corticosteroids") == ("oral corticosteroid", 2)
    assert lexicon().is_a("oral corticosteroid", "corticosteroid")
    assert not lexicon().is_a("corticosteroid", "oral corticosteroid")


@pytest.mark.parametrize(
    "phrase", ["severe infection", "active malignancy", "known allergy", "uncontrolled hypertension"]
)
def test_qualifiers_stay_outside(phrase: str) -> None:
    """How severe, how active, how sure is for the reader of the criterion: the phrase starts after it."""
    assert found(phrase) is None
    assert found(phrase, 1) is not None


def test_classes_reason_upwards() -> None:
    """A member is its class, through every level; the class is not its member, and a stranger is not known to be."""
    lex = lexicon()
    assert lex.is_a("enoxaparin", "anticoagulant")
    assert {"egfr inhibitor", "antineoplastic agent"} <= lex.ancestors("osimertinib")
    assert lex.is_a("basal cell carcinoma", "malignant tumor")
    assert lex.is_a("myasthenia gravis", "autoimmune disease")
    assert not lex.is_a("anticoagulant", "enoxaparin")
    assert not lex.is_a("placebo", "anticoagulant")
    assert "enoxaparin" in lex.members("anticoagulant")
    assert lex.is_a("an unheard of drug", "an unheard of drug")


@pytest.mark.parametrize(
    ("member", "klass"),
    [
        ("her2 negative breast cancer", "malignant tumor"),
        ("metastatic melanoma", "malignant tumor"),
        ("abscess of liver", "infection"),
        ("abscess of liver", "liver disease"),
        ("urosepsis", "urinary tract infection"),
        ("tuberculosis of lung", "tuberculosis"),
        ("diabetic retinopathy", "diabetes"),
        ("diabetes", "metabolic disease"),
        ("status asthmaticus", "asthma"),
        ("secondary hypertension", "hypertension"),
        ("r chop", "chemotherapy"),
        ("r chop", "rituximab"),
        ("gemcitabine", "chemotherapy"),
    ],
)
def test_everyday_members_are_in_their_class(member: str, klass: str) -> None:
    """Who has the member has the class: a breast cancer of any kind is a malignancy."""
    assert lexicon().is_a(member, klass)


@pytest.mark.parametrize(
    ("other", "klass"),
    [
        ("ocular hypertension", "hypertension"),
        ("intracranial hypertension", "hypertension"),
        ("cardiac asthma", "asthma"),
        ("cirrhosis of lung", "liver cirrhosis"),
        ("diabetes insipidus", "diabetes"),
        ("ductal carcinoma in situ", "carcinoma"),
        ("smoldering multiple myeloma", "malignant tumor"),
        ("nontuberculous mycobacteria infection", "tuberculosis"),
        ("latent tuberculosis", "tuberculosis"),
        ("eosinophilic cellulitis", "infection"),
    ],
)
def test_what_only_shares_a_word_is_in_no_class(other: str, klass: str) -> None:
    """A noun at the end is not always the class: diabetes insipidus is no diabetes."""
    assert not lexicon().is_a(other, klass)


def test_the_head_of_an_unseen_name_says_its_class() -> None:
    """An adrenal sarcoma that no table lists is a malignancy."""
    assert lexicon().is_a("multicentric adrenal sarcoma", "malignant tumor")


@pytest.mark.parametrize(
    "cycle", ["anticoagulant", "malignant tumor", "cardiovascular disease", "antineoplastic agent"]
)
def test_nothing_is_below_itself(cycle: str) -> None:
    """Classes make no circle."""
    assert cycle not in lexicon().ancestors(cycle)


def test_no_class_is_below_itself() -> None:
    """No name is a member of one of its members."""
    lex = lexicon()
    assert [name for name in lex.names() for above in lex.ancestors(name) if name in lex.ancestors(above)] == []


def test_events_are_asked_for_apart() -> None:
    """Moments that windows count from do not mix with things that patients have."""
    lex, rosc = lexicon(), ["return", "of", "spontaneous", "circulation"]
    assert lex.longest(rosc, 0) is None
    event = lex.longest_event(rosc, 0)
    assert event is not None
    assert (event[0].kind, event[0].name, event[1]) == ("event", "return of spontaneous circulation", 4)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("mesenteric venous thrombosis", ("condition", 3)),
        ("cheilitis", ("condition", 1)),
        ("rupture of the spleen", ("condition", 4)),
        ("fibulectomy", ("procedure", 1)),
        ("noxadustinib", ("drug", 1)),
        ("lowe syndrome", ("condition", 2)),
        ("diagnosis", None),
        ("prognosis", None),
        ("hypnosis", None),
        ("april", None),
        ("cholesterol", None),
        ("geography", None),
        ("severe disease", None),
        ("organ function", None),
        ("infection of the respiratory tract", None),
        ("thyroid function", None),
        ("steroid lung disease", None),
        ("head cancer", None),
        ("this syndrome", None),
        ("vomiting syndrome", None),
    ],
)
def test_the_rule_for_unseen_names(text: str, answer: tuple[str, int] | None) -> None:
    """Endings and heads give a name away; exceptions, qualifiers and functions do not."""
    assert unseen(text.split(), 0) == answer


def test_a_guess_is_marked_and_only_made_on_request() -> None:
    """Without *guess* an unseen name is not found; with it, the concept says that it is one."""
    words = ["mediastinal", "spleen", "laceration"]
    assert lexicon().longest(words, 0) is None
    hit = lexicon().longest(words, 0, guess=True)
    assert hit is not None
    assert (hit[0].guessed, hit[0].kind, hit[1]) == (True, "condition", 3)


def test_a_condition_before_syndrome_is_no_name_of_one() -> None:
    """Of "nausea, vomiting, … syndrome" the first is nausea, not a syndrome of that name."""
    assert found("nausea syndrome", guess=True) == ("nausea", 1)
    assert found("diabetes syndrome", guess=True) == ("diabetes", 1)


def test_a_listed_name_beats_a_guess_of_its_length() -> None:
    """The rule speaks only where it reads more words than the tables do."""
    hit = lexicon().longest(["hepatitis"], 0, guess=True)
    assert hit is not None
    assert not hit[0].guessed


def test_a_users_words_win_and_leave_the_default_alone() -> None:
    """A vocabulary that a user adds finds its own concept, in a new lexicon."""
    ours = Concept("drug", "zzz-101", (Code("local", "Z1"),), ("zed one", "heart attack"))
    wider = lexicon().extended([ours], parents={"zzz-101": ["anticoagulant"]})
    assert wider.find("Zed One") == ours
    assert wider.find("heart attack") == ours
    assert wider.is_a("zzz-101", "anticoagulant")
    assert lexicon().find("zed one") is None
    assert lexicon().members("anticoagulant") < wider.members("anticoagulant")


def test_an_empty_lexicon_knows_nothing() -> None:
    """Nothing is found where nothing is listed."""
    assert Lexicon().longest(["fever"], 0) is None
    assert Lexicon().find("") is None


# ------------------------------------------------------------------ the tables


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    return {name: read_table(name) for name in TABLES}


def phrases_of(row: dict[str, str]) -> list[str]:
    return [row["name"], *(row["phrases"].split(" | ") if row["phrases"] else [])]


def test_every_member_and_parent_is_listed(tables: dict[str, list[dict[str, str]]]) -> None:
    """A class names only concepts that a table has."""
    names = {row["name"] for name, rows in tables.items() if name != "events" for row in rows}
    named = {
        (row["name"], other)
        for rows in tables.values()
        for row in rows
        for column in ("members", "parents")
        for other in row.get(column, "").split(" | ")
        if other
    }
    assert sorted(pair for pair in named if pair[1] not in names) == []


def test_no_name_is_listed_twice(tables: dict[str, list[dict[str, str]]]) -> None:
    """A canonical name belongs to one row."""
    counts = Counter(row["name"] for name, rows in tables.items() if name != "events" for row in rows)
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_phrase_finds_its_own_row(tables: dict[str, list[dict[str, str]]]) -> None:
    """No phrase is hidden by another's: what stands in a row leads to that row."""
    lost = []
    for name, rows in tables.items():
        for row in rows if name != "events" else ():
            for phrase in phrases_of(row):
                concept = lexicon().find(phrase.lstrip("?"))
                if concept is None or concept.name != row["name"]:
                    lost.append((name, row["name"], phrase))
    assert lost == []


def test_phrases_are_normalized(tables: dict[str, list[dict[str, str]]]) -> None:
    """Phrases are in lower case with single spaces and no hyphen, or one abbreviation in capitals."""
    bad = []
    for name, rows in tables.items():
        for row in rows:
            for phrase in phrases_of(row)[1 if name == "genes" else 0 :]:
                plain = phrase.lstrip("?")
                alone = plain.isupper() and " " not in plain
                if plain != " ".join(plain.replace("-", " ").split()) or not (alone or plain == plain.lower()):
                    bad.append((row["name"], phrase))
    assert bad == []


def test_phrases_are_found_in_the_form_to_which_texts_are_brought(tables: dict[str, list[dict[str, str]]]) -> None:
    """No phrase is lost in a text because its normal form is compared: "gastroesophageal", "pemetrexed"."""
    stems = Stems()
    lost = []
    for name, rows in tables.items():
        for row in rows:
            for phrase in phrases_of(row)[1 if name == "genes" else 0 :]:
                plain = phrase.lstrip("?")
                same = [stems[word] for word in normal(plain).split()] == [stems[word] for word in plain.split()]
                if not same and not plain.isupper():
                    lost.append(phrase)
    assert lost == []


def test_codes_have_the_form_of_their_system(tables: dict[str, list[dict[str, str]]]) -> None:
    """A code names its system and looks like one of its codes."""
    forms = {"icd10cm": r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?", "mesh": r"[CD]\d{6,9}", "drugbank": r"DB\d{5}"}
    codes = [code for rows in tables.values() for row in rows for code in row.get("codes", "").split()]
    assert len(codes) > 5000
    assert [code for code in codes if not re.fullmatch(forms[code.partition(":")[0]], code.partition(":")[2])] == []


def test_a_code_belongs_to_one_drug(tables: dict[str, list[dict[str, str]]]) -> None:
    """No DrugBank identifier stands twice."""
    counts = Counter(code for row in tables["drugs"] for code in row["codes"].split())
    assert [code for code, count in counts.items() if count > 1] == []


def test_the_tables_stay_small() -> None:
    """All tables together take less than 3 MB."""
    folder = files("equipoise.terms").joinpath("data")
    assert sum(len(folder.joinpath(f"{name}.tsv").read_bytes()) for name in TABLES) < 3_000_000


def test_reading_the_lexicon_needs_no_heavy_library() -> None:
    """The sources are read when the tables are built, never at run time."""
    heavy = {"numpy", "lxml", "simple_icd_10_cm", "drug_named_entity_recognition"}
    code = f"import sys, equipoise.terms.lexicon as l; l.lexicon(); raise SystemExit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_stems_are_stable() -> None:
    """The stem of a stem is itself, so that both sides of a comparison agree."""
    stems = Stems()
    words = {word for key in lexicon()._things.phrases() for word in key.split()}
    assert sorted(word for word in words if word.islower() and stems[stem(word)] != stems[word]) == []
