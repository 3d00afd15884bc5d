/*
 * vgae_train: every argument, every kind of model, and the two settings.
 */
SET client_min_messages = warning;

/* The shortest call, and the defaults that it takes */
SELECT octet_length(vgae_train('karate')) > 0 AS trained;
SELECT vgae_train('karate') = vgae_train(
	edges => 'karate', nodes => NULL, features => NULL, model => 'vgae', hidden_dims => '{32}', latent_dim => 16,
	epochs => 200, learning_rate => 0.01, dropout => 0, weight_decay => 0, kl_weight => 1, latent_scale => NULL,
	edge_mask => 0, directed => false, negatives => NULL, reconstruction => 'mse', batch_size => NULL,
	validation_fraction => 0.05, test_fraction => 0, patience => NULL, warm_start => NULL,
	seed => 0) AS defaults_are_as_documented;
SELECT vgae_version() ~ '^[0-9]+[.][0-9]+[.][0-9]+$' AS version;

/* Every kind and option trains: each row says what came of it. */
CREATE TEMP TABLE runs (name text, model bytea);
INSERT INTO runs VALUES
	('vgae', vgae_train('karate', epochs => 50)),
	('gae', vgae_train('karate', model => 'gae', epochs => 50)),
	('linear', vgae_train('karate', hidden_dims => '{}', epochs => 50)),
	('deep', vgae_train('karate', hidden_dims => '{32,16,8}', latent_dim => 4, epochs => 50)),
	('directed', vgae_train('karate', directed => true, epochs => 50)),
	('weighted', vgae_train('miserables', epochs => 50)),
	('all pairs', vgae_train('karate', negatives => 'Infinity', epochs => 50)),
	('sampled', vgae_train('karate', negatives => 1, epochs => 50)),
	('normalised', vgae_train('karate', latent_scale => 1.8, epochs => 50)),
	('masked', vgae_train('karate', edge_mask => 0.5, epochs => 50)),
	('dropout', vgae_train('karate', nodes => 'members', dropout => 0.5, weight_decay => 0.001, epochs => 50)),
	('no KL', vgae_train('karate', kl_weight => 0, epochs => 50)),
	('held out', vgae_train('karate', validation_fraction => 0.1, test_fraction => 0.2, epochs => 50)),
	('nothing held out', vgae_train('karate', validation_fraction => 0, epochs => 50)),
	('untrained', vgae_train('karate', epochs => 0)),
	('ae', vgae_train(nodes => 'points', model => 'ae', latent_dim => 2, epochs => 50)),
	('vae', vgae_train(nodes => 'points', model => 'vae', latent_dim => 2, epochs => 50)),
	('linear ae', vgae_train(nodes => 'points', model => 'ae', hidden_dims => '{}', latent_dim => 2, epochs => 50)),
	('ae bce', vgae_train(nodes => 'SELECT id, upper, ARRAY[id % 2, 1 - id % 2]::real[] AS parity FROM points',
		model => 'ae', reconstruction => 'bce', latent_dim => 2, epochs => 50)),
	('ae batches', vgae_train(nodes => 'points', model => 'ae', batch_size => 16, latent_dim => 2, epochs => 50)),
	('ae held out', vgae_train(nodes => 'points', model => 'ae', validation_fraction => 0.2, test_fraction => 0.2,
	latent_dim => 2, epochs => 50)),
	('ae sparse', vgae_train(features => 'SELECT id, id % 7 FROM points', model => 'ae', latent_dim => 2,
	epochs => 50));
SELECT name, i->>'model' AS model, i->>'nodes' AS nodes, i->>'edges' AS edges, i->>'features' AS features,
	i->>'hidden_dims' AS hidden, i->>'latent_dim' AS latent, i->>'directed' AS directed, i->>'weighted' AS weighted,
	i->>'negatives_used' AS negatives, i->>'epochs_run' AS epochs
FROM runs, vgae_info(model) AS i ORDER BY name COLLATE "C";
SELECT name, (i->>'loss')::float8 > 0 AS loss, (i->>'kl')::float8 > 0 AS kl,
	(i->>'validation_auc')::float8 BETWEEN 0 AND 1 AS validation_auc, (i->>'test_auc')::float8 BETWEEN 0
	AND 1 AS test_auc,
	(i->>'validation_loss')::float8 > 0 AS validation_loss, (i->>'test_loss')::float8 > 0 AS test_loss
FROM runs, vgae_info(model) AS i ORDER BY name COLLATE "C";

