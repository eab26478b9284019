"""The vocabulary of indicator names as the few patterns that names are made with."""

from __future__ import annotations

import polars as pl

from pipelines.lexicons import Lexicon, Lexicons
from pipelines.transforms.quantities import COVERAGE

RATES = ["%", "‰", "/10万", "/万"]
# 均 says that each has the value; in 人均 and 平均 it is part of the indicator.
EACH_YEAR = "((?:19|20)[0-9]{2}年)均"
EACH = "([^人户次床日年月平])均(达|为|在|不|超|实现|保持|控制|要|应|须|已|有|是|低|高|$)"
PER_POPULATION = "^((?:平均)?每(?:[0-9]*[十百千万])名?(?:常住|户籍)?(?:人口|居民|人|名)?(?:拥有|配备)?)"
# Words that end in a sign of a connector; a mark after them keeps it. 增幅控制在5% is a level of 增幅.
KEEP = "\ue004"
WHOLE_WORDS = (
    ("([签预节制公条]约)", f"${{1}}{KEEP}"),
    ("([降增涨升减]幅)([^达为0-9])", f"${{1}}{KEEP}${{2}}"),
)
PER_HEAD = "(人均|户均|次均)"
# 70—75%的比例给予补偿: the share is one of what the words after it say.
SHARE_OF = (
    "^的?(比例|标准)(?:来|进行|给予|予以|发放|一次性)*(补偿|报销|补助|补贴|支付|救助|奖励|资助|扶助).*$"
)
BARE_SHARE = "^的?(比例)[^、,]*$"
# 以不低于业务收入4%的标准作为专项经费: the share is that of the words after it.
STANDARD_FOR = "^的?(?:标准|比例)(?:作为|用作|用于|安排|提取|设立)(.*)$"
AMONG = "中,?(?:已?有)?$"  # 171家门诊中有151家
LONGEST_TAIL_LIST = 3
INNER_YEAR = "(?:到)?(?:19|20)[0-9]{2}年(?:底|末)?(?:达到)?"
IN_USE = "^(?:实有|开放|编制|实际开放|现有)"
ASIDE = r"\((?:含|包括|包含)(?:[^()]|\([^()]*\))*\)$"
COUNT_WORD = "^(?:总数|总量|数量|数)$"  # of a total of 机构总数 the part 医院 is 医院


