"""What must hold for a method to be run. Each module checks one subject: ``check(method, places)``.

A rule yields a problem for each thing that is wrong. It supposes that names lead somewhere, for ``names`` is asked first, and
nothing else of the others. Those of ``checker._ON_PAPER`` look at what is written, the rest at what it means in a meeting.
"""
