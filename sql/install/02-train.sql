/* Train */

CREATE FUNCTION vgae_train(
@training_arguments@
) RETURNS bytea
AS 'MODULE_PATHNAME', 'vgae_train'
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1000000;

COMMENT ON FUNCTION vgae_train(@training_argument_types@) IS
$$Trains a graph autoencoder (model 'gae' or 'vgae') on edges, or an autoencoder ('ae' or 'vae') on rows
of features, and returns the model as a bytea that every other vgae function takes.
edges (src, dst, optional weight), nodes (id, one column a feature) and features (node, feature,
optional value) are each the name of a relation or one SELECT, VALUES, WITH or TABLE query, read with
the caller's rights and without writing; gae and vgae need edges, ae and vae need nodes or features.
Features are brought to one scale; a NULL is missing and takes the mean, and what is constant is left
out with a warning.
node_weights says whether each node gets weights of its own beside its features: NULL takes them unless
the features alone tell more of the edges, and vgae_info tells which it was.
Of the other arguments hidden_dims are the widths of the encoder's hidden layers ('{}' is the linear
model), negatives is the number of non-edges drawn for each edge and epoch ('Infinity' takes all pairs,
NULL chooses by size), and patience is the number of epochs without a better validation score after
which training stops and the best epoch is kept.  kl_weight changes nothing for ae and gae.
Shares of the edges, or of the rows for ae and vae, are held out: validation_fraction to watch the
training, test_fraction to judge the model, which never sees them.
The same inputs, arguments and seed give the same bytes on the same type of machine, whatever the order
of the rows and the number of threads.
Example: CREATE TABLE model AS SELECT vgae_train('citation', nodes => 'SELECT id, year, venue FROM paper') AS model$$;

CREATE FUNCTION vgae_version() RETURNS text
AS 'MODULE_PATHNAME', 'vgae_version'
LANGUAGE C STABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_version() IS
$$Returns the version of the loaded vgae library.
If it differs from extversion in pg_extension, run ALTER EXTENSION vgae UPDATE.$$;
