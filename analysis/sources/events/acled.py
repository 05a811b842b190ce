"""ACLED: the CSV export that its users download with an account of their own."""

from analysis.sources.events.layout import EventLayout

ACLED = EventLayout(
    source_name="acled",
    title="ACLED export",
    citation=(
        "Raleigh, C., Kishi, R. and Linke, A. (2023), Political instability patterns are obscured by conflict dataset "
        "scope conditions, sources, and coding choices, Humanities and Social Sciences Communications 10; "
        "Armed Conflict Location & Event Data (ACLED)"
    ),
    licence="ACLED terms of use: an account is needed and the rows must not be passed on",
    covers=("1997-01-01", ""),
    columns=(
        "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
        "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting",
        "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision",
        "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
    ),
    delimiter=",",
    is_quoted=True,
    date_format="any",
    reads={
        "event_id": "event_id_cnty",
        "date_start": "event_date",
        "date_precision_code": "time_precision",
        "event_class": "sub_event_type",
        "type_code": "sub_event_type",
        "source_raw": "actor1",
        "source_role_code": "inter1",
        "target_raw": "actor2",
        "target_role_code": "inter2",
        "place": "location",
        "place_code": "country",
        "lat": "latitude",
        "lon": "longitude",
        "summary": "notes",
    },
    codes={"actor_state": "acled_name", "place_state": "acled_name", "role": "acled", "event_type": "acled"},
    ids_last=True,
)  # fmt: skip
