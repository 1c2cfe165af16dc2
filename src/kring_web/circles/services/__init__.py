"""What is done with circles: ``logs``, their logs; ``items``, what they keep; ``keyrings``, the locks of an account.

``access`` says who may read what, ``states`` what a log leads to, ``accounts`` what goes with an account.
"""
