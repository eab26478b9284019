"""The only Definitions: the assets, their checks, one job and its daily schedule."""

import dagster as dg

from pipelines.assets import marts, raw, reading, reports
from pipelines.assets.workplace import Workplace
from pipelines.log import configure_once
from pipelines.settings import Settings, from_environment

JOB = "build_warehouse"


def define(settings: Settings) -> dg.Definitions:
    """The definitions for these folders; steps run in one process, which other executors may replace."""
    job = dg.define_asset_job(JOB, description="Read all sources and publish the warehouse.")
    daily = dg.ScheduleDefinition(
        name="daily", job=job, cron_schedule="0 5 * * *", execution_timezone="Asia/Shanghai"
    )
    return dg.Definitions(
        assets=dg.load_assets_from_modules([raw, reading, marts, reports]),
        jobs=[job],
        schedules=[daily],
        resources={
            "workplace": Workplace(
                sources=[str(folder) for folder in settings.sources],
                output=str(settings.output),
                strict=settings.strict,
                corrections=str(settings.corrections),
            ),
        },
        executor=dg.in_process_executor,
    )


configure_once()
defs = define(from_environment())
