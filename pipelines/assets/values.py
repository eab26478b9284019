"""The values layer: every number, what it is, and the facts among them."""

from pipelines import engine
from pipelines.assets.stages import stage_asset

mentions = stage_asset(engine.mentions, "values")
dispositions = stage_asset(engine.dispositions, "values")
values = stage_asset(engine.values, "values")
resolved = stage_asset(engine.resolved, "values")
corrected = stage_asset(engine.corrected, "values")
responsibilities = stage_asset(engine.responsibilities, "values")
