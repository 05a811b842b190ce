"""What is said of shifts, of pressure at home and of the response around events: beside each other, never of causes."""

from __future__ import annotations

from analysis.briefing.cautions import (
    CHANCE,
    say_alternatives,
    say_searched,
    say_step,
    say_strongest,
)
from analysis.briefing.domestic import Home, Movement
from analysis.briefing.evidence import Evidence
from analysis.briefing.wording import begin_sentences, list_names, name_of, spoken
from analysis.figures.terms import PRESSURE_KINDS, say_code
from analysis.figures.wording import chain
from analysis.language import message, say, say_number
from analysis.language.numbers import format_digits
from analysis.measures.lags import LaggedCorrelation
from analysis.measures.movement import ONE_SIDED, TiltMovement
from analysis.measures.periods import MINIMUM_EVENTS, MINIMUM_PERIODS, Density
from analysis.measures.pressure import KINDS
from analysis.schema.rows import each_row
from analysis.wording import (
    count,
    format_day,
    format_end,
    format_level,
    format_month,
    format_number,
    format_percent,
    join,
    say_p_value,
)

_HALVES = message(
    "Cut in the middle, before any look at the events, the window has a tilt between {a} (+1) and {b} (−1) of {before} "
    "up to {last} and of {after} from then on: a difference of {difference} (90 % interval {low} to {high})."
)
_SURE = message("The second half lies nearer to {power} with a probability of {probability}.")
_OPEN = message(
    "Whether the second half lies nearer to either is open: to {power} with a probability of {probability}."
)
_HALVES_FEW = message(
    "Cut in the middle, the window has too few events with cooperation in one half or both ({before} and {after}) to "
    "compare the tilt of the two."
)
_ONE_SIDED = message(
    "In one half all cooperation is with one power, so that its own draws do not vary and the interval is too narrow."
)
_CHANGE = message(
    "Engagement with {power} changes its level in {month}; the change is still found at {factor} times the penalty, "
    "and within a quarter of it in {share} of the resamples."
)
_NO_CHANGE = message("With {power} no change of level is found in the quarters.")
_RULE = message(
    "A change is looked for where there are {events} or more, in {quarters} or more of which at least a fourth hold "
    "one; with {powers} there are fewer, which is too few to say."
)
_ENGAGEMENT = message("engagement with {power}")
_AT_HOME = message("pressure at home")
_NEARBY = message("The events named beside a change stand near it in time, and nothing more is said of them.")
_KIND = message("{kind} {n}")
_NOTHING = message("Of what happens at home no event is on record in this window.")
_PRESSURE = message(
    "Pressure at home changes its level in {month}, from {before} to {after} points a quarter; the change is still "
    "found at {factor} times the penalty, and within a quarter of it in {share} of the resamples."
)
_NO_PRESSURE = message("In pressure at home no change of level is found.")
_PRESSURE_FEW = message(
    "For a change of level in pressure at home there are too few events to say ({events}, in {filled} of {quarters})."
)
_AGAINST = message(
    "Month by month, engagement with {power} is lower when pressure at home is higher: a rank correlation of "
    "{correlation} with {when} ({p})."
)
_ALONG = message(
    "Month by month, engagement with {power} is higher when pressure at home is higher: a rank correlation of "
    "{correlation} with {when} ({p})."
)
_APART = message(
    "Month by month, no association of engagement with {power} and pressure at home is found: the strongest "
    "correlation is {correlation}, with {when}, and as large in {share} of arrangements by chance ({p})."
)
_BY_QUARTER = message("By quarter, with engagement of the same quarter, it is {correlation} ({p}).")
_CARRIERS = message("The months that add most to it are {months}.")
_TOO_SPARSE = message(
    "Month by month, there are too few events to set pressure at home (up to {home} in {months}) against engagement "
    "with {powers}."
)
_FILLED = message("{power} ({events} in {months})")
_SHARED = message(
    "Of the events at home some are on record as events with a power as well ({powers}); here each counts as "
    "engagement alone."
)
_WITH_POWER = message("{n} with {power}")
_METHOD = message(
    "Both series are freed of their trend, since more was gathered in later years, and p, the share of arrangements by "
    "chance with a correlation as large, allows for looking at lags of up to three months either way."
)
_TRIED = message("As {n} powers are tried, an association is spoken of only under p = {threshold}.")
_ROUNDED = message("The difference is taken before rounding.")
_TOGETHER = message("What moves at the same time may have nothing to do with each other.")


