"""``make audit``: known vulnerabilities of the locked packages, and the licences they come under.

``python -m tests.audit PIP_AUDIT``. pip-audit by itself ends well even when it could ask about no package at
all; here that is an error of its own. Exit status: 0 no known vulnerability, 1 some, 2 not all could be asked
about.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from importlib import metadata
from typing import Any

LOCK = "requirements.lock"


def main(pip_audit: str) -> int:
    """Print what is known of the locked packages; the exit status."""
    command = [pip_audit, "--format=json", "--disable-pip", "--require-hashes", "-r", LOCK]
    run = subprocess.run([*command, "--progress-spinner=off"], capture_output=True, text=True, check=False)
    for licence, packages in sorted(licences().items()):
        print(f"{licence}: {', '.join(packages)}")
    try:
        status, lines = verdict(json.loads(run.stdout)["dependencies"])
    except (ValueError, LookupError):
        status, lines = 2, [f"pip-audit failed: {run.stderr.strip().splitlines()[-1:]}"]
    print(*lines, sep="\n", file=sys.stderr if status else sys.stdout)
    return status


def verdict(dependencies: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit status and what to print of pip-audit's ``dependencies``."""
    found = [
        f"{each['name']} {each['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or '-'}"
        for each in dependencies
        for flaw in each.get("vulns", ())
    ]
    unasked = [each["name"] for each in dependencies if "skip_reason" in each]
    if found:
        return 1, [*found, f"{len(found)} known vulnerabilities"]
    if unasked or not dependencies:
        told = f"{len(unasked)} of {len(dependencies)} packages could not be asked about, {unasked[:1]} first"
        return 2, [f"{told}: is the advisory service within reach?"]
    return 0, [f"{len(dependencies)} packages, no known vulnerability"]


def licences() -> dict[str, list[str]]:
    """The installed packages by licence, as they declare it."""
    found: dict[str, list[str]] = defaultdict(list)
    for package in sorted(metadata.distributions(), key=lambda each: each.metadata["Name"].lower()):
        found[_licence(package.metadata)].append(package.metadata["Name"])
    return found


def _licence(declared: Any) -> str:
    classified = [line.split(" :: ")[-1] for line in declared.get_all("Classifier", ()) if "License" in line]
    text = declared["License-Expression"] or " / ".join(classified) or declared["License"] or "not declared"
    return str(re.sub(r"\s+", " ", text))[:60]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
