\echo Use "CREATE EXTENSION vgae" to load this file. \quit

/*
 * A C symbol is the SQL name.  Where a function is overloaded on the type of
 * the node keys it is the SQL name and one of _int, _text, _uuid.
 *
 * STRICT stands only where no argument may be NULL.  In the other functions a
 * NULL for an argument with a default that is not NULL is an error, and a
 * NULL for an argument without a default gives NULL or no row.  node_type
 * only picks the overload; its value, usually NULL, is ignored.
 *
 * COST is in units of cpu_operator_cost with the model already parsed; ROWS
 * assumes the default k, n or steps, and 1000 nodes where every node has a row.
 * The SUPPORT functions know better where these are constant.
 */


/* Planner */

CREATE FUNCTION vgae_rows_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'vgae_rows_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_rows_support(internal) IS
$$Planner support: estimates that a function returns as many rows as its argument k, n or steps says, where
that is known when the query is planned.$$;

CREATE FUNCTION vgae_node_rows_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'vgae_node_rows_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_node_rows_support(internal) IS
$$Planner support: estimates that a function returns a row for each node of its model, or as many as its
argument k or n says, where these are known when the query is planned.$$;

CREATE FUNCTION vgae_link_probability_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'vgae_link_probability_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_link_probability_support(internal) IS
$$Planner support: estimates the cost of vgae_link_probability from its argument samples, where that is known
when the query is planned.$$;


/* Train */

CREATE FUNCTION vgae_train(
	edges text DEFAULT NULL,
	nodes text DEFAULT NULL,
	features text DEFAULT NULL,
	model text DEFAULT 'vgae',
	hidden_dims integer[] DEFAULT '{32}',
	latent_dim integer DEFAULT 16,
	epochs integer DEFAULT 200,
	learning_rate float8 DEFAULT 0.01,
	dropout float8 DEFAULT 0,
	weight_decay float8 DEFAULT 0,
	kl_weight float8 DEFAULT 1,
	latent_scale float8 DEFAULT NULL,
	edge_mask float8 DEFAULT 0,
	directed boolean DEFAULT false,
	negatives float8 DEFAULT NULL,
	reconstruction text DEFAULT 'mse',
	batch_size integer DEFAULT NULL,
	validation_fraction float8 DEFAULT 0.05,
	test_fraction float8 DEFAULT 0,
	patience integer DEFAULT NULL,
	warm_start bytea DEFAULT NULL,
	seed bigint DEFAULT 0
) RETURNS bytea
AS 'MODULE_PATHNAME', 'vgae_train'
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1000000;

COMMENT ON FUNCTION vgae_train(text, text, text, text, integer[], integer, integer, float8, float8,
	float8, float8, float8, float8, boolean, float8, text, integer, float8, float8, integer, bytea, bigint) IS
$$Trains a graph autoencoder (model 'gae' or 'vgae') on edges, or an autoencoder ('ae' or 'vae') on rows
of features, and returns the model as a bytea that every other vgae function takes.
edges (src, dst, optional weight), nodes (id, one column a feature) and features (node, feature,
optional value) are each the name of a relation or one SELECT, VALUES, WITH or TABLE query, read with
the caller's rights and without writing; gae and vgae need edges, ae and vae need nodes or features.
Of the other arguments hidden_dims are the widths of the encoder's hidden layers ('{}' is the linear
model), negatives is the number of non-edges drawn for each edge and epoch ('Infinity' takes all pairs,
NULL chooses by size), and patience is the number of epochs without a better validation score after
which training stops and the best epoch is kept.  kl_weight changes nothing for ae and gae.
Shares of the edges, or of the rows for ae and vae, are held out: validation_fraction to watch the
training, test_fraction to judge the model, which never sees them.
The same inputs, arguments and seed give the same bytes on the same type of machine, whatever the order
of the rows and the number of threads.
Example: SELECT vgae_train('citation', nodes => 'SELECT id, year, venue FROM paper', epochs => 200)$$;

