"""The pure core of Kring: methods and meetings as rules over data.

``methods`` is what a method is, ``meeting`` the engine that keeps one, ``rehearsal`` people who play one. Nothing here knows a
clock, chance, disk, network or framework: whatever comes from outside is passed in (``docs/decisions/0001-pure-core.md``).
"""
