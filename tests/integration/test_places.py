"""Builds whose documents and batches are not in folders, and the cluster that is not there."""

import sys
from pathlib import Path

import fsspec
import pytest

from pipelines.assets.workplace import Workplace
from pipelines.settings import ROOT, CannotBuild
from tests.conftest import Hiw
from warehouse.tables import TABLES


def test_documents_and_batches_in_a_store_make_the_files_that_folders_make(
    hiw: Hiw, warehouse: Path, tmp_path: Path
) -> None:
    store = fsspec.filesystem("memory")
    store.put(f"{ROOT / 'seeds/documents'}/", "/plans/docs/", recursive=True)
    kept = ("--shared", "memory://plans/kept", "--output", tmp_path)
    built = hiw("build", "--sources", "memory://plans/docs", *kept)
    assert built.exit_code == 0, built.output
    names = [f"parquet/{table.name}.parquet" for table in TABLES]
    assert [n for n in names if (tmp_path / n).read_bytes() != (warehouse / n).read_bytes()] == []
    for what in ("read", "checked"):
        [code] = store.ls(f"/plans/kept/{what}", detail=False)
        batches = [Path(path).stem for path in store.ls(code, detail=False)]
        copies = tmp_path / ".state" / what / Path(code).name
        assert batches
        assert [path.name for path in copies.iterdir()] == batches
    again = hiw("build", "--sources", "memory://plans/docs", *kept)
    assert again.stdout.startswith("Nothing changed since the last build.")
    store.rm("/plans", recursive=True)


def test_an_engine_that_is_none_is_named() -> None:
    workplace = Workplace(sources=[], output="out", engine="spark")
    with pytest.raises(CannotBuild, match="the engine is 'spark'; it may be local or ray"):
        workplace.hands()


def test_without_ray_its_engine_says_what_to_do(
    hiw: Hiw, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # also where it is installed
    result = hiw("build", "--sources", sources, "--output", tmp_path / "out", "--engine", "ray")
    told = "pip install 'health-indicator-warehouse[cluster]', or build with --engine local"
    assert (result.exit_code, result.stderr) == (1, f"hiw: Ray is not installed: {told}\n")
