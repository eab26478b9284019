"""The reports layer: what a person looks at."""

import dagster as dg

from pipelines import store
from pipelines.assets import stages
from pipelines.assets.workplace import Workplace, at_work
from pipelines.report.site import remove_site, write_site
from warehouse.publish import DATABASE


@dg.asset(group_name="reports", kinds={"html"}, deps=["published"], code_version=stages.CODE_VERSION)
@at_work
def report(workplace: Workplace) -> dg.MaterializeResult[None]:
    """The static site of the published file: overview, indicators, places, documents, quality."""
    site = workplace.settings().output / store.SITE
    if not workplace.site:
        remove_site(site)
        return dg.MaterializeResult(metadata={"page": "none is asked for"})
    write_site(workplace.settings().output / DATABASE, site)
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(site / "index.html")})
