"""The reports layer: what a person looks at."""

import dagster as dg

from pipelines import store
from pipelines.assets import stages
from pipelines.assets.workplace import Workplace
from pipelines.report.site import write_site
from warehouse.publish import DATABASE


@dg.asset(group_name="reports", kinds={"html"}, deps=["published"], code_version=stages.CODE_VERSION)
def report(workplace: Workplace) -> dg.MaterializeResult[None]:
    """The static site of the published file: overview, indicators, places, documents, quality."""
    with workplace.at_work() as settings:
        site = settings.output / store.SITE
        write_site(settings.output / DATABASE, site)
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(site / "index.html")})
