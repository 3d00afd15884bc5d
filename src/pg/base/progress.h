/*
 * progress.h
 *		How far a training is: told by NOTICEs to the session that trains, and shown
 *		to all sessions by the view vgae_progress.
 */
#ifndef VGAE_PROGRESS_H
#define VGAE_PROGRESS_H

#include "datatype/timestamp.h"
#include "pgstat.h"

#include "core/base/env.h"

/* What the view shows of a training. */
typedef struct VgaeProgressRow
{
	GaePhase	phase;
	int32		epoch;
	int32		epochs;
	double		loss;			/* NaN: none yet */
	double		validation_score;	/* likewise */
	TimestampTz started;
	TimestampTz estimated_end;	/* 0: not known */
} VgaeProgressRow;

/* What this backend shows of a command, be it a training or another one. */
typedef struct VgaeShownCommand
{
	ProgressCommandType command;
	Oid			target;
	int64		param[PGSTAT_NUM_PROGRESS_PARAM];
} VgaeShownCommand;

typedef struct VgaeProgress
{
	VgaeProgressRow row;
	VgaeShownCommand outer;		/* what was shown before the training */

	TimestampTz told_at;		/* when a NOTICE was last raised */
	TimestampTz first_at;		/* when the end of an epoch was first reported; 0: not yet */
	int32		first_epoch;	/* the epoch that ended then */
} VgaeProgress;

/*
 * Keep what is shown over something that clears it, such as the end of a
 * subtransaction that is rolled back.
 */
extern void vgae_progress_save(VgaeShownCommand *shown);
extern void vgae_progress_restore(const VgaeShownCommand *shown);

/*
 * A training begins, by reading, and ends.  An error ends it without our help, as
 * PostgreSQL then clears what the backend shows of itself.
 */
extern void vgae_progress_begin(VgaeProgress *progress, int32 epochs);
extern void vgae_progress_end(const VgaeProgress *progress);

/* The next phase begins: one that the core does not report. */
extern void vgae_progress_phase(VgaeProgress *progress, GaePhase phase);

/*
 * Show what the core tells and, if the training is a long one, raise a NOTICE, which
 * may throw.
 */
extern void vgae_progress_report(VgaeProgress *progress, const GaeProgress *told);

/* What a backend shows of its training; false if it trains nothing. */
extern bool vgae_progress_of(const PgBackendStatus *backend, VgaeProgressRow *row);

/* As the view shows it: "reading" and so on. */
extern const char *vgae_phase_name(GaePhase phase);

#endif							/* VGAE_PROGRESS_H */
