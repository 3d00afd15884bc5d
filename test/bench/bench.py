#!/usr/bin/env python3
"""Benchmarks of vgae against its peers; README.md beside this tells more.

Builds one table. Every row is measured in this run, ours and the peer's processes
by turns, so that what else the machine does weighs on both; a figure is the median
of the runs, a ratio the median of the ratios of neighbouring runs.
"""
import argparse
import atexit
import collections
import filecmp
import importlib
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback

import table
from limits import Limits
from machine import describe
from server import SMALL_BUFFERS, Server

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE / "build"
RESULTS = HERE / "results"
ROOT = HERE.parent.parent
FIGURES = ["cora", "graph100k", "graph1m", "exact20k", "reading", "rows", "scoring", "topk",
           "output", "scaling"]

# Lets malloc give no memory back: torch asks for the same large pieces every epoch.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40),
               "MALLOC_TOP_PAD_": str(64 << 20)}

# Medians; ratio: of the peer's time over ours, difference: of our time less the peer's.
Pair = collections.namedtuple("Pair", "ours peer ratio difference")


class Bench:
    def __init__(self, given):
        self.root, self.here, self.results = ROOT, HERE, RESULTS
        self.quick = given.quick
        self.runs = given.runs or (1 if given.quick else 5)
        self.threads = len(os.sched_getaffinity(0))
        self.python = given.python
        self.cora = pathlib.Path(os.environ.get("VGAE_DATA", ROOT.parent / "shared/data")) / "cora"
        self.loaded = set()
        self.settings = {}
        self.log = []
        self.files = pathlib.Path(tempfile.mkdtemp(prefix="vgae-data.", dir=given.directory))
        self.server = Server(given.bindir, given.directory)
        atexit.register(self.close)
        self.buffers = f"{min(4096, memory_mb() // 4)}MB"
        self.server.start(self.buffers)
        self.server.sql("CREATE EXTENSION vgae")
        self.limits = Limits(self)

    def close(self):
        self.server.remove()
        shutil.rmtree(self.files, ignore_errors=True)

    def pick(self, full, quick):
        return quick if self.quick else full

    # ---- Programs

    def compile(self, name, sources, options):
        BUILD.mkdir(exist_ok=True)
        program = BUILD / name
        subprocess.run([os.environ.get("CC", "cc"), *options, *(HERE / s for s in sources),
                        "-o", program, "-ldl", "-lm", "-pthread"], check=True)
        return program

    def generate(self, what, *arguments):
        subprocess.run([self.python, HERE / "generate.py", what, *map(str, arguments)], check=True)

    def peer(self, program, keep_memory=True, waits="passive", **arguments):
        """Run a peer's process, tuned; its report, and "whole": its time from start to end."""
        threads = str(arguments["threads"])
        environment = dict(
            self.server.environment, PYTHONWARNINGS="ignore", CUDA_VISIBLE_DEVICES="",
            OMP_NUM_THREADS=threads, MKL_NUM_THREADS=threads, OPENBLAS_NUM_THREADS=threads)
        if waits == "passive":
            environment["OMP_WAIT_POLICY"] = "PASSIVE"
        if keep_memory:
            environment.update(KEEP_MEMORY)
        command = [self.python, HERE / "peers" / program]
        command += [f"{name}={value}" for name, value in arguments.items()]
        start = time.perf_counter()
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stderr}")
        report = json.loads(done.stdout.splitlines()[-1])
        report["whole"] = time.perf_counter() - start
        self.log.append({"program": program, "waits": waits, "keep_memory": keep_memory,
                         "arguments": {k: str(v) for k, v in arguments.items()}, "report": report})
        return report

    def tuned(self, program, choices=({},), key="loop", trial=None, **arguments):
        """
        The arguments to measure a peer with, chosen by trials: those of the fastest
        choice and number of threads, waiting passively; and, where a trial of it was
        faster still, those of the fastest that waits actively. Active waiting may win a
        trial and then take a hundred times as long when anything else runs, so it is
        never measured alone: see fastest().
        """
        def best(ways):
            candidates = [dict(arguments, **choice, **way) for choice in choices for way in ways]
            taken = [self.peer(program, **dict(c, **(trial or {})))[key] for c in candidates]
            return min(zip(taken, range(len(taken)))), candidates

        (passive, i), candidates = best([{"threads": t} for t in sorted({1, self.threads})])
        finalists = [candidates[i]]
        if self.threads > 1:
            (active, i), candidates = best([{"threads": self.threads, "waits": "active"}])
            if active < passive:
                finalists.append(candidates[i])
        return finalists

    def fastest(self, program, finalists, key="loop"):
        """The least time of a peer's finalists, each run once."""
        return min(self.peer(program, **arguments)[key] for arguments in finalists)

    def peer_peak(self, program, **arguments):
        """The lower peak of memory: with and without keeping freed memory."""
        return min(self.peer(program, keep_memory=keep, **arguments)["peak"] for keep in (True, False))

    # ---- Measuring

    def alternate(self, *sides):
        """
        Runs each side (a function that gives a time) by turns: ours first, then the
        peers. Returns a Pair for each peer.
        """
        taken = [[] for _ in sides]
        for _ in range(self.runs):
            for side, times in zip(sides, taken):
                times.append(side())
        self.log.append({"alternated": taken})
        ours = taken[0]
        pairs = [Pair(statistics.median(ours), statistics.median(peer),
                      statistics.median(p / o for o, p in zip(ours, peer)),
                      statistics.median(o - p for o, p in zip(ours, peer))) for peer in taken[1:]]
        return pairs if len(pairs) != 1 else pairs[0]

    def median(self, side):
        return statistics.median(side() for _ in range(self.runs))

    def epoch(self, arguments, epochs):
        """Seconds an epoch: what more epochs take more, of whole psql processes."""
        def train(count):
            return self.server.seconds(f"SELECT length(vgae_train({arguments}, epochs => {count}))")
        once = train(1)
        return (train(1 + epochs) - once) / epochs

    def with_small_buffers(self, measure):
        self.server.start(SMALL_BUFFERS)
        try:
            return measure()
        finally:
            self.server.start(self.buffers)

    def has_function(self, name):
        return self.server.sql(f"SELECT count(*) FROM pg_proc WHERE proname = '{name}'") != "0"

    # ---- Data

    def graph(self, name, nodes, edges, features=128):
        """A synthetic graph: its directory, and the tables NAME_edges and NAME_nodes."""
        directory = self.files / name
        if name not in self.loaded:
            self.loaded.add(name)
            self.generate("graph", directory, "--nodes", nodes, "--edges", edges, "--features", features)
            self.table(f"{name}_edges", "src bigint, dst bigint", directory / "edges.npy")
            if features:
                self.table(f"{name}_nodes", "id bigint, x real[]", directory / "nodes.npy")
        return directory

    def row_data(self, name, rows, features):
        directory = self.files / name
        if name not in self.loaded:
            self.loaded.add(name)
            self.generate("rows", directory, "--nodes", rows, "--features", features)
            self.table(f"{name}_nodes", "id bigint, x real[]", directory / "nodes.npy")
        return directory

    def table(self, name, columns, file):
        self.server.load([self.python, HERE / "generate.py", "copy", file],
                         f"CREATE TABLE {name} ({columns})",
                         f"COPY {name} FROM STDIN (FORMAT binary, FREEZE)")
        self.server.sql(f"VACUUM ANALYZE {name}")

    def forget(self, name):
        """Make room: drop the tables and files of a graph."""
        self.loaded.discard(name)
        self.server.sql(f"DROP TABLE IF EXISTS {name}_edges, {name}_nodes")
        shutil.rmtree(self.files / name, ignore_errors=True)


