"""Fuzzing: inputs that nobody thought of, and for each target an oracle that says what must hold for every input.

``python -m tests.fuzz TARGET --minutes 20`` runs one target with atheris, which is no requirement of the project; the
same oracles run without it on the findings of `tests/fixtures/fuzz` and on examples of hypothesis.
"""
