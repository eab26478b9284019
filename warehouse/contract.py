"""What a table is: columns with type, unit, key, allowed values and meaning, and how to render them.

The tables themselves stand in :mod:`warehouse.tables`. Everything that describes a table to a tool or a
person (polars schema, Arrow field metadata, DuckDB DDL and comments, the data dictionary) is rendered here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa


class Type(Enum):
    """The column types of the warehouse, each with its polars and DuckDB form."""

    TEXT = ("VARCHAR", pl.String())
    INTEGER = ("BIGINT", pl.Int64())
    REAL = ("DOUBLE", pl.Float64())
    BOOLEAN = ("BOOLEAN", pl.Boolean())
    DATE = ("DATE", pl.Date())
    TEXT_LIST = ("VARCHAR[]", pl.List(pl.String()))

    def __init__(self, sql: str, polars: pl.DataType) -> None:
        self.sql = sql
        self.polars = polars


@dataclass(frozen=True)
class Column:
    """One column: its name, type and one-line meaning.

    ``unit`` is the unit of measure of the number, ``allowed`` the closed list of values (of the items, for
    a list), ``references`` the ``table.column`` it points to. A column is required unless ``nullable``.
    """

    name: str
    type: Type
    meaning: str
    unit: str = ""
    nullable: bool = False
    allowed: tuple[str, ...] = ()
    references: str = ""

    def comment(self) -> str:
        """The meaning with unit, allowed values and reference appended, for comments and metadata."""
        notes = [
            f"Unit: {self.unit}." if self.unit else "",
            f"One of: {', '.join(self.allowed)}." if self.allowed else "",
            f"References {self.references}." if self.references else "",
        ]
        return " ".join(part for part in (self.meaning, *notes) if part)


@dataclass(frozen=True)
class Licence:
    """The terms of someone's work: ``name`` as in the SPDX list, ``work`` what it covers."""

    name: str
    work: str


@dataclass(frozen=True)
class Table:
    """A stored table. ``key`` names the columns that identify a row.

    ``licences`` are those of the works its rows are taken from. Its rows stand in the order of ``clustered``,
    the columns that readers ask by, and then of the key: who asks by them need not read the others. In one
    that is ``long``, a row is as long as a document.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    licences: tuple[Licence, ...] = ()
    clustered: tuple[str, ...] = ()
    long: bool = False

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that order the rows; with the key at the end, no two rows are alike in all of them."""
        return (*self.clustered, *(name for name in self.key if name not in self.clustered))

    def column(self, name: str) -> Column:
        """The column of that name; raises ``KeyError`` when there is none."""
        return {c.name: c for c in self.columns}[name]

    def columns_of(self, *names: str) -> tuple[Column, ...]:
        """The columns of these names, for a view that shows them as they are."""
        return tuple(self.column(name) for name in names)

    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [c.name for c in self.columns]


@dataclass(frozen=True)
class View:
    """A published view: its columns stand here, its query in ``warehouse/marts/<name>.sql``.

    One that is too slow to be reckoned for each question is ``stored``: a table in the DuckDB file that holds
    the rows of the query, in the order of these terms.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    stored: tuple[str, ...] = ()


def polars_schema(table: Table) -> pl.Schema:
    """The polars schema of a table, columns in contract order."""
    return pl.Schema({c.name: c.type.polars for c in table.columns})


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Select, cast and order ``frame`` as the table says: contract columns only, rows sorted by key.

    Raises ``polars.exceptions.ColumnNotFoundError`` for a missing column and ``InvalidOperationError`` for
    a value that does not fit its type: both are programming errors, not bad input.
    """
    return frame.select(pl.col(c.name).cast(c.type.polars) for c in table.columns).sort(table.key)


