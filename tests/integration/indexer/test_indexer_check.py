# SPDX-License-Identifier: Apache-2.0
"""`socctl indexer check` on a real OpenSearch that is brought into each state that it has to report."""

import datetime
import json
import re
import urllib.request

import pytest

import indexer_front
import nginx
import opensearch_node
import servers
import tool
from ports import free_port


def moment(ago_s=0):
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago_s)


def today(ago_s=0):
    return moment(ago_s).strftime("wazuh-alerts-4.x-%Y.%m.%d")


def alert(number=1, ago_s=5, **more):
    return {"timestamp": moment(ago_s).isoformat(timespec="milliseconds").replace("+00:00", "+0000"),
            "id": f"1741938001.{number}", "rule": {"id": "5763", "level": 10}, "manager": {"name": "wazuh-01"},
            "agent": {"id": "003", "name": "web-01"}, **more}


def fill(node, ago_s=5, **more):
    """A manager and a dashboard that work, but for the age of the alerts."""
    node.bulk([(today(), None, alert(n, ago_s, **more)) for n in range(20)])
    for name in ("wazuh-monitoring-2026.48w", "wazuh-statistics-2026.48w"):
        node.put(f"/{name}", {"settings": {"number_of_shards": 1, "number_of_replicas": 0},
                              "mappings": {"properties": {"timestamp": {"type": "date"}}}})
        node.bulk([(name, None, {"timestamp": alert()["timestamp"]})])


def check(url, *args, env=None):
    result = tool.run("indexer", "check", "--url", url, "-o", "json", *args, env=env)
    assert result.err == "", result
    [report] = result.json()["components"]
    return result.code, {one["check"]: one for one in report["checks"]}


def assert_finding(found, name, code, state, words, cure=None):
    exit_code, checks = found
    one = checks[name]
    assert (exit_code, one["state"]) == (code, state), checks
    assert re.search(words, one["detail"]), one
    assert cure is None or re.search(cure, one["next"]), one


def test_a_cluster_that_works(indexer):
    fill(indexer)
    code, checks = check(indexer.url)
    states = {name: one["state"] for name, one in checks.items()}
    assert states.pop("retention") == "skipped"  # the plug-in is not in these jars
    assert code == 0 and set(states.values()) == {"ok"}, checks
    assert set(states) == {"answer", "cluster", "disk", "writes", "shards", "alerts index", "monitoring index",
                           "statistics index", "template", "mappings", "refused documents"}
    # The same code answers in health.
    health = tool.run("health", "opensearch", "-o", "json", env={"SOCCTL_OPENSEARCH_URL": indexer.url})
    assert {one["check"] for one in health.json()["components"][0]["checks"]} == set(checks)


def test_the_newest_document_counts_and_not_the_index(indexer):
    fill(indexer, ago_s=7300)
    assert_finding(check(indexer.url), "alerts index", 3, "degraded", "newest document 2 hours old", "Filebeat")
    assert_finding(check(indexer.url, "--fresh", "3h"), "alerts index", 0, "ok", "2 hours old")


def test_what_is_missing(indexer):
    assert_finding(check(indexer.url), "alerts index", 3, "degraded", r"no index wazuh-alerts-4\.x-\*")
    indexer.bulk([(today(86400), None, alert())])
    assert_finding(check(indexer.url, "--fresh", "1m"), "alerts index", 3, "degraded", "1 index, but none of today")


@pytest.mark.parametrize("block,words,cure", [
    ("read_only_allow_delete", "flood-stage|read-only / allow delete", "read_only_allow_delete null"),
    ("write", r"index write \(api\)", "index.blocks.write null"),
    ("read_only", r"index read-only \(api\)", "index.blocks.read_only null")])
def test_a_read_only_index_of_today_and_its_cure(indexer, block, words, cure):
    fill(indexer)
    indexer.put(f"/{today()}/_settings", {f"index.blocks.{block}": True})
    assert_finding(check(indexer.url), "writes", 5, "down", words, cure)
    # The remedy works.
    path, setting = re.search(r"PUT (\S+) with (\S+) null", check(indexer.url)[1]["writes"]["next"]).groups()
    indexer.put("/" + path, {setting: None})
    assert check(indexer.url)[1]["writes"]["state"] == "ok"


def test_a_cluster_that_makes_no_index(indexer):
    fill(indexer)
    indexer.put("/_cluster/settings", {"transient": {"cluster.blocks.read_only_allow_delete": True}})
    try:
        assert_finding(check(indexer.url), "writes", 5, "down", "the cluster refuses all writes", "free disk")
    finally:
        indexer.put("/_cluster/settings", {"transient": {"cluster.blocks.read_only_allow_delete": None}})


