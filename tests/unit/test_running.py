import polars as pl

from pipelines.transforms.running import count_before, sum_before


def test_counts_and_sums_begin_anew_with_each_key() -> None:
    frame = pl.DataFrame({"key": ["a", "a", None, "b", "b", "b"], "amount": [2, 3, 4, 5, 6, 7]})
    found = frame.select(nth=count_before("key"), before=sum_before(pl.col("amount"), "key"))
    assert found["nth"].to_list() == [0, 1, 0, 0, 1, 2]
    assert found["before"].to_list() == [0, 2, 0, 0, 5, 11]


def test_no_rows_give_no_rows() -> None:
    empty = pl.DataFrame(schema={"key": pl.String, "amount": pl.Int64})
    assert empty.select(count_before("key")).is_empty()
    assert empty.select(sum_before(pl.col("amount"), "key")).is_empty()
