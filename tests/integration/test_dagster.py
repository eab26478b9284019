"""The Dagster side: the definitions say what the contract says, and what starts a build, and how."""

import dagster as dg

from pipelines.definitions import JOB, defs
from pipelines.engine import STAGES
from warehouse.tables import TABLES


def test_each_stage_is_an_asset_and_has_a_description() -> None:
    assets = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    assert set(assets) == {
        "sources",
        *(stage.__name__ for stage in STAGES),
        "validated",
        "published",
        "report",
    }
    assert all(spec.description for spec in assets.values())
    assert {spec.group_name for spec in assets.values()} == {"raw", "text", "values", "marts", "reports"}


def test_the_published_asset_shows_every_column_of_the_contract() -> None:
    metadata = next(s for s in defs.resolve_all_asset_specs() if s.key.path == ["published"]).metadata
    for table in TABLES:
        shown = metadata[f"columns/{table.name}"].columns
        assert [(c.name, c.description, c.constraints.nullable) for c in shown] == [
            (c.name, c.comment(), c.nullable) for c in table.columns
        ]


def test_there_is_a_job_and_a_daily_schedule_for_it() -> None:
    schedule = defs.resolve_schedule_def("daily")
    assert (schedule.job_name, schedule.cron_schedule) == (JOB, "0 5 * * *")
    assert isinstance(defs.resolve_job_def(JOB), dg.JobDefinition)
