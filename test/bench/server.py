"""A throw-away PostgreSQL server with the installed extension, and psql as its client."""
import os
import pwd
import shutil
import subprocess
import tempfile
import time

OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "jit": "off",
    "autovacuum": "off",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_workers_per_gather": "0",
}
SMALL_BUFFERS = "16MB"   # where a backend's memory is measured: it counts what it touches


class Server:
    def __init__(self, bindir, parent):
        self.bindir = bindir
        self.directory = tempfile.mkdtemp(prefix="vgae.", dir=parent)
        self.as_user = {}
        self.buffers = None
        if os.geteuid() == 0:
            # initdb refuses root.
            owner = pwd.getpwnam("postgres")
            self.as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        self.environment.update(PGHOST=self.directory, PGPORT="5432", PGUSER="postgres",
                                PGDATABASE="postgres", LC_ALL="C.UTF-8")
        self.cluster(["initdb", "-D", self.data, "-U", "postgres", "-A", "trust",
                      "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8"])

    @property
    def data(self):
        return os.path.join(self.directory, "data")

    def cluster(self, command):
        done = subprocess.run([os.path.join(self.bindir, command[0]), *command[1:]],
                              cwd=self.directory, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, **self.as_user)
        if done.returncode != 0:
            raise SystemExit(f"{command[0]} failed:\n{done.stdout}")

    def start(self, buffers):
        """Run with shared_buffers = buffers, restarting if it is another."""
        if buffers == self.buffers:
            return
        self.stop()
        options = dict(OPTIONS, shared_buffers=buffers, unix_socket_directories=self.directory)
        self.cluster(["pg_ctl", "-D", self.data, "-s", "-w", "start",
                      "-l", os.path.join(self.directory, "server.log"),
                      "-o", " ".join(f"-c {name}={value}" for name, value in options.items())])
        self.buffers = buffers

    def stop(self):
        if self.buffers is not None:
            self.buffers = None
            self.cluster(["pg_ctl", "-D", self.data, "-s", "-m", "fast", "stop"])

    def remove(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    def psql(self, *commands):
        """Arguments for subprocess that run the commands in one session."""
        arguments = [os.path.join(self.bindir, "psql"), "-X", "-q", "-A", "-t",
                     "-v", "ON_ERROR_STOP=1", "-c", "SET client_min_messages = warning"]
        for command in commands:
            arguments += ["-c", command]
        return {"args": arguments, "env": self.environment}

    def sql(self, *commands):
        """What the commands print."""
        done = subprocess.run(**self.psql(*commands), stdin=subprocess.DEVNULL, text=True,
                              capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"{done.stderr.strip()}\nin: {' ; '.join(commands)}")
        return done.stdout.strip()

    def seconds(self, *commands):
        """The time of the whole psql process, from its start to its end."""
        start = time.perf_counter()
        self.sql(*commands)
        return time.perf_counter() - start

    def load(self, producer, create, copy):
        """Create a table and COPY into it what the producer (a command) writes."""
        with subprocess.Popen(producer, stdout=subprocess.PIPE) as source:
            subprocess.run(**self.psql("BEGIN", create, copy, "COMMIT"), stdin=source.stdout, check=True)
        if source.returncode != 0:
            raise RuntimeError(f"{producer} failed")

    def memory(self, command):
        """Bytes that the backend's peak in the command lies above what it held before."""
        status = "SELECT pg_read_file('/proc/self/status', 0, 10000)"
        text = self.sql(status, command, status).split("VmPeak:")
        return status_bytes(text[-1], "VmHWM") - status_bytes(text[1], "VmRSS")

    def total_memory(self, command):
        """The backend's peak, all told."""
        text = self.sql(command, "SELECT pg_read_file('/proc/self/status', 0, 10000)")
        return status_bytes(text.split("VmPeak:")[-1], "VmHWM")


def status_bytes(text, name):
    for line in text.splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {name} in /proc/self/status")
