"""Every reader on a hand-written file of its layout: types, missing values, refusals, and a file that is another's."""

import pandas as pd
import pytest
from relations_cases import adds_up, packed, write

from analysis.errors import TightropeError, UnknownNameError
from analysis.reference.relation_sources import source_note
from analysis.sources.relations import (
    arms,
    atop,
    baci,
    coups,
    cow_trade,
    digital_library,
    ideal_points,
    igo,
    state_lists,
    un_votes,
)

VOTES = "rcid,session,vote,ccode,member,date,unres\n9001,70,1,461,1,12/3/2015,R/70/1\n9001,70,9,220,,12/3/2015,R/70/1\n"
LIBRARY = "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,title\n"
MEMBERS = (
    "atopid,member,phase,yrent,moent,dayent,yrexit,moexit,dayexit,defense,offense,neutral,nonagg,consul\n"
    "9005,461,0,1963,7,10,0,0,0,0,0,0,0,1\n9005,220,0,1963,7,,1990,1,.,0,0,0,0,1\n"
)
DYADS = (
    "ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul\n220.0,461.0,1990.0,0,0,0,0,1\n"
)
IGO = "ccode,year,state,un,ecowas,imaginary\n461.0,1990.0,togo,1.0,1.0,-9.0\n220.0,1990.0,france,1.0,0.0,2.0\n2,1990,usa,1,3,-1\n"
TRADE = "ccode1,ccode2,year,flow1,flow2\n220,461,2014,-9,525.5\n2,461,2014,0,374\n"
NATIONAL = "ccode,year,imports,exports\n461,2014,1500,\n"
POINTS = (
    "Row,ccode,session,NVotes,IdealPoint,QO%,Q5%,Q10%,Q50%,Q90%,Q95%,Q100%,iso3c,Countryname\n"
    "1,437,74,90,0.5,0,0.25,0.3,0.5,0.7,0.75,1,CIV,Côte d'Ivoire\n"
)
COUPS = "country\tccode\tyear\tmonth\tday\tcoup\tversion\nTogo\t461\t1963\t1\t13\t2\tx\nTogo\t461\t1991\t10\t1\t1\tx\n"
COUP_YEARS = "gwcode,year,pt_attempt_num,pt_coup_num,pt_failed_num\n461,1991,4,0,4\n461,1992,0,0,0\n"
COW = "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\nTOG,461,Togo,1960,4,27,2016,12,31,2016\n"
GW = "gwcode,stateabb,statename,startdate,enddate\n461,TOG,Togo,-3536,17531\n"
ARMS = "year,sender,ccode1,receiver,ccode2,value\n2014,France,220,Togo,461,15\n"
ROLL_CALLS = (
    'rcid,session,importantvote,date,unres,amend,para,short,descr\n9001,70.0,,16772.0,R/70/1,1,,TITLE,"two\nlines"\n'
)

READERS = {
    "un_votes": (un_votes.read_un_votes, VOTES, 2),
    "roll_calls": (un_votes.read_roll_calls, ROLL_CALLS, 1),
    "library": (digital_library.read_digital_library_votes, LIBRARY + "1,TGO,TOGO,Y,2015-12-03,70,A/1,t\n", 1),
    "members": (atop.read_atop_members, MEMBERS, 2),
    "dyads": (atop.read_atop_dyad_years, DYADS, 1),
    "igo": (igo.read_igo_memberships, IGO, 3),
    "trade": (cow_trade.read_cow_trade_dyads, TRADE, 2),
    "national": (cow_trade.read_cow_trade_states, NATIONAL, 1),
    "points": (ideal_points.read_ideal_points, POINTS, 1),
    "coups": (coups.read_coup_events, COUPS, 2),
    "coup_years": (coups.read_coup_years, COUP_YEARS, 2),
    "cow": (state_lists.read_cow_states, COW, 1),
    "gw": (state_lists.read_gw_states, GW, 1),
    "arms": (arms.read_arms_dyads, ARMS, 1),
}


