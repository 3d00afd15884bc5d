"""Reading edges and features, against PostgreSQL's own COPY of the same table."""
from figures.graph1m import million
from table import amount, size, skipped, within

KEYS = {"text": "'node ' || src AS src, 'node ' || dst AS dst",
        "uuid": "md5(src::text)::uuid AS src, md5(dst::text)::uuid AS dst"}


def figure(bench):
    if not bench.has_function("vgae_estimate"):
        return [skipped("Reading", "no vgae_estimate")]
    nodes, edges, _ = million(bench)
    what = f"Reading {edges:,} edges, "
    numbers, memory = both(bench, "'graph1m_edges'", "graph1m_edges")
    copy = "COPY … (FORMAT binary)"
    rows = [within(what + "bigint", numbers[0], copy, 2.5),
            amount(what + "bigint: peak memory", memory, at_most=400e6, form=size)]
    for key, columns in KEYS.items():
        table = f"reading_{key}"
        bench.server.sql(f"CREATE TABLE {table} AS SELECT {columns} FROM graph1m_edges",
                         f"VACUUM ANALYZE {table}")
        taken, memory = both(bench, f"'{table}'", table, "'graph1m_edges'")
        rows += [within(what + key, taken[0], copy),
                 within(what + key, taken[1], "bigint", 3),
                 amount(what + f"{key}: peak memory", memory, form=size)]
        bench.server.sql(f"DROP TABLE {table}")
    taken, memory = both(bench, "nodes => 'graph1m_nodes', model => 'ae'", "graph1m_nodes")
    rows += [within(f"Reading {nodes:,} rows of real[128]", taken[0], copy, 2.5),
             amount(f"Reading {nodes:,} rows of real[128]: peak memory", memory, form=size)]
    return rows


def both(bench, arguments, table, other=None):
    """Pairs of reading with COPY, and with reading another's arguments; and the memory."""
    def read(given):
        return bench.server.seconds(f"SELECT * FROM vgae_estimate({given})")
    copy = f"COPY {table} TO '/dev/null' (FORMAT binary)"
    bench.server.seconds(copy)   # the buffers are warm from here on
    sides = [lambda: read(arguments), lambda: bench.server.seconds(copy)]
    if other:
        sides.append(lambda: read(other))
    taken = bench.alternate(*sides)
    pairs = taken if other else [taken]
    memory = bench.with_small_buffers(
        lambda: bench.server.memory(f"SELECT * FROM vgae_estimate({arguments})"))
    return pairs, memory
