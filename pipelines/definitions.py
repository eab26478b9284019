"""The only Definitions: the assets, their checks, one job, and what starts it."""

import dagster as dg

from pipelines import triggers
from pipelines.assets import marts, raw, reading, reports
from pipelines.assets.workplace import Workplace
from pipelines.log import configure_once
from pipelines.settings import Operations, Settings, from_environment, operations

JOB = "build_warehouse"
EXECUTORS = {"in_process": dg.in_process_executor, "multiprocess": dg.multiprocess_executor}


def define(settings: Settings, how: Operations) -> dg.Definitions:
    """The definitions for these folders, built in this way."""
    job = dg.define_asset_job(
        JOB,
        description="Read all sources and publish the warehouse.",
        tags={"dagster/retry_strategy": "ALL_STEPS"},  # a killed run leaves nothing to go on from
    )
    return dg.Definitions(
        assets=dg.load_assets_from_modules([raw, reading, marts, reports]),
        jobs=[job],
        schedules=[triggers.daily(JOB, settings, how)],
        sensors=[triggers.sources_changed(JOB, settings, how)],
        resources={
            "workplace": Workplace(
                sources=[str(folder) for folder in settings.sources],
                output=str(settings.output),
                strict=settings.strict,
                corrections=str(settings.corrections),
                keep=settings.keep,
                workers=settings.workers,
                engine=settings.engine,
                address=settings.address,
                shared=str(settings.shared or ""),
                site=settings.site,
                retries=how.retries,
                retry_seconds=how.retry_seconds,
            ),
        },
        executor=EXECUTORS[how.executor],
    )


configure_once()
defs = define(from_environment(), operations())
