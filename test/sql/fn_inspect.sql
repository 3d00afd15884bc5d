/*
 * vgae_info and vgae_history; and what every function does with a NULL, a
 * damaged and a foreign model.
 */
SET client_min_messages = warning;

/* vgae_info has the documented keys, whatever the kind of the model. */
CREATE TEMP TABLE documented AS
SELECT unnest('{model,format_version,library_version,node_type,nodes,isolated_nodes,nodes_not_recommended,edges,duplicate_edges,self_loops,'
	'zero_weight_edges,directed,weighted,features,features_used,node_weights,hidden_dims,latent_dim,arguments,held_out,held_out_unseen,negatives_used,epochs_run,best_epoch,'
	'loss,reconstruction,kl,validation_auc,validation_ap,validation_loss,test_auc,test_ap,test_loss,calibration,'
	'bytes}'::text[]) AS key;
SELECT name, key AS missing FROM models, documented WHERE NOT vgae_info(model) ? key ORDER BY name COLLATE "C", key;
SELECT name, key AS undocumented FROM models, jsonb_object_keys(vgae_info(model)) AS key
WHERE key NOT IN (SELECT key FROM documented) ORDER BY name COLLATE "C", key;

/* Its values */
SELECT name, i->>'model' AS model, i->>'node_type' AS node_type, i->>'nodes' AS nodes,
	i->>'isolated_nodes' AS isolated, i->>'edges' AS edges,
	i->>'directed' AS directed, i->>'weighted' AS weighted, i->>'features' AS features, i->>'hidden_dims' AS hidden,
	i->>'latent_dim' AS latent, i->>'epochs_run' AS epochs
FROM models, vgae_info(model) AS i ORDER BY name COLLATE "C";
SELECT bool_and(i->>'library_version' = vgae_version()) AS version,
	bool_and((i->>'bytes')::int = octet_length(model)) AS bytes,
	bool_and((i->>'format_version')::int = 2) AS format
FROM models, vgae_info(model) AS i;
SELECT name, (i->>'loss')::float8 IS NOT NULL AS loss, (i->>'reconstruction')::float8 IS NOT NULL AS reconstruction,
	i->>'kl' IS NOT NULL AS kl,
	i->>'validation_auc' IS NOT NULL AS validation_auc, i->>'validation_ap' IS NOT NULL AS validation_ap,
	i->>'validation_loss' IS NOT NULL AS validation_loss, i->>'test_auc' IS NOT NULL AS test_auc,
	i->>'test_loss' IS NOT NULL AS test_loss
FROM models, vgae_info(model) AS i ORDER BY name COLLATE "C";
SELECT name, (i->'calibration'->>'scale')::float8 > 0 AS scale,
	(i->'calibration'->>'offset')::float8 IS NOT NULL AS "offset",
	i->'calibration'->>'fitted_on' AS fitted_on
FROM models, vgae_info(model) AS i ORDER BY name COLLATE "C";

/* The arguments are those given, and hold no SQL text. */
SELECT key, value
FROM jsonb_each(vgae_info(vgae_train('SELECT src, dst FROM karate WHERE src <> 4711',
	nodes => 'SELECT id FROM members WHERE id <> 4711',
	hidden_dims => '{4,3}', latent_dim => 2, epochs => 3, negatives => 'Infinity',
	seed => 9007199254740993))->'arguments')
ORDER BY key COLLATE "C";
SELECT vgae_info(model)->'arguments'->'negatives' AS negatives,
	jsonb_typeof(vgae_info(model)->'negatives_used') AS used,
	vgae_info(model)::text ~ '4711' AS holds_sql
FROM (SELECT vgae_train('SELECT src, dst FROM karate WHERE src <> 4711', epochs => 3,
	negatives => 'Infinity') AS model) AS trained;
SELECT position('4711'::bytea IN vgae_train('SELECT src, dst FROM karate WHERE src <> 4711',
	epochs => 1)) AS in_the_bytes;

/* vgae_history: one row an epoch, and its last row or best epoch is what vgae_info says */
SELECT name, count(*) AS rows, min(epoch) AS first, max(epoch) AS last, bool_and(loss IS NOT NULL) AS loss,
	bool_and(reconstruction IS NOT NULL) AS reconstruction,
	bool_and(kl IS NOT NULL) AS kl, count(validation_auc) > 0 AS validation_auc,
	count(validation_ap) > 0 AS validation_ap, count(validation_loss) > 0 AS validation_loss
FROM models, vgae_history(model) GROUP BY name ORDER BY name COLLATE "C";
SELECT name, h.loss = (i->>'loss')::float8 AS loss, coalesce(h.kl, 0) = coalesce((i->>'kl')::float8, 0) AS kl
FROM models, vgae_info(model) AS i, vgae_history(model) AS h
WHERE h.epoch = (i->>'best_epoch')::int ORDER BY name COLLATE "C";
SELECT bool_and(epoch = place) AS in_order FROM ROWS
	FROM (vgae_history((SELECT model FROM models WHERE name = 'karate'))) WITH ORDINALITY
	AS h (epoch, loss, reconstruction, kl, validation_auc, validation_ap, validation_loss, place);
SELECT count(*) AS rows_of_the_untrained FROM vgae_history(vgae_train('karate', epochs => 0));