/* It learns: the loss falls, and links score above what is none. */
SELECT name, first.loss > last.loss AS loss_falls
FROM runs, LATERAL (SELECT loss FROM vgae_history(model) ORDER BY epoch LIMIT 1) AS first,
	LATERAL (SELECT loss FROM vgae_history(model) ORDER BY epoch DESC LIMIT 1) AS last
ORDER BY name COLLATE "C";
SET client_min_messages = error;	-- it warns of edges that were trained on
SELECT name, auc > 0.65 AS better_than_chance
FROM models, vgae_evaluate(model, 'karate')
WHERE method = 'vgae' AND name IN ('karate', 'karate_gae', 'karate_members') ORDER BY name COLLATE "C";
SET client_min_messages = warning;

/* The same bytes, whatever the order of the rows and the number of threads; others with another seed */
SELECT vgae_train('karate', epochs => 20) = vgae_train('SELECT src, dst FROM karate ORDER BY dst DESC, src',
	epochs => 20) AS same_in_another_order,
	vgae_train('karate', epochs => 20) = vgae_train('SELECT dst, src FROM karate',
	epochs => 20) AS same_the_other_way_round,
	vgae_train('karate', epochs => 20) = vgae_train('karate', epochs => 20, seed => 1) AS same_with_another_seed,
	vgae_train('karate', epochs => 20, seed => -1) = vgae_train('karate', epochs => 20, seed => -1) AS negative_seed,
	vgae_train('karate', epochs => 20, seed => -9223372036854775808)
	= vgae_train('karate', epochs => 20, seed => 9223372036854775807) AS same_with_extreme_seeds;
SELECT vgae_train('karate', nodes => 'members', epochs => 20, dropout => 0.3, edge_mask => 0.3, negatives => 2)
	= vgae_train('TABLE karate ORDER BY random()', nodes => 'TABLE members ORDER BY random()', epochs => 20,
	dropout => 0.3, edge_mask => 0.3, negatives => 2)
	AS same_with_everything_random;
SELECT vgae_train(nodes => 'points', model => 'vae', epochs => 20, batch_size => 16)
	= vgae_train(nodes => 'TABLE points ORDER BY random()', model => 'vae', epochs => 20,
	batch_size => 16) AS same_rows;
SET vgae.threads = 1;
CREATE TEMP TABLE one_thread AS SELECT vgae_train('miserables', epochs => 20) AS model;
SET vgae.threads = 7;
SELECT model = vgae_train('miserables', epochs => 20) AS same_with_seven_threads FROM one_thread;
RESET vgae.threads;

/* Early stopping keeps the best epoch. */
SELECT (i->>'epochs_run')::int < 2000 AS stopped,
	(i->>'best_epoch')::int <= (i->>'epochs_run')::int AS best_is_earlier,
	(i->>'validation_loss')::float8 = (SELECT min(validation_loss) FROM vgae_history(model)) AS best_is_kept
FROM (SELECT vgae_train(nodes => 'points', model => 'ae', latent_dim => 2, learning_rate => 0.05, epochs => 2000,
	validation_fraction => 0.2, patience => 5) AS model) AS trained, vgae_info(model) AS i;
SELECT (i->>'epochs_run')::int < 2000 AS stopped,
	(i->>'epochs_run')::int - (i->>'best_epoch')::int AS epochs_without_a_better_one,
	(i->>'validation_auc')::float8 + (i->>'validation_ap')::float8
	= (SELECT max(validation_auc + validation_ap) FROM vgae_history(model)) AS best_is_kept
FROM (SELECT vgae_train('karate', epochs => 2000, validation_fraction => 0.2, patience => 5) AS model) AS trained,
	vgae_info(model) AS i;
/* without patience the last epoch is kept */
SELECT i->>'epochs_run' AS epochs_run, i->>'best_epoch' AS best_epoch
FROM vgae_info(vgae_train('karate', epochs => 7)) AS i;

/* Going on from a model */
SELECT (SELECT loss FROM vgae_history(model) WHERE epoch = 1) < (SELECT loss FROM vgae_history(trained('points_ae'))
	WHERE epoch = 1) AS starts_lower
FROM (SELECT vgae_train(nodes => 'points', model => 'ae', hidden_dims => '{16}', latent_dim => 2, epochs => 1,
	warm_start => trained('points_ae')) AS model) AS went_on;
SELECT vgae_train('karate', hidden_dims => '{16}', latent_dim => 8, epochs => 5,
	warm_start => trained('karate')) IS NOT NULL AS went_on;
