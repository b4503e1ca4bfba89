"""The windows of criteria, answered from notes: met, not met, and when they turn, to the minute."""

from __future__ import annotations

import pytest

from equipoise.criteria.compile import compile_criteria
from equipoise.notes.reader import read_note
from equipoise.records.moments import Moment
from equipoise.rules.answer import Answer
from equipoise.rules.evaluate import evaluate

ZONED, LOCAL, DAY = "2026-01-15T09:40+01:00", "2026-01-15T09:40", "2026-01-15"
ROSC = "Time from ROSC to randomization exceeding 4 hours"
HELD = "Return of spontaneous circulation (ROSC) sustained for >20 minutes"
EJECTION = "Left ventricular ejection fraction (LVEF) <35% after ROSC"
STROKE = "Time from stroke onset to randomization within 24 hours"
ONSET = "Symptom onset within 24 hours before randomization"
UNIT = "ICU admission within 48 hours"
STAY = "hospitalization within the previous month"
CANCER = "malignancy within the past 5 years"
DRUG = "use of immunosuppressive drugs within 14 days"

WINDOWS = [
    ("ROSC at 05:39.", LOCAL, ROSC, True, None, None),
    ("ROSC at 05:40.", LOCAL, ROSC, False, "2026-01-15T09:41+00:00", None),
    ("ROSC was achieved 40 minutes ago.", ZONED, ROSC, False, "2026-01-15T13:01+01:00", None),
    ("ROSC at 04:39 UTC on 2026-01-15.", ZONED, ROSC, True, None, None),
    ("ROSC at 05:40.", DAY, ROSC, None, None, None),
    ("ROSC at 05:40.", None, ROSC, None, None, None),
    ("Seen on 2026-01-15 at 09:40. ROSC at 05:39.", None, ROSC, True, None, None),
    ("ROSC 5 hours ago.", None, ROSC, True, None, None),
    ("ROSC this morning.", ZONED, ROSC, None, None, None),
    ("ROSC at 06:10, sustained for 25 minutes.", ZONED, HELD, True, None, None),
    ("ROSC at 06:10, sustained for 15 minutes.", ZONED, HELD, False, None, None),
    ("ROSC at 06:10. LVEF 30% at 08:30.", ZONED, EJECTION, True, None, None),
    ("LVEF 30% at 05:30. ROSC at 06:10.", ZONED, EJECTION, None, None, None),
    ("Acute ischemic stroke, symptom onset 3 h ago.", ZONED, STROKE, True, None, "2026-01-16T06:40+01:00"),
    ("Acute ischemic stroke. Onset at 09:40 yesterday.", LOCAL, STROKE, True, None, "2026-01-15T09:40+00:00"),
    ("Acute ischemic stroke. Onset at 09:39 yesterday.", LOCAL, STROKE, False, None, None),
    ("Acute ischemic stroke. Onset yesterday.", ZONED, STROKE, None, None, None),
    ("Acute ischemic stroke. Onset today.", ZONED, STROKE, True, None, None),
    ("Acute ischemic stroke. Onset two days ago.", ZONED, STROKE, False, None, None),
    ("Acute ischemic stroke, symptom onset 3 h ago.", None, STROKE, True, None, "2000-07-16T05:00+00:00"),
    ("Acute ischemic stroke, onset about 3 hours ago.", ZONED, STROKE, True, None, None),
    ("Acute ischemic stroke, last seen well at 07:15.", ZONED, STROKE, True, None, None),
    ("Acute ischemic stroke, onset on 2019-03-01.", None, STROKE, None, None, None),
    ("Symptom onset at 10:00 on 14 January 2026.", ZONED, ONSET, True, None, "2026-01-15T10:00+01:00"),
    ("A man presents with weakness that began 26 hours ago.", ZONED, ONSET, False, None, None),
    ("Admitted to the ICU 6 h ago.", ZONED, UNIT, True, None, "2026-01-17T03:40+01:00"),
    ("ICU admission yesterday.", ZONED, UNIT, True, None, None),
    ("ICU admission in January.", ZONED, UNIT, None, None, None),
    ("Hospitalized for heart failure 3 weeks ago.", ZONED, STAY, True, None, "2026-01-25"),
    ("Breast cancer in 2023.", ZONED, CANCER, True, None, None),
    ("Breast cancer in 2023.", None, CANCER, None, None, None),
    ("Azathioprine stopped 5 days ago.", ZONED, DRUG, True, None, "2026-01-24"),
    ("On azathioprine for 2 years.", ZONED, DRUG, True, None, None),
]


def answered(note: str, at: str | None, criterion: str) -> Answer:
    """Return the answer to a criterion's text from a note."""
    read = read_note(note, at=None if at is None else Moment(at))
    (compiled,) = [one for one in compile_criteria(criterion, section="inclusion") if one.parent is None]
    assert compiled.rule is not None
    return evaluate(compiled.rule, read.patient, at=read.at)


@pytest.mark.parametrize(("note", "at", "criterion", "holds", "true_from", "true_until"), WINDOWS)
def test_a_window_is_answered_to_the_minute(
    note: str, at: str | None, criterion: str, holds: bool | None, true_from: str | None, true_until: str | None
) -> None:
    """A text holds, or not, or is open as the note's times say, and turns when they say."""
    answer = answered(note, at, criterion)
    assert (answer.holds, answer.true_from, answer.true_until) == (holds, true_from, true_until)


def test_yesterday_settles_no_window_of_hours_on_a_clock_of_its_own() -> None:
    """Without a time of day "yesterday" is anything up to two days ago; within 12 hours stays open."""
    note = "Symptom onset yesterday. Pain got worse 2 hours ago."
    assert answered(note, None, "Symptom onset within 12 hours").holds is None
