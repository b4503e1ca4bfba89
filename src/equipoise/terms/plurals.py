"""Words whose plural has another stem than they have: what an English stemmer does not bring together."""

from __future__ import annotations

_LATIN = (
    "bacillus bacilli, bronchus bronchi, calculus calculi, coccus cocci, embolus emboli, fungus fungi, "
    "glomerulus glomeruli, hippocampus hippocampi, humerus humeri, locus loci, meniscus menisci, nucleus nuclei, "
    "pneumococcus pneumococci, staphylococcus staphylococci, stimulus stimuli, streptococcus streptococci, "
    "thrombus thrombi, uterus uteri, villus villi, alveolus alveoli, atrium atria, bacterium bacteria, "
    "diverticulum diverticula, ganglion ganglia, ovum ova, phenomenon phenomena, septum septa, "
    "serum sera, spectrum spectra, criterion criteria, appendix appendices, "
    "matrix matrices, varix varices, crisis crises, "
    "arthritis arthritides, epididymis epididymides, axis axes, pelvis pelves, carcinoma carcinomata, stoma stomata"
)
_ENGLISH = (
    "child children, woman women, man men, foot feet, tooth teeth, mouse mice, goose geese, knife knives, "
    "calf calves, gas gases, bus buses"
)

# Not here: life and lives, testis and testes, index and indices, cervix and cervices, medium and media. The stem of one
# of the two is another word's (live, test, indication, cervical, otitis media), which would be found in its place.
PAIRS: tuple[tuple[str, ...], ...] = tuple(tuple(pair.split()) for pair in f"{_LATIN}, {_ENGLISH}".split(", "))
