"""Outputs carry what an export needs, and nothing from data runs in them."""

import csv
import io
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.exhibit import METADATA_KEY, Link, escape_markdown, show_figure, show_table, show_text, show_title


def draw():
    _, axes = plt.subplots()
    axes.bar([0, 1], [2, 3])
    return axes


def test_a_figure_is_closed_and_drawn_alike_each_time():
    first, second = (show_figure(draw(), "bars", caption="Two bars.", alt="Bars of 2 and 3.") for _ in range(2))
    assert first.data["image/svg+xml"] == second.data["image/svg+xml"]
    assert plt.get_fignums() == []
    data, metadata = first._repr_mimebundle_()
    assert data["text/plain"] == metadata[METADATA_KEY]["alt"] == "Bars of 2 and 3."


def test_a_figure_is_cut_alike_whatever_hinting_its_reader_has_set():
    drawn = []
    for hinting in ("no_hinting", "force_autohint"):
        with mpl.rc_context({"text.hinting": hinting}):
            drawn.append(show_figure(draw(), "bars", caption="Two bars.", alt="Bars of 2 and 3."))
    assert drawn[0].data["image/svg+xml"] == drawn[1].data["image/svg+xml"]


@pytest.mark.parametrize(("caption", "alt"), [("", "a"), ("c", " "), (" ", "")])
def test_a_figure_without_caption_or_alt_text_is_refused_by_name(caption, alt):
    with pytest.raises(ValueError, match="'bars'"):
        show_figure(draw(), "bars", caption=caption, alt=alt)
    plt.close("all")


def test_a_table_without_caption_or_columns_is_refused():
    with pytest.raises(ValueError, match="'t'"):
        show_table(pd.DataFrame({"a": ["1"]}), "t", caption=" ")
    with pytest.raises(ValueError, match="'t'"):
        show_table(pd.DataFrame(), "t", caption="c")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a b", "//x.org"]
)
def test_only_web_addresses_become_links(url):
    markup = show_table(pd.DataFrame({"page": [Link("a page", url)]}), "t", caption="c").data["text/html"]
    assert "<a " not in markup
    assert "a page" in markup


def test_a_link_and_its_text_are_escaped():
    markup = show_table(pd.DataFrame({"p": [Link("<b>", 'https://x.org/?a="&b=1')]}), "t", caption="<i>").data[
        "text/html"
    ]
    assert "<b>" not in markup
    assert "<i>" not in markup


def test_words_stand_to_the_left_and_numbers_where_jupyterlab_puts_every_cell():
    frame = pd.DataFrame({"state": ["Togo", ""], "tilt": ["−0.27", "+0.47"], "share": ["12 %", ""], "note": ["", ""]})
    markup = show_table(frame, "t", caption="c").data["text/html"]
    left = re.findall(r'<t[hd][^>]*style="text-align: left">([^<]*)<', markup)
    assert left == ["state", "note", "Togo", "", "", ""]
    assert re.findall(r"<t[hd](?: scope=\"col\")?>([^<]*)<", markup) == ["tilt", "share", "−0.27", "12 %", "+0.47", ""]


def test_a_spreadsheet_takes_no_cell_for_a_formula():
    cells = ["=1+1", "+cmd", "@x", "-2+3", "-2.5", "plain"]
    text = show_table(pd.DataFrame({"a": cells}), "t", caption="c").data["text/csv"]
    read = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert read == ["'=1+1", "'+cmd", "'@x", "'-2+3", "-2.5", "plain"]


def test_the_last_digits_of_a_sum_are_not_published():
    sums = pd.DataFrame({"least": [0.1 + 0.2, 1e12 + 1 / 3], "mixed": pd.Series([0.1 + 0.2, "none"], dtype=object)})
    text = show_table(sums.map(str), "t", caption="c", data=sums).data["text/csv"]
    assert text == "least,mixed\n0.3,0.3\n1000000000000.0,none\n"


def test_markdown_from_data_is_shown_as_it_is_written():
    assert escape_markdown("*a* [b](c) <i>\n$x$") == r"\*a\* \[b\]\(c\) \<i\> \$x\$"


def test_spaces_that_do_not_break_stay_in_markdown_from_data():
    assert escape_markdown(" le même\t\x1e\u2028 mot\u00a0: 2\u202f937\n") == "le même mot\u00a0\\: 2\u202f937"


def test_title_and_text_say_their_kind_and_numbers():
    assert show_title("T", "s", language="en", as_of="2026-02-28").about["kind"] == "title"
    assert show_text(["It is so.", "It is."], {"tilt": 0.25}).about["key_numbers"] == {"tilt": 0.25}


def test_one_string_is_no_list_of_sentences():
    with pytest.raises(TypeError, match=r"write \[.It is so.*\]"):
        show_text("It is so. It is.")
    assert show_text(["It is so.", "It is."], as_list=True).data["text/markdown"] == "- It is so.\n- It is."
