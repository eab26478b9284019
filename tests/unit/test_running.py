import polars as pl

from pipelines.transforms.running import (
    count_before,
    last_before,
    last_so_far,
    next_from_here,
    row_after,
    row_before,
    sum_before,
)


def test_counts_and_sums_begin_anew_with_each_key() -> None:
    frame = pl.DataFrame({"key": ["a", "a", None, "b", "b", "b"], "amount": [2, 3, 4, 5, 6, 7]})
    found = frame.select(nth=count_before("key"), before=sum_before(pl.col("amount"), "key"))
    assert found["nth"].to_list() == [0, 1, 0, 0, 1, 2]
    assert found["before"].to_list() == [0, 2, 0, 0, 5, 11]


def test_neighbours_and_fills_stay_within_their_key() -> None:
    frame = pl.DataFrame(
        {"key": [1, 1, 1, 2, 2, 3, 3], "said": ["a", None, "b", None, "c", None, None]},
    )
    said = pl.col("said")
    found = frame.select(
        before=row_before(said, "key"),
        after=row_after(said, "key"),
        so_far=last_so_far(said, "key"),
        last=last_before(said, "key"),
        coming=next_from_here(said, "key"),
    )
    assert found["before"].to_list() == [None, "a", None, None, None, None, None]
    assert found["after"].to_list() == [None, "b", None, "c", None, None, None]
    assert found["so_far"].to_list() == ["a", "a", "b", None, "c", None, None]
    assert found["last"].to_list() == [None, "a", "a", None, None, None, None]
    assert found["coming"].to_list() == ["a", "b", "b", "c", "c", None, None]


def test_no_rows_give_no_rows() -> None:
    empty = pl.DataFrame(schema={"key": pl.String, "amount": pl.Int64})
    assert empty.select(count_before("key")).is_empty()
    assert empty.select(sum_before(pl.col("amount"), "key")).is_empty()
