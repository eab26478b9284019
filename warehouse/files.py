"""The names of what is published, apart from the publishing so that a reader of them need not load it."""

DATABASE = "health_indicators.duckdb"
PARQUET = "parquet"
