"""The lock on the output folder, and the fingerprint of a build."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import store
from pipelines.sources import SourceFile


def test_one_build_at_a_time(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipelines import store\n"
        "with store.locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(store.AnotherBuild, match="another build"), store.locked(tmp_path):
            pass
        other.kill()
    with store.locked(tmp_path), store.locked(tmp_path):  # a killed build leaves no lock; the holder may nest
        pass


def test_a_file_in_place_of_the_output_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    for output in (tmp_path / "output", tmp_path / "output/below"):
        with pytest.raises(store.OutputNotWritable, match="not writable"), store.locked(output):
            pass


def test_the_fingerprint_changes_with_the_sources_and_only_the_build_id_does() -> None:
    one = store.fingerprint([SourceFile("a.txt", b"", "1")])
    two = store.fingerprint([SourceFile("a.txt", b"", "2")])
    assert one.code_version == two.code_version
    assert one.build_id != two.build_id


def test_the_code_version_counts_code_seeds_and_lock_but_no_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ROOT", tmp_path)
    seen = {store.code_version()}
    counted = (
        "pipelines/transforms/a.py",
        "pipelines/report/templates/a.html",
        "pipelines/report/static/a.js",
        "warehouse/marts/a.sql",
        "expectations/suites/a.json",
        "seeds/lexicons/a.csv",
        "seeds/reference/a.csv",
        "requirements.lock",
    )
    for name in counted:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
        seen.add(store.code_version())
    assert len(seen) == 1 + len(counted)
    for name in ("warehouse/parquet/a.parquet", "pipelines/__pycache__/a.pyc", "seeds/documents/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert store.code_version() in seen


def test_damaged_or_missing_results_are_not_taken_for_published(tmp_path: Path, warehouse: Path) -> None:
    build_id = store.published_table(warehouse, "build_run")["build_id"].item()
    assert store.is_published(warehouse, build_id)
    assert not store.is_published(warehouse, "another")
    assert not store.is_published(tmp_path, build_id)
    shutil.copytree(warehouse, tmp_path, symlinks=True, dirs_exist_ok=True)
    assert store.is_published(tmp_path, build_id)
    (tmp_path / "parquet/datapackage.json").rename(tmp_path / "away.json")
    assert not store.is_published(tmp_path, build_id)
    (tmp_path / "away.json").rename(tmp_path / "parquet/datapackage.json")
    (tmp_path / "site/index.html").rename(tmp_path / "away.html")
    assert not store.is_published(tmp_path, build_id)
    (tmp_path / "away.html").rename(tmp_path / "site/index.html")
    (tmp_path / "site/build_id.txt").write_text("the build before")
    assert not store.is_published(tmp_path, build_id)
    (tmp_path / "site/build_id.txt").write_text(build_id)
    assert store.is_published(tmp_path, build_id)
    (tmp_path / "parquet/build_run.parquet").write_bytes(b"no parquet")
    assert not store.is_published(tmp_path, build_id)
