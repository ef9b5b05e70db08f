"""Configuration and job of a benchmark's run, and what the run left."""

import glob
import json
import os

ENVIRONMENT = {"INTENTBATCH_BENCH_KEY": "not-a-secret"}


def write(folder, port, input_path, concurrency=64, limits="1000000/1m", preflight="never"):
    """The command line after the program's name. State and reports lie in the folder."""
    with open(os.path.join(folder, "intentbatch.yaml"), "w") as file:
        file.write(f"""
accounts:
  bench:
    gateway: useepay
    base-url: http://127.0.0.1:{port}
    credentials: {{ merchant-no: "500000000007245", app-id: bench, api-key: {{ env: INTENTBATCH_BENCH_KEY }} }}
    limits: [{limits}]
    concurrency: {concurrency}
    timeout: 30s
""")
    job = os.path.join(folder, "bench.yaml")
    with open(job, "w") as file:
        file.write(f"""
job: bench
input: {input_path}
actions: [cancel]
preflight: {preflight}
reports: {os.path.join(folder, "reports")}
""")
    return ["run", job, "--config", os.path.join(folder, "intentbatch.yaml"), "--state", os.path.join(folder, "state")]


def store(folder):
    return os.path.join(folder, "state", "intentbatch.sqlite")


def summary(folder):
    """Of the only report in the folder."""
    [path] = glob.glob(os.path.join(folder, "reports", "*", "summary.json"))
    with open(path) as file:
        return json.load(file)
