"""Recipes: the choices behind a published similarity of votes, each with a name."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.measures.checks import MeasureError, check_choice

ABSENCES = ("drop", "abstain", "keep")
YEARS = ("calendar", "session", "file")
DISTANCES = ("absolute", "squared", "nominal")


@dataclass(frozen=True)
class Recipe:
    """The choices that a similarity of votes hangs on.

    Parameters
    ----------
    name : str
        What to call it.
    absences : {"drop", "abstain", "keep"}
        A roll call from which one of the two was absent is left out for that pair, or the absence counts as an
        abstention, or as a fourth category beside yes, abstain and no. A vote that is missing, or cast by no member,
        is left out always.
    year : {"calendar", "session", "file"}
        The calendar year of the vote's date, the session, or the column ``year`` of the votes.
    distance : {"absolute", "squared", "nominal"}
        How far apart two categories are for S and A: their steps, those squared, or 1 whenever they differ.
    kappa_distance, pi_distance : {"absolute", "squared", "nominal"}
        The same for Cohen's kappa and for Scott's pi.
    drop_unanimous : bool
        Leave out roll calls in which all who voted voted alike.
    rounding : int, optional
        Decimals of the result; None leaves it as it is.
    weights : str, optional
        A column of the votes: a roll call of weight 2 counts as two.

    Raises
    ------
    MeasureError
        For a choice that is not listed; or if absences are kept as a category and a distance is not nominal, for an
        absence is neither nearer to a yes nor to a no.

    Notes
    -----
    Which expectation corrects for chance is no choice of a recipe: it is what tells the two measures apart, kappa
    taking the product of the two margins and pi that of their mean.

    Examples
    --------
    >>> Recipe("mine", year="session").absences
    'drop'
    >>> Recipe("mine", year="fiscal")
    Traceback (most recent call last):
        ...
    analysis.measures.checks.MeasureError: unknown year 'fiscal'; accepted: calendar, session, file
    """

    name: str
    absences: str = "drop"
    year: str = "calendar"
    distance: str = "absolute"
    kappa_distance: str = "squared"
    pi_distance: str = "squared"
    drop_unanimous: bool = False
    rounding: int | None = None
    weights: str | None = None

    def __post_init__(self) -> None:
        check_choice("absences", self.absences, ABSENCES)
        check_choice("year", self.year, YEARS)
        for field in ("distance", "kappa_distance", "pi_distance"):
            value = getattr(self, field)
            check_choice(field, value, DISTANCES)
            if self.absences == "keep" and value != "nominal":
                raise MeasureError(
                    f"absences kept as a category have no place between yes and no: {field} is {value!r}; "
                    "accepted: nominal"
                )


def _create_recipes() -> dict[str, Recipe]:
    recipes = (
        Recipe("tightrope"),
        Recipe("haege", absences="abstain", distance="squared", rounding=3),
        Recipe("voeten", year="session", drop_unanimous=True),
        Recipe("stevedata", pi_distance="nominal"),
    )
    return {recipe.name: recipe for recipe in recipes}


RECIPES: dict[str, Recipe] = _create_recipes()
"""Recipes by name.

``tightrope``, the default: absences are left out, because an empty seat has many reasons (a small mission, unpaid
dues) and only some are a position; the calendar year, because the other evidence is dated so; all roll calls, because
which are unanimous depends on the others; S with absolute distances, as its authors defined it; squared distances for
both kappa and pi, because yes, abstain and no are ordered, and so that the two differ in nothing but the margins.

``haege``: Häge (2011). An absence counts as an abstention, squared distances throughout, three decimals. Where there
was no variation his files say 0; here the value is missing.

``voeten``: the agreement scores published with the ideal points of Bailey, Strezhnev and Voeten (2017): by session,
without unanimous roll calls. Their measure is ``voeten_agreement``.

``stevedata``: the kappa of stevedata's ``rok_unga`` and the measures of fpsim (Miller): absences left out, calendar
year, S absolute, kappa squared, pi nominal.
"""