@pytest.mark.parametrize("name", READERS)
def test_a_good_file_is_read_whole_under_any_name_plain_or_packed(tmp_path, name):
    reader, text, n_records = READERS[name]
    plain = reader(write(tmp_path, text, "anything.txt"))
    adds_up(plain, n_records)
    assert plain.n_kept == n_records
    frame, rejects = plain
    assert rejects.empty
    pd.testing.assert_frame_equal(frame, reader(write(tmp_path, packed(text), "other.bin")).frame)


@pytest.mark.parametrize("name", READERS)
def test_a_file_of_another_layout_names_itself_what_it_has_and_what_is_expected(tmp_path, name):
    reader, _, _ = READERS[name]
    with pytest.raises(TightropeError, match=r"votes\.csv: is no file of .*colour, size.*Expected: "):
        reader(write(tmp_path, "colour,size\nred,3\n", "votes.csv"))
    with pytest.raises(TightropeError, match=r"none\.csv: is empty"):
        reader(write(tmp_path, " \n", "none.csv"))
    with pytest.raises(TightropeError, match=r"absent\.csv: cannot be read"):
        reader(tmp_path / "absent.csv")


@pytest.mark.parametrize("name", READERS)
def test_no_reader_takes_the_file_of_another(tmp_path, name):
    reader, _, _ = READERS[name]
    for other, (_, text, _) in READERS.items():
        if other != name:
            with pytest.raises(TightropeError, match="is no file of"):
                reader(write(tmp_path, text))


@pytest.mark.parametrize("name", READERS)
def test_a_header_alone_gives_an_empty_frame_of_the_same_types(tmp_path, name):
    reader, text, _ = READERS[name]
    full = reader(write(tmp_path, text)).frame
    empty = reader(write(tmp_path, text.split("\n")[0] + "\n"))
    adds_up(empty, 0)
    assert {column: str(dtype) for column, dtype in empty.frame.dtypes.items()} == {
        column: str(dtype) for column, dtype in full.dtypes.items()
    }


def test_votes_are_words_and_the_line_of_each_refusal_stands(tmp_path):
    text = (
        VOTES
        + '9002,70,2,461,1,12/3/2015,"a symbol\nover two lines"\n'
        + "9002,70,7,220,1,12/3/2015,x\n"  # no such vote
        + "9002,70,1,200,1,31/31/2015,x\n"  # no such day
        + "9002,70,1,2,1\n"  # too few fields
        + "\n"
        + "9002,70,3,461,1,12/3/2015,x\n"  # the second vote of one state
        + "nine,70,3,365,1,12/3/2015,x\n"
        + "9002,70,8,365,1,,x\n"
    )
    reading = un_votes.read_un_votes(write(tmp_path, text))
    adds_up(reading, 9)
    assert reading.frame["vote"].tolist() == ["yes", "not_member", "abstain", "absent"]
    assert reading.frame["roll_call_id"].tolist() == ["9001", "9001", "9002", "9002"]
    assert reading.frame["date"].isna().tolist() == [False, False, False, True]
    assert reading.frame["date"][0] == pd.Timestamp("2015-12-03")
    assert reading.frame.dtypes.astype(str).tolist() == ["str", "Int64", "datetime64[ns]", "Int64", "str"]
    assert reading.rejects["line"].tolist() == [6, 7, 8, 10, 11]
    for reason, part in zip(
        reading.rejects["reason"], ["vote 7", "31/31/2015", "5 fields", "same key", "'nine' is no number"], strict=True
    ):
        assert part in reason.replace("'7'", "7")
    assert '"ccode": "220"' in reading.rejects["raw"][0]


