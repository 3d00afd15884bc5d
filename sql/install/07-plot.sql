/* Pictures */

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
