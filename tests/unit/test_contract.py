"""Every rendering of a table shows each of its columns, and a change to the table changes each of them."""

from dataclasses import replace

import polars as pl
import pytest

from warehouse import contract, datapackage
from warehouse.contract import Column, Table, Type, View

TABLE = Table(
    "beds",
    "Beds of a hospital's wards.",
    ("ward",),
    (
        Column("ward", Type.TEXT, "Name of the ward.", allowed=("east", "it's west")),
        Column("beds", Type.INTEGER, "Beds in use.", unit="beds", nullable=True),
        Column("tags", Type.TEXT_LIST, "Remarks.", allowed=("new",)),
    ),
)
CHANGES = {
    "type": replace(TABLE.columns[1], type=Type.REAL),
    "name": replace(TABLE.columns[1], name="places"),
    "required": replace(TABLE.columns[1], nullable=False),
}


def renderings(table: Table) -> list[str]:
    described = datapackage.schema(table, datapackage.CSV)
    return [contract.create_table_sql(table), contract.dictionary_page((table,), ()), str(described)]


@pytest.mark.parametrize("column", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_shows_in_every_rendering(column: Column) -> None:
    changed = replace(TABLE, columns=(TABLE.columns[0], column, TABLE.columns[2]))
    for before, after in zip(renderings(TABLE), renderings(changed), strict=True):
        assert before != after
    assert contract.arrow_schema(TABLE) != contract.arrow_schema(changed)


def test_create_table_has_types_null_rules_and_values() -> None:
    assert contract.create_table_sql(TABLE) == (
        "CREATE TABLE beds (\n"
        "  \"ward\" VARCHAR NOT NULL CHECK (ward IN ('east', 'it''s west')),\n"
        '  "beds" BIGINT,\n'
        '  "tags" VARCHAR[] NOT NULL\n)'
    )


def test_comments_say_unit_values_and_reference() -> None:
    column = Column("x", Type.REAL, "A share.", unit="%", allowed=("a", "b"), references="t.c")
    assert column.comment() == "A share. Unit: %. One of: a, b. References t.c."
    view = View("v", "It's a view.", (column,))
    assert contract.comment_sql(view) == [
        "COMMENT ON VIEW v IS 'It''s a view.'",
        "COMMENT ON COLUMN v.\"x\" IS 'A share. Unit: %. One of: a, b. References t.c.'",
    ]


def test_conform_orders_casts_and_drops() -> None:
    frame = pl.DataFrame(
        {"tags": [["new"], []], "extra": [1, 2], "beds": ["3", None], "ward": ["it's west", "east"]}
    )
    conformed = contract.conform(frame, TABLE)
    assert conformed.schema == contract.polars_schema(TABLE)
    assert conformed.rows() == [("east", None, []), ("it's west", 3, ["new"])]


def test_conform_refuses_what_does_not_fit() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        contract.conform(pl.DataFrame({"ward": ["east"], "beds": [1]}), TABLE)
    with pytest.raises(pl.exceptions.InvalidOperationError):
        contract.conform(pl.DataFrame({"ward": ["east"], "beds": ["many"], "tags": [[]]}), TABLE)


def test_rows_stand_by_what_readers_ask_for_and_then_by_key() -> None:
    assert TABLE.order == ("ward",)
    assert replace(TABLE, clustered=("beds", "ward")).order == ("beds", "ward")
    assert replace(TABLE, clustered=("beds",)).order == ("beds", "ward")


def test_a_stored_view_is_commented_as_the_table_it_is() -> None:
    view = View("v", "A view.", (Column("x", Type.TEXT, "A name."),), stored=("x",))
    assert contract.comment_sql(view)[0] == "COMMENT ON TABLE v IS 'A view.'"
    assert "A view, stored as a table; its query" in contract.dictionary_page((), (view,))
