"""Write any number of rows in the 61-column layout of GDELT 2.0, with the value frequencies of real files.

The frequencies are learned, when it runs, from the published files that TIGHTROPE_SHARED_DATA points to; nothing of
them is kept here. No real row is repeated: what belongs together (an actor code and its parts; an event code with
its root, quad class and Goldstein score; a place and its coordinates) is drawn as one block, and the blocks of a row
are drawn independently of each other. Only the shape of a row is kept as real rows have it: which actors it names,
whether a country is known, and which of its three places are the same. Rows come in stories, which share one
address, tone and quarter-hour; a story repeats (date, actors, code, place) as often as real ones do.

The blocks are those of some 11,500 real rows, so a generated file has fewer distinct actors and places than a real
year would have: frequent values are as frequent, the long tail is missing.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.paths import PROJECT

ACTOR_PARTS = [
    "Code",
    "Name",
    "CountryCode",
    "KnownGroupCode",
    "EthnicCode",
    "Religion1Code",
    "Religion2Code",
    "Type1Code",
    "Type2Code",
    "Type3Code",
]
PLACE_PARTS = ["Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID"]
ACTION = ["IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"]
COUNTS = ["NumMentions", "NumSources", "NumArticles"]
ACTORS = [[f"{actor}{part}" for part in ACTOR_PARTS] for actor in ("Actor1", "Actor2")]
PLACES = [[f"{place}_{part}" for part in PLACE_PARTS] for place in ("Actor1Geo", "Actor2Geo", "ActionGeo")]
GDELT2_COLUMNS = [
    *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
    *ACTORS[0],
    *ACTORS[1],
    *ACTION,
    *COUNTS,
    "AvgTone",
    *PLACES[0],
    *PLACES[1],
    *PLACES[2],
    *("DATEADDED", "SOURCEURL"),
]

SHARED = Path(os.environ.get("TIGHTROPE_SHARED_DATA", PROJECT.parent / "shared" / "data"))
SHARES = {"gdelt2/*.export.CSV": 0.95, "gdelt_benin/bq-results-*.csv": 0.05}  # of the rows: the world, and one state
FIRST_ID = 741_917_022
QUARTERS_A_DAY = 96
ROWS_AT_ONCE = 200_000  # bounds the memory: some 80 MB of text
DRAWN = ("lag", "actor1", "actor2", "action", "place1", "place2", "place")


def why_no_frequencies(folder: Path = SHARED) -> str | None:
    """Why the value frequencies cannot be learned from this folder, or None if they can."""
    absent = [pattern for pattern in SHARES if not list(folder.glob(pattern))]
    return f"no {' and no '.join(absent)} in {folder}; set TIGHTROPE_SHARED_DATA" if absent else None


def read_real(folder: Path = SHARED) -> list[pd.DataFrame]:
    """The real rows as text, one frame a pattern of SHARES, Goldstein scores written as the raw files do.

    Raises
    ------
    FileNotFoundError
        If the published files are not in the folder.
    """
    if reason := why_no_frequencies(folder):
        raise FileNotFoundError(reason)
    frames = []
    for pattern in SHARES:
        header = None if pattern.endswith(".CSV") else 0
        layout = {"sep": "\t", "quoting": 3} if header is None else {"sep": ","}
        rows = pd.concat(
            pd.read_csv(path, header=header, names=GDELT2_COLUMNS, dtype=str, keep_default_na=False, **layout)
            for path in sorted(folder.glob(pattern))
        )
        score = rows["GoldsteinScale"]
        frames.append(rows.assign(GoldsteinScale=score.where(score.str.contains(".", regex=False), score + ".0")))
    return frames


def fraction_date(day: datetime.date) -> str:
    """GDELT's year with a fraction, which counts every month as 30 days."""
    return f"{day.year + ((day.month - 1) * 30 + day.day) / 365:.4f}"


class Pool:
    """Row numbers to draw from, kept apart by the file that they come from."""

    def __init__(self, chosen: np.ndarray, file: np.ndarray, files: int, fallback: Pool | None = None) -> None:
        per_file = [np.flatnonzero(chosen & (file == one)) for one in range(files)]
        if fallback is not None:  # a kind of row that a file does not have is never asked of it
            per_file = [one if len(one) else fallback.rows[:1] for one in per_file]
        self.rows = np.concatenate(per_file)
        self.lengths = np.array([len(one) for one in per_file])
        self.starts = np.cumsum(self.lengths) - self.lengths

    def draw(self, rng: np.random.Generator, file: np.ndarray) -> np.ndarray:
        """One row number for each file number given."""
        return self.rows[self.starts[file] + (rng.random(len(file)) * self.lengths[file]).astype(np.int64)]


