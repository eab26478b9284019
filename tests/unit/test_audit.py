"""What ``make audit`` makes of the answer of pip-audit."""

from tests.audit import verdict

SOUND = {"name": "click", "version": "8.1", "vulns": []}
FLAWED = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"]}]}
UNASKED = {"name": "y", "skip_reason": "Dependency not found on PyPI and could not be audited: y (1)"}


def test_no_answer_is_no_good_answer() -> None:
    assert verdict([SOUND, SOUND]) == (0, ["2 packages, no known vulnerability"])
    assert verdict([SOUND, FLAWED, UNASKED]) == (
        1,
        ["x 1: PYSEC-1, mended in 1.1, 2.0", "1 known vulnerabilities"],
    )
    assert verdict([SOUND, UNASKED])[0] == 2
    assert verdict([])[0] == 2
