/*
 * progress.c
 *		How far a training is.
 *
 * Each backend has a place in shared memory where commands such as VACUUM show how
 * far they are, and every session may read it: a kind of command, a relation and
 * twenty numbers, which change all at once.  The kinds that PostgreSQL knows have a
 * view each, and each view passes over other kinds.  Trainings are one more kind,
 * with a number far from all of PostgreSQL's.  So this needs no preloading, no file
 * and no privilege, works on a standby, costs some nanoseconds an epoch, and leaves
 * nothing behind: PostgreSQL clears the place when a (sub)transaction fails or the
 * backend ends.
 *
 * As for those commands, nothing is shown while track_activities is off.
 */
#include "postgres.h"

#include <math.h>

#include "utils/timestamp.h"

#include "pg/base/compat.h"
#include "pg/base/progress.h"

/* How often a long training tells how far it is. */
#define NOTICE_INTERVAL_MS 5000

/* Our kind of command: "VGAE". */
#define PROGRESS_COMMAND_TRAINING ((ProgressCommandType) 0x56474145)

/* What the numbers are. */
typedef enum Number
{
	LAYOUT,						/* LAYOUT_VERSION */
	PHASE,						/* a GaePhase */
	EPOCH,
	EPOCHS,
	LOSS,						/* the bits of a float8 */
	VALIDATION_SCORE,			/* likewise */
	STARTED,
	ESTIMATED_END,
	NUMBERS
} Number;

/*
 * The version of these meanings, GaePhase included.  It must be raised when one of
 * them changes, for another session may run another version of the library.  In the
 * place itself it is 0 between the start of the command and the first update.
 */
#define LAYOUT_VERSION 1

StaticAssertDecl(NUMBERS <= PGSTAT_NUM_PROGRESS_PARAM, "too many numbers to show");

static const char *const phase_names[] = {
	[GAE_PHASE_READING] = "reading",
	[GAE_PHASE_TRAINING] = "training",
	[GAE_PHASE_CALIBRATING] = "calibrating",
	[GAE_PHASE_ENCODING] = "encoding",
	[GAE_PHASE_WRITING] = "writing",
};

const char *
vgae_phase_name(GaePhase phase)
{
	return phase_names[phase];
}

