/*
 * decoder_links.h
 *		The inner-product decoder of graphs, p(A_ij = 1) = σ(z_i · z_j) (Kipf &
 *		Welling, arXiv:1611.07308, equation 2), and its weighted cross-entropy.
 *
 * Over all n² ordered pairs, with targets A + I (as the authors' code has it, the
 * mean over pairs times "norm"):
 *
 *		loss = norm / n² · Σ_ij [ pos_weight · y_ij · softplus(-x_ij)
 *		                          + (1 - y_ij) · softplus(x_ij) ],  x_ij = z_i · z_j
 *		pos_weight = (n² - |A|) / |A|,  norm = n² / (2 (n² - |A|)),  |A| = Σ_ij A_ij
 *
 * An edge's term is multiplied by its weight over the mean weight.  In a directed
 * graph x_ij is the source half of z_i times the target half of z_j.  When only
 * masked edges are targets, the others take no part: n² loses them, and |A| counts
 * the masked ones.
 */
#ifndef GAE_DECODER_LINKS_H
#define GAE_DECODER_LINKS_H

#include "core/nn/decoder.h"
#include "core/graph/adjacency.h"
#include "core/graph/negatives.h"
#include "core/nn/pair_loss_dense.h"

typedef struct GaeLinkDecoder
{
	GaeDecoder	base;
	const GaeGraph *graph;
	const GaeAdjacency *adjacency;	/* of the training edges, with "edge" */
	int64_t		latent_dim;
	int64_t		width;			/* of the factors: latent_dim, or its half */
	double		training_edges;
	double		mean_weight;
	double		negatives;		/* non-edges for each target edge; infinity: all pairs */
	int64_t		seed;

	/* Workspace. */
	GaePairLossDense tiles;			/* for all pairs */
	GaeReal    *mirror;			/* nodes x latent_dim: gradient by the tiles' columns */
	double	   *block_loss;		/* of blocks of listed pairs, or of tiles */
	int64_t		block_nodes;	/* of listed pairs */
	GaeNegatives sample;		/* for finite "negatives" */
} GaeLinkDecoder;

extern GaeStatus gae_link_decoder_create(GaeEnv *env, const GaeGraph *graph,
										 const GaeAdjacency *adjacency, int64_t latent_dim,
										 double negatives, int64_t seed, GaeLinkDecoder *decoder);

#endif							/* GAE_DECODER_LINKS_H */
