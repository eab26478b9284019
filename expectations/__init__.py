"""What must hold of the tables: suites under ``suites/``, the rules of the contract, quarantine and gate."""

from expectations.quarantine import QuarantineExceeded, Validated, gate, validate
from expectations.rules import SuiteError

__all__ = ["QuarantineExceeded", "SuiteError", "Validated", "gate", "validate"]
