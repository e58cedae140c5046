"""Workbooks and CSV files: written so that no cell is ever a formula, read row by row. Knows no Django."""
