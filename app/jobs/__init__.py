"""Sweeps: many runs as one job that survives restarts.

vary      what a sweep varies: keys, values, ranges
plan      a request → its runs, and the parts in which they are computed
compute   what a worker does with a part
pool      the workers: processes, or a Dask cluster
store     sweeps and the results of their parts, in a SQLite file
lock      one working server at a time
runner    the thread that has open sweeps computed
tables    the results as a table
service   all of it as the API sees it
"""
