/*
 * fn_ranking.c
 *		The aggregates vgae_auc and vgae_average_precision.
 *
 * Their state is a bytea with all scores, so that PostgreSQL can hand it from
 * worker to leader, and an engine of several machines from node to node.  It is
 * one block with room to grow: the scores of positives fill it from the front,
 * those of negatives from the back, and both lie as gae_ranking wants them.
 *
 *		| header | positives → | room | ← negatives |
 *
 * How much room there is follows from the size of the bytea: the executor copies
 * a state byte by byte.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "utils/memutils.h"

#include "pg/base/compat.h"
#include "core/infer/metrics.h"
#include "pg/base/env_pg.h"
#include "pg/base/long_memory.h"
#include "pg/base/result.h"

PG_FUNCTION_INFO_V1(vgae_ranking_transition);
PG_FUNCTION_INFO_V1(vgae_ranking_combine);
PG_FUNCTION_INFO_V1(vgae_auc_final);
PG_FUNCTION_INFO_V1(vgae_average_precision_final);

/* The first bytes of a state: other byteas have others, as has a machine of another byte order. */
#define RANKING_MAGIC 0x76726b31

/* Check for interrupts after this many scores. */
#define POLL_SCORES (1 << 20)

typedef struct RankingState
{
	int32		vl_len_;		/* varlena header: do not touch directly */
	uint32		magic;
	int64		positives;
	int64		negatives;
	double		score[FLEXIBLE_ARRAY_MEMBER];
} RankingState;

#define RANKING_HEADER offsetof(RankingState, score)
#define RANKING_MIN_ROOM 16
#define RANKING_MAX_ROOM ((int64) ((MaxAllocSize - RANKING_HEADER) / sizeof(double)))

/* How many scores the state has room for. */
static int64
room_of(const RankingState *state)
{
	return (VARSIZE(state) - RANKING_HEADER) / sizeof(double);
}

/* The scores of the negatives, the last ones in the state. */
static double *
negatives_of(RankingState *state)
{
	return &state->score[room_of(state) - state->negatives];
}

static void
refuse_state(const RankingState *state)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of a vgae aggregate"),
			 errdetail("The state has %zu bytes.", (Size) VARSIZE(state) - VARHDRSZ),
			 errhint("The aggregate must start without an initial state.")));
}

/*
 * The state in a Datum.  It is checked: a user's own aggregate may have another initial
 * state, and the final functions can be called with any bytea.
 */
static RankingState *
ranking_state(Datum datum)
{
	struct varlena *bytes = PG_DETOAST_DATUM(datum);
	RankingState *state = (RankingState *) bytes;

	/* A bytea in a tuple is aligned for int32 only. */
	if (PointerGetDatum(bytes) != MAXALIGN(PointerGetDatum(bytes)))
		state = memcpy(palloc(VARSIZE(bytes)), bytes, VARSIZE(bytes));

	if (VARSIZE(state) < RANKING_HEADER || state->magic != RANKING_MAGIC ||
		state->positives < 0 || state->positives > room_of(state) ||
		state->negatives < 0 || state->negatives > room_of(state) - state->positives)
		refuse_state(state);
	return state;
}

/*
 * A copy of the state, or an empty one for NULL, with room for at least "needed" scores.
 * It lies in the current memory context: the executor moves it into the aggregate's and
 * frees the former state.
 */
static RankingState *
ranking_grow(RankingState *state, int64 needed)
{
	int64		room = RANKING_MIN_ROOM;
	Size		size;
	RankingState *grown;

	if (needed > RANKING_MAX_ROOM)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many rows for the aggregate"),
				 errdetail("It can hold %lld scores.", (long long) RANKING_MAX_ROOM),
				 errhint("Aggregate a random sample of the rows.")));
	while (room < needed)
		room *= 2;
	room = Min(room, RANKING_MAX_ROOM);

	size = RANKING_HEADER + room * sizeof(double);
	grown = palloc(size);
	vgae_zero_long(grown, size);
	SET_VARSIZE(grown, size);
	grown->magic = RANKING_MAGIC;
	if (state != NULL)
	{
		grown->positives = state->positives;
		grown->negatives = state->negatives;
		vgae_copy_long(grown->score, state->score, state->positives * sizeof(double));
		vgae_copy_long(negatives_of(grown), negatives_of(state), state->negatives * sizeof(double));
	}
	return grown;
}

