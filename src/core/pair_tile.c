/*
 * pair_tile.c
 *		A tile of Z·Zᵀ, panel by panel and group of rows by group of rows: scores,
 *		their loss and sigmoid, and the two products with the sigmoids.
 *
 * A matrix library would write the tile to memory, and read it three times; with
 * vectors as short as latents are, that takes longer than the arithmetic.
 */
#include "pair_tile.h"

#include <math.h>
#include <string.h>

#include "kernels.h"
#include "simd.h"
#include "vector.h"

static int64_t
padded_width(int64_t width)
{
	return (width + GAE_VECTOR_PADDING - 1) / GAE_VECTOR_PADDING * GAE_VECTOR_PADDING;
}

/* Parts of a worker's scratch memory. */
typedef struct Scratch
{
	GaeReal    *rows;			/* GAE_TILE x padded */
	GaeReal    *d_rows;
	GaeReal    *columns;		/* GAE_PANEL x padded */
	GaeReal    *d_columns;
	GaeReal    *panel;			/* width x GAE_PANEL: the columns, transposed */
	GaeReal    *x;				/* GAE_MAX_GROUP x GAE_PANEL */
} Scratch;

int64_t
gae_pair_tile_scratch(int64_t width)
{
	int64_t		padded = padded_width(width);

	return GAE_CACHE_LINE / (int64_t) sizeof(GaeReal) +
		2 * GAE_TILE * padded + 2 * GAE_PANEL * padded + GAE_PANEL * padded + GAE_MAX_GROUP * GAE_PANEL;
}

static Scratch
divide_scratch(GaeReal *memory, int64_t width)
{
	int64_t		padded = padded_width(width);
	uintptr_t	past_line = (uintptr_t) memory % GAE_CACHE_LINE;
	Scratch		s;

	s.rows = past_line == 0 ? memory
		: (GaeReal *) ((char *) memory + (GAE_CACHE_LINE - past_line));
	s.d_rows = s.rows + GAE_TILE * padded;
	s.columns = s.d_rows + GAE_TILE * padded;
	s.d_columns = s.columns + GAE_PANEL * padded;
	s.panel = s.d_columns + GAE_PANEL * padded;
	s.x = s.panel + GAE_PANEL * padded;
	return s;
}

/* to (room x padded) = the vectors, and zeros behind and below them. */
static void
pack(int64_t count, int64_t room, int64_t width, int64_t stride, const GaeReal *from, GaeReal *to)
{
	int64_t		padded = padded_width(width);

	if (count < room || width < padded)
		memset(to, 0, (size_t) (room * padded) * sizeof(GaeReal));
	for (int64_t i = 0; i < count; i++)
		memcpy(to + i * padded, from + i * stride, (size_t) width * sizeof(GaeReal));
}

/* panel (width x GAE_PANEL) = columns (GAE_PANEL x padded), transposed */
static void
transpose(int64_t width, const GaeReal *columns, GaeReal *panel)
{
	int64_t		padded = padded_width(width);

	for (int64_t c = 0; c < GAE_PANEL; c++)
		for (int64_t k = 0; k < width; k++)
			panel[k * GAE_PANEL + c] = columns[c * padded + k];
}

/* Set what x holds for rows and columns that are none. */
static void
fill_rest(int64_t rows, int64_t columns, int group, GaeReal value, GaeReal *x)
{
	for (int64_t r = 0; r < group; r++)
		for (int64_t c = r < rows ? columns : 0; c < GAE_PANEL; c++)
			x[r * GAE_PANEL + c] = value;
}

GAE_VECTORISED static void
unpack(int64_t count, int64_t width, int64_t stride, GaeReal scale, const GaeReal *restrict from,
	   GaeReal *restrict to)
{
	int64_t		padded = padded_width(width);

	for (int64_t i = 0; i < count; i++)
		for (int64_t k = 0; k < width; k++)
			to[i * stride + k] += scale * from[i * padded + k];
}

double
gae_pair_tile(int64_t rows, int64_t columns, int64_t width, int64_t stride,
			  const GaeReal *left, const GaeReal *right, GaeReal scale,
			  GaeReal *d_left, GaeReal *d_right, GaeReal *scratch)
{
	const GaeVectorKernels *kernels = gae_vector_kernels();
	int64_t		padded = padded_width(width);
	Scratch		s = divide_scratch(scratch, width);
	double		sum = 0;

	pack(rows, GAE_TILE, width, stride, left, s.rows);
	memset(s.d_rows, 0, (size_t) (GAE_TILE * padded) * sizeof(GaeReal));
	for (int64_t j = 0; j < columns; j += GAE_PANEL)
	{
		int64_t		in_panel = columns - j < GAE_PANEL ? columns - j : GAE_PANEL;

		pack(in_panel, GAE_PANEL, width, stride, right + j * stride, s.columns);
		transpose(width, s.columns, s.panel);
		memset(s.d_columns, 0, (size_t) (GAE_PANEL * padded) * sizeof(GaeReal));
		for (int64_t i = 0; i < rows; i += kernels->group)
		{
			bool		partial = rows - i < kernels->group || in_panel < GAE_PANEL;

			/*
			 * A score of minus infinity has no loss.  It has next to no slope, too,
			 * but what is next to nothing is slow to multiply.
			 */
			kernels->scores(width, padded, s.rows + i * padded, s.panel, s.x);
			if (partial)
				fill_rest(rows - i, in_panel, kernels->group, -(GaeReal) INFINITY, s.x);
			sum += gae_sigmoid_softplus(s.x, kernels->group * GAE_PANEL);
			if (partial)
				fill_rest(rows - i, in_panel, kernels->group, 0, s.x);
			if (d_right == NULL)
				kernels->fold(padded, s.x, s.columns, s.d_rows + i * padded);
			else
				kernels->fold_both(padded, s.x, s.rows + i * padded, s.columns,
								   s.d_rows + i * padded, s.d_columns);
		}
		if (d_right != NULL)
			unpack(in_panel, width, stride, scale, s.d_columns, d_right + j * stride);
	}
	unpack(rows, width, stride, scale, s.d_rows, d_left);
	return sum;
}
