"""Events: gatherings of all kinds, from a wish to a certificate in hand.

Owns: wishes and topics, events with their hosts, speakers, materials and minutes, seats and
registrations, venues, equipment that is lent, series, feedback, certificates, calendar feeds and
the keys that sign tickets. Says: `contracts.events.facts`. Hears: members, areas, institutions and
appointments, which it remembers as replicas.
"""
