"""The places whose values a sentence gives: 乐业、凌云两县…分别为A和B, 沙洋县…, 土塘镇….

A name counts when the place is one below the document's own and what follows is not an institution of it.
It is taken off the words that name the indicator.
"""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicons
from pipelines.reference import Reference
from pipelines.transforms.clauses import RUN_KEY, SENTENCE_KEY
from pipelines.transforms.gazetteer import candidates, inside, settled, year_of_writing
from pipelines.transforms.running import last_so_far

TIME_BEFORE = r"^((?:其中[:]?)?(?:(?:截至|到|至)?(?:19|20)\d\d年(?:底|末)?,?)?(?:仅|只有)?)"
# 在沙洋县…, 河西地区的酒泉市…, 分县域看,遂昌县…: words that lead to a place's name.
LED_BY = "^(?:分[一-鿿]{1,4}看,|在|以|[一-鿿]{0,6}(?:地区|片区|山区|流域|一带)的)"
SEPARATOR = "[、和及与]"
# The first sign that can end a name ends it, but for 兰州市.
NAME = "[一-鿿]{1,9}?(?:自治[县州旗]|州[市区]|[市县区州盟旗])"
NAMED = rf"^({NAME}(?:{SEPARATOR}{NAME})*)"
COUNTED = r"[二两三四五六七八九十]个?(?:[市县区州盟旗乡镇]|街道)(?:\([市县区、]*\))?"
CLOSED = rf"^((?:[一-鿿]{{2,8}}?{SEPARATOR})+[一-鿿]{{2,8}}?){COUNTED}"
TOWNSHIP = "[一-鿿]{2,3}(?:镇|乡|街道)"
TOWNSHIPS = f"^({TOWNSHIP}(?:{SEPARATOR}{TOWNSHIP})*)"
ENDING = "(?:[一-鿿]{1,3}族)*自治[县州旗]$|[市县区州盟旗]$"
EACH = "均|各|都|分别"
RATES = ["%", "‰", "/10万", "/万"]
LEVELS = [*RATES, "个百分点", "岁", "元", "天", "日"]
UP_TO_PART = "(?s)^.*[;。]"
SHORTEST_NAME = 2  # signs
SHARE_OF_WHOLE = "[占比于居较为]全[国省市县区州]"
ELSEWHERE = "[全我本各][国省市县区州盟旗地]|其[他余它]|平均"
GOES_ON = "^(?:约?占|比|较|同比|环比|增[长加速幅]|[降减升]幅|下降|上升|提高|降低|减少)"
PLACES = ("place_names", "place_codes")
HEAD_COLUMNS = (
    "row",
    "document_id",
    "head",
    "unit",
    "run_length",
    "run_position",
    "cell",
    "own_code",
    "own_name",
    "year",
)
OF_MEAN = "^全([国省市区])平均(?:水平)?(?:值)?"
ALL_OF = "^全([国省市区州])"
ALL_THERE_ARE = "^全国(?:平均|总|共|[^,;。]{0,10}(?:总数|总量|人次|$))"


def with_places(
    facts: pl.DataFrame, dim_document: pl.DataFrame, lexicons: Lexicons, reference: Reference
) -> pl.DataFrame:
    """Add place_names and place_codes (lists; null where the sentence names none) and take them off head.

    ``facts`` with clauses (head, RUN_KEY, unit, run_length, row); the names of a run stand in its first head.
    """
    own = dim_document.select(
        "document_id", own_code="jurisdiction_code", own_name="jurisdiction_name", year=year_of_writing()
    )
    first = facts.filter(pl.col("run_position") == 0).join(own, on="document_id", how="left")
    heads = _split(first.select(*HEAD_COLUMNS))
    found = pl.concat(
        [
            _listed(heads, lexicons, reference),
            _townships(heads, lexicons),
            _wholes(heads, lexicons, reference),
        ]
    )
    found = found.unique("row", keep="first", maintain_order=True)
    opened = _opened(first.join(found, on="row", how="anti"), lexicons, reference)
    named = (
        facts.join(found, on="row", how="left", maintain_order="left")
        .join(opened, on="row", how="left", maintain_order="left")
        .with_columns(_going_on())
    )
    spread = [pl.col(name).first().over(RUN_KEY) for name in PLACES]
    opener = pl.col("opened_place_names").list.first()
    return named.with_columns(
        pl.coalesce("_head", "head").alias("head"),
        pl.coalesce(pl.col("topic").str.strip_prefix(opener), "topic").alias("topic"),
        *spread,
    ).drop("_head", *(f"opened_{name}" for name in PLACES))


