"""Whether Superset shows the warehouse as it is, also while it is published again.

``docs/bi/superset.sh check`` runs it in two steps: ``build HIW FOLDER`` builds ``FOLDER/warehouse`` for
Superset to start on, and ``ask HIW FOLDER URL`` asks the running Superset over its REST API. Each line it
prints is something that held; the first thing that does not hold ends it with exit status 1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from superset_assets import CONNECTION, SCHEMA

DOCUMENTS = Path("seeds", "documents")
EXTRA_DOCUMENT = Path("tests", "gold", "documents", "bulletin_city.txt")
SAMPLES = 5
PUBLISHES = 3
PAUSE_SECONDS = 0.1
START_SECONDS = 120
VIEW = "indicator_values"
CHINESE = "孕产妇死亡率"
# What may be typed into SQL Lab and must be refused: writing, reading other files, loosening the settings.
FORBIDDEN = (
    "CREATE TABLE scribble (a INTEGER)",
    "DELETE FROM fact_indicator_value",
    "SELECT * FROM read_text('/etc/hostname')",
    "SET enable_external_access = true",
)

NAMES = """
    SELECT table_name AS name FROM duckdb_tables()
    UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal
    ORDER BY name
"""
COMMENTS = """
    SELECT comment FROM duckdb_columns() WHERE NOT internal
    UNION ALL SELECT comment FROM duckdb_tables()
    UNION ALL SELECT comment FROM duckdb_views() WHERE NOT internal
    ORDER BY comment
