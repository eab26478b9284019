"""How a command ends: the exit codes, and the one kind of exception whose message people see.

The codes are an interface for schedulers and scripts: they may be added to, never change their meaning.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit status of a command, with its meaning and what to do. Two are those shells give to signals."""

    meaning: str
    advice: str

    DONE = 0, "Done: published, or up to date already. Single files may have been rejected.", "Nothing."
    CANNOT = (
        1,
        "It could not be done, for a cause in the input, the settings or the machine.",
        "Mend what the message names, then run it again.",
    )
    USAGE = 2, "The command was not understood.", "See `hiw COMMAND --help`."
    QUARANTINED = (
        3,
        "Too many values broke a rule, so nothing was published.",
        "Look at the quarantined values; the message says where they are.",
    )
    BUSY = 4, "Another build is writing to the same output folder.", "Run it again later."
    FAULT = 5, "The program itself is at fault.", "Report it, with the traceback the message names."
    INTERRUPTED = 130, "Stopped by Ctrl-C.", "Run it again."
    CUT_OFF = 141, "What read the output went away, as `head` does.", "Nothing."

    def __new__(cls, code: int, meaning: str, advice: str) -> ExitCode:
        """A member that is equal to ``code``."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning, member.advice = meaning, advice
        return member


class Failure(Exception):  # noqa: N818 - named for what happened
    """What could not be done for a reason a person can act on: the message says what, where and what to do.

    ``lines`` has one for each thing to mend; ``exit_code`` is how a command ends that meets it.
    """

    exit_code = ExitCode.CANNOT

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def exit_code_table() -> str:
    """The exit codes as the Markdown table of the documentation."""
    rows = [f"| {int(code)} | {code.meaning} | {code.advice} |" for code in ExitCode]
    return "\n".join(["| code | meaning | what to do |", "| --- | --- | --- |", *rows, ""])
