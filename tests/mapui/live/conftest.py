from tests.mapui.consumers.fixtures import hub, world

__all__ = ["hub", "world"]
