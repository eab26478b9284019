"""A build sends nothing, asks nothing, and writes nothing but its results.

One real build is watched in every way the machine offers. Its own Python is always asked, by an audit hook
that forbids connections and notes each file opened for writing. Where ``strace`` is installed, the kernel is
asked too, for what DuckDB, polars and Arrow do; where a process may have a network of its own (``unshare``),
it gets one without any way out. Byte code of an installed environment does not count, and is switched off.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.settings import ROOT
from tests.conftest import SENTENCE

BUILD = "from pipelines.cli import main; main()"
WATCHER = '''
import os, socket, sys

_into = os.open(os.environ["WATCHED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
_NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}
_CHANGES = {"os.mkdir": 2, "os.rename": 2, "os.remove": 1, "os.rmdir": 1, "os.symlink": 2, "os.link": 2,
            "os.truncate": 1, "os.chmod": 2, "shutil.chown": 1}
_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def _watch(event, arguments):
    if event in _NETWORK and getattr(arguments[0], "family", None) != socket.AF_UNIX:
        os.write(_into, f"network {event} {arguments[1:]!r}\\n".encode())
        raise PermissionError(f"{event} is forbidden here")
    if event == "open" and isinstance(arguments[0], (str, bytes)) and arguments[2] & _WRITE:
        _note(arguments[0], -1)
    if event in _CHANGES:
        paths = arguments[: 2 if event in ("os.rename", "os.link", "os.symlink") else 1]
        for path in paths[event == "os.symlink" :]:  # what a link says is no place that is written to
            if not isinstance(path, int):
                _note(path, arguments[-1])

def _note(path, folder):
    """``folder`` is the descriptor the path starts from, or none."""
    start = os.readlink(f"/proc/self/fd/{folder}") if isinstance(folder, int) and folder > 2 else os.getcwd()
    os.write(_into, b"write " + os.path.join(os.fsencode(start), os.fsencode(path)) + b"\\n")

sys.addaudithook(_watch)
'''
CALLS = (
    "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,symlink,symlinkat,"
    "link,linkat,truncate,chmod,fchmodat,mknod,mknodat,connect"
)
WRITES = "O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND"
PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
LINK_SAYS = re.compile(r'(symlink(?:at)?\()"(?:[^"\\]|\\.)*", ')


class Watched(NamedTuple):
    """A build that was watched: its folder, and what was noted of it."""

    output: Path
    elsewhere: list[Path]
    notes: list[str]
    calls: list[str]
    run: subprocess.CompletedProcess[str]


def works(*command: str) -> bool:
    return bool(shutil.which(command[0])) and not subprocess.run(command, capture_output=True).returncode


def watched(folder: Path, *command: str, around: tuple[str, ...] = ()) -> Watched:
    """Run Python with ``command`` in an empty folder, with an empty home and no place for temporary files."""
    elsewhere = [folder / name for name in ("home", "temporary", "here")]
    for each in (*elsewhere, folder / "watcher"):
        each.mkdir()
    (folder / "watcher/sitecustomize.py").write_text(WATCHER)
    home, temporary, here = map(str, elsewhere)
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PYTHONPATH": f"{folder / 'watcher'}:{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "WATCHED": str(folder / "watcher/notes"),
        "HOME": home,
        "TMPDIR": temporary,
        **{f"XDG_{kind}_HOME": home for kind in ("CACHE", "CONFIG", "DATA", "STATE")},
    }
    run = subprocess.run(
        [*around, sys.executable, *command], cwd=here, env=environment, capture_output=True, text=True
    )
    notes = (folder / "watcher/notes").read_text(errors="backslashreplace").splitlines()
    calls = [line for trace in folder.glob("trace.*") for line in trace.read_text().splitlines()]
    return Watched(folder / "out", elsewhere, notes, calls, run)


def build(folder: Path) -> Watched:
    """A whole build of one document."""
    (folder / "in").mkdir()
    (folder / "in/plan.txt").write_text(SENTENCE, encoding="utf-8")
    trace = (
        "strace",
        "-ff",
        "--seccomp-bpf",
        "-y",
        "-z",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(folder / "trace"),
    )
    around = ("unshare", "-rn") if works("unshare", "-rn", "true") else ()
    around += trace if works("strace", "-ff", "--seccomp-bpf", "-z", "-o", os.devnull, "true") else ()
    done = watched(
        folder,
        *("-c", BUILD, "build", "--sources", str(folder / "in"), "--output", str(folder / "out")),
        around=around,
    )
    assert (done.run.returncode, done.run.stderr) == (0, ""), done.run
    return done


def outside(paths: list[Path], output: Path) -> list[Path]:
    """Those that are not in the output folder, nor the watcher's. Memory that looks like a file is none."""
    harmless = (output, output.parent / "watcher", Path("/dev/null"), Path("/dev/shm"))
    found = {Path(os.path.normpath(path)) for path in paths}
    return sorted(path for path in found if not any(path.is_relative_to(each) for each in harmless))


def test_a_build_asks_no_network_and_writes_in_its_output_folder_alone(tmp_path: Path) -> None:
    """Also for a while: what is taken away again counts. One test, since each would need the build again."""
    done = build(tmp_path)
    assert [note for note in done.notes if note.startswith("network")] == []
    written = [Path(note.removeprefix("write ")) for note in done.notes if note.startswith("write ")]
    assert any(path.is_relative_to(done.output) for path in written)
    assert outside(written, done.output) == []
    assert [path for folder in done.elsewhere for path in folder.rglob("*")] == []
    assert not (done.output / ".state/tmp").exists()

    if done.calls:  # where there is strace: what the libraries beneath Python did
        assert [call for call in done.calls if "connect(" in call and "AF_INET" in call] == []
        changes = [call for call in done.calls if "open" not in call.split("(")[0] or re.search(WRITES, call)]
        placed = [LINK_SAYS.sub(r"\1", call) for call in changes]
        paths = [Path(folder, name) for call in placed for folder, name in PATH.findall(call)]
        assert any(path.suffix == ".duckdb" for path in paths)
        assert outside(paths, done.output) == []


@pytest.mark.parametrize(
    ("code", "noted"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "network socket.getaddrinfo"),
        ("import urllib.request as r; r.urlopen('http://127.0.0.1:9')", "network socket.getaddrinfo"),
        ("open('x', 'w')", "write {here}/x"),
        ("import tempfile; tempfile.mkdtemp()", "write {temporary}/tmp"),
        ("import os; os.rename('a', 'b')", "write {here}/b"),
        ("import os; os.symlink('a', 'b')", "write {here}/b"),
    ],
)
def test_the_watcher_sees(code: str, noted: str, tmp_path: Path) -> None:
    notes = watched(tmp_path, "-c", code).notes
    expected = noted.format(here=tmp_path / "here", temporary=tmp_path / "temporary")
    assert any(note.startswith(expected) for note in notes), notes
