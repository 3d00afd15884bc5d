/* Estimate a training */

CREATE FUNCTION vgae_estimate(
@training_arguments@
) RETURNS TABLE (nodes bigint, edges bigint, features bigint, memory_bytes bigint, model_bytes bigint)
AS 'MODULE_PATHNAME', 'vgae_estimate'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1;

COMMENT ON FUNCTION vgae_estimate(@training_argument_types@) IS
$$Tells what vgae_train would take for the same arguments, without training: it reads and checks the
inputs as vgae_train does, and returns one row.
nodes, edges (different ones, without self-loops; NULL for ae and vae) and features (columns) are what
the inputs hold, memory_bytes is about how much memory the training would take at its peak, and
model_bytes how large the model would be: less if patience ends the training early.
What vgae_train refuses in its arguments and inputs is an error here, too, as is a model above 512 MB; a
memory_bytes above vgae.memory_limit is not.
Example: SELECT pg_size_pretty(memory_bytes) FROM vgae_estimate('citation', nodes => 'paper', latent_dim => 64)$$;
