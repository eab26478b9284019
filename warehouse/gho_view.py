"""The view that has our values under the column names of WHO's Global Health Observatory.

The names are those of the rows that the GHO OData API gives for an indicator (``/api/<IndicatorCode>``).
"""

from __future__ import annotations

from warehouse.contract import Column, Type, View

TEXT, INTEGER, REAL, BOOLEAN, DATE, TEXT_LIST = Type


def _unused(*names: str) -> tuple[Column, ...]:
    return tuple(Column(n, TEXT, "Always null: the values are of no subgroup.", nullable=True) for n in names)


GHO_INDICATOR_VALUES = View(
    "gho_indicator_values",
    "Values reached, under the column names of WHO's Global Health Observatory OData API, in the unit of the "
    "GHO series. Only levels of one year, given as one number, of an indicator that is not narrowed by a "
    "qualifier and whose GHO series measures the same (dim_indicator.who_gho_factor).",
    (
        Column("Id", TEXT, "The value here.", references="fact_indicator_value.indicator_value_id"),
        Column("IndicatorCode", TEXT, "GHO code of the indicator."),
        Column(
            "SpatialDimType",
            TEXT,
            "COUNTRY as in the GHO; its types know no smaller places, so these have our level in capitals.",
        ),
        Column("SpatialDim", TEXT, "CHN for the country; of a smaller place the GB/T 2260 code."),
        Column(
            "ParentLocationCode", TEXT, "WPR for the country, else the code it belongs to.", nullable=True
        ),
        Column("ParentLocation", TEXT, "Name of that place or region.", nullable=True),
        Column("TimeDimType", TEXT, "YEAR: values of months and spans are left out."),
        Column("TimeDim", INTEGER, "The year.", "year"),
        *_unused("Dim1Type", "Dim1", "Dim2Type", "Dim2", "Dim3Type", "Dim3"),
        Column("DataSourceDimType", TEXT, "DATASOURCE."),
        Column("DataSourceDim", TEXT, "The document.", references="dim_document.document_id"),
        Column("Value", TEXT, "The number as text."),
        Column("NumericValue", REAL, "The number in the unit of the GHO series.", "see IndicatorCode"),
        Column("Low", REAL, "Always null: the documents give no interval.", nullable=True),
        Column("High", REAL, "Always null: the documents give no interval.", nullable=True),
        Column("Comments", TEXT, "The sentence as in the raw text; (approx) where it says about."),
        Column("Date", DATE, "Date of publication, or else of signature, of the document.", nullable=True),
        Column("TimeDimensionValue", TEXT, "The year."),
        Column("TimeDimensionBegin", DATE, "First day of the year."),
        Column("TimeDimensionEnd", DATE, "Last day of the year."),
    ),
    stored=("IndicatorCode", "SpatialDim", "TimeDim", "Id"),
)
