"""A row of the table, and how numbers are written in it."""
import dataclasses
import typing


@dataclasses.dataclass
class Row:
    """ratio and share are numbers; goal is the text of what is asked, met whether it is."""
    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    goal: str = ""
    met: typing.Optional[bool] = None
    limit: str = ""
    share: str = ""


HEADINGS = ["what", "ours", "peer", "ratio", "goal", "reached", "limit", "share of it"]


def seconds(value):
    if value < 0.1:
        return f"{1000 * value:.3g} ms"
    return f"{value:.3g} s" if value < 100 else f"{value:.0f} s"


def size(value):
    return f"{value / 1e9:.2f} GB" if value >= 1e9 else f"{value / 1e6:.0f} MB"


def rate(value):
    return f"{value / 1e9:.3g} GFLOP/s"


def times(value):
    return f"{value:.1f}×" if value < 100 else f"{value:.0f}×"


def percent(value):
    return f"{100 * value:.0f} %"


def faster(what, pair, peer_name, at_least=None, **more):
    """Ours against a peer; pair: see Bench.alternate."""
    return Row(what, seconds(pair.ours), f"{seconds(pair.peer)} ({peer_name})",
               times(pair.ratio) + " faster" if pair.ratio >= 1 else f"{pair.ratio:.2f}×",
               f"≥ {at_least:g}×" if at_least else "",
               pair.ratio >= at_least if at_least else None, **more)


def within(what, pair, peer_name, at_most=None, **more):
    """Ours as a multiple of the peer's, at most at_most."""
    multiple = 1 / pair.ratio
    return Row(what, seconds(pair.ours), f"{seconds(pair.peer)} ({peer_name})",
               f"{multiple:.2f}× as long", f"≤ {at_most:g}×" if at_most else "",
               multiple <= at_most if at_most else None, **more)


def amount(what, value, at_most=None, form=seconds, **more):
    """A time or size with a bound."""
    return Row(what, form(value), goal=f"≤ {form(at_most)}" if at_most is not None else "",
               met=value <= at_most if at_most is not None else None, **more)


def skipped(what, why):
    return Row(what, f"skipped: {why}")


def limited(row, limit, actual, form=seconds):
    """Add the physical limit to a row, and the share of it that we reach."""
    row.limit = form(limit)
    row.share = percent(limit / actual if form is seconds else actual / limit)
    return row


def markdown(rows):
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    for row in rows:
        reached = "" if row.met is None else "yes" if row.met else "**no**"
        cells = [row.what, row.ours, row.peer, row.ratio, row.goal, reached, row.limit, row.share]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
