/*
 * examples/communities.sql, as a person runs it but without what depends on the machine.
 */
\set details /dev/null
\set directory results
\set ECHO none
\i examples/communities.sql
\set ECHO all

/* The pictures are there, and show every node in the colour of its group. */
\set picture `cat results/communities_karate.svg`
SELECT (length(:'picture') - length(replace(:'picture', '<circle', ''))) / length('<circle') AS circles,
	:'picture' ~ '<title>9: group 2</title>' AS labelled;
\set picture `cat results/communities_miserables.svg`
SELECT (length(:'picture') - length(replace(:'picture', '<circle', ''))) / length('<circle') AS circles,
	:'picture' ~ '<title>Valjean: group \d</title>' AS labelled;
