--
-- Communities: groups of nodes that belong together, found, checked and drawn.
--
-- In the top directory of vgae, where the two small graphs are,
--
--     psql -f examples/communities.sql a_database
--
-- Its tables are temporary, and its pictures go to communities_karate.svg and
-- communities_miserables.svg, in the current directory or, with -v directory=, another.
--
\ir lib/start.sql

\if :{?directory}
\else
	\set directory .
\endif

CREATE TEMP TABLE karate (src int, dst int);
CREATE TEMP TABLE factions (node int, label text);
CREATE TEMP TABLE miserables (src text, dst text, weight float8);

\copy karate from 'test/data/karate.csv' with (format csv, header)
\copy factions from 'test/data/karate_factions.csv' with (format csv, header)
\copy miserables from 'test/data/les_miserables.csv' with (format csv, header)

CREATE TEMP TABLE models AS
SELECT 'karate' AS graph, vgae_train('karate', latent_dim => 8) AS model
UNION ALL SELECT 'miserables', vgae_train('miserables', latent_dim => 8);

-- Nodes of a group have embeddings that point the same way. How long one is has to do with how
-- many edges the node has, so all are brought to length one. (Keys of both graphs as text.)

CREATE TEMP TABLE codes AS
SELECT graph, node, ARRAY(SELECT x / length FROM unnest(embedding) AS x) AS code, NULL::int AS community
FROM (SELECT graph, node::text, embedding FROM models, vgae_embeddings(model) WHERE graph = 'karate'
	UNION ALL
	SELECT graph, node, embedding FROM models, vgae_embeddings(model, NULL::text) WHERE graph = 'miserables') AS e,
	LATERAL (SELECT sqrt(sum(x * x)) AS length FROM unnest(embedding) AS x) AS l;

-- k-means: put every node into the group with the nearest centre, move the centres into the
-- middle of their groups, and so on until no node changes its group any more.

CREATE TEMP TABLE centres (community int, code float8[]);

CREATE FUNCTION pg_temp.distance(a float8[], b float8[]) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT sqrt(sum((x - y) ^ 2)) FROM unnest(a, b) AS c (x, y) $$;

CREATE FUNCTION pg_temp.k_means(of_graph text, k int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	-- Begin with nodes that are far from each other.
	DELETE FROM centres;
	FOR i IN 1 .. k LOOP
		INSERT INTO centres
		SELECT i, code FROM codes WHERE graph = of_graph
		ORDER BY (SELECT min(pg_temp.distance(codes.code, c.code)) FROM centres c) DESC, node LIMIT 1;
	END LOOP;

	FOR round IN 1 .. 100 LOOP
		UPDATE codes SET community = nearest
		FROM (SELECT node, (SELECT c.community FROM centres c ORDER BY pg_temp.distance(n.code, c.code) LIMIT 1) AS nearest
			FROM codes n WHERE graph = of_graph) AS found
		WHERE graph = of_graph AND codes.node = found.node AND community IS DISTINCT FROM nearest;
		EXIT WHEN NOT FOUND;

		DELETE FROM centres;
		INSERT INTO centres
		SELECT community, array_agg(mean ORDER BY place)
		FROM (SELECT community, place, avg(x) AS mean FROM codes, unnest(code) WITH ORDINALITY AS c (x, place)
			WHERE graph = of_graph GROUP BY community, place) AS means
		GROUP BY community;
	END LOOP;
END
$$;

DO $$ BEGIN
	PERFORM pg_temp.k_means('karate', 2);
	PERFORM pg_temp.k_means('miserables', 6);
END $$;

-- The karate club later split in two, and it is known who went where; the model knew only who
-- had met whom. (Of member 9 Zachary writes that he stood on the president's side, but stayed
-- with Mr. Hi because three weeks later he was to be tested for the black belt.)

CREATE TEMP VIEW members AS
SELECT f.node AS member, label AS side, majority
FROM factions f JOIN codes ON (graph, codes.node) = ('karate', f.node::text) JOIN (
	SELECT community, mode() WITHIN GROUP (ORDER BY label) AS majority
	FROM factions f JOIN codes ON (graph, codes.node) = ('karate', f.node::text)
	GROUP BY community) AS majorities USING (community);

\echo 'Who is in a group most of which went the same way, and who is not?'
SELECT count(*) AS members, count(*) FILTER (WHERE side = majority) AS with_their_group,
	string_agg(member::text, ', ') FILTER (WHERE side <> majority) AS others
FROM members;

-- Nobody knows the groups of a novel's characters, but the edges tell whether groups make
-- sense. Modularity is the share of edges (by weight) inside groups, less what that share would
-- be had the same characters met at random. The best division that the Louvain method finds in
-- this graph, which looks for nothing else, has 0.57.

CREATE TEMP VIEW appearances AS
SELECT src AS node, dst AS other, weight FROM miserables UNION ALL SELECT dst, src, weight FROM miserables;

\o :details
\qecho 'Groups of characters in Les Misérables'
SELECT community, count(*) AS characters, string_agg(node, ', ' ORDER BY node COLLATE "C") AS who
FROM codes WHERE graph = 'miserables' GROUP BY community ORDER BY community;
\o

\echo 'Modularity of these groups'
SELECT round((sum(inside) / sum(weight) - sum((weight / total) ^ 2))::numeric, 1) AS modularity
FROM (SELECT a.community, sum(weight) AS weight, sum(weight) FILTER (WHERE b.community = a.community) AS inside,
		sum(sum(weight)) OVER () AS total
	FROM appearances JOIN codes a ON (a.graph, a.node) = ('miserables', appearances.node)
		JOIN codes b ON (b.graph, b.node) = ('miserables', other)
	GROUP BY a.community) AS communities;

-- The pictures, coloured by the groups that were found, for a browser.

\pset tuples_only on
\pset format unaligned
\o :directory/communities_karate.svg
SELECT vgae_plot(model, labels => $$SELECT node::int, 'group ' || community FROM codes WHERE graph = 'karate'$$)
FROM models WHERE graph = 'karate';
\o :directory/communities_miserables.svg
SELECT vgae_plot(model, labels => $$SELECT node, 'group ' || community FROM codes WHERE graph = 'miserables'$$)
FROM models WHERE graph = 'miserables';
\o
\pset format aligned
\pset tuples_only off
