/*
 * fn_plot.c
 *		vgae_plot: a picture of a model, as SVG.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/fn/arguments.h"
#include "core/plot/plot.h"
#include "pg/base/compat.h"
#include "pg/base/env_pg.h"
#include "pg/model/model_cache.h"
#include "pg/input/input_labels.h"

/*
 * A text in UTF-8.  In a database without an encoding it is taken as it is: the core
 * replaces bytes that are not UTF-8.
 */
static char *
to_utf8(const char *text, int length)
{
	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		return unconstify(char *, text);
	return pg_server_to_any(text, length, PG_UTF8);
}

/* An array of texts that grows by one text at a time. */
typedef struct TextWriter
{
	uint64	   *offset;
	char	   *bytes;
	uint64		capacity;
} TextWriter;

static void
write_text(TextWriter *writer, int32 i, const char *text, Size length)
{
	uint64		start = writer->offset[i];

	while (start + length > writer->capacity)
	{
		writer->capacity *= 2;
		writer->bytes = repalloc_huge(writer->bytes, writer->capacity);
	}
	memcpy(writer->bytes + start, text, length);
	writer->offset[i + 1] = start + length;
}

static void
write_key(TextWriter *writer, const VgaeKeys *keys, int32 i)
{
	char	   *shown;

	if (keys->type == VGAE_KEY_TEXT)
	{
		text	   *key = DatumGetTextPP(vgae_key_datum(keys, i));
		int			length = VARSIZE_ANY_EXHDR(key);

		shown = to_utf8(VARDATA_ANY(key), length);
		write_text(writer, i, shown, shown == VARDATA_ANY(key) ? length : strlen(shown));
		return;
	}
	shown = vgae_key_display(keys, i);
	write_text(writer, i, shown, strlen(shown));
}

/* Turn keys into texts that the core can draw. */
static void
show_keys(const VgaeKeys *keys, GaeTexts *texts)
{
	TextWriter	writer = {.capacity = 4096};
	MemoryContext before = CurrentMemoryContext;
	MemoryContext one = AllocSetContextCreate(before, "vgae key", ALLOCSET_SMALL_SIZES);

	writer.bytes = palloc(writer.capacity);
	writer.offset = MemoryContextAllocHuge(before, (keys->count + INT64CONST(1)) * sizeof(uint64));
	writer.offset[0] = 0;
	MemoryContextSwitchTo(one);
	for (int32 i = 0; i < keys->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		write_key(&writer, keys, i);
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(before);
	MemoryContextDelete(one);
	*texts = (GaeTexts) {keys->count, writer.offset, writer.bytes};
}

static void
plot_latent(GaeEnv *env, const VgaeModel *model, const char *labels_sql, char **svg, int64 *length)
{
	GaeTexts	names;
	VgaeLabels	labels;
	GaePlotLabels shown;
	bool		named = model->core.nodes <= GAE_PLOT_MOST_POINTS;

	if (labels_sql != NULL)
	{
		vgae_labels_read(env, "labels", labels_sql, &model->keys, model->finder, &labels);
		show_keys(&labels.names, &shown.names);
		shown.of_node = labels.of_node;
		shown.title = to_utf8(labels.title, strlen(labels.title));
	}
	if (named)
		show_keys(&model->keys, &names);
	vgae_check(env, gae_plot_latent(env, &model->core, named ? &names : NULL,
									labels_sql != NULL ? &shown : NULL, svg, length));
}

static void
plot_history(GaeEnv *env, const VgaeModel *model, const char *labels_sql, char **svg, int64 *length)
{
	if (labels_sql != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"labels\" does not apply to kind \"history\""),
				 errhint("Leave it out, or plot kind \"latent\".")));
	vgae_check(env, gae_plot_history(env, &model->core, svg, length));
}

typedef void (*Plot) (GaeEnv *env, const VgaeModel *model, const char *labels_sql, char **svg,
					  int64 *length);

static Plot
plot_of_kind(const char *kind)
{
	if (strcmp(kind, "latent") == 0)
		return plot_latent;
	if (strcmp(kind, "history") == 0)
		return plot_history;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for argument \"kind\""),
			 errdetail("The value is \"%s\".", kind),
			 errhint("It must be \"latent\" or \"history\".")));
}

PG_FUNCTION_INFO_V1(vgae_plot);

/* vgae_plot(model, kind, labels) */
Datum
vgae_plot(PG_FUNCTION_ARGS)
{
	GaeEnv	   *env;
	Plot		plot;
	char	   *svg;
	int64		length;
	text	   *result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	plot = plot_of_kind(vgae_argument_word(fcinfo, 1, "kind"));
	env = vgae_env_begin();
	plot(env, vgae_model_of_call(fcinfo, 0), vgae_argument_text(fcinfo, 2), &svg, &length);
	result = cstring_to_text_with_len(svg, (int) length);
	vgae_env_end(env);
	PG_RETURN_TEXT_P(result);
}
