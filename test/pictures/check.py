#!/usr/bin/env python3
"""Pictures of models as a browser shows them.

Trains models of 34 to 100,000 nodes in the database that PGHOST, PGUSER and so on
name, draws them, has a headless Chromium take screenshots, and checks what can be
checked without eyes: that the browser finds no error, that the colours of the
legend are there, that nothing touches the edge.  The screenshots are for eyes.
"""

import argparse
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

# An SVG may be this large, in bytes.
MOST_BYTES = 2_000_000

TABLES = r"""
SET client_min_messages = warning;
CREATE TEMP TABLE karate (src int, dst int);
CREATE TEMP TABLE factions (node int, label text);
CREATE TEMP TABLE miserables (src text, dst text, weight float8);
\copy karate from '{top}/test/data/karate.csv' with (format csv, header)
\copy factions from '{top}/test/data/karate_factions.csv' with (format csv, header)
\copy miserables from '{top}/test/data/les_miserables.csv' with (format csv, header)

-- 20 communities of 5000 nodes: most edges stay within one
CREATE TEMP TABLE large AS
SELECT i % 100000 AS src,
	CASE WHEN i % 20 < 17 THEN i % 100000 / 5000 * 5000 + (h & 8191) * ((h >> 16) & 8191) / 13422 % 5000
		ELSE (h & 1048575) % 100000 END AS dst
FROM (SELECT i, hashint4(i) AS h FROM generate_series(0, 999999) AS i) AS hashed;
CREATE TEMP TABLE communities AS
SELECT i AS node, 'community ' || i / 5000 AS label FROM generate_series(0, 99999) AS i;
CREATE TEMP TABLE points AS
SELECT i AS id, cos(i / 50.0) AS x, sin(i / 50.0) AS y, cos(i / 25.0) AS z FROM generate_series(1, 600) AS i;
"""

CORA = r"""
CREATE TEMP TABLE citations (src int, dst int);
CREATE TEMP TABLE words (node int, feature int);
CREATE TEMP TABLE papers (id int, label int);
\copy citations from '{data}/cora/edges.csv' with (format csv, header)
\copy words from '{data}/cora/features.csv' with (format csv, header)
\copy papers from '{data}/cora/labels.csv' with (format csv, header)
"""

# Name of the picture: how to train, and the other arguments of vgae_plot.
PICTURES = {
    "karate": ("'karate', latent_dim => 4, seed => 1", "labels => 'factions'"),
    "karate_line": ("'karate', latent_dim => 1", "labels => 'factions'"),
    "karate_history": ("'karate', patience => 50, epochs => 1000", "'history'"),
    "les_miserables": ("'miserables', latent_dim => 8, seed => 1", ""),
    "rows": ("nodes => 'points', model => 'vae', latent_dim => 3", "labels => 'SELECT id, x > 0 FROM points'"),
    "rows_history": ("nodes => 'points', model => 'vae', latent_dim => 3, epochs => 3000", "'history'"),
    "large": ("'large', nodes => $$SELECT node, label FROM communities$$, epochs => 25", "labels => 'communities'"),
    "large_plain": ("'large', nodes => $$SELECT node, label FROM communities$$, epochs => 25", ""),
}

PICTURES_OF_CORA = {
    "cora": ("'citations', features => 'words'", "labels => 'papers'"),
    "cora_history": ("'citations', features => 'words'", "'history'"),
}


def make_pictures(out):
    """Write the SVG files; returns their names."""
    script = [TABLES.format(top=TOP), r"\pset tuples_only on", r"\pset format unaligned"]
    pictures = dict(PICTURES)
    data = os.environ.get("VGAE_DATA", "")
    if os.path.isdir(os.path.join(data, "cora")):
        script.append(CORA.format(data=data))
        pictures.update(PICTURES_OF_CORA)
    else:
        print("cora: skipped: there is no directory cora in VGAE_DATA")
    for name, (training, arguments) in pictures.items():
        script.append(rf"\o {out}/{name}.svg")
        script.append(f"SELECT vgae_plot(vgae_train({training}){', ' if arguments else ''}{arguments});")
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1"], input="\n".join(script) + "\n\\o\n",
                   text=True, check=True)
    return list(pictures)


def browse(browser, out, options, address):
    command = [browser, "--headless", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={out}/profile"]
    if os.geteuid() == 0:
        command.append("--no-sandbox")
    return subprocess.run(command + options + [f"file://{address}"], capture_output=True, text=True,
                          timeout=120, check=True).stdout


def read_png(path):
    """Width, height and rows of (red, green, blue) of a PNG as browsers write them."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        chunk = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", chunk[:10])
        elif kind == b"IDAT":
            packed += chunk
        at += 12 + length
    assert depth == 8 and colour in (2, 6), "a PNG of another form than expected"
    size = 3 if colour == 2 else 4
    raw, stride = zlib.decompress(packed), width * size
    above, rows = bytearray(stride), []
    for y in range(height):
        kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left = row[i - size] if i >= size else 0
            corner = above[i - size] if i >= size else 0
            if kind == 1:
                add = left
            elif kind == 2:
                add = above[i]
            elif kind == 3:
                add = (left + above[i]) // 2
            elif kind == 4:
                guess = left + above[i] - corner
                add = min((left, above[i], corner), key=lambda value: abs(guess - value))
            else:
                add = 0
            row[i] = (row[i] + add) & 255
        rows.append([tuple(row[i:i + 3]) for i in range(0, stride, size)])
        above = row
    return width, height, rows


def check(browser, out, name):
    """Take a screenshot; returns what is wrong with it."""
    path, problems = f"{out}/{name}.svg", []
    with open(path, encoding="ascii") as file:
        svg = file.read()
    width, height = (int(float(n)) + 1 for n in re.search(r'width="([\d.]+)" height="([\d.]+)"', svg).groups())
    browse(browser, out, [f"--window-size={width},{height}", f"--screenshot={out}/{name}.png"], path)
    if "parsererror" in browse(browser, out, ["--dump-dom"], path):
        problems.append("the browser cannot parse it")
    if len(svg) > MOST_BYTES:
        problems.append(f"it has {len(svg)} bytes")
    width, height, rows = read_png(f"{out}/{name}.png")
    seen = {}
    for row in rows:
        for pixel in row:
            seen[pixel] = seen.get(pixel, 0) + 1
    white = seen.get((255, 255, 255), 0) / (width * height)
    if not 0.3 < white < 0.995:
        problems.append(f"{100 * white:.1f} % of it are white")
    for colour in set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg)):
        if tuple(bytes.fromhex(colour[1:])) not in seen and f'"{colour}" fill-opacity' not in svg:
            problems.append(f"colour {colour} is not to be seen")
    if any(row[x] != (255, 255, 255) for row in rows for x in (0, 1)) or \
            any(pixel != (255, 255, 255) for row in (rows[0], rows[1]) for pixel in row):
        problems.append("something touches its edge")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", help="directory for the pictures and screenshots")
    parser.add_argument("--browser", default="chromium")
    options = parser.parse_args()
    if shutil.which(options.browser) is None:
        sys.exit(f"There is no {options.browser}; install it (Debian: apt-get install chromium).")
    out = os.path.abspath(options.out)
    os.makedirs(out, exist_ok=True)
    failed = False
    for name in make_pictures(out):
        problems = check(options.browser, out, name)
        print(f"{name}: {'; '.join(problems) or 'ok'}", flush=True)
        failed = failed or problems
    shutil.rmtree(f"{out}/profile", ignore_errors=True)
    print(f"Now look at {out}/*.png.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