def _split(heads: pl.DataFrame) -> pl.DataFrame:
    """Add ``_time``, what stands before a place's name, and ``_rest``, from the name on."""
    parts = pl.col("head").str.extract_groups(TIME_BEFORE).struct[0].fill_null("")
    rest = pl.col("head").str.slice(pl.col("_time").str.len_chars()).str.replace(LED_BY, "")
    return heads.with_columns(_time=parts).with_columns(_rest=rest)


def _opened(facts: pl.DataFrame, lexicons: Lexicons, reference: Reference) -> pl.DataFrame:
    """The one place that the part of the sentence opens with: 遂昌县老龄化程度最高,占比达25.1%.

    It holds up to the semicolon, unless other words of place come in between (全市, 其余).
    """
    part = pl.col("before").str.replace(UP_TO_PART, "").str.replace(r"^[\s、]+", "")
    heads = _split(facts.with_columns(head=part).select(*HEAD_COLUMNS))
    opening = heads.filter(
        pl.col("_rest").str.contains(f"{NAMED}|{TOWNSHIPS}")
        & ~pl.col("_time").str.contains("其中")
        & ~pl.col("_rest").str.replace_all(SHARE_OF_WHOLE, "").str.contains(ELSEWHERE)
    )
    found = pl.concat([_listed(opening, lexicons, reference), _townships(opening, lexicons)])
    return (
        found.filter(pl.col("place_names").list.len() == 1)
        .unique("row", keep="first", maintain_order=True)
        .select("row", *(pl.col(name).alias(f"opened_{name}") for name in PLACES))
    )


def _going_on() -> list[pl.Expr]:
    """The place of a clause that only goes on about the number before it: 沙洋县床位20张,增长5%."""
    goes_on = pl.col("head").str.contains(GOES_ON) & pl.col("place_names").is_null()
    none = pl.concat_list(pl.lit(None, pl.String))
    return [_held(name, goes_on, none).alias(name) for name in PLACES]


def _held(name: str, goes_on: pl.Expr, none: pl.Expr) -> pl.Expr:
    """The fact's own places, else those its sentence opens with, else the one place said before."""
    said = pl.when(~goes_on).then(pl.coalesce(name, f"opened_{name}", none))
    held = last_so_far(said, SENTENCE_KEY)
    return pl.coalesce(name, f"opened_{name}", pl.when(held.list.len() == 1).then(held))


def _listed(heads: pl.DataFrame, lexicons: Lexicons, reference: Reference) -> pl.DataFrame:
    """One place or a list of places, each known and below the document's own."""
    closed, full = pl.col("_rest").str.extract(CLOSED), pl.col("_rest").str.extract(NAMED)
    whole = pl.col("_rest").str.extract(f"({CLOSED})")
    lists = (
        heads.with_columns(_closed=closed.is_not_null(), _names=pl.coalesce(closed, full))
        .with_columns(_length=pl.coalesce(whole, "_names").str.len_chars())
        .filter(pl.col("_names").is_not_null() & pl.col("own_code").is_not_null())
    )
    items = lists.with_columns(
        name=pl.col("_names").str.replace_all(SEPARATOR, "、").str.split("、"),
    ).explode("name")
    matched = _matched(items, reference)
    order = items.select("row", "name").join(matched, on=["row", "name"], how="left", maintain_order="left")
    resolved = order.group_by("row", maintain_order=True).agg(
        place_names="jurisdiction_name", place_codes="jurisdiction_code"
    )
    return _settled(lists.join(resolved, on="row"), lexicons).filter(
        pl.col("place_names").list.eval(pl.element().is_not_null()).list.all()
    )


