"""
Words as the lexicon compares them, and what an unseen word says by its form.

Two rules live here. `stem` makes plurals, possessives and the adjectives of organs one word, so that
"renal failures" finds "kidney failure". `unseen` reads what no table lists::

    condition = modifier+ head | modifier* named | eponym "syndrome" | generic "of" "the"? modifier+
    procedure = modifier* operated
    drug      = word that ends in an INN stem

A *head* is a word that makes a condition of what stands before it (disease, fistula, rupture); *named*
ends in -itis, -oma, -emia …; *operated* in -ectomy, -plasty …; a *modifier* is an organ or an adjective
that says where or whence. Words that say how bad, how sure or how long ago ("acute", "known",
"previous") are never modifiers: they are qualifiers, and whoever reads the criterion must keep them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# "ARDS" and "SARS" are no plurals: an ARD is another thing, a device's name for one.
_IRREGULAR = {
    word: stem
    for pair in _words(
        """
    aids:aids arthritides:arthritis biopsies:biopsy bullae:bulla bursae:bursa calculi:calculus calves:calf
    children:child condylomata:condyloma criteria:criterion diabetics:diabetic diverticula:diverticulum
    emboli:embolus feet:foot fistulae:fistula foci:focus fungi:fungus glomeruli:glomerulus indices:index
    infarcts:infarction infarct:infarction lice:louse men:man metastatses:metastasis mycoses:mycosis
    nuclei:nucleus ovaries:ovary sequelae:sequela teeth:tooth thrombi:thrombus vertebrae:vertebra women:woman
    disk:disc disks:disc series:series species:species caries:caries rabies:rabies scabies:scabies varices:varix
    ards:ards sars:sars
    """
    )
    for word, _, stem in (pair.partition(":"),)
}

# Each adjective stands for its organ, on both sides of a comparison. "Cervical" is not here: a neck is no cervix.
_ORGAN = {
    adjective: organ
    for pair in _words(
        """
    renal:kidney hepatic:liver cardiac:heart pulmonary:lung gastric:stomach ovarian:ovary uterine:uterus
    prostatic:prostate pancreatic:pancreas splenic:spleen esophageal:esophagus rectal:rectum colonic:colon
    testicular:testis vaginal:vagina vulvar:vulva laryngeal:larynx pharyngeal:pharynx tracheal:trachea
    duodenal:duodenum jejunal:jejunum ileal:ileum urethral:urethra ureteral:ureter retinal:retina corneal:cornea
    cerebral:brain mammary:breast penile:penis thymic:thymus tonsillar:tonsil
    """
    )
    for adjective, _, organ in (pair.partition(":"),)
}

_KEEP_S = ("ss", "us", "is", "os")


class Stems(dict[str, str]):
    """
    Give the stem of a word, each computed once.

    >>> stems = Stems()
    >>> stems["metastases"], stems["hepatic"], stems["crohn's"], stems["HCV"]
    ('metastasis', 'liver', 'crohn', 'hcv')
    """

    def __missing__(self, word: str) -> str:
        found = stem(word.lower())
        if len(self) < 200_000:
            self[word] = found
        return found


def stem(word: str) -> str:
    """
    Return the form under which *word*, in lower case, is looked up.

    >>> [stem(word) for word in ("biopsies", "abscesses", "viruses", "diagnoses", "diseases", "diabetes", "gas")]
    ['biopsy', 'abscess', 'virus', 'diagnosis', 'disease', 'diabete', 'gas']
    """
    if "'" in word or "’" in word:
        word = word.replace("’", "'")
        word = word[:-2] if word.endswith("'s") else word.replace("'", "")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 3 and word[-1] == "s" and not word.endswith(_KEEP_S):
        word = _singular(word)
    return _ORGAN.get(word, word)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith(("oses", "tases", "eses", "lyses")) and len(word) > 6 and not word.endswith(("poses", "closes")):
        return word[:-2] + "is"
    if word.endswith("uses") and len(word) > 6:
        return word[:-2]
    return word[:-1]


# What is not a kind of disease but says how much of it, how sure or when: never part of an unseen name.
QUALIFIERS = _words(
    """
    abnormal acceptable acute active actual additional adequate advanced aggressive alternative annual
    appropriate asymptomatic average bilateral chronic clinical concomitant concurrent confirmed continuous
    controlled critical current dangerous definite diagnostic different disseminated documented elective
    essential ethical excessive existing experimental extensive final following former further general
    generalized hospital identical important inclusive individual initial international investigational known
    legal likely local localized long low high major massive medical mental mild minimal minor moderate multiple
    national necessary new normal obvious occasional ongoing optimal optional original other persistent personal
    physical planned positive possible potential preexisting present previous primary prior probable progressive
    prognostic public recent recurrent refractory regular relapsed relevant reversible secondary serious severe
    several significant similar simultaneous single special specific stable statistical subsequent successive
    suitable suspected symptomatic temporary terminal therapeutic total typical uncontrolled underlying
    unilateral unknown unstable untreated usual various vital voluntary well negative oral animal trial interval
    survival withdrawal approval referral removal arrival electronic genetic academic anonymous ordinary
    numerous educational occupational functional additional conditional professional traditional operational
    logistic organic specific automatic systematic problematic prophylactic cosmetic basic topic public clinic
    spontaneous consecutive criminal emotional social financial logical psychological verbal exceptional
    regional global routine procedural technical practical radical serial partial central peripheral lateral non
    any all such intermittent transient residual treated unrelated related life history characteristic synthetic
    biologic radiographic narcotic pathologic periodic genomic intrinsic epidemic metallic economic academic
    domestic
    """
)

_ORGANS = _words(
    """
    abdomen abdominal cns gi adrenal airway anal ankle anus aorta aortic appendix arm artery arterial articular atrial
    autonomic axillary back bile biliary bladder blood bone bowel brachial brain breast bronchial bronchus
    buccal cardiopulmonary cardiovascular carotid cartilage cerebellar cerebrovascular cervical cervix chest
    choroidal colon colorectal conjunctival connective coronary cornea cranial craniofacial cutaneous dental
    dermal digestive disc duodenum ear elbow endocrine endometrial epidermal epithelial esophagus eye eyelid
    facial fallopian femoral foot gallbladder gastroduodenal gastroesophageal gastrointestinal genital
    genitourinary gingival glomerular gum gynecologic gynecological hand head heart hematologic hematological
    hematopoietic hepatobiliary hip hypothalamic ileum immune immunologic immunological intestinal intestine
    intracranial intraocular jaw jejunum joint kidney knee larynx leg ligament limb lip liver lumbar lung lymph
    lymphatic lymphoid mandibular maxillary mediastinal meningeal meniscal mesenteric metabolic mitral mouth
    mucosal muscle muscular musculoskeletal myocardial nail nasal nasopharyngeal neck nerve neural neurologic
    neurological neuromuscular nipple nose ocular ophthalmic optic orbital oropharyngeal orthopedic osseous
    ovary palatal palate pancreas parathyroid parotid pelvic pelvis penis pericardial perianal perineal
    periodontal peritoneal pharynx pituitary placental pleural prostate psychiatric rectum respiratory retina
    rheumatic rheumatologic rib sacral salivary scalp scrotal sensory septal shoulder sinus skeletal skin soft
    spinal spine spleen sternal stomach synovial tendon testis thoracic throat thymus thyroid tibial tissue toe
    tongue tonsil tooth trachea tracheobronchial tricuspid umbilical ureter urethra urinary urogenital urologic
    urological uterus uveal vagina valve valvular vascular vein venous ventricular vertebral vestibular visual
    vocal vulva wrist bacterial viral fungal parasitic protozoal mycobacterial streptococcal staphylococcal
    autoimmune allergic inflammatory infectious hemorrhagic ischemic hemolytic thrombotic thromboembolic
    obstructive degenerative congenital hereditary inherited traumatic alcoholic diabetic hypertensive toxic
    nutritional lymphoproliferative myeloproliferative granulomatous demyelinating neurodegenerative
    eosinophilic malignant benign opportunistic cystic fibrotic invasive hormonal developmental chromosomal
    """
)

# Words that make a condition of what stands before them.
HEADS = _words(
    """
    abnormality abscess adhesion agenesis aneurysm anomaly arrest arteritis atresia atrophy blockage
    calcification cancer carcinoma cyst defect deficiency deformity degeneration detachment dilatation
    disability disease dislocation disorder disturbance dysfunction dysplasia edema effusion embolism embolus
    erosion failure fistula fracture hematoma hemorrhage hernia hyperplasia hypertension hypertrophy hypoplasia
    illness impairment incompetence infarction infection infestation infiltration inflammation injury
    instability insufficiency intoxication ischemia laceration leak lesion leukemia lymphoma malformation
    malfunction malignancy mass metastasis necrosis neoplasia neoplasm nodule obstruction occlusion opacity pain
    palsy paralysis perforation poisoning polyp prolapse regurgitation rupture sarcoma sclerosis spasm stenosis
    stone stricture swelling syndrome tear thrombosis thrombus toxicity trauma tumor ulcer ulceration varix
    vasculitis weakness wound bleeding allergy hypersensitivity intolerance
    """
)

# What a head does not make a condition of: one has a muscle mass, and "head and neck cancer" is one cancer, not two.
_NOT_HEADED = frozenset({"muscle mass", "bone mass"}) | {
    f"{organ} {word}"
    for organ in ("head", "neck")
    for word in ("cancer", "carcinoma", "malignancy", "tumor", "neoplasm")
}

# Heads that also stand before "of the …".
_GENERIC = HEADS - {"arrest", "syndrome", "mass", "leak", "disability", "illness"}

_NAMED = re.compile(
    r"(?!non)[a-z]{3,}(?:itis|oma|[^d]emia|osis|[^mt]pathy|algia|plegia|paresis|uria|penia|megaly|ectasis|ectasia|rrhea|rrhagia"
    r"|phagia|phasia|trophy|iasis|kinesia|asthenia|phobia|dipsia|pnea|plasia|malacia|dystrophy|dystonia"
    r"|emesis|edema|encephaly|dactyly|thorax|toxicity|(?:par|dys|hyper|hypo)[ao]?esthesia)$"
)
_NOT_NAMED = _words(
    """
    diagnosis prognosis hypnosis anastomosis apoptosis osmosis mitosis meiosis symbiosis metamorphosis
    autodiagnosis misdiagnosis telediagnosis anamnesis diploma aroma stroma genoma soma chroma glycemia
    normoglycemia euglycemia natremia kalemia normokalemia normocalcemia uricemia lipidemia euvolemia
    normovolemia normothermia academia sympathy empathy homeopathy homoeopathy osteopathy naturopathy telepathy
    allopathy hydropathy trophy nostalgia autophagia eupnea anesthesia anaesthesia thorax hemithorax synesthesia
    kinesthesia bioanemia volemia immunodiagnosis euthyrosis neurohypnosis phlebosclerosis endometria therapia
    serodiagnosis
    """
)
_OPERATED = re.compile(r"[a-z]{2,}(?:ectomy|otomy|ostomy|plasty|oscopy|ography|centesis|opexy|desis|rrhaphy|tripsy)$")
_NOT_OPERATED = _words(
    """
    dichotomy anatomy demography geography biography bibliography photography topography typography cartography
    lithography chromatography pornography stenography microscopy spectroscopy autobiography historiography
    epigraphy ethnography videography crystallography kinesis immunomicroscopy hagiography oceanography
    """
)
# The stems of international nonproprietary names that are safe at the end of a word (WHO's list of stems).
_DRUG = re.compile(
    r"[a-z]{2,}(?:[ltxz]umab|[uv]mab|[iz]umab|tuzumab|ximab|limab|mumab|tinib|fenib|zomib|ciclib|parib|rafenib|metinib"
    r"|lisib|vastatin|[^a]pril|sartan|olol|prazole|gliptin|gliflozin|glutide|cillin|floxacin|mycin|micin|conazole"
    r"|navir|tegravir|buvir|asvir|previr|ciclovir|xaban|gatran|triptan|setron|dronate|dronic|parin|taxel|platin|rubicin"
    r"|azepam|azolam|barbital|dipine|thiazide|coxib|rolimus|lukast|tropium|[^s]terol|ercept|kinra|grastim|poetin|leucel"
    r"|siran|nersen|fungin|cycline|oxetine|caine|glitazone|fibrate|semide|fenac|curium|curonium|cisteine|orphan)$"
)
_NOT_DRUG = frozenset({"april", "orphan", "cocaine"})
# With what the words end that these expressions find; more besides, which does no harm.
_LAST_LETTERS = frozenset(
    ending[-2:] for form in (_NAMED, _OPERATED, _DRUG) for ending in form.pattern.removesuffix(")$").split("|")
)

_ADJECTIVE = ("ic", "eal", "ular", "oid", "genous", "thelial")
_FUNCTION = _words(
    """
    a an the of or and with without for to in on at by from as than this that these those his her
    """
)
# Drugs that end like the adjectives of organs: they say no place ("steroid lung disease" is no disease).
_NO_MODIFIERS = _words(
    """
    steroid corticosteroid glucocorticoid mineralocorticoid opioid cannabinoid retinoid colloid crystalloid antibiotic
    diuretic narcotic anesthetic analgesic antipsychotic anxiolytic hypnotic antiarrhythmic antithrombotic prokinetic
    antiemetic anticholinergic mucolytic thrombolytic fibrinolytic antidiabetic hypoglycemic antiepileptic antispasmodic
    antineoplastic cytostatic sympathomimetic dopaminergic serotonergic psychotropic probiotic prebiotic
    """
)
# What begins no unseen name although it ends like a modifier or stands before "syndrome".
_SYNDROMES = _words(
    """
    this that these those such same other another multiple clinical known related following associated any metabolic
    """
)


class _Shapes(dict[str, tuple[str, bool, str]]):
    """For each word its stem, whether it is a modifier, and the kind that its form alone gives away; each told once."""

    def __missing__(self, word: str) -> tuple[str, bool, str]:
        shape = stem(word.lower())
        found = shape, _modifies(shape), _kind_by_form(shape)
        if len(self) < 200_000:
            self[word] = found
        return found


_shapes = _Shapes()


def unseen(words: Sequence[str], start: int) -> tuple[str, int] | None:
    """
    Return the kind and the length of the name that begins at *start*, judged by its words' form alone.

    >>> unseen("adrenal gland disease".split(), 0)
    >>> unseen("mesenteric venous thrombosis".split(), 0)
    ('condition', 3)
    >>> unseen("obliterans cheilitis".split(), 1), unseen(["noxadustinib"], 0), unseen(["diagnosis"], 0)
    (('condition', 1), ('drug', 1), None)
    """
    shape = _shapes[words[start]]
    if shape[1]:
        end, limit = start + 1, min(len(words), start + 5)
        while end < limit and _shapes[words[end]][1]:
            end += 1
        # The longest reading first: the last modifier may itself be the head ("liver abscess" has one, "lung" none).
        for stop in range(min(end, limit - 1), start - 1, -1):
            kind = _kind_of(words, start, stop)
            if kind:
                return kind, stop + 1 - start
    elif shape[2]:
        return shape[2], 1
    return _of_the(words, start, shape[0])


def begins_unseen(word: str) -> bool | None:
    """
    Return whether an unseen name may begin with *word*; None where only "syndrome" right behind it makes it one.

    >>> begins_unseen("mesenteric"), begins_unseen("rupture"), begins_unseen("of"), begins_unseen("sneddon")
    (True, True, False, None)
    """
    first, modifies, kind = _shapes[word]
    if modifies or kind or first in _GENERIC:
        return True
    return None if _is_proper(first) else False


def _modifies(word: str) -> bool:
    if word in QUALIFIERS or word in _FUNCTION or word in _NO_MODIFIERS:
        return False
    return word in _ORGANS or (len(word) > 6 and word.isalpha() and word.endswith(_ADJECTIVE))


def _kind_by_form(word: str) -> str:
    if word[-2:] not in _LAST_LETTERS:
        return ""  # most words
    if _NAMED.match(word) and word not in _NOT_NAMED:
        return "condition"
    if _OPERATED.match(word) and word not in _NOT_OPERATED:
        return "procedure"
    return "drug" if _DRUG.match(word) and word not in _NOT_DRUG else ""


def _kind_of(words: Sequence[str], start: int, stop: int) -> str:
    """Return the kind of the name whose last word is at *stop*: by its form, or as a head with its modifiers."""
    word, _, kind = _shapes[words[stop]]
    if kind and (kind != "drug" or stop == start):
        return kind
    if stop > start and word in HEADS and f"{_shapes[words[stop - 1]][0]} {word}" not in _NOT_HEADED:
        return "condition"
    return ""


def _of_the(words: Sequence[str], start: int, first: str) -> tuple[str, int] | None:
    """Read "rupture of the spleen", and "X syndrome" where X is a name that we do not know."""
    if start + 1 >= len(words):
        return None
    second = _shapes[words[start + 1]][0]
    if second == "syndrome":
        return ("condition", 2) if _is_proper(first) else None
    if second != "of" or first not in _GENERIC:
        return None
    end = start + 2
    if end < len(words) and words[end] == "the":
        end += 1
    begin = end
    while end < len(words) and end < begin + 4 and _shapes[words[end]][1]:
        end += 1
    # "Infection of the respiratory" goes on: the last word must be an organ, not an adjective.
    whole = end > begin and not _shapes[words[end - 1]][0].endswith(("al", "ar", "ary", "ic", "ory", "ous"))
    return ("condition", end - start) if whole else None


def _is_proper(word: str) -> bool:
    """Return whether *word* may be the name of a syndrome: no part of speech, no condition, no activity."""
    common = word in QUALIFIERS or word in _FUNCTION or word in HEADS or word in _SYNDROMES or bool(_kind_by_form(word))
    return (
        word.isalpha()
        and len(word) > 3
        and not common
        and not word.endswith(("ing", "tion", "ity", "ness", "ment", "ive"))
    )
