"""What a table must say of the machine and of the programs that it was measured on."""
import datetime
import os
import subprocess

VERSIONS = """
import faiss, numpy, sys, torch, torch_geometric
print(f"torch {torch.__version__}, PyTorch Geometric {torch_geometric.__version__}, "
      f"FAISS {faiss.__version__}, NumPy {numpy.__version__}, Python {sys.version.split()[0]}")
"""


def processor():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return os.uname().machine


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], text=True,
                          cwd=os.path.dirname(__file__), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.strip() or "unknown"


def describe(bench):
    peers = subprocess.run([bench.python, "-W", "ignore", "-c", VERSIONS], text=True, check=True,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip()
    blas = bench.limits.measure(bench.threads)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2 ** 30
    version = bench.server.sql("SELECT vgae_version()")
    postgres = bench.server.sql("SHOW server_version")
    kind = "one quick run at small sizes: no figures to quote" if bench.quick else \
        f"medians of {bench.runs} runs"
    return (f"vgae {version} ({commit()}), {datetime.date.today()}; {kind}.\n"
            f"{processor()}, {bench.threads} cores, {memory:.0f} GiB; PostgreSQL {postgres}; "
            f"{blas['openblas'].replace(' NO_LAPACKE', '')}, kernels for {blas['core']}; {peers}.")
