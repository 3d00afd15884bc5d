--
-- A variational autoencoder learns to draw: digits of 8 x 8 pixels, rebuilt, generated, and
-- turned into one another.
--
--     psql -f examples/digits.sql a_database
--
-- Its tables are temporary: nothing stays behind.
--
\ir lib/start.sql

-- Ten digits, five dots wide and six high ...

CREATE TEMP TABLE dots AS
SELECT digit, x, y
FROM unnest(ARRAY[
	'.###.  ..#..  .###.  ####.  ...#.  #####  .###.  #####  .###.  .###.',
	'#...#  .##..  #...#  ....#  ..##.  #....  #....  ....#  #...#  #...#',
	'#...#  ..#..  ...#.  ..##.  .#.#.  ####.  ####.  ...#.  .###.  #...#',
	'#...#  ..#..  ..#..  ....#  #####  ....#  #...#  ..#..  #...#  .####',
	'#...#  ..#..  .#...  ....#  ...#.  ....#  #...#  ..#..  #...#  ....#',
	'.###.  .###.  #####  ####.  ...#.  ####.  .###.  ..#..  .###.  .###.'
	]) WITH ORDINALITY AS lines (line, y), generate_series(0, 9) AS digit, generate_series(1, 5) AS x
WHERE substr(line, 7 * digit + x, 1) = '#';

-- ... and a hundred hands that write each: a little to one side, a little up or down, with a
-- broad pen or a narrow one. Ink blackens the pixels around a dot, the nearer the more. Pixels
-- are numbers from 0, white, to 1, black.

CREATE TEMP TABLE hands AS
SELECT digit, hand, pg_temp.chance('side', digit::text, hand::text) * 2 + 0.5 AS dx,
	pg_temp.chance('up', digit::text, hand::text) * 2 AS dy, pg_temp.chance('pen', digit::text, hand::text) + 1 AS pen
FROM generate_series(0, 9) AS digit, generate_series(0, 99) AS hand;

CREATE TEMP TABLE digits AS
SELECT 100 * digit + hand AS id, digit, array_agg(grey ORDER BY row_, column_)::real[] AS pixels
FROM (SELECT digit, hand, row_, column_,
		least(1, pen * sum(greatest(0, 1 - abs(x + dx - column_)) * greatest(0, 1 - abs(y + dy - row_)))) AS grey
	FROM hands JOIN dots USING (digit), generate_series(1, 8) AS row_, generate_series(1, 8) AS column_
	GROUP BY digit, hand, pen, row_, column_) AS written
GROUP BY digit, hand;

-- To look at pictures: line n of one as text, every pixel two characters wide. (Line 9 is empty.)

