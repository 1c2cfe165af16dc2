"""Rehearsing: what sensible people do in a meeting, and a whole meeting played without a network.

Pure: the random numbers and the ids come from whoever rehearses.
"""
