"""The reference files: what is refused, in which words, and what is loaded."""

import csv
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
import pytest

from pipelines import engine
from pipelines.reference import REFERENCE_FOLDER, Reference, ReferenceError, load_reference
from tests.conftest import Hiw

Row = dict[str, str]
KEYS = {
    "indicators.csv": "indicator_id",
    "units.csv": "surface_unit",
    "jurisdictions.csv": "jurisdiction_code",
    "national_targets.csv": "indicator_id",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real files."""
    for name in KEYS:
        shutil.copy(REFERENCE_FOLDER / name, tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def rewrite(path: Path, edit: Callable[[list[Row]], Iterable[Row]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(edit(rows))


def change(folder: Path, name: str, key: str, cells: Row) -> int:
    """Write ``cells`` into the first row of that key; the line it stands on."""
    found: list[int] = []

    def edit(rows: list[Row]) -> list[Row]:
        found.append([row[KEYS[name]] for row in rows].index(key))
        rows[found[0]].update(cells)
        return rows

    rewrite(folder / name, edit)
    return found[0] + 2


def append(folder: Path, name: str, key: str, cells: Row) -> int:
    """Write the first row of that key once more with other ``cells``, at the end; the line it stands on."""
    lines: list[int] = []

    def edit(rows: list[Row]) -> list[Row]:
        lines.append(len(rows) + 2)
        original = next(row for row in rows if row[KEYS[name]] == key)
        return [*rows, original | cells]

    rewrite(folder / name, edit)
    return lines[0]


def refused(folder: Path) -> list[str]:
    with pytest.raises(ReferenceError) as error:
        load_reference(folder)
    return list(error.value.lines)


INFANT = "infant_mortality_rate"
CHANGED = [
    ("indicators.csv", INFANT, {"name_en": ""}, "name_en", "is empty; every row needs one"),
    (
        "indicators.csv",
        INFANT,
        {"valid_max": "much"},
        "valid_max",
        "“much” is not a number; write it like 12.5",
    ),
    (
        "indicators.csv",
        INFANT,
        {"valid_max": "inf"},
        "valid_max",
        "“inf” is not a number; write it like 12.5",
    ),
    (
        "indicators.csv",
        INFANT,
        {"valid_min": "200"},
        "valid_min",
        "200.0 is above valid_max 150.0; swap the two",
    ),
    (
        "indicators.csv",
        INFANT,
        {"unit": "permille"},
        "unit",
        "“permille” is no canonical_unit of units.csv; take one of those or add a row there",
    ),
    (
        "indicators.csv",
        INFANT,
        {"direction": "up"},
        "direction",
        "“up” is none of higher_is_better, lower_is_better, neutral; take one",
    ),
    (
        "indicators.csv",
        INFANT,
        {"name_zh": " 婴儿死亡率"},
        "name_zh",
        "“ 婴儿死亡率” has blanks around it; take them off",
    ),
    ("units.csv", "万人", {"factor": "0"}, "factor", "0.0 is not above 0; a value is multiplied by it"),
    (
        "units.csv",
        "微克",
        {"factor": "2"},
        "canonical_unit",
        "no row of “ug” has factor 1; add the unit as it is written by itself",
    ),
    (
        "jurisdictions.csv",
        "320400",
        {"parent_code": "999999"},
        "parent_code",
        "999999 is no jurisdiction_code of this file; correct it or add that place",
    ),
    (
        "jurisdictions.csv",
        "320400",
        {"parent_code": ""},
        "parent_code",
        "is empty; every place but the country lies in another",
    ),
    (
        "jurisdictions.csv",
        "320400",
        {"level": "town"},
        "level",
        "“town” is none of country, province, prefecture, county, functional_zone; take one",
    ),
    (
        "jurisdictions.csv",
        "320400",
        {"status": "gone"},
        "status",
        "“gone” is none of current, retired, local_extension, statistical_zone, former_name, other_place; "
        "take one",
    ),
    (
        "jurisdictions.csv",
        "371200",
        {"status": "former_name"},
        "status",
        "371200 has no current row that 莱芜市 could be a former name of; write retired",
    ),
    (
        "jurisdictions.csv",
        "320400",
        {"valid_from": "1980"},
        "valid_from",
        "“1980” is no month; write it like 201012",
    ),
    (
        "jurisdictions.csv",
        "341400",
        {"valid_to": "199801"},
        "valid_to",
        "199801 is before valid_from; swap the two",
    ),
    (
        "jurisdictions.csv",
        "320400",
        {"aliases_zh": "常州|常州"},
        "aliases_zh",
        "“常州” stands twice among name_zh and aliases_zh; keep one",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"indicator_id": "happiness"},
        "indicator_id",
        "“happiness” is no indicator_id of indicators.csv; correct it or add the indicator",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"comparator": ""},
        "comparator",
        "is empty beside a value; say how the value binds",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"comparator": "below"},
        "comparator",
        "“below” is none of eq, ge, le, gt, lt, approx, between, increase, decrease; take one",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"change": "big"},
        "change",
        "“big” is none of relative, absolute; take one",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"comparator": "decrease"},
        "change",
        "is empty beside decrease; write relative or absolute",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"verification": "hearsay"},
        "verification",
        "“hearsay” is none of official_text, press_reprint, unverified; take one",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"checked_against": ""},
        "checked_against",
        "is empty though verification is press_reprint; name the page",
    ),
    (
        "national_targets.csv",
        INFANT,
        {"year": "2030年"},
        "year",
        "“2030年” is not a whole number; write digits only",
    ),
]


@pytest.mark.parametrize(("name", "key", "cells", "column", "says"), CHANGED)
def test_a_wrong_cell_is_named_with_its_place(
    folder: Path, name: str, key: str, cells: Row, column: str, says: str
) -> None:
    line = change(folder, name, key, cells)
    assert refused(folder) == [f"{name}, line {line}, column {column}: {says}"]


def test_an_alias_of_two_indicators_is_named_in_both_rows(folder: Path) -> None:
    line = change(folder, "indicators.csv", "under5_mortality_rate", {"aliases_zh": "婴儿死亡率"})
    says = (
        "“婴儿死亡率” is the name of several (infant_mortality_rate, under5_mortality_rate); keep it on one"
    )
    other = change(folder, "indicators.csv", INFANT, {})
    assert refused(folder) == [
        f"indicators.csv, line {other}, column aliases_zh: {says}",
        f"indicators.csv, line {line}, column aliases_zh: {says}",
    ]


@pytest.mark.parametrize(
    ("name", "key", "cells", "says"),
    [
        ("indicators.csv", INFANT, {"name_zh": "甲", "aliases_zh": ""}, "keep one of each indicator_id"),
        ("units.csv", "万人", {"factor": "1"}, "keep one of each surface_unit"),
        ("jurisdictions.csv", "320400", {"name_zh": "他市"}, "keep one of each jurisdiction_code"),
        (
            "national_targets.csv",
            INFANT,
            {"value": "1"},
            "keep one of each indicator_id and year and source_document",
        ),
    ],
)
def test_two_rows_of_one_key_are_refused(folder: Path, name: str, key: str, cells: Row, says: str) -> None:
    first, second = change(folder, name, key, {}), append(folder, name, key, cells)
    column = KEYS[name]
    assert refused(folder) == [
        f"{name}, line {line}, column {column}: “{key}” stands on several rows; {says}"
        for line in (first, second)
    ]


def test_a_code_may_have_a_former_name_beside_its_current_one(folder: Path) -> None:
    append(folder, "jurisdictions.csv", "320400", {"name_zh": "旧州市", "status": "former_name"})
    assert place(load_reference(folder), "320400")["former_names"] == ["旧州市"]


def edit_text(path: Path, edit: Callable[[str], str]) -> None:
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize(
    ("edit", "complaints"),
    [
        (lambda text: text.replace("factor,", "faktor,", 1), [", column factor: is missing; add it"]),
        (
            lambda text: text.replace("kind,", "factor,", 1),
            [", line 1, column factor: stands twice in the header; delete or rename one"],
        ),
        (
            lambda text: text.replace("notes\n", "\n", 1),
            [", line 1: a column has no name; name or delete it"],
        ),
        (
            lambda text: text.replace("\n", "\na,b\n", 1),
            [", line 2: the row has 2 cells, the header 7; quote a cell that holds a comma"],
        ),
        (
            lambda text: text.replace("\n", "\n,,,,,,\n\n", 1),
            [", line 2: the row is empty; delete it", ", line 3: the row is empty; delete it"],
        ),
        (
            lambda text: text.replace("\n", '\n"a"b,c\n', 1),
            [", line 2: is not CSV from here on (',' expected after '\"'); check the quotes"],
        ),
        (
            lambda _: "",
            [
                f", column {name}: is missing; add it"
                for name in (
                    "surface_unit",
                    "canonical_unit",
                    "dimension",
                    "factor",
                    "kind",
                    "notes",
                )
            ],
        ),
    ],
)
def test_a_misshapen_file_is_refused(folder: Path, edit: Callable[[str], str], complaints: list[str]) -> None:
    edit_text(folder / "units.csv", edit)
    assert refused(folder) == [f"units.csv{complaint}" for complaint in complaints]


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    text = (folder / "units.csv").read_text(encoding="utf-8").split("\n百分之", 1)
    (folder / "units.csv").write_bytes(text[0].encode() + "\n百分之".encode("gb18030"))
    line = text[0].count("\n") + 2
    assert refused(folder) == [f"units.csv, line {line}: is not UTF-8; save the file as UTF-8"]


def test_a_file_saved_with_a_byte_order_mark_is_read(folder: Path, reference: Reference) -> None:
    path = folder / "units.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_reference(folder).units.equals(reference.units)


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "units.csv").unlink()
    assert refused(folder) == ["units.csv: cannot be read (No such file or directory); put it back"]


def test_all_problems_are_told_at_once_but_no_more_than_twenty(folder: Path) -> None:
    def spoil(rows: list[Row]) -> list[Row]:
        return [row | {"name_en": ""} if number < 22 else row for number, row in enumerate(rows)]

    rewrite(folder / "indicators.csv", spoil)
    change(folder, "units.csv", "万人", {"factor": "-1"})
    lines = refused(folder)
    assert lines[0].endswith("-1.0 is not above 0; a value is multiplied by it")
    assert lines[1] == "indicators.csv, line 2, column name_en: is empty; every row needs one"
    assert lines[20:] == ["3 more problems in the reference data"]


def test_a_build_prints_a_line_for_each_problem_and_publishes_nothing(
    hiw: Hiw, sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factor = change(folder, "units.csv", "万人", {"factor": ""})
    year = change(folder, "national_targets.csv", INFANT, {"year": "?"})
    monkeypatch.setattr(engine, "load_seeds", lambda: load_reference(folder))
    result = hiw("build", "--sources", sources, "--output", folder / "out")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"hiw: units.csv, line {factor}, column factor: is empty; every row needs one",
        f"hiw: national_targets.csv, line {year}, column year: “?” is not a whole number; write digits only",
    ]
    assert not (folder / "out" / "parquet").exists()


def place(reference: Reference, code: str) -> dict[str, object]:
    return reference.jurisdictions.row(by_predicate=pl.col("jurisdiction_code") == code, named=True)


@pytest.mark.parametrize(
    ("code", "name", "level", "parent", "status", "former_names"),
    [
        ("110000", "北京市", "province", "CN", "current", []),
        ("110100", "北京市", "prefecture", "110000", "current", []),
        ("150300", "乌海市", "prefecture", "150000", "current", []),
        ("320400", "常州市", "prefecture", "320000", "current", []),
        ("340181", "巢湖市", "county", "340100", "current", []),
        ("341400", "巢湖市", "prefecture", "340000", "retired", []),
        ("370116", "莱芜区", "county", "370100", "current", []),
        ("371200", "莱芜市", "prefecture", "370000", "retired", []),
        ("420600", "襄阳市", "prefecture", "420000", "current", ["襄樊市"]),
        ("420607", "襄州区", "county", "420600", "current", ["襄阳区"]),
        ("420800", "荆门市", "prefecture", "420000", "current", []),
        ("429004", "仙桃市", "county", "420000", "current", []),
        ("430921", "南县", "county", "430900", "current", []),
        ("440100", "广州市", "prefecture", "440000", "current", []),
        ("469001", "五指山市", "county", "460000", "current", []),
        ("530800", "普洱市", "prefecture", "530000", "current", ["思茅市"]),
        ("533421", "香格里拉县", "county", "533400", "retired", ["中甸县"]),
        ("540600", "那曲市", "prefecture", "540000", "current", []),
        ("659001", "石河子市", "county", "650000", "current", []),
    ],
)
def test_places_are_what_the_standard_says(
    reference: Reference,
    code: str,
    name: str,
    level: str,
    parent: str,
    status: str,
    former_names: list[str],
) -> None:
    found = place(reference, code)
    assert [found[c] for c in ("name_zh", "level", "parent_code", "status", "former_names")] == [
        name,
        level,
        parent,
        status,
        former_names,
    ]


@pytest.mark.parametrize("code", ["419001", "440106", "469025", "410307"])
def test_another_place_that_had_the_code_is_no_former_name(reference: Reference, code: str) -> None:
    """419001 was 义马市 until 1994 and is 济源市 since 1997; 义马市 has a code of its own."""
    assert place(reference, code)["former_names"] == []


@pytest.mark.parametrize(
    ("indicator_id", "year", "document", "goal"),
    [
        (
            "life_expectancy_at_birth",
            2025,
            "“十四五”国民健康规划",
            ("absolute", "increase", 1, "years", 2020),
        ),
        ("premature_ncd_mortality", 2030, "“健康中国2030”规划纲要", ("relative", "decrease", 30, "%", 2015)),
        ("child_myopia_rate", 2025, "“十四五”国民健康规划", ("absolute", "decrease", 0.5, "pp", None)),
        ("maternal_mortality_ratio", 2030, "“健康中国2030”规划纲要", (None, "eq", 12, "per_100k", None)),
        ("infant_mortality_rate", 2025, "健康儿童行动提升计划(2021—2025年)", (None, "le", 5.2, "‰", None)),
    ],
)
def test_national_targets_have_the_unit_of_their_change(
    reference: Reference, indicator_id: str, year: int, document: str, goal: tuple[object, ...]
) -> None:
    row = reference.national_targets.row(
        by_predicate=(pl.col("indicator_id") == indicator_id)
        & (pl.col("year") == year)
        & (pl.col("source_document") == f"《{document}》"),
        named=True,
    )
    assert tuple(row[c] for c in ("change", "comparator", "value", "unit", "reference_year")) == goal
