"""Every published view: its columns and their meanings; the query is ``warehouse/marts/<name>.sql``.

They stand in the order they are made: a view may read the ones before it.
"""

from __future__ import annotations

from warehouse.contract import Column, Type, View
from warehouse.document_views import (
    COMMITMENTS_BY_RESPONSIBLE_UNIT,
    CONFLICTS,
    DOCUMENT_COVERAGE,
    MIRROR_DIFFERENCES,
    UNRESOLVED_INDICATORS,
    UNRESOLVED_JURISDICTIONS,
)
from warehouse.gho_view import GHO_INDICATOR_VALUES
from warehouse.target_views import TARGET_VIEWS
from warehouse.value_tables import NUMBER_MENTION
from warehouse.value_views import INDICATOR_VALUE_HISTORY, INDICATOR_VALUES

MENTION_DISPOSITIONS = View(
    "mention_dispositions",
    "How many numbers of each document are facts, and why the others are not.",
    (
        *NUMBER_MENTION.columns_of("document_id", "source_file", "disposition", "detail"),
        Column("mentions", Type.INTEGER, "Numbers.", "mentions"),
    ),
    stored=("document_id", "disposition", "detail"),
)

VIEWS = (
    INDICATOR_VALUES,
    INDICATOR_VALUE_HISTORY,
    MENTION_DISPOSITIONS,
    *TARGET_VIEWS,
    CONFLICTS,
    DOCUMENT_COVERAGE,
    MIRROR_DIFFERENCES,
    COMMITMENTS_BY_RESPONSIBLE_UNIT,
    GHO_INDICATOR_VALUES,
    UNRESOLVED_INDICATORS,
    UNRESOLVED_JURISDICTIONS,
)
