"""The site as the command line and a build write it; every build here is a real one."""

from pathlib import Path

import pytest

from pipelines.report import site as report_site
from pipelines.report.layout import Site
from pipelines.report.questions import Warehouse
from tests import samples
from tests.conftest import Hiw
from warehouse.publish import DATABASE, publish


def test_a_build_writes_the_site_and_says_where(hiw: Hiw, sources: Path, tmp_path: Path) -> None:
    result = hiw("build", "--sources", sources, "--output", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(f"report     {tmp_path}/out/site/index.html\n")
    assert (tmp_path / "out/site/indicators/maternal_mortality_ratio.html").is_file()


def test_the_site_can_be_written_again(hiw: Hiw, tmp_path: Path) -> None:
    publish(samples.warehouse_tables(), tmp_path)
    result = hiw("report", "--output", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"report     {tmp_path}/site/index.html\n")
    assert (tmp_path / "site/index.html").is_file()


def test_without_a_published_file_it_says_so(hiw: Hiw, tmp_path: Path) -> None:
    result = hiw("report", "--output", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert result.stderr == f"hiw: nothing is published in {tmp_path}/nowhere; hiw build does that\n"
    assert not (tmp_path / "nowhere").exists()


def test_a_site_that_cannot_be_written_fails_the_build_but_not_the_data(
    hiw: Hiw, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_warehouse: Warehouse, _site: Site) -> None:
        raise OSError("No space left on device")

    output = tmp_path / "out"
    with monkeypatch.context() as disk:
        disk.setattr(report_site, "PAGES", (full,))
        result = hiw("build", "--sources", sources, "--output", output)
    assert result.exit_code == 1
    assert result.stderr.startswith("hiw: the data are published, but the site")
    assert "No space left on device" in result.stderr
    assert result.stderr.count("\n") == 1
    assert (output / DATABASE).is_file()
    assert not (output / "site").exists()
    assert hiw("build", "--sources", sources, "--output", output).exit_code == 0
    assert (output / "site/index.html").is_file()
