/* Look inside */

CREATE FUNCTION vgae_info(model bytea) RETURNS jsonb
AS 'MODULE_PATHNAME', 'vgae_info'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;

COMMENT ON FUNCTION vgae_info(bytea) IS
$$Describes a model as a jsonb object: its kind, node_type and sizes, what was counted while the edges were
read (edges, duplicate_edges, self_loops, zero_weight_edges, isolated_nodes), the number of isolated nodes
that get no recommendations (nodes_not_recommended), the arguments of the training without any SQL text, the losses and the validation and test scores at the epoch that was
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
