"""Who coordinates: an area is never without somebody, and neither is the region (source: A4)."""

from collections.abc import Iterable

from contracts.members import states

Appointments = Iterable[states.Appointment]


def by_service(appointment: states.Appointment) -> tuple[str, str]:
    """Longest in office first."""
    return (appointment.starts_on, appointment.id)


def region_coordinators(standing: Appointments, today: str) -> list[states.Appointment]:
    """The region's coordinators in force, regular ones before those who only stand in."""
    in_force = [a for a in standing if a.role == "coordinator" and a.in_force(today)]
    return sorted(in_force, key=lambda a: (a.acting, *by_service(a)))


def coordination(
    area_id: str, standing: Appointments, today: str
) -> tuple[tuple[str, ...], str | None]:
    """The area's coordinators and, when there is none, who acts: a deputy, else the region's.

    `standing` are accepted appointments of active members: this area's and the region's.
    """
    standing = [a for a in standing if a.in_force(today)]
    own = sorted((a for a in standing if _of_area(a, area_id)), key=by_service)
    coordinators = tuple(dict.fromkeys(a.member_id for a in own if not a.deputy))
    if coordinators:
        return coordinators, None
    stand_ins = [*own, *region_coordinators(standing, today)]
    return (), next((a.member_id for a in stand_ins), None)


def _of_area(appointment: states.Appointment, area_id: str) -> bool:
    return appointment.role == "area_coordinator" and appointment.area == area_id
