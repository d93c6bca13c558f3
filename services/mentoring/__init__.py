"""Mentoring: an institution is accompanied until its library automation really runs.

Owns: cases with their readiness, agreement, checklist and sign-off, offers to mentors, mentors'
profiles, visits, faults, follow-ups, assignments of many cases, and the templates of form and
checklist. Says: `contracts.mentoring.facts`. Hears: members, areas, institutions, appointments and
competencies, which it remembers as replicas.
"""
