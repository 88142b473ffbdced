"""Figures: measured, printed as a table, kept, and written to docs/performance.md."""

import json
import os
import platform
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.steps import ROOT

KEPT = ROOT / "bench" / "figures.json"
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, what it came to, what it aims for, and how it was got."""

    what: str
    value: str
    aim: str = ""
    holds: bool | None = None
    how: str = ""

    @property
    def verdict(self) -> str:
        return {True: "yes", False: "**no**", None: ""}[self.holds]


def at_least(what: str, value: float, aim: float, how: str) -> Figure:
    return Figure(what, f"{value:.2f}", f"≥ {aim:g}", value >= aim, how)


def at_most(what: str, value: float, aim: float, unit: str, how: str = "") -> Figure:
    shown = f"{value:.2f}" if not unit else f"{value:,.0f} {unit}"
    return Figure(what, shown, f"≤ {aim:g} {unit}".strip(), value <= aim, how)


def table(figures: list[Figure]) -> str:
    """Figures as lines for a console."""
    rows = [("", "measured", "aim", "holds")]
    rows += [(one.what, one.value, one.aim, one.verdict.strip("*")) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def keep(part: str, title: str, figures: list[Figure], notes: str, load: float) -> None:
    """Put one part's figures in place of its former ones, and write the page anew.

    `load` is what the machine was doing besides: its load average before the part began.
    """
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    kept[part] = {
        "title": title,
        "on": datetime.now(UTC).date().isoformat(),
        "machine": f"{machine()}; load before it began: {load:.1f}",
        "notes": " ".join(notes.split()),
        "figures": [asdict(one) for one in figures],
    }
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(_page(kept))


def machine() -> str:
    """The machine in a line: never its name."""
    cpus = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cpus} shared cores ({_processor()}), {memory:.0f} GiB, Linux {platform.release()[:4]}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _page(kept: dict[str, dict]) -> str:
    lines = [
        "# Performance, as measured",
        "",
        "Written by `make bench`; each part stands as it was last measured. Read the ratios: both",
        "of their sides were measured in turns, in one run, on one machine. Absolute times on a",
        "shared machine mean little alone. Where a figure misses its aim, it says so.",
    ]
    for part in kept.values():
        lines += ["", f"## {part['title']}", "", part["notes"], ""]
        lines += ["| what | measured | aim | holds | how |", "| --- | --- | --- | --- | --- |"]
        for row in part["figures"]:
            one = Figure(**row)
            lines.append(f"| {one.what} | {one.value} | {one.aim} | {one.verdict} | {one.how} |")
        lines += ["", f"Measured on {part['on']}: {part['machine']}."]
    return "\n".join(lines) + "\n"