/* A call of every function that takes a model, made from the catalog, with $1 for the model */
CREATE TEMP TABLE calls AS
SELECT p.oid, p.proname || '($1' || coalesce(string_agg(', ' || CASE
		WHEN argument.name IS NULL THEN NULL
		WHEN argument.type = 'anyelement'::regtype THEN 'NULL::uuid'
		WHEN argument.name = 'key_type' THEN 'NULL::' || argument.type::regtype
		WHEN argument.type = 'text'::regtype AND p.proname ~ 'evaluate|encode_graph' THEN quote_literal('karate')
		WHEN argument.type = 'text'::regtype THEN quote_literal('Valjean')
		WHEN argument.type = 'uuid'::regtype THEN 'uuid_of(1)'
		WHEN argument.type = 'float8[]'::regtype THEN '''{1,2}'''
		ELSE '3' END, '' ORDER BY place), '') || ')' AS call
FROM pg_proc p LEFT JOIN LATERAL unnest(p.proargtypes::oid[], p.proargnames) WITH ORDINALITY AS argument (type, name,
	place)
	ON place BETWEEN 2 AND p.pronargs - p.pronargdefaults
WHERE p.proname ~ '^vgae_' AND p.proargnames[1] = 'model'
GROUP BY p.oid, p.proname;
CREATE FUNCTION pg_temp.outcome(call text, model bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	results bigint;
BEGIN
	EXECUTE format('SELECT count(result) FROM (SELECT %s AS result) AS called', call) INTO results USING model;
	RETURN results || ' results';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
SELECT call FROM calls ORDER BY call COLLATE "C";

/* NULL */
SELECT call, pg_temp.outcome(call, NULL) AS of_null FROM calls WHERE pg_temp.outcome(call, NULL) <> '0 results'
	ORDER BY call COLLATE "C";

/* Foreign bytes: each function says the same. */
SELECT pg_temp.outcome(call, bytes) AS outcome, count(*) = (SELECT count(*) FROM calls) * 6 AS every_function
FROM calls, (VALUES (''::bytea), ('\x00'), ('vgae'),
	('a foreign bytea that is long enough to hold a header, a checksum and some more'),
	(decode(repeat('00', 10000), 'hex')), (decode(repeat('ff', 10000), 'hex'))) AS foreign_ (bytes)
GROUP BY 1;
SELECT vgae_info('a foreign bytea');
SELECT vgae_info('');
SELECT vgae_info((SELECT substr(model, 1, 20) FROM models WHERE name = 'karate')) IS NULL AS cut;
SELECT vgae_info((SELECT set_byte(model, 4, 200) FROM models WHERE name = 'karate')) IS NULL AS other_version;
SELECT vgae_info((SELECT set_byte(model, 1000, 255 - get_byte(model, 1000)) FROM models WHERE name = 'karate')) IS NULL
	AS changed;
SELECT vgae_train('karate', warm_start => 'a foreign bytea') IS NULL;
SELECT sqlstate_of('SELECT vgae_info(''a foreign bytea'')');

/* Damaged models: cut, lengthened, or with one byte changed */
CREATE TEMP TABLE damaged AS
WITH original AS (SELECT vgae_train('karate', hidden_dims => '{4}', latent_dim => 2, epochs => 3) AS model)
SELECT 'cut' AS how, substr(model, 1, length) AS model
FROM original, generate_series(0, octet_length(model) - 1, greatest(1, octet_length(model) / 200)) AS length
UNION ALL
SELECT 'lengthened', model || '\x00' FROM original
UNION ALL
SELECT 'twice', model || model FROM original
UNION ALL
SELECT 'changed', set_byte(model, place, 255 - get_byte(model, place))
FROM original, generate_series(0, octet_length(model) - 1, greatest(1, octet_length(model) / 500)) AS place
UNION ALL
SELECT 'header changed', set_byte(model, place, get_byte(model, place) # 1)
FROM original, generate_series(0, least(octet_length(model), 300) - 1) AS place;
SELECT how, pg_temp.outcome('vgae_info($1)', model) AS outcome, count(*) > 0 AS some FROM damaged GROUP BY 1, 2
	ORDER BY 1, 2;
SELECT pg_temp.outcome(call, (SELECT model FROM damaged WHERE how = 'twice')) AS outcome,
	count(*) = (SELECT count(*) FROM calls) AS every_function
FROM calls GROUP BY 1;

/* Good and bad models by turns: what is kept of one is not taken for the other. */
SELECT pg_temp.outcome('vgae_embedding($1, 1)', model) AS outcome
FROM (SELECT 1 AS place, trained('karate') AS model UNION ALL SELECT 2, '\x00' UNION ALL SELECT 3,
	trained('karate')) AS turns ORDER BY place;

/* A model survives a text dump and an external, uncompressed or compressed storage. */
CREATE TEMP TABLE stored (model bytea);
INSERT INTO stored SELECT model::text::bytea FROM models WHERE name = 'karate';
ALTER TABLE stored ALTER model SET STORAGE EXTERNAL;
INSERT INTO stored SELECT model::text::bytea FROM models WHERE name = 'karate';
ALTER TABLE stored ALTER model SET STORAGE MAIN;
INSERT INTO stored SELECT model::text::bytea FROM models WHERE name = 'karate';
SELECT count(DISTINCT vgae_info(model)) AS infos, count(DISTINCT vgae_embedding(model, 1)) AS embeddings FROM stored;
