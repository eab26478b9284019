import polars as pl

from pipelines.transforms.distinct import with_changed, with_distinct

FRAME = pl.DataFrame(
    {"at": [0, 1, 2, 3], "text": ["b", None, "a", "b"], "unit": ["%", "%", None, "人"], "other": [1, 2, 3, 4]}
)


def test_each_row_gets_what_hangs_on_its_columns_in_its_place() -> None:
    name = pl.concat_str(pl.col("text").fill_null("-"), pl.col("unit").fill_null("-"))
    found = with_distinct(FRAME, "text", "unit", name=name, bare=pl.col("unit").is_null())
    assert found.columns == [*FRAME.columns, "name", "bare"]
    assert found.drop("name", "bare").equals(FRAME)
    assert found["name"].to_list() == ["b%", "-%", "a-", "b人"]
    assert found["bare"].to_list() == [False, False, True, False]


def test_it_is_worked_out_once_for_equal_rows() -> None:
    seen: list[int] = []

    def count(texts: pl.Series) -> pl.Series:
        seen.append(len(texts))
        return texts

    with_distinct(FRAME, "text", again=pl.col("text").map_batches(count, return_dtype=pl.String()))
    assert seen == [3]


def test_only_the_rows_where_it_holds_change_and_keep_their_places() -> None:
    where = pl.col("text") == "b"
    found = with_changed(FRAME, where, "at", text=pl.col("text") + "!", other=pl.col("other") * 10)
    assert found["text"].to_list() == ["b!", None, "a", "b!"]
    assert found["other"].to_list() == [10, 2, 3, 40]
    assert with_changed(FRAME, pl.col("text") == "c", "at", other=pl.lit(0)).equals(FRAME)


def test_no_rows_give_no_rows() -> None:
    empty = FRAME.clear()
    assert with_distinct(empty, "text", long=pl.col("text").str.len_chars()).is_empty()
    assert with_changed(empty, pl.col("other") > 0, "at", other=pl.lit(0)).equals(empty)
