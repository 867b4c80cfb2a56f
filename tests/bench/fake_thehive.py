# SPDX-License-Identifier: Apache-2.0
"""What the usual Python integration does at its least: start, import json and requests, POST once."""
import json
import sys

import requests

port, key, path = sys.argv[1:4]
with open(path, encoding="utf-8") as file:
    body = json.load(file)
answer = requests.post(f"http://127.0.0.1:{port}/api/v1/alert", json=body, timeout=10,
                       headers={"Authorization": f"Bearer {key}"})
sys.exit(0 if answer.status_code == 201 else 1)
