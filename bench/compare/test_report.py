"""The report says what the figures say: python3 bench/compare/test_report.py"""

import json
import unittest
from pathlib import Path
from xml.etree import ElementTree

import chart
import counted
import report
from figures import Figures, Spread, share, verdicts

DOCS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks"
PROGRAMS = [
    {"key": "floor", "label": "the floor", "language": "Rust", "role": "floor"},
    {"key": "libcurl", "label": "libcurl", "language": "C", "role": "bare"},
    *({"key": key, "label": "redpack", "language": key.title(), "role": "ours"} for key in ("rust", "c", "python", "node", "php")),
    {"key": "wechatpy", "label": "wechatpy", "language": "Python", "role": "peer"},
    {"key": "axios", "label": "axios", "language": "Node", "role": "peer"},
    {"key": "tenpay", "label": "tenpay", "language": "Node", "role": "peer"},
]
GROUPS = {"native": ("libcurl", "rust", "c"), "Python": ("python", "wechatpy"), "Node": ("node", "axios", "tenpay"), "PHP": ("php",)}
# Sends a second beside the floor's 1,000, and microseconds beside its 10. C alone misses: throughput and time at once.
SHARES = {"floor": 1, "libcurl": 0.5, "rust": 0.9, "c": 0.8, "python": 0.6, "node": 0.6, "php": 0.6, "wechatpy": 0.1}
SHARES |= {"axios": 0.004, "tenpay": 0.1}
TIMES = {"floor": 1, "libcurl": 3.5, "rust": 1.2, "c": 1.3, "python": 4, "node": 5, "php": 4, "wechatpy": 50}
TIMES |= {"axios": 400, "tenpay": 300}


def made_up() -> dict:
    """Two rounds of a machine that is half as fast in the second, and from one language to the next: ratios don't
    change."""
    sends = [
        {
            "program": key, "at_once": at_once, "round": number, "group": group,
            "rate": 1000 * SHARES[key] / 2 ** (number + group), "cpu_us": 10 * TIMES[key] * 2 ** (number + group),
            "own_us": 4 * TIMES[key] * 2 ** (number + group), "peak_kib": 2048, "first_ms": 5, "connections": 3,
            "requests": 1500, "gateway_cpu_us": 20,
        }
        for number in range(2)
        for at_once in (1, 8, 64)
        for group, members in enumerate(GROUPS.values())
        for key in ("floor", *members)
    ]
    each = {"us": [3.0, 3.0], "instructions": 50_000, "allocations": 19, "places": {"encode": 11, "order": 8}}
    each["parts"] = {"md5": 30_000, "tls": 20_000}
    beside = [
        {"program": key, "round": number, "encode": 10.0 if key in ("python", "node") else 20.0, "answer": 10.0}
        for number in range(2) for key in ("python", "wechatpy", "node", "axios", "tenpay")
    ]
    journaled = [
        {"program": program, "at_once": at_once, "round": 0, "rate": rate}
        for program, rate in (("numbered", 200.0), ("journaled", 50.0)) for at_once in (1, 8, 64)
    ]
    return {
        "date": "2026-01-02", "rounds": 2, "seconds": 1.5, "versions": {"nginx": "1"}, "sizes": {"a": 5_370_000},
        "programs": PROGRAMS, "sends": sends, "one_send": each, "protocol": {"encode": each, "answer": each},
        "protocol_beside": beside, "journaled": journaled,
    }


class Report(unittest.TestCase):
    def test_ratios_are_taken_within_a_round(self) -> None:
        figures = Figures(made_up())
        self.assertEqual(figures.value("rust", 8, "rate"), Spread(675, 450, 900))
        self.assertEqual(figures.value("floor", 8, "rate"), Spread(250, 62.5, 1000))
        self.assertEqual(figures.ratio("floor", "floor", 8, "rate"), Spread(1, 1, 1))
        self.assertEqual(figures.ratio("c", "floor", 8, "rate"), Spread(0.8, 0.8, 0.8))
        self.assertEqual(figures.handshakes("rust", 1), 2)
        self.assertEqual(figures.journaled(8)[1], Spread(0.25, 0.25, 0.25))

    def test_an_aim_that_is_missed_is_said_to_be(self) -> None:
        missed = [one for one in verdicts(Figures(made_up()), PROGRAMS) if not one.met]
        expected = {(at_once, what) for at_once in (8, 64) for what in ("rate", "cpu_us")}
        self.assertEqual({one.program for one in missed}, {"c"})
        self.assertEqual({(one.at_once, one.what) for one in missed}, expected)
        self.assertIn("**0.80 (0.80–0.80)**", report.write(made_up(), "en"))

    def test_every_peer_is_compared_and_nothing_else(self) -> None:
        pairs = {(one.program, one.other) for one in verdicts(Figures(made_up()), PROGRAMS)}
        peers = {("python", "wechatpy"), ("node", "axios"), ("node", "tenpay")}
        bases = {(one, "floor") for one in ("rust", "c", "python", "node", "php")} | {("rust", "libcurl"), ("c", "libcurl")}
        self.assertEqual(pairs, peers | bases)

    def test_both_languages_have_the_same_rows(self) -> None:
        english, chinese = (report.write(made_up(), language).splitlines() for language in ("en", "zh"))
        shape = [line.count("|") for line in english]
        self.assertEqual(shape, [line.count("|") for line in chinese])
        self.assertGreater(sum(shape), 400)

    def test_the_chart_is_a_picture_of_all_programs(self) -> None:
        picture = ElementTree.fromstring(chart.draw(Figures(made_up()), PROGRAMS))
        texts = [one.text for one in picture.iter("{http://www.w3.org/2000/svg}text")]
        for program in PROGRAMS:
            self.assertIn(report.name(program), texts)

    def test_a_send_is_taken_apart(self) -> None:
        lines = report.write(made_up(), "en").splitlines()
        # Two fifths are its own: of 10 us, and twice and four times that, a median of 25 us.
        self.assertIn("| the floor | 16.0 | 24.0 | 16.0 | 24.0 | 16.0 | 24.0 |", lines)
        self.assertIn("| MD5 of the signature | 30,000 | 0.60 |", lines)

    def test_every_function_is_somebodys(self) -> None:
        names = {"sha2::sha256::compress256": "sha256", "_int_free": "allocator", "redpack::xml::write::is_legal": "encode"}
        names |= {"redpack::answer::open": "answer", "ring_core_0_17_14__aes_hw_ctr32_encrypt_blocks": "tls", "main": "elsewhere"}
        for function, whose in names.items():
            self.assertEqual(counted.part(function), whose, function)

    def test_small_shares_are_not_rounded_away(self) -> None:
        self.assertEqual((share(0.004), share(0.85), share(12.3)), ("0.004", "0.85", "12.30"))

    @unittest.skipUnless((DOCS / "figures.json").exists(), "docs/benchmarks has not been made")
    def test_the_committed_report_is_that_of_the_committed_figures(self) -> None:
        data = json.loads((DOCS / "figures.json").read_text())
        self.assertEqual((DOCS / "README.md").read_text(), report.write(data, "en"))
        self.assertEqual((DOCS / "README.zh-CN.md").read_text(), report.write(data, "zh"))
        self.assertEqual((DOCS / "sends.svg").read_text(), chart.draw(Figures(data), data["programs"]))


unittest.main()
