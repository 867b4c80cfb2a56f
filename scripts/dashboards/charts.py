# SPDX-License-Identifier: Apache-2.0
"""Drawings of panels as SVG and HTML: numbers, lines, stacked bars, bars, states over time, tables."""
import datetime
import html
import math

NAMED = {"green": "#56a64b", "yellow": "#e0b400", "orange": "#ff780a", "red": "#e02f44", "blue": "#3274d9"}
PALETTE = ["#56a64b", "#e0b400", "#3274d9", "#ff780a", "#e02f44", "#8f3bb8", "#37872d", "#1f60c4", "#c15c17", "#b877d9"]


def escape(text):
    return html.escape(str(text))


def color_of(value, defaults, otherwise=NAMED["green"]):
    """By mapping, then by threshold."""
    for mapping in defaults.get("mappings", []):
        found = mapping.get("options", {}).get(f"{value:g}")
        if found and "color" in found:
            return NAMED[found["color"]]
    color = otherwise
    for step in defaults.get("thresholds", {}).get("steps", []):
        if step["value"] is None or value >= step["value"]:
            color = NAMED.get(step["color"], otherwise)
    return color


def scaled(value, units, base):
    index = 0
    while abs(value) >= base and index + 1 < len(units):
        value, index = value / base, index + 1
    return value, units[index]


def shown(value, defaults):
    """A number as text, in the panel's unit."""
    for mapping in defaults.get("mappings", []):
        found = mapping.get("options", {}).get(f"{value:g}")
        if found:
            return found["text"]
    unit, decimals = defaults.get("unit"), defaults.get("decimals")
    if unit == "percentunit":
        return f"{value * 100:.{decimals or 0}f} %"
    if unit == "s":
        for name, seconds in (("d", 86400), ("h", 3600), ("min", 60)):
            if abs(value) >= 2 * seconds:
                return f"{value / seconds:.1f}".rstrip("0").rstrip(".") + f" {name}"
        if 0 < abs(value) < 1:
            return f"{value * 1000:.0f} ms"
        return f"{value:.{1 if decimals is None else decimals}f} s"
    if unit == "bytes":
        number, name = scaled(value, ["B", "KiB", "MiB", "GiB"], 1024)
        return f"{number:.0f} {name}" if name == "B" else f"{number:.1f} {name}"
    number, name = scaled(value, ["", "k", "M", "G"], 1000) if abs(value) >= 10000 else (value, "")
    places = decimals if decimals is not None else (0 if number == int(number) else 2 if abs(number) < 10 else 1)
    return f"{number:.{places}f}{(' ' + name) if name else ''}"


def axis_steps(top):
    """About four round values up to `top`."""
    if top <= 0:
        return [0, 1]
    rough = top / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    return [step * i for i in range(math.ceil(top / step) + 1)]


class Plot:
    """A frame with axes; x are Unix seconds."""

    def __init__(self, width, height, start, end, top, defaults):
        self.width, self.height, self.start, self.end, self.defaults = width, height, start, end, defaults
        self.left, self.bottom = 58, 20
        self.steps = axis_steps(top)
        self.top = max(self.steps)

    def x(self, at):
        return self.left + (self.width - self.left - 8) * (at - self.start) / (self.end - self.start)

    def y(self, value):
        return self.height - self.bottom - (self.height - self.bottom - 8) * min(max(value, 0), self.top) / self.top

    def frame(self):
        out = ""
        for value in self.steps:
            y = self.y(value)
            out += f'<line class="grid" x1="{self.left}" x2="{self.width - 8}" y1="{y:.1f}" y2="{y:.1f}"/>'
            out += f'<text x="{self.left - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(shown(value, self.defaults))}</text>'
        last = 4 if self.width > 380 else 2
        for i in range(last + 1):
            at = self.start + (self.end - self.start) * i / last
            text = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%H:%M:%S")
            anchor = "start" if i == 0 else "end" if i == last else "middle"
            out += f'<text x="{self.x(at):.1f}" y="{self.height - 5}" text-anchor="{anchor}">{text}</text>'
        return out

    def svg(self, inner):
        return f'<svg width="{self.width}" height="{self.height}">{self.frame()}{inner}</svg>'