class Words:
    """``lexicons`` as patterns: what to strip, and what metrics, owners and verbs look like."""

    def __init__(self, lexicons: Lexicons) -> None:
        self.connector = f"(?:{_inner(lexicons['connectors'])})+$"
        self.lead = f"^(?:{_inner(lexicons['leads'])})+"
        self.remainder = lexicons["word_remainders"].pattern()
        self.generic = lexicons["generic_tails"].pattern()
        self.metric = lexicons["metrics"].pattern()
        self.metric_inside = _inner(lexicons["metrics"])
        self.entity = lexicons["entities"].pattern()
        self.person = lexicons["entities"].pattern("person")
        self.joint = lexicons["joint_subjects"].pattern()
        self.verb = lexicons["delivery_verbs"].pattern()
        topic = lexicons["topic_words"]
        self.project = topic.pattern("project")
        self.scope = topic.pattern("scope")
        self.action = topic.pattern("action")
        self.predicate = topic.pattern("predicate")
        self.within = topic.pattern("within")
        self.follow_up = topic.pattern("follow_up")
        self.belonging = topic.pattern("belonging")
        self.site = topic.pattern("site")
        self.kind = topic.pattern("kind")
        self.relational = topic.pattern("relational")
        self.act = topic.pattern("act")
        self.done = topic.pattern("done")
        self.money = topic.pattern("money")
        self.pace = topic.pattern("pace")
        self.shared_predicate = topic.pattern("shared_predicate")
        self.structure = topic.pattern("structure")
        self.belonging_end = topic.pattern("belonging_end")
        self.kind_before = topic.pattern("kind_before")
        self.dealt_with = topic.pattern("dealt_with")
        self.scheme = lexicons["entities"].pattern("insurance")
        self.at_site = topic.pattern("at_site")
        self.degree = topic.pattern("degree")
        self.classes = tuple(lexicons["entities"].pattern(kind) for kind in ("person", "body"))

    def bare(self, text: pl.Expr) -> pl.Expr:
        """``text`` without the words of ``connectors`` at its end and of ``leads`` at its start."""
        text = text.str.replace_all(EACH, "${1}${2}").str.replace_all(EACH_YEAR, "${1}")
        for pattern, kept in WHOLE_WORDS:
            text = text.str.replace_all(pattern, kept)
        text = text.str.replace(self.connector, "").str.replace(ASIDE, "")
        text = text.str.replace(f"^(.*){PER_HEAD}$", "${2}${1}").str.replace(self.connector, "")
        led = text.str.replace(self.lead, "")
        text = pl.when(led.str.contains(self.remainder)).then(text).otherwise(led)
        text = text.str.replace_all(KEEP, "", literal=True)
        return text.str.strip_chars_start("”’、· ").str.strip_chars_end("“‘、· ")

    def noun_after(self, tail: pl.Expr) -> pl.Expr:
        """The noun in ``tail``; empty where the words there only go on about the one before the number."""
        shared = tail.str.replace(STANDARD_FOR, "${1}").str.replace(SHARE_OF, "${2}${1}")
        shared = shared.str.replace(BARE_SHARE, "${1}")
        noun = shared.str.replace("^比例$", "").str.replace(AMONG, "").str.strip_chars_start("的”’)/ ")
        listed = (noun.str.count_matches("、") >= LONGEST_TAIL_LIST) & ~tail.str.contains(STANDARD_FOR)
        kept = pl.when(listed).then(noun.str.extract("^([^、]*)")).otherwise(noun)
        said = shared.str.contains(
            "^(?:补偿|报销|补助|补贴|支付|救助|奖励|资助|扶助)?(?:比例|标准)$"
        ) | tail.str.contains(STANDARD_FOR)
        unneeded = noun.str.contains(self.generic) & ~said
        return pl.when(unneeded).then(pl.lit("")).otherwise(kept)

    def is_metric(self, text: pl.Expr) -> pl.Expr:
        """Whether ``text`` ends in what is measured (率, 数, 比例 …)."""
        return text.str.contains(self.metric)

    def owner(self, text: pl.Expr, then: str = "") -> pl.Expr:
        """The start of ``text`` up to the last noun that can have a metric; ``then`` is what must follow."""
        return text.str.extract(f"^(.*(?:{self.entity})){then}")

    def object_of(self, clause: pl.Expr) -> pl.Expr:
        """What ``clause`` is about: its words after the last verb, without what is said of them."""
        done = pl.when(clause.str.contains(f"完成.*(?:{self.entity})")).then(
            clause.str.extract("完成(.{4,})$")
        )
        about = clause.str.replace(f"^.*{self.action}", "").str.replace(f"{self.predicate}.*$", "")
        return pl.coalesce(done, about)

    def without_overlap(self, owner: pl.Expr, subject: pl.Expr) -> pl.Expr:
        """``owner`` without the word it shares with ``subject``: 报告传染病 of 报告发病率 is 传染病.

        Null where nothing is left that could own a metric.
        """
        word = subject.str.head(2)
        around = owner.str.splitn(word, 2).struct
        rest = pl.concat_str(around.field("field_0"), around.field("field_1"))
        shares = around.field("field_1").is_not_null()
        return pl.when(~shares).then(owner).when(rest.str.contains(self.entity)).then(rest)

    def rest_for(self, total: pl.Expr, part: pl.Expr) -> pl.Expr:
        """What ``part`` leaves out of ``total``: after the noun of its own kind, else all of it."""
        of_kind = [
            pl.when(part.str.contains(f"(?:{kind})$") & total.str.contains(f"^.{{0,8}}?(?:{kind})")).then(
                total.str.replace(f"^.{{0,8}}?(?:{kind})", "")
            )
            for kind in self.classes
        ]
        length = part.str.len_chars()
        same_sign = total.str.slice(length - 1, 1) == part.str.tail(1)
        rest = pl.coalesce(*of_kind, pl.when(same_sign).then(total.str.slice(length)), total)
        return rest.str.replace(COUNT_WORD, "").str.replace(IN_USE, "")

    def suffix(self, full: pl.Expr, part: pl.Expr) -> pl.Expr:
        """What ``full`` says after the words that answer to ``part``: 三级|医疗机构…比例 for 一级."""
        last_sign = part.str.replace("[^一-鿿0-9A-Za-z]+$", "").str.tail(1)
        by_sign = pl.when(last_sign != "").then(full.str.splitn(last_sign, 2).struct.field("field_1"))
        first_noun = f"^.{{0,8}}?(?:{self.joint}|{self.entity})"
        by_noun = pl.when(full.str.contains(first_noun)).then(full.str.replace(first_noun, ""))
        return pl.coalesce(by_sign, by_noun)


def _inner(lexicon: Lexicon) -> str:
    """The alternatives of a lexicon without the anchors that each pattern has."""
    return "|".join(rule.pattern.removesuffix("$").removeprefix("^") for rule in lexicon.rules)


def joined() -> pl.Expr:
    """The name so far: subject, noun and, for full coverage in words, what is full."""
    covered = pl.when(pl.col("mention") == COVERAGE).then(pl.lit("覆盖率")).otherwise(pl.lit(""))
    return pl.concat_str("subject", "tail", covered)


def tidy(name: pl.Expr) -> pl.Expr:
    """``name`` without a year inside it, a 的 before it or half a pair of quotes."""
    bare = name.str.replace_all(INNER_YEAR, "").str.strip_chars_start("的,")
    half = bare.str.contains("“", literal=True) != bare.str.contains("”", literal=True)
    return pl.when(half).then(bare.str.replace_all("[“”]", "")).otherwise(bare)
