"""The text layer: clean text, what a document's header says, its sections and sentences."""

from pipelines import engine
from pipelines.assets.stages import stage_asset

text = stage_asset(engine.text, "text")
headers = stage_asset(engine.headers, "text")
segments = stage_asset(engine.segments, "text")
