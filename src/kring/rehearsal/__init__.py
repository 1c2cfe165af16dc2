"""Rehearsing: what sensible people do in a meeting, and a whole meeting played without a network.

``behaviour`` looks at a view, as a screen would, and says what a kind person does next; ``rehearsal`` seats several of them at the
engine and plays to the end. Pure: the random numbers and the ids come from whoever rehearses.
"""
