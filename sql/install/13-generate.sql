/* Generate */

CREATE FUNCTION vgae_sample_posterior(model bytea, n bigint DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (node bigint, sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_posterior'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

COMMENT ON FUNCTION vgae_sample_posterior(bytea, bigint, bigint) IS
$$Draws n latents, numbered from 1, for every node of a vae or vgae model from the Gaussian posterior whose
mean and standard deviation vgae_embeddings shows; seed makes the draws repeatable.
Node keys that are text or uuid are announced by a second argument: vgae_sample_posterior(model, NULL::text, 5).
A NULL model gives no row; n below 1 is an error, and so is an ae or gae model, which has no posterior.
Example: SELECT node, sample, latent FROM models, vgae_sample_posterior(model, 5) WHERE name = 'citations'$$;

CREATE FUNCTION vgae_sample_posterior(model bytea, key_type text, n bigint DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (node text, sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_posterior'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_sample_posterior(model bytea, key_type uuid, n bigint DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (node uuid, sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_posterior'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 1000
SUPPORT vgae_node_rows_support;

CREATE FUNCTION vgae_sample_prior(model bytea, n bigint DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (sample integer, latent real[])
AS 'MODULE_PATHNAME', 'vgae_sample_prior'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 1
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_sample_prior(bytea, bigint, bigint) IS
$$Draws n latents, numbered from 1, from the standard normal prior of a vae or vgae model; seed makes the
draws repeatable.
vgae_decode turns a latent into a new row of features (vae), vgae_decode_link turns two latents into
the probability of a link (vgae).
A NULL model gives no row; n below 1 is an error, and so is an ae or gae model, which has no prior.
Example: SELECT vgae_decode(model, latent) FROM models, vgae_sample_prior(model, 10) WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_decode(model bytea, latent float8[]) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_decode'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100
SUPPORT vgae_reals_support;

COMMENT ON FUNCTION vgae_decode(bytea, float8[]) IS
$$Returns the row of features that an ae or vae model decodes from a latent, in the input's units and in the
order that vgae_encode takes.
latent has latent_dim elements.
A NULL argument gives NULL; an array of another length, or with NULL or non-finite elements, is an
error, and so is a gae or vgae model, whose latents vgae_decode_link decodes.
Example: SELECT vgae_decode(model, vgae_embedding(model, 42)) FROM models WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_decode_link(model bytea, a float8[], b float8[]) RETURNS float8
AS 'MODULE_PATHNAME', 'vgae_decode_link'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
SUPPORT vgae_reals_support;

COMMENT ON FUNCTION vgae_decode_link(bytea, float8[], float8[]) IS
$$Returns the calibrated probability of a link between two latents of a gae or vgae model, from a to b in a
directed one; for the embeddings of two nodes it is their vgae_link_probability.
a and b have latent_dim elements.
A NULL argument gives NULL; an array of another length, or with NULL or non-finite elements, is an
error, and so is an ae or vae model, whose latents vgae_decode decodes.
Example: SELECT vgae_decode_link(model, vgae_embedding(model, 1), vgae_embedding(model, 2)) FROM models$$;

CREATE FUNCTION vgae_reconstruct(model bytea, features float8[]) RETURNS real[]
AS 'MODULE_PATHNAME', 'vgae_reconstruct'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200
SUPPORT vgae_reals_support;

COMMENT ON FUNCTION vgae_reconstruct(bytea, float8[]) IS
$$Returns a row of features as an ae or vae model sees it: vgae_decode of vgae_encode of the row.
The distance between the row and its reconstruction tells how unusual the row is.
An element that is NULL is missing, and rebuilt from the others.
A NULL argument gives NULL; an array of another length, or with elements that are not finite, is an
error, and so is a gae or vgae model.
Example: SELECT vgae_reconstruct(model, ARRAY[length, width]) FROM models, flower WHERE name = 'flowers'$$;

CREATE FUNCTION vgae_interpolate(model bytea, from_latent float8[], to_latent float8[], steps bigint DEFAULT 10)
RETURNS TABLE (step integer, t float8, latent real[], decoded real[])
AS 'MODULE_PATHNAME', 'vgae_interpolate'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 10
SUPPORT vgae_rows_support;

COMMENT ON FUNCTION vgae_interpolate(bytea, float8[], float8[], bigint) IS
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
$$Generates a new random graph from a vgae model, with nodes numbered from 1: draws a latent for each
node from the prior, then each edge with its calibrated probability, which makes the graph about as
dense as the one of the training.
Returns one row an edge; an undirected edge comes once, and seed makes the graph repeatable.
NULL for model or nodes gives no row; nodes below 1 is an error, and so is a model of another kind.
Example: SELECT src, dst FROM models, vgae_generate_graph(model, 100) WHERE name = 'citations'$$;