def join_columns(rows: pd.DataFrame, columns: list[str]) -> pa.Array:
    """The columns of each row as one piece of text with tabs between."""
    parts = (pa.array(rows[column].to_numpy(object), pa.string()) for column in columns)
    return pc.binary_join_element_wise(*parts, "\t")


def split_urls(urls: pd.Series) -> tuple[pa.Array, pa.Array]:
    """The first and second half of each address, cut at a word; a story's number will stand between them."""
    heads, tails = [], []
    for url in urls:
        middle = (len(url) + url.find("/", 8)) // 2
        cut = max(url.rfind(mark, 9, middle) for mark in "-/_") + 1 or middle
        heads.append(url[:cut])
        tails.append(url[cut + 6 :] + "\n")  # the number takes the room of these
    return pa.array(heads), pa.array(tails)


@dataclass(frozen=True)
class Learned:
    """The blocks of the real rows as text, and where to draw them from."""

    actors: pa.Array  # of both sides, then the one who is not named
    actor_code: np.ndarray  # rank of the code of each of them
    actions: pa.Array
    event_code: np.ndarray
    counts: pa.Array
    places: pa.Array  # of all three kinds, then no place
    place_name: np.ndarray
    shape: pd.DataFrame  # per real row: kind of either actor, relation of the three places
    lag: np.ndarray
    lags: list[int]  # days from event to report
    tones: np.ndarray
    url_heads: pa.Array
    url_tails: pa.Array
    pools: dict[tuple[str, int], Pool]
    story_size: np.ndarray  # per address
    story_share: np.ndarray  # of the stories, per file
    repeated: np.ndarray  # share of rows, per file, that repeat the date, actors, code and place of another


def learn(frames: list[pd.DataFrame]) -> Learned:
    """What the generator needs to know of the real rows."""
    rows = pd.concat(frames, ignore_index=True)
    file = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    total, files = len(rows), len(frames)

    codes, countries = ([rows[f"Actor{side}{part}"] for side in (1, 2)] for part in ("Code", "CountryCode"))
    kinds = [np.select([codes[i] == "", countries[i] == ""], [0, 1], 2) for i in range(2)]
    kinds[1] = np.where((codes[0] == codes[1]) & (kinds[1] > 0), 3, kinds[1])
    texts = [join_columns(rows, columns) for columns in PLACES]
    one, two, action = (np.asarray(text.to_pandas(), dtype=object) for text in texts)
    nowhere = "0" + "\t" * (len(PLACE_PARTS) - 1)
    relation1 = np.select([one == nowhere, one == action], [0, 1], 2)
    relation2 = np.select([two == nowhere, two == action, two == one], [0, 1, 2], 3)
    place = np.where(action == nowhere, 0, 1 + 4 * relation1 + relation2)  # where actors are placed tells of the place
    shape = pd.DataFrame({"actor1": kinds[0], "actor2": kinds[1], "place": place, "p1": relation1, "p2": relation2})

    everywhere = Pool(np.ones(total, bool), file, files)
    pools = {("row", 0): everywhere}
    for name, values in (*shape.items(), ("lag", np.zeros(total))):
        for kind in np.unique(values):
            pools[name, int(kind)] = Pool(np.asarray(values == kind), file, files, everywhere)
    first = ~pd.Series(file).astype(str).str.cat(rows["SOURCEURL"]).duplicated().to_numpy()
    pools["story", 0] = Pool(first, file, files)
    sizes = rows.groupby([file, "SOURCEURL"])["SOURCEURL"].transform("size").to_numpy()
    wanted = np.array(list(SHARES.values())) / [sizes[first & (file == number)].mean() for number in range(files)]

    key = ["SQLDATE", "Actor1Code", "Actor2Code", "EventCode", "ActionGeo_FullName"]
    reported = pd.to_datetime(rows["DATEADDED"].str[:8], format="%Y%m%d")
    lag = (reported - pd.to_datetime(rows["SQLDATE"], format="%Y%m%d")).dt.days
    lag_index, lags = pd.factorize(lag, sort=True)
    heads, tails = split_urls(rows["SOURCEURL"])
    return Learned(
        actors=pa.concat_arrays([*(join_columns(rows, columns) for columns in ACTORS), pa.array(["\t" * 9])]),
        actor_code=pd.factorize(pd.concat([*codes, pd.Series([""])]), sort=True)[0],
        actions=join_columns(rows, ACTION),
        event_code=pd.factorize(rows["EventCode"], sort=True)[0],
        counts=join_columns(rows, COUNTS),
        places=pa.concat_arrays([*texts, pa.array([nowhere])]),
        place_name=pd.factorize(
            pd.concat([*(rows[columns[1]] for columns in PLACES), pd.Series([""])], ignore_index=True), sort=True
        )[0],
        shape=shape,
        lag=lag_index,
        lags=[int(days) for days in lags],
        tones=rows["AvgTone"].astype(float).to_numpy(),
        url_heads=heads,
        url_tails=tails,
        pools=pools,
        story_size=sizes,
        story_share=wanted / wanted.sum(),
        repeated=np.array([frame.duplicated(key).mean() for frame in frames]),
    )


