"""Workbooks and CSV files: written so that no cell is ever a formula, read row by row. Knows no Django."""

from gis_grids.sheets.cells import Value, written
from gis_grids.sheets.reading import Fault, Row, Table, read_table
from gis_grids.sheets.writing import Sheet, write_csv, write_xlsx

__all__ = ["Fault", "Row", "Sheet", "Table", "Value", "read_table", "write_csv", "write_xlsx", "written"]
