# SPDX-License-Identifier: Apache-2.0
"""etc/ossec.conf of a Wazuh manager with our integration in it, as `socctl health wazuh` reads it."""

KEY = "file:{home}/etc/thehive.key"
BLOCK = """<ossec_config>
  <integration>
    <name>custom-w2thive</name>
    <hook_url>{url}</hook_url>
    <api_key>{key}</api_key>
    <level>7</level>
    <alert_format>{format}</alert_format>
  </integration>
</ossec_config>
"""


def configure(home, url="https://thehive.example:9000", key=None, format="json", more="", blocks=1):
    key = key or KEY.format(home=home.path)
    text = "<ossec_config>\n  <global><jsonout_output>yes</jsonout_output></global>\n</ossec_config>\n"
    text += BLOCK.format(url=url, key=key, format=format) * blocks + more
    home.write("etc/ossec.conf", text)
