"""Members: areas, institutions, people, their roles, levels, innovations, consents and accounts.

Owns: the register of areas and institutions, members and their affiliations, appointments with
term and handover, competencies, innovations, the consent ledger, accounts, codes, sessions and
signing keys.
Says: `contracts.members.facts`. Hears: of the events service, which events are over (their
grants end) and which certificates count (they are evidence).
"""
