"""From the records of the rounds to medians, ratios within a round, and their spread."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The median of the rounds, and the least and greatest of them."""

    middle: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        return cls(median(values), min(values), max(values))

    def text(self, digits: int) -> str:
        return f"{self.middle:,.{digits}f} ({self.least:,.{digits}f}–{self.greatest:,.{digits}f})"

    def share(self) -> str:
        return f"{share(self.middle)} ({share(self.least)}–{share(self.greatest)})"


def share(ratio: float) -> str:
    """Two decimals, and one more where these would say nothing."""
    return f"{ratio:.{2 if ratio >= 0.1 else 3}f}"


class Figures:
    """What the report asks of one run."""

    def __init__(self, data: dict) -> None:
        self.data = data
        self.records: dict[tuple[str, int], list[dict]] = {}
        for record in sorted(data["sends"], key=lambda record: record["round"]):
            self.records.setdefault((record["program"], record["at_once"]), []).append(record)

    def value(self, program: str, at_once: int, what: str) -> Spread:
        return Spread.of([record[what] for record in self.records[program, at_once]])

    def ratio(self, program: str, other: str, at_once: int, what: str) -> Spread:
        """Round by round, and within a language: both ran within seconds of each other."""
        theirs = {(record["round"], record["group"]): record[what] for record in self.records[other, at_once]}
        ours = self.records[program, at_once]
        return Spread.of([record[what] / theirs[record["round"], record["group"]] for record in ours])

    def all_values(self, program: str, what: str) -> Spread:
        """Over every concurrency."""
        return Spread.of([record[what] for (key, _), all_ in self.records.items() if key == program for record in all_])

    def handshakes(self, program: str, at_once: int) -> float:
        """For a thousand sends. Each connection is one handshake."""
        records = self.records[program, at_once]
        return 1000 * sum(record["connections"] for record in records) / sum(record["requests"] for record in records)

    def protocol(self, program: str, what: str) -> Spread:
        """Microseconds of processor time to `encode`, or to read an `answer`, in another language than Rust."""
        return Spread.of([r[what] for r in self.data["protocol_beside"] if r["program"] == program])

    def protocol_ratio(self, program: str, other: str, what: str) -> Spread:
        ours, theirs = ([r[what] for r in self.data["protocol_beside"] if r["program"] == key] for key in (program, other))
        return Spread.of([one / two for one, two in zip(ours, theirs)])

    def gateway_busy(self, program: str, at_once: int) -> Spread:
        """Which share of one processor nginx's one worker used: at 1, it is nginx that is measured."""
        records = self.records[program, at_once]
        return Spread.of([record["gateway_cpu_us"] * record["rate"] / 1e6 for record in records])

    def journaled(self, at_once: int) -> tuple[Spread, Spread]:
        """Sends a second with a journal, and as a share of those without."""
        of = {
            program: [r["rate"] for r in self.data["journaled"] if (r["program"], r["at_once"]) == (program, at_once)]
            for program in ("numbered", "journaled")
        }
        shares = [with_ / without for with_, without in zip(of["journaled"], of["numbered"])]
        return Spread.of(of["journaled"]), Spread.of(shares)


@dataclass(frozen=True)
class Verdict:
    """One aim, at one concurrency or, where there is none, of the protocol layer."""

    program: str
    other: str
    at_once: int | None
    what: str
    at_least: float | None
    at_most: float | None
    found: Spread

    @property
    def met(self) -> bool:
        enough = self.at_least is None or self.found.middle >= self.at_least
        return enough and (self.at_most is None or self.found.middle <= self.at_most)


def verdicts(figures: Figures, programs: list[dict]) -> list[Verdict]:
    """Every aim that the project has set itself."""
    found = []

    def aim(program: str, other: str, at_once: int, what: str, at_least: float | None, at_most: float | None) -> None:
        spread = figures.ratio(program, other, at_once, what)
        found.append(Verdict(program, other, at_once, what, at_least, at_most, spread))

    for program in ("rust", "c"):
        for at_once in (1, 8, 64):
            aim(program, "libcurl", at_once, "rate", 1.0, None)
            aim(program, "libcurl", at_once, "cpu_us", None, 1.0)
        for at_once in (8, 64):
            aim(program, "floor", at_once, "rate", 0.85, None)
            aim(program, "floor", at_once, "cpu_us", None, 1.25)
    for program in ("python", "node", "php"):
        for at_once in (8, 64):
            aim(program, "floor", at_once, "rate", 0.5, None)
    for ours in programs:
        for peer in programs:
            same = ours["role"] == "ours" and peer["role"] == "peer" and ours["language"] == peer["language"]
            if same:
                for at_once in (1, 8, 64):
                    aim(ours["key"], peer["key"], at_once, "rate", 1.0, None)
                    aim(ours["key"], peer["key"], at_once, "cpu_us", None, 1.0)
    for program, other in (("python", "wechatpy"), ("node", "axios"), ("node", "tenpay")):
        for what in ("encode", "answer"):
            spread = figures.protocol_ratio(program, other, what)
            found.append(Verdict(program, other, None, what, None, 1.0, spread))
    return found
