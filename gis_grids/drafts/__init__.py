"""Drafts of plans: zones as a tree, and what may be done to them. Pure: no database, no Django."""

from gis_grids.drafts.zones import SCOPE, Draft, Edit, Staff, Zone

__all__ = ["SCOPE", "Draft", "Edit", "Staff", "Zone"]
