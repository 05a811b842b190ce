"""What measures and tables write as a code or a fixed English text, told to the reader in the spoken language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from analysis.figures.wording import one_line
from analysis.language import message, say, say_data

CERTAINTIES = {
    "confirmed": message("confirmed"),
    "single_source": message("one source only"),
    "disputed": message("disputed"),
}
VOTES = {
    "yes": message("yes"), "no": message("no"), "abstain": message("abstain"), "absent": message("absent"),
}  # fmt: skip
FORMS = {"words": message("words"), "deeds": message("deeds")}
WEIGHTINGS = {
    "reviewed": message("reviewed"),
    "derived": message("derived"),
    "unweighted": message("unweighted"),
    "confirmed only": message("confirmed only"),
    "without largest event": message("without largest event"),
}
TIE_KINDS = {
    "mission": message("mission"),
    "defence_agreement": message("defence agreement"),
    "deployment": message("troops"),
    "membership": message("membership"),
    "trade": message("trade"),
}
PRESSURE_KINDS = {
    "protest": message("protest and opposition"),
    "arrest": message("arrests and trials"),
    "media": message("media curbed"),
    "constitution": message("constitution, emergency"),
    "relief": message("pardons, releases"),
}
EPOCH_KINDS = {
    "coup_nearby": message("coup or attempt nearby"),
    "protest_wave": message("wave of protest at home"),
    "leader_visit": message("meeting of leaders"),
}

_TERMS = (
    # why there is no tilt, strength, mean or correlation
    message("too few events"),
    message("no cooperation with either power"),
    message("all cooperation with {power}"),
    message("too few kinds known: no kind with both powers, {needed} are needed"),
    message("too few kinds known: 1 kind with both powers, {needed} are needed"),
    message("too few kinds known: {n} kinds with both powers, {needed} are needed"),
    message("none with either"),
    message("over different roll calls"),
    message("only plans are on record"),
    message("what is on record says nothing of an embassy"),
    message("no source speaks of it"),
    message("no signature was seen"),
    message("troops of unknown number"),
    message("no organisation counts as its own"),
    message("not known for {organisations}"),
    message("no common roll call"),
    message("no common roll calls"),
    message("1 common roll call"),
    message("{n} common roll calls"),
    message("sources differ"),
    message("only a part of a year"),
    message("no figure in the same unit and period"),
    message("only claimed, not measured"),
    message("no figure of the last {years} years"),
    message("no source of arms transfers"),
    message("figures in different units"),
    message("the same under every permutation"),
    message("no permutations"),
    message("no month that both cover"),
    message("too few months to say"),
    message("no event in one of them"),
    message("one of the two does not vary"),
    # what a strength rests on
    message("associate"),
    message("observer"),
    message("embassy"),
    message("office"),
    message("mission"),
    message("consulate general"),
    message("honorary consulate"),
    message("ambassador resident elsewhere"),
    message("no embassy: closed"),
    message("signed {years}"),
    message("ended"),
    message("gone"),
    message("not in {organisations}"),
    message("import, {period}"),
    message("export, {period}"),
    message("trade, {period}"),
    message("import, {period}, at least"),
    message("import, {period}, at most"),
    message("export, {period}, at least"),
    message("export, {period}, at most"),
    message("trade, {period}, at least"),
    message("trade, {period}, at most"),
    message("{n} roll calls"),
    message("{first} to {last}"),
    # units
    message("troops"),
    message("tonnes"),
    message("trucks"),
    message("ships"),
    message("exports"),
    message("imports"),
    message("ECOWAS imports"),
    message("external commercial debt"),
    message("effect points"),
)
_SLOT = re.compile(r"\{(\w+)\}")


def say_code(code: object, terms: Mapping[str, str]) -> str:
    """Name a code of a vocabulary; one that it does not hold is read as words.

    Examples
    --------
    >>> say_code("single_source", CERTAINTIES), say_code("one_sided", WEIGHTINGS)
    ('one source only', 'one sided')
    """
    known = terms.get(str(code))
    return say_data(one_line(str(code).replace("_", " "))) if known is None else say(known)


def say_term(text: object) -> str:
    """Tell a fixed text of the measures, as a reason, with the values it was written with.

    Examples
    --------
    >>> say_term("no figure of the last 5 years"), say_term("made up by somebody")
    ('no figure of the last 5 years', 'made up by somebody')
    """
    given = one_line(text)
    for term, values in match_terms(given, _TERMS):
        return say(term, **values)
    return say_data(given)


def match_terms(text: str, terms: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """The terms that a text was written as, each with the values it was written with; that of fewest slots first.

    Examples
    --------
    >>> next(match_terms("no figure of the last 5 years", ("no figure of the last {years} years",)))
    ('no figure of the last {years} years', {'years': '5'})
    """
    for pattern, term in _patterns(terms):
        if found := pattern.fullmatch(text):
            yield term, found.groupdict()


@cache
def _patterns(terms: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Terms as patterns of the texts they were written as, those with fewer slots first."""
    found = []
    for term in sorted(terms, key=lambda one: (len(_SLOT.findall(one)), -len(one))):
        parts = _SLOT.split(term)
        pattern = "".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
        found.append((re.compile(pattern), term))
    return tuple(found)
