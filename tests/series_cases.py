"""Made-up series like ours for the tests of shifts, lags and epochs: sums of the weights of rare events."""

import numpy as np
import pandas as pd

WEIGHTS = (-2, -1, 1, 1, 1, 2, 2, 3)


def as_series(values, period: str = "Q", n_events=None) -> pd.DataFrame:
    """A series whose periods begin in 2020; without numbers of events each period has enough to be searched."""
    periods = pd.period_range("2020-01", periods=len(values), freq=period)
    return pd.DataFrame(
        {
            "date_start": periods.start_time.to_numpy(dtype="datetime64[ns]"),
            "date_end": periods.end_time.normalize().to_numpy(dtype="datetime64[ns]"),
            "value": np.asarray(values, dtype=float),
            "n_events": [2] * len(values) if n_events is None else n_events,
        }
    )


def draw_weights(random: np.random.Generator, rate, length: int) -> np.ndarray:
    """Sums of the weights of so many events a period (Poisson): at a rate of 0.5 three in five periods are empty."""
    counts = random.poisson(rate, size=length)
    return np.array([random.choice(WEIGHTS, size=count).sum() for count in counts], dtype=float)


def draw_noise(random: np.random.Generator, length: int) -> np.ndarray:
    return random.normal(size=length)


def is_uniform(p_values, step: float, level: float = 0.001) -> bool:
    """Whether p-values that are multiples of a step pass for uniform.

    Less a random part of its step, a p-value that takes 1/m, 2/m, ... 1 alike often is uniform on the unit interval.
    """
    from scipy.stats import kstest

    values = np.asarray(p_values)
    spread = values - np.random.default_rng(1).random(len(values)) * step
    return bool(kstest(spread, "uniform").pvalue > level)
