"""Vector files in and out: GeoJSON, GeoPackage, Shapefile, KML."""

from gis_grids.vectorfiles.features import Feature, FeatureFile, Note, RawLayer
from gis_grids.vectorfiles.reading import placed, read_features, read_layer
from gis_grids.vectorfiles.writing import write_geojson, write_geopackage

__all__ = [
    "Feature",
    "FeatureFile",
    "Note",
    "RawLayer",
    "placed",
    "read_features",
    "read_layer",
    "write_geojson",
    "write_geopackage",
]
