"""Figures that rest on few cases, which say too much about single people. Pure."""

from __future__ import annotations

from dataclasses import replace

from gis_grids.small_counts import LEAST
from incidents.selectors.performance import InTime, Performance, Times


def masked(figures: Performance, least: int = LEAST) -> Performance:
    """Return the figures without those that rest on fewer than ``least`` cases."""

    def times(value: Times) -> Times:
        return value if value.count >= least else Times(0, None, None)

    def in_time(value: InTime) -> InTime:
        return value if value.known >= least else InTime(0, 0)

    is_rated, is_finished = figures.ratings >= least, figures.finished >= least
    return replace(
        figures,
        collection=times(figures.collection),
        collection_offline=times(figures.collection_offline),
        feedback=times(figures.feedback),
        handling=times(figures.handling),
        resolution=times(figures.resolution),
        feedback_in_time=in_time(figures.feedback_in_time),
        handling_in_time=in_time(figures.handling_in_time),
        resolution_in_time=in_time(figures.resolution_in_time),
        finished=figures.finished if is_finished else 0,
        reopened=figures.reopened if is_finished else 0,
        ratings=figures.ratings if is_rated else 0,
        satisfaction=figures.satisfaction if is_rated else None,
    )


def emptied(key: int | None = None) -> Performance:
    """Return the figures of no case at all: of a group that has none, or whose own are left out."""
    none, unknown = Times(0, None, None), InTime(0, 0)
    return Performance(
        key=key,
        cases=0,
        collection=none,
        collection_offline=none,
        feedback=none,
        handling=none,
        resolution=none,
        feedback_in_time=unknown,
        handling_in_time=unknown,
        resolution_in_time=unknown,
        finished=0,
        reopened=0,
        ratings=0,
        satisfaction=None,
    )
