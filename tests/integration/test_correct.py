"""A steward's loop on real builds: correct, build again, and what a reader of the results then finds."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import Result

from pipelines.corrections import HEADER, load_corrections
from pipelines.reference import load_reference
from tests.conftest import SENTENCE, Hiw

MORTALITY, MANAGED = "孕产妇死亡率", "高血压患者规范管理率"
SIGNED = ("--who", "王芳", "--why", "原文如此", "--when", "2025-06-30")
MISSED = SENTENCE + "2024年召开会议3次，编号20240001。\n"


class Loop:
    """A source folder, an output folder and a file of corrections, with the commands on them."""

    def __init__(self, hiw: Hiw, folder: Path) -> None:
        self.hiw = hiw
        self.sources, self.output, self.file = folder / "in", folder / "out", folder / "corrections.csv"
        self.write(MISSED)

    def write(self, text: str) -> None:
        (self.sources / "good.txt").write_text(text, encoding="utf-8")

    def build(self) -> Result:
        places = ("--sources", self.sources, "--output", self.output, "--corrections", self.file)
        result = self.hiw("build", *places)
        assert result.exit_code == 0, result.output
        return result

    def correct(self, *arguments: Any) -> Result:
        signed = arguments if "--who" in arguments else (*arguments, *SIGNED)
        return self.hiw("correct", *signed, "--output", self.output, "--corrections", self.file)

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.output / f"parquet/{name}.parquet")

    def value(self, text: str = MORTALITY) -> dict[str, Any]:
        (row,) = self.table("fact_indicator_value").filter(indicator_text=text).rows(named=True)
        return row

    def corrections(self) -> list[tuple[str, str]]:
        return self.table("correction").sort("detail").select("status", "detail").rows()

    def rows(self) -> list[dict[str, str]]:
        with self.file.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def change_rows(self, **cells: str) -> None:
        """Write ``cells`` into every row of the file of corrections."""
        rows = [{**row, **cells} for row in self.rows()]
        with self.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module")
def built(hiw: Hiw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build of the document, to be copied."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "in").mkdir()
    Loop(hiw, folder).build()
    return folder


@pytest.fixture
def loop(hiw: Hiw, built: Path, tmp_path: Path) -> Loop:
    return Loop(hiw, shutil.copytree(built, tmp_path / "loop", symlinks=True))


def untouched(loop: Loop, text: str) -> dict[str, Any]:
    return {name: cell for name, cell in loop.value(text).items() if name != "sentence"}


def test_a_value_is_set_and_stays_set(loop: Loop) -> None:
    before, other = loop.value(), untouched(loop, MANAGED)
    assert (before["value"], before["canonical_value"]) == (15.0, 15.0)
    shown = loop.correct(before["indicator_value_id"], "--set", "value=51")
    assert shown.exit_code == 0, shown.output
    assert "value: 15 → 51" in shown.stdout
    assert loop.value() == before, "the command leaves the warehouse alone"

    built = loop.build()
    assert "corrections 1 applied, 0 stale\n" in built.stdout
    after = loop.value()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"value", "canonical_value", "flags"}
    assert (after["value"], after["canonical_value"]) == (51.0, 51.0)
    assert after["flags"] == [*before["flags"], "corrected"]
    assert untouched(loop, MANAGED) == other
    (row,) = loop.table("correction").rows(named=True)
    assert (row["who"], str(row["corrected_on"]), row["why"]) == ("王芳", "2025-06-30", "原文如此")
    assert (row["field"], row["old_value"], row["new_value"]) == ("value", "15", "51")
    assert row["indicator_value_id"] == row["corrected_value_id"] == before["indicator_value_id"]

    facts = (loop.output / "parquet/fact_indicator_value.parquet").read_bytes()
    assert loop.build().stdout.startswith("Nothing changed since the last build.")
    (loop.output / "health_indicators.duckdb").unlink()
    loop.build()
    assert (loop.output / "parquet/fact_indicator_value.parquet").read_bytes() == facts


def test_what_hangs_on_the_words_and_the_unit_is_resolved_again(loop: Loop) -> None:
    before = loop.value()
    loop.correct(before["indicator_value_id"], "--set", "indicator_text=婴儿死亡率", "--set", "unit=‰")
    loop.correct(before["indicator_value_id"], "--set", "period=2030")
    loop.build()
    after = loop.value("婴儿死亡率")
    assert before["indicator_id"] == "maternal_mortality_ratio"
    assert (after["indicator_id"], after["canonical_unit"], after["canonical_value"]) == (
        "infant_mortality_rate",
        "‰",
        15.0,
    )
    assert (after["period"], after["year"]) == ("2030", 2030)
    assert after["indicator_value_id"] == before["indicator_value_id"]

    # A correction of what the corrections before made: the old value is that of now.
    again = loop.correct(after["indicator_value_id"], "--set", "indicator_id=neonatal_mortality_rate")
    assert again.exit_code == 0, again.output
    loop.build()
    assert loop.value("婴儿死亡率")["indicator_id"] == "neonatal_mortality_rate"
    assert loop.value("婴儿死亡率")["resolved_by"] == "correction"
    assert {status for status, _ in loop.corrections()} == {"applied"}


def test_a_rejected_value_is_gone_and_its_number_accounted_for(loop: Loop) -> None:
    before = loop.value()
    assert loop.correct(before["indicator_value_id"], "--reject").exit_code == 0
    loop.build()
    facts = loop.table("fact_indicator_value")
    assert before["indicator_value_id"] not in facts["indicator_value_id"].to_list()
    assert MANAGED in facts["indicator_text"].to_list()
    (mention,) = loop.table("number_mention").filter(mention_id=before["mention_id"]).rows(named=True)
    assert (mention["disposition"], mention["detail"]) == ("other", "rejected by correction")
    assert loop.corrections() == [("applied", "taken out of the facts")]
    holds(loop)
    again = loop.correct(before["indicator_value_id"], "--reject")
    assert again.exit_code == 1
    assert "was rejected by correction" in again.stderr


def holds(loop: Loop) -> None:
    """A number is a fact if and only if it has a value."""
    valued = set(loop.table("fact_indicator_value")["mention_id"])
    facts = loop.table("number_mention").filter(disposition="fact")["mention_id"]
    assert valued == set(facts)


def missed() -> tuple[Any, ...]:
    start = MISSED.index("20240001")
    return ("--add", "--file", "good.txt", "--start", start, "--end", start + 8)


def test_a_missed_value_is_added(loop: Loop) -> None:
    facts = loop.table("fact_indicator_value")
    shown = loop.correct(
        *missed(), "--indicator", "新生儿死亡率", "--value", "3.5",
        *("--set", "value_type=target", "--set", "comparator=le", "--set", "unit=‰", "--set", "period=2025"),
    )  # fmt: skip
    assert shown.exit_code == 0, shown.output
    assert "编号⟦20240001⟧。" in shown.stdout
    assert loop.build().stdout.count("corrections 1 applied, 0 stale") == 1
    added = loop.value("新生儿死亡率")
    assert MISSED[added["char_start"] : added["char_end"]] == added["quote"] == "20240001"
    assert (added["indicator_id"], added["canonical_value"], added["canonical_unit"], added["year"]) == (
        "neonatal_mortality_rate",
        3.5,
        "‰",
        2025,
    )
    assert (added["flags"], added["rule_id"]) == (["corrected"], "correction")
    assert added["sentence"] == "2024年召开会议3次，编号20240001。"
    (mention,) = loop.table("number_mention").filter(mention_id=added["mention_id"]).rows(named=True)
    assert (mention["disposition"], mention["rule_id"]) == ("fact", "correction")
    holds(loop)
    others = loop.table("fact_indicator_value").filter(pl.col("indicator_text") != "新生儿死亡率")
    assert others.equals(facts)
    refused = loop.correct(added["indicator_value_id"], "--set", "value=4")
    assert refused.exit_code == 1
    assert "made this value what it is" in refused.stderr


def test_an_edited_source_makes_its_corrections_stale(loop: Loop) -> None:
    loop.correct(loop.value()["indicator_value_id"], "--set", "value=51")
    loop.correct(*missed(), "--indicator", "编号", "--value", "1", "--set", "value_type=actual")
    loop.write(MISSED.replace("15/10万", "16/10万"))
    built = loop.build()
    assert "corrections 0 applied, 2 stale\n" in built.stdout
    assert built.stdout.count("the source changed: good.txt is another text now") == 2
    assert loop.value()["value"] == 16.0
    assert {status for status, _ in loop.corrections()} == {"stale"}


def test_two_stewards(loop: Loop) -> None:
    one, other = loop.value()["indicator_value_id"], loop.value(MANAGED)["indicator_value_id"]
    loop.correct(one, "--set", "value=51")
    both = ("--who", "李明", "--why", "另一处")
    assert loop.correct(other, "--set", "value=72.5", *both).exit_code == 0
    same = loop.correct(one, "--set", "value=52", *both)
    assert same.exit_code == 1
    assert "another row sets value of the same value; keep one of them" in same.stderr
    assert [row["who"] for row in loop.rows()] == ["王芳", "李明"]
    assert "corrections 2 applied, 0 stale" in loop.build().stdout
    assert (loop.value()["value"], loop.value(MANAGED)["value"]) == (51.0, 72.5)
    late = loop.correct(one, "--set", "value=52", *both)
    assert late.exit_code == 1
    assert "(王芳, 2025-06-30) made this value what it is" in late.stderr


def test_words_of_stewards_are_data(loop: Loop) -> None:
    why = '"; DROP TABLE correction; --,\n<script>alert(1)</script>\x1b[31m =1+1'
    loop.correct(loop.value()["indicator_value_id"], "--set", "value=51", "--who", "a,\"b'", "--why", why)
    loop.build()
    (row,) = loop.table("correction").rows(named=True)
    assert (row["who"], row["why"]) == ("a,\"b'", why)


def test_a_quarantined_value_can_be_corrected(hiw: Hiw, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    loop = Loop(hiw, tmp_path)
    loop.write("到2025年，高血压患者规范管理率达710%以上。\n")
    loop.build()
    (rejected,) = loop.table("rejected_value").rows(named=True)
    assert loop.correct(rejected["indicator_value_id"], "--set", "value=71").exit_code == 0
    loop.build()
    assert loop.table("rejected_value").is_empty()
    assert loop.value(MANAGED)["value"] == 71.0


Refused = tuple[tuple[str, ...], str]
REFUSED: list[Refused] = [
    (("ID", "--set", "value=many"), "column new_value: “many” is not a number"),
    (("ID", "--set", "value=15"), "column new_value: is what it was"),
    (("ID", "--set", "value="), "column new_value: is empty; value needs a value"),
    (("ID", "--set", "comparator=about"), "column new_value: “about” is none of eq, ge"),
    (("ID", "--set", "indicator_id=no_such"), "column new_value: “no_such” is no indicator_id"),
    (("ID", "--set", "jurisdiction_code=999999"), "“999999” is no jurisdiction_code"),
    (("ID", "--set", "period=next year"), "“next year” is no period"),
    (("ID", "--set", "sentence=x"), "--set sentence=x: write FIELD=VALUE with one of indicator_text"),
    (("ID", "--set", "value=1", "--set", "value=2"), "--set value stands twice"),
    (("ID", "--set", "value=1", "--reject"), "give either --set FIELD=VALUE or --reject"),
    (("ID",), "give either --set FIELD=VALUE or --reject"),
    ((), "which value?"),
    (("0123", "--reject"), "no value 0123 is published in"),
    (("--add", "--file", "good.txt"), "--add needs --file, --start and --end"),
    (("--add", "--file", "good.txt", "--start", "0", "--end", "1"), "no number stands there"),
    (("--add", "--file", "good.txt", "--start", "0", "--end", "40"), "several numbers stand there (2025 at"),
    (("--add", "--file", "none.txt", "--start", "0", "--end", "40"), "no number stands there"),
    (("--add", "--file", "good.txt", "--start", "2", "--end", "4"), "column indicator_text: is empty"),
    (("ID", "--set", "value=51", "--when", "2025-02-30"), "“2025-02-30” is no date"),
    (("ID", "--set", "value=51", "--why", " "), "column why: is empty"),
]  # fmt: skip


def test_what_cannot_be_is_refused_and_nothing_is_written(loop: Loop) -> None:
    known = loop.value()["indicator_value_id"]
    for arguments, says in REFUSED:
        signed = [*SIGNED, *(known if part == "ID" else part for part in arguments)]  # the last one counts
        result = loop.correct(*signed)
        assert result.exit_code == 1, (arguments, result.output)
        assert says in result.stderr, arguments
        assert result.stderr.startswith("hiw: ")
        assert not loop.file.exists()


def test_a_dry_run_writes_nothing(loop: Loop) -> None:
    result = loop.correct(loop.value()["indicator_value_id"], "--set", "value=51", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.endswith("value: 15 → 51\nNothing was written: this was a dry run.\n")
    assert sorted(path.name for path in loop.file.parent.iterdir()) == ["in", "out"]


@pytest.mark.parametrize("edit", [str.strip, lambda text: "\ufeff" + text.replace("\n", "\r\n")])
def test_what_stands_in_the_file_stays_as_it_is(loop: Loop, edit: Callable[[str], str]) -> None:
    loop.correct(loop.value()["indicator_value_id"], "--set", "value=51")
    loop.file.write_bytes(edit(loop.file.read_text(encoding="utf-8")).encode())
    before = loop.file.read_bytes()
    assert loop.correct(loop.value(MANAGED)["indicator_value_id"], "--set", "value=72").exit_code == 0
    after = loop.file.read_bytes()
    assert after.startswith(before)
    assert after.endswith(b"\r\n" if b"\r\n" in before else b"\n")
    assert len(load_corrections(loop.file, load_reference())) == 2


def test_a_broken_file_stops_the_build_and_says_where(loop: Loop) -> None:
    loop.correct(loop.value()["indicator_value_id"], "--set", "value=51")
    loop.change_rows(who="", when="yesterday", action="change")
    published = (loop.output / "health_indicators.duckdb").read_bytes()
    places = ("--sources", loop.sources, "--output", loop.output, "--corrections", loop.file)
    result = loop.hiw("build", *places)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "hiw: corrections.csv, line 2, column action: “change” is none of set, reject, add; take one",
        "hiw: corrections.csv, line 2, column who: is empty; every row needs one",
        "hiw: corrections.csv, line 2, column when: “yesterday” is no date; write it like 2025-06-30",
    ]
    assert (loop.output / "health_indicators.duckdb").read_bytes() == published


def test_without_results_there_is_nothing_to_correct(hiw: Hiw, tmp_path: Path) -> None:
    result = hiw("correct", "0123", "--reject", *SIGNED, "--output", tmp_path)
    assert result.exit_code == 1
    assert result.stderr == f"hiw: no results of this version are in {tmp_path}; run `hiw build`\n"


def test_a_named_file_that_is_not_there_is_mentioned(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.csv"
    result = hiw("build", "--sources", sources, "--output", tmp_path / "out", "--corrections", file)
    assert result.exit_code == 0
    assert f"corrections none: {file} does not exist\n" in result.stdout
