# SPDX-License-Identifier: Apache-2.0
"""The formats of `socctl health`, checked with other programs and the real Prometheus."""

import json
import os
import subprocess
import xml.etree.ElementTree

import junitparser
import pytest
import yaml

import prometheus
import servers
import tool
from cluster import kubeconfig
from ports import free_port

SECRETS = {name: f"s3cret-{name}-0123456789" for name in
           ("thehive", "opensearch", "grafana", "cortex", "opencti", "wazuh", "kubernetes")}
FORMATS = ("plain", "table", "json", "jsonl", "yaml", "junit", "prometheus", "nagios", "md", "html")
HOSTILE = "<script>alert(1)</script> \"'`|& \x1b[31m\u202e\n# HELP up x\nup 1 -->]]>"


@pytest.fixture(scope="module")
def broken_soc(tmp_path_factory):
    """Variables that point to a SOC with errors of every kind, whose servers repeat their input."""

    def respond(request):
        sent = f"{HOSTILE} {request.headers}"
        return servers.answer(403, {"message": sent, "error": {"reason": sent}})

    mirror = servers.Server(respond)
    place = tmp_path_factory.mktemp("mixed")
    with tool.Sandbox("grafana", key=SECRETS["grafana"]) as sandbox:
        yield {
            "SOCCTL_THEHIVE_URL": sandbox.url, "SOCCTL_THEHIVE_KEY": SECRETS["thehive"],
            "SOCCTL_OPENSEARCH_URL": mirror.url, "SOCCTL_OPENSEARCH_USER": "admin",
            "SOCCTL_OPENSEARCH_KEY": SECRETS["opensearch"],
            "SOCCTL_CORTEX_URL": mirror.url, "SOCCTL_CORTEX_KEY": SECRETS["cortex"],
            "SOCCTL_OPENCTI_URL": mirror.url, "SOCCTL_OPENCTI_KEY": SECRETS["opencti"],
            "SOCCTL_WAZUH_URL": mirror.url, "SOCCTL_WAZUH_USER": "wazuh", "SOCCTL_WAZUH_KEY": SECRETS["wazuh"],
            "SOCCTL_JOBS_KUBECONFIG": kubeconfig(place, mirror.url, SECRETS["kubernetes"]),
            "SOCCTL_GRAFANA_URL": sandbox.urls["grafana"], "SOCCTL_GRAFANA_KEY": SECRETS["grafana"],
            "SOCCTL_PROMETHEUS_URL": f"http://127.0.0.1:{free_port()}",
            "SOCBRIDGE_WAZUH_HOME": "/nonexistent"}
    mirror.close()


def look(form, env, *more):
    return tool.run("health", "-o", form, *more, env=env)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_holds_a_secret_or_hostile_bytes(broken_soc, form):
    for more in ((), ("--all",)):
        result = look(form, broken_soc, *more)
        assert result.code == (2 if form == "nagios" else 5), result
        # Also as Basic has it.
        for secret in (*SECRETS.values(), "YWRtaW46czNjcmV0", "d2F6dWg6czNjcmV0"):
            assert secret not in result.out + result.err
        assert "\x1b" not in result.out and "\u202e" not in result.out
        assert "opensearch" in result.out.lower()
    assert "<script>" not in look("html", broken_soc).out


def test_junit_is_read_by_junitparser(broken_soc, tmp_path):
    file = tmp_path / "health.xml"
    assert look("junit", broken_soc, "--out", file).out == ""
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(file))}
    assert set(suites) >= {"thehive", "opensearch", "grafana", "prometheus", "wazuh"}
    assert suites["grafana"].failures == suites["grafana"].errors == 0 and suites["grafana"].tests == 5
    [case] = list(suites["prometheus"])
    [failure] = case.result
    assert isinstance(failure, junitparser.Failure)
    assert failure.type == "down.unreachable" and "cannot connect" in failure.message
    skipped = [case.result[0] for case in suites["cortex"] if case.name == "job folder"]
    assert isinstance(skipped[0], junitparser.Skipped)
    total = xml.etree.ElementTree.parse(file).getroot()
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(total.get(name)) == sum(getattr(suite, name) for suite in suites.values())


