"""The command line: what it takes, what it says, and its exit codes. Every build here is a real one."""

import json
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import SENTENCE, Hiw


def rejected(output: Path) -> dict[str, str]:
    frame = pl.read_parquet(output / "parquet/rejected_document.parquet")
    return dict(frame.select("source_file", "reason").iter_rows())


def one_line(text: str) -> bool:
    return text.startswith("hiw: ") and text.count("\n") == 1


def test_help_answers_at_once() -> None:
    started = time.perf_counter()
    shown = subprocess.run(
        [sys.executable, "-c", "import sys; from pipelines.cli import main; main(['--help'])"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert time.perf_counter() - started < 2  # 0.2 s on an idle machine; importing Dagster alone takes 3 s
    assert "build" in shown.stdout


def test_help_imports_nothing_that_is_slow() -> None:
    slow = {"dagster", "duckdb", "great_expectations", "pandas", "polars", "pyarrow", "ray"}
    code = f"""import sys
from pipelines.cli import main
main(["--help"], standalone_mode=False)
print(sorted({slow!r} & set(sys.modules)))"""
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout.endswith("\n[]\n")


def test_every_bad_input_is_named_and_the_rest_is_read(
    hiw: Hiw, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIW_LOG_FILE", str(tmp_path / "hiw.log"))
    outside = tmp_path / "secret.txt"
    outside.write_text(SENTENCE)
    good = {
        "gb18030.txt": SENTENCE.replace("2025", "2026").encode("gb18030"),
        "utf_16.txt": SENTENCE.encode("utf-16"),
        "big5.txt": "到2025年，全市孕產婦死亡率控制在15/10萬以下。".encode("big5"),
        "bom.txt": SENTENCE.encode("utf-8-sig"),
        "crlf.txt": SENTENCE.replace("\n", "\r\n").encode(),
        "same.txt": SENTENCE.encode(),
    }
    bad = {
        "empty.txt": (b"", "empty"),
        "blank.txt": (b" \r\n", "blank"),
        "binary.txt": (b"\x00\x01\x02\xff" * 64, "binary"),
        "damaged.txt": (SENTENCE.encode() + b"\xff", "undecodable"),
    }
    for name, content in {**good, **{name: content for name, (content, _) in bad.items()}}.items():
        (sources / name).write_bytes(content)
    (sources / "link.txt").symlink_to(outside)

    result = hiw("build", "--sources", sources, "--output", tmp_path / "out")

    assert result.exit_code == 0, result.output
    reasons = {name: reason for name, (_, reason) in bad.items()} | {"link.txt": "link_outside_source"}
    assert rejected(tmp_path / "out") == reasons
    for name, reason in reasons.items():
        assert f"  {name}: {reason}, " in result.stdout
        assert result.output.count(name) == 1
    records = [json.loads(line) for line in (tmp_path / "hiw.log").read_text(encoding="utf-8").splitlines()]
    told = [record for record in records if record["event"] == "document rejected"]
    assert sorted((r["stage"], r["document"], r["reason"]) for r in told) == sorted(
        ("raw", name, reason) for name, reason in reasons.items()
    )
    assert [r["stage"] for r in records if r["event"] == "step done"][-1] == "report"
    assert (records[-1]["event"], records[-1]["documents_read"]) == ("published", 6)
    assert "documents  6 read, 5 rejected" in result.stdout
    assert "copies     1 the same, 3 nearly the same; 6 values count once" in result.stdout
    documents = pl.read_parquet(tmp_path / "out/parquet/dim_document.parquet")
    assert dict(documents.select("source_file", "encoding").iter_rows()) == {
        "big5.txt": "big5",
        "bom.txt": "utf-8-sig",
        "crlf.txt": "utf-8",
        "gb18030.txt": "gb18030",
        "good.txt": "utf-8",
        "utf_16.txt": "utf-16",
    }


def test_every_encoding_gives_the_same_values(hiw: Hiw, tmp_path: Path) -> None:
    """Same words, same values; the offsets too, since a byte order mark is not part of the text."""
    values = []
    for codec in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"):
        folder = tmp_path / codec
        folder.mkdir()
        (folder / "a.txt").write_bytes(SENTENCE.encode(codec))
        assert hiw("build", "--sources", folder, "--output", folder / "out").exit_code == 0
        facts = pl.read_parquet(folder / "out/parquet/fact_indicator_value.parquet")
        values.append(
            facts.select("char_start", "char_end", "quote", "value", "unit", "sentence").sort("quote")
        )
    assert values[0]["quote"].len() > 0
    assert all(frame.equals(values[0]) for frame in values)


def test_strict_publishes_nothing_when_a_document_is_rejected(
    hiw: Hiw, sources: Path, tmp_path: Path
) -> None:
    (sources / "empty.txt").touch()
    output = tmp_path / "out"
    strict = hiw("build", "--sources", sources, "--output", output, "--strict")
    assert strict.exit_code == 1
    assert "  empty.txt: empty, " in strict.stdout
    assert strict.stderr == "hiw: 1 of 2 files rejected; the build is strict\n"
    assert not (output / "parquet").exists()

    assert hiw("build", "--sources", sources, "--output", output).exit_code == 0
    again = hiw("build", "--sources", sources, "--output", output, "--strict")
    assert (again.exit_code, again.stderr) == (1, strict.stderr)

    (sources / "empty.txt").unlink()
    assert hiw("build", "--sources", sources, "--output", output, "--strict").exit_code == 0


def test_no_documents_at_all(hiw: Hiw, tmp_path: Path) -> None:
    result = hiw("build", "--sources", tmp_path, "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"hiw: no documents found in {tmp_path}")
    assert one_line(result.stderr)
    assert not (tmp_path / "out").exists()


def test_nothing_readable_leaves_the_published_files_alone(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert hiw("build", "--sources", sources, "--output", output).exit_code == 0
    before = (output / "health_indicators.duckdb").read_bytes()
    (sources / "good.txt").write_bytes(b"")
    result = hiw("build", "--sources", sources, "--output", output)
    assert (result.exit_code, result.stderr) == (1, "hiw: none of 1 files could be read\n")
    assert (output / "health_indicators.duckdb").read_bytes() == before


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_source_folder_that_is_none(hiw: Hiw, tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").touch()
    result = hiw("build", "--sources", tmp_path / kind, "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert f"the source folder {tmp_path / kind}" in result.stderr
    assert one_line(result.stderr)


def test_an_output_folder_that_cannot_be_written(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for output in (tmp_path / "file", tmp_path / "file/below"):
        result = hiw("build", "--sources", sources, "--output", output)
        assert result.exit_code == 1
        assert f"the output folder {output} is not writable" in result.stderr
        assert one_line(result.stderr)


def test_a_second_build_on_the_same_output_says_so(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipelines import store\n"
        "with store.locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "out"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        result = hiw("build", "--sources", sources, "--output", tmp_path / "out")
        other.kill()
    assert result.exit_code == 4
    assert "another build is writing to" in result.stderr
    assert one_line(result.stderr)


def test_dictionary_prints_every_table(hiw: Hiw) -> None:
    result = hiw("dictionary")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Data dictionary\n")
    assert "## fact_indicator_value" in result.stdout
