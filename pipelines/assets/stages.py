"""One factory for the assets of the reading: a stage of the engine, described by the contract."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import dagster as dg

from pipelines import engine, store
from pipelines.engine import Frames, Stage
from warehouse.contract import Column, Table
from warehouse.tables import TABLES

CODE_VERSION = store.code_version()


def stage_asset(stage: Stage, group: str) -> dg.AssetsDefinition:
    """The asset that runs ``stage`` on the staged frames of the stages it needs."""

    @dg.asset(
        name=stage.__name__,
        description=stage.__doc__,
        group_name=group,
        ins=inputs(engine.needs(stage)),
        dagster_type=dagster_type(engine.yields(stage)),
        metadata=schemas(table for table in TABLES if table.name in fields(engine.yields(stage))),
        kinds={"polars"},
        code_version=CODE_VERSION,
    )
    def compute(**upstream: Any) -> Any:
        return engine.run(stage, upstream, engine.load_seeds())

    return compute


def inputs(stages: Mapping[str, type[Frames]]) -> dict[str, dg.AssetIn]:
    """What an asset takes from the stages named, each as the named tuple it yields."""
    return {name: dg.AssetIn(dagster_type=dagster_type(kind)) for name, kind in stages.items()}


@cache  # Dagster wants one type of a name
def dagster_type(kind: type[Frames]) -> dg.DagsterType:
    """The Dagster type of a stage's named tuple."""
    return dg.PythonObjectDagsterType(kind, description=kind.__doc__)


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
