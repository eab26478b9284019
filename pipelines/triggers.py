"""What starts a build without anyone: a schedule, and a sensor on the source folders.

Both run as soon as the daemon does: whoever starts it wants a warehouse that is kept up to date. Each can be
switched off in the web interface, which is remembered.
"""

import time

import dagster as dg

from pipelines import sources, store, watch
from pipelines.settings import CannotBuild, Operations, Settings
from warehouse import builds

_ACTIVE = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING]
_AT_WORK = [*_ACTIVE, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_UP_TO_DATE = (
    "What is published is of exactly these sources, corrections, seeds and code, or was put back by hand."
)


def daily(job: str, settings: Settings, how: Operations) -> dg.ScheduleDefinition:
    """The schedule: builds if anything a build depends on has changed since the last one.

    One that fell due while the daemon was down is made good when it starts.
    """

    @dg.schedule(
        name="daily",
        job_name=job,
        cron_schedule=how.schedule,
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Builds if anything has changed since the last build.",
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if _runs(context.instance, _ACTIVE):
            return dg.SkipReason("A run waits to start already; it reads what is there then.")
        if up_to_date(settings):
            context.instance.report_runless_asset_event(checked())
            return dg.SkipReason(_UP_TO_DATE)
        return dg.RunRequest()

    return schedule


def sources_changed(job: str, settings: Settings, how: Operations) -> dg.SensorDefinition:
    """The sensor: builds when a file is new, changed or gone and all of them have come to rest."""

    @dg.sensor(
        name="sources_changed",
        job_name=job,
        minimum_interval_seconds=how.look_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Builds when a source file is new, changed or gone, once all are written.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        memory = watch.remember(context.cursor)
        now = watch.look(settings.sources, settings.corrections)
        seen = memory._replace(seen=now.digest)
        if reason := watch.waits(now, memory, time.time(), how.settle_seconds):
            return dg.SensorResult(skip_reason=reason, cursor=seen.dumps())
        if _runs(context.instance, _AT_WORK):
            return dg.SensorResult(
                skip_reason="A run is under way; looking again after it.", cursor=seen.dumps()
            )
        settled = seen._replace(settled=now.digest)
        if up_to_date(settings):
            return dg.SensorResult(skip_reason=_UP_TO_DATE, cursor=settled.dumps())
        # The number is in the key since a state may come back, such as after a file was added and removed.
        started = settled._replace(started=memory.started + 1)
        request = dg.RunRequest(run_key=f"{started.started}-{now.digest}")
        return dg.SensorResult([request], cursor=started.dumps())

    return sensor


def up_to_date(settings: Settings) -> bool:
    """Whether what is published is of exactly these sources, corrections, seeds and code, or was rolled back.

    Not so if that can't be told: then a run says what is wrong, where it is looked for.
    """
    try:
        files = sources.list_sources(settings.sources)
        build_id = store.fingerprint(files, settings.corrections).build_id
        return store.is_published(settings.output, build_id, settings.site) or builds.is_withdrawn(
            settings.output, build_id
        )
    except (CannotBuild, OSError):
        return False


def checked() -> dg.AssetMaterialization:
    """The event by which what is published counts as fresh though there was nothing to build."""
    return dg.AssetMaterialization("published", description=_UP_TO_DATE)


def _runs(instance: dg.DagsterInstance, statuses: list[dg.DagsterRunStatus]) -> int:
    return instance.get_runs_count(dg.RunsFilter(statuses=statuses))