SELECT near(went_on.embedding, before.embedding) AS no_epoch_no_change
FROM vgae_embeddings(vgae_train('karate', hidden_dims => '{16}', latent_dim => 8, epochs => 0,
	warm_start => trained('karate'))) AS went_on
	JOIN vgae_embeddings(trained('karate')) AS before USING (node) GROUP BY 1;
/* with a new node, and with a new feature and one that is gone */
SELECT count(*) AS nodes FROM vgae_embeddings(vgae_train('TABLE karate UNION ALL VALUES (1, 35)', hidden_dims => '{16}',
	latent_dim => 8, epochs => 5, warm_start => trained('karate')));
SELECT vgae_info(vgae_train('karate', nodes => $$SELECT id, degree, team || (id = 5)::text AS team, id % 2 = 0 AS even
	FROM members$$, hidden_dims => '{16}', latent_dim => 8, epochs => 5,
	warm_start => trained('karate_members')))->>'features' AS features;
SELECT vgae_train('karate', hidden_dims => '{16}', latent_dim => 4, warm_start => trained('karate')) IS NULL;
SELECT vgae_train('karate', directed => true, hidden_dims => '{16}', latent_dim => 8,
	warm_start => trained('karate')) IS NULL;
SELECT vgae_train(nodes => 'SELECT id, upper FROM points', model => 'ae', reconstruction => 'bce',
	hidden_dims => '{16}', latent_dim => 2, warm_start => trained('points_ae')) IS NULL;
SELECT vgae_train('miserables', hidden_dims => '{16}', latent_dim => 8, warm_start => trained('karate')) IS NULL;
SELECT vgae_train('karate', hidden_dims => '{16}', latent_dim => 8, warm_start => trained('karate_members')) IS NULL;
SELECT vgae_train('karate', hidden_dims => '{16,16}', latent_dim => 8, epochs => 5,
	warm_start => trained('karate')) IS NULL;
SELECT vgae_train('karate', model => 'gae', hidden_dims => '{16}', latent_dim => 8, epochs => 5,
	warm_start => trained('karate')) IS NULL;
SELECT vgae_train('karate', nodes => 'members', hidden_dims => '{16}', latent_dim => 8, epochs => 5,
	warm_start => trained('karate')) IS NULL;
SELECT vgae_train('karate', epochs => 5, warm_start => 'no model') IS NULL;

/* Which inputs a model takes */
SELECT vgae_train() IS NULL;
SELECT vgae_train(nodes => 'members') IS NULL;
SELECT vgae_train(model => 'gae', nodes => 'members') IS NULL;
SELECT vgae_train('karate', model => 'ae', nodes => 'points') IS NULL;
SELECT vgae_train('karate', model => 'vae', nodes => 'points') IS NULL;
SELECT vgae_train(model => 'ae') IS NULL;
SELECT vgae_train(model => 'ae', nodes => 'SELECT id FROM points') IS NULL;
SELECT sqlstate_of('SELECT vgae_train()') AS no_edges,
	sqlstate_of('SELECT vgae_train(model => ''ae'')') AS no_rows,
	sqlstate_of('SELECT vgae_train(''karate'', model => ''ae'', nodes => ''points'')') AS edges_of_rows;

