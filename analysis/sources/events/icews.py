"""ICEWS coded event data: the tab-separated yearly files of its Dataverse."""

from analysis.sources.events.layout import EventLayout

ICEWS = EventLayout(
    source_name="icews",
    title="ICEWS event file",
    citation=(
        "Boschee, E., Lautenschlager, J., O'Brien, S., Shellman, S., Starz, J. and Ward, M. (2015), "
        "ICEWS Coded Event Data, Harvard Dataverse, doi:10.7910/DVN/28075"
    ),
    licence="CC0 1.0 for the event files; see the terms of the dataset",
    covers=("1995-01-01", "2023-04-11"),
    columns=(
        "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
        "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher",
        "City", "District", "Province", "Country", "Latitude", "Longitude",
    ),
    missing=("NA",),
    reads={
        "event_id": "Event ID",
        "date_start": "Event Date",
        "source_raw": "Source Name",
        "source_key": "Source Country",
        "source_role_code": "Source Sectors",
        "target_raw": "Target Name",
        "target_key": "Target Country",
        "target_role_code": "Target Sectors",
        "cameo_code": "CAMEO Code",
        "goldstein": "Intensity",
        "place": "City",
        "place_code": "Country",
        "lat": "Latitude",
        "lon": "Longitude",
        "summary": "Event Text",
    },
    codes={"actor_state": "icews_name", "place_state": "icews_name", "role": "icews", "goldstein": "goldstein_icews"},
    id_is_number=True,
)  # fmt: skip
