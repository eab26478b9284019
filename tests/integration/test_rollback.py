"""``hiw rollback`` puts an earlier build back, and the next build leaves it so while the sources do."""

import stat
from pathlib import Path

import pytest

from pipelines import history
from tests import samples
from tests.conftest import Hiw
from tests.killing import version, write_sources
from warehouse.publish import publish


def test_a_build_rolled_back_stays_out_until_the_sources_change_or_somebody_says_so(
    hiw: Hiw, tmp_path: Path
) -> None:
    sources, output = tmp_path / "in", tmp_path / "out"
    build = ("build", "--sources", sources, "--output", output)
    pages = []
    for number in (0, 1):
        write_sources(sources, number)
        assert hiw(*build).exit_code == 0
        pages.append((output / "site/documents.html").read_text())

    beside = [path for name in ("site", "history") for path in (output / name).rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in beside} == {0o640}

    rolled = hiw("rollback", "--output", output)
    assert rolled.exit_code == 0, rolled.output
    assert rolled.stdout.startswith("published  build 000001 of 20")
    assert " UTC, in place of 000002 of 20" in rolled.stdout
    assert version(output) == 0
    assert (output / "site/documents.html").read_text() == pages[0] != pages[1]
    listed = [line.split() for line in hiw("rollback", "--output", output, "--list").stdout.splitlines()]
    assert [(line[0], line[4], " ".join(line[6:])) for line in listed] == [
        ("000001", "2", "published"),
        ("000002", "3", "rolled back"),
    ]

    left = hiw(*build)
    assert left.exit_code == 0
    assert left.stdout.startswith("The build of these sources was rolled back")
    assert "values     2 published" in left.stdout
    assert version(output) == 0

    assert hiw(*build, "--again").exit_code == 0
    assert version(output) == 1
    assert history.load(output / "history").builds["values_published"].to_list() == [2, 3]  # the same one
    assert hiw(*build).stdout.startswith("Nothing changed since the last build.")


@pytest.mark.parametrize("arguments", [(), ("--to", "7")])
def test_what_can_not_be_put_back_is_said_in_one_line(
    hiw: Hiw, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    output = tmp_path / "out"
    nothing = hiw("rollback", "--output", output, *arguments)
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr == f"hiw: nothing is published in {output}; hiw build does that\n"
    assert not output.exists()
    publish(samples.warehouse_tables(), output)
    nothing = hiw("rollback", "--output", output, *arguments)
    missing = "no build 000007" if arguments else "no build before 000001 to put back"
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr == f"hiw: there is {missing}; kept in {output} are: 000001\n"


def test_a_build_without_a_site_leaves_none_that_is_of_another(
    hiw: Hiw, sources: Path, tmp_path: Path
) -> None:
    arguments = ("build", "--sources", sources, "--output", tmp_path / "out", "--no-site")
    built = hiw(*arguments)
    assert (built.exit_code, "report" in built.stdout) == (0, False)
    assert not (tmp_path / "out/site").exists()
    assert "Nothing changed" in hiw(*arguments).stdout

    assert hiw("report", "--output", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out/site/index.html").is_file()
    assert "Nothing changed" in hiw(*arguments[:-1]).stdout

    assert "Nothing changed" not in hiw(*arguments).stdout
    assert not (tmp_path / "out/site").exists()