"""


class Superset:
    """The REST API of a running Superset, as the user ``admin``. Answers are decoded JSON."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.headers = {"Content-Type": "application/json"}
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open

    def log_in(self, password: str) -> None:
        """Take the tokens that every later request carries: who asks, and that it is no forged request."""
        user = {"username": "admin", "password": password, "provider": "db", "refresh": False}
        token = self.ask("security/login", user)["access_token"]
        self.headers["Authorization"] = f"Bearer {token}"
        self.headers["X-CSRFToken"] = self.ask("security/csrf_token/")["result"]

    def ask(self, path: str, body: object = None) -> Any:
        """What the API says to a GET, or to a POST of ``body``; ``urllib.error.HTTPError`` if it refuses."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data, self.headers)
        with self.open(request, timeout=60) as answer:
            return json.load(answer)

    def find(self, kind: str, name: str, column: str) -> int:
        """The identifier of the one database or dataset of that name."""
        query = urllib.parse.quote(f"(filters:!((col:{column},opr:eq,value:'{name}')))")
        (found,) = self.ask(f"{kind}/?q={query}")["result"]
        return int(found["id"])

    def chart(self, dataset: int, **query: object) -> list[dict[str, Any]]:
        """The rows a chart of that dataset gets for its query, asked of the database each time."""
        source = {"id": dataset, "type": "table"}
        body = {"datasource": source, "queries": [query], "result_format": "json", "force": True}
        (answer,) = self.ask("chart/data", body)["result"]
        return list(answer["data"])


class Load:
    """A chart refreshed again and again by a thread of its own, from ``with`` to the end of the block."""

    def __init__(self, refresh: Callable[[], object]) -> None:
        self.refresh = refresh
        self.seconds: list[float] = []
        self.errors: list[str] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self.stop.wait(PAUSE_SECONDS):
            start = time.monotonic()
            try:
                self.refresh()
            except (OSError, ValueError) as error:
                self.errors.append(said(error))
            self.seconds.append(time.monotonic() - start)

    def __enter__(self) -> Load:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def said(error: Exception) -> str:
    """The error in words, with what the API answered."""
    answer = error.read().decode() if isinstance(error, urllib.error.HTTPError) else ""
    return f"{error} {answer}".strip()


def require(holds: bool, what: str) -> None:
    """Print what held; end the check if it did not."""
    if not holds:
        sys.exit(f"superset check failed: {what}")
    print(f"ok  {what}", flush=True)


def build(hiw: str, folder: Path, extra: bool) -> Path:
    """Publish the samples, with or without one more document; gives the DuckDB file."""
    more = folder / "sources"
    more.mkdir(exist_ok=True)
    if extra:
        shutil.copy(EXTRA_DOCUMENT, more)
    sources = ["--sources", str(DOCUMENTS), *(["--sources", str(more)] if extra else [])]
    command = [hiw, "build", *sources, "--output", str(folder / "warehouse")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "warehouse" / "health_indicators.duckdb"


def read(database: Path, sql: str) -> list[Any]:
    """The first column of a query, read without Superset."""
    with duckdb.connect(str(database), read_only=True) as warehouse:
        return [row[0] for row in warehouse.execute(sql).fetchall()]


def wait_for(superset: Superset) -> float:
    """Seconds until Superset answers; ends the check if it never does."""
    start = time.monotonic()
    while time.monotonic() - start < START_SECONDS:
        try:
            urllib.request.urlopen(f"{superset.url}/health", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return time.monotonic() - start
    sys.exit(f"superset check failed: nothing answers at {superset.url} after {START_SECONDS} s")


def check_listing(superset: Superset, database: Path) -> None:
    """Every table, view, column and comment of the file is what the connection lists."""
    connection = superset.find("database", CONNECTION, "database_name")
    listed = superset.ask(f"database/{connection}/tables/?q=(schema_name:{SCHEMA})")["result"]
    names = [table["value"] for table in listed]
    require(sorted(names) == read(database, NAMES), f"{len(names)} tables and views are listed")
    comments = []
    for name in names:
        table = superset.ask(f"database/{connection}/table_metadata/?name={name}&schema={SCHEMA}")
        comments += [table["comment"], *(column["comment"] for column in table["columns"])]
    same = sorted(comments) == read(database, COMMENTS)
    require(same, f"{len(comments)} comments of tables, views and columns arrive")


def check_dataset(superset: Superset, dataset: int) -> None:
    """The dataset has descriptions, and a chart of it gets Chinese."""
    described = superset.ask(f"dataset/{dataset}")["result"]
    meanings = [described["description"], *(c["description"] for c in described["columns"])]
    require(all(meanings), f"dataset {VIEW} and its {len(meanings) - 1} columns are described")
    names = [c["column_name"] for c in described["columns"]]
    rows = superset.chart(dataset, columns=names, row_limit=10000)
    chinese = any(row["indicator_name"] == CHINESE for row in rows)
    require(chinese, f"a chart of all columns gets {len(rows)} rows, {CHINESE} among them")


def check_sql_lab(superset: Superset) -> None:
    """SQL Lab can read this file and do nothing else."""
    query = {"database_id": superset.find("database", CONNECTION, "database_name"), "runAsync": False}
    answer = superset.ask("sqllab/execute/", query | {"sql": "SELECT documents_read FROM build_run"})
    require(answer["data"] == [{"documents_read": SAMPLES}], f"SQL Lab reads: {answer['data']}")
    for sql in FORBIDDEN:
        try:
            superset.ask("sqllab/execute/", query | {"sql": sql})
        except urllib.error.HTTPError as error:
            print(f"ok  refused: {sql}\n    {refusal(error)}")
        else:
            require(False, f"not refused: {sql}")


def refusal(error: urllib.error.HTTPError) -> str:
    """The first line of why a query was refused."""
    answer = json.loads(error.read())
    return str(answer.get("message") or answer["errors"][0]["message"]).splitlines()[0]


def check_publishing(superset: Superset, dataset: int, hiw: str, folder: Path) -> None:
    """A chart is refreshed without an error while builds are published, and shows each of them at once."""

    def count() -> int:
        (row,) = superset.chart(dataset, metrics=["count"])
        return int(row["count"])

    before = count()
    with Load(count) as load:
        for number in range(1, PUBLISHES + 1):
            database = build(hiw, folder, extra=number % 2 == 1)
            expected = read(database, f"SELECT count(*) FROM {VIEW}")[0]
            shown = count()
            new = shown == expected != before
            require(new, f"publish {number}: {before} rows before, {shown} of {expected} are shown at once")
            before = shown
    require(not load.errors, load.errors[0] if load.errors else f"{len(load.seconds)} queries, none failed")
    print(f"    the slowest took {max(load.seconds):.2f} s")


def ask(hiw: str, folder: Path, url: str) -> None:
    """Every check, against the Superset at ``url``."""
    superset, database = Superset(url), folder / "warehouse" / "health_indicators.duckdb"
    print(f"ok  Superset answers after {wait_for(superset):.1f} s")
    superset.log_in(os.environ["SUPERSET_ADMIN_PASSWORD"])
    check_listing(superset, database)
    dataset = superset.find("dataset", VIEW, "table_name")
    check_dataset(superset, dataset)
    check_sql_lab(superset)
    check_publishing(superset, dataset, hiw, folder)


if __name__ == "__main__":
    step, hiw_command, place, *rest = sys.argv[1:]
    if step == "build":
        build(hiw_command, Path(place), extra=False)
    else:
        ask(hiw_command, Path(place), *rest)
