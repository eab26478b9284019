"""The group all commands belong to: what each has in common, which is its log and how it ends."""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import click

from pipelines.failure import ExitCode, Failure
from pipelines.log import configure, log

OUTPUT = "hiw.output"  # of the context: the output folder the command works on, once it is known
CRASH = Path(".state", "crash.log")
_KNOWN = (Failure, OSError, UnicodeEncodeError, MemoryError)
_ADVICE = {
    errno.ENOSPC: "the disk is full: make room and run it again",
    errno.EDQUOT: "the quota of the disk is used up: make room and run it again",
    errno.EACCES: "give the account that runs hiw leave to it",
    errno.EROFS: "the disk can only be read: name another folder",
    errno.EMFILE: "too many open files: raise the limit (ulimit -n)",
}


class Commands(click.Group):
    """Commands that end as :class:`ExitCode` says, with a line for people and never a traceback.

    Each has the option ``--verbose``, which shows every record of the log and the traceback of a failure.
    """

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command and give it the option ``--verbose``."""
        cmd.params.append(_verbose())
        super().add_command(cmd, name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever it raises becomes an exit code."""
        if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding == "utf-8":
            sys.stdout.reconfigure(errors="backslashreplace")  # names of folders may be no UTF-8
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # at exit it would be too late to say that it failed
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            log.error("interrupted; what was published is as it was", exit_code=int(ExitCode.INTERRUPTED))
            raise SystemExit(ExitCode.INTERRUPTED) from None
        except BrokenPipeError:
            _give_up_output()
            raise SystemExit(ExitCode.CUT_OFF) from None
        except Exception as error:
            _end(error, ctx.meta.get(OUTPUT))
        return result


def _verbose() -> click.Option:
    return click.Option(
        ["--verbose"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=lambda _context, _option, verbose: configure(verbose),
        help="Show what is done, and all of an error. [as HIW_LOG=debug does]",
    )


def _end(error: Exception, output: Path | None) -> NoReturn:
    """Say what ``error`` means and exit."""
    known = next((cause for cause in causes(error) if isinstance(cause, _KNOWN)), None)
    code = _code(known)
    *lines, last = _lines(known) if known else [_fault(error, output)]
    about: dict[str, Any] = {"exit_code": int(code), "error": type(known or error).__name__}
    for line in lines:
        log.error(line, **about)
    log.error(last, error if code is ExitCode.FAULT or log.shows("debug") else None, **about)
    _give_up_output()
    raise SystemExit(code)


def causes(error: BaseException) -> Iterator[BaseException]:
    """``error``, what it was raised from, and so on: Dagster wraps what a stage raises."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _code(known: BaseException | None) -> ExitCode:
    if known is None:
        return ExitCode.FAULT
    return known.exit_code if isinstance(known, Failure) else ExitCode.CANNOT


def _lines(known: BaseException) -> list[str]:
    if isinstance(known, Failure):
        return list(known.lines)
    if isinstance(known, UnicodeEncodeError):
        return [f"{known.encoding} can't say {known.object[known.start]!a}; set PYTHONUTF8=1 or LANG=C.UTF-8"]
    if not isinstance(known, OSError):
        return ["there is not enough memory; leave it more and run it again"]
    told = f"{known.filename}: {known.strerror}" if known.filename else known.strerror or str(known)
    return [f"{told}; {_ADVICE[known.errno]}" if known.errno in _ADVICE else told]


def _fault(error: Exception, output: Path | None) -> str:
    """One line on a fault of the program, the traceback kept beside the results if there is a place."""
    told = f"a fault of the program ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
    kept = output / CRASH if output else None
    try:
        if kept and kept.parent.is_dir():
            kept.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
            kept.chmod(0o600)
            return f"{told}; please report it with {kept}"
    except OSError:  # then --verbose alone shows it
        pass
    return f"{told}; please report it with what --verbose shows"


def _give_up_output() -> None:
    """What can't be printed goes nowhere, or Python would complain of it at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
