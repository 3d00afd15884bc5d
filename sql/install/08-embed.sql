/* Embeddings */

CREATE FUNCTION vgae_embeddings(model bytea)
RETURNS TABLE (node bigint, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_embeddings'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

COMMENT ON FUNCTION vgae_embeddings(bytea) IS
$$Returns the embedding of every node of the model: the latent code, or for vae and vgae the mean of its
Gaussian posterior with the standard deviation of each dimension in stddev (NULL for ae and gae).
Write vgae_embeddings(model) where the node keys are integers, vgae_embeddings(model, NULL::text) where
they are text and vgae_embeddings(model, NULL::uuid) where they are uuid. key_type may be of any type that
can hold the keys, such as varchar or integer, and node has its type; any other type is an error.
A NULL model gives no row.
Example: SELECT node, embedding FROM models, vgae_embeddings(model) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_embeddings(model bytea, key_type anyelement)
RETURNS TABLE (node anyelement, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_embeddings'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_embedding(model bytea, node anycompatible) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_embedding'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION vgae_embedding(bytea, anycompatible) IS
$$Returns the embedding of one node: the latent code, or for vae and vgae the mean of its posterior.
The node is given by its key in the training data, an integer, a string of any type or a uuid. Text, and
so a quoted literal or a parameter, is read as a key of the model's own type.
A node that the model does not know, or a NULL argument, gives NULL; a key of another type than the
model's is an error.
Example: SELECT vgae_embedding(model, 42) FROM models WHERE name = 'citations'$$;

CREATE FUNCTION vgae_embedding(model bytea, node text) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_embedding'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION vgae_encode(model bytea, features float8[]) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_encode'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100
SUPPORT vgae_reals_support;

COMMENT ON FUNCTION vgae_encode(bytea, float8[]) IS
$$Returns the latent code that an ae or vae model gives to one row of features; for vae it is the mean.
features holds one value a feature in the input's units, in the order of the training: the feature
columns of nodes, then the sorted keys of features. It may be an array of any type of numbers; an element
that is NULL is missing.
A NULL argument gives NULL; an array of another length, or with elements that are not finite or out of the
range of real, is an error, and so is a gae or vgae model, for which vgae_encode_graph is the function.
Example: SELECT vgae_encode(model, '{5.1, 3.5, 1.4, 0.2}') FROM models WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_encode_graph(model bytea,
	edges text DEFAULT NULL, nodes text DEFAULT NULL, features text DEFAULT NULL)
RETURNS TABLE (node bigint, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_encode_graph'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;

COMMENT ON FUNCTION vgae_encode_graph(bytea, text, text, text) IS
$$Runs the trained encoder over other nodes or a changed graph and returns their embeddings, as
vgae_embeddings does for the nodes of the training.
edges, nodes and features are relations or queries as in vgae_train and must give the features that the
model was trained on; keys of features and categories of text that it does not know are left out with a
notice, and a NULL is missing.
For ae and vae edges is left NULL; for gae and vgae without edges each node stands alone.
Keys that are text or uuid are announced by key_type. Give its name, for a text without one may be taken
for edges: vgae_encode_graph(model, key_type => NULL::text, nodes => 'new_paper').
A NULL model gives no row; a model trained without features cannot encode other nodes, which is an error.
Example: SELECT node, embedding FROM models, vgae_encode_graph(model, 'new_citation', 'new_paper')$$;

CREATE FUNCTION vgae_encode_graph(model bytea, key_type anyelement,
	edges text DEFAULT NULL, nodes text DEFAULT NULL, features text DEFAULT NULL)
RETURNS TABLE (node anyelement, embedding real[], stddev real[])
AS 'MODULE_PATHNAME', 'vgae_encode_graph'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;