def test_no_room_for_the_next_index(indexer):
    fill(indexer)
    shards = indexer.get("/_cluster/health")["active_shards"]
    indexer.put("/_cluster/settings", {"persistent": {"cluster.max_shards_per_node": str(shards + 2)}})
    found = check(indexer.url)
    assert_finding(found, "shards", 3, "degraded", f"{shards} of {shards + 2} shards.*needs 3", "max_shards_per_node")
    with pytest.raises(opensearch_node.Refused) as refused:  # and it is so
        indexer.bulk([("wazuh-alerts-4.x-2030.01.01", None, alert())])
    assert "maximum" in refused.value.body
    indexer.put("/_cluster/settings", {"persistent": {"cluster.max_shards_per_node": str(shards + 9)}})
    assert_finding(check(indexer.url), "shards", 3, "degraded", "full in 1 day", "max_shards_per_node")


def test_a_red_index(indexer):
    fill(indexer)
    indexer.request("PUT", "/wazuh-alerts-4.x-2020.01.01?wait_for_active_shards=0&timeout=1s",
                    {"settings": {"index.routing.allocation.require._name": "nowhere"}})
    found = check(indexer.url)
    assert_finding(found, "cluster", 5, "down", "red, 1 node, 3 unassigned", "allocation/explain")
    assert_finding(found, "alerts index", 5, "degraded", "only 3 of 6 shards answered")


def test_the_watermarks(indexer):
    fill(indexer)
    marks = {f"cluster.routing.allocation.disk.watermark.{name}": value
             for name, value in (("low", "1%"), ("high", "2%"), ("flood_stage", "99%"))}
    indexer.put("/_cluster/settings", {"transient": marks})
    assert_finding(check(indexer.url), "disk", 3, "degraded", r"high watermark \(2%\)", "retention")


def test_templates_and_mappings(indexer):
    fill(indexer)
    indexer.delete("/_template/wazuh")
    try:
        assert_finding(check(indexer.url), "template", 3, "degraded", f"no index template fits {today()}", "Filebeat")
        # The next index maps the same alerts as text, which cannot be sorted.
        indexer.bulk([("wazuh-alerts-4.x-2020.01.01", None, alert())])
        assert_finding(check(indexer.url), "mappings", 3, "degraded",
                       r"^id is text in wazuh-alerts-4\.x-2020\.01\.01, not keyword; rule\.id", "template")
    finally:
        indexer.put("/_template/wazuh", opensearch_node.TEMPLATE)


def test_a_field_of_two_types(indexer):
    fill(indexer)
    indexer.put("/wazuh-alerts-4.x-2020.01.01", {"mappings": {"properties": {"data": {"properties": {"level": {
        "type": "long"}}}}}})
    indexer.bulk([(today(), None, alert(data={"level": "high"}))])
    assert_finding(check(indexer.url), "mappings", 3, "degraded",
                   r"1 field has several types.*data\.level is keyword in \S+, long in", "reindex")


def with_policies(node, explain):
    """The node, with an answer of the index management that its jars lack."""
    def respond(request):
        if "_plugins/_ism/explain" in request.path:
            return servers.answer(200, explain)
        forwarded = urllib.request.Request(node.url + request.path, request.body or None, method=request.method,
                                           headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(forwarded, timeout=30) as answer:
            return servers.answer(answer.status, answer.read())
    return respond


def test_retention(indexer, serve):
    fill(indexer)
    policy = "index.plugins.index_state_management.policy_id"
    old = "wazuh-alerts-4.x-2020.01.01"
    server = serve(with_policies(indexer, {today(): {policy: "keep-90-days"}, old: {policy: None},
                                           "total_managed_indices": 1}))
    assert_finding(check(server.url), "retention", 3, "degraded", f"no policy deletes 1 index in time: {old}", "ISM")
    server = serve(with_policies(indexer, {today(): {policy: "keep-90-days"}, "total_managed_indices": 1}))
    assert_finding(check(server.url), "retention", 0, "ok", "a policy for each of 1 index")


def test_indices_of_other_names(indexer, tmp_path):
    fill(indexer)
    indexer.put("/siem-2026", {"mappings": opensearch_node.TEMPLATE["mappings"]})
    indexer.bulk([("siem-2026", None, alert(ago_s=7300))])
    assert_finding(check(indexer.url, "--alerts", "siem-*"), "alerts index", 3, "degraded", "2 hours old")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"indices": {"alerts": "siem-*", "monitoring": "wazuh-mon*"}}))
    found = check(indexer.url, "--profile", config)
    assert_finding(found, "alerts index", 3, "degraded", "2 hours old")
    assert found[1]["monitoring index"]["state"] == "ok"
    config.write_text('{"indices": {"alerts": "a/b"}}')
    refused = tool.run("indexer", "check", "--url", indexer.url, "--profile", config)
    assert refused.code == 2 and re.search(r"config\.json:1:14: .*is not a valid index pattern", refused.err), refused
    config.write_text('{"indices": {"alert": "a"}}')
    refused = tool.run("health", "opensearch", "--profile", config)
    assert refused.code == 2 and 'did you mean "alerts"' in refused.err, refused


