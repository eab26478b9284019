"""How fast the published file answers: every mart, asked as a dashboard asks, over millions of values.

Generated values (``benchmarks/values.py``) are published as a build publishes its own, in a process of its
own, as a process only knows its highest use of memory. Then each question is put to the file again and
again, warm, and the median counts.

    python -m benchmarks.marts [--values 10000000] [--rounds 5] [--scratch FOLDER] [--results FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks import values
from warehouse.files import DATABASE, NO_BAR, PARQUET
from warehouse.publish import publish

RESULTS = Path(__file__).parent / "results"
LIMIT_MS = 200
_SERIES = "indicator_id = '{indicator}' AND jurisdiction_code = '{place}'"
# By mart: what is asked of it. {indicator} and {place} are those with the most values.
QUESTIONS: dict[str, dict[str, str]] = {
    "indicator_values": {
        "place": "FROM indicator_values WHERE jurisdiction_code = '{place}'",
        "indicator, a year": "FROM indicator_values WHERE indicator_id = '{indicator}' AND period = '2020'",
        "place and indicator": f"FROM indicator_values WHERE {_SERIES}",
    },
    "indicator_value_history": {
        "place and indicator": f"FROM indicator_value_history WHERE {_SERIES}",
    },
    "targets": {
        "place": "FROM targets WHERE jurisdiction_code = '{place}'",
        "top 20 of a year": "SELECT jurisdiction_name, value FROM targets WHERE indicator_id = '{indicator}' "
        "AND year = 2020 ORDER BY value DESC LIMIT 20",
    },
    "actuals": {
        "place": "FROM actuals WHERE jurisdiction_code = '{place}'",
        "mean by year": "SELECT year, avg(canonical_value) FROM actuals WHERE indicator_id = '{indicator}' "
        "GROUP BY year ORDER BY year",
    },
    "target_attainment": {
        "place": "FROM target_attainment WHERE jurisdiction_code = '{place}'",
        "place and indicator": f"FROM target_attainment WHERE {_SERIES}",
        "status of a year": "SELECT status, count(*) FROM target_attainment WHERE year = 2025 "
        "GROUP BY status",
        "top 20 gaps": "SELECT jurisdiction_name, gap FROM target_attainment "
        "WHERE indicator_id = '{indicator}' ORDER BY gap DESC NULLS LAST LIMIT 20",
    },
    "target_vs_national": {
        "place": "FROM target_vs_national WHERE jurisdiction_code = '{place}'",
        "by relation": "SELECT relation, count(*) FROM target_vs_national GROUP BY relation",
    },
    "target_trajectory": {
        "trajectory": f"FROM target_trajectory WHERE {_SERIES} ORDER BY point, year",
        "place": "FROM target_trajectory WHERE jurisdiction_code = '{place}'",
    },
    "conflicts": {
        "place and indicator": f"FROM conflicts WHERE {_SERIES}",
        "place": "FROM conflicts WHERE jurisdiction_code = '{place}'",
        "indicator": "FROM conflicts WHERE indicator_id = '{indicator}'",
        "top 20 of an indicator": "FROM conflicts WHERE indicator_id = '{indicator}' "
        "ORDER BY abs(relative_difference) DESC LIMIT 20",
    },
    "commitments_by_responsible_unit": {
        "unit": "FROM commitments_by_responsible_unit WHERE responsible_unit = '{unit}'",
        "place": "FROM commitments_by_responsible_unit WHERE jurisdiction_code = '{place}'",
    },
    "document_coverage": {
        "place": "FROM document_coverage WHERE jurisdiction_code = '{place}'",
        "top 20 unread": "FROM document_coverage ORDER BY share_unread DESC LIMIT 20",
    },
    "mention_dispositions": {
        "document": "FROM mention_dispositions WHERE document_id = '{document}'",
        "all": "SELECT disposition, sum(mentions) FROM mention_dispositions GROUP BY disposition",
    },
    "gho_indicator_values": {
        "indicator": "FROM gho_indicator_values WHERE IndicatorCode = 'MDG_0000000026'",
        "place": "FROM gho_indicator_values WHERE SpatialDim = '{place}'",
    },
    "mirror_differences": {"all": "FROM mirror_differences"},
    "unresolved_indicators": {"top 20": "FROM unresolved_indicators ORDER BY values_found DESC LIMIT 20"},
    "unresolved_jurisdictions": {"top 20": "FROM unresolved_jurisdictions LIMIT 20"},
}


def main() -> None:
    """Publish, ask, and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--values", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--scratch", type=Path, help="folder with room for 5 GB for ten million values")
    options.add_argument("--results", type=Path, default=RESULTS, help="folder of the report")
    chosen = options.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="marts_", dir=chosen.scratch))
    try:
        report = measure(chosen.values, chosen.rounds, scratch)
    finally:
        shutil.rmtree(scratch)
    chosen.results.mkdir(parents=True, exist_ok=True)
    (chosen.results / "marts.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    (chosen.results / "marts.md").write_text(page(report))
    print(page(report))


def measure(count: int, rounds: int, scratch: Path) -> dict[str, Any]:
    """The figures of publishing ``count`` values below ``scratch``, and of asking for them."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as own_process:
        own_process.submit(values.write, count, scratch / "values").result()
        publishing = own_process.submit(publish_timed, scratch / "values", scratch / "output").result()
    answers = ask(scratch / "output" / DATABASE, rounds)
    return {"machine": machine(), "rounds": rounds, "publishing": publishing, "answers": answers}


def publish_timed(source: Path, output: Path) -> dict[str, Any]:
    """Publish what :func:`benchmarks.values.write` wrote; gives seconds, memory and sizes."""
    frames, before = values.frames(source), peak_mb()
    begun, busy = time.perf_counter(), time.process_time()
    publish(frames, output)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - busy
    count = frames["fact_indicator_value"].select(pl.len()).collect().item()
    database = (output / DATABASE).stat().st_size
    parquet = sum(file.stat().st_size for file in (output / PARQUET).iterdir())
    return {
        "values": count,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_rss_mb": round(peak_mb()),
        "rss_before_mb": round(before),
        "duckdb_bytes_per_value": round(database / count),
        "parquet_bytes_per_value": round(parquet / count),
    }


def ask(database: Path, rounds: int) -> list[dict[str, Any]]:
    """Each question with its rows and the median of its milliseconds; the first time is not counted."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(NO_BAR)
        connection.execute("SET threads = 2")
        chosen = _chosen(connection)
        return [
            {"mart": mart, "question": name, **_timed(connection, query.format(**chosen), rounds)}
            for mart, questions in QUESTIONS.items()
            for name, query in questions.items()
        ]


def _chosen(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the questions are about: the place and the indicator with the most values."""
    most = (
        "SELECT {0} FROM fact_indicator_value WHERE {0} IS NOT NULL GROUP BY {0} "
        "ORDER BY count(*) DESC, {0} LIMIT 1"
    )
    queries = {
        "place": most.format("jurisdiction_code"),
        "indicator": most.format("indicator_id"),
        "unit": "SELECT min(responsible_unit) FROM bridge_value_responsible_unit",
        "document": "SELECT min(document_id) FROM dim_document",
    }
    return {name: str(connection.execute(query).fetchall()[0][0]) for name, query in queries.items()}


def _timed(connection: duckdb.DuckDBPyConnection, query: str, rounds: int) -> dict[str, Any]:
    taken, busy, rows = [], [], 0
    for _ in range(rounds + 1):
        begun, cpu = time.perf_counter(), time.process_time()
        rows = len(connection.execute(query).fetchall())
        taken.append(time.perf_counter() - begun)
        busy.append(time.process_time() - cpu)
    typical = {"ms": taken, "cpu_ms": busy}
    return {"rows": rows, **{name: round(statistics.median(t[1:]) * 1e3, 1) for name, t in typical.items()}}


def peak_mb() -> float:
    """The most memory this process has used, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def machine() -> str:
    """What the figures were measured on."""
    versions = f"Python {platform.python_version()}, duckdb {duckdb.__version__}, polars {pl.__version__}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {versions}"


def page(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    done = report["publishing"]
    figures = "".join(f"| {name.replace('_', ' ')} | {figure:,} |\n" for name, figure in done.items())
    answers = "".join(
        f"| `{a['mart']}` | {a['question']} | {a['rows']:,} | {a['ms']} | {a['cpu_ms']} |\n"
        for a in report["answers"]
    )
    slow = [f"`{a['mart']}`, {a['question']}" for a in report["answers"] if a["ms"] > LIMIT_MS]
    told = f"Slower than {LIMIT_MS} ms: {'; '.join(slow)}." if slow else f"All within {LIMIT_MS} ms."
    return (
        "# Publishing and asking\n\n"
        f"Written by `benchmarks/marts.py` on {report['machine']}.\n\n"
        f"| publishing | |\n| --- | --- |\n{figures}\n"
        f"Warm answers on two threads, medians of {report['rounds']} rounds. {told}\n\n"
        f"| mart | asked by | rows | ms | CPU ms |\n| --- | --- | --- | --- | --- |\n{answers}"
    )


if __name__ == "__main__":
    main()
