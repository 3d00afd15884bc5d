/* Evaluate links */

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
random weights that a training begins with. The figures of a heuristic that knows nothing of the pairs are
NULL, as in a bipartite graph, where no positive has a common neighbour.
Positives that the model was trained on raise a warning.
NULL for model or positives gives no row; an ae or vae model, a node that the model does not know, or a
pair that is both positive and negative is an error.
Example: SELECT e.* FROM models, vgae_evaluate(model, 'SELECT src, dst FROM held_out') AS e$$;