def test_votes_from_rdata_are_those_of_the_csv(tmp_path):
    import rdata

    frame = pd.DataFrame(
        {
            "rcid": [9001.0, 9001.0], "ccode": [461.0, 220.0], "session": [70.0, 70.0], "vote": [1.0, 9.0],
            "date": [16772.0, 16772.0], "unres": pd.array(["R/70/1", "R/70/1"], dtype=pd.StringDtype("python")),
        },
        columns=pd.Index(["rcid", "ccode", "session", "vote", "date", "unres"], dtype=object),
    )  # fmt: skip
    path = tmp_path / "odd.name"
    rdata.write_rda(path, {"x": frame})
    reading = un_votes.read_un_votes(path)
    adds_up(reading, 2)
    pd.testing.assert_frame_equal(reading.frame, un_votes.read_un_votes(write(tmp_path, VOTES)).frame)
    rdata.write_rda(path, {"x": frame.assign(vote=[1.0, 5.0])})
    refused = un_votes.read_un_votes(path)
    adds_up(refused, 2)
    assert refused.rejects["line"].tolist() == [2]
    rdata.write_rda(path, {"x": frame.drop(columns="vote")})
    with pytest.raises(TightropeError, match="x: rcid, ccode, session"):
        un_votes.read_un_votes(path)


def test_a_year_of_two_digits_is_that_of_its_session(tmp_path):
    header = "rcid,session,vote,ccode,date\n"
    rows = "3,1,1,2,1/1/46\n4,22,1,2,2/29/68\n5,24,1,2,12/3/69\n6,70,1,2,12/3/15\n7,70,1,2,12/3/2015\n8,1,1,2,\n"
    reading = un_votes.read_un_votes(write(tmp_path, header + rows))
    adds_up(reading, 6)
    days = ["1946-01-01", "1968-02-29", "1969-12-03", "2015-12-03", "2015-12-03", None]
    pd.testing.assert_series_equal(
        reading.frame["date"], pd.Series(days, dtype="datetime64[ns]"), check_names=False, check_exact=True
    )


def test_roll_calls_have_a_day_and_marks(tmp_path):
    row = un_votes.read_roll_calls(write(tmp_path, ROLL_CALLS)).frame.iloc[0]
    assert (row["roll_call_id"], row["session"], row["date"]) == ("9001", 70, pd.Timestamp("2015-12-03"))
    assert row["is_amendment"]
    assert row[["is_important", "is_paragraph"]].isna().all()
    assert row["description"] == "two\nlines"


def test_the_digital_library_gives_numbers_by_the_day_and_refuses_what_it_cannot_name(tmp_path):
    text = LIBRARY + "".join(
        f"{number},{code},NAME,{vote},{day},{session},A/RES/1,t\n"
        for number, code, vote, day, session in [
            (1, "DEU", "Y", "1980-12-05", 35), (2, "DEU", "N", "1991-12-05", 46), (3, "DDR", "A", "1980-12-05", 35),
            (4, "SUN", "X", "1980-12-05", 35), (5, "RUS", "Y", "2022-03-02", "11emsp"), (6, "UKR", "Y", "1950-12-05", 5),
            (7, "ZAR", "Y", "1980-12-05", 35), (8, "QQQ", "Y", "1980-12-05", 35), (9, "TGO", "P", "1980-12-05", 35),
            (10, "YEM", "Y", "1990-12-05", 45), (11, "TGO", "Y", "", 45), (10, "YEM", "N", "1990-12-05", 45),
        ]
    )  # fmt: skip
    reading = digital_library.read_digital_library_votes(write(tmp_path, text))
    adds_up(reading, 12)
    assert reading.frame["cow_number"].tolist() == [260, 255, 265, 365, 365, 369, 490, 679]
    assert reading.frame["vote"].tolist() == ["yes", "no", "abstain", "absent", "yes", "yes", "yes", "yes"]
    assert reading.frame["session"].isna().tolist() == [False] * 4 + [True] + [False] * 3
    assert reading.rejects["line"].tolist() == [9, 10, 12, 13]
    assert reading.frame.columns.tolist() == un_votes.read_un_votes(write(tmp_path, VOTES)).frame.columns.tolist()


