# SPDX-License-Identifier: Apache-2.0
"""Queries of panels, sent to a Prometheus and to an OpenSearch."""
import json
import math
import re
import urllib.parse
import urllib.request

POINTS = 160
INDICES = "wazuh-alerts-4.x-*"


def fetch(url, body=None):
    request = urllib.request.Request(url, body and json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def is_number(text):
    return math.isfinite(float(text))


class Prometheus:
    def __init__(self, url, window):
        self.url, (self.start, self.end) = url, window

    def _expression(self, target):
        # The variables of our dashboards select all values.
        text = re.sub(r"\$(component|destination)\b", ".*", target["expr"])
        return text.replace("$__range", f"{int(self.end - self.start)}s").replace("s:5m]", "s:5s]")

    def _ask(self, path, **parameters):
        return fetch(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")["data"]["result"]

    def _instant(self, target):
        found = self._ask("query", query=self._expression(target), time=self.end)
        return [(one["metric"], float(one["value"][1])) for one in found if is_number(one["value"][1])]

    @staticmethod
    def _name(target, labels):
        if "legendFormat" in target:
            return re.sub(r"\{\{(\w+)\}\}", lambda found: labels.get(found[1], ""), target["legendFormat"])
        return ", ".join(f"{name}={value}" for name, value in labels.items()) or "value"

    def number(self, target, calculation):
        found = self._instant(target)
        return found[0][1] if found else None

    def now(self, target):
        return [(self._name(target, labels), value) for labels, value in self._instant(target)]

    def series(self, target):
        step = max((self.end - self.start) / POINTS, 1)
        found = self._ask("query_range", query=self._expression(target), start=self.start, end=self.end, step=step)
        return [(self._name(target, one["metric"]), [(float(at), float(value)) for at, value in one["values"] if is_number(value)])
                for one in found]

    def table(self, target):
        found = self._instant(target)
        names = sorted({name for labels, _ in found for name in labels if name != "__name__"})
        return ["Time", *names, "Value"], [["", *(labels.get(name, "") for name in names), value] for labels, value in found]


class OpenSearch:
    """Counts as the plug-in queries them: nested terms, filters and histograms."""

    def __init__(self, url, window):
        self.url, (self.start, self.end) = url, window

    def _aggregations(self, buckets):
        if not buckets:
            return {}
        bucket, settings = buckets[0], buckets[0]["settings"]
        if bucket["type"] == "terms":
            one = {"terms": {"field": bucket["field"], "size": int(settings["size"]), "order": {"_count": "desc"}}}
        elif bucket["type"] == "filters":
            one = {"filters": {"filters": {each["label"]: {"query_string": {"query": each["query"]}} for each in settings["filters"]}}}
        else:
            step = max(int((self.end - self.start) * 1000 / POINTS), 1000)
            one = {"date_histogram": {"field": bucket["field"], "fixed_interval": f"{step}ms", "min_doc_count": 0,
                                      "extended_bounds": {"min": int(self.start * 1000), "max": int(self.end * 1000)}}}
        return {"aggs": {bucket["id"]: {**one, **self._aggregations(buckets[1:])}}}

    def _counts(self, target):
        """{keys of the buckets from the outermost: count}"""
        span = {"gte": int(self.start * 1000), "lte": int(self.end * 1000), "format": "epoch_millis"}
        answer = fetch(f"{self.url}/{INDICES}/_search", {
            "size": 0, "query": {"bool": {"filter": [{"range": {target["timeField"]: span}},
                                                     {"query_string": {"query": target["query"]}}]}},
            **self._aggregations(target["bucketAggs"])})
        out = {}

        def walk(node, rest, path):
            if not rest:
                out[path] = node["doc_count"]
                return
            inner = node[rest[0]["id"]]["buckets"]
            for key, one in (inner.items() if isinstance(inner, dict) else [(one["key"], one) for one in inner]):
                walk(one, rest[1:], (*path, key))
        walk(answer["aggregations"], target["bucketAggs"], ())
        return out

    def number(self, target, calculation):
        return float(sum(self._counts(target).values()))

    def now(self, target):
        return [(str(path[0]), float(count)) for path, count in self._counts(target).items()]

    def series(self, target):
        out = {}
        for path, count in self._counts(target).items():
            out.setdefault(str(path[0]) if len(path) > 1 else "Count", []).append((path[-1] / 1000, float(count)))
        return list(out.items())

    def table(self, target):
        field = target["bucketAggs"][0]["field"]
        return [field, "Count"], [[str(path[0]), float(count)] for path, count in self._counts(target).items()]