@spoken
def write_shifts(evidence: Evidence, movement: Movement) -> list[str]:
    """How the halves of the window differ, and where engagement with each power changes its level."""
    sentences = _halves(evidence, movement) if movement.halves is not None else []
    searched = {power: found for power, found in movement.shifts.items() if found.density.is_enough}
    for power, found in searched.items():
        if found.points.empty:
            sentences.append(say(_NO_CHANGE, power=name_of(evidence, power)))
        sentences += [
            say(
                _CHANGE,
                power=name_of(evidence, power),
                month=format_month(point.date),
                factor=format_number(point.factor, 1),
                share=format_percent(point.steadiness),
            )
            + _blank_before(say_step(evidence, movement.gathered, point.date))
            for point in each_row(found.points)
        ]
    series = [say(_ENGAGEMENT, power=name_of(evidence, power)) for power in searched]
    sentences.append(say_searched([*series, say(_AT_HOME)] if movement.has_pressure else series))
    silent = [power for power in movement.shifts if power not in searched]
    if silent:
        sentences.append(
            say(
                _RULE,
                events=count(MINIMUM_EVENTS, "event", "events"),
                quarters=count(MINIMUM_PERIODS, "quarter", "quarters"),
                powers=list_names(evidence, silent),
            )
        )
    if len(movement.nearest):
        sentences.append(say(_NEARBY))
    return begin_sentences(sentences)


@spoken
def write_home(evidence: Evidence, home: Home) -> list[str]:
    """What is on record at home, whether it changed its level, and whether engagement moves at the same time.

    Returns
    -------
    list of str
        What is on record, what is found with each power, and how it was looked for: some sentences each.
    """
    if home.pressure.empty:
        return [say(_NOTHING)]
    numbers = home.pressure["kind"].value_counts()
    kinds = chain(
        say(_KIND, kind=say_code(kind, PRESSURE_KINDS), n=format_digits(int(numbers[kind]), 0))
        for kind in KINDS
        if kind in numbers
    )
    on_record = say_number(
        len(home.pressure),
        "At home {n} event of pressure or relief is on record: {kinds}.",
        "At home {n} events of pressure or relief are on record: {kinds}.",
        kinds=kinds,
    )
    answered = {power: found for power, found in home.correlations.items() if found.p_value is not None}
    threshold = CHANCE / max(len(answered), 1)  # Bonferroni's bound
    parts = [[on_record, *_pressure(evidence, home)]]
    for power, found in answered.items():
        with_power = [_correlation(evidence, power, found, threshold), _by_quarter(home.by_quarter[power])]
        parts.append(with_power + say_alternatives(evidence, power, found, home.alternatives[power], threshold))
    parts.append([_too_sparse(evidence, home)])
    if answered:
        tried = say(_TRIED, n=format_digits(len(answered), 0), threshold=format_level(threshold))
        parts.append([_shared(evidence, home), say(_METHOD), tried if len(answered) > 1 else "", say(_TOGETHER)])
    return [" ".join(begin_sentences(sentences)) for sentences in parts if any(sentences)]


def _halves(evidence: Evidence, movement: Movement) -> list[str]:
    moved = movement.halves
    assert moved is not None
    if moved.difference is None or moved.low is None or moved.high is None:
        numbers = {"before": moved.before.n_events, "after": moved.after.n_events}
        return [say(_HALVES_FEW, **{name: format_digits(number, 0) for name, number in numbers.items()})]
    values = {
        "before": moved.before.value, "after": moved.after.value, "difference": moved.difference,
    }  # fmt: skip
    sentence = say(
        _HALVES,
        a=name_of(evidence, moved.a),
        b=name_of(evidence, moved.b),
        last=format_day(movement.spans[0][1]),
        low=format_end(moved.low),
        high=format_end(moved.high),
        **{name: format_number(value, signed=True) for name, value in values.items()},
    )
    apart = round(moved.after.value or 0.0, 2) - round(moved.before.value or 0.0, 2)
    rounded = say(_ROUNDED) if round(apart, 2) != round(moved.difference, 2) else ""
    return [sentence, rounded, _nearer(evidence, moved), say(_ONE_SIDED) if moved.reason == ONE_SIDED else ""]


