"""The quarterly report of a unit (季度报告, S0 19): begun with a click, edited, filed, and taken along."""
