"""Great Expectations' own pages are made of the published values, without a network."""

from pathlib import Path

from expectations.data_docs import write_data_docs
from tests import samples
from tests.samples import value
from warehouse import tables
from warehouse.publish import publish


def test_the_pages_tell_what_failed(tmp_path: Path) -> None:
    frames = samples.warehouse_tables()
    rejected = {**value("70", 170, indicator_value_id="odd", flags=["odd"]), "failed_rule": "flags_allowed"}
    frames["rejected_value"] = samples.frame(tables.REJECTED_VALUE, {**rejected, "detail": "x"})
    publish(frames, tmp_path)
    page = write_data_docs(tmp_path / "parquet", tmp_path / "docs")
    assert page == tmp_path / "docs/index.html"
    assert page.exists()
    [validation] = (tmp_path / "docs/validations").rglob("*.html")
    html = validation.read_text(encoding="utf-8")
    assert "The quote stands in its sentence." in html
    assert ">odd<" in html.replace("\n", "").replace(" ", "")
