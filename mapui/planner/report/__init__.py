"""What a plan changes: read on a page, taken along as a workbook or a list, printed as a dossier."""