/* Each argument out of its range */
SELECT vgae_train('karate', model => 'gan') IS NULL;
SELECT vgae_train('karate', model => 'VGAE') IS NULL;
SELECT vgae_train('karate', model => '') IS NULL;
SELECT vgae_train('karate', hidden_dims => '{0}') IS NULL;
SELECT vgae_train('karate', hidden_dims => '{32,-1}') IS NULL;
SELECT vgae_train('karate', hidden_dims => '{32,NULL}') IS NULL;
SELECT vgae_train('karate', hidden_dims => '{{32,16},{8,4}}') IS NULL;
SELECT vgae_train('karate', hidden_dims => '{2147483647}') IS NULL;
SELECT vgae_train('karate', hidden_dims => array_fill(2, ARRAY[1000])) IS NULL;
SELECT vgae_train('karate', latent_dim => 0) IS NULL;
SELECT vgae_train('karate', latent_dim => 2147483647) IS NULL;
SELECT vgae_train('karate', latent_dim => 3, directed => true) IS NULL;
SELECT vgae_train('karate', epochs => -1) IS NULL;
SELECT vgae_train('karate', epochs => 2147483647) IS NULL;
SELECT vgae_train('karate', learning_rate => 0) IS NULL;
SELECT vgae_train('karate', learning_rate => -0.01) IS NULL;
SELECT vgae_train('karate', learning_rate => 'NaN') IS NULL;
SELECT vgae_train('karate', learning_rate => 'Infinity') IS NULL;
SELECT vgae_train('karate', dropout => 1) IS NULL;
SELECT vgae_train('karate', dropout => -0.1) IS NULL;
SELECT vgae_train('karate', dropout => 'NaN') IS NULL;
SELECT vgae_train('karate', weight_decay => -1) IS NULL;
SELECT vgae_train('karate', weight_decay => 'Infinity') IS NULL;
SELECT vgae_train('karate', kl_weight => -1) IS NULL;
SELECT vgae_train('karate', kl_weight => 'NaN') IS NULL;
SELECT vgae_train('karate', latent_scale => 0) IS NULL;
SELECT vgae_train('karate', latent_scale => 'NaN') IS NULL;
SELECT vgae_train('karate', latent_scale => 'Infinity') IS NULL;
SELECT vgae_train('karate', edge_mask => 1) IS NULL;
SELECT vgae_train('karate', edge_mask => -0.5) IS NULL;
SELECT vgae_train('karate', negatives => 0) IS NULL;
SELECT vgae_train('karate', negatives => -1) IS NULL;
SELECT vgae_train('karate', negatives => 'NaN') IS NULL;
SELECT vgae_train(nodes => 'points', model => 'ae', reconstruction => 'mae') IS NULL;
SELECT vgae_train(nodes => 'points', model => 'ae', batch_size => 0) IS NULL;
SELECT vgae_train('karate', validation_fraction => 1) IS NULL;
SELECT vgae_train('karate', validation_fraction => -0.1) IS NULL;
SELECT vgae_train('karate', test_fraction => 'NaN') IS NULL;
SELECT vgae_train('karate', validation_fraction => 0.5, test_fraction => 0.5) IS NULL;
SELECT vgae_train('karate', patience => 0) IS NULL;
SELECT vgae_train('karate', patience => 5, validation_fraction => 0) IS NULL;
SELECT vgae_train('VALUES (1, 2), (2, 3)', patience => 5, seed => 1) IS NULL;
/* arguments that do not apply to the kind of the model */
SELECT vgae_train('karate', batch_size => 10) IS NULL;
SELECT vgae_train('karate', reconstruction => 'bce') IS NULL;
SELECT vgae_train(nodes => 'points', model => 'ae', directed => true) IS NULL;
SELECT vgae_train(nodes => 'points', model => 'ae', edge_mask => 0.5) IS NULL;
SELECT vgae_train(nodes => 'points', model => 'ae', negatives => 1) IS NULL;
SELECT sqlstate_of('SELECT vgae_train(''karate'', latent_dim => 0)') AS out_of_range,
	sqlstate_of('SELECT vgae_train(''karate'', model => ''gan'')') AS unknown_name,
	sqlstate_of('SELECT vgae_train(''karate'', warm_start => ''no model'')') AS no_model;

/* NULL for an argument whose default is not NULL */
SELECT vgae_train('karate', model => NULL) IS NULL;
SELECT vgae_train('karate', seed => NULL) IS NULL;
SELECT argument, sqlstate_of(format('SELECT vgae_train(''karate'', epochs => 1, %I => NULL)', argument)) AS sqlstate
FROM unnest('{model,hidden_dims,latent_dim,learning_rate,dropout,weight_decay,kl_weight,edge_mask,directed,'
	'reconstruction,validation_fraction,test_fraction,seed}'::text[]) AS argument;
SELECT sqlstate_of('SELECT vgae_train(''karate'', epochs => NULL)') AS epochs;
SELECT argument, sqlstate_of(format('SELECT vgae_train(''karate'', epochs => 1, %I => NULL)', argument)) AS sqlstate
FROM unnest('{nodes,features,latent_scale,negatives,batch_size,patience,warm_start}'::text[]) AS argument;

/* A learning rate that makes the numbers overflow is an error, not a model of NaNs. */
SELECT sqlstate_of($$SELECT vgae_train(nodes => 'points', model => 'ae', learning_rate => 1e30)$$) AS rows,
	sqlstate_of($$SELECT vgae_train('karate', learning_rate => 1e30)$$) AS graph;

/* Trained once, although used three times: a volatile function is not pulled up. */
SELECT octet_length(model) > 0 AS a, vgae_info(model)->>'nodes' AS b,
	(SELECT count(*) FROM vgae_embeddings(model)) AS c
