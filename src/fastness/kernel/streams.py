"""Counter-based random numbers: every draw is addressed, none is consumed from a shared sequence.

Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011, SC'11) with key = the run's 64-bit seed and counter words =
campaign | day and process | entity | draw. So a campaign replays alone, adding a process, a place or an engagement
shifts nobody else's luck, and variants with one seed are paired.
"""

import math
from typing import NamedTuple

from fastness.kernel.jit import kernel, word

MASK = word(0xFFFFFFFF)
SHIFT = word(32)
MULTIPLIER_0 = word(0xD2511F53)
MULTIPLIER_1 = word(0xCD9E8D57)
WEYL_0 = word(0x9E3779B9)
WEYL_1 = word(0xBB67AE85)
DAY_SHIFT = word(12)
DROPPED_BITS = word(6)


class Stream(NamedTuple):
    """Address of a run of draws: key words, campaign, and day and process in one word (all 32-bit words)."""

    key_0: int
    key_1: int
    campaign: int
    day_process: int


@kernel
def philox(
    key_0: int, key_1: int, counter_0: int, counter_1: int, counter_2: int, counter_3: int
) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of one Philox 4x32-10 block."""
    key_0, key_1 = word(key_0), word(key_1)
    counter_0, counter_1, counter_2, counter_3 = word(counter_0), word(counter_1), word(counter_2), word(counter_3)
    for _ in range(10):
        product_0 = MULTIPLIER_0 * counter_0
        product_1 = MULTIPLIER_1 * counter_2
        counter_0 = (product_1 >> SHIFT) ^ counter_1 ^ key_0
        counter_1 = product_1 & MASK
        counter_2 = (product_0 >> SHIFT) ^ counter_3 ^ key_1
        counter_3 = product_0 & MASK
        key_0 = (key_0 + WEYL_0) & MASK
        key_1 = (key_1 + WEYL_1) & MASK
    return counter_0, counter_1, counter_2, counter_3


@kernel
def open_unit(high: int, low: int) -> float:
    """Return a float in (0, 1), never 0 or 1, from two 32-bit words (26 bits of each)."""
    return (float(high >> DROPPED_BITS) * 67108864.0 + float(low >> DROPPED_BITS) + 0.5) / 4503599627370496.0


@kernel
def at(seed_stream: Stream, day: int, process: int) -> Stream:
    """Return the stream of one process on one day (processes below 4,096, days below 2**20)."""
    return Stream(seed_stream.key_0, seed_stream.key_1, seed_stream.campaign, (word(day) << DAY_SHIFT) | word(process))


@kernel
def uniform(stream: Stream, entity: int, draw: int) -> float:
    """Return a uniform number in (0, 1) for an entity (its stable 32-bit hash) and draw number."""
    words = philox(stream.key_0, stream.key_1, stream.campaign, stream.day_process, entity, draw)
    return open_unit(words[0], words[1])


@kernel
def happens(stream: Stream, entity: int, draw: int, hazard: float) -> bool:
    """Whether what comes at a rate of `hazard` per step comes within this step: with probability 1 - exp(-hazard).

    That is never more than the hazard, which is by far quicker to compare.
    """
    u = uniform(stream, entity, draw)
    return u < hazard and u < 1.0 - math.exp(-hazard)


@kernel
def normal(stream: Stream, entity: int, draw: int) -> float:
    """Return a standard normal number (Box and Muller 1958) from one block."""
    words = philox(stream.key_0, stream.key_1, stream.campaign, stream.day_process, entity, draw)
    radius = math.sqrt(-2.0 * math.log(open_unit(words[0], words[1])))
    return radius * math.cos(2.0 * math.pi * open_unit(words[2], words[3]))


@kernel
def exponential(stream: Stream, entity: int, draw: int) -> float:
    """Return an exponential number with mean 1."""
    return -math.log(uniform(stream, entity, draw))


@kernel
def poisson(stream: Stream, entity: int, draw: int, mean: float) -> int:
    """Return a Poisson count by multiplication (Knuth) up to 30, above by a rounded normal; draws count upwards.

    Uses at most 200 draw numbers from `draw`.
    """
    if mean <= 0.0:
        return 0
    if mean > 30.0:
        return max(0, int(math.floor(mean + math.sqrt(mean) * normal(stream, entity, draw) + 0.5)))
    product = uniform(stream, entity, draw)
    if product <= 1.0 - mean:  # exp(-mean) is never less
        return 0
    limit = math.exp(-mean)
    count = 0
    while product > limit and count < 199:
        count += 1
        product *= uniform(stream, entity, draw + count)
    return count


@kernel
def whole(stream: Stream, entity: int, draw: int, amount: float) -> int:
    """Return `amount` rounded to a whole number at random so that its mean is kept."""
    floor = math.floor(amount)
    if floor == amount:
        return int(floor)
    if uniform(stream, entity, draw) < amount - floor:
        return int(floor) + 1
    return int(floor)
