"""Vector files in and out: GeoJSON, GeoPackage, Shapefile, KML."""
