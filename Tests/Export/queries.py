#!/usr/bin/env python3
"""Runs the SQL that the documentation shows, over `recordings/` in the current directory.

    queries.py DOCUMENT

Prints the first row of each query.
"""

import pathlib
import re
import sys

import duckdb

queries = re.findall(r"```sql\n(.*?)```", pathlib.Path(sys.argv[1]).read_text(), re.DOTALL)
assert queries
for query in queries:
    print(duckdb.sql(query).fetchall()[0])
