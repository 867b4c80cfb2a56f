# SPDX-License-Identifier: Apache-2.0
"""stream_endurance.py, small: connections cut, SIGKILLs, TheHive away and failing, and yet each match reported once."""

from stream_endurance import Plan, endure


def test_every_match_is_reported_exactly_once(tmp_path):
    verdict = endure(Plan(events=20000, cuts=10, kills=4, outages=2, hits=100, added=20), tmp_path)
    assert verdict["matching"] == 120 and verdict["reported"] == 120
    assert (verdict["missing"], verdict["unwanted"], verdict["twice"]) == (0, 0, 0)
    assert verdict["outages"] == 2 and verdict["kills"] == 4
