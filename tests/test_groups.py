"""Tests that share something expensive go to one worker."""

import pytest


@pytest.mark.xdist_group("here")
def test_the_scheduler_sees_the_group_of_a_test(request):
    if not hasattr(request.config, "workerinput"):
        pytest.skip("all tests run in one process")
    assert request.node.nodeid.endswith("@here")