def draw_events(learned: Learned, rng: np.random.Generator, file: np.ndarray) -> np.ndarray:
    """One row of block numbers, as DRAWN names them, for each file number given."""
    total = len(learned.shape)
    shape = learned.shape.iloc[learned.pools["row", 0].draw(rng, file)]
    drawn = np.empty((len(file), len(DRAWN)), np.int64)

    def fill(name: str, offset: int) -> np.ndarray:
        """Blocks of the kind that each row's shape asks for."""
        values = np.zeros(len(file), np.int64)
        for kind in np.unique(shape[name]):
            asked = (shape[name] == kind).to_numpy()
            values[asked] = offset + learned.pools[name, int(kind)].draw(rng, file[asked])
        return values

    drawn[:, 0] = learned.lag[learned.pools["row", 0].draw(rng, file)]
    nobody, no_place = len(learned.actors) - 1, len(learned.places) - 1
    actor1 = np.where(shape["actor1"] == 0, nobody, fill("actor1", 0))
    actor2 = fill("actor2", total)
    for _ in range(4):  # an actor acts on itself only where the shape says so
        same = (learned.actor_code[actor1] == learned.actor_code[actor2]) & shape["actor2"].isin([1, 2]).to_numpy()
        actor2[same] = fill("actor2", total)[same]
    drawn[:, 1] = actor1
    drawn[:, 2] = np.select([shape["actor2"] == 0, shape["actor2"] == 3], [nobody, actor1], actor2)
    drawn[:, 3] = learned.pools["row", 0].draw(rng, file)
    place = np.where(shape["place"] == 0, no_place, fill("place", 2 * total))
    place1 = np.select([shape["p1"] == 0, shape["p1"] == 1], [no_place, place], fill("p1", 0))
    drawn[:, 4] = place1
    drawn[:, 5] = np.select([shape["p2"] == kind for kind in range(3)], [no_place, place, place1], fill("p2", total))
    drawn[:, 6] = place
    return drawn


def story_key(learned: Learned, drawn: np.ndarray) -> np.ndarray:
    """A number that is the same for rows of one date, pair of actors, code and place."""
    actors, codes, places = (
        values.max() + 1 for values in (learned.actor_code, learned.event_code, learned.place_name)
    )
    key = drawn[:, 0]
    key = (key * actors + learned.actor_code[drawn[:, 1]]) * actors + learned.actor_code[drawn[:, 2]]
    return (key * codes + learned.event_code[drawn[:, 3]]) * places + learned.place_name[drawn[:, 6]]


def repeat_within_stories(
    learned: Learned, rng: np.random.Generator, drawn: np.ndarray, story: np.ndarray, file: np.ndarray
) -> None:
    """Bring the share of rows that repeat another's date, actors, code and place to that of the real files."""
    wanted = int(learned.repeated[file].mean() * len(drawn) + rng.random())
    for _ in range(8):
        by_chance = np.flatnonzero(pd.Series(story_key(learned, drawn)).duplicated())
        if len(by_chance) <= wanted:
            break
        again = rng.permutation(by_chance)[wanted:]
        drawn[again] = draw_events(learned, rng, file[again])
    is_first = np.concatenate([[True], story[1:] != story[:-1]])
    free = np.flatnonzero(~is_first & ~pd.Series(story_key(learned, drawn)).duplicated().to_numpy())
    copies = rng.permutation(free)[: max(wanted - len(by_chance), 0)]
    source = np.arange(len(drawn))
    source[copies] = 0
    source = np.maximum.accumulate(source)[copies]  # the nearest earlier row of the story that is no copy
    no_place = len(learned.places) - 1
    for column, name in enumerate(DRAWN):
        given = drawn[source, column]
        if name in ("place1", "place2"):  # copies mostly place the actors elsewhere
            own = drawn[copies, column]
            given = np.where((own == no_place) | (given == no_place), given, own)
        drawn[copies, column] = given


