"""Betweenness in the trade network: whose trade lies on the strongest paths between others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures.checks import MeasureError, check_columns


def trade_betweenness(trade: pd.DataFrame, *, directed: bool = False, alpha: float = 1.0) -> pd.DataFrame:
    """Measure how often a state lies on the shortest paths between two others, where more trade is a shorter way.

    A tie of value w has the length (mean value / w) ** alpha; a state's betweenness is the share of the pairs of other
    states whose shortest path leads through it, split where several are shortest.

    Parameters
    ----------
    trade : DataFrame
        source, target, value: one row per flow, in one unit. 0 is no tie. A missing value is not known: it makes no
        tie, and is counted.
    directed : bool
        Whether a flow leads only from source to target. Otherwise the flows of a pair are added.
    alpha : float
        1: lengths are inverse to values; 0: every tie is one step; between them, both count.

    Returns
    -------
    DataFrame
        state, betweenness (from 0 to 1; missing for fewer than three states), n_partners, n_unknown (flows of the state
        whose value is not known, each a path that may be missing), sorted by state.

    Raises
    ------
    MeasureError
        For missing columns, a negative or infinite value, a flow without ends, or an alpha below 0.

    Notes
    -----
    Lengths: M. E. J. Newman (2001), "Scientific Collaboration Networks II", Physical Review E 64, 016132, for
    alpha = 1; T. Opsahl, F. Agneessens and J. Skvoretz (2010), "Node Centrality in Weighted Networks", Social Networks
    32(3), 245-251, for any alpha, and for dividing by the mean. Betweenness: L. C. Freeman (1977), computed after
    U. Brandes (2001) by networkx. Values that differ in the last digits make different lengths: ties between paths are
    found only where they are exact.

    Examples
    --------
    >>> rows = [("BFA", "TGO", 9.0), ("TGO", "FRA", 9.0), ("BFA", "FRA", 1.0)]
    >>> flows = pd.DataFrame(rows, columns=["source", "target", "value"])
    >>> trade_betweenness(flows)[["state", "betweenness"]].values.tolist()
    [['BFA', 0.0], ['FRA', 0.0], ['TGO', 1.0]]
    """
    import networkx as nx  # where it is used: it takes longer to import than all of the measures

    check_columns(trade, ["source", "target", "value"], "trade")
    if not (np.isfinite(alpha) and alpha >= 0):
        raise MeasureError(f"alpha is {alpha!r}; accepted: 0 or more")
    if trade[["source", "target"]].isna().any(axis=None):
        raise MeasureError("trade has rows without source or target")
    flows = trade.loc[trade["source"] != trade["target"], ["source", "target", "value"]]
    flows = flows.sort_values(["source", "target", "value"], ignore_index=True)
    values = flows["value"].to_numpy(dtype=np.float64, na_value=np.nan)
    if ((values < 0) | np.isinf(values)).any():
        raise MeasureError("a value of trade must be finite and not negative")
    states = sorted(set(trade["source"]) | set(trade["target"]))
    totals: dict[tuple[str, str], float] = {}
    unknown = dict.fromkeys(states, 0)
    for source, target, value in zip(flows["source"], flows["target"], values.tolist(), strict=True):
        if np.isnan(value):
            unknown[source] += 1
            unknown[target] += 1
        elif value > 0:
            pair = (source, target) if directed or source < target else (target, source)
            totals[pair] = totals.get(pair, 0.0) + value
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(states)
    mean = sum(totals.values()) / len(totals) if totals else 1.0
    for (source, target), value in sorted(totals.items()):
        graph.add_edge(source, target, length=(mean / value) ** alpha)
    found = nx.betweenness_centrality(graph, weight="length", normalized=True)
    return pd.DataFrame(
        {
            "state": pd.Series(states, dtype=None if states else "str"),
            "betweenness": [found[state] if len(states) > 2 else np.nan for state in states],
            "n_partners": [len(set(nx.all_neighbors(graph, state))) for state in states],
            "n_unknown": [unknown[state] for state in states],
        }
    )
