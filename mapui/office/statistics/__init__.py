"""Statistics by unit, matter and period: a page, a workbook, paper. Never by person (field.md 2f)."""
