"""Similarity of two portfolios, such as the votes or the alliances of two states, for every pair at once."""

from analysis.measures.similarity.alliances import COMMITMENTS, add_commitment, compare_alliances
from analysis.measures.similarity.coefficients import MEASURES
from analysis.measures.similarity.dates import add_dates
from analysis.measures.similarity.portfolios import Similarity, compare_portfolios
from analysis.measures.similarity.recipes import RECIPES, Recipe
from analysis.measures.similarity.votes import compare_votes

__all__ = [
    "COMMITMENTS",
    "MEASURES",
    "RECIPES",
    "Recipe",
    "Similarity",
    "add_commitment",
    "add_dates",
    "compare_alliances",
    "compare_portfolios",
    "compare_votes",
]
