"""The method language: how a method is written down, read and checked. Knows nothing of meetings.

``reader`` makes a ``model.Method`` of a file, or raises with every problem at its line; ``checker`` says whether a meeting can be
held by it. On the way: ``yaml_source`` (text to plain data), ``extending`` (over the file it extends), ``kinds`` (shorthand written
out), ``schema`` (the shape), ``rules`` and ``explorer`` (what goes wrong in meetings). What is said of a file is a code with
arguments (``remarks``). ``library`` has the methods that come with Kring; ``choosing`` and ``flow`` are for who picks one.
"""
