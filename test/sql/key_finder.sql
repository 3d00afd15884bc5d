/*
 * Every key of a model is found, whatever the keys look like, and nothing else
 */
SET client_min_messages = warning;

/* Sets of keys: even and uneven, with and without gaps, at the ends of the range */
CREATE TABLE integer_keys (name text, key bigint);
INSERT INTO integer_keys
SELECT 'dense' AS name, i::bigint AS key FROM generate_series(1, 300) AS i
UNION ALL SELECT 'dense, negative', i FROM generate_series(-150, 150) AS i
UNION ALL SELECT 'every third', 3 * i FROM generate_series(1, 300) AS i
UNION ALL SELECT 'squares', i::bigint * i * i FROM generate_series(-150, 150) AS i
UNION ALL SELECT 'far one', CASE i WHEN 300 THEN 9223372036854775807 ELSE i END FROM generate_series(1, 300) AS i
UNION ALL SELECT 'whole range', -9223372036854775808 + i * 184467440737095516::numeric FROM generate_series(0, 100) AS i
UNION ALL SELECT 'both ends', unnest('{-9223372036854775808,9223372036854775807}'::bigint[])
UNION ALL SELECT 'two', unnest('{5,6}'::bigint[]);
CREATE TABLE text_keys AS
SELECT 'digits' AS name, 'node' || i AS key FROM generate_series(1, 300) AS i
UNION ALL SELECT 'padded', lpad(i::text, 9, '0') FROM generate_series(0, 300) AS i
UNION ALL SELECT 'hashes', md5(i::text) FROM generate_series(1, 300) AS i
UNION ALL SELECT 'long and alike', repeat('x', i) FROM generate_series(0, 200) AS i
UNION ALL SELECT 'addresses', 'https://' || md5((i % 5)::text) || '.example/a/long/path/' || i FROM generate_series(1, 300) AS i
UNION ALL SELECT 'long shared', repeat('abc', 1000) || i FROM generate_series(1, 50) AS i
UNION ALL SELECT 'bytes 1 to 127', chr(i) || chr(128 - i) FROM generate_series(1, 127) AS i
UNION ALL SELECT 'two letters', translate(i::bit(12)::text, '01', 'pq') FROM generate_series(0, 300) AS i
UNION ALL SELECT '15 letters', substr('abcdefghijklmno', 1 + i % 15) || repeat('o', i / 15) FROM generate_series(0, 300) AS i
UNION ALL SELECT 'empty and others', unnest('{"",a,aa,ab,b,z}'::text[])
UNION ALL SELECT 'empty and 16 of the last of 15', unnest(ARRAY['', repeat('o', 16), repeat('o', 17), 'abcdefghijklmno']);
CREATE TABLE uuid_keys AS
SELECT 'random' AS name, md5(i::text)::uuid AS key FROM generate_series(1, 300) AS i
UNION ALL SELECT 'counted', uuid_of(i) FROM generate_series(1, 300) AS i
UNION ALL SELECT 'first bytes alike', ('0123456789abcdef0123' || substr(md5(i::text), 1, 12))::uuid FROM generate_series(1, 300) AS i
UNION ALL SELECT 'ends', unnest('{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff}'::uuid[]);

/* A star of the keys of a set */
CREATE FUNCTION star(keys regclass, name text) RETURNS bytea LANGUAGE sql
AS $$
	SELECT vgae_train(format('SELECT first_value(key) OVER (ORDER BY key), key FROM %s WHERE name = %L', keys, name),
		model => 'gae', epochs => 0, latent_dim => 3, hidden_dims => '{}', validation_fraction => 0)
$$;

CREATE TABLE stars AS
SELECT 'integer_keys' AS keys, name, star('integer_keys', name) AS model FROM (SELECT DISTINCT name FROM integer_keys) AS n
UNION ALL SELECT 'text_keys', name, star('text_keys', name) FROM (SELECT DISTINCT name FROM text_keys) AS n
UNION ALL SELECT 'uuid_keys', name, star('uuid_keys', name) FROM (SELECT DISTINCT name FROM uuid_keys) AS n;