CREATE FUNCTION vgae_estimate(
	edges text DEFAULT NULL,
	nodes text DEFAULT NULL,
	features text DEFAULT NULL,
	model text DEFAULT 'vgae',
	hidden_dims integer[] DEFAULT '{32}',
	latent_dim integer DEFAULT 16,
	epochs integer DEFAULT 200,
	learning_rate float8 DEFAULT 0.01,
	dropout float8 DEFAULT 0,
	weight_decay float8 DEFAULT 0,
	kl_weight float8 DEFAULT 1,
	latent_scale float8 DEFAULT NULL,
	edge_mask float8 DEFAULT 0,
	directed boolean DEFAULT false,
	negatives float8 DEFAULT NULL,
	reconstruction text DEFAULT 'mse',
	batch_size integer DEFAULT NULL,
	validation_fraction float8 DEFAULT 0.05,
	test_fraction float8 DEFAULT 0,
	patience integer DEFAULT NULL,
	warm_start bytea DEFAULT NULL,
	seed bigint DEFAULT 0
) RETURNS TABLE (nodes bigint, edges bigint, features bigint, memory_bytes bigint, model_bytes bigint)
AS 'MODULE_PATHNAME', 'vgae_estimate'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1;

COMMENT ON FUNCTION vgae_estimate(text, text, text, text, integer[], integer, integer, float8, float8,
	float8, float8, float8, float8, boolean, float8, text, integer, float8, float8, integer, bytea, bigint) IS
$$Tells what vgae_train would take for the same arguments, without training: it reads and checks the
inputs as vgae_train does, and returns one row.
nodes, edges (different ones, without self-loops; NULL for ae and vae) and features (columns) are what
the inputs hold, memory_bytes is about how much memory the training would take at its peak, and
model_bytes how large the model would be: less if patience ends the training early.
What vgae_train refuses in its arguments and inputs is an error here, too, as is a model above 512 MB; a
memory_bytes above vgae.memory_limit is not.
Example: SELECT pg_size_pretty(memory_bytes) FROM vgae_estimate('citation', nodes => 'paper', latent_dim => 64)$$;

CREATE PROCEDURE vgae_train_into(
	target regclass,
	name text,
	edges text DEFAULT NULL,
	nodes text DEFAULT NULL,
	features text DEFAULT NULL,
	model text DEFAULT 'vgae',
	hidden_dims integer[] DEFAULT '{32}',
	latent_dim integer DEFAULT 16,
	epochs integer DEFAULT 200,
	learning_rate float8 DEFAULT 0.01,
	dropout float8 DEFAULT 0,
	weight_decay float8 DEFAULT 0,
	kl_weight float8 DEFAULT 1,
	latent_scale float8 DEFAULT NULL,
	edge_mask float8 DEFAULT 0,
	directed boolean DEFAULT false,
	negatives float8 DEFAULT NULL,
	reconstruction text DEFAULT 'mse',
	batch_size integer DEFAULT NULL,
	validation_fraction float8 DEFAULT 0.05,
	test_fraction float8 DEFAULT 0,
	patience integer DEFAULT NULL,
	warm_start bytea DEFAULT NULL,
	seed bigint DEFAULT 0
)
AS 'MODULE_PATHNAME', 'vgae_train_into'
LANGUAGE C;

COMMENT ON PROCEDURE vgae_train_into(regclass, text, text, text, text, text, integer[], integer, integer,
	float8, float8, float8, float8, float8, float8, boolean, float8, text, integer, float8, float8,
	integer, bytea, bigint) IS
$$Trains a model as vgae_train does for the same arguments and stores it in the table target: it inserts
the row (name, model, trained_at) or, if the name is there, updates it.
It is meant for long trainings: it reads, commits, trains without a snapshot or a lock, so that VACUUM can
remove old rows and nobody waits, and then stores the model, all with the caller's rights.
target needs the columns name, model (bytea) and trained_at (timestamptz) and a unique key on name; this,
the rights to insert all three, to update model and trained_at and to select name, and all arguments are
checked before anything is read. CHECKs, policies, triggers and partitions of target show when it stores.
Inside a transaction block, a function, an exception block or a procedure that is SECURITY DEFINER or has
a SET clause it is an error at once.
Example: CALL vgae_train_into('models', 'citations', 'citation', nodes => 'paper', epochs => 2000)$$;