def _matched(items: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """The places below the document's own that bear the names: row, name, jurisdiction_name, and its code.

    In a closed list (乐业、凌云两县) the names may be short. The code is null where several places below bear
    the name.
    """
    full = items.select("row", "name", "own_code", "year", jurisdiction_name="name")
    endings = reference.place_names.filter("current").select(
        "jurisdiction_name", name=pl.col("jurisdiction_name").str.replace(ENDING, "")
    )
    endings = endings.filter(pl.col("name").str.len_chars() >= SHORTEST_NAME)
    short = (
        items.filter("_closed").select("row", "name", "own_code", "year").join(endings.unique(), on="name")
    )
    asked = pl.concat([full, short.select(full.columns)]).unique(maintain_order=True)
    found = candidates(asked, reference).filter(inside("jurisdiction_code", "own_code"))
    return settled(found, "row", "name", "jurisdiction_name").unique(
        ["row", "name"], keep="first", maintain_order=True
    )


def _settled(lists: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """The head without the names; only where the values are those of the places, one each."""
    after = pl.col("_rest").str.slice(pl.col("_length")).str.replace("^的", "")
    count = pl.col("place_names").list.len()
    each = pl.col("unit").is_in(RATES) | pl.col("head").str.contains(EACH)
    one_each = (count == 1) | (count == pl.col("run_length")) | ((pl.col("run_length") == 1) & each)
    of_place = ~after.str.contains(lexicons["place_words"].pattern("institution"))
    return (
        lists.with_columns(_head=pl.concat_str("_time", after))
        .filter(one_each.fill_null(value=False) & of_place)
        .select("row", "place_names", "place_codes", "_head")
    )


def _townships(heads: pl.DataFrame, lexicons: Lexicons) -> pl.DataFrame:
    """Townships of the document's county: known by their endings only, so they have no codes."""
    name = pl.col("_rest").str.extract(TOWNSHIPS)
    names = name.str.extract_all(TOWNSHIP).list.eval(pl.element().str.strip_chars_start("、和及与"))
    no_place = lexicons["place_words"].pattern("no_place")
    lists = heads.filter(
        name.is_not_null() & ~name.str.contains(no_place) & ~pl.col("own_code").str.ends_with("00")
    ).with_columns(
        place_names=names,
        place_codes=names.list.eval(pl.element().replace_strict({}, default=None, return_dtype=pl.String)),
        _length=name.str.len_chars(),
    )
    return _settled(lists, lexicons)


def _wholes(heads: pl.DataFrame, lexicons: Lexicons, reference: Reference) -> pl.DataFrame:
    """全省三级医院, 全省平均: the value of the place above the document's own that is of this kind."""
    rest = pl.col("_rest")
    heads = heads.filter(rest.str.contains(ALL_OF))
    grade = rest.str.contains(lexicons["place_words"].pattern("grade")) & ~rest.str.contains(OF_MEAN)
    # 全国 before what is counted is a grade of it (全国名中医), unless it is all there are.
    grade |= rest.str.contains("^全国") & ~pl.col("unit").is_in(LEVELS) & ~rest.str.contains(ALL_THERE_ARE)
    above = {"国": pl.lit("CN"), "省": _code_above(2), "区": _code_above(2), "市": _code_above(4)}
    above["州"] = above["市"]
    kind = rest.str.extract(ALL_OF)
    code = pl.coalesce(*(pl.when(kind == sign).then(of) for sign, of in above.items()))
    own = pl.col("own_name").str.ends_with(kind) | (code == pl.col("own_code"))
    names = reference.current_jurisdictions.select("name_zh", jurisdiction_code="jurisdiction_code")
    found = (
        heads.with_columns(jurisdiction_code=code)
        .filter(~grade & ~own.fill_null(value=False))
        .join(names, on="jurisdiction_code")
        .filter(pl.col("name_zh").str.ends_with(kind))
    )
    return found.select(
        "row",
        place_names=pl.concat_list("name_zh"),
        place_codes=pl.concat_list("jurisdiction_code"),
        _head=pl.concat_str("_time", rest.str.replace(f"{OF_MEAN}|{ALL_OF}", "")),
    )


def _code_above(digits: int) -> pl.Expr:
    return pl.col("own_code").str.head(digits).str.pad_end(6, "0")


def with_one_place(facts: pl.DataFrame) -> pl.DataFrame:
    """One row per fact and place: place_name and place_code, null where the sentence names none.

    The k-th number of a run is that of the k-th place; one number for several places is that of each.
    """
    lists = ["place_names", "place_codes"]
    paired = (pl.col("place_names").list.len() == pl.col("run_length")) & (pl.col("run_length") > 1)
    own = [
        pl.when(paired)
        .then(pl.concat_list(pl.col(name).list.get(pl.col("run_position"), null_on_oob=True)))
        .otherwise(name)
        .alias(name)
        for name in lists
    ]
    several = (pl.col("place_names").list.len() > 1).fill_null(value=False)
    return (
        facts.with_columns(own)
        .with_columns(coordinated=pl.col("coordinated") | several)
        .explode(lists)
        .rename({"place_names": "place_name", "place_codes": "place_code"})
    )
