"""Loads logons and rosters into a DuckDB database and counts leavers who logged on after they had left.

Arguments: the folder with logons.csv and 2025-MM.csv, and the database to make.
"""
import json
import sys

import duckdb

folder, database = sys.argv[1:]
db = duckdb.connect(database)
# Progress would be written between the lines of the answer.
db.execute("SET enable_progress_bar = false")
db.execute(
    """CREATE TABLE logons AS
       SELECT strptime(date, '%m/%d/%Y %H:%M:%S') AS at, "user" AS user_id, pc, activity
       FROM read_csv(?, header = true, all_varchar = true)""",
    [f"{folder}/logons.csv"],
)
db.execute(
    """CREATE TABLE rosters AS
       SELECT user_id, strptime(regexp_extract(filename, '(\\d{4}-\\d{2})\\.csv$', 1), '%Y-%m') AS month
       FROM read_csv(?, header = true, all_varchar = true, filename = true)""",
    [f"{folder}/2025-*.csv"],
)
found = db.execute(
    """WITH gone AS (
         SELECT user_id, max(month) + INTERVAL 1 MONTH AS missing FROM rosters GROUP BY user_id
         HAVING max(month) < (SELECT max(month) FROM rosters)
       )
       SELECT count(DISTINCT g.user_id) FROM gone g JOIN logons l USING (user_id)
       WHERE l.at >= g.missing + INTERVAL 1 MONTH"""
).fetchone()[0]
db.close()
print(json.dumps({"exceptions": found}))