static int64
bits_of(double number)
{
	int64		bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static double
number_of(int64 bits)
{
	double		number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

static void
update_numbers(int count, const int64 *value)
{
	int			index[PGSTAT_NUM_PROGRESS_PARAM];

	for (int i = 0; i < count; i++)
		index[i] = i;
	pgstat_progress_update_multi_param(count, index, value);
}

static void
show(const VgaeProgressRow *row)
{
	int64		value[NUMBERS];

	if (MyBEEntry == NULL)
		return;
	/* The place is empty, or shows another command. */
	if (MyBEEntry->st_progress_command != PROGRESS_COMMAND_TRAINING)
		pgstat_progress_start_command(PROGRESS_COMMAND_TRAINING, InvalidOid);

	value[LAYOUT] = LAYOUT_VERSION;
	value[PHASE] = row->phase;
	value[EPOCH] = row->epoch;
	value[EPOCHS] = row->epochs;
	value[LOSS] = bits_of(row->loss);
	value[VALIDATION_SCORE] = bits_of(row->validation_score);
	value[STARTED] = row->started;
	value[ESTIMATED_END] = row->estimated_end;
	update_numbers(NUMBERS, value);
}

bool
vgae_progress_of(const PgBackendStatus *backend, VgaeProgressRow *row)
{
	const int64 *value = backend->st_progress_param;

	if (backend->st_progress_command != PROGRESS_COMMAND_TRAINING ||
		value[LAYOUT] != LAYOUT_VERSION ||
		value[PHASE] < 0 || value[PHASE] >= (int64) lengthof(phase_names))
		return false;
	row->phase = (GaePhase) value[PHASE];
	row->epoch = (int32) value[EPOCH];
	row->epochs = (int32) value[EPOCHS];
	row->loss = number_of(value[LOSS]);
	row->validation_score = number_of(value[VALIDATION_SCORE]);
	row->started = value[STARTED];
	row->estimated_end = value[ESTIMATED_END];
	return true;
}

void
vgae_progress_save(VgaeShownCommand *shown)
{
	shown->command = PROGRESS_COMMAND_INVALID;
	if (MyBEEntry == NULL)
		return;
	shown->command = MyBEEntry->st_progress_command;
	shown->target = MyBEEntry->st_progress_command_target;
	memcpy(shown->param, MyBEEntry->st_progress_param, sizeof(shown->param));
}

void
vgae_progress_restore(const VgaeShownCommand *shown)
{
	if (shown->command == PROGRESS_COMMAND_INVALID)
		pgstat_progress_end_command();
	else
	{
		pgstat_progress_start_command(shown->command, shown->target);
		update_numbers(PGSTAT_NUM_PROGRESS_PARAM, shown->param);
	}
}

/*
 * The query that trains may be run by COPY, or by the reading of another training: what
 * these show comes back when this training ends.
 */
void
vgae_progress_begin(VgaeProgress *progress, int32 epochs)
{
	memset(progress, 0, sizeof(*progress));
	vgae_progress_save(&progress->outer);
	progress->row.epochs = epochs;
	progress->row.loss = progress->row.validation_score = NAN;
	progress->row.started = GetCurrentTimestamp();
	vgae_progress_phase(progress, GAE_PHASE_READING);
}

void
vgae_progress_end(const VgaeProgress *progress)
{
	vgae_progress_restore(&progress->outer);
}

void
vgae_progress_phase(VgaeProgress *progress, GaePhase phase)
{
	progress->row.phase = phase;
	progress->row.estimated_end = 0;
	show(&progress->row);
}

/* When the last epoch will end, if all take as long as those so far; 0 if none was timed yet. */
static TimestampTz
estimate_end(VgaeProgress *progress, TimestampTz now)
{
	const VgaeProgressRow *row = &progress->row;
	int32		timed;

	if (row->phase != GAE_PHASE_TRAINING || row->epoch == 0)
		return 0;
	if (progress->first_at == 0)
	{
		progress->first_at = now;
		progress->first_epoch = row->epoch;
	}
	timed = row->epoch - progress->first_epoch;
	if (timed == 0)
		return 0;
	return now + (TimestampTz) ((double) (now - progress->first_at) / timed *
								(row->epochs - row->epoch));
}

/* For example: "training: epoch 40 of 200, loss 0.5123, about 35 s left" */
static void
tell(const VgaeProgressRow *row, TimestampTz now)
{
	char		score[64] = "";
	char		left[64] = "";

	if (!isnan(row->validation_score))
		snprintf(score, sizeof(score), ", validation score %.4f", row->validation_score);
	if (row->estimated_end != 0)
		snprintf(left, sizeof(left), ", about %.0f s left", (row->estimated_end - now) / 1e6);
	ereport(NOTICE,
			(errmsg("training: epoch %d of %d, loss %.6g%s%s",
					row->epoch, row->epochs, row->loss, score, left)));
}

void
vgae_progress_report(VgaeProgress *progress, const GaeProgress *told)
{
	VgaeProgressRow *row = &progress->row;
	TimestampTz now = GetCurrentTimestamp();

	row->phase = told->phase;
	row->epoch = told->epoch;
	row->loss = told->loss;
	row->validation_score = told->validation_score;
	row->estimated_end = estimate_end(progress, now);
	show(row);

	/* The time to read, before the first report, does not make a training long. */
	if (progress->told_at == 0)
		progress->told_at = now;
	if (row->phase != GAE_PHASE_TRAINING || row->epoch == row->epochs ||
		!TimestampDifferenceExceeds(progress->told_at, now, NOTICE_INTERVAL_MS))
		return;
	progress->told_at = now;
	tell(row, now);
}