def test_an_alliance_that_stands_has_no_end(tmp_path):
    frame = atop.read_atop_members(write(tmp_path, MEMBERS)).frame
    assert frame["is_in_force"].tolist() == [True, False]
    assert frame["end_year"].isna().tolist() == [True, False]
    assert frame["end_year"][1] == 1990
    assert frame[["start_day", "end_day"]].iloc[1].isna().all()
    assert frame["has_consultation"].all()
    assert not frame["has_defense"].any()


def test_the_dyad_years_of_atop_itself_are_read_too(tmp_path):
    own = "stateA,stateB,year,defense,offense,neutral,nonagg,consul\n220,461,1990,0,0,0,0,1\n220,461,1991,0,0,0,0,2\n"
    reading = atop.read_atop_dyad_years(write(tmp_path, own))
    adds_up(reading, 2)
    pd.testing.assert_frame_equal(reading.frame, atop.read_atop_dyad_years(write(tmp_path, DYADS)).frame)
    assert reading.rejects["line"].tolist() == [3]


def test_alliances_count_their_members(tmp_path):
    text = (
        "atopid,begyr,begmo,begday,endyr,endmo,endday,bilat,defense,offense,neutral,nonagg,consul,mem1,mem2,mem3\n"
        "9005,1963,7,10,0,0,0,1,0,0,0,0,1,220,461,\n"
    )
    row = atop.read_atop_alliances(write(tmp_path, text)).frame.iloc[0]
    assert (row["n_members"], row["is_in_force"], row["is_bilateral"]) == (2, True, True)


def test_columns_without_a_name_are_no_organisations(tmp_path):
    lines = IGO.splitlines()
    text = "\n".join([f"{lines[0]},,", *(f"{line},1,9" for line in lines[1:])]) + "\n"
    named, unnamed = (igo.read_igo_memberships(write(tmp_path, each)) for each in (IGO, text))
    pd.testing.assert_frame_equal(unnamed.frame, named.frame)
    assert len(unnamed.rejects) == 0


def test_the_six_codes_of_membership_stay_apart(tmp_path):
    text = IGO + "365,1990,russia,1,0,7\n461,1990,togo,1,1,1\n"
    reading = igo.read_igo_memberships(write(tmp_path, text))
    adds_up(reading, 5)
    assert reading.rejects["line"].tolist() == [5, 6]
    table = reading.frame.pivot(index="cow_number", columns="organisation", values="membership").astype("str")
    assert table.loc[461].to_dict() == {"un": "full", "ecowas": "full", "imaginary": "unknown"}
    assert table.loc[220].to_dict() == {"un": "full", "ecowas": "none", "imaginary": "associate"}
    assert table.loc[2].to_dict() == {"un": "full", "ecowas": "observer", "imaginary": "not_in_system"}
    named = igo.read_igo_memberships(write(tmp_path, IGO), ["ECOWAS"])
    assert named.frame["membership"].tolist() == ["full", "none", "observer"]
    with pytest.raises(
        UnknownNameError, match="unknown organisation of the COW IGO data 'ecowass'; did you mean 'ecowas'"
    ):
        igo.read_igo_memberships(write(tmp_path, IGO), ["ecowass"])


def test_minus_nine_is_never_a_value_of_trade(tmp_path):
    reading = cow_trade.read_cow_trade_dyads(write(tmp_path, TRADE + "200,461,2014,-3,1\n461,461,2014,1,1\n"))
    adds_up(reading, 4)
    assert reading.frame["imports_a_musd"].isna().tolist() == [True, False]
    assert reading.frame["imports_a_musd"][1] == 0
    assert reading.frame["imports_b_musd"].tolist() == [525.5, 374.0]
    assert reading.rejects["line"].tolist() == [4, 5]
    assert "below zero" in reading.rejects["reason"][0]


