"""What is published is what the contract says: names, types, comments, keys and the page about them."""

from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from tests import samples
from warehouse import contract, tables
from warehouse.contract import Column, Table, View
from warehouse.database import MARTS
from warehouse.publish import DATABASE, PublishError, publish
from warehouse.views import VIEWS

PAGE = Path(__file__).parents[2] / "docs" / "data_dictionary.md"
RELATIONS = (*tables.TABLES, *VIEWS)
names = pytest.mark.parametrize("relation", RELATIONS, ids=lambda r: r.name)
stored = pytest.mark.parametrize("table", tables.TABLES, ids=lambda t: t.name)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("published")
    publish(samples.warehouse_tables(), output)
    return output


def query(output: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(output / DATABASE), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_the_data_dictionary_is_the_rendered_page() -> None:
    rendered = contract.dictionary_page(tables.TABLES, VIEWS)
    assert PAGE.read_text(encoding="utf-8") == rendered, "run `hiw dictionary` and commit the page"


@names
def test_columns_and_types_in_duckdb(published: Path, relation: Table | View) -> None:
    described = query(published, f"SELECT column_name, column_type FROM (DESCRIBE {relation.name})")
    assert described == [(c.name, c.type.sql) for c in relation.columns]


@stored
def test_columns_and_types_in_parquet(published: Path, table: Table) -> None:
    file = published / "parquet" / f"{table.name}.parquet"
    assert pl.read_parquet_schema(file) == contract.polars_schema(table)
    fields = {f.name: (f.nullable, f.metadata[b"comment"].decode()) for f in pq.read_schema(file)}
    assert fields == {c.name: (c.nullable, c.comment()) for c in table.columns}
    assert pq.read_schema(file).metadata[b"comment"].decode() == table.meaning


@stored
def test_required_columns_in_duckdb(published: Path, table: Table) -> None:
    rows = query(published, f'SELECT column_name, "null" FROM (DESCRIBE {table.name})')
    assert {str(name) for name, null in rows if null == "YES"} == {
        c.name for c in table.columns if c.nullable
    }


@names
def test_every_relation_and_column_has_its_comment(published: Path, relation: Table | View) -> None:
    kind = "table" if isinstance(relation, Table) or relation.stored else "view"
    whole = f"SELECT comment FROM duckdb_{kind}s() WHERE {kind}_name = '{relation.name}'"
    columns = f"SELECT column_name, comment FROM duckdb_columns() WHERE table_name = '{relation.name}'"
    assert query(published, whole) == [(relation.meaning,)]
    assert dict(query(published, columns)) == {c.name: c.comment() for c in relation.columns}


@names
def test_meanings_are_sentences(relation: Table | View) -> None:
    texts = [relation.meaning, *(c.meaning for c in relation.columns)]
    assert [t for t in texts if len(t) < 6 or not t.endswith((".", "…", ")"))] == []


def test_the_published_relations_are_those_of_the_contract(published: Path) -> None:
    found = query(published, "SELECT table_name FROM information_schema.tables")
    assert {name for (name,) in found} == {r.name for r in RELATIONS}
    assert {p.stem for p in MARTS.glob("*.sql")} == {v.name for v in VIEWS}


def test_references_point_to_columns_that_exist() -> None:
    places = {f"{t.name}.{c.name}" for t in tables.TABLES for c in t.columns}
    references = {c.references for r in RELATIONS for c in r.columns if c.references}
    assert references - places == set()


READERS = {
    "indicator_values": "source_file char_start char_end indicator_name indicator_text value_type change "
    "comparator value value_high unit period jurisdiction_name indicator_value_id document_id quote sentence "
    "section_path rule_id",
    "number_mention": "source_file char_start char_end mention disposition",
}


@pytest.mark.parametrize("name", READERS)
def test_columns_that_readers_count_on_stay(name: str) -> None:
    [relation] = [r for r in RELATIONS if r.name == name]
    assert set(READERS[name].split()) - {c.name for c in relation.columns} == set()


def test_a_stored_view_is_ordered_by_columns_of_its_own() -> None:
    assert [
        v.name for v in VIEWS if {term.split()[0] for term in v.stored} - {c.name for c in v.columns}
    ] == []


def test_the_flat_view_has_every_fact_once(published: Path) -> None:
    facts = query(published, "SELECT indicator_value_id FROM fact_indicator_value ORDER BY 1")
    assert query(published, "SELECT indicator_value_id FROM indicator_values ORDER BY 1") == facts


KEYS = contract.single_keys(tables.TABLES)
POINTING = [
    (table, column) for table in tables.TABLES for column in table.columns if column.references in KEYS
]


@pytest.mark.parametrize(("table", "column"), POINTING, ids=lambda part: part.name)
def test_a_reference_to_nothing_is_not_published(tmp_path: Path, table: Table, column: Column) -> None:
    """The more so as no index of the file refuses it."""
    broken = samples.warehouse_tables()
    others = [c for c in table.columns if c.references in KEYS]
    there = {c.name: broken[c.references.split(".")[0]].row(0, named=True) for c in others}
    row = {c.name: there[c.name][c.references.split(".")[1]] for c in others}
    broken[table.name] = samples.frame(table, {**row, column.name: "nowhere"})
    with pytest.raises(PublishError, match=rf"{table.name} .*{column.name} is not in .*: nowhere"):
        publish(broken, tmp_path)


@stored
def test_a_key_that_stands_twice_is_not_published(tmp_path: Path, table: Table) -> None:
    broken = samples.warehouse_tables()
    broken[table.name] = pl.concat([samples.frame(table, {})] * 2)
    with pytest.raises(PublishError, match=rf"{table.name} .*more than one row has the key"):
        publish(broken, tmp_path)


def test_a_table_stands_after_those_it_refers_to() -> None:
    names = [t.name for t in tables.TABLES]
    for table in tables.TABLES:
        for column in table.columns:
            referred = column.references.split(".")[0] or table.name
            assert names.index(referred) <= names.index(table.name), (table.name, column.name)