CREATE FUNCTION pg_temp.line(pixels real[], n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(repeat(substr(' .:+*#@', 1 + round(6 * pixel)::int, 1), 2), '' ORDER BY place)
	FROM unnest(pixels[8 * n - 7 : 8 * n]) WITH ORDINALITY AS p (pixel, place)
$$;

\o :details
\pset tuples_only on
\qecho 'One of the hundred hands'
SELECT string_agg(pg_temp.line(pixels, n), '  ' ORDER BY digit)
FROM digits, generate_series(1, 9) AS n WHERE id % 100 = 7
GROUP BY digit / 5, n ORDER BY digit / 5, n;
\pset tuples_only off
\o

-- Four numbers shall do for 64 pixels. Pixels lie between 0 and 1: 'bce' rebuilds these numbers best.
-- With a kl_weight below 1 pictures are sharper, and codes still near enough to N(0, I) for what
-- follows.

CREATE TEMP TABLE models AS
SELECT 'digits' AS name, vgae_train(nodes => 'SELECT id, pixels FROM digits', model => 'vae',
	hidden_dims => '{128,64}', latent_dim => 4, reconstruction => 'bce', kl_weight => 0.5, learning_rate => 0.003,
	epochs => 300) AS model;

CREATE FUNCTION pg_temp.difference(a real[], b real[]) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT sum((x - y) ^ 2) FROM unnest(a, b) AS p (x, y) $$;

-- How much is lost when a digit is encoded and decoded again? The yardstick is to remember
-- nothing of a digit, and to answer with the average of all pictures.

CREATE TEMP TABLE average AS
SELECT array_agg(mean ORDER BY place)::real[] AS pixels
FROM (SELECT place, avg(pixel) AS mean
	FROM digits, unnest(pixels) WITH ORDINALITY AS p (pixel, place) GROUP BY place) AS means;

CREATE TEMP TABLE losses AS
SELECT avg(pg_temp.difference(d.pixels, vgae_reconstruct(model, d.pixels))) AS by_the_model,
	avg(pg_temp.difference(d.pixels, average.pixels)) AS by_the_average
FROM models, digits d, average WHERE name = 'digits';

\o :details
\qecho 'Difference after encoding and decoding'
SELECT round(by_the_model::numeric, 2) AS by_the_model, round(by_the_average::numeric, 2) AS by_the_average FROM losses;
\o

\echo 'Does a code of four numbers keep nine tenths of what the average does not tell?'
SELECT by_the_model < by_the_average / 10 AS kept FROM losses;

-- New digits: decode points that are drawn from N(0, I). None of the hands wrote these.

CREATE TEMP TABLE drawn AS
SELECT sample, vgae_decode(model, latent) AS pixels
FROM models, vgae_sample_prior(model, n => 40, seed => 3) WHERE name = 'digits';

\o :details
\pset tuples_only on
\qecho 'The first ten that the model drew'
SELECT string_agg(pg_temp.line(pixels, n), '  ' ORDER BY sample)
FROM drawn, generate_series(1, 9) AS n WHERE sample <= 10
GROUP BY (sample - 1) / 5, n ORDER BY (sample - 1) / 5, n;
\pset tuples_only off
\o

-- Are they digits? Two hands that write the same digit differ by about 10. A drawing is
-- taken for a digit if it differs from what some hand wrote by less than half of that.

CREATE TEMP TABLE likeness AS
SELECT sample, nearest.*
FROM drawn, LATERAL (
	SELECT digit, pg_temp.difference(drawn.pixels, digits.pixels) AS difference
	FROM digits ORDER BY difference LIMIT 1) AS nearest;

\echo 'Of ten drawings (rounded), how many are digits, and are they of nearly all kinds?'
SELECT round(10 * avg((difference < 5)::int)) AS digits_of_10, count(DISTINCT digit) >= 9 AS of_nearly_all_kinds
FROM likeness;

-- Interpolate: on the straight line from the code of one picture to that of another lie the
-- codes of pictures between them.

\o :details
\pset tuples_only on
\qecho 'From a three to an eight'
SELECT string_agg(pg_temp.line(decoded, n), '  ' ORDER BY step)
FROM models, digits a, digits b, generate_series(1, 9) AS n,
	vgae_interpolate(model, vgae_encode(model, a.pixels), vgae_encode(model, b.pixels), steps => 10)
WHERE name = 'digits' AND a.id = 307 AND b.id = 807
GROUP BY (step - 1) / 5, n ORDER BY (step - 1) / 5, n;
\pset tuples_only off
\o

-- That is more than to fade from one into the other: what is halfway between two digits by their
-- codes looks more like a digit than what is halfway by their pixels, on average of all pairs.

CREATE TEMP TABLE halfway AS
SELECT decoded AS by_codes, ARRAY(SELECT (x + y) / 2 FROM unnest(a.pixels, b.pixels) AS p (x, y))::real[] AS by_pixels
FROM models, digits a, digits b,
	vgae_interpolate(model, vgae_encode(model, a.pixels), vgae_encode(model, b.pixels), steps => 3)
WHERE name = 'digits' AND a.digit < b.digit AND a.id % 100 = 7 AND b.id % 100 = 30 AND step = 2;

CREATE TEMP TABLE halfway_likeness AS                   -- to the nearest of every fourth hand
SELECT avg((SELECT min(pg_temp.difference(by_codes, pixels)) FROM digits WHERE id % 4 = 0)) AS by_codes,
	avg((SELECT min(pg_temp.difference(by_pixels, pixels)) FROM digits WHERE id % 4 = 0)) AS by_pixels
FROM halfway;

\o :details
\qecho 'Difference from the nearest digit, halfway'
SELECT round(by_codes::numeric, 2) AS by_codes, round(by_pixels::numeric, 2) AS by_pixels FROM halfway_likeness;
\o

\echo 'Is halfway by the codes nearer to digits than halfway by the pixels?'
SELECT by_codes < by_pixels AS nearer FROM halfway_likeness;