def _nearer(evidence: Evidence, moved: TiltMovement) -> str:
    """To which power the second half lies nearer, where the interval of the difference lies on one side of zero."""
    assert moved.probability is not None
    assert moved.low is not None
    assert moved.high is not None
    towards_a = moved.probability >= 0.5
    is_settled = moved.low > 0 or moved.high < 0
    return say(
        _SURE if is_settled else _OPEN,
        power=name_of(evidence, moved.a if towards_a else moved.b),
        probability=format_number(min(max(moved.probability, 1 - moved.probability), 0.999), 3),
    )


def _pressure(evidence: Evidence, home: Home) -> list[str]:
    held = home.shift.density
    if not held.is_enough:
        return [
            say(
                _PRESSURE_FEW,
                events=count(held.n_events, "event", "events"),
                filled=format_digits(held.n_filled, 0),
                quarters=count(held.n_periods, "quarter", "quarters"),
            )
        ]
    if home.shift.points.empty:
        return [say(_NO_PRESSURE)]
    return [
        say(
            _PRESSURE,
            month=format_month(point.date),
            before=format_number(point.before, 1),
            after=format_number(point.after, 1),
            factor=format_number(point.factor, 1),
            share=format_percent(point.steadiness),
        )
        + _blank_before(say_step(evidence, home.gathered, point.date))
        for point in each_row(home.shift.points)
    ]


def _correlation(evidence: Evidence, power: str, found: LaggedCorrelation, threshold: float) -> str:
    assert found.p_value is not None
    assert found.correlation is not None
    told = _APART if found.p_value >= threshold else _ALONG if found.correlation > 0 else _AGAINST
    values = {"share": format_percent(found.p_value)} if told == _APART else {}
    sentence = say(told, power=name_of(evidence, power), **values, **say_strongest(found))
    if told == _APART:
        return sentence
    return f"{sentence} {say(_CARRIERS, months=join(format_month(day) for day in found.carriers))}"


def _shared(evidence: Evidence, home: Home) -> str:
    """How many events at home are events with each power as well; empty where none is."""
    shared = {power: number for power, number in home.shared.items() if number}
    if not shared:
        return ""
    powers = join(
        say(_WITH_POWER, n=format_digits(number, 0), power=name_of(evidence, power)) for power, number in shared.items()
    )
    return say(_SHARED, powers=powers)


def _blank_before(sentence: str) -> str:
    return f" {sentence}" if sentence else ""


def _by_quarter(found: LaggedCorrelation) -> str:
    """The same by quarter, so that the choice of the period is seen; empty where the quarters are too sparse."""
    if found.p_value is None or found.correlation is None:
        return ""
    return say(_BY_QUARTER, correlation=format_number(found.correlation, signed=True), p=say_p_value(found.p_value))


def _too_sparse(evidence: Evidence, home: Home) -> str:
    """With which powers there is too little to compare, on either side; empty where there is none."""
    silent = {power: found for power, found in home.correlations.items() if found.p_value is None}
    if not silent:
        return ""
    # Events that stand on both sides are left out at home, so that what is left differs from power to power.
    at_home = max((found.densities[0] for found in silent.values()), key=lambda held: held.n_events)
    powers = join(
        say(_FILLED, power=name_of(evidence, power), **_held(found.densities[1])) for power, found in silent.items()
    )
    held = _held(at_home)
    return say(_TOO_SPARSE, home=held["events"], months=held["months"], powers=powers)


def _held(density: Density) -> dict[str, str]:
    return {
        "events": count(density.n_events, "event", "events"),
        "months": say_number(
            density.n_periods,
            "{filled} of {n} month",
            "{filled} of {n} months",
            filled=format_digits(density.n_filled, 0),
        ),
    }
