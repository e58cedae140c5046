"""How rare a number of cases is, compared with what was usual before. Pure.

If nothing has changed, each of the ``count + before`` cases fell by chance into the present span, which holds
a ``share`` of all the time looked at: the number there is binomial. This is the exact test of two Poisson
rates given their sum (Przyborowski and Wilenski, 1940); it needs no guess of a rate where hardly anything
ever happened. Of many places some look unusual by chance alone: `unusual` keeps those that the procedure of
Benjamini and Hochberg (1995) leaves over.

What the test takes for granted: cases come independently of each other. Ten reports of one burst pipe are
ten cases to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = TypeVar("Key")

#: The share of what is called unusual that may be so by chance.
FALSE_SHARE: Final = 0.05


def chance(count: int, before: int, share: float) -> float:
    """Return how probable it is that so many, or more, of all the cases fall into that share of the time."""
    from scipy.special import betainc  # noqa: PLC0415 - seldom needed, and slow to load

    # P(X >= count) of a binomial, as the regularised incomplete beta function.
    return float(betainc(count, before + 1, share)) if count else 1.0


def unusual(chances: Mapping[Key, float], false_share: float = FALSE_SHARE) -> list[Key]:
    """Return what is unusual, the least probable first, at most ``false_share`` of it by chance."""
    ranked = sorted(chances, key=chances.__getitem__)
    kept = [n for n, key in enumerate(ranked, 1) if chances[key] <= false_share * n / len(ranked)]
    return ranked[: max(kept, default=0)]
