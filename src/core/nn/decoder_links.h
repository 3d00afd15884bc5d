/*
 * decoder_links.h
 *		The decoder of graphs, p(A_ij = 1) = σ(x_ij), where x_ij is the product of the factors
 *		of i and j (see link_factors.h), and its weighted cross-entropy (Kipf & Welling,
 *		arXiv:1611.07308, section 2).
 *
 * Over all n² ordered pairs, with targets A + I (as the authors' code has it, the
 * mean over pairs times "norm"):
 *
 *		loss = norm / n² · Σ_ij [ pos_weight · y_ij · softplus(-x_ij)
 *		                          + (1 - y_ij) · softplus(x_ij) ]
 *		pos_weight = (n² - |A|) / |A|,  norm = n² / (2 (n² - |A|)),  |A| = Σ_ij A_ij
 *
 * An edge's term is multiplied by its weight over the mean weight.  When only masked edges
 * are targets, the others take no part: n² loses them, and |A| counts the masked ones.
 *
 * Exactly: softplus(x_ij), the term of a non-edge, is summed over all pairs by the dense loss,
 * and the sparse loss takes it back for the edges and the diagonal, whose terms it adds.
 * Sampled: the sparse loss adds up edges, diagonal, and drawn pairs that stand for all non-edges.
 */
#ifndef GAE_DECODER_LINKS_H
#define GAE_DECODER_LINKS_H

#include "core/nn/decoder.h"
#include "core/nn/pair_loss_dense.h"
#include "core/nn/pair_loss_sparse.h"

typedef struct GaeLinkDecoder
{
	GaeDecoder	base;
	GaeLinkFactors factors;
	GaePairLossDense dense;		/* for all pairs */
	GaePairLossSparse sparse;
	GaeNegatives sample;		/* for finite "negatives" */
	GaePairListing listing;		/* what is the same in every step */
	double		training_edges;
	double		negatives;		/* non-edges for each target edge; infinity: all pairs */
	int64_t		seed;
} GaeLinkDecoder;

/* The graph, and the adjacency of its training edges with "edge", must outlive the decoder. */
extern GaeStatus gae_link_decoder_create(GaeEnv *env, const GaeLinkFactorsKind *kind,
										 const GaeConfig *config, const GaeParams *params,
										 const GaeGraph *graph, const GaeAdjacency *adjacency,
										 double negatives, GaeLinkDecoder *decoder);

/* Bytes that this takes, for "edges" training edges. */
extern double gae_link_decoder_bytes(const GaeEnv *env, const GaeLinkFactorsKind *kind,
									 const GaeConfig *config, double nodes, double edges,
									 double negatives);

#endif							/* GAE_DECODER_LINKS_H */