def create_text(
    learned: Learned, rng: np.random.Generator, n_rows: int, day: datetime.date, quarters: range, first: tuple[int, int]
) -> tuple[pa.Buffer, int]:
    """The text of some rows of one day, and how many stories they tell; `first` numbers the row and the story."""
    story_file = rng.choice(len(learned.story_share), size=n_rows, p=learned.story_share)  # enough: one row each
    pool = learned.pools["story", 0]
    story = np.repeat(np.arange(n_rows), learned.story_size[pool.draw(rng, story_file)])[:n_rows]
    stories = int(story[-1]) + 1
    file = story_file[story]
    drawn = draw_events(learned, rng, file)
    repeat_within_stories(learned, rng, drawn, story, file)

    quarter = rng.integers(quarters.start, quarters.stop, stories)
    actors, codes = learned.actor_code.max() + 1, learned.event_code.max() + 1
    order = (quarter[story] * len(learned.lags) + len(learned.lags) - 1 - drawn[:, 0]) * actors
    order = (order + learned.actor_code[drawn[:, 1]]) * actors + learned.actor_code[drawn[:, 2]]
    order = np.argsort(order * codes + learned.event_code[drawn[:, 3]], kind="stable")
    drawn, story, file = drawn[order], story[order], file[order]

    tone = learned.tones[pool.draw(rng, story_file[:stories])]
    moved = np.where(tone == 0, 0, tone + rng.uniform(-0.005, 0.005, stories))
    tones = pa.array([f"{value:.15g}" if abs(value) > 0.001 else "0" for value in moved])  # never an exponent
    urls = pc.binary_join_element_wise(
        learned.url_heads.take(pa.array(pool.draw(rng, story_file[:stories]))),
        pa.array(np.arange(first[1], first[1] + stories)).cast(pa.string()),
        learned.url_tails.take(pa.array(pool.draw(rng, story_file[:stories]))),
        "",
    )
    dates = [day - datetime.timedelta(days=lag) for lag in learned.lags]
    added = [f"{day:%Y%m%d}{number // 4:02d}{number % 4 * 15:02d}00" for number in range(QUARTERS_A_DAY)]
    one, two, story_taken = (pa.array(values) for values in (drawn[:, 1], drawn[:, 2], story))
    text = pc.binary_join_element_wise(
        pa.array(np.arange(first[0], first[0] + n_rows)).cast(pa.string()),
        pa.array([f"{date:%Y%m%d}\t{date:%Y%m}\t{date:%Y}\t{fraction_date(date)}" for date in dates]).take(
            pa.array(drawn[:, 0])
        ),
        learned.actors.take(one),
        learned.actors.take(two),
        learned.actions.take(pa.array(drawn[:, 3])),
        learned.counts.take(pa.array(learned.pools["row", 0].draw(rng, file))),
        tones.take(story_taken),
        *(learned.places.take(pa.array(drawn[:, column])) for column in (4, 5, 6)),
        pa.array(added).take(pa.array(quarter[story])),
        urls.take(story_taken),
        "\t",
    )
    return text.buffers()[2], stories


def plan(n_rows: int, days: int) -> Iterator[tuple[int, range, int]]:
    """Day number, quarter-hours and number of rows of each part that is made at once."""
    ends = np.linspace(0, n_rows, days + 1).astype(int)
    for day, today in enumerate(np.diff(ends)):
        parts = min(int(-(-today // ROWS_AT_ONCE)), QUARTERS_A_DAY) or 1
        quarters = np.linspace(0, QUARTERS_A_DAY, parts + 1).astype(int)
        rows = np.linspace(0, today, parts + 1).astype(int)
        for part in range(parts):
            yield day, range(quarters[part], quarters[part + 1]), int(rows[part + 1] - rows[part])


def write_gdelt2(
    folder: Path,
    n_rows: int,
    *,
    seed: int = 20181,
    start: datetime.date = datetime.date(2018, 1, 1),
    days: int = 365,
    days_per_file: int = 1,
    learned_from: Path = SHARED,
) -> list[Path]:
    """Write `n_rows` rows over `days` days into files `<first day>.export.CSV`; the same seed gives the same bytes.

    Parameters
    ----------
    folder
        Where the files go; made if absent.
    n_rows
        Rows in all, spread evenly over the days.
    start, days
        The first day of DATEADDED and how many follow; the events themselves reach back by the real delays.
    days_per_file
        How many days each file holds; `days` for one file.
    learned_from
        The folder of published data to learn the frequencies from.

    Raises
    ------
    FileNotFoundError
        If the published files are not there.
    """
    learned = learn(read_real(learned_from))
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    row, story = FIRST_ID, 1
    for part, (day, quarters, rows) in enumerate(plan(n_rows, days)):
        first_day = start + datetime.timedelta(days=day - day % days_per_file)
        path = folder / f"{first_day:%Y%m%d}.export.CSV"
        is_new = not written or written[-1] != path
        with path.open("wb" if is_new else "ab") as file:
            if is_new:
                written.append(path)
            if rows:
                rng = np.random.default_rng([seed, part])
                date = start + datetime.timedelta(days=day)
                text, stories = create_text(learned, rng, rows, date, quarters, (row, story))
                file.write(text)
                row, story = row + rows, story + stories
    return written