def test_metrics_pass_promtool(broken_soc):
    text = look("prometheus", broken_soc).out
    assert prometheus.check_metrics(text) == ""
    # The test can fail: a line of the server's own would be found.
    assert prometheus.check_metrics(text + "up 1\nup 2\n") != ""
    assert 'socbridge_health_component_state{component="prometheus",state="down"} 1' in text
    series = [line.rsplit(" ", 1)[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(series) == len(set(series))


def test_json_yaml_and_jsonl_say_the_same(broken_soc):
    as_json, as_yaml = look("json", broken_soc).json(), yaml.safe_load(look("yaml", broken_soc).out)
    lines = look("jsonl", broken_soc).jsonl()

    def essence(components):
        return [(one["component"], one["state"], [(c["check"], c["state"], c["cause"]) for c in one["checks"]])
                for one in components]

    assert essence(as_json["components"]) == essence(as_yaml["components"]) == essence(lines)
    assert as_json["state"] == "down" and as_json["exit_code"] == 5


def test_plain_has_six_cells_a_line(broken_soc):
    rows = look("plain", broken_soc).rows()
    assert {len(row) for row in rows} == {6}
    assert ["prometheus", "answer", "down", "unreachable"] in [row[:4] for row in rows]


def test_nagios_codes_and_performance_data(broken_soc):
    result = look("nagios", broken_soc)
    first, *rest = result.out.splitlines()
    text, _, data = first.partition(" | ")
    assert result.code == 2 and text.startswith("SOC CRITICAL - ")
    assert "|" not in "".join(rest)
    for item in data.split():
        label, _, values = item.partition("=")
        assert label.isalpha() and values.split(";")[0].endswith("s")
    ok = look("nagios", broken_soc, "grafana")
    assert ok.code == 0 and ok.out.startswith("SOC OK - 1 ok | grafana=")
    assert look("nagios", broken_soc, "cortexx").code == 3


def test_the_page_is_one_well_formed_file_without_outside_references(broken_soc):
    page = look("html", broken_soc).out
    start = page.index("<svg")
    svg = page[start:page.index("</svg>") + 6]
    root = xml.etree.ElementTree.fromstring(svg)
    assert len([node for node in root.iter() if "node" in (node.get("class") or "").split()]) == 7
    for word in ("http-equiv", "prefers-color-scheme:dark", 'name="viewport"'):
        assert word in page
    for word in ("<script", "src=", "href=", "@import", "url(http"):
        assert word not in page


def test_a_file_is_replaced_at_once(broken_soc, tmp_path):
    file = tmp_path / "soc.prom"
    file.write_text("old")
    assert look("prometheus", broken_soc, "--out", file).code == 5
    assert file.read_text().startswith("# HELP")
    assert list(tmp_path.iterdir()) == [file]
    missing = look("prometheus", broken_soc, "--out", tmp_path / "no/soc.prom")
    assert missing.code == 1 and missing.err.count("\n") == 1


def test_a_collector_may_read_metrics_and_a_page_is_for_whom_the_umask_lets(broken_soc, tmp_path):
    before = os.umask(0o077)
    try:
        for form, mode in (("prometheus", 0o644), ("html", 0o600)):
            look(form, broken_soc, "--out", tmp_path / form)
            assert (tmp_path / form).stat().st_mode & 0o777 == mode
    finally:
        os.umask(before)


def test_a_person_sees_colours_and_what_to_do(broken_soc):
    seen = tool.run_on_terminal("health", env=broken_soc, columns=110).out
    assert "\x1b[31mdown\x1b[0m" in seen and "Next:\n" in seen
    assert "\x1b" not in tool.run_on_terminal("health", env={**broken_soc, "NO_COLOR": "1"}).out


# The real one.

@pytest.fixture
def real(request):
    made = prometheus.Prometheus(**request.param)
    yield made
    made.close()


def healthy(targets, rules):
    return targets and all(one["health"] == "up" for one in targets) and all(r["health"] == "ok" for r in rules)


def check(result, name):
    [report] = result.json()["components"]
    [found] = [one for one in report["checks"] if one["check"] == name]
    return found


@pytest.mark.parametrize("real", [{"jobs": {"prometheus": "self"}, "rule": "up == 0"}], indirect=True)
def test_a_real_prometheus_that_is_well(real):
    real.wait_until(healthy)
    result = look("json", {"SOCCTL_PROMETHEUS_URL": real.url}, "prometheus")
    assert result.code == 0, result
    version = subprocess.run(["prometheus", "--version"], capture_output=True, text=True, timeout=20)
    assert result.json()["components"][0]["version"] in version.stdout + version.stderr
    assert check(result, "targets")["detail"] == "1 target, none down"


@pytest.mark.parametrize("real", [{"jobs": {"prometheus": "self", "node": "127.0.0.1:1"},
                                   "rule": "up * on() up"}], indirect=True)
def test_a_real_prometheus_with_a_dead_target_and_a_rule_that_fails(real):
    real.wait_until(lambda targets, rules: {one["health"] for one in targets} == {"up", "down"}
                    and rules[0]["health"] == "err")
    result = look("json", {"SOCCTL_PROMETHEUS_URL": real.url}, "prometheus")
    assert result.code == 3
    assert "1 of 2 targets down: node 127.0.0.1:1" in check(result, "targets")["detail"]
    assert check(result, "rules")["cause"] == "reported_error"


@pytest.mark.parametrize("real", [{"jobs": {}}], indirect=True)
def test_a_real_prometheus_with_nothing_to_do(real):
    real.wait_until(lambda targets, rules: True)
    result = look("json", {"SOCCTL_PROMETHEUS_URL": real.url}, "prometheus")
    assert result.code == 3
    assert check(result, "targets")["cause"] == check(result, "rules")["cause"] == "missing"


def test_our_metrics_are_scraped_by_a_real_prometheus(broken_soc):
    # promtool checks the names; a scrape checks the complete page.
    text = look("prometheus", broken_soc).out
    server = servers.Server(lambda request: servers.answer(200, text, "text/plain; version=0.0.4"))
    again = prometheus.Prometheus(jobs={"soc": f"127.0.0.1:{server.port}"})
    try:
        again.wait_until(lambda targets, rules: targets and targets[0]["health"] == "up")
        answer = json.loads(again.get("/api/v1/query?query=socbridge_health_check_severity%3E2"))
        assert {one["metric"]["component"] for one in answer["data"]["result"]} >= {"prometheus"}
    finally:
        again.close()
        server.close()
