# SPDX-License-Identifier: Apache-2.0
"""`socctl health --canary` with a manager's home."""

import tool


def install(home, url, key=tool.KEY, more=""):
    home.write("etc/ossec.conf", f"""<ossec_config><integration><name>custom-w2thive</name><hook_url>{url}</hook_url>
      <api_key>{key}</api_key><level>3</level><alert_format>json</alert_format>{more}</integration></ossec_config>""")


def run_canary(env, *more, home=None):
    place = str(home.path) if home else "/nonexistent"
    result = tool.run("health", "--canary", "-o", "json", *more, env={**env, "SOCBRIDGE_WAZUH_HOME": place})
    assert tool.KEY not in result.out + result.err
    if not result.out:
        return result, None
    report = result.json()["components"][-1]
    assert report["component"] == "canary"
    return result, {one["check"]: one for one in report["checks"]}


def alerts_left(sandbox):
    return tool.run("alert", "list", "-o", "jsonl", env=sandbox.env()).jsonl()
