"""The same as check_polars.py in SQL, by DuckDB. One scan; amounts are exact decimals."""

import json
import sys

import duckdb

path, folder = sys.argv[1], sys.argv[2]
COLUMNS = """{
    'action': 'VARCHAR', 'intent_id': 'VARCHAR', 'amount': 'DECIMAL(18, 3)', 'currency': 'VARCHAR',
    'reason': 'VARCHAR', 'reference': 'VARCHAR', 'customer': 'VARCHAR'}"""
source = (
    f"read_csv(?, header = true, columns = {COLUMNS})" if path.endswith(".csv")
    else f"read_json(?, format = 'newline_delimited', columns = {COLUMNS})")

database = duckdb.connect(config={"temp_directory": folder})
database.execute("SET preserve_insertion_order = false")
totals = database.execute(
    f"""
    SELECT action, currency, sum(n), sum(bad), sum(thousandths), sum(n - 1) FROM (
        SELECT intent_id, action, amount, any_value(currency) AS currency, count(*) AS n,
            sum((amount * 1000)::BIGINT) AS thousandths,
            count(*) FILTER (NOT coalesce(
                action IN ('cancel', 'capture') AND regexp_full_match(intent_id, '[A-Za-z0-9_-]{{1,128}}')
                AND CASE action
                    WHEN 'capture' THEN amount > 0 AND currency IN ('EUR', 'USD', 'JPY', 'KWD')
                    ELSE amount IS NULL OR amount > 0 END, false)) AS bad
        FROM {source} GROUP BY intent_id, action, amount)
    GROUP BY action, currency
    """, [path]).fetchall()

print(json.dumps({
    "rows": int(sum(row[2] for row in totals)),
    "bad": int(sum(row[3] for row in totals)),
    "duplicates": int(sum(row[5] for row in totals)),
    "sums": {f"{row[0]}:{row[1] or ''}": [int(row[2]), int(row[4] or 0)] for row in totals},
}))
