"""Grid proposals (auto-zoning): from buildings and streets to zones that tile (planner.md 3.4, 3.5).

`propose_grids` (in `grids`) divides a scope into grids of about so many households, three ways;
`propose_hierarchy` (in `hierarchy`) gives several nested levels at once. What goes in is in `site`, what
comes out in `result`.
"""
