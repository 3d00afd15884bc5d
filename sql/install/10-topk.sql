/* The best links, and the worst */

CREATE FUNCTION vgae_predict_links(model bytea,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src bigint, dst bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_predict_links'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_predict_links(bytea, bigint, float8, boolean) IS
$$Returns the k likeliest links of the whole graph of a gae or vgae model, best first, each with its score
and calibrated probability; the search is exact, and an undirected pair comes once.
Edges of the training data are left out unless include_known is true, and links less probable than
min_probability always are; so are, in a model without features, nodes without edges.
Node keys that are text or uuid are announced by a second argument: vgae_predict_links(model, NULL::text, 10).
A NULL model gives no row; k below 1, min_probability outside of 0 to 1, or an ae or vae model is an error.
Example: SELECT src, dst, probability FROM models, vgae_predict_links(model, 20) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_predict_links(model bytea, key_type text,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src text, dst text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_predict_links'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_predict_links(model bytea, key_type uuid,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src uuid, dst uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_predict_links'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_recommend(model bytea, node bigint,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (node bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_recommend(bytea, bigint, bigint, float8, boolean) IS
$$Returns the k likeliest partners of one node in a gae or vgae model, best first, each with its score and
calibrated probability; in a directed model they are the targets of links from the node.
Nodes that it is already linked to are left out unless include_known is true, and partners less
probable than min_probability always are; so are, in a model without features, nodes without edges.
The node is given by its key, an integer, a string or a uuid, and its partners are returned so, integers as
bigint. Text, and so a quoted literal or a parameter, is read as a key of the model's own type; its
partners are text.
A node that the model does not know or of which it has learnt nothing (it has no edges, and the model no
features), or NULL for model or node, gives no row; a key of another type than
the model's, k below 1, min_probability outside of 0 to 1, or an ae or vae model is an error.
Example: SELECT p.id, r.node FROM models, paper p, LATERAL vgae_recommend(model, p.id, 3) r$$;

CREATE FUNCTION vgae_recommend(model bytea, node text,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (node text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_recommend(model bytea, node uuid,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (node uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_recommend_all(model bytea,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src bigint, dst bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_all'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
SUPPORT vgae_node_rows_support;

COMMENT ON FUNCTION vgae_recommend_all(bytea, bigint, float8, boolean) IS
$$Returns for every node src of a gae or vgae model its k likeliest partners dst, as vgae_recommend does for
one node but in one pass over the graph.
Edges of the training data are left out unless include_known is true, and links less probable than
min_probability always are; so are, in a model without features, nodes without edges.
Node keys that are text or uuid are announced by a second argument: vgae_recommend_all(model, NULL::text, 10).
A NULL model gives no row; k below 1, min_probability outside of 0 to 1, or an ae or vae model is an error.
Example: CREATE TABLE related AS SELECT src, dst, probability FROM models, vgae_recommend_all(model, 5)$$;

CREATE FUNCTION vgae_recommend_all(model bytea, key_type text,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src text, dst text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_all'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_recommend_all(model bytea, key_type uuid,
	k bigint DEFAULT 10, min_probability float8 DEFAULT 0, include_known boolean DEFAULT false)
RETURNS TABLE (src uuid, dst uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_recommend_all'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_anomalies(model bytea, k bigint DEFAULT 10)
RETURNS TABLE (src bigint, dst bigint, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_anomalies'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_anomalies(bytea, bigint) IS
$$Returns the k edges of the training data that a gae or vgae model finds least likely, the least likely
first, each with its score and calibrated probability.
Node keys that are text or uuid are announced by a second argument: vgae_anomalies(model, NULL::text, 10).
A NULL model gives no row; k below 1, or an ae or vae model, is an error.
Example: SELECT src, dst, probability FROM models, vgae_anomalies(model, 20) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_anomalies(model bytea, key_type text, k bigint DEFAULT 10)
RETURNS TABLE (src text, dst text, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_anomalies'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

CREATE FUNCTION vgae_anomalies(model bytea, key_type uuid, k bigint DEFAULT 10)
RETURNS TABLE (src uuid, dst uuid, score float8, probability float8)
AS 'MODULE_PATHNAME', 'vgae_anomalies'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;
