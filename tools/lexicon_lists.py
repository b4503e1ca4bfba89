"""The lists that `build_lexicon.py` works by: what a code or a name's ending decides, and what no table may hold."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(text.split()).split(" | "))


# Classes that an ICD-10-CM code decides. The chapters' own headings; the narrower range also counts for the wider.
# Who has varicose veins or sleep apnea is not meant by "cardiovascular" or "neurological": those ranges stay out.
ICD_CLASSES = [
    ("A00", "B99", "infection"),
    ("B15", "B19", "viral hepatitis"),
    ("B35", "B49", "fungal infection"),
    ("B50", "B89", "parasitic infection"),
    ("A50", "A64", "sexually transmitted infection"),
    ("C00", "C96", "malignant tumor"),
    ("C81", "C96", "hematologic malignancy"),
    ("C91", "C95", "leukemia"),
    ("C82", "C86", "non hodgkin lymphoma"),
    ("C81", "C86", "lymphoma"),
    ("C77", "C79", "metastatic disease"),
    ("D00", "D48", "neoplasm"),
    ("D50", "D77", "hematologic disease"),
    ("D50", "D64", "anemia"),
    ("D80", "D84", "immunodeficiency"),
    ("E00", "E07", "thyroid disease"),
    ("E08", "E13", "diabetes"),
    ("E20", "E35", "endocrine disease"),
    ("E40", "E46", "malnutrition"),
    ("E70", "E88", "metabolic disease"),
    ("F20", "F50", "mental disorder"),
    ("F60", "F60", "mental disorder"),
    ("F30", "F39", "mood disorder"),
    ("G00", "G46", "neurological disorder"),
    ("G50", "G99", "neurological disorder"),
    ("G40", "G40", "epilepsy"),
    ("G43", "G43", "migraine"),
    ("G70", "G73", "neuromuscular disease"),
    ("H00", "H59", "eye disease"),
    ("I05", "I82", "cardiovascular disease"),
    ("I20", "I25", "coronary artery disease"),
    ("I30", "I52", "heart disease"),
    ("I42", "I43", "cardiomyopathy"),
    ("I50", "I50", "heart failure"),
    ("I60", "I69", "cerebrovascular disease"),
    ("I70", "I82", "vascular disease"),
    ("J09", "J18", "respiratory tract infection"),
    ("J12", "J18", "pneumonia"),
    ("J20", "J22", "respiratory tract infection"),
    ("J40", "J99", "lung disease"),
    ("K20", "K64", "gastrointestinal disease"),
    ("K70", "K77", "liver disease"),
    ("K85", "K86", "pancreatic disease"),
    ("K80", "K83", "biliary disease"),
    ("L00", "L99", "skin disease"),
    ("M00", "M99", "musculoskeletal disease"),
    ("N00", "N29", "kidney disease"),
    ("N30", "N39", "urologic disease"),
    ("Q00", "Q99", "congenital anomaly"),
    ("S00", "T14", "trauma"),
    ("T20", "T32", "burn"),
]


# Drug classes that the stem of an INN decides (WHO, "The use of stems in the selection of INN").
INN_CLASSES = [
    (r"vastatin$", "statin"),
    (r"[^a]pril$", "ace inhibitor"),
    (r"sartan$", "angiotensin receptor blocker"),
    (r"gliptin$", "dpp 4 inhibitor"),
    (r"gliflozin$", "sglt2 inhibitor"),
    (r"enatide$|glutide$", "glp 1 agonist"),
    (r"(?<!i)prazole$", "proton pump inhibitor"),
    (r"cillin$", "penicillin antibiotic"),
    (r"^cef|^ceph", "cephalosporin"),
    (r"floxacin$", "fluoroquinolone"),
    (r"conazole$", "azole antifungal"),
    (r"fungin$", "echinocandin"),
    (r"navir$", "hiv protease inhibitor"),
    (r"tegravir$", "integrase inhibitor"),
    (r"(?:asvir|buvir|previr)$", "hcv direct acting antiviral"),
    (r"vir$", "antiviral"),
    (r"xaban$", "factor xa inhibitor"),
    (r"triptan$", "triptan"),
    (r"setron$", "5 ht3 antagonist"),
    (r"dronate$|dronic acid$", "bisphosphonate"),
    (r"(?:taxel)$", "taxane"),
    (r"platin$", "platinum compound"),
    (r"rubicin$", "anthracycline"),
    (r"azepam$|azolam$", "benzodiazepine"),
    (r"barbital$", "barbiturate"),
    (r"dipine$", "calcium channel blocker"),
    (r"coxib$", "cox 2 inhibitor"),
    (r"lukast$", "leukotriene receptor antagonist"),
    (r"ciclib$", "cdk4/6 inhibitor"),
    (r"(?<!ci)tinib$", "tyrosine kinase inhibitor"),
    (r"zomib$", "proteasome inhibitor"),
    (r"parib$", "parp inhibitor"),
    (r"mab$", "monoclonal antibody"),
    (r"(?:glitazone)$", "thiazolidinedione"),
    (r"fibrate$", "fibrate"),
    (r"alol$|(?<!oz)olol$", "beta blocker"),
]


ORGAN_CANCERS = _names(
    """
    abdominal | adrenal | ampullary | anal | appendiceal | bile duct | bladder | bone | brain | breast |
    bronchial | cervical | colon | cutaneous | duodenal | endometrial | esophageal | eye | fallopian tube |
    gallbladder | gastric | gastrointestinal | genital | genitourinary | gynecologic | gynecological | head and
    neck | hypopharyngeal | intestinal | kidney | laryngeal | lip | liver | lung | nasal cavity | nasopharyngeal
    | ocular | oral | oral cavity | oropharyngeal | ovarian | pancreas | pancreatic | parathyroid | parotid |
    pelvic | penile | peritoneal | pharyngeal | pituitary | pleural | prostate | rectal | renal | salivary gland
    | sinonasal | skin | small bowel | small intestine | spinal | stomach | testicular | thoracic | throat |
    thymic | thyroid | tongue | tonsil | upper tract | ureteral | urethral | urinary tract | urogenital |
    uterine | uveal | vaginal | vulvar
    """
)


NOT_CONDITIONS = _names(
    """
    healthy | healthy volunteer | healthy volunteers | healthy subjects | survival | quality of life | aging |
    adolescent | behavior | attitude | anesthesia | nutrition | surgery | exercise | pharmacokinetics | safety |
    prevention | vaccination | education | recovery | oncology | diet | sleep | physical activity | body weight
    | motor activity | emergencies | contraception | genetics | child | women | men | communication |
    rehabilitation | mortality | prognosis | diagnosis | screening | cognition | memory | satisfaction |
    adherence | compliance | immunization | growth | development | lifestyle | self efficacy | parenting |
    decision making | resilience | elderly | labor | delivery | hemostasis | knowledge | other | health | family
    | caregivers | students | nurses | older adults | signs and symptoms | pathologic processes | pathological
    conditions anatomical | neurologic manifestations | disease attributes | by site | by histologic type |
    acute | adult | mass | syndrome | stress | death | coitus | recurrence | rupture | convalescence | disease |
    convalescent | birth weight | bone mass | body temperature changes | anatomical pathological conditions |
    assisted suicide | facies | patient compliance | sexual behavior | instability | aortic arch | skin changes
    | acute exacerbation of chronic | worries | disease progression | cardiovascular risk factor | behavioral
    symptoms | coinfection | risk | retirement | widowhood | dependence | primary | secondary | chronic |
    malignant | benign | body weight changes | neurobehavioral manifestations | psychology | mental health |
    emotions
    """
)


# Named like drugs in the sources, but measured, eaten or said every day.
NOT_DRUGS = _names(
    """
    water | oxygen | nitrogen | glucose | sucrose | lactose | fructose | creatinine | urea | bilirubin |
    cholesterol | triglycerides | hemoglobin | albumin | ferritin | fibrinogen | thrombin | prothrombin | sodium
    | potassium | calcium | magnesium | phosphate | chloride | iron | copper | lead | gold | silver | carbon |
    hydrogen | histamine | serotonin | uric acid | lactic acid | lactate | ammonia | glutamine | activated |
    standard | control | balance | today | prevent | focus | ensure | complete | recovery | relief | results |
    response | target | medium | solution | protein | proteins | enzymes | antibodies | antigens | platelets |
    cortisol | insulin | aldosterone | renin | tea | coffee | wine | milk | salt | sugar | honey | rice | wheat
    | corn | carbohydrates | fatty acids | amino acids | lipids | air | ice | soap | oil | proline | glycine |
    alanine | serine | leucine | tyrosine | tryptophan | aspartate | troponin | thyrotropin | prolactin |
    corticotropin | urine | blood | plasma | serum | bile | peptides | hormones | steroids | metals | radon |
    smoke | starch | cellulose | ash | advance | align | ultra | stable | active | adult | assist | basic |
    clear | contact | core | cover | direct | drive | factor | first | gas | impact | invite | maintain | match
    | normal | one | optimal | plan | plus | prime | refresh | resolve | restore | select | sensitive | share |
    soft | support | trial | unity | visual | vital | zone | aim | bin | cap | met | pace | map | dose | dip |
    via | end | test | tests | none | total | lipase | amylase | trypsin | creatine kinase | transferrin |
    haptoglobin | thyroglobulin | c reactive protein | acetaldehyde | benzene | formaldehyde | methane | ozone |
    chlorine | bromine | fluorine | mercury | arsenic | cadmium | cyanide | interleukin 6 | tumor necrosis
    factor | vasopressins | glucagon like peptide 1 | parathyroid hormone | lysine | arginine | angiotensins |
    ribose | alcohol | beta 2 | cyclo | acetate | carbon dioxide | carbon monoxide | homocysteine | alkaline
    phosphatase | brain natriuretic peptide | c peptide | adenine | aluminum | boron | chromium | cotton | house
    dust | indium | fibrin | human amniotic fluid | acetylcholine | bradykinin | hydrochloric acid | glucose 6
    phosphate | coenzyme a | beeswax | cetyl alcohol | hematoxylin | galactose | candida albicans | aspergillus
    fumigatus | inositol | choline | androstenedione | endothelin 1 | follicle stimulating hormone | corn starch
    | placebo | sham | saline | usual care | standard of care | laboratory biomarker analysis | questionnaire
    administration
    """
)
