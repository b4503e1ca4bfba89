# ruff: noqa: E501  (a row is as long as the record that it states)
"""When a fact must lie: windows, washouts, events, and how long something has lasted."""

from __future__ import annotations

from equipoise.rules.nodes import ConceptRef, Not, Predicate, Window
from spec.tables import spec


def _drug(name: str, window: Window) -> Predicate:
    return Predicate(kind="drug", concept=ConceptRef(name), window=window)


def _condition(name: str, window: Window) -> Predicate:
    return Predicate(kind="condition", concept=ConceptRef(name), window=window)


def _time(op: str, value: int, unit: str, *, upper: int | None = None) -> Predicate:
    return Predicate(
        kind="event_time", from_="stroke onset", to="randomization", op=op, value=value, unit=unit, upper=upper
    )


TIMES = [
    spec(
        "Within days before now",
        _drug("warfarin", Window(anchor="screening", side="before", within="P28D")),
        """
        record                                                    | answer  | until
        drug warfarin since 2025-12-18 until 2025-12-18           | yes     | 2026-01-15
        drug warfarin since 2025-12-17 until 2025-12-17           | unknown |
        drug warfarin since 2025-12-17 until 2025-12-17; all drug listed | no |
        drug warfarin since 2025-06-01 until 2026-01-10           | yes     | 2026-02-07
        drug warfarin since 2025-06-01                            | unknown |
        drug warfarin [ongoing] since 2025-06-01                  | yes     |
        drug warfarin                                             | unknown |
        past drug warfarin since 2025-12 until 2026-01            | yes     |
        past drug warfarin since 2025-12                          | unknown |
        past drug warfarin until 2025-12                          | unknown |
        no drug warfarin on 2026-01-15                            | unknown |
        no drug warfarin since 2025-12-01 until 2026-01-15        | no      |
        no drug warfarin [ever]                                   | no      |
        all drug listed                                           | no      |
        planned drug warfarin on 2026-01-20                       | unknown |
        """,
        note="Days are counted on the calendar. A drug of which the end is not stated may have been stopped; “ongoing” "
        "says that it was not. Not taking it today says nothing of last week.",
    ),
    spec(
        "A washout",
        Not(_drug("warfarin", Window(anchor="randomization", side="before", within="P28D"))),
        """
        record                                                    | answer  | from
        drug warfarin since 2025-06-01 until 2026-01-10           | no      | 2026-02-08
        drug warfarin since 2025-06-01 until 2025-12-17; all drug listed | yes |
        drug warfarin [ongoing] since 2025-06-01                  | no      |
        """,
        note="“From” is the day from which the patient is eligible, as far as this criterion goes.",
    ),
    spec(
        "At least so long ago",
        _drug("rituximab", Window(anchor="screening", side="before", at_least="P6M")),
        """
        record                                                                  | answer  | from
        drug rituximab since 2025-01-01 until 2025-07-15                        | yes     |
        drug rituximab since 2025-01-01 until 2025-07-16                        | no      | 2026-01-16
        drug rituximab since 2025-01-01                                         | unknown |
        possible drug rituximab since 2025-11-01 until 2025-11-01               | unknown |
        planned drug rituximab                                                  | unknown |
        drug rituximab since 2023-01-01 until 2023-06-01; drug rituximab since 2025-11-01 until 2025-11-01 | unknown |
                                                                                | unknown |
        """,
        note="Of two courses, one long past and one recent, the text does not say which is meant.",
    ),
    spec(
        "Within hours before now",
        _condition("ischemic stroke", Window(anchor="randomization", side="before", within="PT24H")),
        """
        record                                                              | answer  | until
        condition ischemic stroke since 2026-01-14T22:10+01:00 until 2026-01-14T22:10+01:00 | yes | 2026-01-15T22:10+01:00
        condition ischemic stroke since 2026-01-14T21:10+00:00              | yes     | 2026-01-15T22:10+01:00
        condition ischemic stroke since 2026-01-14T09:39+01:00 until 2026-01-14T09:39+01:00 | unknown |
        condition ischemic stroke since 2026-01-14T09:39+01:00 until 2026-01-14T09:39+01:00; all condition listed | no |
        condition ischemic stroke since 2026-01-15                          | yes     |
        condition ischemic stroke since 2026-01-14                          | unknown |
        condition ischemic stroke since 2026-01                             | unknown |
        condition stroke since 2026-01-15T08:00+01:00                       | unknown |
        """,
        note="A day alone is an unknown time of that day. Today is today until now.",
    ),
    spec(
        "A day alone for the patient, and a window of hours",
        _condition("ischemic stroke", Window(side="before", within="PT24H")),
        """
        record                                                     | answer
        condition ischemic stroke since 2026-01-15T08:00+01:00     | yes
        condition ischemic stroke since 2026-01-14T08:00+01:00     | unknown
        """,
        at="2026-01-15",
    ),
    spec(
        "Within years before now",
        _condition("malignancy", Window(side="before", within="P5Y")),
        """
        record                                              | answer
        condition breast cancer since 2023                  | yes
        past condition breast cancer since 2023 until 2024  | yes
        condition breast cancer since 2015                  | unknown
        condition breast cancer since 2015 until 2016       | unknown
        condition breast cancer since 2015 until 2016; all condition listed | no
        condition breast cancer since 2015 until 2021       | unknown
        condition breast cancer [active] since 2015         | yes
        no condition malignancy [history]                   | no
        no condition malignancy                             | unknown
        """,
    ),
    spec(
        "At least so long ago: a condition",
        _condition("myocardial infarction", Window(side="before", at_least="P12M")),
        """
        record                                              | answer  | from
        condition myocardial infarction since 2024-03-01    | yes     |
        condition myocardial infarction since 2025-11-20    | no      | 2026-11-20
        condition myocardial infarction since 2025-01       | unknown |
        """,
        note="A condition is dated by its beginning.",
    ),
    spec(
        "Between two lengths of time",
        _condition("myocardial infarction", Window(side="before", at_least="P3M", within="P12M")),
        """
        record                                                               | answer
        condition myocardial infarction since 2025-06-01 until 2025-06-01    | yes
        condition myocardial infarction since 2026-01-01 until 2026-01-01    | no
        condition myocardial infarction since 2020-01-01 until 2020-01-01    | unknown
        """,
    ),
    spec(
        "After an event",
        Predicate(
            kind="measurement",
            concept=ConceptRef("left ventricular ejection fraction"),
            op="<",
            value=35,
            unit="%",
            window=Window(anchor="ROSC", side="after"),
        ),
        """
        record                                                                  | answer
        event_time return of spontaneous circulation on 2026-01-14T12:00+01:00; measurement left ventricular ejection fraction = 30 % on 2026-01-14T14:00+01:00 | yes
        event_time return of spontaneous circulation on 2026-01-14T12:00+01:00; measurement left ventricular ejection fraction = 30 % on 2026-01-13 | unknown
        event_time return of spontaneous circulation on 2026-01-14T12:00+01:00; measurement left ventricular ejection fraction = 30 % on 2026-01-14 | unknown
        measurement left ventricular ejection fraction = 30 % on 2026-01-14T14:00+01:00                       | unknown
        """,
        note="An event other than the screening itself is a dated fact of that name; where the record has none, the answer is open.",
    ),
    spec(
        "Around an event",
        Predicate(
            kind="measurement",
            concept=ConceptRef("body temperature"),
            op="<",
            value=30,
            unit="Cel",
            window=Window(anchor="hospital admission", side="around"),
        ),
        """
        record                                                                                       | answer
        procedure hospitalization on 2026-01-14; measurement body temperature = 29 Cel on 2026-01-14T10:00+01:00 | yes
        event_time hospital admission on 2026-01-14; measurement body temperature = 29 Cel on 2026-01-14T10:00+01:00 | yes
        event_time hospital admission on 2026-01-14; measurement body temperature = 29 Cel on 2026-01-11 | unknown
        measurement body temperature = 29 Cel on 2026-01-14T10:00+01:00 | unknown
        """,
    ),
    spec(
        "Within a length of an event, on either side",
        _drug("heparin", Window(anchor="surgery", side="around", within="P2D")),
        """
        record                                                              | answer
        procedure surgery on 2026-01-10; drug heparin since 2026-01-12 until 2026-01-13 | yes
        procedure surgery on 2026-01-10; drug heparin since 2026-01-13 until 2026-01-13; all drug listed | no
        """,
    ),
    spec(
        "Time between two events",
        _time("<=", 24, "h"),
        """
        record                                          | answer  | until
        event_time stroke onset on 2026-01-14T22:10+01:00 | yes   | 2026-01-15T22:10+01:00
        event_time stroke onset on 2026-01-14T09:40+01:00 | yes   | 2026-01-15T09:40+01:00
        event_time stroke onset on 2026-01-14T09:39+01:00 | no    |
        event_time stroke onset on 2026-01-13             | no    |
        event_time stroke onset on 2026-01-14             | unknown |
        event_time stroke onset on 2026-01-15             | yes   |
        condition ischemic stroke since 2026-01-14T22:10+01:00 | unknown |
                                                        | unknown |
        """,
        note="A diagnosis is dated by the record; the onset is an event of its own.",
    ),
    spec(
        "More than so many hours after an event",
        _time(">", 4, "h"),
        """
        record                                            | answer  | from
        event_time stroke onset on 2026-01-15T05:39+01:00 | yes     |
        event_time stroke onset on 2026-01-15T05:40+01:00 | no      | 2026-01-15T09:41+01:00
        event_time stroke onset on 2026-01-15             | unknown |
        """,
    ),
    spec(
        "Between two lengths after an event",
        _time("between", 6, "h", upper=24),
        """
        record                                            | answer  | from                   | until
        event_time stroke onset on 2026-01-15T01:00+01:00 | yes     |                        | 2026-01-16T01:00+01:00
        event_time stroke onset on 2026-01-15T05:00+01:00 | no      | 2026-01-15T11:00+01:00 |
        """,
    ),
    spec(
        "Days between two events",
        _time("<=", 7, "d"),
        """
        record                                | answer  | until
        event_time stroke onset on 2026-01-08 | yes     | 2026-01-15
        event_time stroke onset on 2026-01-07 | no      |
        event_time stroke onset on 2026-01    | unknown |
        """,
    ),
    spec(
        "A moment that is still to come",
        Predicate(kind="event_time", from_="stroke onset", to="thrombolysis start", op="<=", value=24, unit="h"),
        """
        record                                            | answer  | until
        event_time stroke onset on 2026-01-14T22:10+01:00 | unknown | 2026-01-15T22:10+01:00
        event_time stroke onset on 2026-01-14T22:10+01:00; event_time thrombolysis start on 2026-01-15T08:00+01:00 | yes |
        event_time stroke onset on 2026-01-15T08:30+01:00; event_time thrombolysis start on 2026-01-15T08:00+01:00 | unknown |
        """,
        note="The window closes all the same. Events in the wrong order answer nothing.",
    ),
    spec(
        "How long something has lasted",
        Predicate(kind="duration", concept=ConceptRef("type 1 diabetes"), op=">=", value=12, unit="mo"),
        """
        record                                                  | answer  | from
        condition type 1 diabetes since 2019                    | yes     |
        condition type 1 diabetes since 2025-06-01              | no      | 2026-06-01
        condition type 1 diabetes since 2025-01                 | unknown |
        condition type 1 diabetes                               | unknown |
        condition type 1 diabetes since 2019 until 2019-03      | no      |
        duration type 1 diabetes = 2 a                          | yes     |
        duration type 1 diabetes = 12 mo                        | yes     |
        duration type 1 diabetes = 1 d                          | no      |
        no condition type 1 diabetes                            | no      |
                                                                | unknown |
        """,
    ),
    spec(
        "How long an event held",
        Predicate(
            kind="duration", concept=ConceptRef("return of spontaneous circulation"), op=">", value=20, unit="min"
        ),
        """
        record                                                          | answer
        duration return of spontaneous circulation = 25 min             | yes
        duration return of spontaneous circulation = 20 min             | no
        duration return of spontaneous circulation = 1 h                | yes
        event_time ROSC on 2026-01-15T08:00+01:00                       | unknown
        event_time ROSC on 2026-01-15T08:00+01:00 until 2026-01-15T09:00+01:00 | yes
        """,
    ),
]
