"""What `load_demo` puts into an empty installation.

One module per centre and one per programme page hold the data; `build*.py` writes it. Names, places,
operators, kinds of service, opening dates and status come from the sources named beside them. Hours,
phone numbers (from the ranges reserved for fiction), stops, on-demand buses, parking, floors and doors
are invented; the demo band on every page says so. What the sources do not say stays empty.
"""