FROM (SELECT vgae_train('karate', epochs => 5) AS model) AS trained;

/* Hundreds of trainings in one statement and session: nothing piles up. */
SELECT count(DISTINCT vgae_train('karate', epochs => 1, seed => i)) FROM generate_series(1, 300) AS i;

/* Rolled back, nothing stays; after an error the next call works. */
BEGIN;
INSERT INTO runs SELECT 'gone', vgae_train('karate', epochs => 1);
ROLLBACK;
SELECT count(*) FROM runs WHERE name = 'gone';
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS works;

/* A prepared statement, with its plan made anew and then kept */
PREPARE train (text, int) AS SELECT vgae_info(vgae_train($1, epochs => $2))->>'epochs_run' AS epochs;
EXECUTE train('karate', 1);
EXECUTE train('miserables', 2);
SET plan_cache_mode = force_generic_plan;
EXECUTE train('karate', 3);
RESET plan_cache_mode;
DEALLOCATE train;

/* The settings */
SELECT name, vartype, unit, context, CASE name WHEN 'vgae.threads' THEN boot_val END AS default,
	boot_val::bigint >= 0 AS valid, length(short_desc) > 20 AS described
FROM pg_settings WHERE name ~ '^vgae[.]' ORDER BY name COLLATE "C";
SET vgae.threads = -1;
SET vgae.threads = 'many';
SELECT sqlstate_of('SET vgae.thread = 1') = '42602' OR current_setting('server_version_num')::int < 150000 AS misspelt;
SELECT sqlstate_of($$SET vgae.memory_limit = '-1MB'$$) AS negative;
/* Training above the limit of memory fails at once; 0 is no limit. */
SET vgae.memory_limit = '100kB';	-- not rounded to 0, no limit
SHOW vgae.memory_limit;
SET vgae.memory_limit = '16MB';
SHOW vgae.memory_limit;
CREATE VIEW chain AS SELECT i AS src, i + 1 AS dst FROM generate_series(1, 100000) AS i;
SELECT sqlstate_of($$SELECT vgae_train('chain', latent_dim => 64)$$) AS above_the_limit;
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS below_the_limit;
SET vgae.memory_limit = 0;
SELECT vgae_train('karate', epochs => 1) IS NOT NULL AS no_limit;
/* A model that pg_dump could not write is refused, too. */
SELECT sqlstate_of($$SELECT vgae_train('chain', latent_dim => 1500)$$) AS latents,
	sqlstate_of($$SELECT vgae_train('karate', hidden_dims => '{65536}', latent_dim => 65536)$$) AS weights;
DROP VIEW chain;
RESET vgae.memory_limit;

/* Fractions that would round to everything leave something to train on. */
SELECT vgae_info(model)->>'epochs_run' AS epochs
FROM vgae_train(nodes => 'SELECT i AS id, i * i AS x FROM generate_series(1, 6) AS i', model => 'ae', epochs => 5,
	validation_fraction => 0.16666666666666666, test_fraction => 0.8333333333333333) AS model;

/* Test rows take no part in the standardisation: some change of a value changes nothing in the training. */
CREATE FUNCTION pg_temp.loss_without(changed int) RETURNS text LANGUAGE sql AS $$
	SELECT vgae_info(vgae_train(nodes => format('SELECT i AS id, sin(i) + CASE i WHEN %s THEN 5 ELSE 0 END AS x,
		cos(i) AS y FROM generate_series(1, 40) AS i', changed), model => 'ae', epochs => 2,
		test_fraction => 0.5))->>'loss'
$$;
SELECT count(*) AS unseen FROM generate_series(1, 40) AS changed
WHERE pg_temp.loss_without(changed) = pg_temp.loss_without(0);

/* A diverging row that is held out is an error now, rather than a model that cannot be read. */
SELECT bool_and(outcome IN ('trained', '22003')) AS model_or_error FROM (
	SELECT coalesce(nullif(sqlstate_of(format($$SELECT vgae_info(vgae_train(nodes => 'SELECT i AS id,
		ARRAY[sin(i), cos(i), CASE i WHEN 7 THEN 1e20 ELSE sin(2 * i) END]::real[] AS x FROM generate_series(1, 40) AS i',
		model => 'vae', hidden_dims => '{}', latent_dim => 2, epochs => 5, validation_fraction => 0.2, seed => %s))$$,
		seed)), '00000'), 'trained') AS outcome FROM generate_series(1, 20) AS seed) AS outcomes;
