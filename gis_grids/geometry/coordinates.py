"""Coordinate systems: metres for work, lon/lat (EPSG:4326) for storage, Chinese offsets at the edges.

Lengths and areas are taken in the CGCS2000 3-degree Gauss-Krüger zone of the place (EPSG:4534 to
4554, central meridians 75°E to 135°E, without zone prefix), outside China in its UTM zone. Axis order
is always x/longitude first. CGCS2000 and WGS 84 differ by centimetres and are taken as one, as PROJ does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar, cast

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError
