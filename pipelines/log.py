"""The log: records of an event and what it is about (document, stage, counts), on the screen and in a file.

The standard library's ``logging`` under the name ``hiw``, so that Dagster's event log takes the records too
(``python_logs`` in ``dagster.yaml``). On the screen, which is standard error, a record is a line for people,
and only warnings and errors are shown; ``HIW_LOG_FORMAT=json`` and a ``HIW_LOG_FILE`` have JSON lines from
the level ``info`` on. ``HIW_LOG`` sets another level for both, ``--verbose`` shows all on the screen.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from logging.handlers import WatchedFileHandler
from typing import Any

import click

from pipelines.failure import Failure

NAME = "hiw"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
FORMATS = ("console", "json")
_FIELDS = "hiw_fields"


class Log:
    """Writes records. A message is short and says what happened; ``fields`` say to what, and how much.

    Fields are texts, numbers, booleans or None. Of an error people see the message alone, so it says all.
    """

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def debug(self, event: str, **fields: Any) -> None:
        """What is of use to who looks for a fault: every batch, every step."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        """What a log should have, but nobody at the screen has to see."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        """What somebody should look at, although the work goes on."""
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, cause: BaseException | None = None, **fields: Any) -> None:
        """Why a command failed. The traceback of ``cause`` goes with it, on the screen if that shows all."""
        self._write(logging.ERROR, event, fields, cause)

    def shows(self, level: str) -> bool:
        """Whether records of ``level`` are shown on the screen."""
        return any(handler.level <= LEVELS[level] for handler in self._logger.handlers if _is_screen(handler))

    def _write(
        self, level: int, event: str, fields: dict[str, Any], cause: BaseException | None = None
    ) -> None:
        if not self._logger.isEnabledFor(level):
            return
        told = event if level >= logging.ERROR else " ".join([event, *map(_pair, fields.items())])
        self._logger.log(level, "%s", told, exc_info=cause, extra={_FIELDS: {"event": event, **fields}})


log = Log(logging.getLogger(NAME))


def configure(verbose: bool = False) -> None:
    """Set the log up as the environment says, in place of how it was set up; ``verbose`` shows all records.

    Raises :class:`Failure` for a setting that is none, and if the log file can't be opened.
    """
    logger = logging.getLogger(NAME)
    logger.propagate = False
    _use(logger, _screen(None, None, verbose))  # what is wrong with the settings is said on it
    level, form = _choice("HIW_LOG", tuple(LEVELS)), _choice("HIW_LOG_FORMAT", FORMATS)
    path = os.environ.get("HIW_LOG_FILE")
    files = [_file(path, LEVELS[level or "info"])] if path else []
    _use(logger, _screen(level, form, verbose), *files)


def _use(logger: logging.Logger, *handlers: logging.Handler) -> None:
    """Have ``logger`` write to these; the handlers others have added, as Dagster does, stay."""
    for handler in list(logger.handlers):
        if isinstance(handler, _Screen | WatchedFileHandler):
            logger.removeHandler(handler)
            handler.close()
    for handler in handlers:
        logger.addHandler(handler)
    logger.setLevel(min(handler.level for handler in handlers))


def configure_once() -> None:
    """Set the log up unless that is done: for Dagster, which comes in by ``pipelines.definitions``."""
    if not any(map(_is_screen, logging.getLogger(NAME).handlers)):
        configure()


def _choice(variable: str, choices: tuple[str, ...]) -> str | None:
    value = os.environ.get(variable, "").lower()
    if value and value not in choices:
        raise Failure(f"{variable} is {value!r}; set it to one of {', '.join(choices)}")
    return value or None


class _Screen(logging.Handler):
    """Standard error as it is when a record comes: a progress bar or a test may have put itself before it."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(self.format(record), err=True)


def _is_screen(handler: logging.Handler) -> bool:
    return isinstance(handler, _Screen)


def _screen(level: str | None, form: str | None, verbose: bool) -> logging.Handler:
    default = "info" if form == "json" else "warning"
    screen = _Screen(LEVELS["debug" if verbose else level or default])
    screen.setFormatter(_Json() if form == "json" else _Console(screen.level))
    return screen


def _file(path: str, level: int) -> logging.Handler:
    try:
        handler = WatchedFileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise Failure(f"the log file {path} can't be written: {error.strerror}; see HIW_LOG_FILE") from error
    handler.setLevel(level)
    handler.setFormatter(_Json())
    return handler


class _Console(logging.Formatter):
    """A line for people, and a traceback only where all is shown."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._all = level <= logging.DEBUG

    def format(self, record: logging.LogRecord) -> str:
        line = f"hiw: {printable(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if self._all and record.exc_info else line


class _Json(logging.Formatter):
    """An object on one line: time (UTC), level, event, then the fields, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        time = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        said = {"time": time, "level": record.levelname.lower(), **getattr(record, _FIELDS, {})}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


def _pair(field: tuple[str, Any]) -> str:
    name, value = field
    text = str(value)
    plain = text and not any(sign.isspace() or sign in '"=' for sign in text)
    return f"{name}={text if plain else json.dumps(text, ensure_ascii=False)}"


def printable(text: str) -> str:
    """``text`` on one line and without signs that would steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
