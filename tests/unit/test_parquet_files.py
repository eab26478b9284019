"""A Parquet file is a matter of the rows alone: its order, its row groups and its bytes."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import contract, database, parquet_files
from warehouse.contract import Column, Table, Type

TABLE = Table(
    "beds",
    "Beds of a hospital's wards.",
    ("ward",),
    (Column("ward", Type.TEXT, "A ward."), Column("beds", Type.INTEGER, "Beds.", nullable=True)),
    clustered=("beds",),
)


def written(folder: Path, *parts: pl.DataFrame, table: Table = TABLE) -> Path:
    """The file of the rows of ``parts``."""
    folder.mkdir(exist_ok=True)
    path = folder / "beds.parquet"
    with database.connected(folder / "spill") as connection:
        parquet_files.write(pl.concat([part.lazy() for part in parts]), table, path, connection)
    return path


def wards(count: int) -> pl.DataFrame:
    """That many wards, numbered, with every third one's beds unknown."""
    number = pl.int_range(count, eager=True)
    beds = pl.when(number % 3 > 0).then(number % 7)
    return pl.select(ward="ward " + number.cast(pl.String).str.zfill(6), beds=beds)


def test_equal_rows_give_equal_bytes_whatever_batches_they_came_in(tmp_path: Path) -> None:
    rows = wards(150_000)
    whole = written(tmp_path / "whole", rows)
    parts = [rows[100_000:].reverse(), rows[:1], rows[1:100_000].sample(fraction=1, shuffle=True, seed=1)]
    assert written(tmp_path / "parts", *parts).read_bytes() == whole.read_bytes()
    assert pl.read_parquet(whole).equals(rows.sort("beds", "ward", nulls_last=True))


def test_row_groups_are_cut_by_rows_and_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def groups(path: Path) -> list[int]:
        metadata = pq.read_metadata(path)
        return [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]

    assert groups(written(tmp_path / "rows", wards(150_000))) == [122_880, 27_120]
    # 2,048 wards take 11 bytes of name, 4 of offset and 8 of beds each, and some bits.
    monkeypatch.setattr(parquet_files, "GROUP_BYTES", 60_000)
    assert groups(written(tmp_path / "bytes", wards(9_000))) == [4_096, 4_096, 808]


def test_no_rows_are_a_file_with_the_columns(tmp_path: Path) -> None:
    file = written(tmp_path, contract.empty(TABLE))
    assert pl.read_parquet(file).equals(contract.empty(TABLE))
    assert pq.read_schema(file).equals(contract.arrow_schema(TABLE), check_metadata=True)


def test_a_null_where_one_is_required_is_refused(tmp_path: Path) -> None:
    strict = replace(TABLE, columns=(TABLE.columns[0], replace(TABLE.columns[1], nullable=False)))
    with pytest.raises(ValueError, match="beds"):
        written(tmp_path, wards(1), table=strict)


def test_long_rows_are_sorted_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (TABLE.columns[0], Column("text", Type.TEXT, "A text."))
    texts = Table("texts", "Texts.", ("ward",), columns, long=True)
    rows = wards(5_000).select("ward", text=pl.col("ward") + " has beds")
    whole = written(tmp_path / "whole", rows.reverse(), table=texts)
    monkeypatch.setattr(parquet_files, "LONG", 10_000)
    parts = written(tmp_path / "parts", rows[2_000:], rows[:2_000], table=texts)
    assert parts.read_bytes() == whole.read_bytes()
    assert pl.read_parquet(parts).equals(rows)
    assert pl.read_parquet(written(tmp_path / "none", rows.clear(), table=texts)).equals(rows.clear())


def test_what_a_source_raises_comes_out_as_it_is(tmp_path: Path) -> None:
    pl.DataFrame({"ward": ["a"], "beds": [1]}).write_parquet(tmp_path / "gone.parquet")
    rows = pl.scan_parquet(tmp_path / "gone.parquet")
    rows.collect_schema()
    (tmp_path / "gone.parquet").unlink()
    with database.connected(tmp_path) as connection, pytest.raises(FileNotFoundError):
        parquet_files.write(rows, TABLE, tmp_path / "beds.parquet", connection)


def test_batches_of_any_size_give_the_same_row_groups() -> None:
    rows = wards(10_000).to_arrow()
    for size in (1, 700, 2048, 5000):
        groups = list(parquet_files._groups(rows.to_batches(max_chunksize=size)))
        assert pa.concat_tables(groups).equals(rows)
        assert [group.num_rows for group in groups] == [10_000]
