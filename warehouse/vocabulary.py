"""Closed lists of values that tables of several subjects share."""

CHANGES = ("relative", "absolute")
COMPARATORS = ("eq", "ge", "le", "gt", "lt", "approx", "between", "increase", "decrease")
