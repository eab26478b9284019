"""What the SDMX-CSV file is made of, as an SDMX-JSON 2.0 structure message.

It holds the dataflow, its data structure, the concepts, and the codes of each coded column. Places and
indicators are those the data use; the lists of the contract stand there whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from warehouse.sdmx import AGENCY, ATTRIBUTES, COMPONENTS, DATAFLOW, DIMENSIONS, MEASURE, Component
from warehouse.value_tables import VALUE_TYPES

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/schemas/"
    "2.0.0/sdmx-json-structure-schema.json"
)
VERSION = "1.0.0"
# The format wants a time of making; a fixed one, so that equal data give equal bytes.
PREPARED = "2000-01-01T00:00:00Z"
COMPARATORS = {
    "eq": "Equal to",
    "ge": "At least",
    "le": "At most",
    "gt": "More than",
    "lt": "Less than",
    "approx": "About",
    "between": "Between the value and the upper value",
}
STATUSES = {"A": "Normal value", "U": "Low reliability: the source text is damaged here"}

Json = dict[str, Any]


def structure(observations: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> Json:
    """The message for ``observations``; ``frames`` has dim_jurisdiction and dim_indicator, for names."""
    areas = _names(frames["dim_jurisdiction"], "jurisdiction_code", "name_zh")
    indicators = _names(frames["dim_indicator"], "indicator_id", "name_en")
    lists = [
        _codelist("CL_AREA", "Places", _used(areas, observations["REF_AREA"]), partial=True),
        _codelist("CL_INDICATOR", "Indicators", _used(indicators, observations["INDICATOR"]), partial=True),
        _codelist("CL_VALUE_TYPE", "Value types", {name: name.capitalize() for name in VALUE_TYPES}),
        _codelist("CL_COMPARATOR", "Comparators", COMPARATORS),
        _codelist("CL_OBS_STATUS", "Observation statuses", STATUSES),
    ]
    return {
        "meta": {"schema": SCHEMA, "id": "HIW_STRUCTURE", "prepared": PREPARED, "sender": {"id": AGENCY}},
        "data": {
            "dataflows": [_dataflow()],
            "dataStructures": [_data_structure()],
            "conceptSchemes": [_concepts()],
            "codelists": lists,
        },
    }


def _names(frame: pl.DataFrame, code: str, name: str) -> dict[str, str]:
    return dict(frame.select(code, name).sort(code).iter_rows())


def _used(names: Mapping[str, str], codes: pl.Series) -> dict[str, str]:
    return {code: names[code] for code in codes.unique().sort()}


def _artefact(name: str, label: str) -> Json:
    return {"id": name, "agencyID": AGENCY, "version": VERSION, "name": label}


def _urn(kind: str, name: str, item: str = "") -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{name}({VERSION}){item}"


def _dataflow() -> Json:
    name = DATAFLOW.removeprefix(f"{AGENCY}:").removesuffix(f"({VERSION})")
    structure = _urn("datastructure.DataStructure", "DSD_INDICATOR_VALUES")
    return {**_artefact(name, "Indicator values"), "structure": structure}


def _data_structure() -> Json:
    *dimensions, time = [_component(component) for component in DIMENSIONS]
    for position, dimension in enumerate(dimensions, 1):
        dimension["position"] = position
    attributes = [
        {
            **_component(component),
            "usage": "optional" if component.optional else "mandatory",
            "attributeRelationship": {"observation": {}},
            "measureRelationship": [MEASURE.id],
        }
        for component in ATTRIBUTES
    ]
    parts: Json = {
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": time},
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [{**_component(MEASURE), "usage": "mandatory"}],
        },
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
    }
    structure = _artefact("DSD_INDICATOR_VALUES", "Structure of indicator values")
    return {**structure, "dataStructureComponents": parts}


def _component(component: Component) -> Json:
    coded = {"enumeration": _urn("codelist.Codelist", component.codelist)} if component.codelist else {}
    plain = {} if component.codelist else {"format": {"dataType": component.type}}
    return {
        "id": component.id,
        "conceptIdentity": _urn("conceptscheme.Concept", "CS_INDICATOR_VALUES", f".{component.id}"),
        "localRepresentation": {**coded, **plain},
    }


def _concepts() -> Json:
    concepts = [{"id": component.id, "name": component.meaning} for component in COMPONENTS]
    return {**_artefact("CS_INDICATOR_VALUES", "Concepts of indicator values"), "concepts": concepts}


def _codelist(name: str, label: str, codes: Mapping[str, str], partial: bool = False) -> Json:
    items = [{"id": code, "name": meaning} for code, meaning in codes.items()]
    return {**_artefact(name, label), "isPartial": partial, **({"codes": items} if items else {})}
