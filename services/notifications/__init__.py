"""Notifications: who is told what, in which language, over which channel, and what became of it.

Owns: notices (the in-app inbox), the delivery ledger, preferences, announcements, and where a
channel reaches a member. Says: `contracts.notifications.facts`. Hears: what members,
events and mentoring say; it remembers people, roles, areas, houses, events, registrations, topics
and cases as replicas.
"""