/* Each key is found at its place. */
SELECT name, count(*) AS keys, bool_and(vgae_embedding(model, node) = embedding) AS found
FROM stars, vgae_embeddings(model) WHERE keys = 'integer_keys' GROUP BY name ORDER BY name COLLATE "C";
SELECT name, count(*) AS keys, bool_and(vgae_embedding(model, node) = embedding) AS found
FROM stars, vgae_embeddings(model, NULL::text) WHERE keys = 'text_keys' GROUP BY name ORDER BY name COLLATE "C";
SELECT name, count(*) AS keys, bool_and(vgae_embedding(model, node) = embedding) AS found
FROM stars, vgae_embeddings(model, NULL::uuid) WHERE keys = 'uuid_keys' GROUP BY name ORDER BY name COLLATE "C";

/* Others are not: neighbors, the ends of the range, keys of other sets. */
SELECT name, count(*) > 0 AS others, count(vgae_embedding(model, other)) AS found
FROM stars, LATERAL (
		SELECT key + step FROM integer_keys AS k, unnest('{-1,1}'::numeric[]) AS step
			WHERE key + step BETWEEN -9223372036854775808 AND 9223372036854775807
		UNION SELECT key FROM integer_keys
		UNION SELECT unnest('{-9223372036854775808,0,9223372036854775807}'::numeric[])
		EXCEPT SELECT key FROM integer_keys AS k WHERE k.name = stars.name) AS o (wide), CAST(wide AS bigint) AS other
WHERE keys = 'integer_keys' GROUP BY name ORDER BY name COLLATE "C";
SELECT name, count(*) > 0 AS others, count(vgae_embedding(model, other)) AS found
FROM stars, LATERAL (
		SELECT unnest(ARRAY[key, left(key, -1), substr(key, 2), key || 'o', key || chr(1), key || chr(127), key || repeat('z', 20),
			left(key, 3) || 'x' || substr(key, 4), reverse(key), left(key, -1) || chr(ascii(right(key, 1)) + 1)])
			FROM text_keys AS k WHERE key <> ''
		UNION SELECT ''
		EXCEPT SELECT key FROM text_keys AS k WHERE k.name = stars.name) AS o (other)
WHERE keys = 'text_keys' GROUP BY name ORDER BY name COLLATE "C";
SELECT name, count(*) > 0 AS others, count(vgae_embedding(model, other)) AS found
FROM stars, LATERAL (
		SELECT unnest(ARRAY[key, reverse(translate(key::text, '-', ''))::uuid, overlay(key::text PLACING 'e' FROM 36)::uuid,
			overlay(key::text PLACING '7' FROM 1)::uuid]) FROM uuid_keys AS k
		EXCEPT SELECT key FROM uuid_keys AS k WHERE k.name = stars.name) AS o (other)
WHERE keys = 'uuid_keys' GROUP BY name ORDER BY name COLLATE "C";

/* Weights of features go where the features are in the former model. */
CREATE TABLE word AS
SELECT i AS node, key AS feature FROM generate_series(1, 20) AS i, text_keys WHERE name IN ('digits', 'padded') AND length(key) * 7 % 20 < i
UNION ALL SELECT 2, 'beside those that all other nodes have';
CREATE TABLE more_word AS
SELECT * FROM word UNION ALL SELECT 1, key FROM text_keys WHERE name IN ('hashes', 'two letters');
WITH former AS MATERIALIZED (SELECT vgae_train(features => 'word', model => 'ae', epochs => 1, hidden_dims => '{}', latent_dim => 2) AS model),
	later AS MATERIALIZED (SELECT vgae_train(features => 'more_word', model => 'ae', epochs => 0, hidden_dims => '{}', latent_dim => 2,
		warm_start => model) AS model FROM former)
SELECT count(*) AS rows, bool_and(near(f.embedding, l.embedding)) AS as_before
FROM former, later, vgae_embeddings(former.model) AS f, vgae_embeddings(later.model) AS l
WHERE f.node = l.node AND f.node <> 1;

DROP TABLE integer_keys, text_keys, uuid_keys, stars, word, more_word;
DROP FUNCTION star;
