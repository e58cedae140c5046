"""Workbooks and CSV files: written so that no cell is ever a formula, read row by row. Knows no Django."""

from gis_grids.sheets.cells import Value
from gis_grids.sheets.writing import Sheet, write_csv, write_xlsx

__all__ = ["Sheet", "Value", "write_csv", "write_xlsx"]
