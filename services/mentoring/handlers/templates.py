"""Templates: shipped with the service, said once to everybody (source: F2, F7)."""

from services.mentoring.model import template
from services.mentoring.model.ports import Work


def publish_templates(work: Work) -> None:
    """Put into use the shipped versions that are not yet; older ones stay readable."""
    known = work.templates.versions()
    for version in template.SHIPPED:
        if version not in known:
            work.record(template.publish(version, work.region, work.now))