def test_ideal_points_are_read_in_latin_1_and_dated_by_the_session(tmp_path):
    reading = ideal_points.read_ideal_points(write(tmp_path, POINTS.encode("latin-1")))
    row = reading.frame.iloc[0]
    assert (row["year"], row["ideal_point"], row["ideal_point_low"], row["ideal_point_high"]) == (2019, 0.5, 0.25, 0.75)
    assert row["state_name"] == "Côte d'Ivoire"
    later = "ccode,session,IdealPointAll,NVotesAll,Q5%All,Q95%All\n437,78,0.4,80,0.1,0.6\n"
    assert ideal_points.read_ideal_points(write(tmp_path, later)).frame["year"].tolist() == [2023]


def test_coups_of_one_day_are_two_and_an_impossible_day_is_refused(tmp_path):
    reading = coups.read_coup_events(
        write(tmp_path, COUPS + "Togo\t461\t1991\t10\t1\t1\tx\nTogo\t461\t1991\t2\t30\t1\tx\n")
    )
    adds_up(reading, 4)
    assert reading.frame["is_success"].tolist() == [True, False, False]
    assert reading.frame["gw_number"].isna().all()
    assert reading.rejects["line"].tolist() == [5]
    wrong = coups.read_coup_years(write(tmp_path, COUP_YEARS + "461,1993,2,0,1\n"))
    assert "not the sum" in wrong.rejects["reason"].item()


def test_the_original_list_of_gleditsch_and_ward_has_no_header(tmp_path):
    original = "461\tTOG\tTogo\t27:04:1960\t31:12:2017\n2\tUSA\tUnited States of America\t01:01:1816\t31:12:2017\n"
    reading = state_lists.read_gw_states(write(tmp_path, original, "ksgmdw.txt"))
    adds_up(reading, 2)
    assert reading.frame["start"].tolist() == [pd.Timestamp("1960-04-27"), pd.Timestamp("1816-01-01")]
    pd.testing.assert_frame_equal(reading.frame.iloc[:1], state_lists.read_gw_states(write(tmp_path, GW)).frame)


BANNER = "Volume of transfers of major arms\nFigures are in millions of SIPRI trend-indicator values (TIVs).\n\n"
SUPPLIERS = (
    BANNER
    + "Exports by,2019,2020,2019-2020,Percentage\nFrance,3.5,,3.5,50%\nRussia,0 ,2,2,50%\nNATO**,,1,1,\nTotal world export,3.5,3,6.5,\n"
)


def test_an_exported_arms_table_keeps_a_small_transfer_apart_from_none(tmp_path):
    reading = arms.read_arms_table(write(tmp_path, SUPPLIERS), recipient="Togo")
    adds_up(reading, 3)
    rows = reading.frame[["supplier_name", "recipient_name", "year", "tiv_millions", "is_under_half"]]
    assert rows.values.tolist() == [
        ["France", "Togo", 2019, 3.5, False], ["Russia", "Togo", 2019, 0.0, True],
        ["Russia", "Togo", 2020, 2.0, False], ["NATO**", "Togo", 2020, 1.0, False],
    ]  # fmt: skip
    assert arms.read_arms_table(write(tmp_path, SUPPLIERS)).frame["recipient_name"].isna().all()


def test_the_older_arms_table_says_whose_it_is_in_its_title(tmp_path):
    title = '"TIV of arms exports to Togo, 2019-2020"\n\nGenerated: some day\n'
    text = title + ",2019,2020,Total\nFrance,3,,3\nCanada,many,1,2\nBrazil,1\nTotal,3,1,4\n"
    reading = arms.read_arms_table(write(tmp_path, text))
    adds_up(reading, 3)
    assert reading.frame[["supplier_name", "recipient_name"]].values.tolist() == [["France", "Togo"]]
    assert reading.rejects["line"].tolist() == [6, 7]
    with pytest.raises(TightropeError, match="title names the recipient 'Togo', not 'Benin'"):
        arms.read_arms_table(write(tmp_path, text), recipient="Benin")


