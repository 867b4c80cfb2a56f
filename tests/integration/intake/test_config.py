# SPDX-License-Identifier: Apache-2.0
"""A broken configuration never loses an alert, and the error names the position."""

import pytest

from conftest import KEY, make_alert
from entries import in_state
from servers import answer

ALERT = make_alert()


def assert_kept(home, thehive, run, *words):
    assert run.code == 2
    assert [kept for _, kept, _ in in_state(home)] == [ALERT]
    assert thehive.requests == []
    [line] = run.lines
    for word in words:
        assert word in line
        assert word in home.log_text()


def test_an_unknown_key(home, thehive):
    file = home.write("etc/w2thive.json", '{\n  // the budget\n  "budget_sm": 300\n}\n')
    run = home.run(ALERT, key=KEY, url=thehive.url)
    assert_kept(home, thehive, run, f"{file}:3:3: ", '"budget_sm"', '"budget_ms"')


@pytest.mark.parametrize("text,word", [
    ("{", "w2thive.json:"), ("[]", "w2thive.json"), ('{"budget_ms": "x"}', ":1:2: "),
    ('{"budget_ms": 5}', "100"), ('{"thehive_version": "6"}', "thehive_version"),
    ('{"url": "thehive.example"}', "url"), ('{"url": "ftp://thehive.example"}', "url")])
def test_other_errors(home, thehive, text, word):
    home.write("etc/w2thive.json", text)
    assert_kept(home, thehive, home.run(ALERT, key=KEY, url=thehive.url), word)


def test_an_error_in_the_options(home, thehive):
    run = home.run(ALERT, key=KEY, url=thehive.url, options='{"min_lvl": 3}')
    assert_kept(home, thehive, run, "<options>:1:2: ", "min_level")


@pytest.mark.parametrize("key,url,word", [(KEY, "", "URL"), ("", "http://127.0.0.1:9", "key"),
                                          ("", "", "URL"), (KEY, "thehive.example", "hook_url")])
def test_no_target(home, thehive, key, url, word):
    assert_kept(home, thehive, home.run(ALERT, key=key, url=url), word)


def test_a_file_that_may_not_be_read(home, thehive):
    file = home.configure(min_level=3)
    file.chmod(0o000)
    if file.stat().st_uid != 0:
        pytest.skip("needs a file of another user")
    assert_kept(home, thehive, home.run(ALERT, key=KEY, url=thehive.url), str(file))


def test_filters_of_a_broken_configuration_drop_nothing(home, thehive):
    home.write("etc/w2thive.json", '{"min_levl": 3}')
    low = make_alert(level=4)
    assert home.run(low, key=KEY, url=thehive.url).code == 2
    assert [kept for _, kept, _ in in_state(home)] == [low]


def test_comments_and_trailing_commas(home, serve):
    server = serve(lambda request: answer(201, {"_id": "~1", "_type": "alert"}))
    home.write("etc/w2thive.json", '{ // one\n /* two */ "thehive_version": "5", "min_level": 4, }')
    assert home.run(make_alert(level=5), key=KEY, url=server.url).code == 0
    assert len(server.posts()) == 1
