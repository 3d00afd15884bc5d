/*
 * vgae_plot: that pictures are well-formed, hold what they should, and escape what
 * users call their nodes.  What they look like is for make check-pictures.
 */
SET client_min_messages = warning;

/* Is it XML?  Where the server was built without libxml it cannot tell. */
CREATE FUNCTION pg_temp.well_formed(picture text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RETURN xmlparse(DOCUMENT picture) IS NOT NULL AND picture ~ '^[ -~\n]*$';
EXCEPTION WHEN feature_not_supported THEN
	RETURN picture ~ '^[ -~\n]*$';
END
$$;

/* How often one text occurs in another */
CREATE FUNCTION pg_temp.times(what text, whole text) RETURNS int LANGUAGE sql
AS $$ SELECT (length(whole) - length(replace(whole, what, ''))) / length(what) $$;

/* Every kind of model */
CREATE TEMP TABLE pictures AS
SELECT name, kind, vgae_plot(model, kind) AS picture
FROM models, (VALUES ('latent'), ('history')) AS kinds (kind);
SELECT name, kind, pg_temp.well_formed(picture) AS well_formed,
	pg_temp.times('<circle', picture) AS circles, pg_temp.times('id="edges"', picture) AS edges,
	pg_temp.times('<title>', picture) AS tooltips, pg_temp.times('codes of 8 dimensions', picture) AS subtitle
FROM pictures ORDER BY kind DESC, name COLLATE "C";
SELECT bool_and(picture = vgae_plot(model, kind)) AS same_again FROM pictures JOIN models USING (name);
SET vgae.threads = 1;
SELECT bool_and(picture = vgae_plot(model, kind)) AS same_with_one_thread FROM pictures JOIN models USING (name);
RESET vgae.threads;

/* Keys of each type are in the tooltips, and names in the picture. */
SELECT name, regexp_replace(substring(picture FROM '<title>[^<]*</title>'), '\d', '#', 'g') AS tooltip,
	pg_temp.times('</text>', picture) > 40 AS names
FROM pictures WHERE kind = 'latent' AND name IN ('karate', 'karate_uuid', 'miserables') ORDER BY name COLLATE "C";
SELECT pg_temp.times('>Valjean</text>', picture) AS valjean, pg_temp.times('<title>Valjean</title>', picture) AS tooltip
FROM pictures WHERE kind = 'latent' AND name = 'miserables';

/* The history of a training: its curves, and the epoch that was kept */
SELECT name, array_agg(curve ORDER BY place) AS curves
FROM pictures, regexp_matches(picture, '<title>([^<]*)</title></path>', 'g') WITH ORDINALITY AS found (curve, place)
WHERE kind = 'history' GROUP BY name ORDER BY name COLLATE "C";
SELECT pg_temp.well_formed(picture) AS well_formed, substring(picture FROM '>([^<]*no epoch[^<]*)<') AS subtitle
FROM vgae_plot(vgae_train('karate', epochs => 0), 'history') AS picture;
SELECT pg_temp.times('<circle', vgae_plot(vgae_train('karate', epochs => 0))) AS circles_of_the_untrained;

/* Labels: of any type, by name or by position, of nodes that there are and of others */
CREATE FUNCTION pg_temp.legend(labels text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT regexp_replace(row_[1], '<[^>]*>', ' ', 'g')
	FROM regexp_matches(substring(vgae_plot(trained('karate'), labels => labels) FROM 'id="legend">(.*)'),
		'(<text[^\n]*)', 'g') AS row_
$$;
CREATE TEMP TABLE factions AS SELECT id AS node, CASE WHEN id % 5 < 2 THEN 'Mr. Hi' ELSE 'Officer' END AS label, id AS no
FROM members;
SELECT pg_temp.legend('factions') AS by_name;
SELECT pg_temp.legend('SELECT label, 1 AS other, node FROM factions') AS by_name_in_any_order;
SELECT pg_temp.legend('SELECT id, officer FROM members') AS "boolean";
SELECT pg_temp.legend('SELECT id, degree > 2 AS label, team FROM members') AS id_and_label;
SELECT pg_temp.legend('SELECT id, round(id / 10.0, 1) FROM members WHERE id < 5 UNION ALL SELECT 99, 7') AS some_numeric;
SELECT pg_temp.legend('SELECT id, NULLIF(team, ''red'')::char(9) FROM members UNION ALL SELECT 99, ''red''') AS nulls;
SELECT pg_temp.legend('SELECT id, NULL::text FROM members') AS nothing_but_nulls;
SELECT pg_temp.legend('SELECT id, team FROM members WHERE false') AS no_rows;
SELECT pg_temp.legend('SELECT id, greatest(id, 25) FROM members') AS many;
SELECT pg_temp.legend('SELECT id, date ''2020-01-01'' + id / 20 FROM members UNION SELECT 1, ''2020-01-01''') AS dates;
SELECT pg_temp.times('<circle', vgae_plot(model, labels => 'factions')) AS circles,
	pg_temp.times(': Officer</title>', vgae_plot(model, labels => 'factions')) AS tooltips
FROM models WHERE name = 'karate';
SELECT pg_temp.times(': false</title>', vgae_plot(trained('points_vae'), labels => 'SELECT id, upper FROM points')) AS rows;

/* Keys and labels may hold anything; what is shown of them is text. */
CREATE TEMP TABLE hostile AS
SELECT key, (ARRAY[E'</text><script>alert(1)</script>', E'\x01\x02\x1B[31m', repeat('long & "wide" ', 1000), '', ']]>&#0;',
	'<!--'])[1 + i % 6] || i / 6 AS label, i
FROM (SELECT i, CASE i % 4 WHEN 0 THEN '<script>' || i WHEN 1 THEN '&' || i WHEN 2 THEN E'"\'\x7F' || i
	ELSE repeat('<', 300) || i END AS key FROM generate_series(1, 40) AS i) AS keys;
CREATE TEMP TABLE hostile_model AS
SELECT vgae_train('SELECT a.key, b.key FROM hostile a JOIN hostile b ON b.i IN (a.i + 1, a.i * 2)', epochs => 2) AS model;
SELECT pg_temp.well_formed(picture) AS well_formed, pg_temp.times('<script', picture) AS scripts,
	pg_temp.times('<circle', picture) AS circles, length(picture) < 50000 AS short,
	pg_temp.times('>&lt;script&gt;4</text>', picture) + pg_temp.times('<title>&lt;script&gt;4:', picture) >= 1 AS escaped
FROM hostile_model, vgae_plot(model, labels => 'SELECT key, label AS "</text> <script>" FROM hostile') AS picture;

/* Many nodes become a mosaic whose cells hold them all; many edges are thinned. */
CREATE TEMP TABLE ring AS SELECT i AS src, (i + j * j) % 6000 AS dst FROM generate_series(0, 5999) AS i, generate_series(1, 3) AS j;
CREATE TEMP TABLE ring_model AS SELECT vgae_train('ring', epochs => 2, hidden_dims => '{}', latent_dim => 4) AS model;
SELECT pg_temp.well_formed(picture) AS well_formed, pg_temp.times('<circle', picture) AS circles,
	pg_temp.times('<title>', picture) BETWEEN 1 AND 6000 AS cells,
	(SELECT sum(replace(cell[1], ',', '')::int) FROM regexp_matches(picture, '<title>([\d,]+)</title>', 'g') AS cell)
	+ coalesce(replace(substring(picture FROM '([\d,]+) lie outside'), ',', '')::int, 0) AS nodes,
	picture ~ '[\d,]+ of 18,000 edges are drawn' AS thinned, length(picture) < 2000000 AS bounded
FROM ring_model, vgae_plot(model) AS picture;
SELECT pg_temp.well_formed(picture) AS well_formed, pg_temp.times('<circle', picture) AS in_the_legend,
	picture ~ '<title>[\d,]+, of them [\d,]+ \d</title>' AS tooltips
FROM ring_model, vgae_plot(model, labels => 'SELECT src, src % 10 FROM ring') AS picture;

/* NULL */
SELECT vgae_plot(NULL) IS NULL AS of_null, vgae_plot(NULL, 'nonsense') IS NULL AS whatever_else;
SELECT vgae_plot(trained('karate'), labels => NULL) = vgae_plot(trained('karate')) AS without_labels;
SELECT vgae_plot(trained('karate'), NULL);

/* Errors */
\set SHOW_CONTEXT never
SELECT sqlstate_of(format('SELECT vgae_plot(trained(''karate''), %s)', arguments)), arguments
FROM (VALUES ($$'scatter'$$), ($$NULL$$), ($$'history', 'factions'$$), ($$labels => 'SELECT 99, 1'$$),
	($$labels => 'SELECT node, label FROM factions UNION ALL SELECT 3, ''both'''$$),
	($$labels => 'SELECT node FROM factions'$$)) AS calls (arguments);
SELECT vgae_plot(trained('karate'), 'scatter');
SELECT vgae_plot(trained('karate'), 'history', labels => 'factions');
SELECT vgae_plot(trained('karate'), labels => 'SELECT node + 100, label FROM factions ORDER BY node');
SELECT vgae_plot(trained('karate'), labels => 'SELECT 99, 1');
SELECT vgae_plot(trained('karate'), labels => 'SELECT node, label FROM factions UNION ALL SELECT 3, ''both''');
SELECT vgae_plot(trained('karate'), labels => 'SELECT node::text, label FROM factions');
SELECT vgae_plot(trained('karate'), labels => 'SELECT node FROM factions');
SELECT vgae_plot(trained('karate'), labels => 'SELECT FROM factions');
SELECT vgae_plot(trained('karate'), labels => 'SELECT NULL::int, label FROM factions');
SELECT vgae_plot(trained('karate'), labels => 'SELECT node, node AS node, label FROM factions');
SELECT vgae_plot(trained('karate'), labels => 'DELETE FROM factions');
SELECT vgae_plot(trained('karate'), labels => '');
SELECT vgae_plot('a foreign bytea');