/* What the view vgae_progress shows; it is not promised to stay. */
CREATE FUNCTION vgae_get_progress()
RETURNS TABLE (pid integer, datid oid, usesysid oid, phase text, epoch integer, epochs integer,
	loss float8, validation_score float8, started timestamptz, estimated_end timestamptz)
AS 'MODULE_PATHNAME', 'vgae_get_progress'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 100 ROWS 1;

COMMENT ON FUNCTION vgae_get_progress() IS
$$Returns a row for each training that is running, with the OIDs of its database and its user.
It is meant for the view vgae_progress, which has their names.$$;

CREATE VIEW vgae_progress AS
SELECT p.pid, d.datname, r.rolname AS usename, p.phase, p.epoch, p.epochs, p.loss, p.validation_score,
	p.started, p.estimated_end
FROM vgae_get_progress() p
	LEFT JOIN pg_catalog.pg_database d ON d.oid OPERATOR(pg_catalog.=) p.datid
	LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) p.usesysid;

GRANT SELECT ON vgae_progress TO PUBLIC;

COMMENT ON VIEW vgae_progress IS
$$Shows a row for each training that is running in any session of the server: the process, its database
and user, and how far it is.
phase is reading, training, then calibrating (gae and vgae) or encoding (ae and vae), and writing; epoch is
the last one that ended, of at most epochs; loss and validation_score (the mean of AUC and average
precision or, for ae and vae, the negative loss) are of that epoch; estimated_end is when the last epoch
would end, and NULL where that cannot be told.
As in pg_stat_activity, from phase on all is NULL for trainings of other users, unless the current user is a
member of that role or of pg_read_all_stats; and nothing is shown of sessions with track_activities off.
Example: SELECT pid, phase, epoch, epochs, estimated_end - now() AS remaining FROM vgae_progress$$;

CREATE FUNCTION vgae_version() RETURNS text
AS 'MODULE_PATHNAME', 'vgae_version'
LANGUAGE C STABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_version() IS
$$Returns the version of the loaded vgae library, such as 0.1.0.
If it differs from extversion in pg_extension, run ALTER EXTENSION vgae UPDATE.$$;


/* Look inside */

CREATE FUNCTION vgae_info(model bytea) RETURNS jsonb
AS 'MODULE_PATHNAME', 'vgae_info'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;

COMMENT ON FUNCTION vgae_info(bytea) IS
$$Describes a model as a jsonb object: its kind, node_type and sizes, what was counted while the edges were
read (edges, duplicate_edges, self_loops, zero_weight_edges, isolated_nodes), the arguments of the
training without any SQL text, the losses and the validation and test scores at the epoch that was
kept, the calibration of the probabilities, and the size in bytes.
What does not apply to the model is null, and infinity is the string Infinity.
Example: SELECT name, vgae_info(model)->>'validation_auc' FROM models$$;

CREATE FUNCTION vgae_history(model bytea)
RETURNS TABLE (epoch integer, loss float8, reconstruction float8, kl float8,
	validation_auc float8, validation_ap float8, validation_loss float8)
AS 'MODULE_PATHNAME', 'vgae_history'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 200;

COMMENT ON FUNCTION vgae_history(bytea) IS
$$Returns one row for each epoch of the training, numbered from 1: the loss, the parts of it that are
reconstruction and Kullback-Leibler divergence, and the scores on the validation edges or rows.
A column that does not apply to the model, or was not measured, is NULL; an untrained model
(epochs => 0) has no rows.
Example: SELECT epoch, loss FROM models, vgae_history(model) WHERE name = 'citations' ORDER BY epoch$$;

CREATE FUNCTION vgae_plot(model bytea, kind text DEFAULT 'latent', labels text DEFAULT NULL) RETURNS text
AS 'MODULE_PATHNAME', 'vgae_plot'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;

