"""How the command uses the machine: what pays for a program that lives for seconds and holds large arrays briefly.

A verb that stays for hours calls `stay` on top.
"""

import atexit
import ctypes
import gc
import os
from typing import Final

#: arrays from this size on go back to the system when they are freed [bytes]; by itself glibc comes to keep 32 MB each
LARGE: Final = 8 << 20
#: so much may lie free before smaller arrays go back as well: each that comes anew is filled with zeros first [bytes]
SPARE: Final = 64 << 20
#: by how much memory grows at a time [bytes]
STEP: Final = 8 << 20
#: glibc's numbers of the settings, in its malloc.h
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, ARENA_MAX = -1, -2, -3, -8
#: after how many new objects Python looks for garbage unless told otherwise
USUAL: Final = gc.get_threshold()


def settle_in() -> None:
    """Set up garbage collection, linear algebra and memory; to be called before NumPy is loaded."""
    gc.set_threshold(500_000)  # imports make many objects that stay: looking through them often costs half a second
    atexit.register(gc.freeze)  # and looking through them at the end, before the system takes it all, another second
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for matrices as small as ours its threads only wait, busily
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another C library, which has its own ways
    for setting, value in ((TRIM_THRESHOLD, SPARE), (TOP_PAD, STEP), (MMAP_THRESHOLD, LARGE), (ARENA_MAX, 2)):
        mallopt(setting, value)


def stay() -> None:
    """Look for garbage as often as Python itself does: what a server leaves behind would add up."""
    gc.set_threshold(*USUAL)