def test_an_exported_arms_table_counts_no_transfer_twice(tmp_path):
    header = "Exports by,2019,2020\n"
    reading = arms.read_arms_table(write(tmp_path, header + 'France,3,1\n"Trinidad\nand Tobago",1,2\nFrance,3,\n'))
    adds_up(reading, 3)
    assert reading.frame["supplier_name"].tolist() == ["France"] * 2 + ["Trinidad[U+000A]and Tobago"] * 2
    assert [(row.line, row.reason) for row in reading.rejects.itertuples()] == [
        (5, "an earlier row has the same name: France")
    ]
    with pytest.raises(TightropeError, match="the header repeats 2019"):
        arms.read_arms_table(write(tmp_path, "Exports by,2019,2019\nFrance,3,3\n"))


@pytest.mark.parametrize("value", ["1_0", "\u0663", "1,000", "0x10", "nan", "inf", "-1", "+1e400", "9" * 400])
def test_a_transfer_is_written_in_plain_digits(value, tmp_path):
    text = f'Exports by,2019\nFrance,2.5\nCanada,"{value}"\n'
    reading = arms.read_arms_table(write(tmp_path, text))
    adds_up(reading, 2)
    assert reading.frame["supplier_name"].tolist() == ["France"]
    assert value[:40] in reading.rejects["reason"][0]


@pytest.mark.parametrize("value", ["nan", "-nan", "NAN", "1,701"])
def test_a_row_stands_or_falls_whatever_the_other_rows_hold(value, tmp_path):
    header, own = "ccode1,ccode2,year,flow1,flow2\n", f'2,220,2014,"{value}",5\n'
    alone = cow_trade.read_cow_trade_dyads(write(tmp_path, header + own))
    beside = cow_trade.read_cow_trade_dyads(write(tmp_path, header + own + "2,221,2014,x,5\n"))
    pd.testing.assert_frame_equal(beside.frame, alone.frame)
    assert beside.rejects.iloc[:-1].to_dict("records") == alone.rejects.to_dict("records")
    assert alone.n_kept == (value == "nan")


def test_a_field_of_any_length_in_a_header_or_beside_what_is_read_stops_nothing(tmp_path):
    long = "x" * 200_000
    text = f"ccode1,ccode2,year,flow1,flow2,{long}\n2,220,2014,1,5,{long}\n2,221,2014,much,5,\n"
    adds_up(cow_trade.read_cow_trade_dyads(write(tmp_path, text)), 2)
    countries = write(tmp_path, COUNTRIES, "codes.csv")
    flows = f"t,i,j,k,v,{long}\n2020,251,768,1,2,{long}\n2020,251,768,2,much,\n"
    adds_up(baci.read_baci(write(tmp_path, flows), countries), 2)
    table = arms.read_arms_table(write(tmp_path, f"{long}\nExports by,2019\n{long},1\nFrance,2\n"))
    adds_up(table, 2)
    assert "200,000 characters" in table.rejects["reason"][0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BANNER + ",2019,2020,Total\nAircraft,1,2,3\n", "suppliers or recipients is not known"),
        ("colour,size\nred,3\n", "is no file of arms transfers"),
        (ARMS.replace("2014", "x"), "is no file of arms transfers"),
    ],
)
def test_a_table_of_weapons_or_of_anything_else_is_refused(tmp_path, text, message):
    with pytest.raises(TightropeError, match=message):
        arms.read_arms_table(write(tmp_path, text))


COUNTRIES = 'country_code,country_name,country_iso2,country_iso3\n251,France,FR,FRA\n768,Togo,TG,TGO\n490,"Other Asia, nes",,S19\n'
FLOWS = "t,i,j,k,v,q\n2020,251,768,010121,10.5,1.25\n2020,251,768,870323,0.001,       NA\n2020,768,251,180100,7,\n2020,490,768,1,2,3\n"


def test_baci_sums_products_exactly_and_names_states_by_its_own_file(tmp_path):
    countries = write(tmp_path, COUNTRIES, "codes.csv")
    for content in (FLOWS, packed(FLOWS)):
        reading = baci.read_baci(write(tmp_path, content), countries)
        adds_up(reading, 4)
        assert reading.frame.values.tolist() == [
            [2020, "FRA", "TGO", 0.010501, 2], [2020, "S19", "TGO", 0.002, 1], [2020, "TGO", "FRA", 0.007, 1],
        ]  # fmt: skip