def empty(table: Table) -> pl.DataFrame:
    """The table with no rows."""
    return pl.DataFrame(schema=polars_schema(table))


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table, with the contract as its metadata and that of its fields."""
    import pyarrow as pa  # deferred: slow to import, needed only where a file is written

    types = {
        Type.TEXT: pa.string(),
        Type.INTEGER: pa.int64(),
        Type.REAL: pa.float64(),
        Type.BOOLEAN: pa.bool_(),
        Type.DATE: pa.date32(),
        Type.TEXT_LIST: pa.list_(pa.string()),
    }
    fields = [pa.field(c.name, types[c.type], c.nullable, {"comment": c.comment()}) for c in table.columns]
    return pa.schema(fields, metadata={"table": table.name, "comment": table.meaning})


def create_table_sql(table: Table) -> str:
    """``CREATE TABLE`` with types, NOT NULL and allowed values.

    Keys and references are not declared, for each would be an index: :func:`broken_sql` looks for what breaks
    them, once.
    """
    return f"CREATE TABLE {table.name} (\n" + ",\n".join(f"  {_column_sql(c)}" for c in table.columns) + "\n)"


def broken_sql(table: Table, keys: Collection[str]) -> dict[str, str]:
    """Queries for the first rows that break the key or a reference, by what is then wrong.

    ``keys`` are the ``table.column`` that identify a row of their table alone; other references are of many
    rows to many. A query without rows says that all is well.
    """
    key = ", ".join(f'"{name}"' for name in table.key)
    alike = f"SELECT {key} FROM {table.name} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    references = [c for c in table.columns if c.references in keys]
    astray = {f"{c.name} is not in {c.references}": _astray_sql(table, c) for c in references}
    return {f"more than one row has the key ({', '.join(table.key)})": alike, **astray}


def _astray_sql(table: Table, column: Column) -> str:
    other, referenced = column.references.split(".")
    name = f'"{column.name}"'
    return (
        f"SELECT DISTINCT {name} FROM {table.name} WHERE {name} IS NOT NULL "
        f'AND {name} NOT IN (SELECT "{referenced}" FROM {other}) ORDER BY ALL LIMIT 1'
    )


def _column_sql(column: Column) -> str:
    null = "" if column.nullable else " NOT NULL"
    check = ""
    if column.allowed and column.type is Type.TEXT:
        values = ", ".join(quoted(v) for v in column.allowed)
        check = f" CHECK ({column.name} IN ({values}))"
    return f'"{column.name}" {column.type.sql}{null}{check}'


def single_keys(tables: Iterable[Table]) -> set[str]:
    """The ``table.column`` that identify a row of their table alone."""
    return {f"{table.name}.{table.key[0]}" for table in tables if len(table.key) == 1}


def comment_sql(relation: Table | View) -> list[str]:
    """``COMMENT ON`` statements for a table or view and each of its columns."""
    kind = "TABLE" if isinstance(relation, Table) or relation.stored else "VIEW"
    statements = [f"COMMENT ON {kind} {relation.name} IS {quoted(relation.meaning)}"]
    for column in relation.columns:
        target = f'{relation.name}."{column.name}"'
        statements.append(f"COMMENT ON COLUMN {target} IS {quoted(column.comment())}")
    return statements


def quoted(text: str) -> str:
    """``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def dictionary_page(tables: tuple[Table, ...], views: tuple[View, ...]) -> str:
    """The data dictionary as Markdown, as committed in ``docs/data_dictionary.md``."""
    head = (
        "# Data dictionary\n\nRendered from `warehouse/tables.py` by `hiw dictionary`; do not edit by hand.\n"
    )
    sections = [_dictionary_section(t, f"Key: {', '.join(f'`{k}`' for k in t.key)}.") for t in tables]
    sections += [_dictionary_section(v, _view_note(v)) for v in views]
    return "\n".join([head, *sections])


def _view_note(view: View) -> str:
    kind = "A view, stored as a table" if view.stored else "A view"
    return f"{kind}; its query is `warehouse/marts/{view.name}.sql`."


def _dictionary_section(relation: Table | View, note: str) -> str:
    rows = [
        f"| `{c.name}` | {c.type.sql} | {'' if c.nullable else 'yes'} | {c.comment()} |"
        for c in relation.columns
    ]
    head = f"## {relation.name}\n\n{relation.meaning} {note}\n"
    return "\n".join([head, "| column | type | required | meaning |", "| --- | --- | --- | --- |", *rows, ""])
