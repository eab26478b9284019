"""What Dagster shows of a table: its columns, from the contract."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from pipelines import store
from warehouse.contract import Column, Table

# Once a process: what a process has loaded is what it runs, whatever happens to the files.
CODE_VERSION = store.code_version()


def fields(kind: Any) -> tuple[str, ...]:
    """The names of the frames of a stage's named tuple."""
    names: tuple[str, ...] = kind._fields
    return names


def schemas(tables: Iterable[Table]) -> dict[str, dg.TableSchema]:
    """Metadata that shows the columns of ``tables`` in Dagster: the first as the asset's own schema."""
    listed = list(tables)
    named = {f"columns/{table.name}": table_schema(table) for table in listed}
    return {"dagster/column_schema": table_schema(listed[0]), **named} if listed else {}


def table_schema(table: Table) -> dg.TableSchema:
    """The contract of ``table`` as Dagster shows it: types, meanings, constraints."""
    key = ", ".join(table.key)
    return dg.TableSchema(
        columns=[_column(column, table) for column in table.columns],
        constraints=dg.TableConstraints(other=[f"key: {key}"]),
    )


def _column(column: Column, table: Table) -> dg.TableColumn:
    allowed = [f"one of: {', '.join(column.allowed)}"] if column.allowed else []
    constraints = dg.TableColumnConstraints(
        nullable=column.nullable, unique=table.key == (column.name,), other=allowed
    )
    return dg.TableColumn(column.name, column.type.sql, column.comment(), constraints)
