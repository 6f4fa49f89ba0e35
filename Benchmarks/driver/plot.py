"""Plots as SVG, with the standard library alone."""

import os
import statistics
from xml.sax.saxutils import escape

COLOURS = {"alertgate": "#1f6f8b", "limit": "#9aa5b1", "peer": "#c8553d"}


def write(results, folder):
    if "headline" in results:
        _save(folder, "rates.svg", _bars(results))
    if "connections" in results:
        _save(folder, "connections.svg", _lines(results["connections"]))


def _save(folder, name, drawing):
    with open(os.path.join(folder, name), "w") as file:
        file.write(drawing)


def _kind(name):
    if name.startswith("alertgate"):
        return "alertgate"
    return "peer" if name.startswith(("Alert", "one")) else "limit"


def _svg(width, height, body):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>'
        + "\n".join(body) + "</svg>\n")


def _bars(results):
    """Requests a second, one bar for each server, with least and greatest."""
    rows = [(name, found) for name, found in results["headline"].items() if name != "memory"]
    rows += list(results.get("alerta", {}).items())
    left, width, step = 230, 760, 34
    most = max(result["rate"] for _, found in rows for result in found)
    scale = (width - left - 90) / most
    body = ['<text x="10" y="22" font-weight="bold">Requests a second, 64 connections: median, least and greatest</text>']
    for index, (name, found) in enumerate(rows):
        y = 40 + index * step
        rates = [result["rate"] for result in found]
        middle = statistics.median(rates)
        body.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>')
        body.append(
            f'<rect x="{left}" y="{y}" width="{middle * scale:.1f}" height="22" fill="{COLOURS[_kind(name)]}"/>')
        low, high = left + min(rates) * scale, left + max(rates) * scale
        body.append(f'<path d="M{low:.1f} {y + 11}H{high:.1f}M{low:.1f} {y + 6}v10M{high:.1f} {y + 6}v10" stroke="black"/>')
        body.append(f'<text x="{high + 8:.1f}" y="{y + 16}">{middle:,.0f}</text>')
    return _svg(width, 50 + len(rows) * step, body)


def _lines(results):
    """Rate by connections, and p99 by connections, beside each other."""
    counts = sorted({int(name.rpartition(", ")[2]) for name in results})
    series = list(dict.fromkeys(name.rpartition(", ")[0] for name in results))
    body = []
    for panel, (member, title) in enumerate((("rate", "requests/s"), ("p99", "p99 in ms"))):
        x0, y0, width, height = 70 + panel * 390, 40, 290, 220
        most = max(result[member] for found in results.values() for result in found) * 1.05
        body.append(f'<text x="{x0}" y="25" font-weight="bold">{title}, by connections</text>')
        body.append(f'<path d="M{x0} {y0}v{height}h{width}" stroke="black" fill="none"/>')
        for part in range(5):
            y = y0 + height - height * part / 4
            body.append(f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{most * part / 4:,.0f}</text>')
        places = [x0 + 20 + index * (width - 60) / max(1, len(counts) - 1) for index in range(len(counts))]
        for x, count in zip(places, counts):
            body.append(f'<text x="{x:.1f}" y="{y0 + height + 18}" text-anchor="middle">{count}</text>')
        for index, name in enumerate(series):
            colour = COLOURS[_kind(name)]
            points = []
            for x, count in zip(places, counts):
                values = [result[member] for result in results[f"{name}, {count}"]]
                y = [y0 + height - value / most * height for value in (statistics.median(values), min(values), max(values))]
                points.append(f"{x:.1f},{y[0]:.1f}")
                body.append(f'<path d="M{x:.1f} {y[1]:.1f}V{y[2]:.1f}" stroke="{colour}" stroke-width="2"/>')
            body.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
            body.append(f'<text x="{x0 + 10}" y="{y0 + height + 38 + index * 16}" fill="{colour}">{escape(name)}</text>')
    return _svg(800, 330, body)
