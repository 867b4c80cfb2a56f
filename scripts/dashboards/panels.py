# SPDX-License-Identifier: Apache-2.0
"""Parts of the dashboards: panels over Prometheus and OpenSearch, placed in rows."""

PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
OPENSEARCH = {"type": "grafana-opensearch-datasource", "uid": "${opensearch}"}
TIME_FIELD = "timestamp"
STATES = [{"type": "value", "options": {
    str(number): {"text": text, "color": color, "index": number}
    for number, (text, color) in enumerate([("ok", "green"), ("unknown", "blue"), ("degraded", "orange"), ("down", "red")])}}]
LAST = {"calcs": ["lastNotNull"], "values": False, "fields": ""}


def steps(*pairs):
    """Thresholds: a colour from each value on; the first has no value."""
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for color, value in pairs]}


STATE_STEPS = steps(("green", None), ("blue", 1), ("orange", 2), ("red", 3))


def promql(expression, legend=None, **more):
    target = {"expr": expression, "datasource": PROMETHEUS, **more}
    return {**target, "legendFormat": legend} if legend else target


def now(expression):
    """An instant query for tables, labels as columns."""
    return promql(expression, instant=True, range=False, format="table")


def lucene(query, *buckets, over_time=True):
    """Counts of Wazuh's alerts; `buckets` from the outermost, as returned by terms() and filters()."""
    aggregations = list(buckets)
    if over_time:
        aggregations.append({"type": "date_histogram", "field": TIME_FIELD,
                             "settings": {"interval": "auto", "min_doc_count": "0", "trimEdges": "0"}})
    return {"datasource": OPENSEARCH, "query": query, "queryType": "lucene", "luceneQueryType": "Metric",
            "timeField": TIME_FIELD, "alias": "", "metrics": [{"id": "1", "type": "count"}],
            "bucketAggs": [{"id": str(2 + i), **one} for i, one in enumerate(aggregations)]}


def terms(field, size=10):
    return {"type": "terms", "field": field,
            "settings": {"size": str(size), "order": "desc", "orderBy": "_count", "min_doc_count": "1"}}


def filters(**labelled):
    return {"type": "filters", "settings": {"filters": [
        {"label": label, "query": query} for label, query in labelled.items()]}}


def panel(kind, title, description, targets, width, height, defaults=None, options=None, overrides=(), **more):
    made = {"type": kind, "title": title, "description": description, "width": width, "height": height,
            "targets": targets if isinstance(targets, list) else [targets],
            "fieldConfig": {"defaults": defaults or {}, "overrides": list(overrides)}, **more}
    return {**made, "options": options} if options else made


def stat(title, description, target, *colors, width=4, **defaults):
    if colors:
        defaults["thresholds"] = steps(("green", None), *colors)
    options = {"reduceOptions": LAST, "colorMode": "background", "graphMode": "none", "textMode": "value"}
    return panel("stat", title, description, target, width, 4, defaults, options)


def total(title, description, query, *colors, width=4, **defaults):
    """A stat of Wazuh's alerts in the selected time."""
    if colors:
        defaults["thresholds"] = steps(("green", None), *colors)
    options = {"reduceOptions": {**LAST, "calcs": ["sum"]}, "colorMode": "background", "graphMode": "none",
               "textMode": "value"}
    return panel("stat", title, description, lucene(query), width, 4, defaults, options)


def series(title, description, targets, width=12, height=8, overrides=(), **defaults):
    options = {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
               "tooltip": {"mode": "multi", "sort": "desc"}}
    return panel("timeseries", title, description, targets, width, height, {"min": 0, **defaults}, options, overrides)


def stacked(title, description, targets, width=12, height=8, overrides=(), **defaults):
    custom = {"drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0, "stacking": {"mode": "normal", "group": "A"}}
    return series(title, description, targets, width, height, overrides, custom=custom, **defaults)


def bars(title, description, target, width=8, height=8, **defaults):
    options = {"orientation": "horizontal", "displayMode": "basic", "reduceOptions": LAST}
    return panel("bargauge", title, description, target, width, height, defaults, options)


def ranking(title, description, query, field, width=8, height=8, size=10):
    """The most frequent values of a field, as a table."""
    return panel("table", title, description, lucene(query, terms(field, size), over_time=False), width, height,
                 {"noValue": "no alerts"}, transformations=[
                     {"id": "organize", "options": {"excludeByName": {}, "renameByName": {"Count": "alerts"}}}])


def table(title, description, expression, width=12, height=8, hide=("Time",), rename=None, empty="none", overrides=()):
    return panel("table", title, description, now(expression), width, height, {"noValue": empty}, overrides=overrides,
                 transformations=[{"id": "organize", "options": {
                     "excludeByName": {name: True for name in hide}, "renameByName": rename or {}}}])


def colored(name, color):
    return {"matcher": {"id": "byName", "options": name},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}]}


SEVERITIES = [colored("low", "green"), colored("medium", "yellow"), colored("high", "orange"), colored("critical", "red")]
# Levels of Wazuh as custom-w2thive maps them to severities.
BY_SEVERITY = filters(low="rule.level:[0 TO 9]", medium="rule.level:[10 TO 12]", high="rule.level:[13 TO 14]",
                      critical="rule.level:>=15")


def source_variable(name, label, plugin):
    return {"name": name, "label": label, "type": "datasource", "query": plugin, "refresh": 1, "hide": 0, "multi": False,
            "includeAll": False}


def values_variable(name, label, query):
    return {"name": name, "label": label, "type": "query", "datasource": PROMETHEUS, "query": query, "refresh": 2,
            "hide": 0, "multi": True, "includeAll": True, "allValue": ".*", "sort": 1}


def place(rows):
    """Panels with id and grid position. The panels of a row are side by side, those of a nested list above each other."""
    placed, top = [], 0
    for row in rows:
        left = 0
        for one in row:
            column = one if isinstance(one, list) else [one]
            at = top
            for made in column:
                rest = {name: value for name, value in made.items() if name not in ("type", "title", "description", "width", "height", "targets")}
                reads = {target["datasource"]["uid"]: target["datasource"] for target in made["targets"]}
                [source] = reads.values()
                targets = [{"refId": "ABCDEFGH"[i], **target} for i, target in enumerate(made["targets"])]
                placed.append({"id": len(placed) + 1, "type": made["type"], "title": made["title"],
                               "description": made["description"],
                               "gridPos": {"x": left, "y": at, "w": made["width"], "h": made["height"]},
                               "datasource": source, "targets": targets, **rest})
                at += made["height"]
            left += column[0]["width"]
        top = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in placed)
    return placed


def dashboard(uid, title, description, rows, variables=(), tags=None):
    panels = place(rows)
    sources = [source_variable("datasource", "Prometheus", "prometheus")]
    if any(one["datasource"] == OPENSEARCH for one in panels):
        sources.append(source_variable("opensearch", "OpenSearch", OPENSEARCH["type"]))
    return {"uid": uid, "title": title, "description": description, "tags": tags or [uid], "editable": True,
            "graphTooltip": 1, "schemaVersion": 36, "timezone": "browser", "refresh": "1m",
            "time": {"from": "now-24h", "to": "now"}, "templating": {"list": sources + list(variables)},
            "annotations": {"list": []}, "panels": panels}
