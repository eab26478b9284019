"""What several tests share: the command line, and one warehouse built from the seeds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main

SENTENCE = "到2025年，全市孕产妇死亡率控制在15/10万以下，高血压患者规范管理率达70%以上。\n"

Hiw = Callable[..., Result]


@pytest.fixture(scope="session")
def hiw() -> Hiw:
    """Run ``hiw`` with these arguments; what it printed and its exit code come back."""
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="session")
def warehouse(hiw: Hiw, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a build of the sample documents; to be read only."""
    output = tmp_path_factory.mktemp("warehouse")
    result = hiw("build", "--sources", "seeds/documents", "--output", output)
    assert result.exit_code == 0, result.output
    return output


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A source folder with one good document."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "good.txt").write_text(SENTENCE, encoding="utf-8")
    return folder
