#!/usr/bin/env python3
"""Runs the SQL that the documentation shows, over `recordings/` in the current directory.

    queries.py duckdb|spark DOCUMENT

Prints the rows of each query, and an empty line.
"""

import pathlib
import re
import sys

FILES = "recordings/*.ndjson"


def duckdb_runner():
    import duckdb

    duckdb.sql(f"CREATE VIEW invocations AS SELECT * FROM read_ndjson('{FILES}')")
    return lambda query: duckdb.sql(query).fetchall()


def spark_runner():
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    session.read.json(FILES).createOrReplaceTempView("invocations")
    return lambda query: session.sql(query).collect()


def main():
    run = {"duckdb": duckdb_runner, "spark": spark_runner}[sys.argv[1]]()
    document = pathlib.Path(sys.argv[2]).read_text()
    queries = re.findall(r"```sql\n(.*?);\n```", document, re.DOTALL)
    assert queries
    for query in queries:
        for row in run(query):
            print(*row)
        print()


if __name__ == "__main__":
    main()
