"""Vector files in and out: GeoJSON, GeoPackage, Shapefile, KML."""

from gis_grids.vectorfiles.features import Feature, FeatureFile, Note
from gis_grids.vectorfiles.reading import read_features
from gis_grids.vectorfiles.writing import write_geojson, write_geopackage

__all__ = ["Feature", "FeatureFile", "Note", "read_features", "write_geojson", "write_geopackage"]
