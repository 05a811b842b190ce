"""POLECAT: PLOVER event types coded natively, in the tab-separated weekly and yearly files of its Dataverse."""

from analysis.sources.events.layout import EventLayout

POLECAT = EventLayout(
    source_name="polecat",
    title="POLECAT event file",
    citation=(
        "Halterman, A., Bagozzi, B. E., Beger, A., Schrodt, P. A. and Scarborough, G. I. (2023), PLOVER and POLECAT: "
        "A New Political Event Ontology and Dataset, Harvard Dataverse, doi:10.7910/DVN/AJGVIT"
    ),
    licence="CC0 1.0; see the terms of the dataset",
    covers=("2018-01-01", ""),
    columns=(
        "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
        "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
        "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector",
        "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City",
        "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
        "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
    ),
    missing=("None", "NA"),
    reads={
        "event_id": "Event ID",
        "date_start": "Event Date",
        "reported": "Publication Date",
        "source_raw": "Actor Name",
        "source_key": "Actor Country",
        "source_role_code": "Primary Actor Sector",
        "target_raw": "Recipient Name",
        "target_key": "Recipient Country",
        "target_role_code": "Primary Recipient Sector",
        "event_class": "Event Mode",
        "type_code": "Event Type",
        "goldstein": "Intensity",
        "contexts": "Contexts",
        "place": "Placename",
        "place_code": "Country",
        "lat": "Latitude",
        "lon": "Longitude",
    },
    codes={"actor_state": "iso3", "place_state": "iso3", "role": "polecat", "event_type": "polecat"},
    max_delay_days=300,
)  # fmt: skip
