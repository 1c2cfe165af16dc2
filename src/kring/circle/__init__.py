"""The signed log of a circle: who belongs to it, with which keys, and who has which epoch's key. Pure: no keys are made here.

``entries`` says what stands in a log, ``points`` what may be a key, ``consents`` what several agree to, ``acts`` what each kind of
entry does and who may do it, ``log`` reads it all, ``state`` is what comes out of it.
"""

from kring.circle.acts import Broken
from kring.circle.log import begin, check_boxes, compare, follow, knows, read
from kring.circle.state import Circle

__all__ = ["Broken", "Circle", "begin", "check_boxes", "compare", "follow", "knows", "read"]
