"""One spelling for one port and one outlet."""

import pandas as pd
import pytest

from analysis.cleaning.spellings import choose_spellings, spell

VARIANTS = ["Lomé", "Lome", "LOMÉ", "Lo me", "Lome\N{COMBINING ACUTE ACCENT}", "Ｌomé"]


@pytest.mark.parametrize("column", ["port", "outlet", "source_outlet", "source1_outlet", "source2_outlet"])
@pytest.mark.parametrize("first", VARIANTS)
def test_names_that_differ_in_case_accents_or_spacing_are_one_as_first_listed(column, first):
    names = [first, *VARIANTS, "Lomme", "Lome-Sud", ""]
    shown = "port" if column == "port" else "outlet"
    table = pd.DataFrame({shown: [*names, None], "other": "lome"})
    spelled = spell({"any": table}, choose_spellings([pd.DataFrame({column: names})]))["any"]
    assert set(spelled[shown].dropna()) == {first, "Lomme", "Lome-Sud", ""}
    assert spelled[shown].isna().sum() == 1
    assert set(spelled["other"]) == {"lome"}


def test_the_reviewed_spelling_goes_before_the_first_and_files_before_files():
    files = [pd.DataFrame({"outlet": ["rfi", "le monde"]}), pd.DataFrame({"source1_outlet": ["R F I", "Le Monde"]})]
    assert choose_spellings(files, {"outlet": ["RFI"]})["outlet"] == {
        "rfi": "RFI",
        "R F I": "RFI",
        "Le Monde": "le monde",
    }
