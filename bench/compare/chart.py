"""Sends a second as a share of the floor's, as an SVG."""

from figures import Figures, share as as_text
from report import name

COLOURS = {"floor": "#8a8f98", "ours": "#c8102e", "peer": "#4a6fa5", "bare": "#4a6fa5"}
AT_ONCE = (1, 8, 64)
LEFT, WIDTH, BAR, GAP, TOP = 290, 540, 9, 14, 70


def draw(figures: Figures, programs: list[dict]) -> str:
    """One group of three bars for each program; the bars' ends have their median, a line their spread."""
    shares = {
        (program["key"], at_once): figures.ratio(program["key"], "floor", at_once, "rate")
        for program in programs
        for at_once in AT_ONCE
    }
    most = max(1.0, *(share.greatest for share in shares.values()))
    scale = WIDTH / most
    group = 3 * (BAR + 2) + GAP
    height = TOP + group * len(programs) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 90} {height}" font-family="sans-serif">',
        f'<rect width="{LEFT + WIDTH + 90}" height="{height}" fill="white"/>',
        '<text x="16" y="26" font-size="16" font-weight="bold">Sends a second, as a share of the floor</text>',
        '<text x="16" y="46" font-size="12" fill="#555">1, 8 and 64 at once, from above; the thin line is the '
        "spread of the rounds; red is redpack</text>",
    ]
    for share in (0.25, 0.5, 0.75, 1.0):
        x = LEFT + share * scale
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{height - 24}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - 8}" font-size="11" text-anchor="middle" fill="#555">{share:g}</text>')
    for row, program in enumerate(programs):
        y = TOP + row * group
        parts.append(f'<text x="{LEFT - 10}" y="{y + 20}" font-size="12" text-anchor="end">{name(program)}</text>')
        for index, at_once in enumerate(AT_ONCE):
            share = shares[program["key"], at_once]
            at, end = y + index * (BAR + 2), LEFT + share.middle * scale
            middle = at + BAR / 2
            colour = COLOURS[program["role"]]
            parts.append(
                f'<rect x="{LEFT}" y="{at}" width="{share.middle * scale:.1f}" height="{BAR}" fill="{colour}" '
                f'opacity="{(0.55, 0.8, 1)[index]}"/>'
            )
            parts.append(
                f'<line x1="{LEFT + share.least * scale:.1f}" x2="{LEFT + share.greatest * scale:.1f}" '
                f'y1="{middle}" y2="{middle}" stroke="black" stroke-width="1"/>'
            )
            text = max(end, LEFT + share.greatest * scale) + 5
            parts.append(f'<text x="{text:.1f}" y="{at + BAR - 1}" font-size="9.5">{as_text(share.middle)}</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"
