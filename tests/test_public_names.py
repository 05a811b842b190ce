"""What a notebook may use: the list of public names, each of which loads."""

import importlib
from types import ModuleType

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
    write_claim_facts write_events_with_powers write_facts write_organisations write_provenance
    create_blocs create_hub create_network draw_brokerage draw_portfolio draw_portfolios draw_ports draw_transit draw_votes
    find_brokers measure_portfolios table_investors write_brokerage write_hub write_portfolio write_votes
    region_numbers show_changes table_states title_region write_portfolios write_standing write_voting
    read_coded_events read_dyad_months read_ledger trade_betweenness brokerage signed_balance compare_votes
    compare_portfolios compare_alliances add_commitment add_dates Recipe RECIPES add_alliances add_arms
    add_coups add_events add_ideal_points add_memberships add_trade add_votes_similarity cite
    create_dyad_years create_state_years read_arms_dyads read_arms_table read_atop_alliances
    read_atop_dyad_years read_atop_members read_baci read_coup_events read_coup_years read_cow_states
    read_cow_trade_dyads read_cow_trade_states read_digital_library_votes read_gw_states read_ideal_points
    read_igo_memberships read_roll_calls read_un_votes
    Quality load_quality draw_quality_actors draw_quality_coverage draw_quality_overlap draw_quality_rejects
    quality_numbers title_quality write_archive_provenance write_delays write_duplicates write_frequent_actors
    write_overlap write_pairs write_quality write_quality_facts write_region_facts write_rejects write_source_coverage table_citations
    table_coded_sources table_delays table_duplicates table_event_files table_missing_actors table_overlap
    table_pairs table_state_events table_unknown_codes
    Ledger count_verdicts create_ledger draw_claim_dates table_claim_events table_claim_evidence table_claims table_versions
    title_claims write_claims write_searches write_versions write_weak_claims
    compare_spans count_standings measure_balance_change split_halves split_years
    Neighbourhood draw_neighbourhood draw_tile_map find_happenings measure_neighbourhood measure_years
    write_balance_change write_neighbourhood
    OwnEvents add_own_events read_own_events save_briefing table_own_events table_pair_events write_own_tilt
    compare_tilts correlate_series create_pressure find_shifts measure_response nearest_events net_engagement
    pressure_series select_epochs measure_home measure_movement draw_epochs draw_pressure draw_shifts
    write_epochs write_home write_shifts
"""


def test_every_public_name_loads_from_the_module_that_defines_it():
    for name in analysis.__all__:
        value = getattr(analysis, name)
        assert getattr(value, "__name__", name) == name
        assert value.__doc__, f"{name} has no docstring"


def test_a_package_of_the_same_name_never_hides_a_function():
    for module in ("measures", "figures", "briefing"):
        importlib.import_module(f"analysis.{module}")
    assert not any(isinstance(getattr(analysis, name), ModuleType) for name in analysis.__all__)


def test_the_names_are_listed_once_and_in_order():
    assert sorted(PUBLIC.split()) == analysis.__all__


def test_an_unknown_name_says_so():
    with pytest.raises(AttributeError, match="no attribute 'titl'"):
        analysis.titl  # noqa: B018