def memory_mb():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def make_venv():
    """A virtual environment with the peers, made when it is first needed."""
    venv = BUILD / "venv"
    stamp = venv / "requirements.txt"
    wanted = HERE / "requirements.txt"
    if not (stamp.exists() and stamp.read_text() == wanted.read_text()):
        BUILD.mkdir(exist_ok=True)
        print("Installing the peers from PyPI into", venv, flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", venv])
        if made.returncode != 0:
            sys.exit("bench.py: could not make a virtual environment; on Debian and Ubuntu, "
                     "install the package python3-venv")
        subprocess.run([venv / "bin/pip", "install", "-q", "-r", wanted], check=True)
        shutil.copy(wanted, stamp)
    return venv / "bin/python"


def arguments():
    parser = argparse.ArgumentParser(description="Benchmarks of vgae against its peers.")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help="of: " + " ".join(FIGURES))
    parser.add_argument("--quick", action="store_true", help="one run at small sizes, to try it out")
    parser.add_argument("--runs", type=int, help="runs of each measurement (5)")
    parser.add_argument("--venv", type=pathlib.Path, help="a virtual environment that has the peers")
    parser.add_argument("--pg-config", default="pg_config", help="the PostgreSQL with the extension")
    parser.add_argument("--directory", default=tempfile.gettempdir(),
                        help="where the throw-away server and the data lie (about 10 GB)")
    given = parser.parse_args()
    unknown = set(given.figures) - set(FIGURES)
    if unknown:
        parser.error(f"no figure {' '.join(sorted(unknown))}; there are: {' '.join(FIGURES)}")
    given.bindir = pg_config(given, "--bindir")
    refuse_other_library(pathlib.Path(pg_config(given, "--pkglibdir")))
    given.python = given.venv / "bin/python" if given.venv else make_venv()
    return given


def pg_config(given, what):
    return subprocess.run([given.pg_config, what], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def refuse_other_library(installed):
    """What is measured is what is installed; it must not be another than what is built."""
    built = ROOT / "vgae.so"
    found = installed / "vgae.so"
    if built.exists() and not (found.exists() and filecmp.cmp(built, found, shallow=False)):
        sys.exit(f"bench.py: the library in {installed} is not the one built here; "
                 "run make install first")


def run_figures(bench, names):
    table_rows, failed = [], False
    for name in names:
        print(f"== {name}", file=sys.stderr, flush=True)
        begin = time.perf_counter()
        try:
            rows = importlib.import_module(f"figures.{name}").figure(bench)
        except (RuntimeError, subprocess.SubprocessError) as error:
            # An hour's figures must not be lost to the next one's failure.
            traceback.print_exc()
            rows = [table.skipped(name, "FAILED, " + str(error).split("\n", 1)[0])]
            failed = True
        if bench.quick:
            for row in rows:
                row.met = None
        print(table.markdown(rows), flush=True)
        print(f"   ({time.perf_counter() - begin:.0f} s)", file=sys.stderr, flush=True)
        table_rows += rows
    return table_rows, failed


def write_results(bench, rows):
    RESULTS.mkdir(exist_ok=True)
    text = "\n\n".join([
        describe(bench), table.markdown(rows), bench.limits.markdown()]) + "\n"
    (RESULTS / "table.md").write_text(text)
    (RESULTS / "runs.json").write_text(json.dumps(bench.log, indent=1))
    print(f"\n{text}\nWritten to {RESULTS / 'table.md'}; every run is in runs.json beside it.")


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(given)
    rows, failed = run_figures(bench, [f for f in FIGURES if f in given.figures] or FIGURES)
    write_results(bench, rows)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
