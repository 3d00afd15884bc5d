/* Links, one by one */

CREATE FUNCTION vgae_link_score(model bytea, src anycompatible, dst anycompatible) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_score'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

COMMENT ON FUNCTION vgae_link_score(bytea, anycompatible, anycompatible) IS
$$Returns the score of a link from src to dst in a gae or vgae model: the inner product of the two
embeddings, the logit before calibration; the higher, the likelier.
In a directed model it is the source half of src's embedding times the target half of dst's.
The nodes are given by their keys, integers, strings of any type or uuids. Text, and so a quoted literal
or a parameter, is read as a key of the model's own type.
A node that the model does not know, or a NULL argument, gives NULL; a key of another type than the
model's, or an ae or vae model, is an error.
Example: SELECT vgae_link_score(model, 1, 2) FROM models WHERE name = 'citations'$$;

CREATE FUNCTION vgae_link_score(model bytea, src text, dst text) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_score'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;

CREATE FUNCTION vgae_link_probability(model bytea, src anycompatible, dst anycompatible,
	samples integer DEFAULT 0, seed bigint DEFAULT 0) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_probability'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20
SUPPORT vgae_link_probability_support;

COMMENT ON FUNCTION vgae_link_probability(bytea, anycompatible, anycompatible, integer, bigint) IS
$$Returns the calibrated probability of a link from src to dst in a gae or vgae model: over all pairs of
nodes the probabilities add up to about the number of edges.
samples 0 takes the embeddings; samples above 0 is the number of draws to average over, from the
posteriors of the two nodes, which only vgae has, and seed makes the draws repeatable.
The nodes are given by their keys, integers, strings of any type or uuids. Text, and so a quoted literal
or a parameter, is read as a key of the model's own type.
A node that the model does not know, or NULL for model, src or dst, gives NULL; a key of another type
than the model's, or an ae or vae model, is an error.
Example: SELECT vgae_link_probability(model, 1, 2) FROM models WHERE name = 'citations'$$;

CREATE FUNCTION vgae_link_probability(model bytea, src text, dst text,
	samples integer DEFAULT 0, seed bigint DEFAULT 0) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_link_probability'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20
SUPPORT vgae_link_probability_support;
