"""What the wall asks for over HTTP, below /api/wall: one router of each subject."""

from __future__ import annotations

from ninja import Router

from mapui.wall.command.api import router as command
from mapui.wall.ended import router as ended
from mapui.wall.figures import router as figures
from mapui.wall.history import router as history
from mapui.wall.hotspots import router as hotspots
from mapui.wall.levels import router as levels
from mapui.wall.posts import router as posts
from mapui.wall.units import router as units

router = Router()
router.add_router("", command)
router.add_router("", figures)
router.add_router("", history)
router.add_router("", units)
router.add_router("", levels)
router.add_router("", posts)
router.add_router("", hotspots)
router.add_router("", ended)
