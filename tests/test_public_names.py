"""What a notebook may use: the list of public names, each of which loads."""

import importlib

import pytest

import analysis

PUBLIC = """
    Evidence Link TightropeError UnknownNameError balance compare_states compare_weights
    count_events create_engagements create_spells create_tie_matrix depth draw_coverage
    draw_memberships draw_neighbours draw_sensitivity draw_ties draw_tilt draw_timeline
    draw_words_and_deeds engagement_by_month key_events key_numbers load_evidence rank_events
    read_build read_table resolve_actor resolve_state rolling_tilt show_figure show_table show_text
    show_title table_balance table_events table_files table_sources
    tilt title_briefing words_and_deeds write_answer write_coverage
    write_events_with_powers write_organisations write_provenance
"""


def test_every_public_name_loads_from_the_module_that_defines_it():
    for name in analysis.__all__:
        value = getattr(analysis, name)
        assert getattr(value, "__name__", name) == name
        assert value.__doc__, f"{name} has no docstring"


def test_a_package_of_the_same_name_never_hides_a_function():
    for module in ("measures", "figures", "briefing"):
        importlib.import_module(f"analysis.{module}")
    assert all(callable(getattr(analysis, name)) for name in analysis.__all__)


def test_the_names_are_listed_once_and_in_order():
    assert sorted(PUBLIC.split()) == analysis.__all__


def test_an_unknown_name_says_so():
    with pytest.raises(AttributeError, match="no attribute 'titl'"):
        analysis.titl  # noqa: B018
