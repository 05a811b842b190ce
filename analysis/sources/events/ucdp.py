"""UCDP GED: lethal events of organised violence, in the CSV of its downloads and of humanitarian exchanges (HXL)."""

from analysis.sources.events.layout import EventLayout

UCDP_GED = EventLayout(
    source_name="ucdp_ged",
    title="UCDP GED table",
    citation=(
        "Sundberg, R. and Melander, E. (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace "
        "Research 50(4); Davies, S. et al., Organized violence, Journal of Peace Research (the year of the version)"
    ),
    licence="CC BY 4.0 (UCDP)",
    covers=("1989-01-01", ""),
    columns=(
        "id", "relid", "year", "type_of_violence", "side_a", "side_b", "where_coordinates", "latitude", "longitude",
        "country", "date_prec", "date_start", "date_end", "best", "gwnoa", "gwnob",
    ),
    delimiter=",",
    is_quoted=True,
    comment_prefix="#",
    date_format="any",
    reads={
        "event_id": "id",
        "date_start": "date_start",
        "date_end": "date_end",
        "date_precision_code": "date_prec",
        "event_class": "type_of_violence",
        "type_code": "type_of_violence",
        "source_raw": "side_a",
        "source_key": "gwnoa",
        "target_raw": "side_b",
        "target_key": "gwnob",
        "place": "where_coordinates",
        "place_code": "country",
        "lat": "latitude",
        "lon": "longitude",
    },
    codes={"actor_state": "gw", "place_state": "ucdp_name", "role": "ucdp", "event_type": "ucdp"},
    id_is_number=True,
    ids_last=True,
)  # fmt: skip
