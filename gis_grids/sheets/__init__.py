"""Workbooks and CSV files: written so that no cell is ever a formula, read row by row. Knows no Django."""

from gis_grids.sheets.cells import Value, written
from gis_grids.sheets.layouts import Layout, find_layout, lines_below
from gis_grids.sheets.limits import LARGE
from gis_grids.sheets.lines import Cell, Fault
from gis_grids.sheets.reading import Row, Table, read_table
from gis_grids.sheets.writing import Sheet, write_csv, write_xlsx

__all__ = [
    "LARGE",
    "Cell",
    "Fault",
    "Layout",
    "Row",
    "Sheet",
    "Table",
    "Value",
    "find_layout",
    "lines_below",
    "read_table",
    "write_csv",
    "write_xlsx",
    "written",
]