def legend(names):
    items = "".join(f'<span><i style="background:{color}"></i>{escape(name)}</span>' for name, color in names)
    return f'<div class="legend">{items}</div>'


def lines(series, window, size, defaults):
    """series: [(name, colour, [(time, value)])]"""
    width, height = size
    peak = max((value for _, _, points in series for _, value in points), default=0)
    plot = Plot(width, height - 24, *window, max(peak, defaults.get("max", 0)), defaults)
    inner = ""
    for _, color, points in series:
        path = " ".join(f"{plot.x(at):.1f},{plot.y(value):.1f}" for at, value in points)
        inner += f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.5"/>'
    return plot.svg(inner) + legend([(name, color) for name, color, _ in series])


def stacks(series, window, size, defaults):
    """Stacked bars."""
    width, height = size
    moments = sorted({at for _, _, points in series for at, _ in points})
    sums = {at: 0.0 for at in moments}
    for _, _, points in series:
        for at, value in points:
            sums[at] += value
    plot = Plot(width, height - 24, *window, max(sums.values(), default=0), defaults)
    broad = max((width - 66) / max(len(moments), 1) - 0.6, 0.8)
    inner, reached = "", {at: 0.0 for at in moments}
    for _, color, points in series:
        for at, value in points:
            low, high = plot.y(reached[at]), plot.y(reached[at] + value)
            reached[at] += value
            inner += f'<rect x="{plot.x(at) - broad / 2:.1f}" y="{high:.1f}" width="{broad:.1f}" height="{low - high:.1f}" fill="{color}"/>'
    return plot.svg(inner) + legend([(name, color) for name, color, _ in series])


def state_bands(rows, window, size, defaults):
    """rows: [(name, [(time, value)])]: a band for each, in the colours of its states."""
    width, height = size
    deep = (height - 24) / max(len(rows), 1)
    inner = ""
    for index, (name, points) in enumerate(rows):
        top = index * deep
        inner += f'<text x="0" y="{top + deep / 2 + 4:.1f}">{escape(name)}</text>'
        span = (width - 110) / max(len(points), 1)
        for number, (_, value) in enumerate(points):
            inner += (f'<rect x="{110 + number * span:.1f}" y="{top + 2:.1f}" width="{span + 0.4:.1f}" height="{deep - 4:.1f}" '
                      f'fill="{color_of(value, defaults)}"/>')
    marks = [(one["text"], NAMED[one["color"]]) for mapping in defaults.get("mappings", [])
             for one in mapping["options"].values()]
    return f'<svg width="{width}" height="{height - 24}">{inner}</svg>' + legend(marks)


def stat(value, size, defaults):
    if value is None:
        return f'<div class="stat empty">{escape(defaults.get("noValue", "No data"))}</div>'
    return f'<div class="stat" style="background:{color_of(value, defaults)}">{escape(shown(value, defaults))}</div>'


def gauges(rows, size, defaults):
    """rows: [(name, value)]"""
    top = defaults.get("max") or max((value for _, value in rows), default=1) or 1
    out = ""
    for name, value in rows:
        part = 100 * min(max(value, 0), top) / top
        out += (f'<div class="gauge"><b>{escape(name)}</b><span><i style="width:{part:.1f}%;background:'
                f'{color_of(value, defaults)}"></i></span><em>{escape(shown(value, defaults))}</em></div>')
    return out or '<div class="none">No data</div>'


def table(columns, rows, defaults):
    if not rows:
        return f'<div class="none">{escape(defaults.get("noValue", "No data"))}</div>'
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[:12])
    return f"<table><tr>{head}</tr>{body}</table>"
