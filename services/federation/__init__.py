"""Federation: the region's border. What is shared goes out signed, what peers say is verified.

Owns: the region's identity, its peers, what was said to them and heard from them, what of theirs is
hidden, and erasures asked of them. Says: `contracts.federation.facts`, and to peers what stands in
`contracts.federation.crossing`. Hears: members and appointments, which it remembers as replicas,
and, as soon as there is a peer, events, seats and registrations abroad.
"""