/* The state with room for "more" scores: itself, or a larger copy. */
static RankingState *
ranking_reserve(RankingState *state, int64 more)
{
	int64		needed = more;

	if (state != NULL)
	{
		needed += state->positives + state->negatives;
		if (needed <= room_of(state))
			return state;
	}
	return ranking_grow(state, needed);
}

/* The state is changed in place, which only an aggregate's own state allows. */
static void
require_aggregate(FunctionCallInfo fcinfo)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function called outside of an aggregate"),
				 errhint("Use the aggregate vgae_auc or vgae_average_precision.")));
}

/* vgae_ranking_transition(state, score, label) */
Datum
vgae_ranking_transition(PG_FUNCTION_ARGS)
{
	RankingState *state = NULL;
	double		score;

	require_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	score = PG_GETARG_FLOAT8(1);
	if (isnan(score))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("score must not be NaN"),
				 errdetail("NaN is neither above nor below another score."),
				 errhint("Leave such rows out: add FILTER (WHERE score <> 'NaN').")));

	if (!PG_ARGISNULL(0))
		state = ranking_state(PG_GETARG_DATUM(0));
	state = ranking_reserve(state, 1);
	if (PG_GETARG_BOOL(2))
		state->score[state->positives++] = score;
	else
	{
		state->negatives++;
		*negatives_of(state) = score;
	}
	PG_RETURN_POINTER(state);
}

/* vgae_ranking_combine(state, other) */
Datum
vgae_ranking_combine(PG_FUNCTION_ARGS)
{
	RankingState *state;
	RankingState *other;

	require_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	other = ranking_state(PG_GETARG_DATUM(1));
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(other);

	state = ranking_reserve(ranking_state(PG_GETARG_DATUM(0)),
							other->positives + other->negatives);
	vgae_copy_long(&state->score[state->positives], other->score, other->positives * sizeof(double));
	state->positives += other->positives;
	state->negatives += other->negatives;
	vgae_copy_long(negatives_of(state), negatives_of(other), other->negatives * sizeof(double));
	PG_RETURN_POINTER(state);
}

static void
require_numbers(const RankingState *state, const double *score, int64 count)
{
	for (int64 i = 0; i < count; i++)
	{
		if (i % POLL_SCORES == 0)
			CHECK_FOR_INTERRUPTS();
		if (isnan(score[i]))
			refuse_state(state);
	}
}

/* The state is not changed: in a window, more rows are added to it afterwards. */
static void
final_ranking(Datum datum, GaeRanking *ranking)
{
	RankingState *state = ranking_state(datum);
	const double *negatives = negatives_of(state);
	GaeEnv	   *env;

	/* vgae_ranking_transition refuses NaN, but a forged state may hold one. */
	require_numbers(state, state->score, state->positives);
	require_numbers(state, negatives, state->negatives);

	env = vgae_env_begin();
	vgae_check(env, gae_ranking(env, state->score, state->positives,
								negatives, state->negatives, ranking));
	vgae_env_end(env);
}

/* vgae_auc_final(state) */
Datum
vgae_auc_final(PG_FUNCTION_ARGS)
{
	GaeRanking	ranking;

	final_ranking(PG_GETARG_DATUM(0), &ranking);
	PG_RETURN_DATUM(vgae_float_or_null(ranking.auc, &fcinfo->isnull));
}

/* vgae_average_precision_final(state) */
Datum
vgae_average_precision_final(PG_FUNCTION_ARGS)
{
	GaeRanking	ranking;

	final_ranking(PG_GETARG_DATUM(0), &ranking);
	PG_RETURN_DATUM(vgae_float_or_null(ranking.average_precision, &fcinfo->isnull));
}
