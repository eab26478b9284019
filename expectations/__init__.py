"""What must hold of the tables: suites under ``suites/``, the rules of the contract, quarantine and gate."""

from expectations.quarantine import Examined, QuarantineExceeded, Validated, examine, gate, held, validate
from expectations.rules import SuiteError

__all__ = ["Examined", "QuarantineExceeded", "SuiteError", "Validated", "examine", "gate", "held", "validate"]
