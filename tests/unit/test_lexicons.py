"""The vocabulary: every rule with an example it matches and a counter-example it does not."""

import re
from pathlib import Path

import polars as pl
import pytest

from pipelines.lexicons import LEXICON_FOLDER, LexiconError, Rule, load_lexicons
from warehouse.document_tables import DOCUMENT_TYPES, SECTION_ROLES
from warehouse.value_tables import DISPOSITIONS

DECIDING = ("dispositions", "comparators", "changes", "cues", "section_roles", "document_types", "headings")
DECIDED = [(name, rule) for name in DECIDING for rule in load_lexicons()[name].rules]
HEADER = "rule_id,meaning,pattern,example,counter_example,note\n"


@pytest.mark.parametrize(("name", "rule"), DECIDED, ids=[f"{name}-{rule.rule_id}" for name, rule in DECIDED])
def test_where_the_first_rule_decides_none_is_hidden_behind_another(name: str, rule: Rule) -> None:
    lexicon = load_lexicons()[name]
    decided = pl.DataFrame({"text": [rule.example]}).select(lexicon.rule_id(pl.col("text"))).item()
    assert decided == rule.rule_id


def test_rule_ids_are_unique_within_a_lexicon() -> None:
    for name, lexicon in load_lexicons().by_name.items():
        ids = [rule.rule_id for rule in lexicon.rules]
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize(
    ("lexicon", "allowed"),
    [
        ("dispositions", DISPOSITIONS),
        ("section_roles", SECTION_ROLES),
        ("document_types", DOCUMENT_TYPES),
    ],
)
def test_meanings_are_those_the_contract_allows(lexicon: str, allowed: tuple[str, ...]) -> None:
    assert {rule.meaning for rule in load_lexicons()[lexicon].rules} <= set(allowed)


def test_the_first_rule_that_matches_decides() -> None:
    dispositions = load_lexicons()["dispositions"]
    text = pl.Series(["比⟦2015⟧年降低", "到⟦2015⟧年", "一般"]).to_frame("t")
    found = text.select(dispositions.rule_id(pl.col("t"))).to_series()
    assert found.to_list() == ["compared_year", "year", None]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,fact,[0-9,x1,x,", "line 2: pattern cannot be read"),
        ("a,fact,[0-9],x,y,", "line 2: example does not match"),
        ("a,fact,[0-9],x1,y2,", "line 2: counter_example matches"),
        ("a,,[0-9],x1,y,", "line 2: meaning is empty"),
        ("a,fact,[0-9],x1,,", "line 2: counter_example is empty"),
    ],
)
def test_a_faulty_row_is_named_with_file_line_and_column(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "rules.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=re.escape(f"rules.csv, {message}")):
        load_lexicons(tmp_path)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "rules.csv").write_text("rule_id,pattern\na,b\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"rules.csv: the columns must be rule_id, meaning"):
        load_lexicons(tmp_path)


def test_every_lexicon_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path("pipelines").rglob("*.py"))
    for path in LEXICON_FOLDER.glob("*.csv"):
        assert re.search(f"[\"']{path.stem}[\"']", code) or path.stem.startswith("repairs_"), path.name


def test_one_pass_for_all_rules_finds_what_the_rules_find() -> None:
    headings = load_lexicons()["headings"]
    lines = pl.DataFrame({"line": ["一、指导思想", "13.5万人", None, "(二)发展目标"]})
    found = headings.with_rule(lines, "line", "rule")
    assert found["rule"].to_list() == ["han_comma", None, None, "han_brackets"]
    assert found["rule"].to_list() == lines.select(headings.rule_id(pl.col("line"))).to_series().to_list()