COMMENT ON FUNCTION vgae_plot(bytea, text, text) IS
$$Returns a picture of a model: a standalone SVG document, for a file or a browser.
kind 'latent' shows the first two principal components of the embeddings (of a directed model, of both
halves together), with the edges behind and a tooltip for each node. Up to 5000 nodes are circles, with
their keys beside them where there are few; more become a mosaic of small cells. Where there are too many
edges to be seen, some are drawn, and a line says how many.
labels, a relation or query with the columns node and label (or id and label, or else the first two),
colours the nodes: the seven most frequent labels, of any type, get colours of their own and all others
are grey. A node without a label, or with a NULL, is pale grey; rows of nodes that the model does not have
are passed over, but if it has none of them, or a node has two labels, that is an error.
kind 'history' shows the loss and the validation scores over the epochs, and which epoch was kept.
The same arguments give the same bytes, which are ASCII. A NULL model gives NULL.
Example: SELECT vgae_plot(model, labels => 'SELECT id, venue FROM papers') FROM models WHERE name = 'papers'$$;


/* Embeddings */

CREATE FUNCTION vgae_embeddings(model bytea)
RETURNS TABLE (node bigint, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_embeddings_int'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

COMMENT ON FUNCTION vgae_embeddings(bytea) IS
$$Returns the embedding of every node of the model: the latent code, or for vae and vgae the mean of its
Gaussian posterior with the standard deviation of each dimension in stddev (NULL for ae and gae).
Write vgae_embeddings(model) where the node keys are integers, vgae_embeddings(model, NULL::text) where
they are text and vgae_embeddings(model, NULL::uuid) where they are uuid; another type is an error.
A NULL model gives no row.
Example: SELECT node, embedding FROM models, vgae_embeddings(model) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_embeddings(model bytea, node_type text)
RETURNS TABLE (node text, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_embeddings_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_embeddings(model bytea, node_type uuid)
RETURNS TABLE (node uuid, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_embeddings_uuid'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_embedding(model bytea, node bigint) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_embedding_int'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION vgae_embedding(bytea, bigint) IS
$$Returns the embedding of one node: the latent code, or for vae and vgae the mean of its posterior.
The node is given by its key in the training data, as bigint, text or uuid; a quoted uuid needs the
cast ::uuid.
A node that the model does not know, or a NULL argument, gives NULL; a key of another type than the
model's is an error.
Example: SELECT vgae_embedding(model, 42) FROM models WHERE name = 'citations'$$;

CREATE FUNCTION vgae_embedding(model bytea, node text) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_embedding_text'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION vgae_embedding(model bytea, node uuid) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_embedding_uuid'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION vgae_encode(model bytea, features real[]) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_encode'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;

COMMENT ON FUNCTION vgae_encode(bytea, real[]) IS
$$Returns the latent code that an ae or vae model gives to one row of features; for vae it is the mean.
features holds one value a feature in the input's units, in the order of the training: the feature
columns of nodes, then the sorted keys of features; an array of float8 needs the cast ::real[].
A NULL argument gives NULL; an array of another length, or with NULL or non-finite elements, is an
error, and so is a gae or vgae model, for which vgae_encode_graph is the function.
Example: SELECT vgae_encode(model, '{5.1, 3.5, 1.4, 0.2}') FROM models WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_encode_graph(model bytea,
	edges text DEFAULT NULL, nodes text DEFAULT NULL, features text DEFAULT NULL)
RETURNS TABLE (node bigint, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_encode_graph_int'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;

COMMENT ON FUNCTION vgae_encode_graph(bytea, text, text, text) IS
$$Runs the trained encoder over other nodes or a changed graph and returns their embeddings, as
vgae_embeddings does for the nodes of the training.
edges, nodes and features are relations or queries as in vgae_train and must give the features that the
model was trained on; keys of features and categories of text that it does not know are left out with a
notice.
For ae and vae edges is left NULL; for gae and vgae without edges each node stands alone.
Keys that are text or uuid are announced by a second argument, after which nothing has a default:
vgae_encode_graph(model, NULL::text, edges, nodes, features).
A NULL model gives no row; a model trained without features cannot encode other nodes, which is an error.
Example: SELECT node, embedding FROM models, vgae_encode_graph(model, 'new_citation', 'new_paper')$$;

CREATE FUNCTION vgae_encode_graph(model bytea, node_type text, edges text, nodes text, features text)
RETURNS TABLE (node text, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_encode_graph_text'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;

CREATE FUNCTION vgae_encode_graph(model bytea, node_type uuid, edges text, nodes text, features text)
RETURNS TABLE (node uuid, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_encode_graph_uuid'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;


/* Links */

CREATE FUNCTION vgae_link_score(model bytea, src bigint, dst bigint) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_score_int'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION vgae_link_score(bytea, bigint, bigint) IS
$$Returns the score of a link from src to dst in a gae or vgae model: the inner product of the two
embeddings, the logit before calibration; the higher, the likelier.
In a directed model it is the source half of src's embedding times the target half of dst's.
The nodes are given by their keys, as bigint, text or uuid; a quoted uuid needs the cast ::uuid.
A node that the model does not know, or a NULL argument, gives NULL; a key of another type than the
model's, or an ae or vae model, is an error.
Example: SELECT vgae_link_score(model, 1, 2) FROM models WHERE name = 'citations'$$;

CREATE FUNCTION vgae_link_score(model bytea, src text, dst text) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_score_text'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION vgae_link_score(model bytea, src uuid, dst uuid) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_score_uuid'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION vgae_link_probability(model bytea, src bigint, dst bigint,
	samples integer DEFAULT 0, seed bigint DEFAULT 0) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_probability_int'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20
SUPPORT vgae_link_probability_support;

COMMENT ON FUNCTION vgae_link_probability(bytea, bigint, bigint, integer, bigint) IS
$$Returns the calibrated probability of a link from src to dst in a gae or vgae model: over all pairs of
nodes the probabilities add up to about the number of edges.
samples 0 takes the embeddings; samples above 0 averages over that many draws from the posteriors of
the two nodes, which only vgae has, and seed makes the draws repeatable.
The nodes are given by their keys, as bigint, text or uuid; a quoted uuid needs the cast ::uuid.
A node that the model does not know, or NULL for model, src or dst, gives NULL; a key of another type
than the model's, or an ae or vae model, is an error.
Example: SELECT vgae_link_probability(model, 1, 2) FROM models WHERE name = 'citations'$$;

CREATE FUNCTION vgae_link_probability(model bytea, src text, dst text,
	samples integer DEFAULT 0, seed bigint DEFAULT 0) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_probability_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20
SUPPORT vgae_link_probability_support;

CREATE FUNCTION vgae_link_probability(model bytea, src uuid, dst uuid,
	samples integer DEFAULT 0, seed bigint DEFAULT 0) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_probability_uuid'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20
SUPPORT vgae_link_probability_support;

CREATE FUNCTION vgae_predict_links(model bytea,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src bigint, dst bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_predict_links_int'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_predict_links(bytea, integer, float8, boolean) IS
$$Returns the k likeliest links of the whole graph of a gae or vgae model, best first, each with its score
and calibrated probability; the search is exact, and an undirected pair comes once.
Edges of the training data are left out unless include_known is true, and links less probable than
min_probability always are.
Node keys that are text or uuid are announced by a second argument: vgae_predict_links(model, NULL::text, 10).
A NULL model gives no row; k below 1, min_probability outside of 0 to 1, or an ae or vae model is an error.
Example: SELECT src, dst, probability FROM models, vgae_predict_links(model, 20) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_predict_links(model bytea, node_type text,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src text, dst text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_predict_links_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_predict_links(model bytea, node_type uuid,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src uuid, dst uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_predict_links_uuid'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_recommend(model bytea, node bigint,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (node bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_int'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_recommend(bytea, bigint, integer, float8, boolean) IS
$$Returns the k likeliest partners of one node in a gae or vgae model, best first, each with its score and
calibrated probability; in a directed model they are the targets of links from the node.
Nodes that it is already linked to are left out unless include_known is true, and partners less
probable than min_probability always are.
The node is given by its key, as bigint, text or uuid; a quoted uuid needs the cast ::uuid.
A node that the model does not know, or NULL for model or node, gives no row; a key of another type than
the model's, k below 1, min_probability outside of 0 to 1, or an ae or vae model is an error.
Example: SELECT p.id, r.node FROM models, paper p, LATERAL vgae_recommend(model, p.id, 3) r$$;

CREATE FUNCTION vgae_recommend(model bytea, node text,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (node text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_recommend(model bytea, node uuid,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (node uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_uuid'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_recommend_all(model bytea,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src bigint, dst bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_all_int'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
SUPPORT vgae_node_rows_support;

COMMENT ON FUNCTION vgae_recommend_all(bytea, integer, float8, boolean) IS
$$Returns for every node src of a gae or vgae model its k likeliest partners dst, as vgae_recommend does for
one node but in one pass over the graph.
Edges of the training data are left out unless include_known is true, and links less probable than
min_probability always are.
Node keys that are text or uuid are announced by a second argument: vgae_recommend_all(model, NULL::text, 10).
A NULL model gives no row; k below 1, min_probability outside of 0 to 1, or an ae or vae model is an error.
Example: CREATE TABLE related AS SELECT src, dst, probability FROM models, vgae_recommend_all(model, 5)$$;

CREATE FUNCTION vgae_recommend_all(model bytea, node_type text,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src text, dst text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_all_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_recommend_all(model bytea, node_type uuid,
	k integer DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src uuid, dst uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_all_uuid'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_anomalies(model bytea, k integer DEFAULT 10)
RETURNS TABLE (src bigint, dst bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_anomalies_int'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_anomalies(bytea, integer) IS
$$Returns the k edges of the training data that a gae or vgae model finds least likely, the least likely
first, each with its score and calibrated probability.
Node keys that are text or uuid are announced by a second argument: vgae_anomalies(model, NULL::text, 10).
A NULL model gives no row; k below 1, or an ae or vae model, is an error.
Example: SELECT src, dst, probability FROM models, vgae_anomalies(model, 20) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_anomalies(model bytea, node_type text, k integer DEFAULT 10)
RETURNS TABLE (src text, dst text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_anomalies_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_anomalies(model bytea, node_type uuid, k integer DEFAULT 10)
RETURNS TABLE (src uuid, dst uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_anomalies_uuid'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_evaluate(model bytea, positives text, negatives text DEFAULT NULL, seed bigint DEFAULT 0)
RETURNS TABLE (method text, auc float8, average_precision float8,
	hits_at_10 float8, hits_at_50 float8, hits_at_100 float8, mrr float8, positives bigint, negatives bigint)
AS 'MODULE_PATHNAME', 'vgae_evaluate'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 5;

COMMENT ON FUNCTION vgae_evaluate(bytea, text, text, bigint) IS
$$Measures how well a gae or vgae model tells links from non-links.
positives and negatives are pairs of node keys, each given as a relation or query with the columns src
and dst; a pair counts once, and one of a node with itself not at all.
negatives NULL draws as many random pairs that are neither known edges nor positives, repeatably by seed.
The first row, of method 'vgae', gives the area under the ROC curve, the average precision, the shares of
the positives that score above the 10th, 50th and 100th best negative, the mean reciprocal rank of a
positive among the negatives, and the numbers of pairs.
The rows below it give the same for what a trained model should beat: common_neighbours, adamic_adar and
preferential_attachment in the graph without its test edges, and the untrained_encoder, with the
random weights that a training begins with.
Positives that the model was trained on raise a warning.
NULL for model or positives gives no row; an ae or vae model, a node that the model does not know, or a
pair that is both positive and negative is an error.
Example: SELECT e.* FROM models, vgae_evaluate(model, 'SELECT src, dst FROM held_out') AS e$$;

/*
 * The state is the rows so far, so both aggregates share one transition when a
 * query calls them on the same arguments: a final function must not change it.
 */
CREATE FUNCTION vgae_ranking_transition(state bytea, score float8, label boolean) RETURNS bytea
AS 'MODULE_PATHNAME', 'vgae_ranking_transition'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION vgae_ranking_transition(bytea, float8, boolean) IS
$$Adds a row to the state of the aggregates vgae_auc and vgae_average_precision.
It is not meant to be called directly.$$;

CREATE FUNCTION vgae_ranking_combine(state bytea, other bytea) RETURNS bytea
AS 'MODULE_PATHNAME', 'vgae_ranking_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;

COMMENT ON FUNCTION vgae_ranking_combine(bytea, bytea) IS
$$Merges two states of the aggregates vgae_auc and vgae_average_precision.
It is not meant to be called directly.$$;

CREATE FUNCTION vgae_auc_final(state bytea) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_auc_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION vgae_auc_final(bytea) IS
$$Computes the result of the aggregate vgae_auc from its state.
It is not meant to be called directly.$$;

CREATE FUNCTION vgae_average_precision_final(state bytea) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_average_precision_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;

COMMENT ON FUNCTION vgae_average_precision_final(bytea) IS
$$Computes the result of the aggregate vgae_average_precision from its state.
It is not meant to be called directly.$$;

CREATE AGGREGATE vgae_auc(score float8, label boolean) (
	SFUNC = vgae_ranking_transition,
	STYPE = bytea,
	COMBINEFUNC = vgae_ranking_combine,
	FINALFUNC = vgae_auc_final,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE vgae_auc(float8, boolean) IS
$$Returns the area under the ROC curve of any scores: the share of the pairs of a true and a false label in
which the true one has the higher score, ties counting one half.
Rows where score or label is NULL are left out; the result is NULL unless both labels occur.
A score that is NaN is an error.
Example: SELECT vgae_auc(vgae_link_score(model, src, dst), is_edge) FROM models, candidate_pair$$;

CREATE AGGREGATE vgae_average_precision(score float8, label boolean) (
	SFUNC = vgae_ranking_transition,
	STYPE = bytea,
	COMBINEFUNC = vgae_ranking_combine,
	FINALFUNC = vgae_average_precision_final,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE vgae_average_precision(float8, boolean) IS
$$Returns the average precision of any scores, higher ones meaning that the label is likelier true: the
precision at each threshold weighted by the recall gained there, equal scores forming one threshold.
Rows where score or label is NULL are left out; the result is NULL unless both labels occur.
A score that is NaN is an error.
Example: SELECT vgae_average_precision(vgae_link_score(model, src, dst), is_edge) FROM models, candidate_pair$$;


/* Generate */

CREATE FUNCTION vgae_sample_posterior(model bytea, n integer DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (node bigint, sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_posterior_int'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

COMMENT ON FUNCTION vgae_sample_posterior(bytea, integer, bigint) IS
$$Draws n latents, numbered from 1, for every node of a vae or vgae model from the Gaussian posterior whose
mean and standard deviation vgae_embeddings shows; seed makes the draws repeatable.
Node keys that are text or uuid are announced by a second argument: vgae_sample_posterior(model, NULL::text, 5).
A NULL model gives no row; n below 1 is an error, and so is an ae or gae model, which has no posterior.
Example: SELECT node, sample, latent FROM models, vgae_sample_posterior(model, 5) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_sample_posterior(model bytea, node_type text, n integer DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (node text, sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_posterior_text'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_sample_posterior(model bytea, node_type uuid, n integer DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (node uuid, sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_posterior_uuid'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_sample_prior(model bytea, n integer DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_prior'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 1
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_sample_prior(bytea, integer, bigint) IS
$$Draws n latents, numbered from 1, from the standard normal prior of a vae or vgae model; seed makes the
draws repeatable.
vgae_decode turns such a latent into a new row of features (vae), vgae_decode_link turns two of them into
the probability of a link (vgae).
A NULL model gives no row; n below 1 is an error, and so is an ae or gae model, which has no prior.
Example: SELECT vgae_decode(model, latent) FROM models, vgae_sample_prior(model, 10) WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_decode(model bytea, latent real[]) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_decode'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;

COMMENT ON FUNCTION vgae_decode(bytea, real[]) IS
$$Returns the row of features that an ae or vae model decodes from a latent, in the input's units and in the
order that vgae_encode takes.
latent has latent_dim elements.
A NULL argument gives NULL; an array of another length, or with NULL or non-finite elements, is an
error, and so is a gae or vgae model, whose latents vgae_decode_link decodes.
Example: SELECT vgae_decode(model, vgae_embedding(model, 42)) FROM models WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_decode_link(model bytea, a real[], b real[]) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_decode_link'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;

COMMENT ON FUNCTION vgae_decode_link(bytea, real[], real[]) IS
$$Returns the calibrated probability of a link between two latents of a gae or vgae model, from a to b in a
directed one; for the embeddings of two nodes it is their vgae_link_probability.
a and b have latent_dim elements.
A NULL argument gives NULL; an array of another length, or with NULL or non-finite elements, is an
error, and so is an ae or vae model, whose latents vgae_decode decodes.
Example: SELECT vgae_decode_link(model, vgae_embedding(model, 1), vgae_embedding(model, 2)) FROM models$$;

CREATE FUNCTION vgae_reconstruct(model bytea, features real[]) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_reconstruct'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200;

COMMENT ON FUNCTION vgae_reconstruct(bytea, real[]) IS
$$Returns a row of features as an ae or vae model sees it: vgae_decode of vgae_encode of the row.
The distance between the row and its reconstruction tells how unusual the row is.
A NULL argument gives NULL; an array of another length, or with NULL or non-finite elements, is an
error, and so is a gae or vgae model.
Example: SELECT vgae_reconstruct(model, ARRAY[length, width]::real[]) FROM models, flower WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_interpolate(model bytea, from_latent real[], to_latent real[], steps integer DEFAULT 10)
RETURNS TABLE (step integer, t float8, latent real[], decoded real[])
AS 'MODULE_PATHNAME', 'vgae_interpolate'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_interpolate(bytea, real[], real[], integer) IS
$$Walks in a straight line from one latent to another over evenly spaced points, numbered from 1, both ends
included: t goes from 0 to 1 and latent is (1 - t) * from_latent + t * to_latent.
decoded is the row of features that an ae or vae model decodes from the latent, and NULL for gae and vgae.
NULL for model, from_latent or to_latent gives no row; steps below 2, or a latent that has not latent_dim
finite elements, is an error.
Example: SELECT step, decoded FROM models,
vgae_interpolate(model, vgae_embedding(model, 8), vgae_embedding(model, 9), 12) WHERE name = 'digits'$$;

CREATE FUNCTION vgae_generate_graph(model bytea, nodes integer, seed bigint DEFAULT 0)
RETURNS TABLE (src integer, dst integer, probability float8)
AS 'MODULE_PATHNAME', 'vgae_generate_graph'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000;

COMMENT ON FUNCTION vgae_generate_graph(bytea, integer, bigint) IS
$$Generates a new random graph of so many nodes, numbered from 1, from a vgae model: draws a latent for each
node from the prior, then each edge with its calibrated probability, which makes the graph about as
dense as the one of the training.
Returns one row an edge; an undirected edge comes once, and seed makes the graph repeatable.
NULL for model or nodes gives no row; nodes below 1 is an error, and so is a model of another kind.
Example: SELECT src, dst FROM models, vgae_generate_graph(model, 100) WHERE name = 'citations'$$;


/*
 * The overloads of a function share one comment: it stands with the first of
 * them and is copied to the others here.  The functions are those that belong
 * to the extension and their names are printed by regprocedure; with every
 * operator qualified, what else lies in the target schema cannot interfere.
 */
DO $$
DECLARE
	uncommented record;
BEGIN
	FOR uncommented IN
		WITH member AS (
			SELECT p.oid, p.proname, pg_catalog.obj_description(p.oid, 'pg_proc') AS comment
			FROM pg_catalog.pg_extension e, pg_catalog.pg_depend d, pg_catalog.pg_proc p
			WHERE e.extname OPERATOR(pg_catalog.=) 'vgae'
				AND d.refclassid OPERATOR(pg_catalog.=) e.tableoid
				AND d.refobjid OPERATOR(pg_catalog.=) e.oid
				AND d.deptype OPERATOR(pg_catalog.=) 'e'
				AND d.classid OPERATOR(pg_catalog.=) p.tableoid
				AND d.objid OPERATOR(pg_catalog.=) p.oid
		)
		SELECT overload.oid::pg_catalog.regprocedure AS signature, first.comment
		FROM member overload, member first
		WHERE overload.comment IS NULL
			AND first.comment IS NOT NULL
			AND first.proname OPERATOR(pg_catalog.=) overload.proname
	LOOP
		EXECUTE pg_catalog.format('COMMENT ON FUNCTION %s IS %L',
			uncommented.signature, uncommented.comment);
	END LOOP;
END
$$;