def test_wazuh_5_alone(indexer):
    stream = "wazuh-findings-v5-security"
    document = {"@timestamp": alert()["timestamp"].replace("+0000", "Z"),
                "wazuh": {"rule": {"id": "sec-003", "level": "high"}}}
    indexer.bulk([(stream, None, document)], action="create")
    code, checks = check(indexer.url)
    assert code == 0 and checks["findings index"]["state"] == "ok", checks
    assert not {"alerts index", "monitoring index", "statistics index"} & set(checks)
    assert checks["template"]["state"] == checks["mappings"]["state"] == "ok"


@pytest.fixture(scope="module")
def front(opensearch):
    made = indexer_front.Front(opensearch)
    yield made
    made.close()


def test_passwords_certificates_and_a_crowd(indexer, front):
    fill(indexer)
    ca = ["--ca-file", front.ca]
    user = {"SOCCTL_OPENSEARCH_USER": indexer_front.USER, "SOCCTL_OPENSEARCH_KEY": indexer_front.PASSWORD}
    assert check(front.urls["password"], *ca, env=user)[0] == 0
    wrong = check(front.urls["password"], *ca, env={**user, "SOCCTL_OPENSEARCH_KEY": "no"})
    assert (wrong[0], wrong[1]["answer"]["state"]) == (5, "down") and "401" in wrong[1]["answer"]["detail"], wrong
    assert_finding(check(front.urls["password"], env=user), "answer", 5, "down", "certificate", "ca_file")

    mine = {"SOCCTL_OPENSEARCH_CLIENT_CERT_FILE": str(front.cert), "SOCCTL_OPENSEARCH_CLIENT_KEY_FILE": str(front.key)}
    found = check(front.urls["certificate"], *ca, env=mine)
    assert found[0] == 0, found
    assert check(front.urls["certificate"], *ca)[0] == 5

    code, checks = check(front.urls["busy"])
    assert code in (3, 5) and any("429" in one["detail"] for one in checks.values()), checks


def test_certificates_that_do_not_fit(opensearch):
    proxy = nginx.Proxy()
    try:
        for name, words in (("expired", "expired"), ("wrong_ca", "certificate"), ("wrong_host", "localhost")):
            found = check(proxy.urls[name], "--ca-file", proxy.ca)
            assert_finding(found, "answer", 5, "down", words, "certificate")
    finally:
        proxy.close()


def test_a_node_that_is_gone_is_left_for_the_next(indexer):
    fill(indexer)
    gone = f"http://127.0.0.1:{free_port()}"
    assert check(f"{gone},{indexer.url}")[0] == 0
    assert_finding(check(f"{gone},{gone}"), "answer", 5, "down", "refused")
    refused = tool.run("alert", "list", "--url", f"{gone},{gone}",
                       env={"SOCCTL_THEHIVE_KEY": "k"})
    assert refused.code == 2 and "thehive has one URL" in refused.err, refused


def test_for_people_and_monitoring(indexer):
    fill(indexer, ago_s=7300)
    shown = tool.run_on_terminal("indexer", "check", "--url", indexer.url, columns=140)
    assert shown.code == 3 and "alerts index" in shown.out and "template" in shown.out, shown
    nagios = tool.run("indexer", "check", "--url", indexer.url, "-o", "nagios")
    assert nagios.code == 1 and nagios.out.startswith("SOC WARNING"), nagios
    silent = tool.run("indexer", "check", "--url", indexer.url, "-q")
    assert (silent.code, silent.out, silent.err) == (3, "", ""), silent
    missing = tool.run("indexer", "check")
    assert missing.code == 2 and "SOCCTL_OPENSEARCH_URL" in missing.err, missing


# The node counts them as long as it runs, so this is the last test.
def test_refused_documents(indexer):
    fill(indexer)
    before = check(indexer.url)[1]["refused documents"]
    assert before["state"] == "ok"
    for number in range(40):
        with pytest.raises(opensearch_node.Refused):
            indexer.bulk([(today(), None, alert(number, data={"port": {"remote_ip": "a name"}}))])
    found = check(indexer.url)
    assert_finding(found, "refused documents", 3, "degraded", r"4\d of \d+ in ", "Cannot index event")
    indexer.bulk([("filebeat-dead-letter-2026", None, {"message": "{}"})])
    assert_finding(check(indexer.url), "refused documents", 3, "degraded",
                   "1 document in filebeat-dead-letter-2026", "reconcile")
