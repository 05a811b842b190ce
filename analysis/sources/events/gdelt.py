"""GDELT 1.0 and 2.0 event files: raw files without a header, and exports of the same table with one."""

from analysis.sources.events.layout import EventLayout

CITATION = (
    "Leetaru, K. and Schrodt, P. A. (2013), GDELT: Global Data on Events, Location and Tone, 1979-2012, "
    "ISA Annual Convention; The GDELT Project"
)
LICENCE = "free for any use with citation of the GDELT Project (terms of use of the project)"

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code",
    "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_EVENT = (
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
)  # fmt: skip
_GEO1 = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO2 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def _columns(geography: tuple[str, ...]) -> tuple[str, ...]:
    return (
        *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
        *(f"Actor{number}{part}" for number in (1, 2) for part in _ACTOR),
        *_EVENT,
        *(f"{place}Geo_{part}" for place in ("Actor1", "Actor2", "Action") for part in geography),
        *("DATEADDED", "SOURCEURL"),
    )


_READS = {
    "event_id": "GLOBALEVENTID",
    "date_start": "SQLDATE",
    "reported": "DATEADDED",
    "source_raw": "Actor1Code",
    "target_raw": "Actor2Code",
    "cameo_code": "EventCode",
    "cameo_root": "EventRootCode",
    "goldstein": "GoldsteinScale",
    "mentions": "NumMentions",
    "place": "ActionGeo_FullName",
    "place_code": "ActionGeo_CountryCode",
    "lat": "ActionGeo_Lat",
    "lon": "ActionGeo_Long",
    "url": "SOURCEURL",
}
_CODES = {"actor_state": "cameo", "place_state": "fips", "role": "gdelt", "goldstein": "goldstein_gdelt"}

# GDELT dates some events exactly a week, a month, a year or ten years before the article: readings of
# "a year ago" and of anniversaries. Those months or years away are not events of that day.
_MAX_DELAY_DAYS = 300

# The years from 1979 on were coded at once, early in 2013; daily files begin with this day.
_DAILY_SINCE = "2013-04-01"

_COMMON = {
    "citation": CITATION,
    "licence": LICENCE,
    "reads": _READS,
    "codes": _CODES,
    "date_format": "%Y%m%d",
    "id_is_number": True,
}

GDELT1 = EventLayout(
    source_name="gdelt1",
    title="GDELT 1.0 event file",
    covers=("1979-01-01", ""),
    columns=_columns(_GEO1),
    has_header=False,
    n_fields=(58, 57),
    numeric_fields=(0, 1, 2, 3),
    max_delay_days=_MAX_DELAY_DAYS,
    delay_since=_DAILY_SINCE,
    **_COMMON,  # type: ignore[arg-type]
)
GDELT1_TABLE = EventLayout(
    source_name="gdelt1",
    title="GDELT 1.0 table with a header",
    covers=("1979-01-01", ""),
    columns=_columns(_GEO1),
    delimiter=",",
    is_quoted=True,
    missing=("NA",),
    max_delay_days=_MAX_DELAY_DAYS,
    delay_since=_DAILY_SINCE,
    **_COMMON,  # type: ignore[arg-type]
)
GDELT2 = EventLayout(
    source_name="gdelt2",
    title="GDELT 2.0 event file",
    covers=("2015-02-18", ""),
    columns=_columns(_GEO2),
    has_header=False,
    n_fields=(61,),
    numeric_fields=(0, 1, 2, 3),
    max_delay_days=_MAX_DELAY_DAYS,
    **_COMMON,  # type: ignore[arg-type]
)
GDELT2_TABLE = EventLayout(
    source_name="gdelt2",
    title="GDELT 2.0 table with a header",
    covers=("2015-02-18", ""),
    columns=_columns(_GEO2),
    delimiter=",",
    is_quoted=True,
    marks=("ActionGeo_ADM2Code",),
    max_delay_days=_MAX_DELAY_DAYS,
    **_COMMON,  # type: ignore[arg-type]
)