def test_baci_refuses_rows_with_their_line(tmp_path):
    countries = write(tmp_path, COUNTRIES, "codes.csv")
    bad = "2020,999,768,1,2,3\n2020,251,768,1,much,3\n2020,251,768\n2020,251,768,1,-9,3\n2020,251,768,1,,3\n"
    reading = baci.read_baci(write(tmp_path, FLOWS + bad), countries)
    adds_up(reading, 9)
    assert reading.rejects["line"].tolist() == [6, 7, 8, 9, 10]
    assert "i '999' is not in the country codes" in reading.rejects["reason"][0]
    assert reading.frame["trade_musd"].sum() == pytest.approx(0.019501)


def test_a_byte_of_baci_that_is_no_text_costs_its_own_row(tmp_path):
    countries = write(tmp_path, COUNTRIES, "codes.csv")
    bad = b"2020,251,768\xff,1\n2020,251,76\xff,010121,10.5,1.25\n2020,251,768,1,5\xe2,1\n"
    reading = baci.read_baci(write(tmp_path, FLOWS.encode() + bad), countries)
    adds_up(reading, 7)
    assert reading.rejects["line"].tolist() == [6, 7, 8]
    assert reading.frame["trade_musd"].sum() == pytest.approx(0.019501)


def test_baci_gives_the_same_sums_whatever_the_size_of_its_blocks(tmp_path, monkeypatch):
    countries = write(tmp_path, COUNTRIES, "codes.csv")
    rows = "".join(f"2020,{(251, 768)[n % 2]},{(768, 251)[n % 2]},{n},{n / 1000:.3f},1\n" for n in range(5000))
    path = write(tmp_path, "t,i,j,k,v,q\n" + rows)
    whole = baci.read_baci(path, countries)
    monkeypatch.setattr(baci, "_BLOCK_BYTES", 1000)
    parts = baci.read_baci(path, countries)
    adds_up(parts, 5000)
    pd.testing.assert_frame_equal(whole.frame, parts.frame)
    assert whole.frame["n_products"].tolist() == [2500, 2500]


def test_baci_without_usable_country_codes_says_so(tmp_path):
    with pytest.raises(TightropeError, match=r"codes\.csv: is no file of country codes of BACI"):
        baci.read_baci(write(tmp_path, FLOWS), write(tmp_path, FLOWS, "codes.csv"))
    with pytest.raises(TightropeError, match=r"codes\.csv, line 5.*must all stand"):
        baci.read_baci(write(tmp_path, FLOWS), write(tmp_path, COUNTRIES + "1,X,XX,\n", "codes.csv"))
    with pytest.raises(TightropeError, match="is no file of bilateral trade"):
        baci.read_baci(write(tmp_path, TRADE), write(tmp_path, COUNTRIES, "codes.csv"))


def test_a_header_that_repeats_a_column_is_refused(tmp_path):
    with pytest.raises(TightropeError, match="repeats ccode"):
        un_votes.read_un_votes(write(tmp_path, VOTES.replace("member", "ccode")))


def test_an_open_quote_is_an_error_not_a_short_file(tmp_path):
    with pytest.raises(TightropeError, match=r"some\.csv"):
        un_votes.read_un_votes(write(tmp_path, VOTES + '9003,70,1,461,1,12/3/2015,"open\n9003,70,1,2,1,12/3/2015,x\n'))


def test_every_reader_has_a_note_with_its_citation():
    modules = [un_votes, digital_library, atop, igo, cow_trade, baci, arms, ideal_points, coups]
    notes = [module.NOTE for module in modules] + [state_lists.COW_NOTE, state_lists.GW_NOTE]
    assert len({note.source for note in notes}) == len(notes)
    for note in notes:
        assert note == source_note(note.source)
        assert note.first <= note.last
        assert all([note.name, note.version, note.citation, note.licence, note.missing])
