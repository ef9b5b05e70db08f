"""What a careful user would write in Python instead of `intentbatch run`: cancels each intent of a CSV file, with the
attempt on disk before its request leaves, and the answer on disk afterwards.

`cancel_aiohttp.py URL FILE STORE CONCURRENCY`; prints how many rows were cancelled. One task writes for all of them, so
that one sync serves many rows. It checks nothing, resolves nothing and reports nothing.
"""

import asyncio
import csv
import sqlite3
import sys

import aiohttp

HEADERS = {"x-merchant-no": "500000000007245", "x-api-key": "not-a-secret", "x-app-id": "bench"}


async def write(database, queue):
    while True:
        units = [await queue.get()]
        while not queue.empty():
            units.append(queue.get_nowait())
        for statement, arguments, _ in units:
            database.execute(statement, arguments)
        database.commit()
        for _, _, done in units:
            done.set_result(None)


async def main():
    url, path, store, concurrency = sys.argv[1:5]
    database = sqlite3.connect(store)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE attempt (row INTEGER PRIMARY KEY, intent_id TEXT, status TEXT)")
    queue = asyncio.Queue()

    async def commit(statement, *arguments):
        done = asyncio.get_running_loop().create_future()
        queue.put_nowait((statement, arguments, done))
        await done

    async def work(session, rows):
        cancelled = 0
        for number, row in rows:
            identifier = row["intent_id"]
            await commit("INSERT INTO attempt VALUES (?, ?, NULL)", number, identifier)
            async with session.post(f"{url}/api/v1/payment_intents/{identifier}/cancel", json={}) as answer:
                body = await answer.json()
            if answer.status == 200 and body["id"] == identifier and body["status"] == "canceled":
                await commit("UPDATE attempt SET status = 'applied' WHERE row = ?", number)
                cancelled += 1
        return cancelled

    writer = asyncio.create_task(write(database, queue))
    connector = aiohttp.TCPConnector(limit=int(concurrency))
    with open(path, newline="", encoding="utf-8") as file:
        rows = enumerate(csv.DictReader(file), start=1)
        async with aiohttp.ClientSession(headers=HEADERS, connector=connector) as session:
            cancelled = await asyncio.gather(*(work(session, rows) for _ in range(int(concurrency))))
    writer.cancel()
    print(sum(cancelled))


asyncio.run(main())
