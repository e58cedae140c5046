"""Writes of the first floor."""

from households.services.building_attributes import BuildingFields
from households.services.buildings import BuildingsImported, ImportOptions, Remark, import_buildings
from households.services.loading import load_buildings, load_households
from households.services.places import Homed, home_households
from households.services.records import NewBuilding, NewDwelling, NewEntrance, NewHousehold

__all__ = [
    "BuildingFields",
    "BuildingsImported",
    "Homed",
    "ImportOptions",
    "NewBuilding",
    "NewDwelling",
    "NewEntrance",
    "NewHousehold",
    "Remark",
    "home_households",
    "import_buildings",
    "load_buildings",
    "load_households",
]
